"""Drift as text: what differs between files and account, and who wrote it last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flashsync.plan.model import Create, Delete, Plan, Reason, Update, Write
from flashsync.render.plan_text import remarks, undeclared
from flashsync.render.screen import Screen, header, line, rows
from flashsync.render.words import count, moment

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote a live schedule last, and when (Unix seconds).

    `own` is the key's own member: then a merge was probably not applied yet.
    """

    by: str
    at: int
    own: bool


def drift_text(
    plan: Plan, written: Mapping[int, Written], screen: Screen, timezone: str, now: int
) -> str:
    """The differences, seen from the account: what it has, and what the file says."""
    parts: list[RenderableType] = []
    for action in plan.writes:
        parts += _block(action, written, timezone, now)
    parts += undeclared(plan.undeclared)
    parts += [line(f"Note: {note}") for note in plan.notes]
    parts.append(line(drift_summary(plan), "bold"))
    return screen.text(parts)


def drift_summary(plan: Plan) -> str:
    """How many of the declared schedules differ."""
    counts = plan.summary
    declared = counts.unchanged + sum(action.source is not None for action in plan.writes)
    differing = sum(action.source is not None for action in plan.writes)
    text = "No drift" if not differing else f"Drift: {differing} of {count(declared, 'schedule')}"
    if differing:
        text += " differs" if differing == 1 else " differ"
    else:
        text += f": {count(declared, 'schedule')} as declared"
    if plan.undeclared:
        text += f"; {len(plan.undeclared)} declared nowhere"
    return text + "."


def _block(
    action: Write, written: Mapping[int, Written], timezone: str, now: int
) -> Iterator[RenderableType]:
    source = f"{action.source.file}:{action.source.line}" if action.source else ""
    name = action.live_name if isinstance(action, Update) else action.name
    yield header(f"  ! {name}", "bold yellow", source)
    found = [(label, text, "") for label, text in _rows(action)]
    if not isinstance(action, Create) and action.id in written:
        found.append(("last written", _last(written[action.id], timezone, now), ""))
    yield rows([*found, *remarks(action.remarks)])


def _rows(action: Write) -> Iterator[tuple[str, str]]:
    match action:
        case Create():
            yield "account", "has no such schedule"
        case Delete(reason=Reason.ABSENT):
            yield "account", "has it, although the file says `absent: true`"
        case Delete():
            yield "account", "has it, and no file declares it"
        case Update():
            for change in action.changes:
                yield change.path, f"account has {_value(change.before)}"
                yield "", f"file says {_value(change.after)}"


def _value(value: str | None) -> str:
    return "nothing" if value in (None, "") else str(value)


def _last(written: Written, timezone: str, now: int) -> str:
    text = f"by {written.by}, {moment(written.at, timezone, now)}"
    return f"{text}: with this key, so probably not applied yet" if written.own else text
