"""From matched schedules to a plan: target, difference and changes of each, in this order.

`wanted_ids` says which live schedules to read, `build` decides. Effects and checks come after it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from flashsync.errors import Position, Problem
from flashsync.model.calendar import Calendar
from flashsync.model.desired import Desired
from flashsync.model.people import Account
from flashsync.model.schedule import MARK, Schedule, canonical_name, without_fields
from flashsync.model.wording import count, first, group, moment
from flashsync.plan import safety
from flashsync.plan.diff import find_changes, list_fields, same
from flashsync.plan.fingerprint import fingerprints
from flashsync.plan.losses import lost_records, lost_secrets, lost_with, references_in
from flashsync.plan.match import Known, Match, Matching
from flashsync.plan.model import (
    Action,
    Caution,
    Change,
    Create,
    Delete,
    Plan,
    Reason,
    Remarks,
    Target,
    Unchanged,
    Update,
)
from flashsync.plan.notes import remarks_on
from flashsync.plan.order import ordered
from flashsync.plan.overrides import compare_cover, declared_overrides, find_ineffective
from flashsync.plan.renames import find_renamed, find_renamed_layers
from flashsync.plan.safety import RunOptions, Scope
from flashsync.plan.target_layers import Settled, settle
from flashsync.plan.tidy import drop_ended, list_dropped
from flashsync.plan.webhooks import ComparedNotify, compare_target, missing
from flashsync.plan.words import Words
from flashsync.rotation.rollout.model import Cut

_FIRST = "it differs from its file: apply that first, then tidy it"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a plan is made from, next to the matching.

    `live` has at least the schedules of `wanted_ids`. `now` is in Unix seconds. `warnings` came up
    while names were resolved, by schedule name. `computed` are the shifts that the platform
    computed from `now` on, by id, for schedules with fair layers. `journaled` reads the values of
    secrets that journals give by reference: it is called where a secret would be lost.
    """

    account: Account
    live: Mapping[int, Schedule]
    words: Words
    now: int
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    computed: Mapping[int, Calendar] = field(default_factory=dict)
    journaled: Callable[[], Container[str]] = frozenset


def wanted_ids(matching: Matching, options: RunOptions) -> tuple[int, ...]:
    """The ids of the live schedules to read whole.

    These are declared in a file, or --prune would delete them. Where a schedule is to be created,
    all undeclared ones are read too: it may exist already, renamed in the console.
    """
    ids = [match.live.id for match in matching.matches if match.live]
    for known in matching.undeclared:
        lookalike = matching.creates and not options.create_lookalike
        if lookalike or (options.prune and options.scope.holds(known)):
            ids.append(known.id)
    return tuple(ids)


def build(matching: Matching, facts: Facts, options: RunOptions) -> Plan:
    """Decide. The matching has no problems."""
    context = _Context(facts, options, tuple(match.desired for match in matching.matches))
    decisions = [_decide(match, context) for match in matching.matches]
    in_scope = [known for known in matching.undeclared if options.scope.holds(known)]
    actions = [decision.action for decision in decisions]
    if options.prune:
        for known in in_scope:
            live = facts.live[known.id]
            actions.append(_delete(known.id, known.name, live, Reason.PRUNED, context))
    creates = [action for action in actions if isinstance(action, Create)]
    renamed: Iterator[Problem] = iter(())
    if not options.create_lookalike:
        zone = facts.account.timezone
        renamed = find_renamed(creates, matching.undeclared, facts.live, zone, facts.now)
    refusals = [
        *(refusal for decision in decisions for refusal in decision.refusals),
        *safety.too_much(actions, options.safety),
        *renamed,
    ]
    listed = options.complete and not options.prune
    return Plan(
        account=facts.account,
        created_at=facts.now,
        actions=ordered(actions),
        undeclared=tuple(sorted(known.name for known in in_scope)) if listed else (),
        refusals=tuple(refusals),
        notes=tuple(_count_undeclared(matching.undeclared, options)),
    )


def _count_undeclared(undeclared: Sequence[Known], options: RunOptions) -> Iterator[str]:
    """A note on the live schedules that no file declares and that are outside `manage` scope."""
    outside = sum(not options.scope.holds(known) for known in undeclared)
    if not outside or not options.complete or options.tidy_before is not None:
        return
    verb = "is" if outside == 1 else "are"
    scope = " and outside `manage` scope" if options.scope != Scope() else ""
    number = count(outside, "schedule")
    yield f"{number} of the account {verb} in no file{scope}; `flashsync import` adds them"


def goal_of(match: Match, facts: Facts) -> tuple[Target, tuple[Cut, ...]]:
    """What a write of a declared schedule would send, and its cuts, whether or not it differs."""
    target, settled = _settle_target(match, facts)
    return target, settled.cuts


def worked_out(match: Match, facts: Facts) -> tuple[Action, tuple[Problem, ...]]:
    """The action for a declared schedule, and why apply would refuse it.

    Secrets are compared as far as their values are known.
    """
    decision = _decide(match, _Context(facts, RunOptions()))
    return decision.action, decision.refusals


