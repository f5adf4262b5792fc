"""The part of a plan before its details: who is more and less on call, and a line a change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from flashsync.model.schedule import PRIMARY
from flashsync.model.timezone import HOUR
from flashsync.model.wording import count, first, joined, moment
from flashsync.plan.model import (
    Action,
    Change,
    ChangeKind,
    Create,
    Delete,
    Effect,
    Plan,
    Reason,
    Unchanged,
    Update,
    Write,
)
from flashsync.plan.words import Words
from flashsync.render.plan.changes import change_text
from flashsync.render.plan.effects import NOBODY, SAID, EffectView, comes_on_now
from flashsync.render.terminal import GAP, Look, Screen, cells, cut, shorten, wrapped

MOST_PEOPLE = 6
"""People who are named as more, or as less, on call."""
_LEAST_FOR_COLUMNS = 72
"""The least columns of a screen for a table; else a change is a name, and a line below."""
_LONGEST_NAME = 24
_FEWEST_CELLS = 8
"""The least cells for what is done to a schedule."""
_INDENT = 4

# What a plan does, a schedule a row.


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A schedule, what is done to it, from when on, how many shifts that moves, and alarms.

    `alarms` are what nobody may miss: who is on call now, gaps, and the number of warnings.
    """

    action: Action
    what: str
    when: str = ""
    shifts: str = ""
    alarms: tuple[str, ...] = ()


def overview_rows(plan: Plan, words: Words) -> list[OverviewRow]:
    """A row for each write and each warning, what changes now first."""
    view = EffectView.of(plan, words)
    shown = [
        action
        for action in plan.actions
        if not isinstance(action, Unchanged) or action.remarks.warnings
    ]
    rows = [_row(action, plan, words, view) for action in shown]
    return sorted(rows, key=lambda row: urgency(row.action, plan))


def urgency(action: Action, plan: Plan) -> int:
    """0 where somebody else is on call right now, 1 where somebody new is, 3 without a write."""
    if isinstance(action, Unchanged):
        return 3
    if action.effect and action.effect.now:
        return 0
    return 1 if comes_on_now(action, plan) else 2


def _row(action: Action, plan: Plan, words: Words, view: EffectView | None) -> OverviewRow:
    what = describe_write(action, words)
    effect = None if isinstance(action, Unchanged) else action.effect
    alarms = list(_alarms(action, effect, plan, view))
    if view is None or effect is None or isinstance(action, Unchanged):
        return OverviewRow(action, what, alarms=tuple(alarms))
    return OverviewRow(action, what, _begin(effect, view), _shifts(action, effect), tuple(alarms))


def describe_write(action: Action, words: Words) -> str:
    """`rotation 12 h → 8 h`, `new: judy, tom`, `deleted (--prune)`."""
    match action:
        case Create():
            people = dict.fromkeys(
                words.directory.person(member.person)
                for layer in action.target.schedule.layers
                for group in layer.groups
                for member in sorted(group.members, key=lambda member: member.role)
            )
            return f"new: {first(list(people), 3)}" if people else "new"
        case Delete():
            return f"deleted{_DELETED_BY.get(action.reason, '')}"
        case Update():
            return _describe_update(action)
        case _:
            return "unchanged"


_DELETED_BY = {Reason.ABSENT: " (absent: true)", Reason.PRUNED: " (--prune)"}
_OTHERWISE = {
    Reason.SECRETS: "secrets are sent",
    Reason.TIDIED: "what has ended is removed",
    Reason.UNDONE: "back to what it was before",
}


def _describe_update(update: Update) -> str:
    """Its changes in short: what decides about shifts first."""
    parts = [_OTHERWISE[update.reason]] if update.reason in _OTHERWISE else []
    if update.renamed:
        parts.append(f"renamed from {update.live_name}")
    changes = [change for change in update.changes if change.path != "schedule"]
    changes.sort(key=lambda change: not change.path.startswith(("layers", "overrides")))
    paths = {change.path.partition("].")[0] for change in changes if "layers[" in change.path}
    parts += [_shorten(change, several=len(paths) > 1) for change in changes]
    return ", ".join(parts)


