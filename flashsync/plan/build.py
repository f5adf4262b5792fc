"""From what is desired and what is live to a plan: `facts` says what to read, `build` decides."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from flashsync.errors import Position, Problem
from flashsync.model.calendar import Calendar
from flashsync.model.desired import Desired
from flashsync.model.people import Account
from flashsync.model.schedule import Schedule, canonical_name
from flashsync.model.wording import first, group
from flashsync.plan import safety
from flashsync.plan.diff import changed, created, same
from flashsync.plan.fingerprint import fingerprint, parts
from flashsync.plan.losses import lost_records, lost_secrets, lost_with, references_in
from flashsync.plan.match import Match, Matching
from flashsync.plan.model import (
    Action,
    Caution,
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
from flashsync.plan.safety import RunOptions
from flashsync.plan.target_layers import Settled, settle
from flashsync.plan.tidy import dropped, tidied
from flashsync.plan.webhooks import compare, missing
from flashsync.plan.words import Words
from flashsync.rotation.rollout.model import Cut

_FIRST = "it differs from its file: apply that first, then tidy it"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a plan is made from, beside the matching.

    `live` holds at least the schedules of `wanted_ids`. `now` is in Unix seconds. `warnings` are
    those that came up while names were resolved, by schedule name. `computed` are the shifts that
    the platform computed from `now` on, by id, for schedules with fair layers. `journaled` reads
    the values of secrets that journals give by reference: it is asked where a secret would be lost.
    """

    account: Account
    live: Mapping[int, Schedule]
    words: Words
    now: int
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    computed: Mapping[int, Calendar] = field(default_factory=dict)
    journaled: Callable[[], Container[str]] = frozenset


def wanted_ids(matching: Matching, options: RunOptions) -> tuple[int, ...]:
    """The live schedules that a plan has to know whole.

    Those that a file declares, those that --prune would delete, and, where something is to be
    created, all undeclared ones: one of them may be it, renamed in the console.
    """
    ids = [match.live.id for match in matching.matches if match.live]
    for known in matching.undeclared:
        lookalike = matching.creates and not options.create_lookalike
        if lookalike or (options.prune and options.scope.holds(known)):
            ids.append(known.id)
    return tuple(ids)


def build(matching: Matching, facts: Facts, options: RunOptions) -> Plan:
    """Decide. The matching has no problems."""
    work = _Work(facts, options, [match.desired for match in matching.matches])
    actions: list[Action] = [work.action(match) for match in matching.matches]
    in_scope = [known for known in matching.undeclared if options.scope.holds(known)]
    if options.prune:
        actions += [
            work.delete(known.id, known.name, facts.live[known.id], Reason.PRUNED)
            for known in in_scope
        ]
    creates = [one for one in actions if isinstance(one, Create)]
    refusals = [
        *work.refusals,
        *safety.too_much(actions, options.safety),
        *safety.lookalikes(creates, matching.undeclared, facts.live, options),
    ]
    listed = options.complete and not options.prune
    return Plan(
        account=facts.account,
        created_at=facts.now,
        actions=ordered(actions),
        undeclared=tuple(sorted(known.name for known in in_scope)) if listed else (),
        refusals=tuple(refusals),
    )


def goal_of(match: Match, facts: Facts) -> tuple[Target, tuple[Cut, ...]]:
    """What a write of a declared schedule would send, and its cuts, whether or not it differs."""
    return _Work(facts, RunOptions(), ()).goal(match)


def worked_out(match: Match, facts: Facts) -> tuple[Action, tuple[Problem, ...]]:
    """What becomes of a declared schedule, and why it cannot; secrets are compared as far as their
    values are known."""
    work = _Work(facts, RunOptions(), ())
    return work.action(match), tuple(work.refusals)


