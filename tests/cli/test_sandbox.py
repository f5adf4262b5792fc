"""The sandbox as a user runs it: in one terminal the server, in another edits and commands."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.cli.console import NO_SERVER, Ended, Terminal, layer, schedule


@contextmanager
def serving(terminal: Terminal, *arguments: str) -> Iterator[dict[str, str]]:
    """`flashsync sandbox` in a process of its own; gives the variables that it prints."""
    process = terminal.start("sandbox", "--port", "0", *arguments)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        words = process.stdout.readline().removeprefix("  export ").split()
        yield dict(word.split("=", 1) for word in words)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)


@pytest.fixture
def served(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A terminal next to a sandbox with the demo's schedules."""
    with serving(terminal) as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        yield terminal


def edit(terminal: Terminal, *arguments: str) -> str:
    """Run an edit, which succeeds."""
    ended = terminal("sandbox", "edit", *arguments)
    assert ended.code == 0, ended
    return ended.out


def drift(terminal: Terminal, code: int) -> Ended:
    ended = terminal("drift")
    assert ended.code == code, ended
    return ended


@pytest.mark.processes
def test_drift_is_tried_by_hand(served: Terminal) -> None:
    served.declare(schedule("Production"), schedule("Staging", layers=[layer("carol@example.com")]))
    served.apply()
    drift(served, 0)

    done = edit(served, "set", "Production", "description=Call Bob first: 2026")
    assert done == "description of Production changed\n"
    edited = drift(served, 2)
    assert "Call Bob first: 2026" in edited.out
    assert "Bob Martin" in edited.out

    assert edit(served, "add", "Staging", "grace@example.com", "--layer", "Primary")
    assert "Grace Kim" in drift(served, 2).out
    served.apply()
    drift(served, 0)

    done = edit(served, "override", "Production", "dave@example.com", "--hours", "2")
    assert done.startswith("Dave Wu on call for Production, ")
    drift(served, 0)  # overrides of the console are no drift
    assert "Dave Wu" in served("oncall").out

    edit(served, "--by", "erin@example.com", "delete", "Staging")
    gone = drift(served, 2)
    assert "Staging" in gone.out
    assert "Erin Novak" in gone.out

    edit(served, "leave", "carol@example.com")
    left = served("plan")
    assert left.code == 1
    assert "carol@example.com" in left.err


@pytest.mark.processes
def test_an_edit_that_cannot_be_made(served: Terminal) -> None:
    for arguments, message in {
        (): "missing command",
        ("delete", "Nothing"): "error: no schedule is named 'Nothing'; see",
        ("delete", "Database On-Call"): "is referred to by escalate_rule 'Default'; see",
        ("leave", "Nobody"): "error: nobody in the account is called 'Nobody'; see",
        ("set", "Legacy NOC", "description"): "expected FIELD=VALUE, got description",
        ("set", "Legacy NOC", "team_id=x"): "team_id must be JSON, got x",
        (
            "override",
            "Legacy NOC",
            "Grace Kim",
            "--from",
            "noon",
        ): "from must be a time like 2026-12-01 10:00, is 'noon'; see",
    }.items():
        ended = served("sandbox", "edit", *arguments)
        assert (ended.code, ended.out) == (1, "")
        assert message in " ".join(ended.err.split())


def test_only_a_sandbox_on_this_machine_is_edited(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASHDUTY_BASE_URL", "https://api.flashcat.cloud")
    ended = terminal("sandbox", "edit", "delete", "Production")
    assert ended.code == 1
    assert "api.flashcat.cloud is not a sandbox on this machine" in ended.err
    assert terminal.sandbox.log == []


@pytest.mark.processes
def test_switches(terminal: Terminal) -> None:
    switches = ("--refuse", "/oncall/roles", "--refuse", "/team/list=NoLicense", "--strict")
    with serving(terminal, *switches, "--seed", "recorded") as variables:
        url, key = variables["FLASHDUTY_BASE_URL"], variables["FLASHDUTY_APP_KEY"]
        with httpx.Client(base_url=url, params={"app_key": key}, trust_env=False) as client:
            assert client.get("/oncall/roles").json()["error"]["code"] == "RouteNotFound"
            assert client.post("/team/list", json={}).json()["error"]["code"] == "NoLicense"
            unknown = client.post("/member/info", json={"colour": "red"})
            assert "not a known field" in unknown.json()["error"]["message"]
    with serving(terminal) as variables:
        url = variables["FLASHDUTY_BASE_URL"]
        with httpx.Client(base_url=url, params={"app_key": key}, trust_env=False) as client:
            assert client.post("/member/info", json={"colour": "red"}).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--refuse", "/oncall/role"], "--refuse names the unknown endpoint /oncall/role"),
        (["--refuse", "/team/list=No"], "--refuse names the unknown code No"),
        (["--seed", "dmeo"], "--seed must be demo, recorded, empty or a number, got dmeo"),
    ],
)
def test_a_switch_that_cannot_be_read(
    terminal: Terminal, arguments: list[str], message: str
) -> None:
    ended = terminal("sandbox", "--port", "0", *arguments)
    assert (ended.code, message in ended.err) == (1, True), ended


def test_no_sandbox_runs(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_BASE_URL", NO_SERVER)
    ended = terminal("sandbox", "edit", "delete", "Production")
    assert ended.code == 1
    assert "127.0.0.1" in ended.err
    assert os.environ["FLASHDUTY_APP_KEY"] not in ended.err
