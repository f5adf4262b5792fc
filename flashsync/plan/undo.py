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
from flashsync.plan.journal.model import Fate, Journal, Written
from flashsync.plan.webhooks import match, path_of
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

    def id_of(self, one: Written) -> int | None:
        """The schedule that a write is about: a create that nobody confirmed has only its name."""
        return one.id or self.named.get(canonical_name(one.name))


@dataclass
class Back:
    """What to ask for; why that cannot be; and what is to be said, of all and by schedule.

    `unrestored` has a sentence for each thing that cannot be brought back.
    """

    desired: list[Desired] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unrestored: list[str] = field(default_factory=list)


def back(journal: Journal, writes: Sequence[Written], present: Present, rollout: Rollout) -> Back:
    """What undoes these writes of a journal."""
    work = _Work(journal, present, rollout)
    for one in writes:
        if one.fate is not Fate.NOT_DONE:
            work.undo(one)
    work.check_names()
    return work.result


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
    """Everybody on what is not over."""
    layers = (one for one in schedule.layers if not one.ended(now))
    turns = {who.person for one in layers for group in one.groups for who in group.members}
    return turns.union(*(one.people for one in schedule.overrides if not one.past(now)))


class _Work:
    def __init__(self, journal: Journal, present: Present, rollout: Rollout) -> None:
        self._journal, self._present, self._rollout = journal, present, rollout
        self.result = Back()

    def undo(self, one: Written) -> None:
        """One write: asked for, refused, or nothing to do."""
        id = self._present.id_of(one)
        live = self._present.live.get(id or 0)
        if one.action == "delete":
            self._undelete(one, live)
        elif live is None:
            self._gone(one)
        elif one.before is not None and fingerprint(live) == fingerprint(one.before):
            self.result.notes.append(f"`{one.name}` is as it was before already")
        elif not _as_left(one, live):
            self._refuse(one, self._moved(one, live))
        elif one.before is None:
            self._uncreate(one, live)
        else:
            self._unupdate(one, one.before, live)

    def _gone(self, one: Written) -> None:
        """A create that is not there leaves nothing to do; an update has nothing to write to."""
        if one.action == "create":
            was = "was not created" if one.fate is Fate.UNKNOWN else "is gone already"
            self.result.notes.append(f"`{one.name}` {was}")
        else:
            self._refuse(one, f"`{one.name}` (id {one.id}) is gone: somebody deleted it since")

    def _uncreate(self, one: Written, live: Schedule) -> None:
        schedule = Schedule(live.name, id=live.id)
        self.result.desired.append(Desired(schedule, self._source(one), absent=True))

    def _unupdate(self, one: Written, before: Schedule, live: Schedule) -> None:
        notify = notify_back(one, before.notify, live.notify, self._present.secret)
        if notify.masked:
            self._refuse(one, _masked(one, notify.masked), "give them in its file, and apply")
        layers, intents = layers_back(before, one.sent, self._rollout)
        desired = Desired(
            replace(
                before,
                id=live.id,
                layers=layers,
                overrides=before.our_overrides,
                notify=notify.notify,
            ),
            self._source(one),
            rollout=self._rollout,
            intents=intents,
            whole=self._rollout.exact,
        )
        self.result.desired.append(desired)
        there = {override.identity for override in live.overrides}
        gone = [other for other in before.our_overrides if other.identity not in there]
        self._warn(desired, notify, gone)

    def _warn(
        self, desired: Desired, notify: NotifyBack, gone: Sequence[Override], *more: str
    ) -> None:
        """Say what does not come back: secrets, and the overrides of these that have passed."""
        past = tuple(one for one in gone if one.past(self._present.now))
        unrestored = (*notify.unrestored, *_records_lost(desired.name, past))
        self.result.warnings[desired.name] = (*more, *unrestored)
        self.result.unrestored += unrestored

    def _undelete(self, one: Written, live: Schedule | None) -> None:
        """It gets a new id; overrides of the console that lie ahead come back with it."""
        before = one.before
        if before is None:
            return
        if live is not None:
            self.result.notes.append(f"`{one.name}` was not deleted")
            return
        notify = notify_back(one, before.notify, None, self._present.secret)
        schedule = replace(before, id=None, notify=notify.notify)
        desired = Desired(schedule, self._source(one), whole=True)
        self.result.desired.append(desired)
        again = (
            f"it is created again, with another id than {one.id}: what refers to that must follow"
        )
        self._warn(desired, notify, before.overrides, again)

    def check_names(self) -> None:
        """A schedule that was deleted needs its name."""
        planned = {one.schedule.id for one in self.result.desired}
        for one in self.result.desired:
            holder = self._present.named.get(canonical_name(one.name))
            if one.schedule.id is None and holder is not None and holder not in planned:
                message = f"there is a schedule `{one.name}` again (id {holder})"
                problem = Problem(message, _ONLY, one.source)
                self.result.problems.append(problem)

    def _moved(self, one: Written, live: Schedule) -> str:
        """Why it stays: somebody has written it since, or nobody knows what was written."""
        if one.fate is Fate.UNKNOWN:
            what = f"`{one.name}` may or may not have been written then, and is something else now"
        else:
            what = f"`{one.name}` has changed since it was written then"
            if one.after is not None:
                fields = differing(parts(one.after), parts(live))
                what += f", in {first(fields, MOST) or ORDER}"
        return f"{what}; {self._present.writer(live)}"

    def _refuse(self, one: Written, message: str, remedy: str = _OTHERS) -> None:
        self.result.problems.append(Problem(message, remedy, self._source(one)))

    def _source(self, one: Written) -> Position:
        return Position(self._journal.shown_as, one.line)


