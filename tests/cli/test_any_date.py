"""The whole loop at dates that are easy to get wrong, in zones with daylight saving.

The oracle is the sandbox's counter: who is on call, half-hour by half-hour, before and after.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from flashsync.sandbox import schedule_shifts
from tests.cli.console import Terminal, layer, schedule
from tests.clock import monday, zone_of

pytestmark = pytest.mark.any_date
HALF, DAY = 1800, 86400
TEAM = [f"{name}@example.com" for name in ("alice", "bob", "carol")]
JOINER = "dave@example.com"


def rota(*people: str) -> dict[str, Any]:
    """Weeks, and nights that hand over in the hour that clocks skip or have twice."""
    weeks = layer(*people, start=monday(45))
    start = monday(45).replace("10:00", "02:30")
    nights = layer("erin@example.com", "grace@example.com", layer="Nights", rotation="1 day",
                   start=start, hours="22:00-08:00")  # fmt: skip
    return schedule(layers=[weeks, nights])


def unix(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def on_call(terminal: Terminal, start: int, end: int) -> dict[int, Any]:
    """Who is on call by the sandbox's counter, at each half-hour."""
    body = terminal.sandbox.console.schedule("Production")
    shifts = schedule_shifts(body, terminal.sandbox.world.account.time_zone, start, end)
    return {
        at: {person for seat in shift.group.seats for person in seat.person_ids}
        for shift in shifts
        for at in range(-(-shift.start // HALF) * HALF, shift.end, HALF)
    }


def moves(action: Any) -> list[Any]:
    """The shifts that move, whoever computed them."""
    return [{**one, "source": None} for one in action["effects"]]


@pytest.fixture
def edited(terminal: Terminal) -> Terminal:
    """A live rota in the zone that the date is about; its file has somebody more."""
    zone = zone_of(terminal.clock.now)
    terminal.sandbox.world.account.time_zone = zone
    terminal.config(timezone=zone)
    terminal.declare(rota(*TEAM))
    terminal.apply()
    assert terminal("plan", "--detailed-exitcode").code == 0
    terminal.declare(rota(*TEAM, JOINER))
    return terminal


def test_what_a_plan_shows_is_what_happens(edited: Terminal) -> None:
    planned = edited("plan", "--format", "json").json
    (action,), (cut,) = planned["actions"], planned["actions"][0]["cuts"]
    start, end = unix(planned["window"]["start"]), unix(planned["window"]["end"])
    start = -(-start // HALF) * HALF
    shown = [(unix(one["start"]), unix(one["end"])) for one in action["effects"]]
    before = on_call(edited, start - 30 * DAY, end)
    edited.apply()
    after = on_call(edited, start - 30 * DAY, end)
    moved = {at for at in before | after if before.get(at) != after.get(at)}
    assert moved == {at for one, other in shown for at in range(one, other, HALF)}
    assert moved
    assert min(moved) >= unix(cut["at"])
    assert edited("plan", "--detailed-exitcode").code == 0


def test_here_and_on_the_platform_the_same_shifts_move(edited: Terminal) -> None:
    for rollout in ("next_handoff", "exact"):
        options = ("plan", "--format", "json", "--rollout", rollout, "--effects")
        here, there = (edited(*options, who).json["actions"][0] for who in ("local", "server"))
        assert (here["effects_source"], there["effects_source"]) == ("local", "server")
        assert moves(here) == moves(there) != []


def test_time_alone_changes_nothing(edited: Terminal) -> None:
    edited.apply()
    body = edited.sandbox.console.schedule("Production")
    for days in (1, 6, 7, 29, 200):
        edited.clock.advance(days * DAY + 1)
        assert edited("plan", "--detailed-exitcode").code == 0
        assert edited("drift").code == 0
    assert edited.sandbox.console.schedule("Production") == body


def test_an_undo_gives_the_shifts_back(edited: Terminal) -> None:
    start = edited.clock.now // HALF * HALF + HALF
    before = on_call(edited, start, start + 60 * DAY)
    edited.apply()
    assert on_call(edited, start, start + 60 * DAY) != before
    assert edited("undo", "--auto-approve").code == 0
    assert on_call(edited, start, start + 60 * DAY) == before
