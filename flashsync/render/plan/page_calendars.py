"""The calendars of a plan's page: who is on call before and after, on one axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flashsync.model.calendar import Basis, Calendar, CalendarView, Shift, ShownCalendar, merged
from flashsync.plan.model import Action, Effect, EffectSource, Plan, Unchanged
from flashsync.plan.saved.rebuild_calendars import rebuild_calendars
from flashsync.plan.words import Words
from flashsync.render.html.strips import Strip, StripKind
from flashsync.render.html.timeline import DrawnEntry, PageEntry, Side, Timeline
from flashsync.render.sanitize import clean

BEFORE, AFTER = "before", "after"
"""The sides of a schedule."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How much a page holds: layers, or only who is on call; of how many schedules; and how many
    shifts of each in a table that needs no script."""

    layers: bool = True
    most: int | None = None
    rows: int = 8


@dataclass(frozen=True, slots=True)
class DrawnCalendar:
    """A schedule's calendar; `hidden` are the lanes of each side that are not drawn."""

    entry: DrawnEntry
    hidden: tuple[frozenset[int], ...]
    captions: tuple[str, ...]


@dataclass(frozen=True)
class PlanCalendars:
    """The calendars of the schedules of a plan whose shifts move."""

    plan: Plan
    words: Words
    titles: Mapping[str, str]
    detail: Detail = Detail()

    @cached_property
    def rebuilt(self) -> Plan:
        """The plan with calendars, also if it is a saved one."""
        return rebuild_calendars(self.plan)

    @cached_property
    def timeline(self) -> Timeline:
        """All schedules with calendars, in the plan's window."""
        plan = self.plan
        window = plan.window or (plan.created_at, plan.created_at + 1)
        view = CalendarView(
            window, self.words.timezone, window[0], self.words.directory, Basis.AFTER_APPLY
        )
        return Timeline([entry for _, entry in self._entries], view)

    @cached_property
    def drawn(self) -> dict[int, DrawnCalendar]:
        """The calendars by the place of their action in the plan."""
        found = {}
        parts = zip(self._entries, self.timeline.draw(), self.timeline.strips, strict=True)
        for (place, _), entry, sides in parts:
            hidden = tuple(_find_hidden(sides))
            captions = tuple(self._captions(place, sides, hidden))
            found[place] = DrawnCalendar(entry, hidden, captions)
        return found

    @property
    def left_out(self) -> int:
        """How many calendars are not drawn, since the page would be too long."""
        return len(self._moving) - len(self._entries)

    @cached_property
    def _moving(self) -> list[int]:
        """The places of actions with calendars, first where who is on call now changes."""
        moving = {
            place: effect
            for place, effect in enumerate(map(effect_of, self.rebuilt.actions))
            if effect and effect.moves and (effect.before or effect.after)
        }
        return sorted(moving, key=lambda place: moving[place].now is None)

    @cached_property
    def _entries(self) -> list[tuple[int, PageEntry]]:
        found = []
        for place in sorted(self._moving[: self.detail.most]):
            action = self.rebuilt.actions[place]
            effect = effect_of(action)
            assert effect  # noqa: S101 - it moves
            sides = tuple(self._sides(action.name, effect))
            found.append((place, PageEntry(action.name, sides, effect.moves)))
        return found

    def _sides(self, name: str, effect: Effect) -> Iterator[Side]:
        for title, side in ((BEFORE, effect.before), (AFTER, effect.after)):
            if side is not None:
                yield Side(ShownCalendar(name, self._cut(side)), self.titles[title])

    def _cut(self, side: Calendar) -> Calendar:
        return side if self.detail.layers else replace(side, lanes=())

    def _captions(
        self, place: int, sides: Sequence[Sequence[Strip]], hidden: Sequence[frozenset[int]]
    ) -> Iterator[str]:
        """Which layers are drawn once, and who computed the shifts."""
        if len(hidden) > 1 and hidden[0] and not hidden[1]:
            names = ", ".join(clean(sides[0][lane].name) for lane in sorted(hidden[0]))
            yield f"Drawn once, because nothing moves in it: {names}."
        if not self.shared_source:
            yield f"{self._name_source(place)}."

    @cached_property
    def shared_source(self) -> str:
        """Who computed the shifts of all calendars, if there are several: a page says it once."""
        sources = {self._name_source(place) for place, _ in self._entries}
        return sources.pop() if len(sources) == 1 < len(self._entries) else ""

    def _name_source(self, place: int) -> str:
        effect = effect_of(self.plan.actions[place])
        if effect is not effect_of(self.rebuilt.actions[place]):
            return "Shifts as flashsync computes them from the saved plan"
        server = effect is not None and effect.source is EffectSource.SERVER
        return f"Shifts as {'the platform' if server else 'flashsync'} computes them"


def effect_of(action: Action) -> Effect | None:
    """The effect of an action, if it writes and was computed."""
    return None if isinstance(action, Unchanged) else action.effect


def _find_hidden(sides: Sequence[Sequence[Strip]]) -> Iterator[frozenset[int]]:
    """The lanes that say nothing more: a layer alone, and layers before that stay as they are."""
    if all(len(strips) == 2 and _content(strips[0]) == _content(strips[1]) for strips in sides):
        yield from (frozenset({0}) for _ in sides)
        return
    for place, strips in enumerate(sides):
        later = [(one.name, _content(one)) for one in sides[-1]] if place < len(sides) - 1 else []
        yield frozenset(
            place
            for place, strip in enumerate(strips)
            if strip.kind is not StripKind.FINAL and (strip.name, _content(strip)) in later
        )


def _content(strip: Strip) -> tuple[Shift, ...]:
    """Who is on call when in a lane; a turn that an edit cuts in two is one."""
    return merged(strip.shifts or ())
