"""The effect of a plan in rows and tables: whose shifts move, gaps, load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flashsync.model import wording
from flashsync.model.calendar import Span
from flashsync.model.check_registry import COVERAGE_GAP, ON_CALL_NOW
from flashsync.model.duty_load import Load
from flashsync.model.schedule import PRIMARY, Member
from flashsync.model.timezone import HOUR
from flashsync.model.wording import count, day, first, joined, moment
from flashsync.plan.effects import burdens
from flashsync.plan.model import Action, Create, Delete, Effect, Plan, Unchanged, Update, endless
from flashsync.plan.words import Words
from flashsync.render.folding import (
    Handover,
    Pattern,
    describe_pattern,
    fold_moves,
    join_moves,
    times,
)
from flashsync.render.terminal import Look, Row
from flashsync.rotation.compare import Gap, Move

MOST_MOVES = 8
MOST_NEW = 4
"""Shifts of one schedule that are shown unless all are asked for: that move, that are new."""
SAID = (ON_CALL_NOW, COVERAGE_GAP)
"""Checks with warnings that the rows of an effect have already."""
_MOST_NAMES = 6
_MOST_STAYING = 3
NOBODY = "nobody"


class HandoverWords(NamedTuple):
    """Who goes (empty where nobody is replaced), who comes, and `, with erin (backup)`."""

    before: str
    after: str
    rest: str = ""


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
        forever = isinstance(action, Delete)
        yield from self.moves(effect, most, new=new, forever=forever)
        yield from self.beside(action, effect)

    def beside(self, action: Action, effect: Effect) -> Iterator[Row]:
        """The rows of a known effect next to its moves: gaps, load, and what is not known."""
        if effect.gaps or (isinstance(action, Update) and (effect.moves or effect.later)):
            yield from self._coverage(effect)
        elif isinstance(action, Create) and effect.left_gaps:
            yield self._open_times(effect.left_gaps)
        if self.verbose:
            yield from self._load(effect)
        if effect.remark:
            yield Row("note", effect.remark)

    def moves(
        self, effect: Effect, most: int, *, new: bool = False, forever: bool = False
    ) -> Iterator[Row]:
        """At most `most` lines of moves, folded; or the first move beyond the window.

        Moves that go on `forever` do not end with the window, which only ends what is shown.
        """
        zone, end = self.words.timezone, self.window[1]
        until = end if effect.goes_on else max((move.end for move in effect.moves), default=end)
        shown = "shown until" if forever else "until"
        label = f"on call, {shown} {day(until, zone, self.now)}"
        patterns = self.fold(effect, new=new)
        for pattern in patterns[:most]:
            who = f"{self._whom(pattern.people, new=new)}{times(pattern)}"
            yield Row(label, who, long=True, lead=self.whenever(pattern, effect))
            label = ""
        if left := sum(len(pattern.handovers) for pattern in patterns[most:]):
            yield Row("", f"… and {left} more: -v shows all", long=True)
        if effect.later:
            label = f"on call, after {day(end, zone, self.now)}"
            when = f"first {self.when(effect.later, goes_on=effect.goes_on)}"
            yield Row(label, self._whom(Handover.of(effect.later), new=new), long=True, lead=when)

    def fold(self, effect: Effect, *, new: bool = False) -> list[Pattern]:
        """The moves of an effect, folded, except a move that began before or goes on.

        The turns of a `new` schedule are folded only into a few lines: else their order says more.
        """
        whole = [move for move in effect.moves[:1] if move.start <= self.now]
        whole += effect.moves[-1:] if effect.goes_on else ()
        patterns = fold_moves(effect.moves, self.words.timezone, whole)
        if new and len(patterns) > MOST_NEW:
            return [Pattern((handover,)) for handover in join_moves(effect.moves)]
        return patterns

    def _whom(self, handover: Handover, *, new: bool) -> str:
        """`alice → frank`, `+ frank, with erin (backup)`, or who is on call on a new schedule."""
        if new:
            return self.who(handover.comes)
        parts = self.difference(handover)
        arrow = f"{parts.before} → " if parts.before else ""
        return f"{arrow}{parts.after}{parts.rest}"

    def difference(self, handover: Handover) -> HandoverWords:
        """Who goes, who comes, and who stays on call."""
        goes, comes = self.who(handover.goes), self.who(handover.comes)
        if handover.stays == frozenset():
            return HandoverWords(goes, comes)
        names = wording.name_members(handover.stays or (), self.words.directory) or ["others"]
        stays = first(names, _MOST_STAYING)
        if not handover.goes:
            return HandoverWords("", f"+ {comes}", f", with {stays}")
        if not handover.comes:
            return HandoverWords("", f"- {goes}", f", leaving {stays}")
        return HandoverWords(goes, comes, f", with {stays}")

    def sides(self, handover: Handover) -> tuple[str, str]:
        """Everybody on call before, and after, for a table; `bob, with others` if those change."""
        if handover.stays is None:
            goes, comes = (
                f"{self.who(side)}, with others" if side else "others"
                for side in (handover.goes, handover.comes)
            )
            return goes, comes
        before, after = handover.goes | handover.stays, handover.comes | handover.stays
        return self.who(before), self.who(after)

    def whenever(self, pattern: Pattern, effect: Effect) -> str:
        """`daily 08:00–09:00, 22 Nov – 21 Dec`, or when its only move is."""
        if not pattern.step:
            goes_on = effect.goes_on and pattern.first.end == effect.moves[-1].end
            return self.when(pattern.first, goes_on=goes_on)
        return describe_pattern(pattern, self.words.timezone, self.now)

    def when(self, stretch: Move | Handover | Gap, *, goes_on: bool = False) -> str:
        """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00`, `Mon 7 Dec 10:00–18:00`, `from Mon 7 Dec 10:00 on`.

        What begins with the window began before it.
        """
        if goes_on:
            return f"from {self._start(stretch.start)} on"
        if stretch.start <= self.now:
            return f"now – {moment(stretch.end, self.words.timezone, self.now)}"
        return wording.short_span((stretch.start, stretch.end), self.words.timezone, self.now)

    def _start(self, instant: int) -> str:
        return "now" if instant <= self.now else moment(instant, self.words.timezone, self.now)

    def who(self, members: frozenset[Member]) -> str:
        """`alice`, `[bob, carol]`, or `nobody`."""
        return wording.members(members, self.words.directory) if members else NOBODY

    def _coverage(self, effect: Effect) -> Iterator[Row]:
        """A row for each duty that the change leaves open, else a row that compares both sides."""
        if not effect.gaps:
            before, after = len(effect.old_gaps), len(effect.left_gaps)
            text = f"{count(before, 'gap')} → {after or 'none'}"
            if effect.old_gaps == effect.left_gaps:
                text = f"{count(after, 'gap') if after else 'complete'}, as before"
            yield Row("coverage", text)
        label = "coverage"
        for role in dict.fromkeys(gap.role for gap in effect.gaps):
            gaps = [gap for gap in effect.gaps if gap.role == role]
            stretches = joined([self._gap(gap) for gap in gaps[:3]])
            more = f", and {len(gaps) - 3} more" if len(gaps) > 3 else ""
            text = f"{self.lacking(role)} is on call {stretches}{more}, where somebody was before"
            yield Row(label, text, Look.ERROR if role in (None, PRIMARY) else Look.WARNING)
            label = ""

    def _gap(self, gap: Gap) -> str:
        """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00`, or `from Mon 7 Dec 10:00 on`."""
        if endless(gap.span, self.window[1]):
            return f"from {self._start(gap.start)} on"
        return self.when(gap)

    def _open_times(self, gaps: Sequence[Gap]) -> Row:
        """`nobody is on call Sat 5 Dec 00:00 – Mon 7 Dec 00:00 and 5 more times`: the gravest."""
        role = min((gap.role for gap in gaps), key=lambda role: -1 if role is None else role)
        same = [gap for gap in gaps if gap.role == role]
        left = len(same) - 1
        more = f" and {count_times(left, 'more')}" if left else ""
        return Row("coverage", f"{self.lacking(role)} is on call {self.stretch(same[0])}{more}")

    def lacking(self, role: int | None) -> str:
        """`nobody`, or `no backup`: who is missing in a gap."""
        return NOBODY if role is None else f"no {self.words.directory.role(role)}"

    def stretch(self, gap: Gap) -> str:
        """`Mon 7 Dec 10:00–18:00`, as short as can be, or `from Mon 7 Dec 10:00 on`."""
        if endless(gap.span, self.window[1]) or gap.start <= self.now:
            return self._gap(gap)
        return wording.short_span(gap.span, self.words.timezone, self.now)

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


def count_times(number: int, more: str = "") -> str:
    """`once`, `3 times`, `once more`, `3 more times`."""
    if number == 1:
        return f"once {more}".rstrip()
    return " ".join(filter(None, (str(number), more, "times")))


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
    now = _describe_now(plan, words, names=names)
    created = [action.effect for action in plan.writes if isinstance(action, Create)]
    fresh = sum(len(effect.moves) for effect in created if effect)
    moved = sum(len(effect.moves) for effect in plan.effects) - fresh
    counts = [count(moved, "shift moves", "shifts move")] if moved else []
    counts += [count(fresh, "shift is new", "shifts are new")] if fresh else []
    unknown = sum(effect.source is None for effect in plan.effects)
    parts = [] if unknown else [f"No shift moves until {until}; {now}."]
    if counts:
        of = f", of {_list_some(affected(plan.effects, words))}" if names and movers else ""
        parts = [f"Until {until}, {joined(counts)}{of}; {now}."]
    if unknown:
        parts.append(f"The effect of {count(unknown, 'change')} is not known.")
    return " ".join(parts)


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


def _describe_now(plan: Plan, words: Words, *, names: bool) -> str:
    """Where somebody is relieved at this moment, and who comes on call on new schedules."""
    parts = []
    if changed := [action.name for action in plan.writes if action.effect and action.effect.now]:
        parts.append(f"who is on call right now changes on {_list_some(changed)}")
    people: set[int] = set()
    schedules: list[str] = []
    for action in plan.writes:
        if action.effect and comes_on_now(action, plan):
            people |= {member.person for member in action.effect.moves[0].after}
            schedules.append(action.name)
    if people:
        who = count(len(people), "person", "people")
        if names:
            who = _list_some(sorted(map(words.directory.person, people), key=str.casefold))
        verb = "comes" if len(people) == 1 else "come"
        parts.append(f"{who} {verb} on call now, on {_list_some(schedules)}")
    if not parts and any(effect.source is None for effect in plan.effects):
        return "as far as is known, nobody on call now changes"
    return ", and ".join(parts) or "nobody on call now changes"


def comes_on_now(action: Action, plan: Plan) -> bool:
    """Whether a new schedule has somebody on call at once."""
    effect = action.effect if isinstance(action, Create) else None
    start = plan.window[0] if plan.window else plan.created_at
    return bool(effect and effect.moves and effect.moves[0].start <= start)