@dataclass(frozen=True)
class _Context:
    """What is the same for all schedules of a plan; `declared` comes from the files."""

    facts: Facts
    options: RunOptions
    declared: tuple[Desired, ...] = ()

    def restorable(self, value: str) -> bool:
        """Whether a file or a journal gives the value of a secret by reference."""
        return value in self._in_files or value in self._in_journals

    @cached_property
    def _in_files(self) -> frozenset[str]:
        notifies = [desired.schedule.notify for desired in self.declared]
        return frozenset(secret.value for secret in references_in(notifies) if secret.value)

    @cached_property
    def _in_journals(self) -> Container[str]:
        return self.facts.journaled()


@dataclass(frozen=True, slots=True)
class _Decision:
    """The action for one schedule, and why apply would not run it."""

    action: Action
    refusals: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Difference:
    """A live schedule and its target, made comparable.

    `live` has no value in the fields that are left to the console. `before` and `after` have the
    overrides in which they differ alone; `same` says that a write would change nothing that a file
    can say.
    """

    id: int
    live: Schedule
    target: Target
    settled: Settled
    compared: ComparedNotify
    before: Schedule
    after: Target
    same: bool

    @property
    def name(self) -> str:
        """The live name, as identity compares it."""
        return self.before.name


def _decide(match: Match, context: _Context) -> _Decision:
    """The action for a declared schedule: from its match to target, difference and changes."""
    desired, facts, options = match.desired, context.facts, context.options
    tidying = options.tidy_before is not None
    if (desired.absent and tidying) or (match.live is None and (desired.absent or tidying)):
        return _Decision(Unchanged(None, desired.name, desired.source, Reason.GONE))
    if match.live is None:
        return _Decision(_create(match, facts))
    live = facts.live[match.live.id]
    if desired.absent:
        source = desired.source
        return _Decision(_delete(match.live.id, live.name, live, Reason.ABSENT, context, source))
    difference = _compare(match, match.live.id, live, facts)
    if tidying:
        return _tidy(desired, difference, context)
    if difference.same and not (options.send_secrets and difference.compared.uncompared):
        return _Decision(_keep(desired, difference, facts))
    return _update(desired, difference, context)


def _settle_target(match: Match, facts: Facts) -> tuple[Target, Settled]:
    """All that is declared. Overrides that have passed are history: neither side has them."""
    desired, id = match.desired, match.live.id if match.live else None
    live = None if id is None else facts.live[id].layers
    computed = None if id is None else facts.computed.get(id)
    settled = settle(desired, live, facts.account.timezone, facts.now, computed)
    schedule = replace(
        without_fields(desired.schedule, desired.ignored),
        id=id,
        layers=settled.layers,
        overrides=declared_overrides(desired.schedule.overrides, facts.now),
    )
    return Target(schedule, settled.origins, ignored=desired.ignored), settled


def _compare(match: Match, id: int, live: Schedule, facts: Facts) -> _Difference:
    target, settled = _settle_target(match, facts)
    wanted = target.schedule
    compared = compare_target(target, live.notify)
    live = without_fields(live, target.ignored)
    cover = compare_cover(live, wanted.overrides, facts.now)
    before = replace(live, name=canonical_name(live.name), overrides=cover.removed)
    after = replace(target, schedule=replace(wanted, overrides=cover.added))
    is_same = not settled.refusals and same(before, after.schedule, compared)
    return _Difference(id, live, target, settled, compared, before, after, is_same)


def _create(match: Match, facts: Facts) -> Create:
    desired = match.desired
    target, settled = _settle_target(match, facts)
    layers, overrides = _explain_layers(settled, facts), _explain_overrides(desired, facts)
    ignored = _explain_ignored(desired, "; it begins without them")
    remarks = _add_warnings(
        Remarks((*ignored, *layers, *overrides)), desired, facts, missing(target.schedule.notify)
    )
    return Create(target, desired.source, list_fields(target.schedule, facts.words), remarks)


def _delete(
    id: int,
    name: str,
    live: Schedule,
    reason: Reason,
    context: _Context,
    source: Position | None = None,
) -> Delete:
    """A delete, with what goes for good."""
    now = context.facts.now
    remarks = Remarks(warnings=tuple(lost_with(live, context.restorable, now)))
    kept = [override for override in live.console_overrides if not override.past(now)]
    if kept:
        names = first([f"`{override.name}`" for override in kept], 3)
        remarks = remarks.and_notes(f"with it go overrides made in the console: {names}")
    mark, marks = fingerprints(live)
    return Delete(
        id,
        name,
        mark,
        reason,
        source,
        remarks,
        parts=marks,
        stamp=live.stamp,
        taken=tuple(override.identity for override in live.console_overrides),
    )


