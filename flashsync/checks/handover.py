"""What an action does to shifts: gaps that it opens, and shifts that change hands soon."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.finding_text import between, hours, more, when, who
from flashsync.checks.model import Case, CheckFinding, CheckSettings
from flashsync.rotation.compare import Move

_LAYERS = ("layers",)


def coverage_gap(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Time that was covered and is no more. A create or a delete opens no gap in a rota."""
    del settings
    if case.effect is None or case.before is None or case.after is None:
        return
    if gaps := case.effect.gaps:
        message = f"this leaves nobody on call {between(gaps[0], case, case.window[1])}"
        message += more(len(gaps) - 1, "gap")
        yield CheckFinding(message, "cover it by a layer or an override", _LAYERS)


def on_call_now(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Who is on call at this moment changes, on a schedule that people rely on already."""
    del settings
    move = case.effect.now if case.effect else None
    if move is not None and case.before is not None:
        message = f"this changes who is on call right now: {_change(move, case)}"
        yield CheckFinding(message, "tell them before you apply", _LAYERS)


def short_notice(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """A live schedule's shift that begins soon changes hands."""
    if case.effect is None or case.before is None:
        return
    latest = case.now + settings.within
    soon = [move for move in case.effect.moves if case.now < move.start <= latest]
    if soon:
        first = soon[0]
        message = (
            f"less than {hours(settings.within)} ahead a shift changes hands: "
            f"{between((first.start, first.end), case, case.window[1])}, {_change(first, case)}"
        )
        if others := _others(soon, case):
            message += f", then {others}"
        yield CheckFinding(message, "tell them before you apply", _LAYERS)


def _others(moves: list[Move], case: Case) -> str:
    """The second move, and how many come after it."""
    if len(moves) < 2:
        return ""
    second = moves[1]
    text = f"from {when(second.start, case)} {_change(second, case)}"
    return text + more(len(moves) - 2, "shift")


def _change(move: Move, case: Case) -> str:
    """`alice → frank`."""
    return f"{who(move.before, case)} → {who(move.after, case)}"
