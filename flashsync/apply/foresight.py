"""Refuses writes that would move shifts that their plan does not show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flashsync.api.client import Client
from flashsync.api.codec.schedule import as_stored
from flashsync.api.endpoints.schedules import PREVIEW, Live, preview
from flashsync.api.errors import Failure, Stopped
from flashsync.errors import Problem
from flashsync.model.schedule import Schedule
from flashsync.plan import promised_shifts
from flashsync.plan.effects import fits
from flashsync.plan.merge import merged
from flashsync.plan.model import Plan, Update
from flashsync.plan.promised_shifts import Move, Window
from flashsync.plan.words import Words

PATIENCE = 20
"""Seconds: a preview that would have to wait longer is not asked for."""


def unshown_by_engine(
    action: Update, live: Schedule, sent: Schedule, timezone: str, window: Window
) -> tuple[Move, ...]:
    """The shifts that would move against the plan, as far as the local engine can tell.

    What is judged is what the platform would store, not what was meant to be sent.
    """
    return promised_shifts.find_unshown(action, live, as_stored(sent, timezone), timezone, window)


def unshown_by_platform(
    plan: Plan, live: Mapping[int, Live], client: Client, now: int
) -> Iterator[tuple[Update, tuple[Move, ...]]]:
    """The updates that would move shifts against the plan by the platform's own preview.

    It is asked where the plan was judged by the local engine alone, and that does not give what
    the platform computes for the live schedule. Fair layers are left out, since a preview may deal
    their turns anew.
    """
    timezone = plan.account.timezone
    doubted = [
        action
        for action in plan.writes
        if isinstance(action, Update)
        and action.id in live
        and promised_shifts.judged_here(action, live[action.id].schedule)
        and not fits(live[action.id].schedule, live[action.id].calendar, timezone)
    ]
    for action in doubted[: client.room(PREVIEW, PATIENCE)]:
        before, shifts = live[action.id].schedule, live[action.id].calendar
        sent = merged(action.target, before, now)
        try:
            after = preview(client, sent, shifts.start, shifts.end, patient=False)
        except Stopped:
            raise
        except Failure:
            continue  # nobody can tell
        window = window_of(plan, now)
        yield action, promised_shifts.against(action, before, shifts, after, window)


def window_of(plan: Plan, now: int) -> Window:
    """When the plan says what happens to shifts."""
    return Window(now, plan.window[1] if plan.window else None, plan.created_at)


def refusal(action: Update, moves: Sequence[Move], words: Words, now: int) -> Problem:
    """One line: which schedule, from when, and who."""
    return Problem(
        f"writing `{action.name}` would move a shift that the plan does not show: "
        f"{promised_shifts.describe_move(moves, words, now)}",
        "run `flashsync plan` again; if this comes back, change the layer in the console",
        action.source,
    )


def refusals(
    plan: Plan, live: Mapping[int, Live], client: Client, words: Words, now: int
) -> list[Problem]:
    """All updates that would move shifts against the plan, before the first write."""
    timezone, window = plan.account.timezone, window_of(plan, now)
    moves_by_id: dict[int, tuple[Update, tuple[Move, ...]]] = {}
    for action in plan.writes:
        if isinstance(action, Update) and action.id in live:
            before = live[action.id].schedule
            sent = merged(action.target, before, now)
            moves = unshown_by_engine(action, before, sent, timezone, window)
            moves_by_id[action.id] = action, moves
    if not any(moves for _, moves in moves_by_id.values()):
        for action, moves in unshown_by_platform(plan, live, client, now):
            moves_by_id[action.id] = action, moves
    return [refusal(action, moves, words, now) for action, moves in moves_by_id.values() if moves]
