"""How old a saved plan is: said, and judged by clocks that may differ."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.errors import Problem
from flashsync.model.timezone import APART
from flashsync.model.wording import duration, moment
from flashsync.plan.model import Plan
from flashsync.plan.verdict import PLAN_AGAIN


def age(plan: Plan, now: int, timezone: str) -> str:
    """`made 2 hours ago, Sat 21 Nov 14:00`; `now` is in Unix seconds."""
    when = moment(plan.created_at, timezone, now)
    passed = now - plan.created_at
    ago = f"{duration(passed)} ago" if passed >= 0 else f"{duration(-passed)} from now"
    return f"made {ago}, {when}"


def too_old(plan: Plan, now: int, most: int | None, timezone: str) -> Iterator[Problem]:
    """Why a plan is not of the right age: at most `most` seconds, and not of the future."""
    passed = now - plan.created_at
    made = f"this plan was {age(plan, now, timezone)}"
    if passed < -APART:
        message = f"{made}: this clock is wrong, or that of the machine that made it"
        yield Problem(message, "set it right, then plan again")
    elif most is not None and passed > most:
        message = f"{made}, and --max-age allows {duration(most)}"
        yield Problem(message, f"{PLAN_AGAIN}, or allow more")
