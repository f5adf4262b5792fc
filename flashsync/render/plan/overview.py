"""The part of a plan before its details: who is more and less on call, and a line a change."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashsync.model import wording
from flashsync.model.people import MemberStatus
from flashsync.model.schedule import PRIMARY, Member
from flashsync.model.timezone import HOUR
from flashsync.model.wording import count, first, joined, moment, sort_members
from flashsync.plan.effects import find_leavers
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
from flashsync.render.plan.effects import SAID, EffectView, comes_on_now, count_times
from flashsync.render.terminal import GAP, Cell, Look, Screen, cells, cut, shorten, wrapped
from flashsync.rotation.compare import Gap, Move

MOST_PEOPLE = 6
"""People who are named as more, or as less, on call."""
_LEAST_FOR_COLUMNS = 72
"""The least columns of a screen for a table; else a change is a name, and a line below."""
_LONGEST_NAME = 24
_SHORTENED_NAME = 14
"""The cells of names where what is done has too little room."""
_CHANGE = 24
_FEWEST_CELLS = 8
"""The cells for what is done to a schedule: of a usual change, and the least."""
_INDENT = 4

# What a plan does, a schedule a row.


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A schedule, what is done to it, from when on, how many shifts that moves, and alarms.

    `alarms` are what nobody may miss: who is on call now, and gaps.
    """

    action: Action
    what: str
    when: str = ""
    shifts: str = ""
    alarms: tuple[str, ...] = ()
    warnings: str = ""


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


def urgency(action: Action, plan: Plan) -> tuple[int, float, str]:
    """The place of an action among others, then its first move, then its name.

    The place is 0 where somebody else is on call right now, 1 where somebody new is, 3 without a
    write.
    """
    name = action.name.casefold()
    if isinstance(action, Unchanged):
        return 3, math.inf, name
    effect = action.effect
    move = (effect.moves[0] if effect.moves else effect.later) if effect else None
    start = math.inf if move is None else move.start
    if effect and effect.now:
        return 0, start, name
    return (1 if comes_on_now(action, plan) else 2), start, name


def _row(action: Action, plan: Plan, words: Words, view: EffectView | None) -> OverviewRow:
    what = describe_write(action, words)
    effect = None if isinstance(action, Unchanged) else action.effect
    when = shifts = ""
    if view is not None and effect is not None and not isinstance(action, Unchanged):
        when, shifts = _begin(effect, view), _shifts(action, effect)
    alarms = tuple(_alarms(action, effect, plan, view))
    return OverviewRow(action, what, when, shifts, alarms, _describe_warnings(action))


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
    changes = [change for change in update.changes if change.path != "schedule"]
    rota = [change for change in changes if change.path.startswith(("layers", "overrides"))]
    paths = {change.path.partition("].")[0] for change in rota if "layers[" in change.path}
    parts += [_shorten(change, several=len(paths) > 1) for change in rota]
    if update.renamed:
        parts.append(f"renamed from {update.live_name}")
    parts += [_shorten(change, several=False) for change in changes if change not in rota]
    return ", ".join(parts)


_HOURS = re.compile(r"(\d+) hours?\b")
_BEFORE = re.compile(r"^((?:.*\border: )?).*?→ ")
_LONGEST_VALUES = 56
"""The most cells of both values of a change; else only the new one is shown."""


def _shorten(change: Change, *, several: bool) -> str:
    """`+ frank (turn 4)`, `rotation 12 h → 8 h`; with the layer where several change."""
    if change.path == "description":
        return change.path
    layer, _, field = change.path.removeprefix("layers[").rpartition("].")
    text = change_text(change)
    if cells(text) > _LONGEST_VALUES:
        text = _BEFORE.sub(r"\1→ ", text)
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
    """Who is on call now, and gaps that open."""
    if view is None or effect is None:
        return
    if effect.now:
        yield f"on call now: {_describe_swap(effect.now, view)}"
    if comes_on_now(action, plan):
        yield f"on call now: {view.who(effect.moves[0].after)}"
    if isinstance(action, Update):
        yield from _describe_leavers(action, view)
    if effect.gaps:
        yield from _describe_gaps(effect.gaps, view)


def _describe_leavers(update: Update, view: EffectView) -> Iterator[str]:
    """`Bob, who left the account, stays on call until Mon 7 Dec 10:00`."""
    directory, zone = view.words.directory, view.words.timezone
    for leavers in find_leavers(update, view.account_zone, view.now):
        known = [directory.people.get(member.person) for member in leavers.members]
        left = [person.id for person in known if person and person.status is MemberStatus.DELETED]
        if not left:
            continue
        names = joined(sorted(map(directory.person, left), key=str.casefold))
        stay = "stay" if len(left) > 1 else "stays"
        way = "an override" if leavers.dated else "`rollout: now`"
        until = moment(leavers.until, zone, view.now)
        yield f"{names}, who left the account, {stay} on call until {until}; {way} ends that"


