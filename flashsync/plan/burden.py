"""How much each person is on call before and after an action, in the plan's window."""

from __future__ import annotations

from flashsync.model.calendar import Calendar, Span
from flashsync.plan.effect import Burden, Effect
from flashsync.rotation.compare import Load, load


def burdens(effect: Effect, window: Span, timezone: str) -> tuple[Burden, ...]:
    """Of each person, by id; nothing where nobody's shifts move.

    Nights and weekends are those of `timezone`. A saved plan has no calendars, and says what it
    said when it was made.
    """
    if not effect.moves:
        return ()
    if effect.before is None and effect.after is None:
        return effect.burdens
    before, after = (_load(side, window, timezone) for side in (effect.before, effect.after))
    none = Load()
    return tuple(
        Burden(person, before.get(person, none), after.get(person, none))
        for person in sorted({*before, *after})
    )


def _load(side: Calendar | None, window: Span, timezone: str) -> dict[int, Load]:
    return load(side.until(window[1]), timezone) if side else {}
