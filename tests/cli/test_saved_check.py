"""`plan --check FILE` and `apply --plan FILE` agree: what the one says, the other does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flashsync.sandbox import UNLIMITED, Options
from flashsync.sandbox.world import PERMISSIONS
from tests.cli.console import Terminal, layer, schedule

HOUR = 3600
SITUATION = Callable[[Terminal, pytest.MonkeyPatch], None]
CHAT = {"type": "dingtalk", "alias": "ops", "token": {"env": "OPS_TOKEN"}}


def saved(terminal: Terminal, *arguments: str, code: int = 0) -> None:
    ended = terminal("plan", "--out", "plan.json", *arguments)
    assert ended.code == code, ended


def declared(terminal: Terminal) -> None:
    """A plan with an update, a rename, a create and a delete."""
    terminal.declare(schedule(), schedule("Second"), schedule("Third"))
    terminal.apply()
    terminal.declare(
        schedule(description="new"),
        schedule("Two", renamed_from="Second"),
        schedule("New", description="x", layers=[layer(rotation="2 weeks")]),
        schedule("Third", absent=True),
    )
    saved(terminal)


def later(seconds: int) -> SITUATION:
    """The clock of the machine goes on."""

    def act(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
        terminal.clock.advance(seconds)

    return act


def nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is as it was."""


