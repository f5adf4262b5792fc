"""What an account records about schedules: rules that page them, open incidents, the audit log."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flashsync.model.people import Directory
from flashsync.model.schedule import canonical_name


@dataclass(frozen=True, slots=True)
class Reference:
    """Level `level` (from 1) of a rule of a channel pages `schedule` (its id), in these roles.

    No roles means everyone on call there. A disabled rule pages nobody, and still refers to the
    schedule. `rule_id` distinguishes rules of one name.
    """

    channel: str
    rule: str
    level: int
    schedule: int
    roles: frozenset[int]
    enabled: bool = True
    rule_id: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """An open incident. `people` are the ids of its responders and assignees.

    `number` is its number for people; `severity` is the platform's word. `link` leads to it in the
    console, "" if it is unknown.
    """

    number: str
    title: str
    severity: str
    people: frozenset[int]
    link: str = ""


# The audit log: who wrote what.

_IDS = re.compile(r'"schedule_ids?"\s*:\s*(\d+|\[[\d\s,]*)')
"""The ids of a body, even if it is cut off after them."""
_NUMBER = re.compile(r"\d+")
_AT_THE_END = re.compile(r"\d+$")
"""Perhaps the start of a longer number."""
_NAME = re.compile(r'"schedule_name"\s*:\s*("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True)
class AuditEntry:
    """Who did what, when (Unix seconds), by which request.

    `operation` is the platform's word; `body` is the sent JSON, cut off at 10 KB and then perhaps
    not readable as JSON (api.md, Endpoints, /audit/search). **Guess**: the body is the request's,
    in its own words. It is parsed once, for any number of schedules.
    """

    at: int
    member: int
    name: str
    operation: str
    body: str
    request_id: str

    def writer(self, directory: Directory) -> str:
        """The writer, by the name in the directory, else by the name in the log."""
        known = self.member in directory.people
        return directory.person(self.member) if known else self.name or "somebody"

    @cached_property
    def ids(self) -> frozenset[int]:
        """The ids of schedules in the body."""
        whole = self._whole
        if whole is None:
            known = _AT_THE_END.sub("", self.body)
            digits = (number for part in _IDS.findall(known) for number in _NUMBER.findall(part))
            return frozenset(map(int, digits))
        several = whole.get("schedule_ids")
        ids = [whole.get("schedule_id"), *(several if isinstance(several, list) else [])]
        return frozenset(id for id in ids if type(id) is int)

    @cached_property
    def schedule(self) -> str:
        """The name of the schedule in the body, or ""."""
        whole = self._whole
        if whole is None:
            match = _NAME.search(self.body)
            name = match and json.loads(match[1], strict=False)
        else:
            name = whole.get("schedule_name")
        return canonical_name(name) if isinstance(name, str) else ""

    @cached_property
    def _whole(self) -> dict[str, Any] | None:
        """The parsed body; None if it is cut off."""
        try:
            body = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return body if isinstance(body, dict) else {}

    def touches(self, ids: Collection[int], name: str) -> bool:
        """Whether it is about a schedule: by an id or, without ids in the body, by name."""
        if self.ids:
            return not self.ids.isdisjoint(ids)
        return bool(name) and self.schedule == name


def concerning(entries: Iterable[AuditEntry], id: int | None, name: str) -> tuple[AuditEntry, ...]:
    """The writes to a schedule. The name of a deleted schedule leads to its former ids."""
    known = list(entries)
    named = [entry for entry in known if name and entry.schedule == name]
    ids = {known_id for entry in named for known_id in entry.ids} if id is None else {id}
    return tuple(entry for entry in known if entry.touches(ids, name))
