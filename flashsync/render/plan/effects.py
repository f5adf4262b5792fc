"""The effect of a plan in rows and tables: whose shifts move, gaps, load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashsync.model import wording
from flashsync.model.calendar import Span
from flashsync.model.check_registry import COVERAGE_GAP, ON_CALL_NOW
from flashsync.model.duty_load import Load
from flashsync.model.schedule import PRIMARY, Member
from flashsync.model.timezone import HOUR
from flashsync.model.wording import count, day, first, joined, moment
from flashsync.plan.effects import burdens
from flashsync.plan.model import Action, Create, Effect, Plan, Unchanged, Update, endless
from flashsync.plan.words import Words
from flashsync.render.folding import Pattern, describe_pattern, fold_moves, times
from flashsync.render.terminal import Look, Row
from flashsync.rotation.compare import Gap, Move

MOST_MOVES = 8
MOST_NEW = 4
"""Shifts of one schedule that are shown unless all are asked for: that move, that are new."""
SAID = (ON_CALL_NOW, COVERAGE_GAP)
"""Checks with warnings that the rows of an effect have already."""
_MOST_NAMES = 6
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class EffectView:
    """How effects are shown: the names and the zone, the plan's window, and when "now" is.

    Nights and weekends are by `account_zone`.
    """

    words: Words
    window: Span
    now: int
    account_zone: str
    verbose: bool = False

    @classmethod
    def of(cls, plan: Plan, words: Words, *, verbose: bool = False) -> EffectView | None:
        """The view of a plan; None where its effects were not computed."""
        if plan.window is None:
            return None
        return cls(words, plan.window, plan.window[0], plan.account.timezone, verbose)

    def rows(self, action: Action) -> Iterator[Row]:
        """All rows about who is on call before and after an action."""
        effect = None if isinstance(action, Unchanged) else action.effect
        if effect is None:
            return
        if effect.source is None:
            yield Row("on call", f"the effect is not known: {effect.remark}", Look.WARNING)
            return
        new = isinstance(action, Create)
        if effect.now:
            before, after = self.who(effect.now.before), self.who(effect.now.after)
            text = f"{before} → {after}: this changes who is on call right now"
            yield Row("on call now", text, Look.WARNING)
        most = len(effect.moves) if self.verbose else MOST_NEW if new else MOST_MOVES
        yield from self.moves(effect, most, new=new)
        yield from self.beside(action, effect)

    def beside(self, action: Action, effect: Effect) -> Iterator[Row]:
        """The rows of a known effect next to its moves: gaps, load, and what is not known."""
        if effect.gaps or (isinstance(action, Update) and (effect.moves or effect.later)):
            yield from self._coverage(effect)
        if self.verbose:
            yield from self._load(effect)
        if effect.remark:
            yield Row("note", effect.remark)

    def moves(self, effect: Effect, most: int, *, new: bool = False) -> Iterator[Row]:
        """At most `most` lines of moves, folded; or the first move beyond the window."""
        last = max((move.end for move in effect.moves), default=self.window[1])
        until = self.window[1] if effect.goes_on else last
        label = f"on call, until {self._day(until)}"
        patterns = self.fold(effect, new=new)
        for pattern in patterns[:most]:
            yield self._line(label, pattern, effect, new=new)
            label = ""
        if left := sum(len(pattern.moves) for pattern in patterns[most:]):
            yield Row("", f"… and {left} more: -v shows all", long=True)
        if effect.later:
            label = f"on call, after {self._day(self.window[1])}"
            when = f"first {self.when(effect.later, goes_on=effect.goes_on)}"
            yield Row(label, self.whom(effect.later, new=new), long=True, lead=when)

    def fold(self, effect: Effect, *, new: bool = False) -> list[Pattern]:
        """The moves of an effect, folded, except a move that began before or goes on.

        The turns of a `new` schedule are folded only into a few lines: else their order says more.
        """
        whole = [move for move in effect.moves[:1] if move.start <= self.now]
        whole += effect.moves[-1:] if effect.goes_on else ()
        patterns = fold_moves(effect.moves, self.words.timezone, whole)
        if new and len(patterns) > MOST_NEW:
            return [Pattern((move,)) for move in effect.moves]
        return patterns

    def _line(self, label: str, pattern: Pattern, effect: Effect, *, new: bool) -> Row:
        """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00   alice → frank`."""
        who = self.whom(pattern.first, new=new)
        return Row(label, f"{who}{times(pattern)}", long=True, lead=self.whenever(pattern, effect))

    def whom(self, move: Move, *, new: bool = False) -> str:
        """`alice → frank`, or who is on call on a new schedule."""
        after = self.who(move.after)
        return after if new else f"{self.who(move.before)} → {after}"

    def whenever(self, pattern: Pattern, effect: Effect) -> str:
        """`daily 08:00–09:00, 22 Nov – 21 Dec`, or when its only move is."""
        if not pattern.step:
            goes_on = effect.goes_on and pattern.first is effect.moves[-1]
            return self.when(pattern.first, goes_on=goes_on)
        return describe_pattern(pattern, self.words.timezone, self.now)

    def when(self, move: Move, *, goes_on: bool = False) -> str:
        """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00`, or `Mon 7 Dec 10:00 and on`."""
        if goes_on:
            return f"{self._start(move.start)} and on"
        return self.span((move.start, move.end))

    def span(self, span: Span) -> str:
        """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00`; what begins with the window began before it."""
        return f"{self._start(span[0])} – {self._moment(span[1])}"

    def _start(self, instant: int) -> str:
        return "now" if instant <= self.now else self._moment(instant)

    def _moment(self, instant: int) -> str:
        return moment(instant, self.words.timezone, self.now)

    def who(self, members: frozenset[Member]) -> str:
        """`alice`, `[bob, carol]`, or `nobody`."""
        if not members:
            return NOBODY
        return wording.members(members, self.words.directory)

    def _day(self, instant: int) -> str:
        return day(instant, self.words.timezone, self.now)

    def _coverage(self, effect: Effect) -> Iterator[Row]:
        """A row for each duty that the change leaves open, else a row that compares both sides."""
        if effect.gaps:
            label = "coverage"
            for role in dict.fromkeys(gap.role for gap in effect.gaps):
                yield self._opened(label, [gap for gap in effect.gaps if gap.role == role])
                label = ""
            return
        before, after = len(effect.old_gaps), len(effect.left_gaps)
        if effect.old_gaps == effect.left_gaps:
            same = f"{count(after, 'gap')}" if after else "complete"
            yield Row("coverage", f"{same}, as before")
        else:
            yield Row("coverage", f"{count(before, 'gap')} → {after or 'none'}")

    def _opened(self, label: str, gaps: Sequence[Gap]) -> Row:
        """`no primary is on call Mon 7 Dec 10:00 – …, where somebody was before`."""
        role = gaps[0].role
        nobody = "nobody" if role is None else f"no {self.words.directory.role(role)}"
        spans = joined([self.gap(gap.span) for gap in gaps[:3]])
        more = f", and {len(gaps) - 3} more" if len(gaps) > 3 else ""
        look = Look.ERROR if role in (None, PRIMARY) else Look.WARNING
        return Row(label, f"{nobody} is on call {spans}{more}, where somebody was before", look)

    def gap(self, gap: Span) -> str:
        """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00`, or `from Mon 7 Dec 10:00 on`."""
        if endless(gap, self.window[1]):
            return f"from {self._start(gap[0])} on"
        return self.span(gap)

    def _load(self, effect: Effect) -> Iterator[Row]:
        """Hours, nights and weekend hours before and after, of the people with another load."""
        name = self.words.directory.person
        found = burdens(effect, self.window, self.account_zone)
        changed = [burden for burden in found if burden.before != burden.after]
        label = "load"
        for one in sorted(changed, key=lambda burden: name(burden.person)):
            parts = [
                f"{when}{_hours(one.before, field)} → {_hours(one.after, field)}"
                for when, field in _LOADS.items()
            ]
            yield Row(label, f"{name(one.person)}: {', '.join(parts)}")
            label = ""


_LOADS = {"": "seconds", "at night ": "night_seconds", "weekends ": "weekend_seconds"}
"""`168 h → 120 h, at night 56 h → 40 h, weekends 48 h → 0 h`: the words, and the field of each."""


def _hours(load: Load, field: str) -> str:
    return f"{round(getattr(load, field) / HOUR)} h"


def summarise_effects(plan: Plan, words: Words, *, names: bool = True, movers: bool = True) -> str:
    """`Until 14 Dec, 1 shift moves, of alice and frank; nobody on call now changes.`

    Without `movers`, whose shifts those are is left out; without `names`, all people are.
    """
    if plan.window is None:
        return ""
    until = day(plan.window[1], words.timezone, plan.created_at)
    unknown = sum(effect.source is None for effect in plan.effects)
    now = _now(plan, words, names=names)
    parts = [] if unknown else [f"No shift moves until {until}; {now}."]
    if moved := _counted(plan):
        of = f", of {_list_some(affected(plan.effects, words))}" if names and movers else ""
        parts = [f"Until {until}, {moved}{of}; {now}."]
    if unknown:
        parts.append(f"The effect of {count(unknown, 'change')} is not known.")
    return " ".join(parts)


def _counted(plan: Plan) -> str:
    """`2 shifts move`, `12 shifts are new`: what moves, by what happens to its schedule."""
    created = [action.effect for action in plan.writes if isinstance(action, Create)]
    fresh = sum(len(effect.moves) for effect in created if effect)
    moved = sum(len(effect.moves) for effect in plan.effects) - fresh
    found = [count(moved, "shift moves", "shifts move")] if moved else []
    found += [count(fresh, "shift is new", "shifts are new")] if fresh else []
    return joined(found)


def affected(effects: Sequence[Effect], words: Words) -> list[str]:
    """The people who come on or go off call somewhere, by name."""
    ids = {
        member.person
        for effect in effects
        for move in effect.moves
        for member in move.before ^ move.after
    }
    return sorted((words.directory.person(id) for id in ids), key=str.casefold)


def _list_some(names: Sequence[str]) -> str:
    return joined(names) if len(names) <= _MOST_NAMES else first(names, _MOST_NAMES)


def _now(plan: Plan, words: Words, *, names: bool) -> str:
    """Where somebody is relieved at this moment, and who comes on call on new schedules."""
    changed = [action.name for action in plan.writes if action.effect and action.effect.now]
    parts = [f"who is on call right now changes on {_list_some(changed)}"] if changed else []
    parts += _come_on(plan, words, names=names)
    if parts:
        return ", and ".join(parts)
    unknown = any(effect.source is None for effect in plan.effects)
    known = "as far as is known, " if unknown else ""
    return f"{known}nobody on call now changes"


def _come_on(plan: Plan, words: Words, *, names: bool) -> Iterator[str]:
    """`alice comes on call now, on New`: who is on call at once on schedules that are created."""
    start = plan.window[0] if plan.window else plan.created_at
    people: set[int] = set()
    schedules: list[str] = []
    for action in plan.writes:
        moves = action.effect.moves if isinstance(action, Create) and action.effect else ()
        if moves and moves[0].start <= start:
            people |= {member.person for member in moves[0].after}
            schedules.append(action.name)
    if people:
        who = count(len(people), "person", "people")
        if names:
            who = _list_some(sorted(map(words.directory.person, people), key=str.casefold))
        verb = "comes" if len(people) == 1 else "come"
        yield f"{who} {verb} on call now, on {_list_some(schedules)}"