class _Work:
    """Actions one by one; refusals collect on the way."""

    def __init__(self, facts: Facts, options: RunOptions, desired: Sequence[Desired]) -> None:
        self._facts, self._options, self._desired = facts, options, desired
        self.refusals: list[Problem] = []

    def action(self, match: Match) -> Action:
        desired = match.desired
        if self._options.tidy_before is not None and (match.live is None or desired.absent):
            return Unchanged(None, desired.name, desired.source, Reason.GONE)
        if match.live is None:
            if desired.absent:
                return Unchanged(None, desired.name, desired.source, Reason.GONE)
            return self._create(desired)
        live = self._facts.live[match.live.id]
        if desired.absent:
            return self.delete(match.live.id, live.name, live, Reason.ABSENT, desired.source)
        return self._update(desired, match.live.id, live)

    def goal(self, match: Match) -> tuple[Target, tuple[Cut, ...]]:
        desired, id = match.desired, match.live.id if match.live else None
        live = None if id is None else self._facts.live[id].layers
        zone, now = self._facts.account.timezone, self._facts.now
        computed = None if id is None else self._facts.computed.get(id)
        settled = settle(desired, live, zone, now, computed)
        return self._target(desired, settled, id), tuple(settled.cuts)

    def delete(
        self, id: int, name: str, live: Schedule, reason: Reason, source: Position | None = None
    ) -> Delete:
        """A delete, with what goes for good."""
        remarks = Remarks(warnings=tuple(lost_with(live, self._given, self._facts.now)))
        kept = [one for one in live.console_overrides if not one.past(self._facts.now)]
        if kept:
            names = first([f"`{one.name}`" for one in kept], 3)
            remarks = remarks.and_notes(f"with it go overrides made in the console: {names}")
        mark, marks = fingerprint(live), parts(live)
        taken = tuple(one.identity for one in live.console_overrides)
        return Delete(
            id, name, mark, reason, source, remarks, parts=marks, stamp=live.stamp, taken=taken
        )

    def _given(self, value: str) -> bool:
        """Whether a file or a journal gives the value of a secret by reference."""
        return value in self._declared or value in self._journaled

    @cached_property
    def _declared(self) -> frozenset[str]:
        notifies = [one.schedule.notify for one in self._desired]
        return frozenset(one.value for one in references_in(notifies) if one.value)

    @cached_property
    def _journaled(self) -> Container[str]:
        return self._facts.journaled()

    def _create(self, desired: Desired) -> Create:
        settled = settle(desired, None, self._facts.account.timezone, self._facts.now)
        target = self._target(desired, settled)
        said = Remarks((*self._said(settled), *self._ineffective(desired)))
        remarks = self._warned(said, desired, missing(target.schedule.notify))
        return Create(target, desired.source, created(target.schedule, self._words), remarks)

    @property
    def _words(self) -> Words:
        return self._facts.words

    def _target(self, desired: Desired, settled: Settled, id: int | None = None) -> Target:
        """All that is declared. Overrides that have passed are history: neither side has them."""
        now = self._facts.now
        schedule = replace(
            desired.schedule,
            id=id,
            layers=tuple(settled.layers),
            overrides=declared_overrides(desired.schedule.overrides, now),
        )
        return Target(schedule, tuple(settled.origins))

    def _update(self, desired: Desired, id: int, live: Schedule) -> Update | Unchanged:
        now = self._facts.now
        computed = self._facts.computed.get(id)
        settled = settle(desired, live.layers, self._facts.account.timezone, now, computed)
        target = self._target(desired, settled, id)
        compared = compare(target.schedule.notify, live.notify)
        cover = compare_cover(live, target.schedule.overrides, now)
        before = replace(live, name=canonical_name(live.name), overrides=cover.removed)
        after = replace(target, schedule=replace(target.schedule, overrides=cover.added))
        said = remarks_on(live, target.schedule, compared, self._words, now)
        notes = (*self._said(settled), *said.notes, *self._ineffective(desired))
        said = replace(said, notes=notes)
        forced = self._options.send_secrets and bool(compared.uncompared)
        is_same = not settled.refusals and same(before, after.schedule, compared)
        if self._options.tidy_before is not None:
            if compared.masked:
                self.refusals.append(safety.masked(compared.masked, live.name, desired.source))
            if not is_same:
                return self._unchanged(desired, id, live, said.and_notes(_FIRST))
            return self._tidied(desired, id, live, target, said)
        if is_same and not forced:
            return self._unchanged(desired, id, live, said)
        for refusal in settled.refusals:
            self.refusals.append(Problem(refusal.message, refusal.remedy, desired.source))
        if compared.masked:
            self.refusals.append(safety.masked(compared.masked, live.name, desired.source))
        losses = lost_secrets(live, target.schedule.notify, self._given)
        changes = () if is_same else changed(before, after, compared, self._words, settled.shown)
        renamed = before.name != target.schedule.name
        return Update(
            id,
            before.name,
            fingerprint(live),
            target,
            desired.source,
            changes,
            Reason.RENAMED if renamed else Reason.CHANGED if changes else Reason.SECRETS,
            self._warned(said, desired, compared.missing, live).and_warnings(*losses),
            tuple(one.identity for one in live.console_overrides),
            cuts=tuple(settled.cuts),
            parts=parts(live),
            stamp=live.stamp,
        )

    def _unchanged(self, desired: Desired, id: int, live: Schedule, said: Remarks) -> Unchanged:
        remarks = self._warned(said, desired, (), live)
        return Unchanged(id, canonical_name(live.name), desired.source, Reason.SAME, remarks)

    def _tidied(
        self, desired: Desired, id: int, live: Schedule, target: Target, said: Remarks
    ) -> Update | Unchanged:
        """A schedule without what is over."""
        clean = tidied(target, live, self._options.tidy_before or 0)
        changes = tuple(dropped(clean, live, self._words))
        if not changes:
            return self._unchanged(desired, id, live, said)
        name = canonical_name(live.name)
        over = clean.forgotten or 0
        gone = [one for one in live.our_overrides if one.past(over)]
        remarks = self._warned(said, desired, (), live).and_warnings(*lost_records(name, gone))
        kept = tuple(one.identity for one in live.console_overrides)
        mark, source = fingerprint(live), desired.source
        update = Update(id, name, mark, clean, source, changes, Reason.TIDIED, remarks, kept)
        return replace(update, parts=parts(live), stamp=live.stamp)

    def _ineffective(self, desired: Desired) -> Iterator[str]:
        """Overrides of the file that later ones leave nothing of."""
        for one in find_ineffective(desired.schedule.overrides, self._facts.now):
            text = self._words.override(one)
            yield f"the override {text} has no effect: later ones cover all of its time"

    def _said(self, settled: Settled) -> tuple[str, ...]:
        """The notes on layers, with the people whom they name."""
        directory = self._words.directory
        return tuple(
            note.text if note.group is None else f"{note.text} {group(note.group, directory)}"
            for note in settled.notes
        )

    def _warned(
        self,
        said: Remarks,
        desired: Desired,
        missing: Sequence[str],
        live: Schedule | None = None,
    ) -> Remarks:
        """`missing` are references to secrets that a write needs and that name nothing here."""
        warnings = self._facts.warnings.get(desired.name, ())
        if live is not None and live.disabled:
            warnings = (*warnings, "it is disabled in the console, so it pages nobody")
        if missing:
            warnings = (*warnings, safety.missing_later(missing))
        return said.and_warnings(*map(Caution, warnings))
