"""Faults between client and service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from flashsync.sandbox import Reply, Sandbox, refusal
from tests.sandbox.peer import Peer, schedule


def test_fail_next_one_request_to_any_endpoint(sandbox: Sandbox, peer: Peer) -> None:
    sandbox.fail_next(refusal("ServiceUnavailable"))
    assert peer.refusal("/member/info") == (503, "ServiceUnavailable", "ServiceUnavailable")
    peer.data("/member/info")
    assert [entry.code for entry in sandbox.log] == ["ServiceUnavailable", ""]


def test_fail_next_requests_to_one_endpoint(sandbox: Sandbox, peer: Peer) -> None:
    sandbox.fail_next(refusal("InternalError", "boom"), "/team/list", times=2)
    peer.data("/member/info")
    assert peer.refusal("/team/list") == (500, "InternalError", "boom")
    assert peer.refusal("/team/list")[0] == 500
    peer.data("/team/list")


def test_a_failure_although_the_service_acted(sandbox: Sandbox, peer: Peer) -> None:
    html = Reply(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"})
    sandbox.fail_next(html, "/schedule/create", acted=True)
    response = peer.post("/schedule/create", schedule())
    assert (response.status_code, response.text) == (502, "<html>Bad Gateway</html>")
    assert response.headers["content-type"] == "text/html"
    assert len(sandbox.console.schedules()) == 1


def test_refusal_with_data(sandbox: Sandbox, peer: Peer) -> None:
    sandbox.fail_next(refusal("ReferenceExist", "in use", {"refs": [1]}))
    response = peer.post("/schedule/delete", {"schedule_ids": [1]})
    assert (response.status_code, response.json()["data"]) == (400, {"refs": [1]})


def test_success_that_contains_an_error(sandbox: Sandbox, peer: Peer) -> None:
    sandbox.fail_next(Reply(200, {"error": {"code": "0"}, "data": {}}))
    assert peer.data("/member/info") == {}
    assert sandbox.log[-1].code == "0"


def test_hook_sees_everything_and_may_act(sandbox: Sandbox, peer: Peer) -> None:
    seen: list[tuple[str, Any]] = []

    def slow(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        seen.append((endpoint, body))
        return replace(act(), delay=0.05) if endpoint == "/team/list" else None

    sandbox.hook = slow
    assert sandbox.hook is slow
    peer.data("/member/info")
    assert peer.post("/team/list", {"p": 1}).elapsed.total_seconds() >= 0.05
    assert seen == [("/member/info", {}), ("/team/list", {"p": 1})]


def test_hang_up(sandbox: Sandbox, peer: Peer) -> None:
    sandbox.fail_next(Reply(drop=True), "/schedule/create", acted=True)
    with pytest.raises(httpx.TransportError):
        peer.post("/schedule/create", schedule())
    assert sandbox.counts["/schedule/create"] == 1
    assert sandbox.options.latency == 0
    assert len(sandbox.console.schedules()) == 1
    peer.data("/member/info")


def test_a_client_that_stops_waiting(sandbox: Sandbox, peer: Peer) -> None:
    sandbox.fail_next(Reply(200, {"data": {}}, delay=30))
    with pytest.raises(httpx.ReadTimeout):
        peer.http.post("/member/info", json={}, timeout=0.05)
    peer.data("/member/info")
