"""Trouble by name, at a request's number or on a bad day."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from flashsync.cli.main import main
from flashsync.sandbox import BadDay, Fault, Sandbox
from tests.sandbox.peer import Peer, schedule

LOOKS: dict[str, Callable[[httpx.Response], bool]] = {
    "error": lambda answer: answer.status_code == 503 and "error" in answer.json(),
    "gateway": lambda answer: answer.status_code == 502 and "<html>" in answer.text,
    "too-many": lambda answer: answer.status_code == 429 and "retry-after" not in answer.headers,
    "too-many-wait": lambda answer: answer.headers["retry-after"] == "1",
    "cut": lambda answer: answer.status_code == 200 and answer.text.startswith('{"request_id"'),
    "other-shape": lambda answer: "unexpected" in answer.json()["data"],
    "array": lambda answer: answer.json() == [1, 2, 3],
    "string": lambda answer: answer.json() == "ok",
    "empty": lambda answer: (answer.status_code, answer.content) == (200, b""),
    "error-in-200": lambda answer: answer.status_code == 200 and "error" in answer.json(),
    "portal": lambda answer: answer.status_code == 200 and "<!DOCTYPE html>" in answer.text,
}
SILENT = ("timeout", "reset")


@pytest.mark.parametrize("fault", Fault)
def test_each_kind_looks_as_it_is_called_and_acts_only_where_it_says_so(
    sandbox: Sandbox, peer: Peer, fault: Fault
) -> None:
    sandbox.faults.at(1, fault)
    kind = fault.value.removesuffix("-after")
    if kind in SILENT:
        with pytest.raises(httpx.TransportError) as failed:
            peer.http.post("/schedule/create", json=schedule(), timeout=0.2)
        assert isinstance(failed.value, httpx.ReadTimeout) == (kind == "timeout")
    else:
        assert LOOKS[kind](peer.post("/schedule/create", schedule()))
    assert len(sandbox.console.schedules()) == fault.acts
    peer.data("/member/info")


def test_requests_are_counted_from_now_on(sandbox: Sandbox, peer: Peer) -> None:
    peer.data("/member/info")
    sandbox.faults.at(2, Fault.ERROR)
    sandbox.faults.at(3, Fault.GATEWAY)
    statuses = [peer.post("/member/info", {}).status_code for _ in range(4)]
    assert statuses == [200, 503, 502, 200]


def test_a_bad_day_is_the_same_every_time() -> None:
    first, second = ([day.next() for _ in range(300)] for day in (BadDay(7, 20), BadDay(7, 20)))
    assert first == second
    assert 30 < sum(fault is not None for fault in first) < 90
    other = BadDay(8, 20)
    assert [other.next() for _ in range(300)] != first
    quiet = BadDay(7, 0)
    assert {quiet.next() for _ in range(300)} == {None}


def test_on_a_bad_day_the_hook_comes_first(sandbox: Sandbox, peer: Peer) -> None:
    sandbox.faults.day = BadDay(24, 100)
    sandbox.hook = lambda endpoint, body, act: act() if endpoint == "/team/list" else None
    peer.data("/team/list")
    planned = BadDay(24, 100).next()
    assert planned is Fault.PORTAL
    assert LOOKS["portal"](peer.post("/member/info"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fault", "gateway"], "--fault must be KIND@N, got gateway"),
        (["--fault", "gateway@0"], "N counts requests from 1"),
        (["--fault", "bang@1"], "KIND is one of error, error-after, gateway,"),
        (["--faults", "x"], "--faults must be a number with a share of 0 to 100 %, got x"),
        (["--faults", "7:101"], "use a value like --faults 7:20"),
    ],
)
def test_a_switch_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["sandbox", "--port", "0", *arguments]) == 1
    assert message in " ".join(capsys.readouterr().err.split())
