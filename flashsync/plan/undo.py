"""Back to what a journal found: what to ask of the account, so that it is as it was before.

What was live before is asked for as a file would ask for it: its layers take effect by a rollout,
the console's overrides stay as they are now. A create becomes a delete, a delete a create.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flashsync.errors import Position, Problem
from flashsync.model.desired import Desired, LayerIntent, Rollout
from flashsync.model.notify import SECRETS, Notify, Secret, SecretReference, Webhook
from flashsync.model.people import Directory, MemberStatus
from flashsync.model.schedule import Layer, Override, Schedule, canonical_name
from flashsync.model.wording import count, first
from flashsync.plan.diff import is_as_sent
from flashsync.plan.fingerprint import MOST, ORDER, differing, fingerprint, parts
from flashsync.plan.journal.codec import Fate, Journal, Written
from flashsync.plan.webhooks import match, path_of, with_secrets
from flashsync.rotation.rollout.chains import chains

_ONLY = "undo the others with --only"
_OTHERS = f"fix it in the console, or {_ONLY}"


@dataclass(frozen=True, slots=True)
class Present:
    """What is live now: schedules by id, and the ids of all of the account's by canonical name.

    `writer` says who wrote a schedule last; `secret` reads what a reference names. `now` is in Unix
    seconds.
    """

    live: Mapping[int, Schedule]
    named: Mapping[str, int]
    writer: Callable[[Schedule], str]
    secret: Read
    now: int

    def id_of(self, write: Written) -> int | None:
        """The schedule that a write is about: a create that nobody confirmed has only its name."""
        return write.id or self.named.get(canonical_name(write.name))


@dataclass(frozen=True, slots=True)
class Back:
    """The schedules to plan, why some cannot be, and notes; `warnings` are by schedule.

    `unrestored` has a sentence for each thing that cannot be brought back.
    """

    desired: tuple[Desired, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unrestored: tuple[str, ...] = ()


def back(journal: Journal, writes: Sequence[Written], present: Present, rollout: Rollout) -> Back:
    """What undoes these writes of a journal."""
    context = _UndoContext(journal, present, rollout)
    parts = [_undo(write, context) for write in writes if write.fate is not Fate.NOT_DONE]
    desired = tuple(schedule for part in parts for schedule in part.desired)
    problems = (problem for part in parts for problem in part.problems)
    return Back(
        desired,
        (*problems, *_names_taken(desired, present)),
        tuple(note for part in parts for note in part.notes),
        {name: warnings for part in parts for name, warnings in part.warnings.items()},
        tuple(lost for part in parts for lost in part.unrestored),
    )


def _names_taken(desired: Sequence[Desired], present: Present) -> Iterator[Problem]:
    """A schedule that was deleted needs its name."""
    planned = {wanted.schedule.id for wanted in desired}
    for wanted in desired:
        holder = present.named.get(canonical_name(wanted.name))
        if wanted.schedule.id is None and holder is not None and holder not in planned:
            message = f"there is a schedule `{wanted.name}` again (id {holder})"
            yield Problem(message, _ONLY, wanted.source)


def leavers(found: Back, present: Present, directory: Directory, now: int) -> Iterator[Problem]:
    """People who would be on call again, and have left the account since; `now` in Unix seconds."""
    for desired in found.desired:
        live = present.live.get(desired.schedule.id or 0)
        again = _staff(desired.schedule, now) - (_staff(live, now) if live else set())
        for id in sorted(again):
            person = directory.people.get(id)
            if person is None or person.status is MemberStatus.DELETED:
                who = directory.person(id)
                message = f"`{desired.name}` would have {who} on call, who has left the account"
                yield Problem(message, "change the file instead, or " + _ONLY, desired.source)


def _staff(schedule: Schedule, now: int) -> set[int]:
    """Everybody on layers and overrides that have not ended."""
    layers = (layer for layer in schedule.layers if not layer.ended(now))
    turns = {who.person for layer in layers for group in layer.groups for who in group.members}
    return turns.union(*(cover.people for cover in schedule.overrides if not cover.past(now)))


@dataclass(frozen=True, slots=True)
class _UndoContext:
    """What is the same for all writes of a journal."""

    journal: Journal
    present: Present
    rollout: Rollout

    def source(self, write: Written) -> Position:
        """Where the journal has a write."""
        return Position(self.journal.shown_as, write.line)

    def refuse(self, write: Written, message: str, remedy: str = _OTHERS) -> Back:
        """A write that cannot be undone, and why."""
        return Back(problems=(Problem(message, remedy, self.source(write)),))


def _undo(write: Written, context: _UndoContext) -> Back:
    """What undoes one write, why it cannot be undone, or that there is nothing to do."""
    live = context.present.live.get(context.present.id_of(write) or 0)
    if write.action == "delete":
        return _undo_delete(write, live, context)
    if live is None and write.action == "create":
        was = "was not created" if write.fate is Fate.UNKNOWN else "is gone already"
        return Back(notes=(f"`{write.name}` {was}",))
    if live is None:
        message = f"`{write.name}` (id {write.id}) is gone: somebody deleted it since"
        return context.refuse(write, message)
    if write.before is not None and _is_same(write, live, write.before):
        return Back(notes=(f"`{write.name}` is as it was before already",))
    if not _as_left(write, live):
        return context.refuse(write, _moved(write, live, context.present))
    if write.before is None:
        schedule = Schedule(live.name, id=live.id)
        return Back((Desired(schedule, context.source(write), absent=True),))
    return _undo_update(write, write.before, live, context)


def _undo_update(write: Written, before: Schedule, live: Schedule, context: _UndoContext) -> Back:
    rollout, before = context.rollout, write.decided_by_files(before)
    given = write.decided_by_files(live).notify
    notify = notify_back(write, before.notify, given, context.present.secret)
    layers, intents = layers_back(before, write.sent, rollout)
    desired = Desired(
        replace(
            before,
            id=live.id,
            layers=layers,
            overrides=before.our_overrides,
            notify=notify.notify,
        ),
        context.source(write),
        rollout=rollout,
        intents=intents,
        whole=rollout.exact,
        ignored=write.ignored,
    )
    there = {override.identity for override in live.overrides}
    gone = [other for other in before.our_overrides if other.identity not in there]
    undone = _with_losses(desired, notify, gone, context.present.now)
    if not notify.masked:
        return undone
    paths = f"{', '.join(notify.masked)} of `{write.name}`"
    message = f"{paths} would have to be sent, and no journal keeps secrets"
    refused = context.refuse(write, message, "give them in its file, and apply")
    return replace(undone, problems=refused.problems)


def _undo_delete(write: Written, live: Schedule | None, context: _UndoContext) -> Back:
    """It gets a new id; overrides of the console that lie ahead come back with it."""
    before = write.before
    if before is None:
        return Back()
    if live is not None:
        return Back(notes=(f"`{write.name}` was not deleted",))
    notify = notify_back(write, before.notify, None, context.present.secret)
    schedule = replace(before, id=None, notify=notify.notify)
    desired = Desired(schedule, context.source(write), whole=True)
    again = f"it is created again, with another id than {write.id}: what refers to that must follow"
    return _with_losses(desired, notify, before.overrides, context.present.now, again)


def _with_losses(
    desired: Desired, notify: NotifyBack, gone: Sequence[Override], now: int, *warnings: str
) -> Back:
    """A schedule to plan, with what does not come back: secrets, and overrides that have passed."""
    past = [f"`{override.name}`" for override in gone if override.past(now)]
    lost = list(notify.unrestored)
    if past:  # overrides that have passed are never created: their record is gone
        number = count(len(past), "past override")
        lost.append(f"not restored: {number} of `{desired.name}` ({first(past, 3)})")
    return Back((desired,), (), (), {desired.name: (*warnings, *lost)}, tuple(lost))


def _moved(write: Written, live: Schedule, present: Present) -> str:
    """Why it stays: somebody has written it since, or nobody knows what was written."""
    if write.fate is Fate.UNKNOWN:
        what = f"`{write.name}` may or may not have been written then, and is something else now"
    else:
        what = f"`{write.name}` has changed since it was written then"
        if write.after is not None:
            sides = (write.decided_by_files(side) for side in (write.after, live))
            fields = differing(*map(parts, sides))
            what += f", in {first(fields, MOST) or ORDER}"
    return f"{what}; {present.writer(live)}"


def _as_left(write: Written, live: Schedule) -> bool:
    """Whether it is as the write left it: as it was read back, or else as it was sent."""
    if write.after is not None:
        return _is_same(write, live, write.after)
    kept = write.decided_by_files
    return write.sent is not None and is_as_sent(kept(live), kept(write.sent))


def _is_same(write: Written, live: Schedule, other: Schedule) -> bool:
    kept = write.decided_by_files
    return fingerprint(kept(live)) == fingerprint(kept(other))


# The rotation layers of before, as a file would ask for them.


def layers_back(
    before: Schedule, sent: Schedule | None, rollout: Rollout
) -> tuple[tuple[Layer, ...], tuple[LayerIntent, ...]]:
    """The layers, with when they take effect: the last link of each chain, or with `exact` all.

    A layer that the write gave another name, and did nothing else to, gets its old name back.
    """
    if rollout.exact:
        return before.layers, (LayerIntent(rollout),) * len(before.layers)
    last = [before.layers[chain[-1]] for same in chains(before.layers).values() for chain in same]
    written = sent.layers if sent else ()
    sent_names = {canonical_name(layer.name) for layer in written}
    old_names = {canonical_name(layer.name) for layer in before.layers}
    intents = []
    for layer in last:
        new_names: Iterator[str] = iter(())
        if layer.name not in sent_names:  # a link that begins when it does, with a name not known
            new_names = (
                other.name
                for other in written
                if canonical_name(other.name) not in old_names and other.start == layer.start
            )
        intents.append(LayerIntent(rollout, next(new_names, None)))
    return tuple(replace(layer, carried={}) for layer in last), tuple(intents)


# The chats of before, with the secrets that can be had: a journal keeps only references.

Read = Callable[[SecretReference], str | None]

_IN_FILE = "no journal keeps secrets: give it in the file, and apply"


@dataclass(frozen=True, slots=True)
class NotifyBack:
    """The notify of before, as far as it can be had.

    `masked` are the paths of live secrets that the write would wipe, since they read back masked
    and nobody has them. `unrestored` says what does not come back, a sentence each.
    """

    notify: Notify
    masked: tuple[str, ...]
    unrestored: tuple[str, ...]


def notify_back(write: Written, before: Notify, live: Notify | None, read: Read) -> NotifyBack:
    """The chats of before. A secret stays as the live chat has it; where that does not show, it
    comes from the reference by which a file gave it.

    A chat that is not there any more, and is nothing without its token, stays away without it.
    """
    hooks: list[Webhook] = []
    masked: list[str] = []
    unrestored: list[str] = []
    alive = _partners(before.webhooks, live.webhooks if live else ())
    given = _partners(before.webhooks, write.sent.notify.webhooks if write.sent else ())
    for hook, has, sent in zip(before.webhooks, alive, given, strict=True):
        secrets: dict[str, Secret | None] = {}
        for name in SECRETS:
            changed = path_of(hook, name) in write.changes
            sides = (getattr(side, name) if side else None for side in (hook, has, sent))
            secrets[name] = _secret_back(*sides, read=read, changed=changed)
        restored = with_secrets(hook, secrets)
        lost = [name for name, _ in hook.secrets() if secrets[name] is None]
        hidden = [name for name in lost if has is not None and getattr(has, name) is not None]
        masked += [path_of(hook, name) for name in hidden]
        if has is None and hook.by_token and restored.token is None:
            what = f"notify.chats[{hook.label}] of `{write.name}`, as its token is not known"
            unrestored.append(f"not restored: {what}; {_IN_FILE}")
            continue
        hooks.append(restored)
        lacks = (f"{path_of(hook, name)} of `{write.name}`" for name in lost if name not in hidden)
        unrestored += [f"not restored: {lack}; {_IN_FILE}" for lack in lacks]
        unrestored += _keep_new(write, hook, restored)
    notify = replace(before, webhooks=tuple(hooks))
    return NotifyBack(notify, tuple(masked), tuple(unrestored))


def _secret_back(
    had: Secret | None, has: Secret | None, given: Secret | None, *, read: Read, changed: bool
) -> Secret | None:
    """`had` is the secret of before, `has` the live one, `given` the one by the file's reference;
    `changed` where the write changed it.

    A live secret that reads back empty looks as if there were none, so what the file gives is sent
    again even where none was seen before.
    """
    reference = had.reference if had else None
    if changed and reference is not None and (value := read(reference)):
        return Secret(value, reference)
    if has is not None and has.readable:
        return has if had is not None else None
    reference = reference or (given.reference if given else None)
    return Secret(read(reference), reference) if reference else None


def _keep_new(write: Written, hook: Webhook, restored: Webhook) -> list[str]:
    """Secrets that the write changed, with old values that nobody has."""
    old = dict(hook.secrets())
    return [
        f"not restored: {path_of(hook, name)} of `{write.name}`, which keeps the value that was "
        f"written then; {_IN_FILE}"
        for name, secret in restored.secrets()
        if path_of(hook, name) in write.changes
        and name in old
        and (old[name].reference is None or old[name].reference != secret.reference)
    ]


def _partners(before: Sequence[Webhook], others: Sequence[Webhook]) -> list[Webhook | None]:
    """For each chat of before, the same one among others."""
    pairs = match(before, others)
    return [others[pairs[place]] if place in pairs else None for place in range(len(before))]
