"""Moves folded into patterns: fewer lines, and not a shift less."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.model import wording
from flashsync.model.people import Account
from flashsync.model.schedule import Group, Hours, Layer, Member, Rotation, Unit
from flashsync.model.timezone import DAY, HOUR, instants, wall_seconds_at
from flashsync.plan.model import Effect, EffectSource, Plan
from flashsync.plan.words import Words
from flashsync.render.folding import fold_moves, join_moves
from flashsync.render.plan.text import render_plan
from flashsync.render.terminal import Screen
from flashsync.rotation.calendar import on_call
from flashsync.rotation.compare import Move, moves
from tests.clock import DATES
from tests.properties import trying
from tests.render.effects import move
from tests.render.plans import ACCOUNT, NOW, WORDS, update
from tests.render.unfolding import Hands, ReadMove, check_moves, unfold

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
FAR = 44 * DAY


def text_of(found: tuple[Move, ...], zone: str, now: int, *, goes_on: bool = False) -> str:
    """The lines of a plan about these moves, wide enough that none is broken."""
    effect = Effect(EffectSource.LOCAL, moves=found, goes_on=goes_on)
    action = replace(update(), effect=effect)
    plan = Plan(Account(1, "Acme", zone), now, (action,), window=(now, now + FAR))
    return render_plan(plan, Screen(300), Words(WORDS.directory, zone), verbose=True)


def read(found: tuple[Move, ...], zone: str, now: int) -> list[ReadMove]:
    return unfold(text_of(found, zone, now).partition("  coverage  ")[0], zone, now)


def said(one: Move) -> Hands:
    """What a text has to say of a move."""
    return Hands(one.start, one.end, _names(one.before), _names(one.after))


def _names(members: frozenset[Member]) -> frozenset[str]:
    return frozenset(wording.member(member, WORDS.directory) for member in members)


def check(found: tuple[Move, ...], zone: str = ACCOUNT.timezone, now: int = NOW) -> None:
    check_moves(read(found, zone, now), list(map(said, found)))


ROTATIONS = st.builds(
    Rotation,
    st.sampled_from((1, 2, 3, 8, 12)),
    st.sampled_from((Unit.HOUR, Unit.DAY, Unit.WEEK)),
)
HOURS = st.sampled_from((None, (9, 18), (22, 30), (0, 24)))
MASKS = st.sampled_from((None, frozenset({1, 2, 3, 4, 5}), frozenset({0, 6}), frozenset({1, 3})))


@st.composite
def layers(draw: st.DrawFn, now: int) -> Layer:
    """A layer that has begun."""
    hours, unit = draw(HOURS), draw(ROTATIONS)
    people = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    return Layer(
        "Primary",
        now - now % HOUR - draw(st.integers(1, 400)) * HOUR,
        None,
        unit,
        tuple(Group(frozenset({Member(person)})) for person in people),
        days=draw(MASKS) if unit.unit is Unit.DAY else None,
        hours=Hours("day", ((hours[0] * HOUR, hours[1] * HOUR),)) if hours else None,
    )


BACKUPS = st.none() | st.tuples(st.sampled_from((8, 24)), st.integers(1, 3))


def with_backup(backup: tuple[int, int] | None, now: int) -> tuple[Layer, ...]:
    """A layer of people who back up and stay: perhaps none."""
    if backup is None:
        return ()
    hours, people = backup
    groups = tuple(Group(frozenset({Member(person, 1)})) for person in range(1, people + 1))
    return (Layer("Backup", now - now % DAY, None, Rotation(hours, Unit.HOUR), groups),)


@given(st.data(), st.sampled_from(ZONES), st.sampled_from(sorted(DATES.values())), BACKUPS)
@trying(25)
def test_a_text_names_every_shift_that_moves(
    data: st.DataObject, zone: str, now: int, backup: tuple[int, int] | None
) -> None:
    now -= now % 60
    others = with_backup(backup, now)
    old, new = (
        on_call((data.draw(layers(now)), *others), (), zone, now, now + FAR) for _ in range(2)
    )
    found = tuple(one for one in moves(old, new) if one.end % 60 == 0 and one.start % 60 == 0)
    kept = [one for part in fold_moves(found, zone) for one in part.handovers]
    assert sorted(kept, key=lambda one: one.start) == join_moves(found)
    if all(_shown_once(one, zone) for one in found):
        check(found, zone, now)


def _shown_once(one: Move, zone: str) -> bool:
    """Whether the wall clock shows both ends once: a text cannot tell two such times apart."""
    return all(len(instants(wall_seconds_at(at, zone), zone)) == 1 for at in (one.start, one.end))


MONDAY = 1795399200  # 10:00 in Shanghai


def every(
    days: int, number: int, hours: int, before: int, after: int, at: int = MONDAY
) -> list[Move]:
    return [
        move(at + day * days * DAY, at + day * days * DAY + hours * HOUR, (before,), (after,))
        for day in range(number)
    ]


@pytest.mark.parametrize(
    ("step", "number", "hours", "text"),
    [
        (1, 20, 1, "daily 10:00–11:00, 23 Nov – 12 Dec   alice → bob, 20 times"),
        (3, 4, 24, "every 3 days from 10:00 for 24 hours, 23 Nov – 2 Dec   alice → bob, 4 times"),
        (2, 3, 8, "every 2 days 10:00–18:00, 23 Nov – 27 Nov   alice → bob, 3 times"),
        (
            14,
            3,
            168,
            "every 2 weeks on Mon from 10:00 for 7 days, 23 Nov – 21 Dec   alice → bob, 3 times",
        ),
        (7, 3, 30, "every Mon 10:00–16:00, 1 day later, 23 Nov – 7 Dec   alice → bob, 3 times"),
        (14, 3, 8, "every 2 weeks on Mon 10:00–18:00, 23 Nov – 21 Dec   alice → bob, 3 times"),
        (1, 1, 8, "Mon 23 Nov 10:00–18:00   alice → bob"),
    ],
)
def test_patterns_in_words(step: int, number: int, hours: int, text: str) -> None:
    found = tuple(every(step, number, hours, 1, 2))
    assert text in text_of(found, ACCOUNT.timezone, NOW)
    check(found)


def test_working_days_are_one_pattern() -> None:
    found = tuple(
        one for one in every(1, 19, 8, 1, 2) if one.start // DAY % 7 not in (2, 3)
    )  # 1970 began on a Thursday
    text = text_of(found, ACCOUNT.timezone, NOW)
    assert "every Mon-Fri 10:00–18:00, 23 Nov – 11 Dec   alice → bob, 15 times" in text
    check(found)


ALICE, BOB, CAROL, FRANK = Member(1), Member(2), Member(3), Member(5, 1)


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ({ALICE, FRANK}, {BOB, FRANK}, "alice → bob, with frank (backup), 4 times"),
        ({ALICE}, {BOB, ALICE}, "+ bob, with alice, 4 times"),
        ({ALICE, BOB, CAROL}, {ALICE, CAROL}, "- bob, leaving alice, carol, 4 times"),
        ({ALICE, FRANK}, {FRANK}, "- alice, leaving frank (backup), 4 times"),
        ({ALICE}, set(), "alice → nobody, 4 times"),
        ({ALICE}, {Member(1, 1)}, "alice → alice (backup), 4 times"),
    ],
)
def test_who_stays_is_named_apart(before: set[Member], after: set[Member], text: str) -> None:
    found = tuple(
        Move(one.start, one.end, frozenset(before), frozenset(after))
        for one in every(1, 4, 8, 1, 2)
    )
    assert f"daily 10:00–18:00, 23 Nov – 26 Nov   {text}\n" in text_of(found, ACCOUNT.timezone, NOW)
    check(found)


def test_who_stays_breaks_no_pattern_and_no_stretch() -> None:
    found = tuple(
        Move(
            one.start + part,
            one.start + part + 4 * HOUR,
            frozenset({ALICE, who}),
            frozenset({BOB, who}),
        )
        for one in every(1, 4, 8, 1, 2)
        for part, who in ((0, FRANK), (4 * HOUR, CAROL))
    )
    text = text_of(found, ACCOUNT.timezone, NOW)
    assert "daily 10:00–18:00, 23 Nov – 26 Nov   alice → bob, with others, 4 times\n" in text
    check(found)


def test_nobody_and_somebody_else_are_not_the_same_before() -> None:
    first, second, *_ = every(1, 2, 24, 1, 2)
    found = (
        Move(first.start, first.end, frozenset({ALICE}), frozenset({ALICE, BOB})),
        Move(second.start, second.end, frozenset(), frozenset({BOB})),
    )
    text = text_of(found, ACCOUNT.timezone, NOW)
    assert "+ bob, with alice" in text
    assert "nobody → bob" in text


def test_weekdays_are_a_pattern_only_where_each_came_twice() -> None:
    once = [one for one in every(1, 7, 8, 1, 2) if one.start // DAY % 7 not in (0, 4)]
    assert "every " not in text_of(tuple(once), ACCOUNT.timezone, NOW)
    twice = [one for one in every(1, 14, 8, 1, 2) if one.start // DAY % 7 not in (0, 4)]
    assert "every Tue, Wed, Fri-Sun " in text_of(tuple(twice), ACCOUNT.timezone, NOW)
    check(tuple(once))
    check(tuple(twice))


def test_two_shifts_are_not_folded() -> None:
    text = text_of(tuple(every(1, 2, 8, 1, 2)), ACCOUNT.timezone, NOW)
    assert "Mon 23 Nov 10:00–18:00   alice → bob" in text
    assert "Tue 24 Nov 10:00–18:00   alice → bob" in text


def test_two_turns_of_a_pair_in_one_round_are_two_patterns() -> None:
    found = sorted(
        [*every(6, 5, 24, 1, 2), *every(6, 5, 24, 1, 2, MONDAY + 4 * DAY)],
        key=lambda one: one.start,
    )
    assert [part.step for part in fold_moves(found, ACCOUNT.timezone)] == [6, 6]


def test_what_goes_on_is_in_no_pattern() -> None:
    text = text_of(tuple(every(1, 4, 8, 1, 2)), ACCOUNT.timezone, NOW, goes_on=True)
    assert "3 times" in text
    assert "from Thu 26 Nov 10:00 on " in text


def test_daylight_saving_breaks_no_pattern() -> None:
    change = 1774746000  # Sun 29 Mar 2026 02:00 in Berlin
    found = every(1, 14, 2, 1, 2, change - 7 * DAY + 8 * HOUR)
    assert len(fold_moves(found, "Europe/Berlin")) == 2
    wall = [move(one.start - HOUR, one.end - HOUR, (1,), (2,)) for one in found[7:]]
    assert len(fold_moves([*found[:7], *wall], "Europe/Berlin")) == 1