_MOST_RELIEVED = 3


def _describe_swap(move: Move, view: EffectView) -> str:
    """`alice → frank`, `judy, tom and 2 more → nobody`, `+ frank`: without people who stay.

    Of many who go only some are named: whoever comes matters more.
    """
    goes, comes = move.before - move.after, move.after - move.before
    if not comes and move.after:
        return f"- {view.who(goes)}"
    if not goes and move.before:
        return f"+ {view.who(comes)}"
    relieved = view.who(goes)
    if len(goes) > _MOST_RELIEVED:
        directory = view.words.directory
        names = [wording.member(member, directory) for member in sort_members(goes, directory)]
        relieved = first(names, _MOST_RELIEVED - 1)
    return f"{relieved} → {view.who(comes)}"


def _describe_gaps(gaps: Sequence[Gap], view: EffectView) -> Iterator[str]:
    """`no primary on call Tue 1 Dec 20:00–21:00 and 33 more times`, `no backup 3 times`."""
    by_role: dict[int | None, list[Gap]] = {}
    for gap in sorted(gaps, key=lambda gap: -1 if gap.role is None else gap.role):
        by_role.setdefault(gap.role, []).append(gap)
    (gravest, same), *others = by_role.items()
    left = len(same) - 1
    more = f" and {count_times(left, 'more')}" if left else ""
    yield f"{view.lacking(gravest)} on call {view.stretch(same[0])}{more}"
    for role, lacking in others:
        yield f"{view.lacking(role)} {count_times(len(lacking))}"


def _describe_warnings(action: Action) -> str:
    """`2 warnings: short_notice, double_booked`; one of no check has its own words, first."""
    warnings = [one for one in action.remarks.warnings if one.check not in SAID]
    if not warnings:
        return ""
    texts = [one.text.partition(";")[0] for one in warnings if not one.check]
    checks = [one.check for one in warnings if one.check]
    what = ", ".join(dict.fromkeys([*texts, *checks]))
    return f"{count(len(warnings), 'warning')}: {what}"


def alarm_look(row: OverviewRow) -> Look:
    """A gap without a primary is an error, all else a warning."""
    effect = None if isinstance(row.action, Unchanged) else row.action.effect
    grave = effect and any(gap.role in (None, PRIMARY) for gap in effect.gaps)
    return Look.ERROR if grave else Look.WARNING


# Who is more, and who is less on call.


def balance(plan: Plan, words: Words) -> tuple[list[str], list[str]]:
    """People with more hours of duty in the plan's window, as `dave +336 h`; and with less.

    Hours on several schedules add up; those as backup count apart, as `dave (backup) +168 h`.
    """
    hours: Counter[Member] = Counter()
    for effect in plan.effects:
        for move in effect.moves:
            hours.update(dict.fromkeys(move.after - move.before, move.end - move.start))
            hours.subtract(dict.fromkeys(move.before - move.after, move.end - move.start))
    rounded = {member: round(seconds / HOUR) for member, seconds in hours.items()}
    names = {member: wording.member(member, words.directory) for member in rounded}
    ordered = sorted(rounded, key=lambda member: (-abs(rounded[member]), names[member]))
    texts = {member: f"{names[member]} {rounded[member]:+} h" for member in ordered}
    return (
        [texts[member] for member in ordered if rounded[member] > 0],
        [texts[member] for member in ordered if rounded[member] < 0],
    )


def balance_lines(plan: Plan, words: Words) -> Iterator[tuple[str, str]]:
    """`more on call` and `less on call`, each with its people."""
    for label, people in zip(("more on call", "less on call"), balance(plan, words), strict=True):
        if people:
            yield (
                label,
                joined(people) if len(people) <= MOST_PEOPLE else first(people, MOST_PEOPLE),
            )


# The rows as lines of a screen: two lines each, and more only for what nobody may miss.


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """A sign with its look, four columns, and below them alarms, with their look, and warnings."""

    sign: str
    look: Look
    columns: tuple[str, str, str, str]
    alarms: tuple[str, ...] = ()
    alarm_look: Look = Look.WARNING
    warnings: str = ""


def overview_lines(rows: Sequence[OverviewLine], screen: Screen) -> Iterator[str]:
    """At most two lines for each row; alarms, which are never cut, may take more."""
    texts = [[screen.safe(text).strip() for text in row.columns] for row in rows]
    sizes = _column_sizes(texts, screen)
    for row, cell in zip(rows, texts, strict=True):
        if sizes is None:
            name, rest = cell[0], ", ".join(filter(None, cell[1:]))
            head = screen.paint(
                shorten(name, screen.columns - _INDENT, screen.safe("…")), Look.STRONG
            )
        else:
            what, rest = _split_what(cell[1], sizes[1])
            head = _join_columns((cell[0], what, *cell[2:]), sizes, screen)
        yield f"  {screen.paint(row.sign, row.look)} {head}"
        start = _find_start(rest, row, sizes, screen)
        for line in _lines_below(rest, row, screen, screen.columns - start):
            yield " " * start + line


