"""The effects of a plan: by the platform, or computed here with the reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from flashsync.api.client import Client
from flashsync.api.endpoints.schedules import LONGEST_WINDOW, PREVIEW, preview, read_calendar
from flashsync.api.errors import Failure, Stopped
from flashsync.model.calendar import Calendar, joined
from flashsync.model.schedule import Schedule
from flashsync.operations.options import EffectsMode
from flashsync.plan.effects import (
    Horizon,
    Sides,
    fits,
    horizon,
    judge,
    local,
    looked_ahead,
    sides_of,
    with_effects,
)
from flashsync.plan.model import Effect, EffectSource, Plan
from flashsync.rotation.calendar import calendar

PATIENCE = 20
"""Seconds: a preview that would have to wait longer is computed here instead."""

NOT_COMPUTED = (
    "effects were not computed (--effects none): coverage_gap, on_call_now, short_notice, "
    "open_incidents and rota tests were not judged"
)

Lookup = Callable[[int, int], Calendar | None]
"""The shifts of a schedule after the plan, between two instants; None if unknown."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A plan with its effects; the known sides, and calendars, by the index of the action."""

    plan: Plan
    sides: Mapping[int, Sides]
    calendars: Mapping[int, Lookup] = field(default_factory=dict)


def foresee(
    plan: Plan,
    live: Mapping[int, Schedule],
    client: Client,
    mode: EffectsMode = EffectsMode.AUTO,
    *,
    seconds: int | None = None,
    least: int = 0,
    also: Collection[int] = (),
    lanes: bool = False,
) -> Foreseen:
    """Compute the effect of each write. Raises Failure if the account cannot be read.

    `seconds` is the length of the window where the user says it, `least` else its least. `also` are
    indexes of actions with wanted calendars, though nothing moves. One request reads the shifts of
    each schedule that moves, and one previews them after the change; with `lanes`, the calendars
    of the effects have the lanes of these answers, too.
    """
    now, timezone = plan.created_at, plan.account.timezone
    sides = {
        index: both
        for index, action in enumerate(plan.actions)
        if (both := sides_of(action, live, now)).known
    }
    if mode is EffectsMode.NONE:
        notes = (*plan.notes, NOT_COMPUTED) if plan.writes else plan.notes
        return Foreseen(replace(plan, notes=notes), sides)
    moved = {index: both for index, both in sides.items() if both.moved}
    ahead = horizon(moved.values(), timezone, now, seconds=seconds, least=least)
    wanted = moved | {index: both for index, both in sides.items() if index in also}
    cases = {index: _Case(both) for index, both in wanted.items()}
    reader = _EffectReader(client, timezone, ahead, mode, lanes)
    reader.read(list(cases.values()))
    reader.preview([cases[index] for index in moved])
    effects = {index: Effect(EffectSource.LOCAL) for index in sides if index not in moved}
    effects |= {index: reader.effect(cases[index]) for index in moved}
    lookups = {index: partial(reader.calendar, case) for index, case in cases.items()}
    return Foreseen(with_effects(plan, effects, ahead.window), sides, lookups)


@dataclass
class _Case:
    """A schedule with shifts that may move: what the platform answers, and failures.

    It is `stale` if it has changed since the plan read it, and `believed` if the local engine
    computes what the platform answers.
    """

    sides: Sides
    stale: bool = False
    believed: bool = False
    asked: bool = False
    before: Calendar | None = None
    after: Calendar | None = None
    failure: Failure | None = None


