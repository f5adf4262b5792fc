"""The effect of a plan in rows and tables: whose shifts move, gaps, load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashsync.model import wording
from flashsync.model.calendar import Span
from flashsync.model.check_registry import COVERAGE_GAP, ON_CALL_NOW
from flashsync.model.schedule import PRIMARY, Member
from flashsync.model.timezone import HOUR
from flashsync.model.wording import count, day, first, joined, moment
from flashsync.plan.effects import burdens
from flashsync.plan.model import Action, Create, Effect, Plan, Unchanged, Update, Write, endless
from flashsync.plan.words import Words
from flashsync.render import markdown as md
from flashsync.render.size_budget import DocumentPiece, Rank, Section, paragraph
from flashsync.render.terminal import Look, Row
from flashsync.rotation.compare import Gap, Load, Move

MOST_MOVES = 8
MOST_NEW = 4
"""Shifts of one schedule that are shown unless all are asked for: that move, that are new."""
SAID = (ON_CALL_NOW, COVERAGE_GAP)
"""Checks with warnings that the rows of an effect have already."""
_MOST_PEOPLE = 6
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
        """At most `most` moves, a row each; or the first one beyond the window."""
        label = f"on call, until {self._day(self.window[1])}"
        shown = effect.moves[:most]
        for move in shown:
            goes_on = effect.goes_on and move is effect.moves[-1]
            yield Row(label, self.move(move, new=new, goes_on=goes_on), long=True)
            label = ""
        if left := len(effect.moves) - len(shown):
            yield Row("", f"… and {left} more: -v shows all", long=True)
        if effect.later:
            label = f"on call, after {self._day(self.window[1])}"
            later = self.move(effect.later, new=new, goes_on=effect.goes_on)
            yield Row(label, f"first {later}", long=True)

    def move(self, move: Move, *, new: bool = False, goes_on: bool = False) -> str:
        """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00   alice → frank`."""
        after = self.who(move.after)
        who = after if new else f"{self.who(move.before)} → {after}"
        return f"{self.when(move, goes_on=goes_on)}   {who}"

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
        """Hours, nights and weekend hours of each person, before and after."""
        name = self.words.directory.person
        found = burdens(effect, self.window, self.account_zone)
        label = "load"
        for one in sorted(found, key=lambda burden: name(burden.person)):
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


def summary(plan: Plan, words: Words, *, names: bool = True) -> str:
    """`Until 14 Dec, 1 shift moves, of alice and frank; nobody on call now changes.`

    Without `names`, whose shifts those are is left out.
    """
    if plan.window is None:
        return ""
    until = day(plan.window[1], words.timezone, plan.created_at)
    unknown = sum(effect.source is None for effect in plan.effects)
    now = _now(plan, words, names=names)
    parts = [] if unknown else [f"No shift moves until {until}; {now}."]
    if moved := _counted(plan):
        of = f", of {_list_some(affected(plan.effects, words))}" if names else ""
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
    return joined(names) if len(names) <= _MOST_PEOPLE else first(names, _MOST_PEOPLE)


def _now(plan: Plan, words: Words, *, names: bool) -> str:
    """Where somebody is relieved at this moment, and who comes on call on new schedules."""
    changed = [action.name for action in plan.writes if action.effect and action.effect.now]
    parts = [f"who is on call right now changes on {joined(changed)}"] if changed else []
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
        yield f"{who} {'comes' if len(people) == 1 else 'come'} on call now, on {joined(schedules)}"


# The effect of a plan as a table: who is on call when, before and after.

MOST_PEOPLE = 30
"""People who are named above the table."""
_FIRST = 3
"""Rows of each schedule that are cut after all others."""
_ROW = ("row of who is on call", "rows of who is on call")


def most_of(action: Action) -> int:
    """Rows that the table has of a schedule; its details have the others."""
    return MOST_NEW if isinstance(action, Create) else MOST_MOVES


def sections(plan: Plan, words: Words) -> Iterator[Section]:
    """The people affected, and the table; nothing where effects were not computed."""
    view = EffectView.of(plan, words)
    if view is None:
        return
    if names := affected(plan.effects, words):
        named = first([md.text(name, 80) for name in names], MOST_PEOPLE)
        text = f"**People affected ({len(names)}):** {named}"
        yield paragraph(text, Rank.PEOPLE, ("list of people", "lists of people"))
    rows = [piece for action in sorted(plan.writes, key=_urgency) for piece in _rows(action, view)]
    titles = ("Schedule", f"When ({md.text(words.timezone)})", "On call, before → after")
    yield Section(tuple(rows), md.head(titles))


def _urgency(action: Write) -> int:
    """Who is on call right now comes first, and what is new comes last."""
    if action.effect and action.effect.now:
        return 0
    return 2 if isinstance(action, Create) else 1


def _rows(action: Write, view: EffectView) -> Iterator[DocumentPiece]:
    """A row a move, the first with the name: earlier rows are never cut before later ones."""
    effect, name = action.effect, md.strong(md.text(action.name, 80))
    if effect is None:
        return
    if effect.source is None:
        why = md.prose(f"not known: {effect.remark}")
        yield DocumentPiece(md.row([name, "", f"⚠️ {why}"]), Rank.ROWS, _ROW)
    most = most_of(action)
    for number, (when, who) in enumerate(_moves(action, effect, view)[:most]):
        rank = Rank.LATER_ROWS if number >= _FIRST else Rank.ROWS
        yield DocumentPiece(md.row([name, when, who]), rank, _ROW)
        name = ""
    if len(effect.moves) > most:
        more = f"… and {len(effect.moves) - most} more, in the details"
        yield DocumentPiece(md.row([name, more, ""]), Rank.LATER_ROWS, _ROW)


def _moves(action: Write, effect: Effect, view: EffectView) -> list[tuple[str, str]]:
    """When, and who, of each move; of the first one beyond the window, where none is in it."""
    moves = (*effect.moves, *([effect.later] if effect.later else []))
    rows = []
    for left, move in zip(range(len(moves) - 1, -1, -1), moves, strict=True):
        when = md.text(view.when(move, goes_on=effect.goes_on and not left))
        before = "_new_" if isinstance(action, Create) else md.text(view.who(move.before))
        who = f"{before} → {md.strong(md.text(view.who(move.after)))}"
        rows.append((f"⚠️ **{when}**", who) if move == effect.now else (when, who))
    return rows
