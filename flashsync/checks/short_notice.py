"""A shift of a live schedule that begins soon and changes hands."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.model import (
    Case,
    CheckFinding,
    CheckSettings,
    between,
    change_of_hands,
    hours,
    more,
    when,
)


def short_notice(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds shifts that begin `within` the configured time; names two, counts the others."""
    if case.effect is None or case.before is None:
        return
    if case.after is None and case.effect.now:
        return  # a delete relieves at once whoever is on call: nothing is left to add
    latest = case.now + settings.within
    soon = [move for move in case.effect.moves if case.now < move.start <= latest]
    if not soon:
        return
    first = soon[0]
    span = between((first.start, first.end), case, case.window[1])
    message = (
        f"less than {hours(settings.within)} ahead a shift changes hands: "
        f"{span}, {change_of_hands(first, case)}"
    )
    if len(soon) > 1:
        second = soon[1]
        message += f", then from {when(second.start, case)} {change_of_hands(second, case)}"
        message += more(len(soon) - 2, "shift")
    yield CheckFinding(message, "tell them before you apply", ("layers",))
