"""Declared and console overrides together, case by case, over real HTTP.

It is Sat 21 Nov 2026 16:33:20. Alice and Bob take turns; who covers is Carol, Dave or Erin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flashsync.errors import ExitCode, FilesError
from flashsync.model.schedule import MARK
from flashsync.operations.calendar_sources import saved_calendars
from flashsync.plan.model import Plan, Update
from flashsync.render.plan.changes import change_text
from flashsync.sandbox.rotation import on_call
from tests.apply.conftest import schedule
from tests.clock import NOW, Clock
from tests.promises.loop import Loop

ZONE = "Asia/Shanghai"
Cover = tuple[str, str, str, str]
"""Name, person, from, to."""

WEEK: Cover = ("Trip", "carol", "2026-11-23 00:00", "2026-11-30 00:00")
LONGER: Cover = ("Trip", "carol", "2026-11-23 00:00", "2026-12-01 00:00")
EVENING: Cover = ("Concert", "dave", "2026-11-25 18:00", "2026-11-25 22:00")
SWAP: Cover = ("Swap", "erin", "2026-11-25 10:00", "2026-11-25 13:00")
BEGUN: Cover = ("Trip", "carol", "2026-11-20 00:00", "2026-11-24 00:00")

TRIP = "Trip: Carol Diaz, "
LEFT_TO = "override `Trip` is left to the console: "
LEFT = LEFT_TO + "`Swap` (Erin Novak) from 2026-11-25 10:00 to 2026-11-25 13:00"
LEFT_WHOLE = LEFT_TO + "`Leave` (Erin Novak) from 2026-11-23 00:00 to 2026-11-30 00:00"
COVERED = (
    "the override Concert: Dave Wu, 2026-11-25 18:00 – 2026-11-25 22:00 has no effect: "
    "later ones cover all of its time"
)
BOTH = "; until the next write the account has both"
KEPT = "console overrides kept: `Swap`"


@dataclass(frozen=True)
class Case:
    """What the file said and the console did, what it says now, and what comes of it.

    `before` is None for a new account. `pieces` are ours that are live at the end.
    """

    before: Sequence[Cover] | None
    after: Sequence[Cover]
    pieces: Sequence[Cover]
    swaps: Sequence[Cover] = ()
    changes: Sequence[str] = ()
    notes: Sequence[str] = ()
    on_call: Mapping[str, str] = field(default_factory=dict)


CASES: dict[str, Case] = {
    "a swap of three hours inside a week of cover changes nothing for the file": Case(
        before=[WEEK],
        swaps=[SWAP],
        after=[WEEK],
        notes=[KEPT, LEFT + BOTH],
        pieces=[WEEK],
    ),
    "a week of cover is declared around a swap of three hours": Case(
        before=[],
        swaps=[SWAP],
        after=[WEEK],
        changes=[
            f"+ {TRIP}2026-11-23 00:00 – 2026-11-25 10:00",
            f"+ {TRIP}2026-11-25 13:00 – 2026-11-30 00:00",
        ],
        notes=[KEPT, LEFT],
        pieces=[
            ("Trip", "carol", "2026-11-23 00:00", "2026-11-25 10:00"),
            ("Trip", "carol", "2026-11-25 13:00", "2026-11-30 00:00"),
        ],
        on_call={
            "2026-11-25 09:59": "carol",
            "2026-11-25 10:00": "erin",
            "2026-11-25 12:59": "erin",
            "2026-11-25 13:00": "carol",
        },
    ),
    "cover is lengthened by a day over a swap": Case(
        before=[WEEK],
        swaps=[SWAP],
        after=[LONGER],
        changes=[f"+ {TRIP}2026-11-30 00:00 – 2026-12-01 00:00"],
        notes=[KEPT, LEFT + BOTH],
        pieces=[
            ("Trip", "carol", "2026-11-23 00:00", "2026-11-25 10:00"),
            ("Trip", "carol", "2026-11-25 13:00", "2026-12-01 00:00"),
        ],
        on_call={"2026-11-25 11:00": "erin", "2026-11-30 12:00": "carol"},
    ),
    "an evening after the week that it lies in, on a new account": Case(
        before=None,
        after=[WEEK, EVENING],
        pieces=[
            ("Trip", "carol", "2026-11-23 00:00", "2026-11-25 18:00"),
            EVENING,
            ("Trip", "carol", "2026-11-25 22:00", "2026-11-30 00:00"),
        ],
        on_call={"2026-11-25 18:00": "dave", "2026-11-25 22:00": "carol"},
    ),
    "an evening before the week that it lies in, on a new account": Case(
        before=None,
        after=[EVENING, WEEK],
        notes=[COVERED],
        pieces=[WEEK],
        on_call={"2026-11-25 18:00": "carol"},
    ),
    "the evening moves behind the week, on an existing account": Case(
        before=[EVENING, WEEK],
        after=[WEEK, EVENING],
        changes=[
            f"- {TRIP}2026-11-25 18:00 – 2026-11-25 22:00",
            "+ Concert: Dave Wu, 2026-11-25 18:00 – 2026-11-25 22:00",
        ],
        pieces=[
            ("Trip", "carol", "2026-11-23 00:00", "2026-11-25 18:00"),
            EVENING,
            ("Trip", "carol", "2026-11-25 22:00", "2026-11-30 00:00"),
        ],
        on_call={"2026-11-25 20:00": "dave"},
    ),
    "the week moves behind the evening, on an existing account": Case(
        before=[WEEK, EVENING],
        after=[EVENING, WEEK],
        changes=[
            "- Concert: Dave Wu, 2026-11-25 18:00 – 2026-11-25 22:00",
            f"+ {TRIP}2026-11-25 18:00 – 2026-11-25 22:00",
        ],
        notes=[COVERED],
        pieces=[WEEK],
        on_call={"2026-11-25 20:00": "carol"},
    ),
    "entries that do not overlap change places": Case(
        before=[WEEK, ("Move", "dave", "2026-12-05 00:00", "2026-12-06 00:00")],
        after=[("Move", "dave", "2026-12-05 00:00", "2026-12-06 00:00"), WEEK],
        pieces=[WEEK, ("Move", "dave", "2026-12-05 00:00", "2026-12-06 00:00")],
    ),
    "one begins exactly where another ends": Case(
        before=[],
        after=[WEEK, ("Trip", "dave", "2026-11-30 00:00", "2026-12-01 00:00")],
        changes=[
            f"+ {TRIP}2026-11-23 00:00 – 2026-11-30 00:00",
            "+ Trip: Dave Wu, 2026-11-30 00:00 – 2026-12-01 00:00",
        ],
        pieces=[WEEK, ("Trip", "dave", "2026-11-30 00:00", "2026-12-01 00:00")],
        on_call={"2026-11-29 23:59": "carol", "2026-11-30 00:00": "dave"},
    ),
    "two days of cover are written as one entry": Case(
        before=[
            ("Trip", "carol", "2026-11-23 00:00", "2026-11-26 00:00"),
            ("Trip", "carol", "2026-11-26 00:00", "2026-11-30 00:00"),
        ],
        after=[WEEK],
        pieces=[
            ("Trip", "carol", "2026-11-23 00:00", "2026-11-26 00:00"),
            ("Trip", "carol", "2026-11-26 00:00", "2026-11-30 00:00"),
        ],
    ),
    "the console covers all of it": Case(
        before=[],
        swaps=[("Leave", "erin", "2026-11-22 00:00", "2026-12-01 00:00")],
        after=[WEEK],
        notes=["console overrides kept: `Leave`", LEFT_WHOLE],
        pieces=[],
        on_call={"2026-11-25 20:00": "erin"},
    ),
    "the console covers it by the same people": Case(
        before=[],
        swaps=[("Swap", "carol", "2026-11-25 10:00", "2026-11-25 13:00")],
        after=[WEEK],
        changes=[
            f"+ {TRIP}2026-11-23 00:00 – 2026-11-25 10:00",
            f"+ {TRIP}2026-11-25 13:00 – 2026-11-30 00:00",
        ],
        notes=[KEPT],
        pieces=[
            ("Trip", "carol", "2026-11-23 00:00", "2026-11-25 10:00"),
            ("Trip", "carol", "2026-11-25 13:00", "2026-11-30 00:00"),
        ],
        on_call={"2026-11-25 11:00": "carol"},
    ),
    "an entry that runs goes: what has passed of it stays": Case(
        before=[BEGUN],
        after=[],
        changes=[f"- {TRIP}2026-11-20 00:00 – 2026-11-24 00:00"],
        pieces=[("Trip", "carol", "2026-11-20 00:00", "2026-11-21 16:33:20")],
        on_call={"2026-11-21 16:33": "carol", "2026-11-21 16:34": "bob"},
    ),
    "an entry that has begun is declared: it has no past": Case(
        before=[],
        after=[BEGUN],
        changes=[f"+ {TRIP}2026-11-20 00:00 – 2026-11-24 00:00"],
        pieces=[("Trip", "carol", "2026-11-21 16:33:20", "2026-11-24 00:00")],
        on_call={"2026-11-21 16:33": "bob", "2026-11-21 16:34": "carol"},
    ),
    "an entry that runs is another person's": Case(
        before=[BEGUN],
        after=[("Trip", "dave", *BEGUN[2:])],
        changes=[
            f"- {TRIP}2026-11-20 00:00 – 2026-11-24 00:00",
            "+ Trip: Dave Wu, 2026-11-20 00:00 – 2026-11-24 00:00",
        ],
        pieces=[
            ("Trip", "carol", "2026-11-20 00:00", "2026-11-21 16:33:20"),
            ("Trip", "dave", "2026-11-21 16:33:20", "2026-11-24 00:00"),
        ],
    ),
    "an entry that runs is lengthened, and begins at another time": Case(
        before=[BEGUN],
        after=[("Trip", "carol", "2026-11-21 00:00", "2026-11-25 00:00")],
        changes=[f"+ {TRIP}2026-11-24 00:00 – 2026-11-25 00:00"],
        pieces=[("Trip", "carol", "2026-11-20 00:00", "2026-11-25 00:00")],
    ),
    "an entry gets another name": Case(
        before=[WEEK],
        after=[("Journey", *WEEK[1:])],
        changes=[
            f"- {TRIP}2026-11-23 00:00 – 2026-11-30 00:00",
            "+ Journey: Carol Diaz, 2026-11-23 00:00 – 2026-11-30 00:00",
        ],
        pieces=[("Journey", *WEEK[1:])],
    ),
}


def declare(loop: Loop, covers: Sequence[Cover], **more: Any) -> None:
    overrides = [
        {"override": name, "from": start, "to": end, "people": [f"{who}@example.com"]}
        for name, who, start, end in covers
    ]
    loop.write(schedule(overrides=overrides, **more))


def carry_out(loop: Loop, covers: Sequence[Cover], **more: Any) -> None:
    declare(loop, covers, **more)
    apply(loop)


def apply(loop: Loop, plan: Any = None) -> list[str]:
    """The notes of a run in which all is confirmed."""
    outcome = loop.apply(plan or loop.plan())
    assert [str(one.problem) for one in outcome.results if one.problem] == []
    assert outcome.exit_code is ExitCode.OK
    return [note for one in outcome.results for note in one.notes]


def swap(loop: Loop, cover: Cover = SWAP) -> None:
    """Somebody makes an override in the console."""
    name, who, start, end = cover
    people = [f"{who}@example.com"]
    loop.sandbox.console.add_override("Production", people, at(start), at(end), name)


def swap_back(loop: Loop) -> None:
    """Somebody takes all overrides of the console away."""

    def change(schedule: dict[str, Any]) -> None:
        schedule["layers"] = [
            one
            for one in schedule["layers"]
            if one["mode"] == 0 or one["layer_name"].endswith(MARK)
        ]

    loop.sandbox.console.edit("Production", change)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp())


def text(instant: int) -> str:
    when = datetime.fromtimestamp(instant, ZoneInfo(ZONE))
    return when.strftime("%Y-%m-%d %H:%M:%S" if when.second else "%Y-%m-%d %H:%M")


def person(loop: Loop, id: int) -> str:
    account = loop.sandbox.world.account
    return next(one.email for one in account.people.values() if one.person_id == id).split("@")[0]


def pieces(loop: Loop) -> list[Cover]:
    """Our overrides that are live, by time."""
    layers = loop.sandbox.world.account.schedule("Production").layers
    return sorted(
        (
            (
                one.name.removesuffix(MARK),
                person(loop, one.groups[0].seats[0].person_ids[0]),
                text(one.start),
                text(one.end or 0),
            )
            for one in layers
            if one.name.endswith(MARK)
        ),
        key=lambda one: one[2],
    )


def who(loop: Loop, instant: str) -> str:
    """Who is on call then, by the sandbox's counter."""
    layers = loop.sandbox.world.account.schedule("Production").layers
    return ", ".join(sorted(person(loop, id) for id, _ in on_call(layers, ZONE, at(instant))))


