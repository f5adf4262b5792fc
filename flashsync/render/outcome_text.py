"""What became of a plan, as text for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import assert_never

from flashsync.plan.model import VERBS, Verb
from flashsync.plan.outcome import Outcome, Result, Status
from flashsync.render import blocks
from flashsync.render.layout import Page
from flashsync.render.screen import Look, Screen

DONE: Mapping[Verb, str] = {verb: f"{verb}d" for verb in VERBS.values()}
"""What is said of a write that was carried out."""
MARKS = {
    Status.CONFIRMED: ("✓", Look.ADDED),
    Status.FAILED: ("✗", Look.ERROR),
    Status.UNCLEAR: ("?", Look.ERROR),
    Status.UNCONFIRMED: ("!", Look.ERROR),
    Status.DIFFERS: ("!", Look.ERROR),
    Status.NOT_STARTED: ("-", Look.PLAIN),
}
"""How the line of a write begins."""
_COUNTED = {
    Status.CONFIRMED: "done",
    Status.FAILED: "failed",
    Status.UNCLEAR: "unclear",
    Status.UNCONFIRMED: "not confirmed",
    Status.DIFFERS: "not as sent",
    Status.NOT_STARTED: "not started",
}


def render(outcome: Outcome, screen: Screen, *, saved_plan: bool = False) -> str:
    """One line a write, and how it ended.

    After `saved_plan`, the same command would be refused: what it has written has moved.
    """
    page = Page(screen)
    for result in outcome.results:
        mark, look = MARKS[result.status]
        page.labelled(mark, look, told(result), indent=2, hang=2)
        for note in result.notes:
            page.text(note, indent=4)
    for problem in outcome.problems:
        page.labelled("!", Look.ERROR, problem.text, indent=2, hang=2)
    page.blank()
    label, look, text = closing(outcome, saved_plan=saved_plan)
    page.labelled(label, look, text, hang=0)
    for left in outcome.unrestored:
        page.labelled("!", Look.WARNING, left, indent=2, hang=2)
    return str(page)


def told(result: Result) -> str:
    """What became of one write, in a sentence."""
    done, name = DONE[VERBS[type(result.action)]], result.action.name
    why = f": {result.problem.text}" if result.problem else ""
    match result.status:
        case Status.CONFIRMED:
            return f"{done} {_identified(result)}, confirmed"
        case Status.FAILED:
            return f"{name} was not {done}{why}"
        case Status.UNCLEAR:
            cause = why or ": it was interrupted in the middle of the request"
            return f"{name} may or may not have been {done}{cause}"
        case Status.UNCONFIRMED:
            return f"{done} {_identified(result)}, but it could not be read back{why}"
        case Status.DIFFERS:
            return f"{done} {_identified(result)}, but what was read back differs{why}"
        case Status.NOT_STARTED:
            return f"not started: {VERBS[type(result.action)]} {name}"
        case _:  # pragma: no cover
            assert_never(result.status)


def _identified(result: Result) -> str:
    name = blocks.title(result.action)
    return f"{name} (id {result.id})" if result.id else name


def closing(outcome: Outcome, *, saved_plan: bool = False) -> tuple[str, Look, str]:
    """The verdict, how it looks, and the counts with what to do."""
    if outcome.complete:
        done = Counter(DONE[VERBS[type(one.action)]] for one in outcome.results)
        counts = ", ".join(f"{done[verb]} {verb}" for verb in DONE.values())
        return "Applied:", Look.ADDED, f"{counts}; all confirmed."
    counts = ", ".join(_counts(outcome))
    if not outcome.wrote:
        label = "Interrupted; nothing was written:" if outcome.interrupted else "Nothing written:"
        return label, Look.ERROR, f"{counts}. {_again(outcome, saved_plan=False)}"
    if outcome.confirmed:
        return "Written, but not all is well:", Look.ERROR, f"{counts}."
    label = "Interrupted, not finished:" if outcome.interrupted else "Not finished:"
    return label, Look.ERROR, f"{counts}. {_again(outcome, saved_plan=saved_plan)}"


def _counts(outcome: Outcome) -> list[str]:
    found = Counter(result.status for result in outcome.results)
    return [f"{found[one]} {word}" for one, word in _COUNTED.items() if found[one]]


def _again(outcome: Outcome, *, saved_plan: bool) -> str:
    if saved_plan:
        return "Plan again and apply that: what is done already is no change then."
    if outcome.wrote and outcome.undo_of:  # without the id it would undo what was undone
        return f"Run `flashsync undo {outcome.undo_of}`: it goes on where this one stopped."
    if outcome.wrote:
        return "Run the same command again: it goes on where this one stopped."
    return "When that is mended, run the same command again."
