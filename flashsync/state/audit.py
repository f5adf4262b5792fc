"""A write to the account, as its audit log tells it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flashsync.state import canonical

_IDS = re.compile(r'"schedule_ids?"\s*:\s*(\d+|\[[\d\s,]*)')
"""The ids of a body, also where it is cut off behind them."""
_NAME = re.compile(r'"schedule_name"\s*:\s*("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when (Unix seconds), by which request.

    `operation` is as the platform calls it; `body` is the JSON that was sent, cut off at 10 KB, so
    that it may not be readable as JSON (api.md, Endpoints, /audit/search).
    """

    at: int
    member: int
    name: str
    operation: str
    body: str
    request_id: str

    @property
    def ids(self) -> frozenset[int]:
        """The schedules that it names by their ids."""
        whole = self._whole
        if whole is None:
            texts = (
                found for part in _IDS.findall(self.body) for found in re.findall(r"\d+", part)
            )
            return frozenset(map(int, _all_but_a_cut_one(texts, self.body)))
        found = whole.get("schedule_ids")
        listed = found if isinstance(found, list) else []
        return frozenset(one for one in (whole.get("schedule_id"), *listed) if type(one) is int)

    @property
    def schedule(self) -> str:
        """The name of the schedule that it gives; nothing where it gives none."""
        whole = self._whole
        if whole is None:
            found = _NAME.search(self.body)
            name = found and json.loads(found[1], strict=False)
        else:
            name = whole.get("schedule_name")
        return canonical.name(name) if isinstance(name, str) else ""

    @property
    def _whole(self) -> dict[str, Any] | None:
        """The body; None where it is cut off, or nothing that names a schedule."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else {}

    def touches(self, id: int | None, name: str) -> bool:
        """Whether it is about a schedule: by its id, or, where it gives none, by its name."""
        ids = self.ids
        return id in ids if ids else bool(name) and self.schedule == name


def _all_but_a_cut_one(texts: Iterator[str], body: str) -> Iterator[str]:
    """A number at the very end may be the beginning of a longer one."""
    for text in texts:
        if not body.endswith(text):
            yield text