def changes(plan: Plan) -> list[str]:
    """The changes of overrides of the one schedule."""
    found = [change for one in plan.writes if isinstance(one, Update) for change in one.changes]
    return [change_text(change) for change in found if change.path == "overrides"]


@pytest.mark.parametrize("case", CASES)
def test_who_covers_when(loop: Loop, case: str) -> None:
    given = CASES[case]
    if given.before is not None:
        carry_out(loop, given.before)
    for one in given.swaps:
        swap(loop, one)
    declare(loop, given.after)
    planned = loop.plan()
    (action,) = planned.plan.actions
    assert changes(planned.plan) == list(given.changes)
    assert list(action.remarks.notes) == list(given.notes)
    assert planned.plan.empty is (given.before is not None and not given.changes)
    apply(loop, planned)
    assert pieces(loop) == list(given.pieces)
    for instant, expected in given.on_call.items():
        assert (instant, who(loop, instant)) == (instant, expected)
    assert loop.plan().plan.empty


def test_a_swap_that_comes_between_plan_and_apply_is_cut_out_and_named(loop: Loop) -> None:
    carry_out(loop, [])
    declare(loop, [WEEK])
    planned = loop.plan()
    swap(loop)
    (note,) = apply(loop, planned)
    assert note.startswith("kept an override made in the console since the plan: Swap: Erin Novak")
    assert [one[2:] for one in pieces(loop)] == [
        ("2026-11-23 00:00", "2026-11-25 10:00"),
        ("2026-11-25 13:00", "2026-11-30 00:00"),
    ]
    assert who(loop, "2026-11-25 11:00") == "erin"
    assert loop.plan().plan.empty


