"""A plan, its outcome, and drift as a page: who is on call before and after, side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flashsync import __version__
from flashsync.errors import Problem
from flashsync.model.timezone import rfc3339
from flashsync.model.wording import count, moment
from flashsync.plan.compare_loads import compare_loads
from flashsync.plan.drift import Drift
from flashsync.plan.model import Action, Plan, Unchanged
from flashsync.plan.outcome import Outcome, WriteStatus
from flashsync.plan.words import Words
from flashsync.render.html.page import LONGEST, render_page
from flashsync.render.html.page_data import collect_data
from flashsync.render.html.prose import FilePlace, Remark, RemarkList, split_prose
from flashsync.render.markdown import Links
from flashsync.render.plan import drift as drift_text
from flashsync.render.plan import text
from flashsync.render.plan.effects import summarise_effects
from flashsync.render.plan.load_panel import LoadPanel, draw_load_panel
from flashsync.render.plan.markdown import list_warnings
from flashsync.render.plan.outcome import MARKS, closing, describe_result
from flashsync.render.plan.overview import balance_lines
from flashsync.render.plan.page_articles import ArticleWriter
from flashsync.render.plan.page_calendars import AFTER, BEFORE, Detail, PlanCalendars
from flashsync.render.plan.verdict import Headline, Mood, judge_drift, judge_plan
from flashsync.render.sanitize import clean
from flashsync.render.terminal import Row

_TITLES = {BEFORE: "Before", AFTER: "After"}
_DRIFT_TITLES = {BEFORE: "Live", AFTER: "By the files"}
_DRIFT_VERBS = {"create": "only in the file", "update": "differs", "delete": "only in the account"}
_HYPHEN = re.compile(r" -(?=\d+ h)")
"""The minus of a terminal, which some screen readers do not say."""
_FEW_SHIFTS = 3
"""Shifts in the table of a schedule without a script, on a page that would be too long."""


@dataclass(frozen=True, slots=True)
class PageStory:
    """What a page tells next to the plan: its verdict, sentences, and what to know.

    `describe` gives the rows of what changes on a schedule, `titles` the heads of its two sides;
    `verbs` replace the words of plans.
    """

    verdict: Headline
    describe: Callable[[Action], Iterable[Row]]
    alerts: Sequence[RemarkList]
    rest: Sequence[RemarkList] = ()
    sentences: Sequence[str] = ()
    titles: Mapping[str, str] = field(default_factory=lambda: _TITLES)
    verbs: Mapping[str, str] = field(default_factory=dict)


def render_plan_html(
    plan: Plan,
    words: Words,
    links: Links,
    *,
    warnings: Sequence[Problem] = (),
    refusals: bool = True,
) -> str:
    """The verdict, who is on call now, warnings, a calendar for each schedule, and the load."""
    refused = plan.refusals if refusals else ()
    alerts = [
        RemarkList("`apply` would refuse this plan", _remarks(refused, links), "error"),
        RemarkList("Warnings", _remarks(list_warnings(plan, warnings), links), "warning"),
    ]
    verdict = judge_plan(plan, refused=bool(refused))
    rest = [_undeclared(plan), _notes(plan)]
    story = PageStory(verdict, _describe(plan, words), alerts, rest, _effects(plan, words))
    return _render(plan, words, links, story)


def render_outcome_html(
    outcome: Outcome,
    words: Words,
    links: Links,
    *,
    saved_plan: bool = False,
    warnings: Sequence[Problem] = (),
) -> str:
    """What became of each write, and then the plan."""
    plan = outcome.plan
    label, _, said = closing(outcome, saved_plan=saved_plan)
    verdict = Headline(
        Mood.GOOD if outcome.complete else Mood.STOPPED,
        f"flashsync {outcome.command}",
        f"nothing to do. {text.as_they_are(plan)}" if plan.empty else f"{label} {said}",
    )
    wrong = [*(problem.text for problem in outcome.problems), *outcome.unrestored]
    alerts = [
        RemarkList("What went wrong", tuple(Remark(split_prose(one)) for one in wrong), "error"),
        *_results(outcome, links),
        RemarkList("Warnings", _remarks(list_warnings(plan, warnings), links), "warning"),
    ]
    rest = [_undeclared(plan), _notes(plan, outcome.notes)]
    story = PageStory(verdict, _describe(plan, words), alerts, rest, _effects(plan, words))
    return _render(plan, words, links, story)


def render_drift_html(drift: Drift, foreseen: Plan | None, words: Words, links: Links) -> str:
    """What differs and who wrote it last; calendars are of the account and of the files.

    `foreseen` is the plan of the drift with its effects.
    """
    when = drift_text.clock(drift, words)

    def describe(action: Action) -> Iterator[Row]:
        yield from drift_text.body(action)
        yield from drift_text.last_write(action, drift, when)

    accepted = (Remark(split_prose(drift_text.accepted_text(one, when))) for one in drift.accepted)
    alerts = [
        RemarkList("Declared by no file", tuple(_in_no_file(drift, when)), "warning"),
        RemarkList("Warnings", _remarks(list_warnings(drift.plan), links), "warning"),
    ]
    story = PageStory(
        judge_drift(drift, drift_text.counts(drift.plan)),
        describe,
        alerts,
        [RemarkList("Accepted", tuple(accepted)), _notes(drift.plan)],
        () if drift.empty else (drift_text.LEGEND, drift_text.REMEDY),
        _DRIFT_TITLES,
        _DRIFT_VERBS,
    )
    return _render(foreseen or drift.plan, words, links, story)


# The parts that these pages share.


def _render(plan: Plan, words: Words, links: Links, story: PageStory) -> str:
    """The page with as much detail as its length allows."""
    calendars = PlanCalendars(plan, words, story.titles)
    page = _render_with(calendars, links, story)
    if len(page.encode()) <= LONGEST:
        return page
    detail = Detail(layers=False, rows=_FEW_SHIFTS)
    calendars = replace(calendars, detail=detail)
    page = _render_with(calendars, links, story)
    length, most = len(page.encode()), len(calendars.drawn)
    if length <= LONGEST:
        return page
    calendars = replace(calendars, detail=replace(detail, most=0))
    page = _render_with(calendars, links, story)
    least = len(page.encode())
    number = most * (LONGEST - least) // (length - least) if length > least else 0
    while number > 0:
        calendars = replace(calendars, detail=replace(detail, most=number))
        longer = _render_with(calendars, links, story)
        if len(longer.encode()) <= LONGEST:
            return longer
        number = number * 9 // 10
    return page


def _render_with(calendars: PlanCalendars, links: Links, story: PageStory) -> str:
    plan, words, timeline = calendars.plan, calendars.words, calendars.timeline
    rows = calendars.detail.rows
    writer = ArticleWriter(plan, words, links, story.describe, rows, story.verbs)
    numbers = dict(writer.shared_remarks)
    if calendars.shared_source:
        numbers[calendars.shared_source] = len(calendars.drawn)
    shared = [
        Remark(split_prose(f"{remark} ({count(number, 'schedule')})"))
        for remark, number in numbers.items()
    ]
    return render_page(
        "plan.html",
        sheets=("plan.css",),
        title=f"{story.verdict.subject.partition(',')[0]}, {clean(plan.account.name)}",
        mood=story.verdict.mood.value,
        subject=split_prose(story.verdict.subject),
        headline=split_prose(_capitalize(story.verdict.text)),
        sentences=[split_prose(_capitalize(one)) for one in story.sentences if one],
        account=clean(plan.account.name),
        account_id=plan.account.id,
        made=moment(plan.created_at, words.timezone, plan.created_at),
        made_instant=rfc3339(plan.created_at),
        now_changes=list(writer.changes_now()),
        alerts=[one for one in story.alerts if one.remarks],
        unchanged=text.as_they_are(plan) if plan.writes and plan.summary.unchanged else "",
        articles=writer.articles(calendars.drawn),
        cuts=list(_say_what_is_cut(calendars)),
        titles=story.titles,
        timeline=timeline,
        load=_load(calendars),
        rest=[
            one
            for one in (*story.rest, RemarkList("How effects were computed", tuple(shared)))
            if one.remarks
        ],
        version=__version__,
        rules=timeline.rules(),
        data=collect_data(timeline),
    )


def _capitalize(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _say_what_is_cut(calendars: PlanCalendars) -> Iterator[str]:
    if not calendars.detail.layers:
        yield "Layers are left out, to keep this page small: --only NAME shows them."
    if calendars.left_out:
        what = count(calendars.left_out, "calendar is", "calendars are")
        yield f"{what} left out, to keep this page small: --only NAME shows them."


def _load(calendars: PlanCalendars) -> LoadPanel | None:
    plan, words = calendars.rebuilt, calendars.words
    loads = compare_loads(plan, words.timezone)
    return None if loads is None else draw_load_panel(loads, words, plan.created_at)


def _describe(plan: Plan, words: Words) -> Callable[[Action], Iterable[Row]]:
    return lambda action: text.fields(action, plan, words)


def _effects(plan: Plan, words: Words) -> list[str]:
    """How many shifts move, and who is more and less on call, in the words of the text."""
    if plan.empty:
        return []
    several = len(plan.writes) > 1
    lines = balance_lines(plan, words) if several else ()
    people = [f"{label}: {_HYPHEN.sub(' −', names)}" for label, names in lines]
    return [summarise_effects(plan, words, movers=not several), *people]


def _remarks(problems: Iterable[Problem], links: Links) -> tuple[Remark, ...]:
    return tuple(Remark.of(problem, links) for problem in problems)


def _results(outcome: Outcome, links: Links) -> Iterator[RemarkList]:
    """The writes that did not go well, and the others."""
    lists: dict[bool, list[Remark]] = {False: [], True: []}
    for result in outcome.results:
        mark, _ = MARKS[result.status]
        sentence = "; ".join([describe_result(result), *result.notes])
        remark = Remark(
            split_prose(f"{mark} {sentence}"), FilePlace.of(result.action.source, links)
        )
        lists[result.status is WriteStatus.CONFIRMED].append(remark)
    yield RemarkList("Not confirmed", tuple(lists[False]), "error")
    yield RemarkList("Confirmed", tuple(lists[True]))


def _in_no_file(drift: Drift, when: drift_text.Clock) -> Iterator[Remark]:
    """The live schedules that no file declares, and who wrote them last."""
    for name in drift.plan.undeclared:
        rows = drift_text.last_write_rows(drift.written.get(name), when, declared=False)
        written = [f"{row.field} {row.value}" for row in rows if row.field == "last written"]
        sentence = f"`{name}` is in `manage` scope, and no file declares it"
        yield Remark(split_prose("; ".join([sentence, *written])))


def _undeclared(plan: Plan) -> RemarkList:
    names = tuple(Remark(split_prose(f"`{name}`")) for name in plan.undeclared)
    schedules = count(len(names), "live schedule")
    verb = "is" if len(names) == 1 else "are"
    return RemarkList(f"{schedules} in `manage` scope {verb} declared by no file", names)


def _notes(plan: Plan, more: Sequence[str] = ()) -> RemarkList:
    """Notes on the run, and on schedules that stay as they are."""
    notes = [*more, *plan.notes]
    for action in plan.actions:
        if isinstance(action, Unchanged):
            notes += [f"`{action.name}`: {note}" for note in action.remarks.notes]
    return RemarkList("Notes", tuple(Remark(split_prose(note)) for note in notes))
