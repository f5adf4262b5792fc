"""A plan as text: an action a block, what changes, when it takes effect, and why."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import TypeAlias, assert_never

from flashsync.errors import Problem, say_remedies_once
from flashsync.model import wording
from flashsync.model.desired import RolloutKind
from flashsync.model.wording import count, joined, moment
from flashsync.plan.effects import find_leavers
from flashsync.plan.model import (
    Action,
    Create,
    Delete,
    Effect,
    Plan,
    Reason,
    Unchanged,
    Update,
)
from flashsync.plan.words import Words
from flashsync.render.folding import fold_texts
from flashsync.render.palette import CREATE, DELETE, UPDATE
from flashsync.render.plan.changes import change_text, created_rows
from flashsync.render.plan.effects import SAID, EffectView, summarise_effects
from flashsync.render.plan.overview import (
    OverviewLine,
    alarm_look,
    balance_lines,
    overview_lines,
    overview_rows,
    urgency,
)
from flashsync.render.terminal import Look, Page, Row, Screen
from flashsync.rotation.rollout.model import Cut

_HEAD = 6
"""Spaces before a list under a title."""


def render_plan(
    plan: Plan,
    screen: Screen,
    words: Words,
    *,
    verbose: bool = False,
    refusals: bool = True,
    summary: bool = False,
) -> str:
    """The actions, what is undeclared, and the counts; last, why apply would refuse it.

    Before the details of several changes comes an overview; `summary` is that alone. `words` names
    people and shows times. `verbose` shows unchanged schedules, all moves and the load too; without
    `refusals` those are left to the caller.
    """
    page = Page(screen)
    several = len(plan.writes) > 1
    shown = plan.refusals if refusals else ()
    if several or summary:
        _show_overview(page, plan, words, screen)
        _refuse(page, shown)
    if not summary:
        page.blank()
        _show_details(page, plan, words, verbose=verbose, several=several)
        if not several:
            _refuse(page, shown)
    elif not verbose:
        hint_at_notes(page, plan)
    return str(page)


def render_recap(plan: Plan, words: Words, screen: Screen) -> str:
    """What moves, and the alarms of each schedule: of a plan that may have scrolled away.

    Nothing for a plan of one schedule, which ends in that.
    """
    page = Page(screen)
    if len(plan.writes) > 1:
        if plan.window:
            page.text(summarise_effects(plan, words, movers=False))
        for row in overview_rows(plan, words):
            for alarm in row.alarms:
                page.text(f"{row.action.name}: {alarm}", alarm_look(row), indent=2, hang=2)
    return str(page)


def _show_overview(page: Page, plan: Plan, words: Words, screen: Screen) -> None:
    """The verdict, who is more and less on call, and a line or two for each schedule."""
    _show_verdict(page, plan, words, movers=False)
    people = [Row(label, names) for label, names in balance_lines(plan, words)]
    page.rows(people)
    rows = [
        OverviewLine(
            *SIGNS[type(row.action)],
            (row.action.name, row.what, row.when, row.shifts),
            row.alarms,
            alarm_look(row),
            row.warnings,
        )
        for row in overview_rows(plan, words)
    ]
    if rows:
        page.blank()
        page.lines(overview_lines(rows, screen))
    if plan.undeclared:
        page.blank()
        page.text(f"{count_undeclared(plan.undeclared)}.")


def _show_details(page: Page, plan: Plan, words: Words, *, verbose: bool, several: bool) -> None:
    """A block for each action, what holds for several of them, and the counts."""
    view = EffectView.of(plan, words, verbose=verbose)
    actions = [action for action in plan.actions if verbose or worth_showing(action)]
    if several:
        actions.sort(key=lambda action: urgency(action, plan))
    blocks = []
    for action in actions:
        moves = view.rows(action) if view else ()
        remarks = remark_rows(action, SAID if view else ())
        blocks.append((action, [*fields(action, plan, words), *moves, *remarks]))
    show_shared(page, show_blocks(page, blocks))
    if plan.undeclared:
        page.text(f"{count_undeclared(plan.undeclared)}:")
        for name in plan.undeclared:
            page.text(name, Look.STRONG, indent=_HEAD)
        page.text("`plan --prune` shows what deleting would mean.", indent=2)
        page.blank()
    list_notes(page, plan.notes)
    if plan.window and words.timezone != plan.account.timezone:
        text = f"Shifts are shown in {words.timezone}; the account's zone is "
        page.text(f"{text}{plan.account.timezone}.")
        page.blank()
    if several:
        page.labelled("Plan:", Look.STRONG, counts(plan))
    else:
        _show_verdict(page, plan, words)
    if not verbose:
        hint_at_notes(page, plan)


def fields(action: Action, plan: Plan, words: Words) -> Iterator[Row]:
    """What changes, and when it takes effect."""
    yield from block_body(action)
    if isinstance(action, Update):
        now = plan.window[0] if plan.window else plan.created_at
        yield from cut_rows(action, plan.account.timezone, words, now)


def worth_showing(action: Action) -> bool:
    """Whether a reader has to see it: it writes, or it comes with a warning."""
    return not isinstance(action, Unchanged) or bool(action.remarks.warnings)


def count_undeclared(names: Sequence[str]) -> str:
    """`2 live schedules in `manage` scope are declared by no file`."""
    verb = "is" if len(names) == 1 else "are"
    return f"{count(len(names), 'live schedule')} in `manage` scope {verb} declared by no file"


def list_notes(page: Page, notes: Sequence[str]) -> None:
    """Notes about the run as a whole."""
    for note in notes:
        page.labelled("note:", Look.STRONG, note)
    if notes:
        page.blank()


def _show_verdict(page: Page, plan: Plan, words: Words, *, movers: bool = True) -> None:
    """The counts, and how many shifts move; with `movers`, of whom."""
    if plan.empty:
        page.labelled("No changes.", Look.ADDED, as_they_are(plan))
    else:
        text = f"{counts(plan)} {summarise_effects(plan, words, movers=movers)}"
        page.labelled("Plan:", Look.STRONG, text.rstrip())


def as_they_are(plan: Plan) -> str:
    """`6 schedules are as the files say.`"""
    accepted = sum(one.reason is Reason.ACCEPTED for one in plan.actions)
    unchanged = plan.summary.unchanged - accepted
    also = f", {accepted} as accepted" if accepted else ""
    if not unchanged and not accepted:
        return "No file declares a schedule."
    return f"{count(unchanged, 'schedule is', 'schedules are')} as the files say{also}."


def counts(plan: Plan) -> str:
    """`0 to create, 1 to update, 0 to delete. 5 unchanged.`"""
    found = plan.summary
    text = f"{found.create} to create, {found.update} to update, {found.delete} to delete."
    return f"{text} {found.unchanged} unchanged." if found.unchanged else text


def hint_at_notes(page: Page, plan: Plan) -> None:
    """The only note on unchanged schedules; or how many were left out, and how to see them."""
    hidden = [one for one in plan.actions if isinstance(one, Unchanged) and not worth_showing(one)]
    notes = sum(len(one.remarks.notes) for one in hidden)
    if not notes:
        return
    # A plan that looks clean must not hide what it could not judge.
    uncompared = sum(len(one.remarks.uncompared) for one in hidden)
    if notes == 1 and not uncompared:
        name, (note,) = next((one.name, one.remarks.notes) for one in hidden if one.remarks.notes)
        page.labelled("note:", Look.STRONG, f"`{name}`: {note}")
        return
    text = f"{count(notes, 'note')} on unchanged schedules"
    if uncompared:
        share = "all" if uncompared == notes else f"{uncompared} of them"
        text += f", {share} on what could not be compared"
    page.text(f"{text}: -v shows them.")


def _refuse(page: Page, refusals: Sequence[Problem]) -> None:
    if not refusals:
        return
    page.blank()
    page.text("`apply` would refuse this plan:", Look.ERROR)
    for problem in say_remedies_once(refusals):
        page.text(f"- {problem}", indent=2, hang=2)


# One action of a plan as a block: a heading, and rows of what changes, why, and what to know.

SIGNS = {
    Create: (CREATE.sign, Look.ADDED),
    Update: (UPDATE.sign, Look.CHANGED),
    Delete: (DELETE.sign, Look.REMOVED),
    Unchanged: ("=", Look.PLAIN),
}
_REASONS = {
    Reason.ABSENT: "the file says `absent: true`",
    Reason.PRUNED: "not declared by any file (--prune)",
    Reason.SECRETS: "secrets that cannot be compared are sent (--send-secrets)",
    Reason.TIDIED: "it is over, and of no use any more",
    Reason.UNDONE: "back to what it was before",
    Reason.GONE: "the file says `absent: true`, and it is gone",
}
"""Why, where the heading and the changes do not say it."""


_SHARED = ("note", "warning", "on call", "coverage", "last written")
"""Fields of rows that hold for several schedules where their values are the same."""
_Blocks: TypeAlias = list[tuple[Action, list[Row]]]


def split_shared(blocks: _Blocks) -> tuple[_Blocks, dict[Row, list[str]]]:
    """The blocks without what several would say in the same words; and that, with their names."""
    holders: dict[Row, list[str]] = {}
    for action, rows in blocks:
        for row in dict.fromkeys(row for row in rows if row.field in _SHARED and not row.lead):
            holders.setdefault(row, []).append(action.name)
    shared = {row: names for row, names in holders.items() if len(names) > 1}
    return [(action, [row for row in rows if row not in shared]) for action, rows in blocks], shared


def name_holders(row: Row, names: Sequence[str]) -> str:
    """`complete, as before; 2 schedules: Payments, Search`."""
    return f"{row.value}; {count(len(names), 'schedule')}: {', '.join(names)}"


def show_blocks(page: Page, blocks: _Blocks) -> dict[Row, list[str]]:
    """The blocks; what several of them would say in the same words is left to `show_shared`."""
    blocks, shared = split_shared(blocks)
    for action, rows in blocks:
        sign, look = SIGNS[type(action)]
        place = f"{action.source.file}:{action.source.line}" if action.source else ""
        page.heading(sign, look, block_title(action), place)
        page.rows(rows)
        if rows or not isinstance(action, Unchanged):  # headings alone are close together
            page.blank()
    page.blank()
    return shared


def show_shared(page: Page, shared: Mapping[Row, Sequence[str]]) -> None:
    """What several blocks say in the same words, once, with their names."""
    for row, names in shared.items():
        label = "warning" if row.look is Look.WARNING else row.field
        page.labelled(f"{label}:", row.look or Look.STRONG, name_holders(row, names))
    if shared:
        page.blank()


def block_title(action: Action) -> str:
    """The name, or both names of a renamed schedule."""
    if isinstance(action, Update) and action.renamed:
        return f"{action.live_name} → {action.name}"
    return action.name


def block_body(action: Action) -> Iterator[Row]:
    """What happens to a schedule, and why, where that is not obvious."""
    if action.reason in _REASONS:
        yield Row("reason", _REASONS[action.reason])
    match action:
        case Create():
            yield from created_rows(action.changes)
        case Update():
            for change in action.changes:  # the heading has both names
                if change.path != "schedule" or len(action.changes) == 1:
                    yield Row(change.path, change_text(change))
        case Delete():
            yield lost_rows(action)
        case Unchanged():
            pass
        case _:  # pragma: no cover
            assert_never(action)


def lost_rows(action: Delete) -> Row:
    """What a delete takes away."""
    return Row("deletes", f"id {action.id}, with its rotation and all its overrides")


def remark_rows(action: Action, said: Container[str] = ()) -> Iterator[Row]:
    """Warnings and notes; other rows have the checks in `said` already."""
    warnings = [warning for warning in action.remarks.warnings if warning.check not in said]
    for text in fold_texts([warning.text for warning in warnings]):
        yield Row("warning", text, Look.WARNING)
    for note in action.remarks.notes:
        yield Row("note", note)


# When edits of rotation layers take effect, in rows.


def cut_rows(update: Update, zone: str, words: Words, now: int) -> Iterator[Row]:
    """A row for each cut, who leaves at it, and a shift that moves before.

    `zone` is the account's.
    """
    cuts, effect = update.cuts, update.effect
    for cut in cuts:
        label = "takes effect" if len(cuts) == 1 else f"layers[{cut.layer}] from"
        if cut.effective:
            yield Row(label, _describe_cut(cut, words, now))
        else:
            when = moment(cut.at, words.timezone, now)
            text = f"never: layers[{cut.layer}] ends before {when}, {_explain_moment(cut, now)}"
            yield Row(label, text, Look.WARNING)
    for leavers in find_leavers(update, zone, now):
        ordered = wording.sort_members(leavers.members, words.directory)
        who = joined([wording.member(member, words.directory) for member in ordered])
        stay = "stay" if len(leavers.members) > 1 else "stays"
        when = moment(leavers.until, words.timezone, now)
        way = "an override" if leavers.dated else "`rollout: now`"
        text = f"{who} {stay} on call until {when} ({way} takes them off at once)"
        yield Row("", text, Look.STRONG)
    if cuts and effect is not None and effect.source is not None:
        yield from _find_earlier_moves(cuts, effect, words, now)


def _describe_cut(cut: Cut, words: Words, now: int) -> str:
    """`Mon 23 Nov 10:00, at the next handoff: bob comes on`."""
    zone = words.timezone
    parts = [f"{moment(cut.at, zone, now)}, {_explain_moment(cut, now)}"]
    if cut.comes is None:
        return f"{parts[0]}: layers[{cut.layer}] ends"
    if cut.fair:
        return f"{parts[0]}: the platform decides who comes on (fair)"
    who = wording.group(cut.comes, words.directory)
    have = "have" if len(cut.comes.members) > 1 else "has"
    if cut.bridge is not None:
        parts.append(f"{who} {have} the running turn until {moment(cut.bridge, zone, now)}")
    else:
        parts.append(f"{who} {'come' if len(cut.comes.members) > 1 else 'comes'} on")
    if cut.first_turn is not None:
        parts.append(f"the first turn lasts until {moment(cut.first_turn, zone, now)}")
    return f"{parts[0]}: {joined(parts[1:])}"


def _explain_moment(cut: Cut, now: int) -> str:
    """What the moment goes by; `now` waits for the handoff where those on call stay."""
    if cut.past_end:
        return "as its `end` has passed"
    if cut.how is RolloutKind.AT:
        return "at the time that `rollout` gives"
    return "in the running half-hour" if cut.at <= now else "at the next handoff"


def _find_earlier_moves(
    cuts: Sequence[Cut], effect: Effect, words: Words, now: int
) -> Iterator[Row]:
    """That a shift moves before the first cut all the same."""
    first = min(cut.at for cut in cuts)
    early = [move for move in effect.moves if move.start < max(first, now)]
    if first <= now:
        yield Row("", "up to 29 minutes of the past change, too")
    elif early:
        when = moment(early[0].start, words.timezone, now)
        text = f"a shift moves before that, {when}, by what changes at once"
        yield Row("", text, Look.WARNING)
