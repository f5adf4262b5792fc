"""A `start` that moves, as people edit it: the handoffs of a running layer follow, in one cut.

Who is on call, and when turns change, is counted by the sandbox alone.
"""

from __future__ import annotations

from itertools import islice, pairwise
from typing import Any

import pytest

from flashsync.sandbox.model import Layer
from tests.cli.console import Ended, Terminal, layer, schedule
from tests.clock import NOW
from tests.promises import oracle

DAY = 86400
HALF = 1800
ZONE = "Asia/Shanghai"
THREE = ["alice@example.com", "bob@example.com", "carol@example.com"]
FOUR = [*THREE, "dave@example.com"]

pytestmark = pytest.mark.at(NOW)  # Sat 21 Nov 2026 16:33:20 in Shanghai


def rota(*people: str, **more: Any) -> dict[str, Any]:
    return schedule(layers=[layer(*people or THREE, **more)])


def in_zone(terminal: Terminal, zone: str) -> None:
    terminal.sandbox.world.account.time_zone = zone
    terminal.config(timezone=zone, checks={"coverage_gap": "warn"})


def live(terminal: Terminal) -> tuple[Layer, ...]:
    return terminal.sandbox.world.account.schedule("Production").layers


def handoffs_to_come(links: list[Layer], zone: str, since: int) -> list[int]:
    """The next turns of a chain, but for a turn that goes on over the start of a link."""
    since = max(since, links[0].start)
    turns = list(islice(oracle.of_chain(links, zone, since, since + 2500 * DAY), 30))
    pairs = pairwise(turns)
    return [after.start for before, after in pairs if before.who != after.who]


def as_new(terminal: Terminal, tree: dict[str, Any]) -> list[Layer]:
    """The layers that a new schedule of the same file would have."""
    terminal.declare({**tree, "schedule": "As new"})
    terminal.apply("--only", "As new", "--create-lookalike")
    return list(terminal.sandbox.world.account.schedule("As new").layers)


def in_words(ended: Ended) -> str:
    return " ".join(ended.out.split())


def edited(terminal: Terminal, before: dict[str, Any], after: dict[str, Any]) -> str:
    """The plan of an edit, in words, once it is applied and nothing is left to do."""
    terminal.declare(before)
    terminal.apply()
    old = live(terminal)
    terminal.declare(after)
    planned = terminal("plan")
    assert planned.code == 0, planned
    document = terminal("plan", "--format", "json").json["actions"][0]
    terminal.apply()
    assert terminal("plan", "--detailed-exitcode").code == 0, terminal("plan")
    zone, now = terminal.sandbox.world.account.time_zone, terminal.clock.now
    covered_as_before(old, live(terminal), zone, now)
    terminal.clock.advance(40 * DAY)
    assert terminal("plan", "--detailed-exitcode").code == 0, terminal("plan")
    terminal.clock.advance(-40 * DAY)
    assert "cuts" in document
    return in_words(planned)


def covered_as_before(old: Any, new: Any, zone: str, now: int) -> None:
    """Whoever is on call now stays, and no time that was covered is a gap up to the last link."""
    last = max(link.start for link in new)
    sides = [oracle.duty(side, zone, now, max(last, now + DAY)) for side in (old, new)]
    covered = [sum(end - start for start, end, _ in side) for side in sides]
    assert covered[1] >= covered[0]
    first = [side[0][2] for side in sides if side and side[0][0] == now]
    assert len(set(first)) < 2