def edited(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.sandbox.console.edit("Production", {"description": "mine", "team_id": 0})


def turned(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(found: dict[str, Any]) -> None:
        found["layers"][0]["groups"].reverse()

    terminal.sandbox.console.edit("Production", change)


def gone(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.sandbox.console.delete("Third")


def taken(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    body = terminal.sandbox.console.schedule("Production")
    keys = ("description", "layers", "notify", "team_id")
    terminal.sandbox.console.create({"schedule_name": "New"} | {key: body[key] for key in keys})


def swapped(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    start = terminal.clock.now // HOUR * HOUR + 48 * HOUR
    people = ["carol@example.com"]
    terminal.sandbox.console.add_override("Production", people, start, start + HOUR, "Swap")


def moved_zone(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.sandbox.world.account.time_zone = "Asia/Singapore"  # the same clocks


def another_account(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "other-account-key")


def cut(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    path = terminal.folder / "plan.json"
    path.write_text(path.read_text()[:500])


SITUATIONS: dict[str, tuple[SITUATION, tuple[str, ...]]] = {
    "as it was": (nothing, ()),
    "an override in the console": (swapped, ()),
    "a clock a little behind": (later(-120), ()),
    "edited": (edited, ("`Production` has changed since the plan was made, in description",)),
    "turned": (turned, ("in layers[Primary].groups; written since by Bob Martin on ",)),
    "deleted": (gone, ("`Third` (id ", "is gone: somebody deleted it; written since by Bob")),
    "a name taken": (taken, ("`New` is the name of another schedule (id ",)),
    "another zone": (moved_zone, ("was Asia/Shanghai; it is Asia/Singapore now",)),
    "another account": (another_account, ("plan.json was made for the account Acme Corp",)),
    "too old": (later(2 * HOUR + 60), ("was made 2 hours ago, ", "--max-age allows 90 minutes")),
    "of the future": (later(-HOUR - 45), (" minutes from now, ", "this clock is wrong")),
    "cut short": (cut, ("plan.json is not a plan, or is incomplete",)),
}


@pytest.mark.slow
@pytest.mark.parametrize(("act", "said"), SITUATIONS.values(), ids=SITUATIONS)
def test_what_the_check_says_is_what_apply_does(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, act: SITUATION, said: tuple[str, ...]
) -> None:
    terminal.write("flashsync.yaml", "version: 1\n")
    declared(terminal)
    act(terminal, monkeypatch)
    before = list(terminal.written)
    check = terminal("plan", "--check", "plan.json", "--max-age", "90m")
    machine = terminal("plan", "--check", "plan.json", "--max-age", "90m", "--format", "json")
    assert terminal.written == before
    done = terminal("apply", "--plan", "plan.json", "--auto-approve", "--max-age", "90m")
    assert (check.code, machine.code, done.code) == (bool(said),) * 3
    assert machine.json["applies"] is not bool(said)
    for text in said:
        assert text in check.out
        assert text in done.err
    reasons = [line for line in done.err.splitlines() if line]
    assert [line for line in reasons if line not in check.out.splitlines()] == []
    verdict = (
        "no: plan.json can no longer be applied, for 1 reason."
        if said
        else "yes: plan.json would still be applied: 1 to create, 2 to update, 1 to delete."
    )
    assert check.out.splitlines()[-1] == verdict
    assert (terminal.written == before) is bool(said)


def test_all_reasons_are_said_at_once(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.write("flashsync.yaml", "version: 1\n")
    monkeypatch.setenv("OPS_TOKEN", "very-secret")
    terminal.declare(schedule(), schedule("Second"))
    terminal.apply()
    terminal.declare(
        schedule(layers=[layer(end="2036-01-01 00:00")]),
        schedule("Second", notify={"chats": [CHAT]}),
    )
    saved(terminal, code=1)
    monkeypatch.delenv("OPS_TOKEN")
    edited(terminal, monkeypatch)
    moved_zone(terminal, monkeypatch)
    later(3 * HOUR)(terminal, monkeypatch)
    ended = terminal("plan", "--check", "plan.json", "--max-age", "1h", "--format", "json")
    assert ended.code == 1
    said = [one["message"] for one in ended.json["errors"]]
    for part in (
        "time zone",
        "made 3 hours ago",
        "(coverage_gap)",
        "env: OPS_TOKEN",
        "`Production` has",
    ):
        assert [text for text in said if part in text], part
    assert len(said) == 5
    text = terminal("plan", "--check", "plan.json", "--max-age", "1h")
    assert text.out.splitlines()[-1].endswith("can no longer be applied, for 5 reasons.")
    assert "very-secret" not in text.out + ended.out


def test_a_cut_that_has_passed(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(layers=[layer("alice@example.com", "carol@example.com")]))
    saved(terminal)
    later(8 * 24 * HOUR)(terminal, monkeypatch)
    check = terminal("plan", "--check", "plan.json")
    assert check.code == 1
    assert "was to change, " in check.out
    assert "has passed; the next one is " in check.out
    done = terminal("apply", "--plan", "plan.json", "--auto-approve")
    assert done.err in check.out
    shown = terminal("show", "--plan", "plan.json")
    assert shown.code == 0
    assert "note: this plan was made 8 days ago, " in shown.out
    assert "has passed; the next one is " in " ".join(shown.out.split())


def test_a_masked_secret(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPS_TOKEN", "very-secret")
    terminal.declare(schedule(notify={"chats": [CHAT]}))
    terminal.apply()
    plain = {"type": "dingtalk", "alias": "ops"}
    terminal.declare(schedule(description="new", notify={"chats": [plain]}))
    saved(terminal)
    terminal.sandbox.options = Options(limits=UNLIMITED, secrets="masked")
    check = terminal("plan", "--check", "plan.json")
    done = terminal("apply", "--plan", "plan.json", "--auto-approve")
    assert (check.code, done.code) == (1, 1), check
    assert done.err in check.out


def test_a_key_that_may_not_read_the_log(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared(terminal)
    edited(terminal, monkeypatch)
    gone(terminal, monkeypatch)
    world = terminal.sandbox.world
    world.add_key("no-audit", world.account, "alice@example.com", PERMISSIONS - {"audit_read"})
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "no-audit")
    check = terminal("plan", "--check", "plan.json")
    assert "in description; last written by Bob Martin on " in check.out
    assert "is gone: somebody deleted it; plan again" in check.out
    assert "request" not in check.out


def test_several_writers_are_all_named_the_newest_first(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared(terminal)
    console = terminal.sandbox.console
    console.edit("Production", {"description": "one"}, by="carol@example.com")
    console.edit("Production", {"description": "two"}, by="bob@example.com")
    found = terminal("plan", "--check", "plan.json").out
    assert found.index("Bob Martin on ") < found.index("Carol")
    assert found.count("(/schedule/update, request console)") == 2


@pytest.mark.parametrize("ahead", [-100, 0, 100])
def test_who_wrote_before_the_plan_is_not_named_whatever_this_clock_says(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    later(ahead)(terminal, monkeypatch)
    terminal.declare(schedule(), schedule("Third"))
    terminal.apply()
    console = terminal.sandbox.console
    for name in ("Production", "Third"):
        console.edit(name, {"description": "before"}, by="carol@example.com")
    terminal.declare(schedule(), schedule("Third", absent=True))
    saved(terminal)
    console.edit("Production", {"description": "after"}, by="bob@example.com")
    console.delete("Third", by="dave@example.com")
    found = terminal("plan", "--check", "plan.json").out
    assert "in description; written since by Bob Martin on " in found
    assert "somebody deleted it; written since by Dave Wu on " in found
    assert "Carol" not in found


def test_its_exit_codes(terminal: Terminal) -> None:
    declared(terminal)
    assert terminal("plan", "--check", "plan.json", "--detailed-exitcode").code == 2
    terminal("apply", "--auto-approve")
    saved(terminal)
    ended = terminal("plan", "--check", "plan.json", "--detailed-exitcode")
    assert (ended.code, ended.out) == (0, "yes: plan.json has nothing to do.\n")
    ended = terminal("plan", "--check", "none.json", "--format", "json")
    assert (ended.code, ended.json["applies"]) == (1, False)


@pytest.mark.parametrize(
    "flags",
    ["schedules", "--out x.json", "--prune", "--only A", "--rollout exact", "--effects none"],
)
def test_what_decides_when_a_plan_is_made(terminal: Terminal, flags: str) -> None:
    ended = terminal("plan", "--check", "plan.json", *flags.split())
    name = "paths" if flags == "schedules" else flags.split()[0]
    assert (ended.code, terminal.sandbox.log) == (1, [])
    assert ended.err.startswith(f"error: --check cannot be used with {name} because ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("apply", "--max-age", "1h"), "--max-age needs --plan FILE"),
        (("plan", "--max-age", "1h"), "--max-age needs --check FILE"),
        (
            ("plan", "--check", "plan.json", "--max-age", "soon"),
            "expected a length of time, got `soon`",
        ),
    ],
)
def test_an_age_is_for_saved_plans(
    terminal: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    ended = terminal(*arguments)
    assert ended.code == 1
    assert said in ended.err


def test_annotations(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    declared(terminal)
    edited(terminal, monkeypatch)
    ended = terminal("plan", "--check", "plan.json", "--format", "github")
    assert ended.code == 1
    assert "::error file=schedules/0.yaml,line=1,col=1::`Production` has changed" in ended.out
    ended = terminal("plan", "--check", "plan.json", "--format", "markdown")
    assert ended.out.startswith("### ⛔ plan.json can no longer be applied, for 1 reason.\n")
    assert "`schedules/0.yaml:1`: `Production` has changed since the plan was made" in ended.out
