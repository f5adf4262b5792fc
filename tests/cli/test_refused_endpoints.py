"""What a command does without an endpoint, in each way in which that can be refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from flashsync.sandbox import Reply
from tests.cli.console import Ended, Terminal, layer, schedule

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("hurried")]

CODES = ("AccessDenied", "RouteNotFound", "NoLicense", "InvalidParameter")
SILENT = "silent"
"""No answer comes, however often it is asked."""

ALICE, BOB, CAROL = "alice@example.com", "bob@example.com", "carol@example.com"
LEAD = "Observer"
LEAD_ID = 2476501340131
"""A role of the account's own, by its name and by its number."""

Prepare = Callable[[Terminal], None]


@dataclass(frozen=True)
class Case:
    """A command, the endpoint that it misses, and what it says then."""

    endpoint: str
    arguments: tuple[str, ...]
    says: str
    prepare: Prepare
    code: int = 0


def live_and_unchanged(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()


def somebody_goes_off_call_now(terminal: Terminal) -> None:
    terminal.declare(schedule(layers=[layer(ALICE)]))
    terminal.apply()
    terminal.declare(schedule(layers=[layer(BOB)]))


def a_delete(terminal: Terminal) -> None:
    live_and_unchanged(terminal)
    terminal.sandbox.console.add_rule("Web", "Default", {"Production": [0]})
    terminal.declare(schedule(absent=True))


def an_edit(terminal: Terminal) -> None:
    live_and_unchanged(terminal)
    terminal.declare(schedule(description="new"))


def a_new_layer(terminal: Terminal) -> None:
    live_and_unchanged(terminal)
    terminal.declare(schedule(layers=[layer(), layer(CAROL, layer="Second")]))


def a_role_of_its_own(terminal: Terminal) -> None:
    groups = [{"members": [{"person": ALICE, "role": LEAD}]}, BOB]
    terminal.declare(schedule(layers=[layer(*groups)]))
    terminal.apply()
    groups[0] = {"members": [{"person": ALICE, "role": LEAD_ID}]}
    terminal.declare(schedule(layers=[layer(*groups)]))


NOW = ("plan", "--rollout", "now")
CASES = {
    "incidents": Case(
        "/incident/list", NOW, "so open_incidents was not checked", somebody_goes_off_call_now
    ),
    "channels": Case("/channel/list", ("plan",), "so references was not checked", a_delete),
    "escalation rules": Case(
        "/channel/escalate/rule/list", ("plan",), "so references was not checked", a_delete
    ),
    "preview": Case(
        "/schedule/preview", ("plan",), "computed here, not by the platform", a_new_layer
    ),
    "roles": Case(
        "/oncall/roles",
        ("plan",),
        "other roles than primary and backup are shown by number",
        a_role_of_its_own,
    ),
    "roles, unused": Case("/oncall/roles", ("plan",), "No changes", live_and_unchanged),
    "roles, in a calendar": Case("/oncall/roles", ("show",), "Alice", live_and_unchanged),
    "roles, on call": Case("/oncall/roles", ("oncall", "--all"), "Production", a_role_of_its_own),
    "persons, on call": Case(
        "/person/infos", ("oncall", "--all"), "Production", live_and_unchanged
    ),
    "audit log, drift": Case(
        "/audit/search", ("drift",), "the writing requests are unknown because", an_edit, 2
    ),
    "audit log, apply": Case(
        "/audit/search",
        ("apply", "--auto-approve"),
        "so overrides made in the console during a write were not looked for",
        an_edit,
    ),
}


@pytest.mark.parametrize("how", [*CODES, SILENT])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_command_says_what_is_missing_and_goes_on(
    terminal: Terminal, case: Case, how: str
) -> None:
    case.prepare(terminal)
    refuse(terminal, case.endpoint, how)
    ended = terminal(*case.arguments)
    assert ended.code == case.code, ended
    assert case.says in flat(ended)


def refuse(terminal: Terminal, endpoint: str, how: str) -> None:
    if how == SILENT:
        terminal.sandbox.fail_next(Reply(drop=True), endpoint, times=99)
    else:
        options = terminal.sandbox.options
        terminal.sandbox.options = replace(options, refusals={endpoint: how})


def flat(ended: Ended) -> str:
    return " ".join(f"{ended.out} {ended.err}".split())


@pytest.fixture
def scoped(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """The key belongs to the account and not to a member."""
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "sandbox-account-key")
    return terminal


@pytest.mark.parametrize("code", [code for code in CODES if code != "InvalidParameter"])
def test_a_key_without_a_member_does_all_but_its_own_shifts(scoped: Terminal, code: str) -> None:
    refuse(scoped, "/member/info", code)
    scoped.declare(schedule())
    assert scoped("plan").code == 0
    scoped.apply()
    assert "No changes" in flat(scoped("plan"))
    for command in ("drift", "show", "oncall", "doctor"):
        ended = scoped(command)
        assert ended.code == 0, ended
    ended = scoped("oncall", "--mine")
    assert ended.code == 1
    assert "this APP key is nobody's, it belongs to the account Acme Corp" in flat(ended)


def test_a_key_that_is_not_valid_is_not_taken_for_an_accounts(
    scoped: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "no-such-key")
    scoped.declare(schedule())
    ended = scoped("plan")
    assert ended.code == 1
    assert "the APP key is missing or not valid (/member/info" in flat(ended)
    assert scoped.sandbox.counts["/account/info"] == 0


def test_a_file_that_uses_a_role_by_name_needs_the_list_of_roles(terminal: Terminal) -> None:
    groups = [{"members": [{"person": ALICE, "role": LEAD}]}]
    terminal.declare(schedule(layers=[layer(*groups)]))
    refuse(terminal, "/oncall/roles", "RouteNotFound")
    ended = terminal("plan")
    assert ended.code == 1
    assert (
        "the role `Observer` cannot be found, as the account's roles were not read "
        "(this server does not know it); write the role's number, or primary or backup"
    ) in flat(ended)


def test_incidents_are_asked_for_thirty_days(terminal: Terminal) -> None:
    somebody_goes_off_call_now(terminal)
    assert terminal(*NOW).code == 0
    (asked,) = [one.body for one in terminal.sandbox.log if one.endpoint == "/incident/list"]
    assert asked["end_time"] - asked["start_time"] == 30 * 24 * 3600
