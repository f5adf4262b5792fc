"""`apply --plan FILE --later-cut`: a saved plan that is late, at the next handoff."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from flashsync.api.client import Client
from flashsync.api.endpoints.shifts import LONGEST_WINDOW, read_calendar
from flashsync.apply.last_writer import Writers
from flashsync.apply.preconditions import moved
from flashsync.cli.effects import foresee
from flashsync.cli.planning import Planned
from flashsync.errors import RefusedError
from flashsync.model.schedule import Schedule
from flashsync.model.wording import joined
from flashsync.plan.build import Facts
from flashsync.plan.effects import as_of
from flashsync.plan.model import Plan, Update, Write
from flashsync.plan.saved.later_cut import at_a_later_cut, shifts_differ
from flashsync.plan.saved.staleness import late
from flashsync.plan.words import Words


def later(client: Client, planned: Planned, now: int) -> Planned:
    """The saved plan with its late cuts at the next handoff, and their effects computed anew.

    Raises RefusedError where a schedule has moved since the plan, or where the changes would be
    others than those that were planned.
    """
    plan, words = planned.plan, planned.words
    again: dict[str, Update] = {}
    live: dict[int, Schedule] = {}
    for update in late(plan, now):
        again[update.name], live[update.id] = _again(client, plan, update, words, now)
    fresh = replace(plan, actions=tuple(again.values()), created_at=now)
    foreseen = foresee(fresh, live, client).plan
    taken = {one.name: one for one in foreseen.writes}
    actions = tuple(taken.get(one.name, one) for one in as_of(plan, now).actions)
    result = replace(
        plan,
        actions=actions,
        created_at=now,
        window=foreseen.window,
        notes=(*plan.notes, _note(plan, again, taken, words)),
    )
    return replace(planned, plan=result)


def _again(
    client: Client, plan: Plan, update: Update, words: Words, now: int
) -> tuple[Update, Schedule]:
    """An update at its next cut, with the live schedule that it was made from."""
    zone = plan.account.timezone
    found = read_calendar(client, update.id, zone, now, now + LONGEST_WINDOW)
    writers = Writers(client, words, plan.created_at, now)
    if problem := moved(update, found.schedule, writers):
        raise RefusedError(problem)
    calendars = {update.id: found.calendar}
    facts = Facts(
        plan.account,
        {update.id: found.schedule},
        Words(words.directory, zone),
        now,
        computed=calendars,
    )
    return at_a_later_cut(update, found.schedule, facts), found.schedule


def _note(plan: Plan, again: Collection[str], taken: Mapping[str, Write], words: Words) -> str:
    """Whose shifts differ from what was planned."""
    said = "taken at a later cut"
    pairs = [(one.effect, taken[one.name].effect) for one in plan.writes if one.name in again]
    until = plan.window[1] if plan.window else 0
    differ: set[int] = set()
    for old, new in pairs:
        if not until or not (old and old.source and new and new.source):
            return f"{said}: whose shifts differ from those that were planned is not known"
        differ |= shifts_differ(old.moves, new.moves, until)
    if not differ:
        return f"{said}: no shift differs from those that were planned"
    people = joined(sorted(map(words.directory.person, differ)))
    return f"{said}: shifts differ from those that were planned, of {people}"