def test_a_swap_that_goes_between_plan_and_apply_leaves_no_hole_and_is_named(loop: Loop) -> None:
    carry_out(loop, [])
    swap(loop)
    declare(loop, [WEEK])
    planned = loop.plan()
    swap_back(loop)
    (note,) = apply(loop, planned)
    assert note == (
        "covered what an override of the console has left since the plan: "
        "Swap: Erin Novak, 2026-11-25 10:00 – 2026-11-25 13:00"
    )
    assert pieces(loop) == [WEEK]
    assert loop.plan().plan.empty


def test_a_swap_outside_the_cover_that_goes_is_nothing_to_say(loop: Loop) -> None:
    carry_out(loop, [])
    swap(loop, ("Swap", "erin", "2026-12-05 10:00", "2026-12-05 13:00"))
    declare(loop, [WEEK])
    planned = loop.plan()
    swap_back(loop)
    assert apply(loop, planned) == []


def test_a_swap_that_is_taken_back_later_is_covered_again(loop: Loop) -> None:
    carry_out(loop, [])
    swap(loop)
    carry_out(loop, [WEEK])
    swap_back(loop)
    planned = loop.plan()
    assert changes(planned.plan) == [f"+ {TRIP}2026-11-25 10:00 – 2026-11-25 13:00"]
    apply(loop, planned)
    assert who(loop, "2026-11-25 11:00") == "carol"
    assert loop.plan().plan.empty


