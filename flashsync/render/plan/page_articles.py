"""The schedules of a plan's page: what changes, who is on call now, and the shifts that move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from flashsync.model.wording import count
from flashsync.plan.model import VERBS, Action, Create, Effect, Plan, Unchanged
from flashsync.plan.words import Words
from flashsync.render.folding import Handover, Pattern, times
from flashsync.render.html.prose import FilePlace, Prose, split_prose
from flashsync.render.markdown import Links
from flashsync.render.plan.effects import SAID, EffectView, comes_on_now
from flashsync.render.plan.overview import urgency
from flashsync.render.plan.page_calendars import AFTER, BEFORE, DrawnCalendar, effect_of
from flashsync.render.plan.text import SIGNS, block_title, worth_showing
from flashsync.render.sanitize import clean
from flashsync.render.terminal import Look, Row

_FOLDED_ROWS = 3
"""Rows in which shifts are folded, for each row of shifts that are not."""
_TONES = {Look.WARNING: "warning", Look.ERROR: "error", Look.STRONG: "strong"}


@dataclass(frozen=True, slots=True)
class Field:
    """A row about a schedule: a path of its file, or a word; `tone` is a warning or an error."""

    name: str
    path: bool
    value: Prose
    tone: str = ""

    @classmethod
    def of(cls, row: Row) -> Field:
        """A row as a page has it; without a name it belongs to the row before."""
        path = bool(set("[._") & set(row.field))
        tone = _TONES.get(row.look, "")
        return cls(clean(row.field.strip()), path, split_prose(row.value), tone)


@dataclass(frozen=True, slots=True)
class MovedShift:
    """A stretch of time, and who is on call before and after."""

    when: str
    before: str
    after: str
    now: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleArticle:
    """What happens to one schedule: its fields, its calendar, and the shifts that move.

    `kind` is a word of plans, and `verb` the word to show. `hidden` shifts are in the page's data
    alone.
    """

    anchor: str
    sign: str
    kind: str
    verb: str
    title: str
    place: FilePlace | None
    fields: tuple[Field, ...]
    effect: str
    warnings: int
    calendar: DrawnCalendar | None
    shifts: tuple[MovedShift, ...]
    hidden: int = 0
    goes_on: bool = False

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides that it has: one, if it is created or deleted."""
        return {"create": (AFTER,), "delete": (BEFORE,)}.get(self.kind, (BEFORE, AFTER))


@dataclass(frozen=True, slots=True)
class ChangeNow:
    """A schedule on which somebody else is on call at this moment."""

    anchor: str
    schedule: str
    before: str
    after: str


@dataclass(frozen=True)
class ArticleWriter:
    """Writes the articles of a plan, with at most `rows` shifts in a table.

    `describe` gives the rows of what changes; `verbs` replace the words of plans.
    """

    plan: Plan
    words: Words
    links: Links
    describe: Callable[[Action], Iterable[Row]]
    rows: int
    verbs: Mapping[str, str]

    def articles(self, calendars: Mapping[int, DrawnCalendar]) -> list[ScheduleArticle]:
        """An article for each schedule that is written, or that somebody has to look at.

        Who is on call right now comes first, as in the text. `calendars` are by the place of the
        action in the plan.
        """
        shown = [pair for pair in enumerate(self.plan.actions) if worth_showing(pair[1])]
        shown.sort(key=lambda pair: urgency(pair[1], self.plan))
        return [self._article(place, action, calendars.get(place)) for place, action in shown]

    def _article(
        self, place: int, action: Action, calendar: DrawnCalendar | None
    ) -> ScheduleArticle:
        effect = effect_of(action)
        kind = "unchanged" if isinstance(action, Unchanged) else VERBS[type(action)]
        shifts, hidden = self._list_shifts(action, effect) if effect else ((), 0)
        return ScheduleArticle(
            _anchor(place),
            SIGNS[type(action)][0],
            kind,
            self.verbs.get(kind, kind),
            clean(block_title(action)),
            FilePlace.of(action.source, self.links),
            tuple(map(Field.of, self._rows(action, effect))),
            _describe_effect(action, effect) if effect else "",
            sum(warning.check not in SAID for warning in action.remarks.warnings),
            calendar,
            shifts,
            hidden,
            bool(effect and effect.goes_on),
        )

    def _rows(self, action: Action, effect: Effect | None) -> Iterator[Row]:
        """What changes, who is on call now, coverage, notes. Warnings have a list of their own."""
        yield from self.describe(action)
        view = self._view
        if view is not None and effect is not None:
            if effect.source is None:
                yield from view.rows(action)
            else:
                if effect.now:
                    yield next(view.rows(action))
                shared = self.shared_remarks
                rows = view.beside(action, effect)
                yield from (row for row in rows if row.value not in shared)
        yield from (Row("note", note) for note in action.remarks.notes)

    @cached_property
    def shared_remarks(self) -> Mapping[str, int]:
        """What is to know about several effects, with their number: a page says it once."""
        remarks = Counter(effect.remark for effect in self.plan.effects if effect.source)
        return {remark: number for remark, number in remarks.items() if remark and number > 1}

    @cached_property
    def _view(self) -> EffectView | None:
        return EffectView.of(self.plan, self.words)

    def _list_shifts(self, action: Action, effect: Effect) -> tuple[tuple[MovedShift, ...], int]:
        """The rows of the shifts that move, and how many more there are.

        They are folded if that shows all of them; else the script lists the others, one by one.
        """
        view = self._view
        if view is None:
            return (), 0
        if effect.later:
            return (self._row(view, effect, Pattern((Handover.of(effect.later),))),), 0
        patterns = view.fold(effect, new=isinstance(action, Create))
        if len(patterns) > self.rows * _FOLDED_ROWS:
            patterns = [Pattern((Handover.of(move),)) for move in effect.moves]
        most = self.rows if len(patterns) == len(effect.moves) else len(patterns)
        rows = tuple(self._row(view, effect, pattern) for pattern in patterns[:most])
        return rows, len(patterns[most:])

    @staticmethod
    def _row(view: EffectView, effect: Effect, pattern: Pattern) -> MovedShift:
        move = pattern.first
        later = effect.later is not None and effect.goes_on
        when = view.when(move, goes_on=True) if later else view.whenever(pattern, effect)
        before, after = view.sides(pattern.people)
        return MovedShift(
            f"{when}{times(pattern)}",
            clean(before),
            clean(after),
            effect.now is not None and move.start <= effect.now.start < move.end,
        )

    def changes_now(self) -> Iterator[ChangeNow]:
        """Where somebody else is on call right now, also on a new schedule."""
        view = self._view
        for place, action in enumerate(self.plan.actions):
            effect = effect_of(action)
            if view is None or effect is None:
                continue
            if move := effect.moves[0] if comes_on_now(action, self.plan) else effect.now:
                who = (clean(view.who(side)) for side in (move.before, move.after))
                yield ChangeNow(_anchor(place), clean(action.name), *who)


def _anchor(place: int) -> str:
    return f"a{place}"


def _describe_effect(action: Action, effect: Effect) -> str:
    """`3 shifts move`, `5 new shifts`, in the list of schedules."""
    if effect.source is None:
        return "effect not known"
    if isinstance(action, Create):
        later = "the first shift is later" if effect.later else ""
        return count(len(effect.moves), "new shift") if effect.moves else later
    if effect.moves:
        return count(len(effect.moves), "shift moves", "shifts move")
    return "a shift moves later" if effect.later else "no shift moves"
