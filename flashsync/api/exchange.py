"""One request and its answer, for `-v` and `-vv`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from flashsync.api import shown
from flashsync.model.notify import Secret


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one attempt of a call came to.

    `status` is 0 and `failure` names the class of the failure where no answer came; `seconds` is
    how long it took, waiting for a turn not included. `date` is the header of that name. Bodies are
    shown without secrets, and only made readable when somebody asks.
    """

    endpoint: str
    method: str
    status: int
    code: str
    request_id: str
    seconds: float
    attempt: int
    failure: str = ""
    body: Any = field(default=None, repr=False)
    answer: bytes = field(default=b"", repr=False)
    key: Secret = field(default=Secret(), repr=False)
    date: str = ""

    def shown_body(self) -> str:
        """What was sent, as JSON without secrets; "" where nothing was."""
        return "" if self.body is None else shown.body(self.body, self.key.value or "")

    def shown_answer(self) -> str:
        """What came back, without secrets; cleaned and cut where it is no JSON."""
        key = self.key.value or ""
        try:
            return shown.body(json.loads(self.answer), key)
        except (ValueError, RecursionError):
            return shown.clean(self.answer.decode("utf-8", "replace"), key)
