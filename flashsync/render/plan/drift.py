"""What differs between account and files, and who wrote it last: as text and Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from flashsync.model.wording import count, moment
from flashsync.plan.drift import Accepted, Drift, Key, LastWrite, WholeDifference, key_of
from flashsync.plan.model import Action, Create, Delete, Plan, Reason, Unchanged, Update, Write
from flashsync.plan.words import Words
from flashsync.render import markdown as md
from flashsync.render.plan.changes import change_text
from flashsync.render.plan.markdown import MOOD_SIGNS, details, footer, notes
from flashsync.render.plan.overview import OverviewLine, describe_write, overview_lines
from flashsync.render.plan.text import (
    SIGNS,
    as_they_are,
    block_body,
    block_title,
    hint_at_notes,
    list_notes,
    remark_rows,
    show_blocks,
    show_shared,
    split_shared,
)
from flashsync.render.plan.verdict import judge_drift
from flashsync.render.size_budget import DocumentPiece, Rank, Section, fitted, list_of, paragraph
from flashsync.render.terminal import Look, Page, Row, Screen

Clock: TypeAlias = Callable[[int], str]

REMEDY = (
    "Keep what is live with `flashsync pull`, or restore what the files say with `flashsync apply`."
)
LEGEND = "live → file: + is only in the file, - only in the account."
"""How changes are to be read."""


def render_drift(
    drift: Drift, screen: Screen, words: Words, *, verbose: bool = False, summary: bool = False
) -> str:
    """Each schedule that differs, with who wrote it last, what is accepted, and the counts.

    Before the details of several schedules comes a line or two for each; `summary` is that alone.
    """
    page, plan = Page(screen), drift.plan
    several = len(plan.writes) + len(plan.undeclared) > 1
    if several or summary:
        _summarise(page, drift)
    if not drift.empty:
        if several or summary:
            page.text(LEGEND[0].upper() + LEGEND[1:])
        else:
            page.labelled("Drift,", Look.STRONG, LEGEND)
        page.blank()
    if several or summary:
        page.lines(overview_lines(_overview(drift, words), screen))
    if not summary:
        page.blank()
        _show_details(page, drift, words, verbose=verbose)
    if summary and drift.accepted:
        page.text(f"{count(len(drift.accepted), 'accepted difference')}.")
    return str(page)


def _overview(drift: Drift, words: Words) -> list[OverviewLine]:
    """How each schedule differs, and who wrote it last and when."""
    when = clock(drift, words)
    lines = []
    for action in drift.plan.writes:
        last = _last_in_short(drift.written.get(key_of(action)), when)
        lines.append(
            OverviewLine(*SIGNS[type(action)], (action.name, _differs(action, words), last, ""))
        )
    for name in drift.plan.undeclared:
        last = _last_in_short(drift.written.get(name), when)
        lines.append(OverviewLine("-", Look.REMOVED, (name, "declared by no file", last, "")))
    return lines


def _differs(action: Write, words: Words) -> str:
    match action:
        case Create():
            return "missing in the account"
        case Delete():
            return "live, although `absent: true`"
        case Update():
            return describe_write(action, words)


def _last_in_short(last: LastWrite | None, when: Clock) -> str:
    """`by Bob Martin, Wed 18 Nov 16:33`."""
    if last is None:
        return ""
    return f"by {last.writer}, {when(last.at)}" if last.at else f"by {last.writer}"


def _show_details(page: Page, drift: Drift, words: Words, *, verbose: bool) -> None:
    """A block for each schedule, what is accepted, notes, the counts, and what to do."""
    plan, when = drift.plan, clock(drift, words)
    blocks = []
    for action in plan.actions:
        if verbose or not isinstance(action, Unchanged):
            last = last_write(action, drift, when)
            rows = [*body(action, verbose=verbose), *last, *remark_rows(action)]
            blocks.append((action, rows))
    shared = show_blocks(page, blocks)
    _list_undeclared(page, drift, when)
    show_shared(page, shared)
    for accepted in drift.accepted:
        page.labelled("accepted:", Look.STRONG, accepted_text(accepted, when))
    if drift.accepted:
        page.blank()
    list_notes(page, plan.notes)
    _summarise(page, drift)
    if not verbose:
        hint_at_notes(page, plan)
    if plan.writes:
        page.text(REMEDY)


def clock(drift: Drift, words: Words) -> Clock:
    """What tells a time (Unix seconds) as of the plan."""
    return partial(moment, timezone=words.timezone, now=drift.plan.created_at)


def _list_undeclared(page: Page, drift: Drift, when: Clock) -> None:
    for name in drift.plan.undeclared:
        page.heading("-", Look.REMOVED, name)
        live = Row("live", "in `manage` scope, and no file declares it")
        page.rows([live, *last_write_rows(drift.written.get(name), when, declared=False)])
        page.blank()


def accepted_text(one: Accepted, when: Clock) -> str:
    """`Production, description: a → b; until Tue 1 Dec 10:00: why (flashsync.yaml:9:5)`."""
    what = f"{one.schedule}, {one.path}" if one.path else one.schedule
    why = f"until {when(one.by.until)}: {one.by.reason} ({one.by.source})"
    return f"{what}: {difference_text(one)}; {why}"


_WHOLE = {
    WholeDifference.UNDECLARED: "declared by no file",
    WholeDifference.MISSING: "missing",
    WholeDifference.NOT_ABSENT: "live, although the file says `absent: true`",
}
"""How a whole schedule differs, in words."""


def difference_text(accepted: Accepted) -> str:
    """An accepted difference in one line."""
    found = accepted.difference
    return _WHOLE[found] if isinstance(found, WholeDifference) else change_text(found)


def body(action: Action, *, verbose: bool = False) -> Iterator[Row]:
    """How the live schedule differs from its file."""
    match action:
        case Create() if not verbose:
            yield Row("live", "missing: the file declares it, and the account lacks it")
        case Delete(reason=Reason.ABSENT):
            yield Row("live", f"id {action.id}, although the file says `absent: true`")
        case _:
            yield from block_body(action)


def last_write(action: Action, drift: Drift, when: Clock) -> Iterator[Row]:
    """Who wrote the live schedule last, and when and by which requests, where that is known."""
    if not isinstance(action, Unchanged):
        yield from last_write_rows(drift.written.get(key_of(action)), when)


def last_write_rows(last: LastWrite | None, when: Clock, *, declared: bool = True) -> Iterator[Row]:
    """Who wrote last, and the newest requests."""
    if last is None:
        return
    at = f", {when(last.at)}" if last.at else ""
    own = " (this key's own member: probably not applied yet)" if last.own and declared else ""
    gone = "; deleted or renamed since" if last.gone else ""
    yield Row("last written", f"by {last.writer}{at}{own}{gone}")
    for place, one in enumerate(last.writes):
        said = f"{when(one.at)}, {one.writer}: {one.operation}, request {one.request_id}"
        yield Row("" if place else "requests", said)


def _summarise(page: Page, drift: Drift) -> None:
    if drift.empty:
        page.labelled("No drift.", Look.ADDED, as_they_are(drift.plan))
        return
    page.labelled("Drift:", Look.CHANGED, counts(drift.plan))


def counts(plan: Plan) -> str:
    """`2 of 6 schedules differ. 1 live schedule is declared by no file.`"""
    differing, declared = len(plan.writes), len(plan.actions)
    verb = "differs" if differing == 1 else "differ"
    text = f"{differing} of {count(declared, 'schedule')} {verb}."
    if plan.undeclared:
        verb = "is" if len(plan.undeclared) == 1 else "are"
        text += f" {count(len(plan.undeclared), 'live schedule')} {verb} declared by no file."
    return text


# What differs between account and files, as Markdown: for the issue that a nightly job keeps.

_DIFFERING = ("schedule that differs", "schedules that differ")
_LEGEND = ("legend", "legends")
_MOST_FIELDS = 3
"""Fields of a schedule that the table names."""


def render_drift_markdown(
    drift: Drift, words: Words, links: md.Links, most: int, *, summary: bool = False
) -> str:
    """The verdict, a row a schedule with who wrote it last, and what differs, folded.

    What is accepted is a list. A `summary` has no details. At most `most` bytes.
    """
    plan, when = drift.plan, clock(drift, words)
    verdict = judge_drift(drift, counts(plan))
    legend = [paragraph(md.prose(LEGEND), Rank.PEOPLE, _LEGEND)] if plan.writes else []
    rows, shared = split_shared([(one, list(_rows(one, drift, when))) for one in plan.writes])
    folds = [
        details(rows, links),
        _accepted(drift.accepted, when),
        notes(plan, shared),
    ]
    return fitted(
        [
            paragraph(f"### {MOOD_SIGNS[verdict.mood]}{verdict.line}", Rank.VERDICT),
            _table(drift, when, links),
            *legend,
            *([] if summary else folds),
            footer(plan, words),
        ],
        most,
    )


def _rows(action: Action, drift: Drift, when: Clock) -> Iterator[Row]:
    yield from body(action)
    yield from last_write(action, drift, when)
    yield from remark_rows(action)


def _accepted(accepted: Sequence[Accepted], when: Clock) -> Section:
    told = [(md.text(accepted_text(one, when)), Rank.NOTES) for one in accepted]
    return list_of(told, ("accepted difference", "accepted differences"), "**Accepted**\n\n")


def _table(drift: Drift, when: Clock, links: md.Links) -> Section:
    """A row a schedule that differs, and a row for each that no file declares."""
    cells = [_cells(one, _writer(drift, key_of(one), when), links) for one in drift.plan.writes]
    said = "in `manage` scope, and no file declares it"
    cells += [
        [md.text(name, 80), said, _writer(drift, name, when), ""] for name in drift.plan.undeclared
    ]
    pieces = tuple(DocumentPiece(md.row(one), Rank.ROWS, _DIFFERING) for one in cells)
    return Section(pieces, md.head(("Schedule", "What differs", "Last written", "Declared in")))


def _writer(drift: Drift, key: Key, when: Clock) -> str:
    """Who wrote a schedule last, where that is known."""
    declared = key not in drift.plan.undeclared
    row = next(last_write_rows(drift.written.get(key), when, declared=declared), None)
    return md.prose(row.value) if row else ""


def _cells(action: Write, last: str, links: md.Links) -> list[str]:
    fields = [row for row in body(action) if row.field != "reason"]
    shown = [f"{_named(row)}{md.prose(row.value, 120)}" for row in fields[:_MOST_FIELDS]]
    more = f" and {len(fields) - _MOST_FIELDS} more" if len(fields) > _MOST_FIELDS else ""
    place = links.place(action.source) if action.source else ""
    name = md.text(block_title(action), 80)
    return [name, "<br>".join(shown) + more, last, place]


def _named(row: Row) -> str:
    return "" if row.field in ("live", "deletes") else f"{md.code(row.field)}: "