def test_any_write_makes_room_for_a_swap_that_came_later(loop: Loop) -> None:
    carry_out(loop, [WEEK])
    swap(loop)
    declare(loop, [WEEK], description="new")
    planned = loop.plan()
    assert changes(planned.plan) == []
    (action,) = planned.plan.actions
    assert isinstance(action, Update)
    assert action.remarks.notes == (KEPT, LEFT + BOTH)
    apply(loop, planned)
    assert who(loop, "2026-11-25 11:00") == "erin"
    assert len(pieces(loop)) == 2


def test_overrides_that_overlap_in_the_account_are_cut(loop: Loop) -> None:
    carry_out(loop, [])
    swap(loop, (WEEK[0] + MARK, *WEEK[1:]))
    swap(loop, (EVENING[0] + MARK, *EVENING[1:]))
    declare(loop, [WEEK, EVENING])
    planned = loop.plan()
    assert changes(planned.plan) == [f"- {TRIP}2026-11-25 18:00 – 2026-11-25 22:00"]
    apply(loop, planned)
    assert who(loop, "2026-11-25 20:00") == "dave"
    assert loop.plan().plan.empty


def test_pieces_pass_one_by_one_and_change_nothing(loop: Loop, clock: Clock) -> None:
    carry_out(loop, [])
    swap(loop)
    carry_out(loop, [WEEK, EVENING])
    for instant in (
        "2026-11-25 10:00",
        "2026-11-25 12:59",
        "2026-11-25 13:00",
        "2026-11-25 19:00",
        "2026-11-25 22:00",
        "2026-11-29 23:59",
        "2026-11-30 00:00",
        "2027-01-01 00:00",
    ):
        clock.set(at(instant))
        assert (instant, loop.plan().plan.empty) == (instant, True)


