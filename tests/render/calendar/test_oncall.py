"""Who is on call, as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flashsync.model.calendar import AskedMoment, Calendar, Post, Shift
from flashsync.model.people import MemberStatus, Person
from flashsync.model.schedule import Member
from flashsync.model.timezone import DAY
from flashsync.render.calendar.oncall import render_my_shifts, render_oncall
from flashsync.render.terminal import Screen
from tests.render.calendars import (
    ALL,
    DAY_NIGHT,
    DIRECTORY,
    MIXED,
    NOW,
    TODAY,
    WEEKLY,
    ZONE,
    group,
    view,
)
from tests.render.looks import check_fits, check_golden, plain

MOMENT = AskedMoment(NOW, NOW, ZONE, DIRECTORY)
ALICE, BOB = group(1).members, group(2, backup=4).members


def post(name: str, *final: Shift) -> Post:
    """A schedule with these shifts."""
    return Post(name, 1, Calendar(TODAY - 8 * DAY, TODAY + 36 * DAY, (), final))


GAP_NEXT = post(
    "A gap is next, and the name is rather long",
    Shift(TODAY, TODAY + DAY, ALICE),
    Shift(TODAY + 2 * DAY, TODAY + 3 * DAY, BOB),
)
LAST = post("The last one", Shift(TODAY, TODAY + DAY, BOB))
FOR_EVER = post("For ever", Shift(TODAY - 8 * DAY, TODAY + 36 * DAY, ALICE))
NOBODY = post("Nobody at all")
SOON = post("Soon", Shift(TODAY + DAY, TODAY + 36 * DAY, ALICE))
NOT_LIVE = Post("Not live")
POSTS = [Post(one.name, one.id, one.calendar) for one in ALL]
POSTS += [GAP_NEXT, LAST, FOR_EVER, NOBODY, SOON, NOT_LIVE]


@pytest.mark.parametrize("width", [40, 80, 160])
def test_everything_that_can_be_shown(width: int) -> None:
    text = render_oncall(POSTS, MOMENT, Screen(width))
    check_fits(text, width)
    check_golden(f"oncall-{width}", text)
    colored = render_oncall(POSTS, MOMENT, Screen(width, color=True))
    assert plain(colored) == text
    assert "\x1b[1;31m!! nobody\x1b[0m" in colored


def test_an_encoding_without_our_signs() -> None:
    text = render_oncall(POSTS, MOMENT, Screen(80, encoding="ascii"))
    text.encode("ascii")
    check_fits(text, 80)


def test_nobody_comes_first() -> None:
    lines = render_oncall([FOR_EVER, SOON], MOMENT, Screen(100)).splitlines()
    assert lines == [
        "On call now, Sat 21 Nov 16:33, Asia/Shanghai",
        "",
        "Soon      !! nobody  until Sun 22 Nov 00:00  then alice",
        "For ever  alice      for more than 35 days",
    ]


LEFT = replace(
    DIRECTORY, people={**DIRECTORY.people, 1: Person(1, "alice", status=MemberStatus.DELETED)}
)
BACKUP_ONLY = frozenset({Member(2, 1)})


def test_the_most_urgent_comes_first_then_by_name() -> None:
    backup = post(
        "Backup only",
        Shift(TODAY, TODAY + DAY, BACKUP_ONLY),
        Shift(TODAY + DAY, TODAY + 2 * DAY, BOB),
    )
    always = post("Backups by design", Shift(TODAY - 8 * DAY, TODAY + 36 * DAY, BACKUP_ONLY))
    posts = [always, LAST, NOT_LIVE, FOR_EVER, backup, NOBODY]
    text = render_oncall(posts, replace(MOMENT, directory=LEFT), Screen(140))
    assert [" ".join(line.split()[:7]) for line in text.splitlines()[2:]] == [
        "Nobody at all !! nobody for more",
        "Backup only !! no primary: bob (backup)",
        "For ever !! alice (left the account)",
        "Not live !! not live yet `flashsync",
        "Backups by design bob (backup) for more",
        "The last one bob, 王小明 (backup) until",
    ]


def test_what_comes_next_may_be_a_gap() -> None:
    text = render_oncall([GAP_NEXT, LAST], MOMENT, Screen(140))
    lines = [" ".join(line.split()) for line in text.splitlines()[2:]]
    assert lines == [
        f"{GAP_NEXT.name} alice until Sun 22 Nov 00:00 then !! nobody until Mon 23 Nov 00:00",
        "The last one bob, 王小明 (backup) until Sun 22 Nov 00:00 then !! nobody",
    ]


def test_another_moment_and_no_schedule() -> None:
    text = render_oncall([], replace(MOMENT, at=TODAY), Screen(80))
    assert text == "On call at Sat 21 Nov 00:00, Asia/Shanghai\nNo schedule to show.\n"


@pytest.mark.parametrize("width", [40, 80, 160])
@pytest.mark.parametrize("person", [4, 7])
def test_the_shifts_of_one_person(width: int, person: int) -> None:
    text = render_my_shifts(ALL, view(14, person=person), Screen(width))
    check_fits(text, width)
    check_golden(f"mine-{person}-{width}", text)


def test_a_person_without_a_shift() -> None:
    text = render_my_shifts([WEEKLY], view(7, person=6), Screen(80))
    assert text.splitlines()[1:] == ["Ｇｒａｃｅ is on no schedule in this time."]


def test_the_shift_that_runs_says_so() -> None:
    text = render_my_shifts([MIXED, DAY_NIGHT], view(7, person=2), Screen(100))
    assert text.splitlines()[2:4] == [
        "Fri 20 Nov",
        "  18:00 – Mon 23 Nov 09:00  Payments  now, as backup, with alice",
    ]
