"""A stale plan is refused, and the refusal names the changed fields and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.console import Terminal, layer, schedule
from tests.clock import Clock

DAY = 86400
CHAT = {"type": "dingtalk", "alias": "ops", "token": {"env": "OPS_TOKEN"}}
BACKUP = layer("dave@example.com", layer="Backup", rotation="2 weeks")
PEOPLE = ("alice@example.com", "carol@example.com")

Move = Callable[[Terminal, Clock, pytest.MonkeyPatch], None]


def rota(*people: Any, **more: Any) -> dict[str, Any]:
    """The schedule of these tests, with this first layer."""
    layers = [layer(*people, **more), BACKUP]
    return schedule(layers=layers, notify={"chats": [CHAT]})


def ready(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live schedule, and a saved plan that changes its description and a layer."""
    monkeypatch.setenv("OPS_TOKEN", "very-secret")
    terminal.declare(rota())
    terminal.apply()
    terminal.declare({**rota(*PEOPLE), "description": "new"})
    assert terminal("plan", "--out", "plan.json").code == 0


def applying(tree: dict[str, Any], *flags: str) -> Move:
    """Somebody applies another edit of the files."""

    def move(terminal: Terminal, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        del clock, monkeypatch
        terminal.declare(tree)
        terminal.apply(*flags)

    return move


def in_the_console(change: Callable[[dict[str, Any]], None]) -> Move:
    """Somebody edits the schedule in the console."""

    def move(terminal: Terminal, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        del clock, monkeypatch
        terminal.sandbox.console.edit("Production", change)

    return move


def twice(terminal: Terminal, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same plan was applied already."""
    del clock, monkeypatch
    done = terminal("apply", "--plan", "plan.json", "--auto-approve", "--without-files")
    assert done.code == 0


def rotated_here(terminal: Terminal, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The secret that the reference names is another one."""
    del terminal, clock
    monkeypatch.setenv("OPS_TOKEN", "another-secret")


def turned(found: dict[str, Any]) -> None:
    found["layers"].reverse()


def described(found: dict[str, Any]) -> None:
    found["description"] = "mine"


def rotated_there(found: dict[str, Any]) -> None:
    found["notify"]["webhooks"][0]["settings"]["token"] = "of-the-console"


def later_cut(terminal: Terminal, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the moment of a cut moves, from one handoff to the next."""
    del clock, monkeypatch

    def change(found: dict[str, Any]) -> None:
        old, new = (one for one in found["layers"] if one["layer_name"] == "Primary")
        for one, keys in (
            (old, ("layer_end", "expire_time")),
            (new, ("layer_start", "enable_time")),
        ):
            for key in keys:
                one[key] += 7 * DAY

    terminal.declare(rota(*PEOPLE))
    terminal.apply()
    assert terminal("plan", "--out", "plan.json").code == 0
    terminal.declare({**rota(*PEOPLE), "description": "new"})
    assert terminal("plan", "--out", "plan.json").code == 0
    terminal.sandbox.console.edit("Production", change)


def joined_until_the_cut(terminal: Terminal, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two edits in the console of the link that runs until a cut."""
    del clock, monkeypatch
    terminal.declare(rota(*PEOPLE))
    terminal.apply()
    terminal.declare({**rota(*PEOPLE), "description": "new"})
    assert terminal("plan", "--out", "plan.json").code == 0

    def change(found: dict[str, Any]) -> None:
        running = next(one for one in found["layers"] if one["layer_name"] == "Primary")
        running["groups"][0]["members"][0]["person_ids"].reverse()
        running["groups"].append(running["groups"][0])

    terminal.sandbox.console.edit("Production", change)
    terminal.sandbox.console.edit("Production", change)


MOVES: dict[str, tuple[Move, str]] = {
    "the people until a cut": (
        joined_until_the_cut,
        (
            "has changed since the plan was made, in layers[Primary].groups (until Mon 23 Nov "
            "10:00); written since by Bob Martin on Sat 21 Nov 16:34 (/schedule/update, request "
            "console), twice; plan again\n"
        ),
    ),
    "another rota": (
        applying(rota("alice@example.com", "dave@example.com")),
        "has changed since the plan was made, in layers[Primary].groups; ",
    ),
    "another rota at once": (
        applying(rota("dave@example.com", "bob@example.com"), "--rollout", "now"),
        "has changed since the plan was made, in layers[Primary].groups; ",
    ),
    "another rhythm": (
        applying(rota(rotation="2 weeks")),
        "in layers[Primary].rotation, layers[Primary].handoff; ",
    ),
    "hours": (
        applying(rota(hours="09:00-18:00"), "--check-level", "coverage_gap=warn"),
        "has changed since the plan was made, in layers[Primary].hours; ",
    ),
    "a layer ends": (
        applying(rota(end="2028-01-03 10:00"), "--check-level", "coverage_gap=warn"),
        "has changed since the plan was made, in layers[Primary].end; ",
    ),
    "another rota begun anew": (
        applying(rota("alice@example.com", "dave@example.com"), "--rollout", "exact"),
        "has changed since the plan was made, in layers[Primary].groups; ",
    ),
    "the same plan": (
        twice,
        "has changed since the plan was made, in description, layers[Primary].groups; ",
    ),
    "the moment of a cut": (
        later_cut,
        "has changed since the plan was made, in layers[Primary].rollout; ",
    ),
    "the order of its layers": (
        in_the_console(turned),
        "has changed since the plan was made, in the order of its layers; ",
    ),
    "description": (
        in_the_console(described),
        "has changed since the plan was made, in description; ",
    ),
    "a secret in the console": (
        in_the_console(rotated_there),
        (
            "notify.chats[dingtalk ops].token of `Production` was the value of env: OPS_TOKEN when "
            "the plan was made, and is another by now; written since by Bob Martin"
        ),
    ),
    "a secret here": (
        rotated_here,
        (
            "env: OPS_TOKEN has another value since the plan was made, for "
            "notify.chats[dingtalk ops].token of `Production`; "
        ),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("move", "said"), MOVES.values(), ids=MOVES)
def test_the_refusal_names_what_has_moved(
    terminal: Terminal,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    move: Move,
    said: str,
) -> None:
    ready(terminal, monkeypatch)
    clock.advance(60)
    move(terminal, clock, monkeypatch)
    check = terminal("plan", "--check", "plan.json", "--without-files")
    done = terminal("apply", "--plan", "plan.json", "--auto-approve", "--without-files")
    assert (check.code, done.code) == (1, 1), (check, done)
    assert said in done.err, done.err
    assert done.err in check.out
