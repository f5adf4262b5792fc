"""Who has written a schedule since a plan was made: asked only where something has moved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from flashsync.api import audit
from flashsync.api.client import Client
from flashsync.api.failures import Failure
from flashsync.plan.view import Words
from flashsync.state import canonical
from flashsync.state.audit import AuditEntry, concerning
from flashsync.state.clock_words import moment
from flashsync.state.schedule import Schedule, Stamp

MOST = 5
"""So many writes are named; more help nobody."""


@dataclass(frozen=True)
class Writers:
    """The writers of one account's schedules; `since` and `now` are in Unix seconds.

    `ours` are the ids of requests that are left out.

    The audit log says who wrote by which request. Where the key may not read it, or it does not
    answer, the stamp of the schedule says at least who wrote last.
    """

    client: Client
    words: Words
    since: int
    now: int
    ours: Collection[str] = ()

    def of(self, id: int, name: str, stamp: Stamp | None = None) -> str:
        """`written since by Bob Martin on Sat 21 Nov 10:00 (/schedule/update, request 3f2a)`."""
        found = concerning(self._entries, id, canonical.name(name))
        return told(found, self.words, self.now) if found else self._stamped(stamp)

    def of_live(self, live: Schedule) -> str:
        """Of a schedule that is there and has moved; never empty."""
        return self.of(live.id or 0, live.name, live.stamp) or "who wrote it last is not known"

    @cached_property
    def _entries(self) -> tuple[AuditEntry, ...]:
        try:
            found = audit.since(self.client, self.since, self.now)
        except Failure:
            return ()
        return tuple(entry for entry in found if entry.request_id not in self.ours)

    def _stamped(self, stamp: Stamp | None) -> str:
        if stamp is None or not stamp.at:
            return ""
        who = self.words.directory.person(stamp.by) if stamp.by else "somebody"
        return f"last written by {who} on {moment(stamp.at, self.words.timezone, self.now)}"


def told(entries: Sequence[AuditEntry], words: Words, now: int) -> str:
    """All writers, newest first; `now` in Unix seconds."""
    parts = [_told(entry, words, now) for entry in entries[:MOST]]
    more = f", and {len(entries) - MOST} more" if len(entries) > MOST else ""
    return f"written since by {', '.join(parts)}{more}"


def _told(entry: AuditEntry, words: Words, now: int) -> str:
    at = moment(entry.at, words.timezone, now)
    who = entry.writer(words.directory)
    return f"{who} on {at} ({entry.operation}, request {entry.request_id})"
