"""What a plan says about a live schedule beside its changes: kept, not compared, made theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.plan.view import Words
from flashsync.plan.webhooks import Compared
from flashsync.state import notation
from flashsync.state.schedule import MARK, Override, Schedule


def remarks_on(
    live: Schedule, target: Schedule, compared: Compared, words: Words, now: int
) -> Iterator[str]:
    """The notes of one schedule; overrides that have passed (`now`: Unix seconds) are history."""
    kept = [one for one in live.console_overrides if not one.past(now)]
    if kept:
        names = ", ".join(f"`{one.name}`" for one in kept[:3])
        more = f" and {len(kept) - 3} more" if len(kept) > 3 else ""
        yield f"kept as they are: overrides made in the console, {names}{more}"
    for path in compared.uncompared:
        yield f"{path} was not compared: the platform does not show it"
    for wanted in target.overrides:
        yield from _made_theirs(wanted, kept, words)


def _made_theirs(wanted: Override, kept: Sequence[Override], words: Words) -> Iterator[str]:
    """An override of ours whose mark somebody took off in the console."""
    for one in kept:
        begins, ends = max(one.start, wanted.start), min(one.end, wanted.end)
        if one.people == wanted.people and begins < ends:
            zone = words.timezone
            both = f"{notation.time(begins, zone)} to {notation.time(ends, zone)}"
            name = wanted.name.removesuffix(MARK)
            yield f"override `{name}` and the console's `{one.name}` both hold from {both}"