_HOURS = re.compile(r"(\d+) hours?\b")


def _shorten(change: Change, *, several: bool) -> str:
    """`+ frank (turn 4)`, `rotation 12 h → 8 h`; with the layer where several change."""
    if change.path == "description":
        return change.path
    layer, _, field = change.path.removeprefix("layers[").rpartition("].")
    text = change_text(change)
    if field == "rotation":
        text = _HOURS.sub(r"\1 h", text)
    if not layer:
        name = change.path.removeprefix("layers[").removesuffix("]")
        whole = change.path.startswith("layers[")
        done = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-"}.get(change.kind)
        return f"layer {done} {name}" if whole and done else f"{change.path} {text}"
    named = "" if change.kind is ChangeKind.TURNS else f"{field} "
    return f"{layer}: {named}{text}" if several else f"{named}{text}"


def _begin(effect: Effect, view: EffectView) -> str:
    """`from Sun 22 Nov 00:00`, or `now`."""
    move = effect.moves[0] if effect.moves else effect.later
    if move is None:
        return ""
    if move.start <= view.now:
        return "now"
    return f"from {moment(move.start, view.words.timezone, view.now)}"


def _shifts(action: Write, effect: Effect) -> str:
    """`9 shifts move`, `5 new shifts`, `no shift moves`."""
    if effect.source is None:
        return "effect not known"
    if not effect.moves:
        return "moves later" if effect.later else "no shift moves"
    if isinstance(action, Create):
        return count(len(effect.moves), "new shift")
    return count(len(effect.moves), "shift moves", "shifts move")


def _alarms(
    action: Action, effect: Effect | None, plan: Plan, view: EffectView | None
) -> Iterator[str]:
    """Who is on call now, gaps that open, and the number of warnings."""
    if view and effect and effect.now:
        move = effect.now
        yield f"on call now: {view.who(move.before)} → {view.who(move.after)}"
    if view and effect and comes_on_now(action, plan):
        yield f"on call now: {view.who(effect.moves[0].after)}"
    if view and effect and effect.gaps:
        gap = effect.gaps[0]
        duty = NOBODY if gap.role is None else f"no {view.words.directory.role(gap.role)}"
        others = len(effect.gaps) - 1
        more = f", {count(others, 'more gap')}" if others else ""
        yield f"{duty} on call from {moment(gap.start, view.words.timezone, view.now)}{more}"
    if warnings := [one for one in action.remarks.warnings if one.check not in SAID]:
        checks = ", ".join(dict.fromkeys(one.check for one in warnings if one.check))
        yield count(len(warnings), "warning") + (f": {checks}" if checks else "")


def alarm_look(row: OverviewRow) -> Look:
    """A gap without a primary is an error, all else a warning."""
    effect = None if isinstance(row.action, Unchanged) else row.action.effect
    grave = effect and any(gap.role in (None, PRIMARY) for gap in effect.gaps)
    return Look.ERROR if grave else Look.WARNING


# Who is more, and who is less on call.


def balance(plan: Plan, words: Words) -> tuple[list[str], list[str]]:
    """People with more hours in the plan's window, as `dave +336 h`; and people with less."""
    hours: Counter[int] = Counter()
    for effect in plan.effects:
        for move in effect.moves:
            before, after = ({one.person for one in side} for side in (move.before, move.after))
            hours.update(dict.fromkeys(after - before, move.end - move.start))
            hours.subtract(dict.fromkeys(before - after, move.end - move.start))
    rounded = {person: round(seconds / HOUR) for person, seconds in hours.items()}
    ordered = sorted(
        rounded, key=lambda person: (-abs(rounded[person]), words.directory.person(person))
    )
    texts = {
        person: f"{words.directory.person(person)} {rounded[person]:+} h" for person in ordered
    }
    return (
        [texts[person] for person in ordered if rounded[person] > 0],
        [texts[person] for person in ordered if rounded[person] < 0],
    )


