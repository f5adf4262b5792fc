"""How checks write people, times and lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from flashsync.checks.model import Case
from flashsync.model import wording
from flashsync.model.schedule import Member
from flashsync.model.timezone import HOUR
from flashsync.model.wording import count, joined

if TYPE_CHECKING:
    from flashsync.model.calendar import Span
    from flashsync.rotation.compare import Move

NOBODY = "nobody"


def who(members: Iterable[Member], case: Case) -> str:
    """`alice`, `alice and bob (backup)`, `nobody`."""
    directory = case.words.directory
    ordered = wording.sort_members(members, directory)
    return joined([wording.member(member, directory) for member in ordered]) or NOBODY


def change_of_hands(move: Move, case: Case) -> str:
    """`alice → frank`."""
    return f"{who(move.before, case)} → {who(move.after, case)}"


def people(ids: Iterable[int], case: Case, last: str = "and") -> str:
    """`alice`, `alice and bob`."""
    return joined(sorted(case.words.directory.person(id) for id in ids), last)


def when(instant: int, case: Case) -> str:
    """`Mon 7 Dec 10:00`, in the zone that the user asked to see."""
    return wording.moment(instant, case.words.timezone, case.now)


def on_the_clock(instant: int, case: Case) -> str:
    """`Mon 7 Dec 10:00`, in the account's zone, as a file writes it."""
    return wording.moment(instant, case.zone, case.now)


def between(span: Span, case: Case, horizon: int | None = None) -> str:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00`, in the zone that the user asked to see.

    A span that reaches the horizon (Unix seconds) is `from Mon 7 Dec 10:00 on`.
    """
    if horizon is not None:
        from flashsync.plan.model import endless  # only plans have a horizon

        if span[0] < horizon <= span[1] or endless(span, horizon):
            return f"from {when(span[0], case)} on"
    return wording.span(span, case.words.timezone, case.now)


def quoted(name: str) -> str:
    """A name of the account as `` `name` ``; it cannot end the quote itself."""
    return "`" + name.replace("`", "'") + "`"


def more(number: int, noun: str) -> str:
    """`, and 2 more gaps`; "" for 0."""
    return f", and {count(number, f'more {noun}')}" if number else ""


def listed(parts: Sequence[str], most: int, noun: str) -> str:
    """`a, b and c`, or `a, b, and 2 more rules` where there are more than `most`."""
    if len(parts) <= most:
        return joined(parts)
    return ", ".join(parts[:most]) + more(len(parts) - most, noun)


def hours(seconds: int) -> str:
    """`24 h`, `90 min`."""
    return f"{seconds // HOUR} h" if seconds % HOUR == 0 else f"{seconds // 60} min"


def time_of_day(seconds: int) -> str:
    """`10:00`, from seconds of the wall clock."""
    minutes = seconds // 60 % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
