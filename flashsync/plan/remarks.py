"""What a plan says about a live schedule beside its changes: kept, not compared, made theirs."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.plan.view import Words
from flashsync.plan.webhooks import Compared
from flashsync.state import notation
from flashsync.state.schedule import MARK, Override, Schedule


def remarks_on(live: Schedule, target: Schedule, compared: Compared, words: Words) -> Iterator[str]:
    """The notes of one schedule."""
    kept = live.console_overrides
    if kept:
        names = ", ".join(f"`{one.name}`" for one in kept[:3])
        more = f" and {len(kept) - 3} more" if len(kept) > 3 else ""
        yield f"kept as they are: overrides made in the console, {names}{more}"
    for path in compared.uncompared:
        yield f"{path} was not compared: the platform does not show it"
    for wanted in target.overrides:
        yield from _made_theirs(wanted, live, words)


def _made_theirs(wanted: Override, live: Schedule, words: Words) -> Iterator[str]:
    """An override of ours whose mark somebody took off in the console."""
    for one in live.console_overrides:
        begins, ends = max(one.start, wanted.start), min(one.end, wanted.end)
        if one.people == wanted.people and begins < ends:
            zone = words.timezone
            both = f"{notation.time(begins, zone)} to {notation.time(ends, zone)}"
            name = wanted.name.removesuffix(MARK)
            yield f"override `{name}` and the console's `{one.name}` both hold from {both}"
