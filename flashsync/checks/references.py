"""Escalation rules that page a schedule that is deleted, or a role that nobody has any longer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flashsync.checks.model import Case, CheckFinding, CheckSettings, listed, quoted, when
from flashsync.model.account_records import Reference
from flashsync.model.schedule import Layer, Schedule
from flashsync.model.wording import count, joined
from flashsync.plan.words import Words

REMEDY = "remove it from these rules first"
"""What to do before a schedule that rules page is deleted."""

_MOST = 5
"""Rules that are named; the others are counted."""


def references(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds rules that would page nobody.

    A disabled rule pages nobody, but the platform may refuse the delete because of it.
    """
    if case.before is None:
        return
    paging = [rule for rule in case.references if rule.schedule == case.before.id]
    if case.after is None:
        if paging:
            rules = describe_rules(case.name, paging, case.words)
            yield CheckFinding(f"{rules}, so the platform refuses the delete", REMEDY)
        return
    for role, since in find_lost_roles(case).items():
        affected = [rule for rule in paging if rule.enabled and role in rule.roles]
        if affected:
            start = "from now on" if since <= case.now else f"from {when(since, case)} on"
            lost = f"{start} nobody is {quoted(case.words.directory.role(role))}"
            message = f"{lost}, and {describe_rules(case.name, affected, case.words)}"
            yield CheckFinding(message, "change these rules first, or keep the role", ("layers",))


def needs_rules(case: Case) -> bool:
    """Whether the check needs the account's rules; reading them takes a request a channel."""
    return case.before is not None and (case.after is None or bool(find_lost_roles(case)))


def find_lost_roles(case: Case) -> dict[int, int]:
    """The roles that the change takes off the rotation, each with the instant of its end."""
    before, after, now = case.before, case.after, case.now
    if before is None or after is None or before is after:
        return {}
    running = [layer for layer in after.layers if not layer.ended(now)]
    kept = _list_roles(layer for layer in running if not _is_cut_short(layer, before))
    had = _list_roles(layer for layer in before.layers if not layer.ended(now))
    ends = {
        role: [layer.end or now for layer in running if role in _list_roles([layer])]
        for role in sorted(had - kept)
    }
    return {role: max(instants, default=now) for role, instants in ends.items()}


def _list_roles(layers: Iterable[Layer]) -> set[int]:
    groups = (group for layer in layers for group in layer.groups)
    return {member.role for group in groups for member in group.members}


def _is_cut_short(layer: Layer, before: Schedule) -> bool:
    """Whether the layer ran for longer before: a link that ends at a cut."""
    return layer.end is not None and any(
        old.start == layer.start
        and [group.members for group in old.groups] == [group.members for group in layer.groups]
        and (old.end is None or old.end > layer.end)
        for old in before.layers
    )


def describe_rules(name: str, references: Sequence[Reference], words: Words) -> str:
    """``2 escalation rules page `Production`: …``, with channel, levels and roles of each."""
    rules: dict[tuple[str, ...], list[Reference]] = {}
    for level in references:
        rules.setdefault((level.channel, level.rule, level.rule_id), []).append(level)
    verb = "pages" if len(rules) == 1 else "page"
    texts = listed([_describe(levels, words) for levels in rules.values()], _MOST, "rule")
    return f"{count(len(rules), 'escalation rule')} {verb} {quoted(name)}: {texts}"


def _describe(levels: Sequence[Reference], words: Words) -> str:
    """`` `Default` of channel `Payments` (level 1: primary, level 2: everyone) ``."""
    texts = []
    for level in levels:
        roles = joined([words.directory.role(role) for role in sorted(level.roles)])
        texts.append(f"level {level.level}: {roles or 'everyone'}")
    rule = levels[0]
    off = "" if rule.enabled else ", which is off"
    return f"{quoted(rule.rule)} of channel {quoted(rule.channel)}{off} ({', '.join(texts)})"
