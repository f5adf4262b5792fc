"""Names who has written a schedule since a plan was made; asked only where something moved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from flashsync.api.client import Client
from flashsync.api.endpoints import audit
from flashsync.api.errors import Failure
from flashsync.model.audit import AuditEntry, concerning
from flashsync.model.schedule import Schedule, Stamp, canonical_name
from flashsync.model.timezone import APART
from flashsync.model.wording import moment
from flashsync.plan.words import Words

MOST = 5
"""Writes that are named."""
_NO_STAMP = Stamp()


@dataclass(frozen=True)
class Writers:
    """The writers of one account's schedules since a time, by the audit log.

    `since` and `now` are Unix seconds of clocks that may differ from the platform's. So entries
    count from a known write on: one of `ours`, the ids of requests, or the write that left the
    stamp that a schedule had then; only without either from `since`. Where the key may not read the
    log, or it does not answer, the stamp of the schedule says at least who wrote last. **Guess**:
    the log has a write by the time and the person of its stamp.
    """

    client: Client
    words: Words
    since: int
    now: int
    ours: Collection[str] = ()

    def of(self, id: int, name: str, stamp: Stamp | None = None, known: Stamp = _NO_STAMP) -> str:
        """`written since by Bob Martin on Sat 21 Nov 10:00 (/schedule/update, request 3f2a)`.

        `stamp` is what the schedule has now, `known` what it had then.
        """
        entries = self._later(concerning(self._entries, id, canonical_name(name)), known)
        return name_writers(entries, self.words, self.now) if entries else self._stamped(stamp)

    def of_live(self, live: Schedule, known: Stamp = _NO_STAMP) -> str:
        """Of a schedule that is there and has moved; never empty."""
        said = self.of(live.id or 0, live.name, live.stamp, known)
        return said or "who wrote it last is not known"

    def _later(self, entries: Sequence[AuditEntry], known: Stamp) -> Sequence[AuditEntry]:
        """The writes after the known ones; both newest first."""
        stamps = [Stamp(entry.member, entry.at) for entry in entries]
        for index, entry in enumerate(entries):
            if entry.request_id in self.ours:
                return entries[:index]
            if stamps[index] == known:
                # Something has moved: of several in one second, the last is not the one known.
                return entries[: index or int(stamps.count(known) > 1)]
        return [entry for entry in entries if entry.at >= (known.at or self.since)]

    @cached_property
    def _entries(self) -> tuple[AuditEntry, ...]:
        try:
            return audit.since(self.client, self.since - APART, self.now)
        except Failure:
            return ()

    def _stamped(self, stamp: Stamp | None) -> str:
        if stamp is None or not stamp.at:
            return ""
        who = self.words.directory.person(stamp.by) if stamp.by else "somebody"
        return f"last written by {who} on {moment(stamp.at, self.words.timezone, self.now)}"


def name_writers(entries: Sequence[AuditEntry], words: Words, now: int) -> str:
    """One clause with the writers, newest first; `now` in Unix seconds."""
    parts = [
        f"{entry.writer(words.directory)} on {moment(entry.at, words.timezone, now)} "
        f"({entry.operation}, request {entry.request_id})"
        for entry in entries[:MOST]
    ]
    more = f", and {len(entries) - MOST} more" if len(entries) > MOST else ""
    return f"written since by {', '.join(parts)}{more}"
