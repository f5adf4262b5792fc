"""What a plan says about a live schedule beside its changes: kept, not compared, made theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.plan.model import Remarks
from flashsync.plan.view import Words
from flashsync.plan.webhooks import Compared, path_of
from flashsync.state import notation
from flashsync.state.schedule import MARK, Override, Schedule
from flashsync.state.wording import first


def remarks_on(
    live: Schedule, target: Schedule, compared: Compared, words: Words, now: int
) -> Remarks:
    """The notes on a schedule; overrides that have passed (`now`: Unix seconds) are history."""
    notes = tuple(_notes(live, target, compared, words, now))
    return Remarks(notes, uncompared=(*compared.uncompared, *compared.masked))


def _notes(
    live: Schedule, target: Schedule, compared: Compared, words: Words, now: int
) -> Iterator[str]:
    kept = [one for one in live.console_overrides if not one.past(now)]
    if kept:
        names = first([f"`{one.name}`" for one in kept], 3)
        yield f"kept as they are: overrides made in the console, {names}"
    yield from _not_compared(target, compared)
    for wanted in target.overrides:
        yield from _made_theirs(wanted, kept, words)


_NOT_COMPARED = " was not compared: "


def _not_compared(target: Schedule, compared: Compared) -> Iterator[str]:
    """Which secrets were not compared, and what would help."""
    absent = {
        path_of(hook, field): secret.reference
        for hook in target.notify.webhooks
        for field, secret in hook.secrets()
        if not secret.value
    }
    for path in compared.uncompared:
        lacks = absent.get(path)
        why = f"{lacks} is not set here" if lacks else "the platform does not show it"
        yield f"{path}{_NOT_COMPARED}{why}"
    for path in compared.masked:
        why = "the platform masks it, and the file has to give it before the next edit"
        yield f"{path}{_NOT_COMPARED}{why}"


def read_uncompared(notes: Sequence[str]) -> Iterator[str]:
    """The paths of secrets that were not compared; of these a saved plan holds only the notes."""
    for note in notes:
        path, said, _ = note.partition(_NOT_COMPARED)
        if said:
            yield path


def _made_theirs(wanted: Override, kept: Sequence[Override], words: Words) -> Iterator[str]:
    """An override of ours whose mark somebody took off in the console."""
    for one in kept:
        begins, ends = max(one.start, wanted.start), min(one.end, wanted.end)
        if one.people == wanted.people and begins < ends:
            zone = words.timezone
            both = f"{notation.time(begins, zone)} to {notation.time(ends, zone)}"
            name = wanted.name.removesuffix(MARK)
            yield f"override `{name}` and the console's `{one.name}` both hold from {both}"
