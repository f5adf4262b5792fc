"""The Python API: the example of docs/python.md runs, and importing it loads nothing heavy."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

import flashsync.operations
from flashsync.errors import ExitCode, UsageError
from flashsync.operations import (
    PlanOptions,
    Selection,
    Session,
    SessionOptions,
    apply_plan,
    find_drift,
    find_run,
    make_plan,
    plan_undo,
)
from tests.cli.console import Terminal, layer, schedule
from tests.readme import DOCS
from tests.test_imports import HEAVY, loaded_by


@pytest.fixture
def apply_quietly() -> Callable[..., ExitCode]:
    """The function of the example."""
    text = (DOCS / "python.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102
    function: Callable[..., ExitCode] = names["apply_quietly"]
    return function


@pytest.fixture
def session(terminal: Terminal) -> Session:
    """A session of the terminal's account and folder."""
    environment = {
        "FLASHDUTY_APP_KEY": "sandbox-key",
        "FLASHDUTY_BASE_URL": terminal.sandbox.url,
        "TOKEN": "a-token-of-a-chat",
    }
    return Session(environment, terminal.clock, terminal.folder)


def test_the_example_applies_what_nobody_on_call_notices(
    terminal: Terminal, apply_quietly: Callable[..., ExitCode]
) -> None:
    terminal.declare(schedule("prod-api"), schedule("staging"))
    assert apply_quietly(terminal.folder, now=terminal.clock) is ExitCode.OK
    assert terminal.names == ["prod-api"]
    assert terminal.capture.readouterr().out == "create prod-api\n"


def test_the_example_leaves_who_is_on_call_now(
    terminal: Terminal, apply_quietly: Callable[..., ExitCode]
) -> None:
    terminal.declare(schedule("prod-api"))
    terminal.apply()
    terminal.declare(schedule("prod-api", rollout="exact", layers=[layer("dave@example.com")]))
    assert apply_quietly(terminal.folder, now=terminal.clock) is ExitCode.OK
    assert terminal.written == ["create"]
    out = terminal.capture.readouterr().out
    assert out == "update prod-api\nnot applied: it changes who is on call now\n"


def test_a_script_plans_applies_and_undoes(terminal: Terminal, session: Session) -> None:
    terminal.declare(schedule("Production"))
    with session:
        outcome = apply_plan(session, make_plan(session))
        assert outcome.exit_code is ExitCode.OK
        assert find_drift(session).drift.empty
        back = plan_undo(session, find_run(session), PlanOptions())
        assert [type(one).__name__ for one in back.plan.writes] == ["Delete"]
    assert terminal.capture.readouterr() == ("", "")


def test_a_session_reads_no_environment_but_its_own(
    terminal: Terminal, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASHDUTY_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "another-key")
    monkeypatch.setenv("TOKEN", "another-token")
    chat = {"type": "dingtalk", "alias": "ops", "token": {"env": "TOKEN"}}
    notify = {"before": "5 min", "by": "preference", "chats": [chat]}
    terminal.declare(schedule("Production", notify=notify))
    with session:
        assert apply_plan(session, make_plan(session)).exit_code is ExitCode.OK
    (live,) = terminal.sandbox.console.schedules()
    assert live["notify"]["webhooks"][0]["settings"]["token"] == "a-token-of-a-chat"


def test_journals_are_where_the_options_say(terminal: Terminal, session: Session) -> None:
    terminal.declare(schedule("Production"))
    options = SessionOptions(journal=str(terminal.folder / "journals"))
    with Session(session.environment, session.clock, terminal.folder, options) as other:
        apply_plan(other, make_plan(other))
    assert len(list((terminal.folder / "journals").iterdir())) == 1


def test_a_pattern_that_matches_nothing_is_an_error(terminal: Terminal, session: Session) -> None:
    terminal.declare(schedule("Production"))
    with session, pytest.raises(UsageError, match="matches no schedule of the files"):
        make_plan(session, PlanOptions(Selection(only=("nothing",))))


def test_each_name_of_the_api_can_be_imported() -> None:
    for name in flashsync.operations.__all__:
        assert getattr(flashsync.operations, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        flashsync.operations.nothing  # noqa: B018


def test_importing_the_api_loads_nothing_heavy() -> None:
    assert loaded_by("-c", "import flashsync.operations") & HEAVY == set()
