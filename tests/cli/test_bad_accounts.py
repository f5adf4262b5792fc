"""Bad keys, a bad network, bad answers: one clear line each, and nothing written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from flashsync.sandbox import UNLIMITED, Options, Reply, Sandbox, refusal, running, seed
from tests.cli.console import NO_SERVER, Terminal, layer, schedule
from tests.clock import frozen

pytestmark = pytest.mark.usefixtures("hurried")

HTML = Reply(200, b"<html><body>Log in</body></html>", {"content-type": "text/html"})
MANY = 99


def answered(content: Any) -> Reply:
    return Reply(200, content)


KEYS: dict[str, tuple[str, str]] = {
    "no key": ("", "error: no APP key; set FLASHDUTY_APP_KEY"),
    "only blanks": ("  ", "error: no APP key; set FLASHDUTY_APP_KEY"),
    "no possible key": (
        "two words",
        (
            "error: the APP key contains a space or a character that keys never have; "
            "copy it into FLASHDUTY_APP_KEY again"
        ),
    ),
    "a key of another account": (
        "other-account-key",
        (
            "flashsync.yaml:1:27: the key belongs to the account Other Inc (id 3311020457001), "
            "and flashsync.yaml names Acme Corp; use that account's key, or correct `account`"
        ),
    ),
}


@pytest.mark.parametrize(("key", "said"), KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("command", ["plan", "apply", "drift"])
def test_keys(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, command: str, key: str, said: str
) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", key)
    terminal.declare(schedule())
    ended = terminal(command)
    assert ended.err == f"{said}\n"
    assert (ended.code, ended.out) == (1, "")
    assert {entry.endpoint for entry in terminal.sandbox.log} <= {"/member/info"}


def test_a_key_that_the_platform_does_not_know(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "no-such-key")
    terminal.declare(schedule())
    ended = terminal("plan")
    (asked,) = terminal.sandbox.log
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: the APP key is missing or not valid "
        f"(/member/info, Unauthorized, request {asked.request_id}); check FLASHDUTY_APP_KEY\n"
    )


@pytest.mark.parametrize("key", ["sandbox-reader-key", "sandbox-nobody-key"])
def test_a_key_that_may_not_write(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", key)
    terminal.declare(schedule(), schedule("Second"))
    ended = terminal("apply", "--auto-approve", "--parallel", "1")
    assert ended.code == 1
    words = " ".join(ended.out.split())
    assert "Production was not created: the APP key's member may not do this" in words
    assert "needs the permission 'schedules_manage'" in words
    assert "Nothing written: 2 failed." in words
    assert terminal.names == []


def test_a_key_that_may_not_read(demo: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "sandbox-nobody-key")
    demo.declare(schedule("Database On-Call"))
    ended = demo("plan")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("error: the APP key's member may not do this: needs the permission")
    assert ended.err.count("\n") == 1


ANSWERS: dict[str, tuple[Reply, str]] = {
    "HTML": (
        HTML,
        (
            "the answer is not from the Flashduty API: HTTP 200, HTML instead of JSON "
            "({endpoint}, request {request}); "
            "check FLASHDUTY_BASE_URL, and any proxy or portal on the way"
        ),
    ),
    "an error inside a 200": (
        answered({"error": {"code": "InternalError", "message": "oops"}}),
        (
            "the platform has an internal error: oops "
            "({endpoint}, InternalError, request {request}, 4 attempts); "
            "try again later; if it persists, give the request id to the vendor's support"
        ),
    ),
    "a permission missing": (
        answered({"error": {"code": "AccessDenied", "message": "not you"}}),
        (
            "the APP key's member may not do this: not you "
            "({endpoint}, AccessDenied, request {request}); "
            "give the member a role with this permission, or use another member's key"
        ),
    ),
    "data: null": (
        answered({"data": None}),
        (
            "cannot read the platform's answer (data should be an object and is missing) "
            "({endpoint}, request {request}); "
            "try a newer flashsync, or report it with the request id"
        ),
    ),
    "a rate limit used up": (
        refusal("RequestTooFrequently", "slow down"),
        (
            "the account's rate limit is used up: slow down "
            "({endpoint}, RequestTooFrequently, request {request}, 4 attempts); "
            "try again in a minute, or lower --rate if other programs use the account"
        ),
    ),
}


@pytest.mark.parametrize(("reply", "said"), ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("endpoint", ["/member/info", "/schedule/list", "/member/list"])
def test_answers(terminal: Terminal, reply: Reply, said: str, endpoint: str) -> None:
    terminal.declare(schedule())
    terminal.sandbox.fail_next(reply, endpoint, times=MANY)
    terminal.sandbox.fail_next(reply, "/account/info", times=MANY)
    ended = terminal("apply", "--auto-approve")
    last = [entry for entry in terminal.sandbox.log if entry.endpoint == endpoint][-1]
    line = said.format(endpoint=endpoint, request=last.request_id)
    assert ended.err == f"error: {line}\n"
    assert (ended.code, ended.out, terminal.written) == (1, "", [])


def test_no_network(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_BASE_URL", NO_SERVER)
    terminal.declare(schedule())
    ended = terminal("plan")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("error: cannot connect to 127.0.0.1 (")
    assert ended.err.endswith("check the network, the proxy and FLASHDUTY_BASE_URL\n")


def test_a_page_that_fails_in_the_middle_of_a_listing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hook(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        second = endpoint == "/schedule/list" and body["p"] == 2
        return refusal("ServiceUnavailable", "one page is missing") if second else None

    with running(seed(150), Options(limits=UNLIMITED), now=frozen) as sandbox:
        monkeypatch.setenv("FLASHDUTY_BASE_URL", sandbox.url)
        sandbox.hook = hook
        terminal.declare(schedule())
        terminal.config(manage={"names": ["*"]})
        ended = terminal("apply", "--auto-approve", "--prune", "--max-deletes", "1000")
        assert (ended.code, ended.out) == (1, "")
        assert "one page is missing (/schedule/list, ServiceUnavailable" in ended.err
        assert len(sandbox.console.schedules()) == 150


def test_the_zone_of_the_account_is_checked(terminal: Terminal) -> None:
    terminal.config(timezone="Europe/Berlin")
    terminal.declare(schedule())
    ended = terminal("plan")
    assert ended.err == (
        "flashsync.yaml:1:52: the account's time zone is Asia/Shanghai, not Europe/Berlin; "
        "write `timezone: Asia/Shanghai`\n"
    )
    assert ended.code == 1


def test_an_account_that_is_not_pinned_is_named_with_how_to_pin_it(terminal: Terminal) -> None:
    terminal.write("flashsync.yaml", "version: 1\n")
    terminal.declare(schedule())
    ended = terminal("plan")
    assert ended.code == 0
    assert (
        "this is the account Acme Corp (id 2476444212001); pin it with `account: Acme Corp`"
    ) in " ".join(ended.out.split())


PEOPLE: dict[str, tuple[Any, str]] = {
    "a misspelt address": (
        "alcie@example.com",
        "nobody in the account is `alcie@example.com`; did you mean alice@example.com?",
    ),
    "a misspelt name": (
        "Alice Zang",
        "nobody in the account is `Alice Zang`; did you mean Alice Zhang?",
    ),
    "two of one name": (
        "Li Wei",
        "2 people are named `Li Wei`; write li.wei2@example.com or liwei@example.com",
    ),
    "somebody who left": (
        "oscar@example.com",
        (
            "`oscar@example.com` has left the account; run `flashsync replace oscar@example.com "
            "--with NAME`, or apply the rest with --only"
        ),
    ),
    "an id of nobody": (
        "123456",
        (
            "nobody in the account is `123456`; "
            "use an address, a short name from `people`, or an exact name"
        ),
    ),
    "a misspelt role": (
        {"person": "alice@example.com", "role": "backpu"},
        "the account has no role `backpu`; did you mean backup?",
    ),
}


@pytest.mark.parametrize(("entry", "said"), PEOPLE.values(), ids=PEOPLE)
def test_people_at_their_place_in_the_file(terminal: Terminal, entry: Any, said: str) -> None:
    tree = schedule(layers=[layer("bob@example.com", entry)])
    text = json.dumps(tree, ensure_ascii=False, indent=1)
    terminal.write("schedules/a.yaml", text)
    wrong = entry.get("role", entry) if isinstance(entry, dict) else entry
    lines = text[: text.index(json.dumps(wrong, ensure_ascii=False, indent=5)[:8])].split("\n")
    ended = terminal("apply", "--auto-approve")
    assert (ended.code, ended.out, terminal.written) == (1, "", [])
    assert ended.err == f"schedules/a.yaml:{len(lines)}:{len(lines[-1]) + 1}: {said}\n"


def test_a_misspelt_team(terminal: Terminal) -> None:
    terminal.write("schedules/a.yaml", json.dumps(schedule(team="SER"), indent=1))
    ended = terminal("plan")
    assert ended.err == (
        "schedules/a.yaml:14:10: the account has no team `SER`; did you mean SRE?\n"
    )


def test_somebody_who_has_not_joined_yet_is_a_warning(terminal: Terminal) -> None:
    terminal.declare(schedule(layers=[layer("mallory@example.com")]))
    ended = terminal("plan")
    assert ended.code == 0
    assert (
        "has not joined the account yet (pending); nobody is paged until they accept the "
        "invitation (pending_person)"
    ) in " ".join(ended.out.split())


def test_a_missing_secret_is_a_warning_for_plan_and_an_error_for_apply(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = {"type": "dingtalk", "alias": "ops", "token": {"env": "NO_TOKEN"}}
    terminal.declare(schedule(notify={"chats": [chat]}))
    assert terminal("plan").code == 0
    refused = terminal("apply", "--auto-approve")
    assert (refused.code, terminal.written) == (1, [])
    assert refused.err.endswith(
        "schedules/0.yaml:1:1: `Production` needs secrets that are not there: "
        "env: NO_TOKEN (notify.chats[dingtalk ops].token); "
        "set the variable or write the file, then run again\n"
    )
    monkeypatch.setenv("NO_TOKEN", "there-now")
    terminal.apply()
    assert "there-now" not in str(terminal("plan", "-vv"))


def test_who_shares_a_name_is_shown_with_the_address(terminal: Terminal) -> None:
    terminal.declare(schedule(layers=[layer("liwei@example.com", "alice@example.com")]))
    assert "Li Wei <liwei@example.com>, Alice Zhang" in terminal("plan").out


def test_short_names_are_what_the_output_shows(terminal: Terminal) -> None:
    terminal.config(people={"al": "alice@example.com", "ghost": "ghost@example.com"})
    terminal.declare(schedule(layers=[layer("al", "bob@example.com")]))
    ended = terminal("plan")
    assert ended.code == 0
    assert "al, Bob Martin" in ended.out


def test_the_sandbox_is_not_asked_for_more_than_is_needed(
    terminal: Terminal, empty_sandbox: Sandbox
) -> None:
    terminal.declare(schedule())
    terminal("plan")
    assert empty_sandbox.counts["/schedule/info"] == 0
    assert sum(empty_sandbox.counts.values()) <= 8  # two for people: the account, who is on call