def _as_left(one: Written, live: Schedule) -> bool:
    """Whether it is as the write left it: as it was read back, or else as it was sent."""
    if one.after is not None:
        return fingerprint(live) == fingerprint(one.after)
    return one.sent is not None and is_as_sent(live, one.sent)


def _records_lost(name: str, past: Sequence[Override]) -> Iterator[str]:
    """Overrides that have passed are never created: their record is gone."""
    if past:
        names = first([f"`{one.name}`" for one in past], 3)
        yield f"not restored: {count(len(past), 'past override')} of `{name}` ({names})"


def _masked(one: Written, paths: Sequence[str]) -> str:
    """Why a schedule stays as it is: a write would wipe a secret that is live."""
    which = ", ".join(paths)
    return f"{which} of `{one.name}` would have to be sent, and no journal keeps secrets"


# The rotation layers of before, as a file would ask for them.


def layers_back(
    before: Schedule, sent: Schedule | None, rollout: Rollout
) -> tuple[tuple[Layer, ...], tuple[LayerIntent, ...]]:
    """The layers, with when they take effect: the last link of each chain, or with `exact` all.

    A layer that the write gave another name, and did nothing else to, gets its old name back.
    """
    if rollout.exact:
        return before.layers, (LayerIntent(rollout),) * len(before.layers)
    last = [before.layers[chain[-1]] for found in chains(before.layers).values() for chain in found]
    written = sent.layers if sent else ()
    intents = tuple(LayerIntent(rollout, _new_name(one, before.layers, written)) for one in last)
    return tuple(replace(one, carried={}) for one in last), intents


def _new_name(layer: Layer, before: Sequence[Layer], written: Sequence[Layer]) -> str | None:
    """The name that a layer was given: a link that begins when it does, with a name not known."""
    names = {canonical_name(one.name) for one in before}
    if layer.name in {canonical_name(one.name) for one in written}:
        return None
    fresh = [one for one in written if canonical_name(one.name) not in names]
    return next((one.name for one in fresh if one.start == layer.start), None)


# Who was told before, with the secrets that can be had: a journal keeps references alone.

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


def notify_back(one: Written, before: Notify, live: Notify | None, read: Read) -> NotifyBack:
    """The chats of before. A secret stays as the live chat has it; where that does not show, it
    comes from the reference by which a file gave it.

    A chat that is not there any more, and is nothing without its token, stays away without it.
    """
    hooks: list[Webhook] = []
    masked: list[str] = []
    unrestored: list[str] = []
    alive = _partners(before.webhooks, live.webhooks if live else ())
    given = _partners(before.webhooks, one.sent.notify.webhooks if one.sent else ())
    for hook, has, sent in zip(before.webhooks, alive, given, strict=True):
        found = _with_secrets(one, hook, has, sent, read)
        lost = [name for name, _ in hook.secrets() if getattr(found, name) is None]
        hidden = [name for name in lost if has is not None and getattr(has, name) is not None]
        masked += [path_of(hook, name) for name in hidden]
        if has is None and hook.by_token and found.token is None:
            what = f"notify.chats[{hook.label}] of `{one.name}`, as its token is not known"
            unrestored.append(f"not restored: {what}; {_IN_FILE}")
            continue
        hooks.append(found)
        lacks = (f"{path_of(hook, name)} of `{one.name}`" for name in lost if name not in hidden)
        unrestored += [f"not restored: {lack}; {_IN_FILE}" for lack in lacks]
        unrestored += _kept_new(one, hook, found)
    notify = replace(before, webhooks=tuple(hooks))
    return NotifyBack(notify, tuple(masked), tuple(unrestored))


def _with_secrets(
    one: Written, hook: Webhook, has: Webhook | None, sent: Webhook | None, read: Read
) -> Webhook:
    found: dict[str, Secret | None] = {}
    for name in SECRETS:
        changed = path_of(hook, name) in one.changes
        old, live, given = (_secret(side, name) for side in (hook, has, sent))
        found[name] = _kept(old, live, given, read, changed=changed)
    token, verify_token, sign_secret = (found[name] for name in SECRETS)
    return replace(hook, token=token, verify_token=verify_token, sign_secret=sign_secret)


def _kept(
    had: Secret | None, has: Secret | None, given: Secret | None, read: Read, *, changed: bool
) -> Secret | None:
    """`had` is the secret of before, `has` the live one, `given` the one by the file's reference;
    `changed` where the write changed it.

    A live one that reads back empty looks as if there were none, so what the file gives is sent
    again even where none was seen before.
    """
    reference = had.reference if had else None
    if changed and reference is not None and (value := read(reference)):
        return Secret(value, reference)
    if has is not None and has.readable:
        return has if had is not None else None
    reference = reference or (given.reference if given else None)
    return Secret(read(reference), reference) if reference else None


def _kept_new(one: Written, hook: Webhook, found: Webhook) -> list[str]:
    """Secrets that the write changed, and whose old values are nowhere."""
    old = dict(hook.secrets())
    return [
        f"not restored: {path_of(hook, name)} of `{one.name}`, which keeps the value that was "
        f"written then; {_IN_FILE}"
        for name, secret in found.secrets()
        if path_of(hook, name) in one.changes
        and name in old
        and (old[name].reference is None or old[name].reference != secret.reference)
    ]


def _partners(before: Sequence[Webhook], others: Sequence[Webhook]) -> list[Webhook | None]:
    """For each chat of before, the same one among others."""
    found = match(before, others)
    return [others[found[place]] if place in found else None for place in range(len(before))]


def _secret(hook: Webhook | None, name: str) -> Secret | None:
    secret: Secret | None = getattr(hook, name) if hook else None
    return secret
