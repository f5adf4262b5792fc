"""What differs between account and files, and who wrote it last: a plan seen the other way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from flashsync.plan.accepted import Accepted
from flashsync.plan.last_write import Key, LastWrite, key_of
from flashsync.plan.model import Action, Create, Delete, Plan, Reason, Unchanged
from flashsync.render import blocks
from flashsync.render.layout import Page, Row
from flashsync.render.plan_text import as_they_are, hint_at_notes, list_notes
from flashsync.render.screen import Look, Screen
from flashsync.state.clock_words import moment
from flashsync.state.wording import count

LEGEND = "live → file: + is only in the file, - only in the account."
"""How changes are to be read."""


def render(
    plan: Plan,
    written: Mapping[Key, LastWrite],
    screen: Screen,
    *,
    timezone: str = "",
    verbose: bool = False,
    accepted: Sequence[Accepted] = (),
) -> str:
    """Each schedule that differs, with who wrote it last (by key), and the counts.

    What is `accepted` is told in a line each.

    Times are shown in `timezone`, which is the account's unless another is given.
    """
    page = Page(screen)
    when = partial(moment, timezone=timezone or plan.account.timezone, now=plan.created_at)
    if plan.writes or plan.undeclared:
        page.labelled("Drift,", Look.STRONG, LEGEND)
        page.blank()
    for action in plan.actions:
        if verbose or not isinstance(action, Unchanged):
            last = last_write(action, written, when)
            rows = [*body(action, verbose=verbose), *last, *blocks.remarks(action)]
            blocks.show(page, action, rows)
    page.blank()
    _list_undeclared(page, plan.undeclared, written, when)
    _list_accepted(page, accepted, when)
    list_notes(page, plan.notes)
    _summarise(page, plan)
    if not verbose:
        hint_at_notes(page, plan)
    return str(page)


def _list_undeclared(
    page: Page,
    names: Sequence[str],
    written: Mapping[Key, LastWrite],
    when: Callable[[int], str],
) -> None:
    for name in names:
        page.heading("-", Look.REMOVED, name)
        live = Row("live", "in `manage` scope, and no file declares it")
        page.rows([live, *told(written.get(name), when)])
        page.blank()


def _list_accepted(page: Page, found: Sequence[Accepted], when: Callable[[int], str]) -> None:
    for one in found:
        page.labelled("accepted:", Look.STRONG, accepted_text(one, when))
    if found:
        page.blank()


def accepted_text(one: Accepted, when: Callable[[int], str]) -> str:
    """`Production, description: a → b; until Tue 1 Dec 10:00: why (flashsync.yaml:9:5)`."""
    what = f"{one.schedule}, {one.path}" if one.path else one.schedule
    return f"{what}: {one.text}; until {when(one.by.until)}: {one.by.reason} ({one.by.source})"


def body(action: Action, *, verbose: bool = False) -> Iterator[Row]:
    """How the live schedule differs from its file."""
    match action:
        case Create() if not verbose:
            yield Row("live", "missing: the file declares it, and the account lacks it")
        case Delete(reason=Reason.ABSENT):
            yield Row("live", f"id {action.id}, although the file says `absent: true`")
        case _:
            yield from blocks.body(action)


def last_write(
    action: Action, written: Mapping[Key, LastWrite], when: Callable[[int], str]
) -> Iterator[Row]:
    """Who wrote the live schedule last, and when and by which requests, where that is known."""
    if not isinstance(action, Unchanged):
        yield from told(written.get(key_of(action)), when)


def told(last: LastWrite | None, when: Callable[[int], str]) -> Iterator[Row]:
    """Who wrote last, and the newest requests."""
    if last is None:
        return
    at = f", {when(last.at)}" if last.at else ""
    own = " (this key's own member: probably not applied yet)" if last.own else ""
    gone = "; deleted or renamed since" if last.gone else ""
    yield Row("last written", f"by {last.writer}{at}{own}{gone}")
    for place, one in enumerate(last.writes):
        said = f"{when(one.at)}, {one.writer}: {one.operation}, request {one.request_id}"
        yield Row("" if place else "requests", said)


def _summarise(page: Page, plan: Plan) -> None:
    if not plan.writes and not plan.undeclared:
        page.labelled("No drift.", Look.ADDED, as_they_are(plan))
        return
    page.labelled("Drift:", Look.CHANGED, counts(plan))


def counts(plan: Plan) -> str:
    """`2 of 6 schedules differ. 1 live schedule is declared by no file.`"""
    differing, declared = len(plan.writes), len(plan.actions)
    verb = "differs" if differing == 1 else "differ"
    text = f"{differing} of {count(declared, 'schedule')} {verb}."
    if plan.undeclared:
        verb = "is" if len(plan.undeclared) == 1 else "are"
        text += f" {count(len(plan.undeclared), 'live schedule')} {verb} declared by no file."
    return text
