"""What became of a plan, as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flashsync.plan.model import Create, Delete, Update
from flashsync.plan.outcome import Outcome, Result, Status
from flashsync.render.screen import Screen, line

if TYPE_CHECKING:
    from rich.console import RenderableType

_DONE = {Create: "created", Update: "updated", Delete: "deleted"}
_DOING = {Create: "create", Update: "update", Delete: "delete"}
_STYLES = {
    Status.CONFIRMED: "green",
    Status.FAILED: "bold red",
    Status.UNCLEAR: "bold red",
    Status.UNCONFIRMED: "bold red",
    Status.DIFFERS: "bold red",
    Status.NOT_STARTED: "",
}


def outcome_text(outcome: Outcome, screen: Screen) -> str:
    """One line a write, what went wrong, and how to go on."""
    parts: list[RenderableType] = []
    for result in outcome.results:
        parts += _result(result)
    parts.append(line(closing(outcome), "bold" if outcome.complete else "bold red"))
    return screen.text(parts)


def _result(result: Result) -> Iterator[RenderableType]:
    yield line(f"  {said(result)}", _STYLES[result.status])
    if result.problem:
        yield line(f"      {result.problem}")
    for note in result.notes:
        yield line(f"      note: {note}")


def said(result: Result) -> str:
    """One result in a few words."""
    kind, name = type(result.action), result.action.name
    match result.status:
        case Status.CONFIRMED:
            new = f" (id {result.schedule_id})" if kind is Create else ""
            return f"{_DONE[kind]} and confirmed: {name}{new}"
        case Status.FAILED:
            return f"could not {_DOING[kind]}: {name}"
        case Status.UNCLEAR:
            return f"nobody knows whether it was {_DONE[kind]}: {name}"
        case Status.UNCONFIRMED:
            return f"{_DONE[kind]}, but not confirmed: {name}"
        case Status.DIFFERS:
            return f"{_DONE[kind]}, but it reads back differently: {name}"
        case Status.NOT_STARTED:
            return f"not started: {_DOING[kind]} {name}"


def closing(outcome: Outcome) -> str:
    """The last line: all done, or how much is not and what to do."""
    done = outcome.having(Status.CONFIRMED)
    if outcome.complete:
        numbers = (
            f"{sum(isinstance(one.action, kind) for one in done)} {word}"
            for kind, word in _DONE.items()
        )
        return f"Applied and confirmed: {', '.join(numbers)}."
    words = {
        "confirmed": len(done),
        "failed": len(outcome.having(Status.FAILED)),
        "uncertain": len(outcome.having(Status.UNCLEAR, Status.UNCONFIRMED, Status.DIFFERS)),
        "not started": len(outcome.having(Status.NOT_STARTED)),
    }
    numbers = (f"{number} {word}" for word, number in words.items() if number)
    begin = "Interrupted" if outcome.interrupted else "Not finished"
    if not outcome.wrote:
        return f"{begin}; nothing was written: {', '.join(numbers)}."
    return f"{begin}: {', '.join(numbers)}. Plan again: it shows what is left."
