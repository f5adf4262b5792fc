"""From matched schedules to a plan: target, difference and changes of each, in this order.

`wanted_ids` says which live schedules to read, `build` decides. Effects and checks come after it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flashsync.errors import Position, Problem
from flashsync.model import wording
from flashsync.model.desired import Desired
from flashsync.model.schedule import Override, Schedule, canonical_name, without_fields
from flashsync.model.wording import count, first
from flashsync.plan import safety
from flashsync.plan.diff import find_changes, list_fields, same
from flashsync.plan.fingerprint import fingerprints
from flashsync.plan.match import Known, Match, Matching, find_renamed
from flashsync.plan.merge import compare_cover, declared_overrides
from flashsync.plan.model import (
    Action,
    Change,
    ChangeKind,
    Create,
    Delete,
    Facts,
    Plan,
    Reason,
    Remarks,
    Target,
    Unchanged,
    Update,
)
from flashsync.plan.order import ordered
from flashsync.plan.remarks import (
    explain,
    lost_records,
    lost_secrets,
    lost_with,
    note_earlier_rotas,
    remarks_on,
)
from flashsync.plan.safety import RunOptions, Scope
from flashsync.plan.target_layers import Settled, settle
from flashsync.plan.webhooks import ComparedNotify, compare_target, missing, references_in
from flashsync.plan.words import Words
from flashsync.rotation.rollout.model import Cut


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
    if creates and not options.create_lookalike:
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
        notes=(
            *note_earlier_rotas(actions, facts),
            *_count_undeclared(matching.undeclared, options),
        ),
    )


def _count_undeclared(undeclared: Sequence[Known], options: RunOptions) -> tuple[str, ...]:
    """A note on the live schedules that no file declares and that are outside `manage` scope."""
    outside = sum(not options.scope.holds(known) for known in undeclared)
    if not outside or not options.complete or options.tidy_before is not None:
        return ()
    verb = "is" if outside == 1 else "are"
    scope = " and outside `manage` scope" if options.scope != Scope() else ""
    number = count(outside, "schedule")
    return (f"{number} of the account {verb} in no file{scope}; `flashsync import` adds them",)


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
        return _Decision(_keep(desired, difference))
    return _update(desired, difference, context)


def _create(match: Match, facts: Facts) -> Create:
    desired = match.desired
    target, settled = _settle_target(match, facts)
    remarks = explain(desired, settled, facts)
    lacks = safety.warn_of_missing(missing(target.schedule.notify))
    fields = list_fields(target.schedule, facts.words)
    return Create(target, desired.source, fields, remarks.and_warnings(*lacks))


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


@dataclass(frozen=True, slots=True)
class _Difference:
    """A live schedule and its target, made comparable.

    `live` has no value in the fields that are left to the console; `name` is as identity compares
    it. `before` and `after` have the overrides in which they differ alone; `same` says that a write
    would change nothing that a file can say.
    """

    id: int
    name: str
    live: Schedule
    target: Target
    settled: Settled
    compared: ComparedNotify
    before: Schedule
    after: Target
    same: bool
    remarks: Remarks


def _compare(match: Match, id: int, live: Schedule, facts: Facts) -> _Difference:
    target, settled = _settle_target(match, facts)
    wanted, name = target.schedule, canonical_name(live.name)
    compared = compare_target(target, live.notify)
    live = without_fields(live, target.ignored)
    cover = compare_cover(live, wanted.overrides, facts.now)
    before = replace(live, name=name, overrides=cover.removed)
    after = replace(target, schedule=replace(wanted, overrides=cover.added))
    is_same = not settled.refusals and same(before, after.schedule, compared)
    on_live = remarks_on(live, target, compared, facts.words, facts.now)
    remarks = explain(match.desired, settled, facts, live, on_live)
    return _Difference(id, name, live, target, settled, compared, before, after, is_same, remarks)


def _keep(desired: Desired, difference: _Difference, *notes: str) -> Unchanged:
    remarks = difference.remarks.and_notes(*notes)
    return Unchanged(difference.id, difference.name, desired.source, Reason.SAME, remarks)


def _update(desired: Desired, difference: _Difference, context: _Context) -> _Decision:
    live, target, compared = difference.live, difference.target, difference.compared
    settled, source = difference.settled, desired.source
    refusals = [Problem(refused.message, refused.remedy, source) for refused in settled.refusals]
    if compared.masked:
        refusals.append(safety.masked(compared.masked, live.name, source, target.ignored))
    changes: tuple[Change, ...] = ()
    if not difference.same:
        before, after, words = difference.before, difference.after, context.facts.words
        changes = find_changes(before, after, compared, words, settled.shown)
    renamed = difference.name != target.schedule.name
    mark, marks = fingerprints(live)
    action = Update(
        difference.id,
        difference.name,
        mark,
        target,
        source,
        changes,
        Reason.RENAMED if renamed else Reason.CHANGED if changes else Reason.SECRETS,
        difference.remarks.and_warnings(
            *safety.warn_of_missing(compared.missing),
            *lost_secrets(live, target.schedule.notify, context.restorable),
        ),
        tuple(override.identity for override in live.console_overrides),
        cuts=settled.cuts,
        parts=marks,
        stamp=live.stamp,
    )
    return _Decision(action, tuple(refusals))


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


# What tidy removes: ended links of chains, and past overrides of ours.

_FIRST = "it differs from its file: apply that first, then tidy it"


def _tidy(desired: Desired, difference: _Difference, context: _Context) -> _Decision:
    """A schedule without what has ended; a schedule that differs from its file stays."""
    live, masked, source = difference.live, difference.compared.masked, desired.source
    refusals = (safety.masked(masked, live.name, source, desired.ignored),) if masked else ()
    if not difference.same:
        return _Decision(_keep(desired, difference, _FIRST), refusals)
    before = context.options.tidy_before or 0
    clean = _drop_ended(difference.target, live, before)
    ended = [override for override in live.our_overrides if override.past(before)]
    changes = tuple(_list_dropped(clean, live, ended, context.facts.words))
    if not changes:
        return _Decision(_keep(desired, difference), refusals)
    mark, marks = fingerprints(live)
    action = Update(
        difference.id,
        difference.name,
        mark,
        clean,
        source,
        changes,
        Reason.TIDIED,
        difference.remarks.and_warnings(*lost_records(difference.name, ended)),
        tuple(override.identity for override in live.console_overrides),
        parts=marks,
        stamp=live.stamp,
    )
    return _Decision(action, refusals)


def _drop_ended(target: Target, live: Schedule, before: int) -> Target:
    """The target without what ended by then (Unix seconds); console overrides are not its own.

    A schedule keeps at least one layer.
    """
    pairs = list(zip(target.schedule.layers, target.origins, strict=True))
    kept = [
        (layer, origin)
        for layer, origin in pairs
        if origin is None or not live.layers[origin].ended(before)
    ] or pairs[-1:]
    schedule = replace(target.schedule, layers=tuple(layer for layer, _ in kept))
    origins = tuple(origin for _, origin in kept)
    return replace(target, schedule=schedule, origins=origins, forgotten=before)


def _list_dropped(
    target: Target, live: Schedule, ended: Sequence[Override], words: Words
) -> Iterator[Change]:
    for place, layer in enumerate(live.layers):
        if place not in target.origins:
            link = {
                key: wording.time(at, words.timezone)
                for key, at in (("start", layer.start), ("end", layer.end))
                if at is not None
            }
            yield Change(f"layers[{layer.name}]", ChangeKind.ENDED_LINK, link)
    for override in ended:
        yield Change("overrides", ChangeKind.REMOVED, words.override(override))
