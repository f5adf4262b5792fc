"""What became of a plan, as text, Markdown and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from flashsync.errors import Problem
from flashsync.model.people import Directory
from flashsync.model.timezone import rfc3339
from flashsync.plan.json.document import ProblemDocument
from flashsync.plan.json.effects import PeopleNames
from flashsync.plan.model import VERBS, Verb
from flashsync.plan.outcome import Lost, Outcome, Result, WriteStatus
from flashsync.plan.words import Words
from flashsync.render import markdown as md
from flashsync.render.plan.changes import differences_text
from flashsync.render.plan.json import plan_json
from flashsync.render.plan.markdown import body
from flashsync.render.plan.text import as_they_are, block_title
from flashsync.render.sanitize import dump
from flashsync.render.size_budget import Rank, Section, fitted, list_of, paragraph
from flashsync.render.terminal import Look, Page, Screen

DONE: Mapping[Verb, str] = {verb: f"{verb}d" for verb in VERBS.values()}
"""The words for a write that was carried out."""
MARKS = {
    WriteStatus.CONFIRMED: ("✓", Look.ADDED),
    WriteStatus.FAILED: ("✗", Look.ERROR),
    WriteStatus.UNCLEAR: ("?", Look.ERROR),
    WriteStatus.UNCONFIRMED: ("!", Look.ERROR),
    WriteStatus.DIFFERS: ("!", Look.ERROR),
    WriteStatus.NOT_STARTED: ("-", Look.PLAIN),
}
"""How the line of a write begins."""
_COUNTED = {
    WriteStatus.CONFIRMED: "done",
    WriteStatus.FAILED: "failed",
    WriteStatus.UNCLEAR: "unclear",
    WriteStatus.UNCONFIRMED: "not confirmed",
    WriteStatus.DIFFERS: "not as sent",
    WriteStatus.NOT_STARTED: "not started",
}


def render_outcome(outcome: Outcome, screen: Screen, *, saved_plan: bool = False) -> str:
    """One line a write, and how it ended.

    After `saved_plan`, the same command would be refused: what it has written has moved.
    """
    page = Page(screen)
    for result in outcome.results:
        mark, look = MARKS[result.status]
        page.labelled(mark, look, describe_result(result), indent=2, hang=2)
        for note in result.notes:
            page.text(note, indent=4)
    for problem in outcome.problems:
        page.labelled("!", Look.ERROR, problem.text, indent=2, hang=2)
    page.blank()
    label, look, text = closing(outcome, saved_plan=saved_plan)
    page.labelled(label, look, text, hang=0)
    for left in outcome.unrestored:
        page.labelled("!", Look.WARNING, left, indent=2, hang=2)
    for note in outcome.notes:
        page.text(f"note: {note}")
    return str(page)


def describe_result(result: Result) -> str:
    """What became of one write, in a sentence."""
    done, name = DONE[VERBS[type(result.action)]], result.action.name
    problem = problem_of(result)
    why = f": {problem.text}" if problem else ""
    match result.status:
        case WriteStatus.CONFIRMED:
            return f"{done} {_identified(result)}, confirmed"
        case WriteStatus.FAILED:
            return f"{name} was not {done}{why}"
        case WriteStatus.UNCLEAR:
            cause = why or ": it was interrupted in the middle of the request"
            return f"{name} may or may not have been {done}{cause}"
        case WriteStatus.UNCONFIRMED:
            return f"{done} {_identified(result)}, but it could not be read back{why}"
        case WriteStatus.DIFFERS:
            return f"{done} {_identified(result)}, but what was read back differs{why}"
        case WriteStatus.NOT_STARTED:
            cause = f"; {result.problem.text}" if result.problem else ""
            return f"not started: {VERBS[type(result.action)]} {name}{cause}"
        case _:  # pragma: no cover
            assert_never(result.status)


def problem_of(result: Result) -> Problem | None:
    """What is wrong with a write, in full: how what was read back differs, and not only where."""
    if result.problem is None or not result.differences:
        return result.problem
    return replace(result.problem, message=differences_text(result.differences))


def _identified(result: Result) -> str:
    name = block_title(result.action)
    return f"{name} (id {result.id})" if result.id else name


def closing(outcome: Outcome, *, saved_plan: bool = False) -> tuple[str, Look, str]:
    """The verdict, how it looks, and the counts with what to do."""
    if outcome.complete:
        done = Counter(DONE[VERBS[type(one.action)]] for one in outcome.results)
        counts = ", ".join(f"{done[verb]} {verb}" for verb in DONE.values())
        return "Applied:", Look.ADDED, f"{counts}; all confirmed."
    statuses = Counter(result.status for result in outcome.results)
    counted = (
        f"{statuses[status]} {word}" for status, word in _COUNTED.items() if statuses[status]
    )
    counts = ", ".join(counted)
    if not outcome.wrote:
        label = "Interrupted; nothing was written:" if outcome.interrupted else "Nothing written:"
        return label, Look.ERROR, f"{counts}. {_again(outcome, saved_plan=False)}"
    if outcome.confirmed:
        return "Written, but not all is well:", Look.ERROR, f"{counts}."
    label = "Interrupted, not finished:" if outcome.interrupted else "Not finished:"
    return label, Look.ERROR, f"{counts}. {_again(outcome, saved_plan=saved_plan)}"


def _again(outcome: Outcome, *, saved_plan: bool) -> str:
    if saved_plan:
        return "Plan again and apply that plan; it skips what is already done."
    if outcome.wrote and outcome.undo_of:  # without the id it would undo what was undone
        return f"Run `flashsync undo {outcome.undo_of}`: it goes on where this one stopped."
    if outcome.wrote:
        return "Run the same command again: it goes on where this one stopped."
    return "Fix the cause and run the same command again."


# What became of a plan, as Markdown: what did not go well comes first.

_WRITE = ("write", "writes")
_CALM = {WriteStatus.NOT_STARTED: 1, WriteStatus.CONFIRMED: 2}
"""Ends of a write that nobody has to look at, in this order after all others."""


def render_outcome_markdown(
    outcome: Outcome,
    words: Words,
    links: md.Links,
    most: int,
    *,
    saved_plan: bool = False,
    warnings: Sequence[Problem] = (),
) -> str:
    """The verdict, what became of each write, and then the plan. At most `most` bytes."""
    return fitted(
        [
            paragraph(f"### {_verdict(outcome, saved_plan=saved_plan)}", Rank.VERDICT),
            _results(outcome),
            *body(outcome.plan, words, links, warnings),
        ],
        most,
    )


def _verdict(outcome: Outcome, *, saved_plan: bool) -> str:
    if outcome.plan.empty:
        return f"✅ flashsync {outcome.command}: nothing to do. {as_they_are(outcome.plan)}"
    label, _, text = closing(outcome, saved_plan=saved_plan)
    return f"{'✅' if outcome.complete else '⛔'} flashsync {outcome.command}. {label} {text}"


def _results(outcome: Outcome) -> Section:
    """What else went wrong; then each write: failures, doubts, not started, and done."""
    longest = 2 * md.LONGEST
    items = [
        (md.strong(md.prose(problem.text, longest)), Rank.ERRORS) for problem in outcome.problems
    ]
    items += [(md.prose(left, longest), Rank.ERRORS) for left in outcome.unrestored]
    for result in sorted(outcome.results, key=lambda result: _CALM.get(result.status, 0)):
        mark, _ = MARKS[result.status]
        sentence, rank = md.prose(describe_result(result), longest), Rank.PEOPLE
        if result.status not in _CALM:
            sentence, rank = md.strong(sentence), Rank.ERRORS
        lines = [f"{md.text(mark)} {sentence}", *(md.prose(note) for note in result.notes)]
        items.append(("<br>".join(lines), rank))
    items += [(md.prose(f"note: {note}", longest), Rank.NOTES) for note in outcome.notes]
    return list_of(items, _WRITE, "")


# What became of a plan, as JSON.


def render_outcome_json(outcome: Outcome, directory: Directory | None = None) -> str:
    """The plan, what became of each of its writes, and the exit code that follows."""
    who = directory or Directory()
    return dump(
        {
            "plan": plan_json(outcome.plan, who),
            "results": [_result(result) for result in outcome.results],
            "problems": [ProblemDocument.of(problem).plain() for problem in outcome.problems],
            "lost_overrides": [one for lost in outcome.lost for one in _lost(lost, who)],
            "unrestored": list(outcome.unrestored),
            "notes": list(outcome.notes),
            "complete": outcome.complete,
            "interrupted": outcome.interrupted,
            "exit_code": int(outcome.exit_code),
        }
    )


def _result(result: Result) -> dict[str, object]:
    action, problem = result.action, problem_of(result)
    return {
        "action": VERBS[type(action)],
        "schedule": action.name,
        "schedule_id": result.id,
        "status": result.status.value,
        "problem": ProblemDocument.of(problem).plain() if problem else None,
        "notes": list(result.notes),
    }


def _lost(lost: Lost, directory: Directory) -> Iterator[dict[str, object]]:
    """What a write wiped, an override each; an unknown one has no name, times or people."""
    shared = {
        "schedule": lost.schedule,
        "schedule_id": lost.id,
        "written_by": lost.who,
        "written_at": rfc3339(lost.at),
    }
    if not lost.overrides:
        yield {**shared, "override": None, "from": None, "to": None, "people": []}
    for one in lost.overrides:
        staff = [person.plain() for person in PeopleNames(directory).people(one.members)]
        times = {"from": rfc3339(one.start), "to": rfc3339(one.end)}
        yield {**shared, "override": one.name, **times, "people": staff}
