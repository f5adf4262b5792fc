"""Plans with effects to render: shifts that move, now and later, gaps, and what is not known."""

from __future__ import annotations

from dataclasses import replace

from flashsync.model.calendar import Calendar, Shift
from flashsync.model.check_registry import ON_CALL_NOW
from flashsync.model.schedule import Member
from flashsync.model.timezone import DAY, HOUR, WEEK
from flashsync.plan.model import Caution, Change, ChangeKind, Effect, EffectSource, Plan, Remarks
from flashsync.rotation.compare import Gap, Move
from tests.render.plans import ABSENT, NOW, ONE_LINE, new, plan, unchanged, update

MONDAY = 1795399200
"""Mon 23 Nov 2026 10:00 in Shanghai."""
WINDOW = (NOW, MONDAY + 3 * WEEK)


def members(*people: int) -> frozenset[Member]:
    """These people in the primary role."""
    return frozenset(map(Member, people))


def move(start: int, end: int, before: tuple[int, ...], after: tuple[int, ...]) -> Move:
    """From `before` to `after`."""
    return Move(start, end, members(*before), members(*after))


def calendar(*people: int) -> Calendar:
    """A week each."""
    shifts = [Shift(NOW, MONDAY, members(people[0]))] + [
        Shift(MONDAY + place * WEEK, MONDAY + (place + 1) * WEEK, members(person))
        for place, person in enumerate(people[1:])
    ]
    return Calendar(NOW, WINDOW[1] + HOUR, (), tuple(shifts))


LATER = move(MONDAY + 2 * WEEK, MONDAY + 3 * WEEK, (1,), (5,))
ADDED = replace(
    ONE_LINE,
    effect=Effect(
        EffectSource.SERVER, moves=(LATER,), before=calendar(2, 3, 4, 1), after=calendar(2, 3, 4, 5)
    ),
)
"""One person added to a weekly rotation, and one shift that moves."""

NOW_MOVE = move(NOW, MONDAY, (2, 3), (1,))
DEALT_ANEW = replace(
    update(
        Change("layers[Primary].groups", ChangeKind.TURNS, ("alice", "bob", "carol"), ("alice",))
    ),
    remarks=Remarks(
        warnings=(
            Caution("this changes who is on call right now: bob and carol → alice", ON_CALL_NOW),
        )
    ),
    effect=Effect(
        EffectSource.LOCAL,
        "computed here, not by the platform: its previews are limited to 40 a minute",
        (
            NOW_MOVE,
            *(move(MONDAY + n * DAY, MONDAY + n * DAY + 12 * HOUR, (2,), ()) for n in range(12)),
        ),
        goes_on=True,
        now=NOW_MOVE,
        gaps=tuple(Gap(MONDAY + n * DAY, MONDAY + (n + 1) * DAY) for n in range(0, 12, 2)),
    ),
)
"""Who is on call at this moment changes, and gaps open."""

NEW = replace(
    new(),
    effect=Effect(
        EffectSource.SERVER,
        moves=tuple(
            move(MONDAY + n * DAY, MONDAY + (n + 1) * DAY, (), (n % 6 + 1,)) for n in range(14)
        ),
        after=calendar(1),
    ),
)
COVERED = replace(
    update(Change("overrides", ChangeKind.ADDED, None, "Exam week: alice")),
    effect=Effect(
        EffectSource.SERVER,
        later=move(MONDAY + 200 * WEEK, MONDAY + 201 * WEEK, (1,), (2,)),
    ),
)
"""Nothing moves within the window."""
UNKNOWN = replace(
    update(Change("layers[Night]", ChangeKind.ADDED, None, {"fair": "true"})),
    effect=Effect(None, "the platform gave no preview: the key may not do this"),
)
GOES = replace(ABSENT, effect=Effect(EffectSource.SERVER, moves=(move(NOW, WINDOW[1], (1,), ()),)))


def with_window(*actions: object) -> Plan:
    """A plan with computed effects."""
    found = plan(*actions)  # type: ignore[arg-type]
    return replace(found, window=WINDOW)


FULL = with_window(GOES, NEW, ADDED, DEALT_ANEW, COVERED, UNKNOWN, unchanged("Quiet"))
