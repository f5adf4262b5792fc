"""Writes that fail, get lost or cannot be read back: the messages, and how a second run ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flashsync.api.errors import Failure
from flashsync.sandbox import Reply, Sandbox, refusal
from tests.cli.console import Ended, Terminal, schedule

TROUBLE = refusal("ServiceUnavailable", "later")


@pytest.fixture(autouse=True)
def _no_waiting(hurried: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is there a wait before a write is read back."""
    monkeypatch.setattr("flashsync.api.concurrency.Patience.wait", lambda patience, seconds: None)


def said(ended: Ended) -> str:
    return " ".join(ended.out.split())


def from_the(sandbox: Sandbox, number: int, endpoint: str, reply: Reply) -> None:
    """From the n-th request to an endpoint on, the answer is this."""
    seen = 0

    def hook(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        nonlocal seen
        seen += asked == endpoint
        return reply if asked == endpoint and seen >= number else None

    sandbox.hook = hook


def converges(terminal: Terminal) -> None:
    terminal.sandbox.hook = None
    terminal.apply()
    assert terminal("plan", "--detailed-exitcode").code == 0


def test_what_cannot_be_read_back_is_not_confirmed(terminal: Terminal) -> None:
    terminal.declare(schedule())
    from_the(terminal.sandbox, 1, "/schedule/info", TROUBLE)
    ended = terminal("apply", "--auto-approve")
    assert (ended.code, terminal.written) == (3, ["create"])
    assert "created Production (id 5789640530410), but it could not be read back" in said(ended)
    assert "Not finished: 1 not confirmed." in said(ended)
    assert terminal.sandbox.log[-1].request_id in said(ended)
    converges(terminal)
    assert terminal.names == ["Production"]


def test_a_create_with_a_lost_answer_is_looked_up_and_not_repeated(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.sandbox.fail_next(Reply(502, b"<html>"), "/schedule/create", acted=True)
    ended = terminal("apply", "--auto-approve")
    assert (ended.code, terminal.written) == (0, ["create"])
    assert terminal.names == ["Production"]


def test_a_create_that_is_lost_and_cannot_be_looked_up_is_unclear(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.sandbox.fail_next(Reply(502, b"<html>"), "/schedule/create", acted=True)
    from_the(terminal.sandbox, 3, "/schedule/list", refusal("AccessDenied", "no more"))
    ended = terminal("apply", "--auto-approve")
    assert (ended.code, terminal.written) == (3, ["create"])
    assert "Production may or may not have been created: " in said(ended)
    assert "Not finished: 1 unclear." in said(ended)
    converges(terminal)
    assert terminal.names == ["Production"]


def test_a_create_that_never_arrives_is_tried_again(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.sandbox.fail_next(Reply(drop=True), "/schedule/create", times=2)
    assert terminal("apply", "--auto-approve").code == 0
    assert terminal.names == ["Production"]


def test_names_that_go_round_and_stop_halfway(terminal: Terminal) -> None:
    terminal.declare(schedule("A"), schedule("B", description="b"))
    terminal.apply()
    ids = {one["schedule_name"]: one["schedule_id"] for one in terminal.sandbox.console.schedules()}
    terminal.declare(schedule("B", id=ids["A"]), schedule("A", description="b", id=ids["B"]))
    from_the(terminal.sandbox, 2, "/schedule/update", refusal("InvalidParameter", "no"))
    ended = terminal("apply", "--auto-approve")
    assert ended.code == 3
    assert "it stopped halfway, under the temporary name `" in said(ended)
    assert "Not finished: " in said(ended)
    converges(terminal)
    now = {one["schedule_name"]: one["schedule_id"] for one in terminal.sandbox.console.schedules()}
    assert now == {"A": ids["B"], "B": ids["A"]}


def test_names_that_go_round_and_stop_at_the_last_step(terminal: Terminal) -> None:
    terminal.declare(schedule("A"), schedule("B", description="b"))
    terminal.apply()
    ids = {one["schedule_name"]: one["schedule_id"] for one in terminal.sandbox.console.schedules()}
    terminal.declare(schedule("B", id=ids["A"]), schedule("A", description="b", id=ids["B"]))
    from_the(terminal.sandbox, 3, "/schedule/update", refusal("InvalidParameter", "no good"))
    ended = terminal("apply", "--auto-approve")
    assert ended.code == 3
    assert "it stopped halfway, under the temporary name `" in said(ended)
    assert "no good" in said(ended)
    assert "Not finished: 1 done, 1 not as sent." in said(ended)
    converges(terminal)


def test_a_failure_names_its_request(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.sandbox.fail_next(refusal("InvalidParameter", "no"), "/schedule/create")
    ended = terminal("apply", "--auto-approve")
    (request,) = [e.request_id for e in terminal.sandbox.log if e.endpoint == "/schedule/create"]
    assert request in said(ended).replace(" ", "")
    assert ended.code == 1


def test_what_is_read_back_differs(terminal: Terminal) -> None:
    terminal.declare(schedule(description="wanted"))

    def hook(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if endpoint == "/schedule/create":
            reply = act()
            terminal.sandbox.console.edit("Production", {"description": "other"})
            return reply
        return None

    terminal.sandbox.hook = hook
    ended = terminal("apply", "--auto-approve")
    assert ended.code == 3
    assert "but what was read back differs: what was read back is not" not in said(ended)
    assert "description" in said(ended)
    converges(terminal)


def test_a_bug_in_the_middle_is_reported_with_the_rest(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.declare(schedule())

    def broken(*given: object) -> None:
        raise LookupError("of all things")

    monkeypatch.setattr("flashsync.apply.write.confirm", broken)
    ended = terminal("apply", "--auto-approve")
    assert (ended.code, terminal.written) == (3, ["create"])
    assert "a bug in flashsync, LookupError: of all things" in said(ended)
    assert not issubclass(LookupError, Failure)
