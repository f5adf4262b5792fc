"""What a plan says about a live schedule next to its changes: kept, not compared, made theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from flashsync.model import wording
from flashsync.model.schedule import MARK, Override, Schedule
from flashsync.model.wording import first
from flashsync.plan.model import Remarks, Target
from flashsync.plan.overrides import find_yielded
from flashsync.plan.webhooks import ComparedNotify, path_of
from flashsync.plan.words import Words

_MOST = 3
"""How many overrides of the console are named in a note."""


def remarks_on(
    live: Schedule, target: Target, compared: ComparedNotify, words: Words, now: int
) -> Remarks:
    """The notes on a schedule; overrides that have passed (`now`: Unix seconds) are history."""
    notes = tuple(_notes(live, target, compared, words, now))
    return Remarks(notes, uncompared=(*compared.uncompared, *compared.masked))


def _notes(
    live: Schedule, target: Target, compared: ComparedNotify, words: Words, now: int
) -> Iterator[str]:
    kept = [one for one in live.console_overrides if not one.past(now)]
    if kept:
        names = first([f"`{one.name}`" for one in kept], _MOST)
        yield f"kept as they are: overrides made in the console, {names}"
    yield from _not_compared(target, compared)
    yield from _left_to_console(live, target.schedule.overrides, words, now)


def _not_compared(target: Target, compared: ComparedNotify) -> Iterator[str]:
    """Which secrets were not compared, and what would help."""
    absent = {
        path_of(hook, field): secret.reference
        for hook in target.schedule.notify.webhooks
        for field, secret in hook.secrets()
        if not secret.value
    }
    for path in compared.uncompared:
        lacks = absent.get(path)
        why = f"{lacks} is not set here" if lacks else "the platform does not show it"
        yield f"{path} was not compared: {why}"
    why = "the platform masks it, and the file has to give it before the next edit"
    if "notify" in target.ignored:
        why = "the platform masks it, so flashsync cannot write this schedule without losing it"
    for path in compared.masked:
        yield f"{path} was not compared: {why}"


def _left_to_console(
    live: Schedule, wanted: Sequence[Override], words: Words, now: int
) -> Iterator[str]:
    """Where overrides of the file give way to the console's, a note for each name.

    An override of the same people is named only where it is ours, and somebody took its mark off.
    """
    stretches: dict[str, list[str]] = defaultdict(list)
    unsettled: set[str] = set()
    for one in find_yielded(live, wanted, now):
        name = one.piece.name.removesuffix(MARK)
        if one.to.people == one.piece.people and one.to.name != name:
            continue
        begin, end = (wording.time(at, words.timezone) for at in one.span)
        who = wording.members(one.to.members, words.directory)
        stretches[name].append(f"`{one.to.name}` ({who}) from {begin} to {end}")
        unsettled |= {name} if one.unsettled and one.to.people != one.piece.people else set()
    for name, found in stretches.items():
        until = "; until the next write the account has both" if name in unsettled else ""
        yield f"override `{name}` is left to the console: {first(found, _MOST)}{until}"