def _find_start(rest: str, row: OverviewLine, sizes: Sequence[int] | None, screen: Screen) -> int:
    """The column of the lines below a row: that of what is done, if all fits there on a line."""
    if sizes is None:
        return _INDENT
    start = _INDENT + sizes[0] + GAP
    whole = _APART.join(filter(None, (rest, *row.alarms, row.warnings)))
    return start if cells(screen.safe(whole)) <= screen.columns - start else _INDENT + GAP


_APART = "; "


def _lines_below(rest: str, row: OverviewLine, screen: Screen, room: int) -> Iterator[str]:
    """The rest of what is done, alarms and warnings, each on the first line with room for it.

    Alarms are never cut.
    """
    warnings = screen.safe(row.warnings).strip()
    number = warnings.partition(":")[0]
    beside = cells(_APART + number) + GAP if number and not row.alarms else 0
    lines: list[list[Cell]] = []
    if rest:
        lines.append([(cut(rest, max(room - beside, room // 2), screen), Look.PLAIN)])
    ends = lines[:]  # lines with whole texts
    for alarm in filter(None, (screen.safe(alarm).strip() for alarm in row.alarms)):
        if line := _find_line(ends, cells(alarm), room):
            line.append((alarm, row.alarm_look))
        else:
            *full, last = ([(part, row.alarm_look)] for part in wrapped(alarm, room))
            lines += [*full, last]
            ends.append(last)
    if warnings:
        least = min(cells(warnings), cells(number) + GAP)
        line = _find_line(ends, cells(warnings), room) or _find_line(ends, least, room)
        if line is None and (row.alarms or not lines):
            lines.append(line := [])
        line = lines[0] if line is None else line
        left = room - (_width([*line, ("", Look.PLAIN)]) if line else 0)
        line.append((cut(warnings, left, screen), Look.WARNING))
    for line in lines:
        yield _APART.join(screen.paint(text, look) for text, look in line)


def _find_line(lines: Sequence[list[Cell]], size: int, room: int) -> list[Cell] | None:
    """The first line with room for a text of `size` cells."""
    return next((line for line in lines if _width(line) + cells(_APART) + size <= room), None)


def _width(line: Sequence[Cell]) -> int:
    return cells(_APART.join(text for text, _ in line))


_PART = re.compile(r"(?:\[[^\]]*\]|.)+?(?:, |(?= \()|$)")


def _split_what(what: str, width: int) -> tuple[str, str]:
    """As much of what is done as its column has room for, without a break in a value; the rest."""
    if cells(what) <= width:
        return what, ""
    start = ""
    for part in _PART.findall(what):
        if cells((start + part).rstrip()) > width:
            break
        start += part
    return start.rstrip(), what[len(start) :].lstrip()


def _column_sizes(texts: Sequence[Sequence[str]], screen: Screen) -> list[int] | None:
    """The widths of the four columns; None where the screen is too narrow for them."""
    if screen.columns < _LEAST_FOR_COLUMNS or not texts:
        return None
    sizes = [max(map(cells, column)) for column in zip(*texts, strict=True)]
    sizes[0] = min(sizes[0], max(_LONGEST_NAME, screen.columns // 4))
    sizes[2] = min(sizes[2], screen.columns * 2 // 5)
    gaps = GAP * sum(size > 0 for size in (sizes[0], *sizes[2:]))
    room = screen.columns - _INDENT - gaps - sum(sizes[2:])
    starved = max(0, min(sizes[1], _CHANGE) - (room - sizes[0]))
    sizes[0] -= min(starved, max(0, sizes[0] - _SHORTENED_NAME))
    if room - sizes[0] < min(sizes[1], _FEWEST_CELLS):
        return None
    return [sizes[0], min(sizes[1], room - sizes[0]), *sizes[2:]]


def _join_columns(cell: Sequence[str], sizes: Sequence[int], screen: Screen) -> str:
    parts = []
    for place, (text, size) in enumerate(zip(cell, sizes, strict=True)):
        if size > 0:
            name = place == 0  # the ends of names tell them apart
            shown = shorten(text, size, screen.safe("…")) if name else cut(text, size, screen)
            look = Look.STRONG if name else Look.PLAIN
            parts.append(screen.paint(shown, look) + " " * (size - cells(shown)))
    return (" " * GAP).join(parts).rstrip()
