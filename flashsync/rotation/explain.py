"""Why somebody is on call at an instant: each layer's part in it, as data; words are elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flashsync.model.calendar import Calendar
from flashsync.model.people import Directory
from flashsync.model.schedule import Layer, Member, Override, Schedule
from flashsync.model.timezone import DAY
from flashsync.rotation.calendar import (
    computable,
    in_hours,
    mask_day,
    on_call,
    together,
)
from flashsync.rotation.turns import Turn, computable_layer, next_handoff, turn_at
from flashsync.rotation.wall_clock import clock, weekday

_LOOK_AHEAD = (DAY, 8 * DAY, 32 * DAY, 400 * DAY)
"""Windows (s) in which to look for the next change, since most come soon."""


class Standing(StrEnum):
    """What a layer does at an instant. The values are stable, for scripts."""

    NOT_BEGUN = "not_begun"
    ENDED = "ended"
    FAIR = "fair"
    OFF_DAY = "off_day"
    OFF_HOURS = "off_hours"
    ON_DUTY = "on_duty"


@dataclass(frozen=True, slots=True)
class LayerReason:
    """One rotation layer at an instant.

    `turn` is missing before the layer begins and after it ends. `members` have the turn where there
    is duty, and are empty otherwise; with FAIR the server decides, and they are not known.
    `weekday` (Sunday 0) is the day that the mask sees. `handoff` is the next instant at which a
    turn begins. `replaced` says that an override takes the layer's place.
    """

    layer: str
    standing: Standing
    turn: Turn | None
    members: frozenset[Member]
    weekday: int | None
    handoff: int | None
    replaced: bool


@dataclass(frozen=True, slots=True)
class OverrideReason:
    """An override that runs at an instant.

    `replaced` says that another override with a higher weight takes its place.
    """

    name: str
    start: int
    end: int
    members: frozenset[Member]
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Who is on call at `instant` (Unix seconds), and why.

    `members` is missing where a fair layer runs: only the server knows. `change` is the next
    instant at which the members change; None where that is not known, or not within 400 days.
    """

    instant: int
    members: frozenset[Member] | None
    layers: tuple[LayerReason, ...]
    overrides: tuple[OverrideReason, ...]
    change: int | None


@dataclass(frozen=True, slots=True)
class ExplainedCase:
    """One schedule at a moment (Unix seconds); `calendar` is the platform's, None offline."""

    schedule: Schedule
    explanation: Explanation
    calendar: Calendar | None
    now: int
    timezone: str
    directory: Directory

    @property
    def at(self) -> int:
        """The moment."""
        return self.explanation.instant

    @property
    def platform(self) -> frozenset[Member]:
        """Who is on call by the platform."""
        shift = self.calendar.at(self.at) if self.calendar else None
        return shift.members if shift else frozenset()

    @property
    def members(self) -> frozenset[Member] | None:
        """Who is on call: by the platform, else by the explanation; None if unknown."""
        return self.explanation.members if self.calendar is None else self.platform

    @property
    def agrees(self) -> bool | None:
        """Whether explanation and platform agree; None if one is missing."""
        if self.calendar is None or self.explanation.members is None:
            return None
        return self.explanation.members == self.platform

    @property
    def until(self) -> int | None:
        """The next change, if it is known."""
        if self.calendar is None:
            return self.explanation.change
        shift = self.calendar.at(self.at)
        following = self.calendar.after(self.at)
        end = shift.end if shift else following.start if following else self.calendar.end
        return end if end < self.calendar.end else None


def explain(
    layers: Sequence[Layer], overrides: Sequence[Override], timezone: str, instant: int
) -> Explanation:
    """Why somebody is on call at an instant (Unix seconds), in the account's zone, or nobody is."""
    running = [cover for cover in overrides if cover.start <= instant < cover.end]
    highest = max((cover.weight for cover in running), default=0)
    covers = tuple(
        OverrideReason(cover.name, cover.start, cover.end, cover.members, cover.weight < highest)
        for cover in running
    )
    reasons = tuple(_explain_layer(layer, timezone, instant, bool(covers)) for layer in layers)
    members = None
    if covers or all(reason.standing is not Standing.FAIR for reason in reasons):
        members = together(
            [reason.members for reason in reasons],
            [cover.members for cover in covers if not cover.replaced],
        )
    change = _find_change(layers, overrides, timezone, instant) if computable(layers) else None
    return Explanation(instant, members, reasons, covers, change)


def _explain_layer(layer: Layer, timezone: str, instant: int, covered: bool) -> LayerReason:
    alive = layer.begun(instant) and not layer.ended(instant)
    turn = turn_at(layer, timezone, instant) if alive else None
    day = weekday(mask_day(layer, clock(timezone), instant)) if alive and layer.days else None
    standing = _find_standing(layer, timezone, instant, day)
    members: frozenset[Member] = frozenset()
    if standing is Standing.ON_DUTY and turn is not None and turn.index is not None:
        members = layer.groups[turn.index].members
    return LayerReason(
        layer=layer.name,
        standing=standing,
        turn=turn,
        members=members,
        weekday=day,
        handoff=next_handoff(layer, timezone, instant),
        replaced=covered and alive,
    )


def _find_standing(layer: Layer, timezone: str, instant: int, day: int | None) -> Standing:
    """What a layer does at an instant; `day` is the day of the week that its mask sees."""
    if not layer.begun(instant):
        return Standing.NOT_BEGUN
    if layer.ended(instant):
        return Standing.ENDED
    if layer.days and day not in layer.days:
        return Standing.OFF_DAY
    if layer.hours:
        spans = in_hours(layer.hours, clock(timezone), instant, instant + 1)
        if not any(start <= instant < end for start, end in spans):
            return Standing.OFF_HOURS
    return Standing.ON_DUTY if computable_layer(layer) else Standing.FAIR


def _find_change(
    layers: Sequence[Layer], overrides: Sequence[Override], timezone: str, instant: int
) -> int | None:
    """The next instant at which the members change; None where that is not within 400 days."""
    for ahead in _LOOK_AHEAD:
        end = instant + ahead
        final = on_call(layers, overrides, timezone, instant, end)
        edges = (edge for shift in final for edge in (shift.start, shift.end))
        change = next((edge for edge in edges if instant < edge < end), None)
        if change is not None:
            return change
    return None