EDITS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a daily handoff moves to the evening": (
        {"rotation": "1 day", "start": "2026-01-05 09:00"},
        {"rotation": "1 day", "start": "2026-01-05 17:00"},
        "handoffs daily 09:00 → daily 17:00",
    ),
    "it moves to the morning": (
        {"rotation": "1 day", "start": "2026-01-05 17:00"},
        {"rotation": "1 day", "start": "2026-01-05 09:00"},
        "handoffs daily 17:00 → daily 09:00",
    ),
    "a month from the 31st to the 1st": (
        {"rotation": "1 month", "start": "2026-01-31 10:00"},
        {"rotation": "1 month", "start": "2026-01-01 10:00"},
        "handoffs monthly on day 31, 10:00 → monthly on day 1, 10:00",
    ),
    "a month from the 1st to the 31st": (
        {"rotation": "1 month", "start": "2026-01-01 10:00"},
        {"rotation": "1 month", "start": "2026-01-31 10:00"},
        "handoffs monthly on day 1, 10:00 → monthly on day 31, 10:00",
    ),
    "two weeks by one week": (
        {"rotation": "2 weeks", "start": "2026-01-05 10:00"},
        {"rotation": "2 weeks", "start": "2026-01-12 10:00"},
        "handoffs every 2 weeks from 2026-01-05 10:00 → every 2 weeks from 2026-01-12 10:00",
    ),
    "hours": (
        {"rotation": "12 hours", "start": "2026-01-05 08:00"},
        {"rotation": "12 hours", "start": "2026-01-05 10:00"},
        "handoffs every 12 hours from 2026-01-05 08:00 → every 12 hours from 2026-01-05 10:00",
    ),
    "seven days": (
        {"rotation": "7 days", "start": "2026-01-05 10:00"},
        {"rotation": "7 days", "start": "2026-01-08 10:00"},
        "handoffs weekly mon 10:00 → weekly thu 10:00",
    ),
    "a week without handoff": (
        {"rotation": "1 week", "start": "2026-01-05 10:00"},
        {"rotation": "1 week", "start": "2026-01-06 12:00"},
        "handoffs weekly mon 10:00 → weekly tue 12:00",
    ),
    "a week by an hour": (
        {"rotation": "1 week", "start": "2026-01-05 10:00"},
        {"rotation": "1 week", "start": "2026-01-05 11:00"},
        "handoffs weekly mon 10:00 → weekly mon 11:00",
    ),
    "a week of workdays without handoff": (
        {"rotation": "1 week", "start": "2026-01-05 10:00", "days": "mon-fri"},
        {"rotation": "1 week", "start": "2026-01-07 10:00", "days": "mon-fri"},
        "handoffs weekly mon 10:00 → weekly wed 10:00",
    ),
    "every second workday": (
        {"rotation": "2 days", "start": "2026-01-05 00:00", "days": "mon-fri"},
        {"rotation": "2 days", "start": "2026-01-06 00:00", "days": "mon-fri"},
        "days of mon-fri from 2026-01-07 00:00 → every 2 days of mon-fri from 2026-01-06 00:00",
    ),
    "workdays that begin later": (
        {
            "rotation": "1 week",
            "start": "2026-01-05 09:00",
            "handoff": "mon 09:00",
            "days": "mon-fri",
            "continuous": "true",
        },
        {
            "rotation": "1 week",
            "start": "2026-01-05 12:00",
            "handoff": "mon 09:00",
            "days": "mon-fri",
            "continuous": "true",
        },
        "handoffs weekly mon 09:00, days from 09:00 → weekly mon 09:00, days from 12:00",
    ),
    "with hours in the same edit": (
        {"rotation": "1 day", "start": "2026-01-05 09:00", "hours": "09:00-21:00"},
        {"rotation": "1 day", "start": "2026-01-05 20:00", "hours": "20:00-08:00"},
        "handoffs daily 09:00 → daily 20:00",
    ),
    "to a start that is ahead": (
        {"rotation": "1 day", "start": "2026-01-05 09:00"},
        {"rotation": "1 day", "start": "2027-03-05 17:00"},
        "does not pause for it",
    ),
}