@dataclass
class _EffectReader:
    client: Client
    timezone: str
    horizon: Horizon
    mode: EffectsMode
    lanes: bool = False
    refused: Failure | None = None
    """The failure of a preview, after which only necessary previews are tried."""

    def read(self, cases: Sequence[_Case]) -> None:
        """Read the live shifts, and whether the local engine computes the same."""
        existing = [(case, case.sides.before) for case in cases if case.sides.before]
        answers = self.client.each(
            lambda id: read_calendar(
                self.client, id, self.timezone, *self.horizon.asked, lanes=self.lanes
            ),
            [before.id or 0 for _, before in existing],
        )
        for (case, before), live in zip(existing, answers, strict=True):
            case.before, case.stale = live.calendar, live.schedule != before
            case.believed = fits(live.schedule, live.calendar, self.timezone)
        doubted = any(not case.believed and case.sides.computable for case, _ in existing)
        for case in cases:
            if case.sides.before is None:  # nothing to compare with but the others of this run
                case.believed = not doubted
            case.believed = case.believed and case.sides.computable

    def preview(self, cases: Sequence[_Case]) -> None:
        """Ask for the shifts after the change, in the order of the plan while there is room."""
        room = self.client.room(PREVIEW, PATIENCE)
        for case in cases:
            needed = not case.believed or self.mode is EffectsMode.SERVER
            has_room = self.mode is EffectsMode.AUTO and room > 0
            if case.sides.after is not None and not case.stale and (needed or has_room):
                case.asked = True
                # Schedules with fair layers need both sides.
                room -= 1 if case.sides.computable or case.sides.before is None else 2
        self.client.each(self._preview, [case for case in cases if case.asked])

    def _preview(self, case: _Case) -> None:
        """Ask for the shifts after the change; for fair layers, before it too."""
        spare = case.believed and self.mode is EffectsMode.AUTO
        if spare and self.refused:
            return
        before, after, span = case.sides.before, case.sides.after, self.horizon.asked
        try:
            if before is not None and not case.sides.computable:
                case.before = preview(self.client, before, *span, patient=not spare)
            if after is not None:
                case.after = preview(self.client, after, *span, patient=not spare)
        except Stopped:
            raise
        except Failure as failure:
            case.failure = self.refused = failure
        if case.believed and case.after is not None:
            # The engine is trusted only while it computes what the platform previews.
            computed = local(after, self.timezone, span)
            case.believed = computed is not None and computed.final == case.after.final

    def effect(self, case: _Case) -> Effect:
        """The effect on the shifts."""
        sides, ahead = case.sides, self.horizon
        if case.stale:
            return Effect(None, "the schedule was changed while the plan was made")
        if case.after or sides.after is None:
            effect = judge(case.before, case.after, ahead, EffectSource.SERVER)
        elif case.believed and self.mode is not EffectsMode.SERVER:
            # What was answered for the side before is what the local engine gives, else it would
            # not be believed.
            after = local(sides.after, self.timezone, ahead.asked, lanes=self.lanes)
            effect = judge(case.before, after, ahead, EffectSource.LOCAL, self._why_local(case))
        else:
            why = f": {case.failure.said}" if case.failure else ""
            return Effect(None, f"the platform gave no preview{why}")
        if case.believed:
            return looked_ahead(effect, sides, self.timezone, ahead)
        if effect.moves:
            return effect
        why = "the platform decides about fair layers"
        if sides.computable:
            why = "the platform computes other shifts than the local engine"
        return replace(effect, remark=f"what moves beyond the window is not known: {why}")

    def _why_local(self, case: _Case) -> str:
        if self.mode is EffectsMode.LOCAL:
            return ""
        if failure := case.failure or (self.refused if case.asked else None):
            return f"computed here, not by the platform: {failure.said}"
        return "computed here, not by the platform: its previews are limited to 40 a minute"

    def calendar(self, case: _Case, start: int, end: int) -> Calendar | None:
        """The shifts after the plan, from the platform if they cannot be computed here."""
        after = case.sides.after
        if after is None or case.stale:
            return None
        if case.believed:
            return calendar(after.layers, after.overrides, self.timezone, start, end)
        parts = [(at, min(at + LONGEST_WINDOW, end)) for at in range(start, end, LONGEST_WINDOW)]
        try:
            if case.sides.moved or after.id is None:
                return joined([preview(self.client, after, *part) for part in parts])
            return joined(
                [
                    read_calendar(self.client, after.id, self.timezone, *part).calendar
                    for part in parts
                ]
            )
        except Stopped:
            raise
        except Failure:
            return None
