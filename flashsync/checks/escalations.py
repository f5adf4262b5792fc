"""Escalation rules that would page nobody: their schedule goes, or the role that they page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flashsync.checks.finding_text import listed, quoted, when
from flashsync.checks.model import Case, CheckFinding, CheckSettings
from flashsync.model.escalations import Reference
from flashsync.model.schedule import Layer, Schedule
from flashsync.model.wording import count, joined
from flashsync.plan.words import Words

REMEDY = "remove it from these rules first"
"""What to do before a schedule that rules page is deleted."""

_MOST = 5
"""Rules that are named; the others are counted."""


def references(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """A delete, or a role that nobody has any more, while rules page that schedule or role.

    A rule that is off pages nobody, but the platform may hold on to the schedule for it.
    """
    del settings
    if case.before is None:
        return
    found = [one for one in case.references or () if one.schedule == case.before.id]
    if case.after is None:
        if found:
            message = f"{paged(case.name, found, case.words)}, so the platform refuses the delete"
            yield CheckFinding(message, REMEDY)
        return
    for role, since in lost_roles(case).items():
        paging = [one for one in found if one.enabled and role in one.roles]
        if paging:
            start = "from now on" if since <= case.now else f"from {when(since, case)} on"
            lost = f"{start} nobody is {quoted(case.words.directory.role(role))}"
            message = f"{lost}, and {paged(case.name, paging, case.words)}"
            yield CheckFinding(message, "change these rules first, or keep the role", ("layers",))


def calls_for_rules(case: Case) -> bool:
    """Whether it matters what pages the schedule: nobody reads all rules without need."""
    return case.before is not None and (case.after is None or bool(lost_roles(case)))


def lost_roles(case: Case) -> dict[int, int]:
    """The roles that this change takes off the rotation, each with since when (Unix seconds)."""
    before, after, now = case.before, case.after, case.now
    if before is None or after is None or before is after:
        return {}
    running = [layer for layer in after.layers if not layer.ended(now)]
    kept = _roles(layer for layer in running if not _cut_short(layer, before))
    had = _roles(layer for layer in before.layers if not layer.ended(now))
    return {
        role: max((one.end or now for one in running if role in _roles([one])), default=now)
        for role in sorted(had - kept)
    }


def _roles(layers: Iterable[Layer]) -> set[int]:
    groups = (group for layer in layers for group in layer.groups)
    return {member.role for group in groups for member in group.members}


def _cut_short(layer: Layer, before: Schedule) -> bool:
    """Whether it is a layer that went on for longer before: what ends at a cut does not live on."""
    return layer.end is not None and any(
        old.start == layer.start
        and [group.members for group in old.groups] == [group.members for group in layer.groups]
        and (old.end is None or old.end > layer.end)
        for old in before.layers
    )


def paged(name: str, references: Sequence[Reference], words: Words) -> str:
    """`` 2 escalation rules page `Production`: `` and the levels of each, with their roles."""
    rules: dict[tuple[str, ...], list[Reference]] = {}
    for one in references:
        rules.setdefault((one.channel, one.rule, one.rule_id), []).append(one)
    named = [_named(levels, words) for levels in rules.values()]
    verb = "pages" if len(rules) == 1 else "page"
    which = listed(named, _MOST, "rule")
    return f"{count(len(rules), 'escalation rule')} {verb} {quoted(name)}: {which}"


def _named(levels: Sequence[Reference], words: Words) -> str:
    """`` `Default` of channel `Payments` (level 1: primary, level 2: backup) ``."""
    first = levels[0]
    off = "" if first.enabled else ", which is off"
    told = ", ".join(_level(one, words) for one in levels)
    return f"{quoted(first.rule)} of channel {quoted(first.channel)}{off} ({told})"


def _level(one: Reference, words: Words) -> str:
    roles = joined([words.directory.role(role) for role in sorted(one.roles)])
    return f"level {one.level}: {roles or 'everyone'}"