@pytest.mark.parametrize("zone", [ZONE, "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize(("before", "after", "shown"), EDITS.values(), ids=EDITS)
def test_a_start_that_moves_is_shown_and_rolled_out(
    terminal: Terminal, before: dict[str, Any], after: dict[str, Any], shown: str, zone: str
) -> None:
    in_zone(terminal, zone)
    tree = rota(**after)
    assert shown in edited(terminal, rota(**before), tree)
    links = oracle.rotations(live(terminal), "Primary")
    new = as_new(terminal, tree)
    since = max(links[-1].start, new[0].start)
    got = handoffs_to_come(links, zone, since)
    wanted = set(handoffs_to_come(new, zone, since))
    both = [at for at in got if at <= max(wanted)]
    assert len(both) >= 5
    assert set(both) <= wanted


def test_day_and_night_move_together_without_a_gap(terminal: Terminal) -> None:
    def shifts(day: str, night: str) -> dict[str, Any]:
        daily = {"rotation": "1 day", "hours": f"{day}-{night}", "start": f"2026-01-05 {day}"}
        nightly = {"rotation": "1 day", "hours": f"{night}-{day}", "start": f"2026-01-05 {night}"}
        return schedule(layers=[layer(*THREE, **daily), layer(*FOUR, **nightly, layer="Night")])

    for before, after in [("09:00", "10:00"), ("10:00", "08:00")]:
        nights = [f"{(int(at[:2]) + 12) % 24:02}:00" for at in (before, after)]
        terminal.declare(shifts(before, nights[0]))
        terminal.apply()
        terminal.declare(shifts(after, nights[1]))
        planned = terminal("plan")
        assert planned.code == 0, planned
        assert "coverage complete, as before" in in_words(planned)
        terminal.apply()
        assert terminal("plan", "--detailed-exitcode").code == 0
        terminal.clock.advance(9 * DAY)


@pytest.mark.parametrize("zone", [ZONE, "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize("rotation", ["1 day", "2 weeks", "1 month", "1 week"])
def test_a_joiner_in_the_same_edit(terminal: Terminal, rotation: str, zone: str) -> None:
    in_zone(terminal, zone)
    before = rota(rotation=rotation, start="2026-01-05 09:00")
    after = rota(*FOUR, rotation=rotation, start="2026-01-06 17:00")
    shown = edited(terminal, before, after)
    assert "handoffs " in shown
    assert "Dave Wu" in shown


ALONG: dict[str, tuple[str, str, str]] = {
    "days, back": ("1 day", "2026-01-05 09:00", "2025-06-11 09:00"),
    "days, on": ("1 day", "2026-01-05 09:00", "2027-02-11 09:00"),
    "two weeks, back": ("2 weeks", "2026-01-05 09:00", "2025-12-22 09:00"),
    "two weeks, on": ("2 weeks", "2026-01-05 09:00", "2027-01-04 09:00"),
    "months, back": ("1 month", "2026-01-31 09:00", "2025-03-31 09:00"),
    "months, on": ("1 month", "2026-01-31 09:00", "2027-05-31 09:00"),
    "weeks, on": ("1 week", "2026-01-05 09:00", "2027-01-04 09:00"),
}


@pytest.mark.parametrize("zone", [ZONE, "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize(("rotation", "before", "after"), ALONG.values(), ids=ALONG)
def test_a_start_that_moves_along_the_grid_changes_nothing(
    terminal: Terminal, rotation: str, before: str, after: str, zone: str
) -> None:
    in_zone(terminal, zone)
    terminal.declare(rota(rotation=rotation, start=before))
    terminal.apply()
    terminal.declare(rota(rotation=rotation, start=after))
    planned = terminal("plan", "--detailed-exitcode")
    assert planned.code == 0, planned
    ahead = after > "2026-12"
    assert ("does not pause for it" in in_words(terminal("plan", "-v"))) is ahead


def test_a_handoff_that_the_console_moved_is_drift(terminal: Terminal) -> None:
    for rotation, key, seconds, shown in [
        ("1 week", "handoff_time", DAY + 9 * 3600, "weekly tue 09:00 → weekly mon 10:00"),
        ("1 day", "layer_start", 1767578400 - 3 * 3600, "daily 07:00 → daily 10:00"),
        ("1 month", "layer_start", 1767578400 - 3 * DAY, "day 2, 10:00 → monthly on day 5, 10:00"),
    ]:
        terminal.declare(rota(rotation=rotation))
        terminal.apply()
        assert terminal("drift").code == 0

        def change(tree: dict[str, Any], key: str = key, seconds: int = seconds) -> None:
            tree["layers"][0][key] = seconds
            if key == "layer_start":
                tree["layers"][0]["enable_time"] = seconds

        terminal.sandbox.console.edit("Production", change)
        drift = terminal("drift")
        assert drift.code == 2, drift
        assert shown in in_words(drift)
        terminal.declare({"schedule": "Production", "absent": True})
        terminal.apply()


def test_less_than_half_an_hour_is_not_compared_and_a_note_says_so(terminal: Terminal) -> None:
    terminal.declare(rota(rotation="1 day", start="2026-01-05 09:00"))
    terminal.apply()
    terminal.declare(rota(rotation="1 day", start="2026-01-05 09:20"))
    planned = terminal("plan", "--detailed-exitcode", "-v")
    assert planned.code == 0
    assert "its handoffs are 20 minutes away from `start`" in in_words(planned)
    terminal.declare(rota(rotation="1 day", start="2026-01-05 09:30"))
    assert terminal("plan", "--detailed-exitcode").code == 2


def test_the_remedy_of_turn_in_window_works(terminal: Terminal) -> None:
    terminal.config(checks={"turn_in_window": "error"})
    daily = {"rotation": "1 day", "hours": "12:00-20:00"}
    before, after = (rota(**daily, start=f"2026-01-05 {at}") for at in ("16:00", "12:00"))
    terminal.declare(before)
    refused = terminal("validate")
    assert "let turns change where a window begins" in " ".join((refused.out + refused.err).split())
    terminal.apply("--check-level", "turn_in_window=warn")
    terminal.declare(after)
    assert terminal("validate").code == 0
    terminal.apply()
    link = oracle.rotations(live(terminal), "Primary")[-1]
    assert (link.start + 8 * 3600) % DAY == 12 * 3600


def test_a_handoff_that_no_file_gives_is_not_shown_as_removed(terminal: Terminal) -> None:
    shown = edited(terminal, rota(rotation="1 week"), rota(rotation="2 weeks"))
    assert "rotation 1 week → 2 weeks" in shown
    assert "handoff - " not in shown
