"""A plan as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.errors import Problem
from flashsync.model.wording import count
from flashsync.plan.model import Action, Plan, Reason, Unchanged, Update
from flashsync.plan.words import Words
from flashsync.render import blocks, cuts
from flashsync.render.effects import SAID, View, summary
from flashsync.render.layout import Page, Row
from flashsync.render.screen import Look, Screen

_HEAD = 6
"""How far a list under a title stands from the left."""


def render(
    plan: Plan, screen: Screen, words: Words, *, verbose: bool = False, refusals: bool = True
) -> str:
    """The actions, what is undeclared, and the counts; last, why apply would refuse it.

    `words` names people and shows times. `verbose` shows unchanged schedules, all moves and the
    load too; without `refusals` those are left to the caller.
    """
    page = Page(screen)
    view = View.of(plan, words, verbose=verbose)
    for action in plan.actions:
        if verbose or worth_showing(action):
            blocks.show(page, action, list(_rows(action, plan, words, view)))
    page.blank()
    _list_undeclared(page, plan.undeclared)
    list_notes(page, plan.notes)
    if plan.window and words.timezone != plan.account.timezone:
        text = f"Shifts are shown in {words.timezone}; the account's zone is "
        page.text(f"{text}{plan.account.timezone}.")
        page.blank()
    _summarise(page, plan, words, verbose=verbose)
    if refusals:
        _refuse(page, plan.refusals)
    return str(page)


def _rows(action: Action, plan: Plan, words: Words, view: View | None) -> Iterator[Row]:
    """What changes, when it takes effect, whose shifts move, and what to know."""
    yield from fields(action, plan, words)
    if view:
        yield from view.rows(action)
    yield from blocks.remarks(action, SAID if view else ())


def fields(action: Action, plan: Plan, words: Words) -> Iterator[Row]:
    """What changes, and when it takes effect."""
    yield from blocks.body(action)
    if isinstance(action, Update):
        now = plan.window[0] if plan.window else plan.created_at
        yield from cuts.rows(action.cuts, action.effect, words, now)


def worth_showing(action: Action) -> bool:
    """Whether a reader has to see it: it writes, or it comes with a warning."""
    return not isinstance(action, Unchanged) or bool(action.remarks.warnings)


def _list_undeclared(page: Page, names: Sequence[str]) -> None:
    """Live schedules in `manage` scope that no file declares."""
    if not names:
        return
    verb = "is" if len(names) == 1 else "are"
    schedules = count(len(names), "live schedule")
    page.text(f"{schedules} in `manage` scope {verb} declared by no file:")
    for name in names:
        page.text(name, Look.STRONG, indent=_HEAD)
    page.text("`plan --prune` shows what deleting would mean.", indent=2)
    page.blank()


def list_notes(page: Page, notes: Sequence[str]) -> None:
    """Notes about the run as a whole."""
    for note in notes:
        page.labelled("note:", Look.STRONG, note)
    if notes:
        page.blank()


def _summarise(page: Page, plan: Plan, words: Words, *, verbose: bool) -> None:
    if plan.empty:
        page.labelled("No changes.", Look.ADDED, as_they_are(plan))
    else:
        page.labelled("Plan:", Look.STRONG, f"{counts(plan)} {summary(plan, words)}".rstrip())
    if not verbose:
        hint_at_notes(page, plan)


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
    """How many notes on unchanged schedules were left out, and how to see them."""
    hidden = [one for one in plan.actions if isinstance(one, Unchanged) and not worth_showing(one)]
    notes = sum(len(one.remarks.notes) for one in hidden)
    if not notes:
        return
    # A plan that looks clean must not hide what it could not judge.
    uncompared = sum(len(one.remarks.uncompared) for one in hidden)
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
    for problem in refusals:
        page.text(f"- {problem}", indent=2, hang=2)