def balance_lines(plan: Plan, words: Words) -> Iterator[tuple[str, str]]:
    """`more on call` and `less on call`, each with its people."""
    for label, people in zip(("more on call", "less on call"), balance(plan, words), strict=True):
        if people:
            yield (
                label,
                joined(people) if len(people) <= MOST_PEOPLE else first(people, MOST_PEOPLE),
            )


# The rows as lines of a screen: at most two lines each.


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """A sign with its look, four columns, and what nobody may miss, with its look."""

    sign: str
    look: Look
    columns: tuple[str, str, str, str]
    alarm: str = ""
    alarm_look: Look = Look.WARNING


def overview_lines(rows: Sequence[OverviewLine], screen: Screen) -> Iterator[str]:
    """At most two lines for each row."""
    texts = [[screen.safe(text).strip() for text in row.columns] for row in rows]
    sizes = _column_sizes(texts, screen)
    for row, cell in zip(rows, texts, strict=True):
        lines = _in_two_lines if sizes is None else partial(_in_columns, sizes=sizes)
        head, below = lines(cell, row, screen=screen)
        yield f"  {screen.paint(row.sign, row.look)} {head}"
        if below:
            yield below


def _in_two_lines(cell: Sequence[str], row: OverviewLine, *, screen: Screen) -> tuple[str, str]:
    """The name, and below it all else, for a narrow screen."""
    room = screen.columns - _INDENT
    rest = ", ".join(filter(None, (screen.safe(row.alarm).strip(), *cell[1:])))
    name = screen.paint(shorten(cell[0], room, screen.safe("…")), Look.STRONG)
    return name, " " * _INDENT + cut(rest, room, screen) if rest else ""


def _in_columns(
    cell: Sequence[str], row: OverviewLine, *, screen: Screen, sizes: Sequence[int]
) -> tuple[str, str]:
    """The columns, and below them what nobody may miss, and what does not fit its column."""
    alarm = screen.safe(row.alarm).strip()
    start = _INDENT + sizes[0] + GAP
    if cells(alarm) > screen.columns - start:
        start = _INDENT + GAP
        alarm = cut(alarm, screen.columns - start, screen)
    apart = "; " if alarm else ""
    what, rest = _fit_what(cell[1], sizes[1], screen.columns - start - cells(apart + alarm), screen)
    head = _join_columns((cell[0], what, *cell[2:]), sizes, screen)
    below = rest + (apart if rest else "") + screen.paint(alarm, row.alarm_look)
    return head, " " * start + below if below else ""


def _fit_what(what: str, width: int, room: int, screen: Screen) -> tuple[str, str]:
    """What is done in its column, and the rest of it in the room below, if there is enough."""
    start, *others = wrapped(what, width)
    if not others:
        return start, ""
    if room < _FEWEST_CELLS:
        return cut(what, width, screen), ""
    return start, cut(" ".join(others), room, screen)


def _column_sizes(texts: Sequence[Sequence[str]], screen: Screen) -> list[int] | None:
    """The widths of the four columns; None where the screen is too narrow for them."""
    if screen.columns < _LEAST_FOR_COLUMNS or not texts:
        return None
    sizes = [max(map(cells, column)) for column in zip(*texts, strict=True)]
    sizes[0] = min(sizes[0], max(_LONGEST_NAME, screen.columns // 4))
    sizes[2] = min(sizes[2], screen.columns * 2 // 5)
    gaps = GAP * sum(size > 0 for size in (sizes[0], *sizes[2:]))
    room = screen.columns - _INDENT - gaps - sizes[0] - sum(sizes[2:])
    if room < min(sizes[1], _FEWEST_CELLS):
        return None
    return [sizes[0], min(sizes[1], room), *sizes[2:]]


def _join_columns(cell: Sequence[str], sizes: Sequence[int], screen: Screen) -> str:
    parts = []
    for place, (text, size) in enumerate(zip(cell, sizes, strict=True)):
        if size > 0:
            name = place == 0  # the ends of names tell them apart
            shown = shorten(text, size, screen.safe("…")) if name else cut(text, size, screen)
            look = Look.STRONG if name else Look.PLAIN
            parts.append(screen.paint(shown, look) + " " * (size - cells(shown)))
    return (" " * GAP).join(parts).rstrip()
