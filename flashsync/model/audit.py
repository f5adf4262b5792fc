"""A write to the account, as its audit log tells it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flashsync.model.people import Directory
from flashsync.model.schedule import canonical_name

_IDS = re.compile(r'"schedule_ids?"\s*:\s*(\d+|\[[\d\s,]*)')
"""The ids of a body, also where it is cut off behind them."""
_NUMBER = re.compile(r"\d+")
_AT_THE_END = re.compile(r"\d+$")
"""The beginning of a longer number, perhaps."""
_NAME = re.compile(r'"schedule_name"\s*:\s*("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True)
class AuditEntry:
    """Who did what, when (Unix seconds), by which request.

    `operation` is as the platform calls it; `body` is the JSON that was sent, cut off at 10 KB, so
    that it may not be readable as JSON (api.md, Endpoints, /audit/search). **Guess**: that body is
    the request's, in its own words. It is read once, however many schedules are looked for in it.
    """

    at: int
    member: int
    name: str
    operation: str
    body: str
    request_id: str

    def writer(self, directory: Directory) -> str:
        """Who that was, by the name that a run has for them, else by the log's own."""
        known = self.member in directory.people
        return directory.person(self.member) if known else self.name or "somebody"

    @cached_property
    def ids(self) -> frozenset[int]:
        """The schedules that it names by their ids."""
        whole = self._whole
        if whole is None:
            known = _AT_THE_END.sub("", self.body)
            digits = (found for part in _IDS.findall(known) for found in _NUMBER.findall(part))
            return frozenset(map(int, digits))
        found = whole.get("schedule_ids")
        listed = found if isinstance(found, list) else []
        return frozenset(one for one in (whole.get("schedule_id"), *listed) if type(one) is int)

    @cached_property
    def schedule(self) -> str:
        """The name of the schedule that it gives; nothing where it gives none."""
        whole = self._whole
        if whole is None:
            found = _NAME.search(self.body)
            name = found and json.loads(found[1], strict=False)
        else:
            name = whole.get("schedule_name")
        return canonical_name(name) if isinstance(name, str) else ""

    @cached_property
    def _whole(self) -> dict[str, Any] | None:
        """The body; None where it is cut off, or nothing that names a schedule."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else {}

    def touches(self, ids: Collection[int], name: str) -> bool:
        """Whether it is about a schedule: by one of its ids, or, where it gives none, by name."""
        if self.ids:
            return not self.ids.isdisjoint(ids)
        return bool(name) and self.schedule == name


def concerning(entries: Iterable[AuditEntry], id: int | None, name: str) -> tuple[AuditEntry, ...]:
    """The writes to one schedule. Of one that is gone, its name leads to the ids that it had."""
    known = list(entries)
    named = [entry for entry in known if name and entry.schedule == name]
    ids = {one for entry in named for one in entry.ids} if id is None else {id}
    return tuple(entry for entry in known if entry.touches(ids, name))
