"""A plain client of the sandbox, and bodies to send: nothing of the program is used here."""

from __future__ import annotations

import copy
from typing import Any

import httpx

from flashsync.sandbox import Sandbox

Json = dict[str, Any]

ALICE, BOB, CAROL, DAVE = 2476444212111, 2476444212121, 2476444212131, 2476444212141
SRE = 2477033058131
NOW = 1776000000  # Sunday 2026-04-12 21:20 in Asia/Shanghai
DAY = 86400
HOUR = 3600
WEEK = 7 * DAY
MONDAY = 1767542400  # Monday 2026-01-05 00:00 in Asia/Shanghai


class Peer:
    """Asks with one key; knows the two envelopes."""

    def __init__(self, sandbox: Sandbox, key: str = "sandbox-key") -> None:
        self.http = httpx.Client(
            base_url=sandbox.url,
            params={"app_key": key},
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),  # nothing is left to be closed
        )

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """The raw response."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(path, json={} if body is None else body, headers=names)

    def data(self, path: str, body: Any = None) -> Any:
        """The `data` of a success."""
        response = self.post(path, body)
        assert response.status_code == 200, response.text
        envelope = response.json()
        assert envelope["request_id"] == response.headers["Flashcat-Request-Id"]
        return envelope["data"]

    def refusal(self, path: str, body: Any = None) -> tuple[int, str, str]:
        """Status, code and message of a failure."""
        response = self.post(path, body)
        error = response.json()["error"]
        return response.status_code, error["code"], error["message"]

    def invalid(self, path: str, body: Any = None) -> str:
        """The message of an InvalidParameter."""
        status, code, message = self.refusal(path, body)
        assert (status, code) == (400, "InvalidParameter"), message
        return message

    def create(self, **changes: Any) -> int:
        """Makes a schedule and returns its id."""
        found = self.data("/schedule/create", schedule(**changes))["schedule_id"]
        assert isinstance(found, int)
        return found

    def info(self, schedule_id: int, start: int = NOW, end: int = NOW + HOUR) -> Json:
        """One schedule, whole."""
        body = {"schedule_id": schedule_id, "start": start, "end": end}
        found: Json = self.data("/schedule/info", body)
        return found


def group(*person_ids: int, name: str = "A", role: int = 0) -> Json:
    """A group of people with one role."""
    return {
        "group_name": name,
        "members": [{"role_id": role, "person_ids": list(person_ids)}],
    }


def layer(**changes: Any) -> Json:
    """A daily rotation of Alice and Bob; a change to None takes a field out."""
    return changed(
        {
            "layer_name": "Primary",
            "mode": 0,
            "layer_start": MONDAY,
            "rotation_unit": "day",
            "rotation_value": 1,
            "groups": [group(ALICE), group(BOB, name="B")],
        },
        changes,
    )


def override(start: int, end: int, *person_ids: int, **changes: Any) -> Json:
    """An override layer."""
    return changed(
        {
            "layer_name": "Cover",
            "mode": 1,
            "layer_start": start,
            "layer_end": end,
            "groups": [group(*(person_ids or (CAROL,)))],
        },
        changes,
    )


def schedule(**changes: Any) -> Json:
    """The body of a create; a change to None takes a field out."""
    return changed(
        {
            "schedule_name": "Production On-Call",
            "description": "Primary rotation",
            "team_id": SRE,
            "layers": [layer()],
        },
        changes,
    )


def changed(body: Json, changes: Json) -> Json:
    """A copy with other fields; None takes one out."""
    together = {**copy.deepcopy(body), **changes}
    return {name: value for name, value in together.items() if value is not None}
