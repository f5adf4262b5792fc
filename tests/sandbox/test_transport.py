"""Envelope, verbs, headers, keys, permissions, languages and rate limits."""

from __future__ import annotations

import logging

import pytest

from flashsync.sandbox import Limits, Options, Sandbox, running, seed
from tests.clock import frozen
from tests.sandbox.peer import NOW, Peer, schedule


def test_success_carries_data_and_request_id(peer: Peer) -> None:
    response = peer.post("/member/info")
    assert response.status_code == 200
    assert set(response.json()) == {"request_id", "data"}
    assert response.headers["Flashcat-Request-Id"] == response.json()["request_id"]


def test_failure_carries_code_and_request_id(shared: Peer) -> None:
    response = shared.post("/nowhere")
    assert response.status_code == 404
    assert set(response.json()) == {"request_id", "error"}
    assert response.json()["error"]["code"] == "RouteNotFound"
    assert response.headers["Flashcat-Request-Id"] == response.json()["request_id"]


def test_wrong_verb(shared: Peer) -> None:
    assert shared.http.get("/schedule/list").json()["error"]["code"] == "MethodNotAllowed"
    assert shared.refusal("/oncall/roles")[:2] == (405, "MethodNotAllowed")


def test_wrong_content_type(shared: Peer) -> None:
    response = shared.http.post("/member/info", content=b"{}", headers={"content-type": "text/x"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "InvalidContentType")
    charset = {"content-type": "application/json; charset=utf-8"}
    assert shared.http.post("/member/info", content=b"{}", headers=charset).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b'{"p": NaN}', b"\xff", b"[" * 100_000], ids=repr
)
def test_a_body_that_is_not_json(shared: Peer, body: bytes) -> None:
    response = shared.http.post(
        "/schedule/list", content=body, headers={"content-type": "application/json"}
    )
    assert (response.status_code, response.json()["error"]["code"]) == (400, "BadRequest")


def test_a_body_that_is_not_an_object(shared: Peer) -> None:
    assert "must be an object, is a list" in shared.invalid("/member/info", [])


def test_body_that_is_too_large(shared: Peer) -> None:
    status, code, _ = shared.refusal("/schedule/create", {"x": "y" * (4 * 1024 * 1024)})
    assert (status, code) == (413, "EntityTooLarge")


@pytest.mark.parametrize("key", ["", "wrong"])
def test_unknown_key(sandbox: Sandbox, key: str) -> None:
    assert Peer(sandbox, key).refusal("/member/info")[:2] == (401, "Unauthorized")


def test_permissions(sandbox: Sandbox) -> None:
    reader, nobody = Peer(sandbox, "sandbox-reader-key"), Peer(sandbox, "sandbox-nobody-key")
    denied = (403, "AccessDenied")
    assert reader.refusal("/schedule/create", schedule())[:2] == denied
    assert reader.refusal("/audit/search")[:2] == denied
    assert reader.data("/schedule/infos", {"schedule_ids": [1]}) == {"items": []}
    for path in ("/schedule/infos", "/schedule/info", "/schedule/preview", "/schedule/delete"):
        assert nobody.refusal(path)[:2] == denied
    for path in ("/schedule/list", "/member/info", "/member/list", "/team/list"):
        nobody.data(path)


def test_another_account_is_another_world(sandbox: Sandbox, peer: Peer) -> None:
    schedule_id = peer.create()
    other = Peer(sandbox, "other-account-key")
    assert other.data("/member/info")["account_time_zone"] == "Europe/Berlin"
    assert other.data("/schedule/list")["total"] == 0
    body = {"schedule_id": schedule_id, "start": NOW, "end": NOW + 1}
    assert other.refusal("/schedule/info", body)[:2] == (400, "ResourceNotFound")


def test_message_follows_the_language(shared: Peer) -> None:
    def message(language: str) -> str:
        response = shared.post("/schedule/list", {"p": 0}, accept_language=language)
        return str(response.json()["error"]["message"])

    assert message("zh-CN,zh;q=0.9").startswith("参数错误")
    assert message("en").startswith("p must be 1 to")


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_limit_a_second_is_an_exact_sliding_window() -> None:
    clock = Clock()
    with running(
        seed("empty"), Options(limits=Limits(2, None, None, None)), monotonic=clock, now=frozen
    ) as sandbox:
        peer = Peer(sandbox)
        peer.data("/member/info")
        clock.at += 0.6
        peer.data("/member/info")
        response = peer.post("/member/info")
        assert response.status_code == 429
        assert response.json()["error"]["code"] == "RequestTooFrequently"
        assert response.headers["Retry-After"] == "1"
        clock.at += 0.39
        assert peer.post("/member/info").status_code == 429
        clock.at += 0.01
        peer.data("/member/info")
        assert peer.post("/member/info").status_code == 429
        assert Peer(sandbox, "other-account-key").post("/member/info").status_code == 200
        assert (sandbox.refused, sandbox.counts["/member/info"]) == (3, 7)


def test_limit_a_minute_says_how_long_to_wait_or_not() -> None:
    clock = Clock()
    with running(
        seed("empty"), Options(limits=Limits(None, 1)), monotonic=clock, now=frozen
    ) as sandbox:
        peer = Peer(sandbox)
        peer.data("/member/info")
        clock.at += 0.5
        assert peer.post("/member/info").headers["Retry-After"] == "60"
        sandbox.options = Options(limits=Limits(None, 1), retry_after=False)
        assert "Retry-After" not in peer.post("/member/info").headers
        clock.at += 59.5
        peer.data("/member/info")


def test_previews_have_limits_of_their_own() -> None:
    limits = Limits(None, None, previews_per_second=1, previews_per_minute=2)
    clock = Clock()
    with running(seed("empty"), Options(limits=limits), monotonic=clock, now=frozen) as sandbox:
        peer = Peer(sandbox)
        body = schedule(start=NOW, end=NOW + 1)
        peer.data("/schedule/preview", body)
        assert peer.post("/schedule/preview", body).status_code == 429
        peer.data("/member/info")
        clock.at += 1
        peer.data("/schedule/preview", body)
        clock.at += 1
        assert peer.post("/schedule/preview", body).headers["Retry-After"] == "58"


def test_a_limit_of_zero_lets_nothing_pass() -> None:
    with running(seed("empty"), Options(limits=Limits(0)), now=frozen) as sandbox:
        assert Peer(sandbox).post("/member/info").status_code == 429


def test_documented_limits_are_the_default() -> None:
    limits = Options().limits
    assert (limits.per_second, limits.per_minute) == (50, 1000)
    assert (limits.previews_per_second, limits.previews_per_minute) == (10, 60)


def test_nothing_is_logged_and_the_key_is_kept_nowhere(
    sandbox: Sandbox, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    peer.data("/member/info")
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]
    assert "sandbox-key" not in repr(sandbox.log)
    entry = sandbox.log[-1]
    assert (entry.endpoint, entry.body, entry.status, entry.code) == ("/member/info", {}, 200, "")


def test_a_mistake_of_the_sandbox_itself_reaches_the_test(sandbox: Sandbox, peer: Peer) -> None:
    sandbox.world.account.people.clear()
    status, code, message = peer.refusal("/member/info")
    assert (status, code) == (500, "InternalError")
    assert "KeyError" in message


def test_a_missing_thing_is_400_in_either_language(shared: Peer) -> None:
    body = {"schedule_id": 7, "start": 1, "end": 2}
    response = shared.post("/schedule/info", body, accept_language="zh")
    assert response.json()["error"] == {
        "code": "ResourceNotFound",
        "message": "资源不存在: schedule 7 does not exist",
    }