def _update(desired: Desired, difference: _Difference, context: _Context) -> _Decision:
    live, target, compared = difference.live, difference.target, difference.compared
    settled = difference.settled
    refusals = [
        Problem(refusal.message, refusal.remedy, desired.source) for refusal in settled.refusals
    ]
    if compared.masked:
        refusals.append(safety.masked(compared.masked, live.name, desired.source, target.ignored))
    changes: tuple[Change, ...] = ()
    if not difference.same:
        before, after, words = difference.before, difference.after, context.facts.words
        changes = find_changes(before, after, compared, words, settled.shown)
    renamed = difference.name != target.schedule.name
    losses = lost_secrets(live, target.schedule.notify, context.restorable)
    remarks = _explain(desired, difference, context.facts, compared.missing)
    mark, marks = fingerprints(live)
    action = Update(
        difference.id,
        difference.name,
        mark,
        target,
        desired.source,
        changes,
        Reason.RENAMED if renamed else Reason.CHANGED if changes else Reason.SECRETS,
        remarks.and_warnings(*losses),
        tuple(override.identity for override in live.console_overrides),
        cuts=settled.cuts,
        parts=marks,
        stamp=live.stamp,
    )
    return _Decision(action, tuple(refusals))


def _keep(desired: Desired, difference: _Difference, facts: Facts, *notes: str) -> Unchanged:
    remarks = _explain(desired, difference, facts).and_notes(*notes)
    return Unchanged(difference.id, difference.name, desired.source, Reason.SAME, remarks)


def _tidy(desired: Desired, difference: _Difference, context: _Context) -> _Decision:
    """A schedule without what has ended; a schedule that differs from its file stays."""
    live, masked, facts = difference.live, difference.compared.masked, context.facts
    refusals = (
        (safety.masked(masked, live.name, desired.source, desired.ignored),) if masked else ()
    )
    if not difference.same:
        return _Decision(_keep(desired, difference, facts, _FIRST), refusals)
    clean = drop_ended(difference.target, live, context.options.tidy_before or 0)
    changes = tuple(list_dropped(clean, live, facts.words))
    if not changes:
        return _Decision(_keep(desired, difference, facts), refusals)
    ended = [override for override in live.our_overrides if override.past(clean.forgotten or 0)]
    remarks = _explain(desired, difference, facts)
    mark, marks = fingerprints(live)
    action = Update(
        difference.id,
        difference.name,
        mark,
        clean,
        desired.source,
        changes,
        Reason.TIDIED,
        remarks.and_warnings(*lost_records(difference.name, ended)),
        tuple(override.identity for override in live.console_overrides),
        parts=marks,
        stamp=live.stamp,
    )
    return _Decision(action, refusals)


# What a plan says about a schedule next to its changes.


def _explain(
    desired: Desired, difference: _Difference, facts: Facts, missing: Sequence[str] = ()
) -> Remarks:
    """The remarks on a live schedule; `missing` are references to secrets that a write needs."""
    live, compared = difference.live, difference.compared
    remarks = remarks_on(live, difference.target, compared, facts.words, facts.now)
    overrides = list(_explain_overrides(desired, facts))
    ignored = list(_explain_ignored(desired))
    layers = _explain_layers(difference.settled, facts)
    notes = (*layers, *ignored, *remarks.notes, *overrides)
    renamed = find_renamed_layers(desired, live.layers, facts.account.timezone, facts.now)
    remarks = remarks.and_warnings(*renamed)
    return _add_warnings(replace(remarks, notes=notes), desired, facts, missing, live)


def _explain_ignored(desired: Desired, then: str = "") -> Iterator[str]:
    if desired.ignored:
        yield f"left to the console: {', '.join(desired.ignored)}{then}"


def _explain_layers(settled: Settled, facts: Facts) -> Iterator[str]:
    """The notes on layers, with the people whom they name."""
    for note in settled.notes:
        people = "" if note.group is None else f" {group(note.group, facts.words.directory)}"
        yield f"{note.text}{people}"


def _explain_overrides(desired: Desired, facts: Facts) -> Iterator[str]:
    """Overrides of the file of which later ones leave nothing."""
    for override in find_ineffective(desired.schedule.overrides, facts.now):
        text = facts.words.override(override)
        yield f"the override {text} has no effect: later ones cover all of its time"


def _find_past(desired: Desired, live: Schedule | None, facts: Facts) -> Iterator[str]:
    """Past layers and overrides of which the account has no record."""
    layers = {layer.name for layer in live.layers} if live else set()
    overrides = live.overrides if live else ()
    entries = [
        ("layer", layer.name, layer.end)
        for layer in desired.schedule.layers
        if layer.end is not None and layer.name not in layers
    ]
    entries += [
        ("override", entry.name.removesuffix(MARK), entry.end)
        for entry in desired.schedule.overrides
        if not any(known.start < entry.end and entry.start < known.end for known in overrides)
    ]
    for what, name, end in entries:
        if end <= facts.now:
            ended = moment(end, facts.words.timezone, facts.now)
            yield f"the {what} `{name}` ended on {ended}, so nothing is written; remove it"


def _add_warnings(
    remarks: Remarks,
    desired: Desired,
    facts: Facts,
    missing: Sequence[str],
    live: Schedule | None = None,
) -> Remarks:
    warnings = [*facts.warnings.get(desired.name, ()), *_find_past(desired, live, facts)]
    if live is not None and live.disabled:
        warnings.append("it is disabled in the console, so it pages nobody")
    if missing:
        warnings.append(safety.missing_later(missing))
    return remarks.and_warnings(*map(Caution, warnings))
