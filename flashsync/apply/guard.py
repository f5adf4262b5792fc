"""Has anything moved since the plan was made? Asked of all before the first write, then of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flashsync.api import schedules
from flashsync.api.client import Client
from flashsync.api.failures import Failure, NotFound, Stopped
from flashsync.api.shifts import Live, read_calendar
from flashsync.errors import Problem, RefusedError, ServiceError
from flashsync.plan import dangers
from flashsync.plan.fingerprint import fingerprint
from flashsync.plan.model import Create, Delete, Plan, Update
from flashsync.plan.remarks import uncompared
from flashsync.plan.view import Words
from flashsync.plan.webhooks import Compared, compare, path_of
from flashsync.state import canonical, notation
from flashsync.state.schedule import Schedule

PLAN_AGAIN = "plan again, and look at it"


def check_all(plan: Plan, client: Client, words: Words, now: int) -> None:
    """Read all that the plan touches; refuse it whole if anything has moved.

    Raises RefusedError with one problem for each schedule that has.
    """
    zone = plan.account.timezone
    ids = [action.id for action in plan.writes if not isinstance(action, Create)]
    listed = {one.id: one for one in schedules.list_schedules(client, zone)}
    present = [id for id in ids if id in listed]
    live = schedules.read_many(client, present, zone, now)
    names = {canonical.name(one.name): one.id for one in listed.values()}
    problems = [
        *(problem for problem in _moved(plan, live, words)),
        *(problem for problem in _names_taken(plan, names)),
    ]
    if problems:
        raise RefusedError(problems)


def _moved(plan: Plan, live: Mapping[int, Schedule], words: Words) -> Iterator[Problem]:
    for action in plan.writes:
        if isinstance(action, Create):
            continue
        found = live.get(action.id)
        if found is None:
            message = f"`{action.name}` (id {action.id}) is gone: somebody deleted it"
            yield Problem(message, PLAN_AGAIN, action.source)
        elif problem := moved(action, found, words):
            yield problem


def moved(
    action: Update | Delete, live: Schedule, words: Words, expected: str = ""
) -> Problem | None:
    """Says that a schedule is not what it was when the plan was made, and who wrote it last.

    `expected` is its fingerprint where an earlier step of the same plan has changed it. Also says
    where a write would lose a secret that reads back masked.
    """
    if fingerprint(live) != (expected or action.fingerprint):
        message = f"`{live.name}` has changed since the plan was made; {last_written(live, words)}"
        return Problem(message, PLAN_AGAIN, action.source)
    if isinstance(action, Update):
        compared = compare(action.target.schedule.notify, live.notify)
        if compared.masked:
            return dangers.masked(compared.masked, live.name, action.source)
        if rotated := _rotated(action, compared):
            message = f"{rotated} of `{live.name}` has changed since the plan was made"
            return Problem(f"{message}; {last_written(live, words)}", PLAN_AGAIN, action.source)
    return None


def _rotated(action: Update, compared: Compared) -> str | None:
    """A secret that would be overwritten although the plan shows no change of it.

    Fingerprints leave the values of secrets out, so that nothing can be guessed from them.
    """
    shown = {change.path for change in action.changes} | set(uncompared(action.remarks))
    for live, wanted in compared.pairs:
        before = dict(live.secrets())
        for field, secret in wanted.secrets():
            path, old = path_of(wanted, field), before.get(field)
            differs = old is not None and old.value != secret.value
            if secret.value and differs and path not in shown:
                return path
    return None


def last_written(live: Schedule, words: Words) -> str:
    """`last written by Bob Martin at 2026-11-21 10:00`."""
    stamp = live.stamp
    if not stamp.at:
        return "who wrote it last is not known"
    who = words.directory.person(stamp.by) if stamp.by else "somebody"
    return f"last written by {who} at {notation.time(stamp.at, words.timezone)}"


def _names_taken(plan: Plan, names: Mapping[str, int]) -> Iterator[Problem]:
    """Names that a write takes, and that a live schedule has which the plan does not free."""
    freed = {action.id for action in plan.writes if isinstance(action, Update | Delete)}
    for action in plan.writes:
        if isinstance(action, Delete):
            continue
        holder = names.get(canonical.name(action.name))
        if holder is not None and holder not in freed:
            message = f"somebody has created `{action.name}` (id {holder}) since the plan was made"
            yield Problem(message, PLAN_AGAIN, action.source)


def still_there(
    client: Client,
    action: Update | Delete,
    words: Words,
    timezone: str,
    now: int,
    expected: str = "",
    until: int | None = None,
) -> Live:
    """The live schedule right before its write, with its shifts from `now` to `until`.

    Without `until` the shifts are of an hour. Raises RefusedError if it has moved, or is gone.
    """
    live = read_again(client, action, timezone, now, until)
    if problem := moved(action, live.schedule, words, expected):
        raise RefusedError(problem)
    return live


def read_again(
    client: Client, action: Update | Delete, timezone: str, now: int, until: int | None = None
) -> Live:
    """The live schedule as it is now, with its shifts to `until`, or of an hour.

    Raises RefusedError if it is gone, and no Failure but Stopped: one that may have been carried
    out all the same would say so of the write, and this only reads.
    """
    end = max(until or 0, now + schedules.SMALLEST_WINDOW)
    try:
        return read_calendar(client, action.id, timezone, now, end, lanes=False)
    except NotFound as gone:
        message = f"`{action.name}` (id {action.id}) is gone: {gone.said}"
        raise RefusedError(Problem(message, PLAN_AGAIN, action.source)) from None
    except Stopped:
        raise
    except Failure as failure:
        raise ServiceError(failure.problems) from None
