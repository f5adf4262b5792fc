"""`apply --plan FILE --later-cut`: a saved plan that is late, at the next handoff."""

from __future__ import annotations

from dataclasses import replace

from flashsync.api.client import Client
from flashsync.api.shifts import LONGEST_WINDOW, read_calendar
from flashsync.cli.effects import foresee
from flashsync.cli.planning import Planned
from flashsync.plan.build import Facts
from flashsync.plan.lateness import late
from flashsync.plan.later import at_a_later_cut, shifts_differ
from flashsync.plan.model import Plan, Update
from flashsync.plan.view import Words
from flashsync.render.words import joined
from flashsync.state.schedule import Schedule


def later(client: Client, planned: Planned, now: int) -> Planned:
    """The plan with its late cuts at the next handoff, and the effects of these computed anew.

    Raises RefusedError where the changes would be others than those that were planned.
    """
    plan, words = planned.plan, planned.words
    again: dict[str, Update] = {}
    live: dict[int, Schedule] = {}
    for update in late(plan, now):
        again[update.name], live[update.id] = _again(client, plan, update, words, now)
    fresh = replace(plan, actions=tuple(again.values()), created_at=now)
    foreseen = foresee(fresh, live, client).plan
    taken = {one.name: one for one in foreseen.writes}
    actions = tuple(taken.get(one.name, one) for one in plan.actions)
    note = _note(plan, foreseen, tuple(again), words)
    result = replace(
        plan,
        actions=actions,
        created_at=now,
        window=foreseen.window,
        notes=(*plan.notes, note),
    )
    return replace(planned, plan=result)


def _again(
    client: Client, plan: Plan, update: Update, words: Words, now: int
) -> tuple[Update, Schedule]:
    """An update at its next cut, with the live schedule that it was made from."""
    zone = plan.account.timezone
    found = read_calendar(client, update.id, zone, now, now + LONGEST_WINDOW)
    calendars = {update.id: found.calendar}
    facts = Facts(
        plan.account,
        {update.id: found.schedule},
        Words(words.directory, zone),
        now,
        computed=calendars,
    )
    return at_a_later_cut(update, found.schedule, facts), found.schedule


def _note(old: Plan, new: Plan, names: tuple[str, ...], words: Words) -> str:
    """Whose shifts differ from what was planned."""
    before, after = (
        [
            move
            for write in plan.writes
            if write.effect and write.name in names
            for move in write.effect.moves
        ]
        for plan in (old, new)
    )
    people = sorted(words.directory.person(one) for one in shifts_differ(before, after))
    which = f"of {joined(people)}" if people else "of nobody in this window"
    return f"taken at a later cut: shifts differ from those that were planned, {which}"
