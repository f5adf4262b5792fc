"""The calendars of a saved plan: those that the plan had before it was saved."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from flashsync.errors import Position
from flashsync.model.calendar import Calendar
from flashsync.model.schedule import Layer, Override, Schedule
from flashsync.model.timezone import DAY, HOUR
from flashsync.plan.model import (
    Create,
    Delete,
    Effect,
    EffectSource,
    Plan,
    Reason,
    Target,
    Update,
    Write,
)
from flashsync.plan.saved.rebuild_calendars import rebuild_calendars
from flashsync.rotation.calendar import calendar
from flashsync.rotation.compare import moves
from tests.model.strategies import steady
from tests.plan.helpers import ACCOUNT, NOW, START, ZONE
from tests.rotation.made import cover, rotating

WINDOW = (NOW, NOW + 14 * DAY)
PLACE = Position("prod.yaml", 1)

rotas = st.builds(
    lambda value, unit, groups, late: rotating(START + late * HOUR, value, unit, groups),
    st.integers(1, 30),
    st.sampled_from(["hour", "day", "week"]),
    st.integers(1, 3),
    st.integers(0, 24 * 40),
)
covers = st.lists(
    st.builds(
        lambda begin, hours, person: cover(
            NOW + begin * HOUR, NOW + (begin + hours) * HOUR, person
        ),
        st.integers(-24, 24 * 15),
        st.integers(1, 72),
        st.integers(1, 4),
    ),
    max_size=1,
)


def drawn(layers: list[Layer], overrides: list[Override]) -> Calendar:
    """The calendar of a schedule in the window."""
    return calendar(layers, overrides, ZONE, *WINDOW)


def saved(action: Write, before: Calendar | None, after: Calendar | None) -> Effect:
    """The effect of an action after a way through a file, and with its calendars again."""
    sides = (side.final if side else () for side in (before, after))
    effect = Effect(EffectSource.SERVER, moves=moves(*sides))
    plan = Plan(ACCOUNT, NOW, (replace(action, effect=effect),), window=WINDOW)
    (rebuilt,) = rebuild_calendars(plan).effects
    return rebuilt


def update(layers: list[Layer], overrides: list[Override]) -> Update:
    """An update to these layers; the overrides are the console's."""
    target = Target(Schedule("Production", layers=tuple(layers)))
    kept = tuple(one.identity for one in overrides)
    return Update(7, "Production", "mark", target, PLACE, (), kept=kept)


@steady
@given(rotas, rotas, covers, covers)
def test_both_sides_of_an_update_are_as_they_were(
    old: Layer, new: Layer, gone: list[Override], kept: list[Override]
) -> None:
    before, after = drawn([old], [*gone]), drawn([new], kept)
    rebuilt = saved(update([new], kept), before, after)
    if before.final == after.final:
        assert rebuilt.before is rebuilt.after is None
        return
    assert rebuilt.before is not None
    assert (rebuilt.before.final, rebuilt.before.lanes) == (before.final, ())
    assert rebuilt.after == after


@steady
@given(rotas)
def test_what_is_created_has_one_side_and_what_is_deleted_the_other(rota: Layer) -> None:
    shown = drawn([rota], [])
    new = Create(Target(Schedule("New", layers=(rota,))), PLACE, ())
    old = Delete(7, "Old", "mark", Reason.PRUNED)
    created, deleted = saved(new, None, shown), saved(old, shown, None)
    assert (created.before, created.after) == (None, shown if shown.final else None)
    assert deleted.after is None
    assert (deleted.before.final if deleted.before else ()) == shown.final


def test_what_only_the_platform_knows_is_left_out() -> None:
    fair = rotating(START, 1, "week", 2, fair=True)
    before, after = drawn([rotating(START, 1, "day")], []), drawn([rotating(START, 1, "week")], [])
    rebuilt = saved(update([fair], []), before, after)
    assert rebuilt.moves
    assert rebuilt.before is rebuilt.after is None


def test_what_is_not_as_the_plan_promised_is_left_out() -> None:
    before, after = drawn([rotating(START, 1, "day")], []), drawn([rotating(START, 1, "week")], [])
    other = rotating(START + 3 * DAY, 1, "week")
    rebuilt = saved(update([other], []), before, after)
    assert rebuilt.before is rebuilt.after is None
