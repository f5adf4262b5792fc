"""What a plan promised, held against the shifts after the write."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from flashsync.model.calendar import Calendar, Shift, Span
from flashsync.model.schedule import Member
from flashsync.model.timezone import DAY, HOUR
from flashsync.plan import promised_shifts
from flashsync.plan.promised_shifts import describe_broken
from flashsync.rotation.compare import Move
from tests.render.plans import NOW, WORDS


def who(*people: int) -> frozenset[Member]:
    return frozenset(map(Member, people))


def calendar(*people: int, start: int = NOW) -> Calendar:
    """A day each, 0 for nobody, from NOW on; computed at `start`."""
    shifts = [
        Shift(max(start, NOW + place * DAY), NOW + (place + 1) * DAY, who(person))
        for place, person in enumerate(people)
        if person
    ]
    return Calendar(start, NOW + len(people) * DAY, (), tuple(shifts))


UNTIL = NOW + 9 * DAY


def broken(
    promised: Sequence[Move], before: Calendar, after: Calendar, since: Sequence[Span] = ()
) -> tuple[Move, ...]:
    return promised_shifts.broken(promised, before, after, UNTIL, since)


TO_CAROL = Move(NOW + DAY, NOW + 2 * DAY, who(2), who(3))


@pytest.mark.parametrize("start", [NOW, NOW + 60, NOW + DAY + HOUR])
def test_a_promise_that_is_kept(start: int) -> None:
    assert broken([TO_CAROL], calendar(1, 2, 1), calendar(1, 3, 1, start=start)) == ()


def test_nothing_promised_and_nothing_moved() -> None:
    assert broken([], calendar(1, 2, 0), calendar(1, 2, 0, start=NOW + 5)) == ()


def test_a_shift_that_did_not_move_is_named() -> None:
    found = broken([TO_CAROL], calendar(1, 2, 1), calendar(1, 2, 1))
    assert found == (Move(NOW + DAY, NOW + 2 * DAY, who(3), who(2)),)
    assert describe_broken(found, WORDS, NOW) == (
        "Sun 22 Nov 16:33 – Mon 23 Nov 16:33: carol was promised, and bob is on call"
    )


def test_a_shift_that_moved_unasked_is_named() -> None:
    found = broken([], calendar(1, 2, 1, 1), calendar(1, 2, 0, 2))
    assert [move.after for move in found] == [who(), who(2)]
    assert describe_broken(found, WORDS, NOW).endswith(
        "alice was promised, and nobody is on call, and 1 more"
    )


def test_a_new_schedule_promises_all_its_shifts() -> None:
    fresh = Calendar(NOW, NOW + 2 * DAY)
    promised = [Move(NOW, NOW + DAY, who(), who(1)), Move(NOW + DAY, NOW + 2 * DAY, who(), who(2))]
    assert broken(promised, fresh, calendar(1, 2)) == ()
    assert broken(promised, fresh, calendar(2, 2)) != ()


def test_later_console_overrides_break_no_promise() -> None:
    since = [(NOW + DAY, NOW + 2 * DAY)]
    assert broken([TO_CAROL], calendar(1, 9, 1), calendar(1, 4, 1), since) == ()
    assert broken([TO_CAROL], calendar(1, 9, 1), calendar(1, 4, 2), since) != ()


def test_after_its_window_a_plan_promises_nothing() -> None:
    assert promised_shifts.broken([TO_CAROL], calendar(1, 2), calendar(3, 3), NOW) == ()
    assert promised_shifts.broken([], calendar(1, 2), calendar(1, 3), NOW + DAY) == ()


def test_the_end_of_the_shorter_calendar_counts() -> None:
    assert broken([], calendar(1, 2), calendar(1, 2, 3)) == ()