def test_two_identical_entries_are_an_error(loop: Loop) -> None:
    declare(loop, [WEEK, WEEK])
    with pytest.raises(FilesError, match="with the same times and people; remove one"):
        loop.plan()


def test_undo_brings_the_cover_back_around_the_swap(loop: Loop) -> None:
    carry_out(loop, [])
    swap(loop)
    carry_out(loop, [WEEK])
    declare(loop, [])
    loop.apply(loop.plan(), loop.journal())
    assert pieces(loop) == []
    apply(loop, loop.undo())
    assert who(loop, "2026-11-25 11:00") == "erin"
    assert who(loop, "2026-11-25 13:00") == "carol"
    declare(loop, [WEEK])
    assert loop.plan().plan.empty


def test_undo_of_a_delete_brings_both_back(loop: Loop) -> None:
    carry_out(loop, [WEEK])
    swap(loop)
    loop.write({"schedule": "Production", "absent": True})
    loop.apply(loop.plan(), loop.journal())
    apply(loop, loop.undo())
    assert who(loop, "2026-11-25 11:00") == "erin"
    assert len(pieces(loop)) == 2
    declare(loop, [WEEK])
    assert loop.plan().plan.empty


@pytest.mark.parametrize("live", [True, False])
def test_a_saved_plan_is_drawn_with_the_cover_cut(loop: Loop, live: bool) -> None:
    if live:
        carry_out(loop, [])
        swap(loop)
    declare(loop, [WEEK, EVENING])
    (shown,) = saved_calendars(loop.plan().plan, (NOW, at("2026-11-30 10:00")))
    found = [(one.start, one.end) for one in shown.calendar.final if at(WEEK[2]) <= one.start]
    edges = [*SWAP[2:], *EVENING[2:], WEEK[3]] if live else [*EVENING[2:], WEEK[3]]
    assert [start for start, _ in found] == [at(one) for one in (WEEK[2], *edges)]
