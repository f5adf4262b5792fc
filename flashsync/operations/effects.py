"""The effects of a plan: by the platform, or computed here with the reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from flashsync.api.client import Client
from flashsync.api.endpoints.schedules import LONGEST_WINDOW, PREVIEW, Live, preview, read_calendar
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
    """A plan with its effects, and calendars by the index of the action."""

    plan: Plan
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
) -> Foreseen:
    """Compute the effect of each write. Raises Failure if the account cannot be read.

    `seconds` is the length of the window where the user says it, `least` else its least. `also` are
    places of actions whose calendars are wanted though nothing moves. One request reads the shifts
    of each schedule that moves, and one previews them after the change.
    """
    if mode is EffectsMode.NONE:
        return Foreseen(replace(plan, notes=(*plan.notes, NOT_COMPUTED)) if plan.writes else plan)
    now, timezone = plan.created_at, plan.account.timezone
    sides = {
        place: found
        for place, one in enumerate(plan.actions)
        if (found := sides_of(one, live, now)).known
    }
    moved = {place: one for place, one in sides.items() if one.moved}
    ahead = horizon(moved.values(), timezone, now, seconds=seconds, least=least)
    reader = _EffectReader(client, timezone, ahead, mode)
    wanted = moved | {place: one for place, one in sides.items() if place in also}
    cases = reader.cases(wanted)
    effects = {place: Effect(EffectSource.LOCAL) for place in sides if place not in moved}
    effects |= {place: reader.effect(cases[place]) for place in moved}
    lookups = {place: partial(reader.calendar, case) for place, case in cases.items()}
    return Foreseen(with_effects(plan, effects, ahead.window), lookups)


@dataclass
class _Case:
    """A schedule with shifts that move: what the platform answers, and failures."""

    sides: Sides
    live: Live | None = None
    believed: bool = False
    asked: bool = False
    before: Calendar | None = None
    after: Calendar | None = None
    failure: Failure | None = None

    @property
    def stale(self) -> bool:
        """Whether the schedule has changed since the plan read it."""
        return self.live is not None and self.live.schedule != self.sides.before


@dataclass
class _EffectReader:
    client: Client
    timezone: str
    horizon: Horizon
    mode: EffectsMode
    refused: Failure | None = None
    """The failure of a preview, after which only necessary previews are tried."""

    def cases(self, wanted: Mapping[int, Sides]) -> dict[int, _Case]:
        """Everything that is read about the schedules, by index."""
        cases = {place: _Case(sides) for place, sides in wanted.items()}
        self._read(list(cases.values()))
        self._choose([case for case in cases.values() if case.sides.moved])
        self.client.each(self._preview, [case for case in cases.values() if case.asked])
        return cases

    def _read(self, cases: Sequence[_Case]) -> None:
        """Read the live shifts, and whether the local engine computes the same."""
        existing = [case for case in cases if case.sides.before]
        for case, live in zip(existing, self.client.each(self._live, existing), strict=True):
            case.live, case.before = live, live.calendar
            case.believed = fits(live.schedule, live.calendar, self.timezone)
        doubted = any(not case.believed and case.sides.computable for case in existing)
        for case in cases:
            if case.sides.before is None:  # nothing to compare with but the others of this run
                case.believed = not doubted
            case.believed = case.believed and case.sides.computable

    def _live(self, case: _Case) -> Live:
        id = (case.sides.before and case.sides.before.id) or 0
        return read_calendar(self.client, id, self.timezone, *self.horizon.asked, lanes=False)

    def _choose(self, cases: Sequence[_Case]) -> None:
        """Choose the schedules to preview, in the order of the plan."""
        room = self.client.room(PREVIEW, PATIENCE)
        for case in cases:
            needed = not case.believed or self.mode is EffectsMode.SERVER
            fits_in = self.mode is EffectsMode.AUTO and room > 0
            case.asked = case.sides.after is not None and not case.stale and (needed or fits_in)
            room -= _previews(case) if case.asked else 0

    def _preview(self, case: _Case) -> None:
        """Ask for the shifts after the change; for fair layers, before it too."""
        spare = case.believed and self.mode is EffectsMode.AUTO
        if spare and self.refused:
            return
        try:
            if not case.sides.computable:
                case.before = self._ask(case.sides.before, patient=not spare)
            case.after = self._ask(case.sides.after, patient=not spare)
        except Stopped:
            raise
        except Failure as failure:
            case.failure = self.refused = failure
        self._doubt(case)

    def _doubt(self, case: _Case) -> None:
        """Trust the engine only while it computes what the platform previews."""
        if case.believed and case.after is not None:
            after = local(case.sides.after, self.timezone, self.horizon.asked)
            case.believed = after is not None and after.final == case.after.final

    def _ask(self, schedule: Schedule | None, *, patient: bool) -> Calendar | None:
        if schedule is None:
            return None
        return preview(self.client, schedule, *self.horizon.asked, patient=patient)

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
            after = local(sides.after, self.timezone, ahead.asked)
            effect = judge(case.before, after, ahead, EffectSource.LOCAL, self._why_local(case))
        else:
            return Effect(None, _why_unknown(case))
        return self._looked_ahead(effect, case)

    def calendar(self, case: _Case, start: int, end: int) -> Calendar | None:
        """The shifts after the plan, from the platform if they cannot be computed here."""
        sides = case.sides
        if sides.after is None or case.stale:
            return None
        if case.believed:
            after = sides.after
            return calendar(after.layers, after.overrides, self.timezone, start, end)
        parts = [(at, min(at + LONGEST_WINDOW, end)) for at in range(start, end, LONGEST_WINDOW)]
        try:
            return joined([self._ask_for(sides, *part) for part in parts])
        except Stopped:
            raise
        except Failure:
            return None

    def _ask_for(self, sides: Sides, start: int, end: int) -> Calendar:
        """The platform's shifts after the plan."""
        if sides.after is None:
            return Calendar(start, end)
        if sides.moved or sides.after.id is None:
            return preview(self.client, sides.after, start, end)
        return read_calendar(self.client, sides.after.id, self.timezone, start, end).calendar

    def _looked_ahead(self, effect: Effect, case: _Case) -> Effect:
        if case.believed:
            return looked_ahead(effect, case.sides, self.timezone, self.horizon)
        if effect.moves:
            return effect
        return replace(effect, remark=_why_no_later(case))

    def _why_local(self, case: _Case) -> str:
        if self.mode is EffectsMode.LOCAL:
            return ""
        if failure := case.failure or (self.refused if case.asked else None):
            return f"computed here, not by the platform: {failure.said}"
        return "computed here, not by the platform: its previews are limited to 40 a minute"


def _previews(case: _Case) -> int:
    """The number of previews: schedules with fair layers need both sides."""
    return 1 if case.sides.computable or case.sides.before is None else 2


def _why_unknown(case: _Case) -> str:
    if case.failure:
        return f"the platform gave no preview: {case.failure.said}"
    return "the platform gave no preview"


def _why_no_later(case: _Case) -> str:
    why = "the platform decides about fair layers"
    if case.sides.computable:
        why = "the platform computes other shifts than the local engine"
    return f"what moves beyond the window is not known: {why}"
