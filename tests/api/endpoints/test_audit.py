"""The audit log: all of it by cursor, newest first, and bounded whatever a server says."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.api.endpoints import audit
from flashsync.api.errors import AccessDenied
from flashsync.sandbox import Reply, Sandbox
from tests.api.test_against_sandbox import connect
from tests.clock import frozen

DAY = 86_400


def window() -> tuple[int, int]:
    now = int(frozen())
    return now - DAY, now + 2


def test_who_wrote_what_newest_first(sandbox: Sandbox) -> None:
    for name in ("Database", "Databases"):
        sandbox.console.rename(sandbox.console.schedules()[0]["schedule_name"], name)
    with connect(sandbox) as client:
        newest, *_ = audit.search(client, *window())
    assert newest.name == "Bob Martin"
    assert newest.operation == "/schedule/update"
    assert '"Databases"' in newest.body


def test_the_log_is_read_over_all_its_pages(sandbox: Sandbox) -> None:
    name = sandbox.console.schedules()[0]["schedule_name"]
    for number in range(2 * audit.PAGE + 1):
        sandbox.console.edit(name, {"description": str(number)})
    with connect(sandbox) as client:
        found = audit.search(client, *window())
    assert len(found) == 2 * audit.PAGE + 1


def test_a_server_that_goes_round_is_left(sandbox: Sandbox) -> None:
    entry = {"created_at": 5000, "member_id": 1, "operation": "x"}
    asked: list[Any] = []

    def go_round(endpoint: str, body: Any, act: object) -> Any:
        asked.append(body)
        cursor = "b" if body.get("search_after_ctx") == "a" else "a"
        return Reply(content={"data": {"docs": [entry], "search_after_ctx": cursor}})

    sandbox.hook = go_round
    with connect(sandbox) as client:
        assert {one.at for one in audit.search(client, 0, DAY)} == {5}
    assert len(asked) == 3


def test_a_key_that_may_not_read_the_log_is_distinguished(sandbox: Sandbox) -> None:
    with connect(sandbox, "sandbox-reader-key") as client, pytest.raises(AccessDenied):
        audit.search(client, *window())
