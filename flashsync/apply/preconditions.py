"""Checks before the first write, and before each.

Nothing may have moved in the account since the plan was made, and no write may move shifts that the
plan does not show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flashsync.api.client import Client
from flashsync.api.codec.schedule import as_stored
from flashsync.api.endpoints import audit, schedules
from flashsync.api.endpoints.schedules import PREVIEW, Listed, Live, preview, read_calendar
from flashsync.api.errors import Failure, Stopped
from flashsync.errors import Problem, RefusedError
from flashsync.model.account_records import AuditEntry, concerning
from flashsync.model.notify import SECRETS, SecretReference, SecretRefusedError, Webhook
from flashsync.model.schedule import Schedule, Stamp, canonical_name
from flashsync.model.timezone import APART
from flashsync.model.wording import first, moment
from flashsync.plan import promised_shifts, safety
from flashsync.plan.diff import is_as_sent
from flashsync.plan.effects import fits
from flashsync.plan.fingerprint import (
    EARLIER,
    MOST,
    ORDER,
    decided_by_files,
    differing,
    is_as_planned,
    parts,
)
from flashsync.plan.match import temporary_name
from flashsync.plan.merge import merged
from flashsync.plan.model import Action, Create, Delete, Plan, Unchanged, Update, Write
from flashsync.plan.promised_shifts import Window
from flashsync.plan.saved.staleness import PLAN_AGAIN
from flashsync.plan.webhooks import ComparedNotify, compare_target, missing, path_of
from flashsync.plan.words import Words
from flashsync.rotation.compare import Move

PATIENCE = 20
"""Seconds: a preview that would have to wait longer is not asked for."""
MOST_WRITES = 5
"""Writes that are named."""
_TIMES = {2: "twice"}
_NO_STAMP = Stamp()


@dataclass(frozen=True, slots=True)
class CheckedPlan:
    """Every reason not to carry out a plan, and the schedules that it touches, live, by id."""

    objections: tuple[Problem, ...]
    live: Mapping[int, Schedule]


def check_plan(plan: Plan, client: Client, words: Words, now: int) -> CheckedPlan:
    """Read all that a plan with its secrets read touches, before the first write.

    It may have been refused when it was made, secrets may be missing, what it touches may have
    moved, or the names that it gives be taken. Where none of these holds, shifts may move that it
    does not show.
    """
    zone = plan.account.timezone
    listed = {each.id: each for each in schedules.list_schedules(client, zone)}
    ids = [
        action.id
        for action in plan.writes
        if not isinstance(action, Create) and action.id in listed
    ]
    end = max(plan.window[1] if plan.window else 0, now + schedules.SMALLEST_WINDOW)
    read = client.each(lambda id: read_calendar(client, id, zone, now, end, lanes=False), ids)
    live = dict(zip(ids, read, strict=True))
    touched = {id: each.schedule for id, each in live.items()}
    writers = Writers(client, words, plan.created_at, now)
    objections = [
        *plan.refusals,
        *(
            safety.missing_secrets(references, action.name, action.source)
            for action in plan.writes
            if not isinstance(action, Delete)
            and (references := missing(action.target.schedule.notify))
        ),
        *(problem for _, problem in outdated(plan, touched, list(listed.values()), writers)),
    ]
    return CheckedPlan(
        tuple(objections or refuse_unshown_shifts(plan, live, client, words, now)), touched
    )


# What has moved in the account.


def outdated(
    plan: Plan, live: Mapping[int, Schedule], listed: Sequence[Listed], writers: Writers
) -> Iterator[tuple[int, Problem]]:
    """What has moved in the account since the plan was made, each with its place in `writes`.

    `live` are the schedules of the plan that are there, `listed` are all of the account. Also names
    that a write takes, and that a live schedule has which the plan does not free.
    """
    for place, action in enumerate(plan.writes):
        if isinstance(action, Create):
            continue
        schedule = live.get(action.id)
        if schedule is None:
            yield place, gone(action, "somebody deleted it", writers)
        elif problem := moved(action, schedule, writers):
            yield place, problem
    names = {canonical_name(each.name): each for each in listed}
    freed = {action.id for action in plan.writes if isinstance(action, Update | Delete)}
    for place, action in enumerate(plan.writes):
        holder = None if isinstance(action, Delete) else names.get(canonical_name(action.name))
        if holder is not None and holder.id not in freed:
            message = f"`{action.name}` is the name of another schedule (id {holder.id}) by now"
            who = writers.of(holder.id, holder.name, holder.stamp)
            yield place, _outdated(action, message, who)


def gone(action: Update | Delete, why: str, writers: Writers) -> Problem:
    """A schedule is not there any more."""
    message = f"`{action.name}` (id {action.id}) is gone: {why}"
    return _outdated(action, message, writers.of(action.id, action.name, known=action.stamp))


def _outdated(action: Write, *parts: str) -> Problem:
    return Problem("; ".join(filter(None, parts)), PLAN_AGAIN, action.source)


def moved(
    action: Update | Delete, live: Schedule, writers: Writers, expected: Schedule | None = None
) -> Problem | None:
    """Says that a schedule is not what it was when the plan was made, in what, and by whom.

    `expected` is what an earlier step of the same plan has sent, where one has. Also says
    where a write would lose a secret that reads back masked.
    """
    if expected:
        still = is_as_sent(*(decided_by_files(action, each) for each in (live, expected)))
    else:
        still = is_as_planned(action, live)
    if not still:
        message = f"`{live.name}` has changed since the plan was made"
        where = _where(action, live, writers, aside=expected is not None)
        return _outdated(action, message + where, writers.of_live(live, action.stamp))
    if isinstance(action, Update):
        ignored = action.target.ignored
        compared = compare_target(action.target, live.notify)
        if compared.masked:
            return safety.masked(compared.masked, live.name, action.source, ignored)
        return _find_rotated(action, compared, live, writers)
    return None


def _where(action: Update | Delete, live: Schedule, writers: Writers, *, aside: bool) -> str:
    """`, in description, layers[Primary].groups`; our own temporary name does not count.

    Fields of links that end at a cut have its time: `layers[Primary].groups (until Mon 7 Dec)`.
    """
    if not action.parts:
        return ""
    ours = aside and canonical_name(live.name) == temporary_name(action.name)
    marks = parts(decided_by_files(action, live))
    paths = [path for path in differing(action.parts, marks) if path != "schedule" or not ours]
    for place, path in enumerate(paths):
        if path.endswith(EARLIER):
            field = path.removesuffix(EARLIER)
            links = [each for each in live.layers if field.startswith(f"layers[{each.name}].")]
            cut = max(link.start for link in links)
            paths[place] = f"{field} (until {moment(cut, writers.words.timezone, writers.now)})"
    return f", in {first(paths, MOST) or ORDER}"


def _find_rotated(
    action: Update, compared: ComparedNotify, live: Schedule, writers: Writers
) -> Problem | None:
    """A secret that would be overwritten although the plan shows no change of it.

    It was the value of its reference, and one of the two is another by now. Fingerprints leave the
    values of secrets out, so that nothing can be guessed from them.
    """
    shown = {change.path for change in action.changes} | set(action.remarks.uncompared)
    for hook, wanted in compared.pairs:
        before = dict(hook.secrets())
        for field, secret in wanted.secrets():
            path, old = path_of(wanted, field), before.get(field)
            differs = old is not None and old.value != secret.value
            if not (secret.value and differs) or path in shown:
                continue
            if action.stamp.at and live.stamp == action.stamp:
                message = (
                    f"{secret.reference} has another value since the plan was made, for {path} of "
                    f"`{live.name}`"
                )
                return _outdated(action, message)
            message = (
                f"{path} of `{live.name}` was the value of {secret.reference} when the plan was "
                "made, and is another by now"
            )
            return _outdated(action, message, writers.of_live(live, action.stamp))
    return None


# Shifts that would move although the plan does not show it.


def refuse_unshown_shifts(
    plan: Plan, live: Mapping[int, Live], client: Client, words: Words, now: int
) -> list[Problem]:
    """All updates that would move shifts against the plan, before the first write."""
    window = Window(now, plan.window[1] if plan.window else None, plan.created_at)
    timezone = plan.account.timezone
    sent: dict[int, Schedule] = {}
    moves: dict[int, tuple[Move, ...]] = {}
    updates = [one for one in plan.writes if isinstance(one, Update) and one.id in live]
    for action in updates:
        before = live[action.id].schedule
        sent[action.id] = merged(action.target, before, now)
        moves[action.id] = unshown_by_engine(action, before, sent[action.id], timezone, window)
    if not any(moves.values()):
        moves |= _unshown_by_platform(updates, live, sent, client, timezone, window)
    return [refusal(action, moves[action.id], words, now) for action in updates if moves[action.id]]


def unshown_by_engine(
    action: Update, live: Schedule, sent: Schedule, timezone: str, window: Window
) -> tuple[Move, ...]:
    """The shifts that would move against the plan, as far as the local engine can tell.

    What is judged is what the platform would store, not what was meant to be sent.
    """
    return promised_shifts.find_unshown(action, live, as_stored(sent, timezone), timezone, window)


def _unshown_by_platform(
    updates: Sequence[Update],
    live: Mapping[int, Live],
    sent: Mapping[int, Schedule],
    client: Client,
    timezone: str,
    window: Window,
) -> dict[int, tuple[Move, ...]]:
    """The shifts that would move against the plan by the platform's own preview, by id.

    It is asked where the plan was judged by the local engine alone, and that does not give what
    the platform computes for the live schedule. Fair layers are left out, since a preview may deal
    their turns anew.
    """
    doubted = [
        action
        for action in updates
        if promised_shifts.judged_here(action, live[action.id].schedule)
        and not fits(live[action.id].schedule, live[action.id].calendar, timezone)
    ]
    moves: dict[int, tuple[Move, ...]] = {}
    for action in doubted[: client.room(PREVIEW, PATIENCE)]:
        before, shifts = live[action.id].schedule, live[action.id].calendar
        try:
            after = preview(client, sent[action.id], shifts.start, shifts.end, patient=False)
        except Stopped:
            raise
        except Failure:
            continue  # nobody can tell
        moves[action.id] = promised_shifts.against(action, before, shifts, after, window)
    return moves


def refusal(action: Update, moves: Sequence[Move], words: Words, now: int) -> Problem:
    """One line: which schedule, from when, and who."""
    return Problem(
        f"writing `{action.name}` would move a shift that the plan does not show: "
        f"{promised_shifts.describe_move(moves, words, now)}",
        "run `flashsync plan` again; if this comes back, change the layer in the console",
        action.source,
    )


# Who has written a schedule since the plan was made; asked only where something moved.


@dataclass(frozen=True)
class Writers:
    """The writers of one account's schedules since a time, by the audit log.

    `since` and `now` are Unix seconds of clocks that may differ from the platform's. So entries
    count from a known write on: one of `ours`, the ids of requests, or the write that left the
    stamp that a schedule had then; only without either from `since`. Where the key may not read the
    log, or it does not answer, the stamp of the schedule says at least who wrote last. **Guess**:
    the log has a write by the time and the person of its stamp.
    """

    client: Client
    words: Words
    since: int
    now: int
    ours: Collection[str] = ()

    def of(self, id: int, name: str, stamp: Stamp | None = None, known: Stamp = _NO_STAMP) -> str:
        """`written since by Bob Martin on Sat 21 Nov 10:00 (/schedule/update, request 3f2a)`.

        `stamp` is what the schedule has now, `known` what it had then.
        """
        entries = self._later(concerning(self._entries, id, canonical_name(name)), known)
        timezone, directory = self.words.timezone, self.words.directory
        if entries:
            parts = [
                f"{entry.writer(directory)} on {moment(entry.at, timezone, self.now)} "
                f"({entry.operation}, request {entry.request_id})"
                for entry in entries[:MOST_WRITES]
            ]
            parts = [
                f"{part}, {_TIMES.get(number, f'{number} times')}" if number > 1 else part
                for part, number in Counter(parts).items()
            ]
            more = f", and {len(entries) - MOST_WRITES} more" if len(entries) > MOST_WRITES else ""
            return f"written since by {', '.join(parts)}{more}"
        if stamp is None or not stamp.at:
            return ""
        who = directory.person(stamp.by) if stamp.by else "somebody"
        return f"last written by {who} on {moment(stamp.at, timezone, self.now)}"

    def of_live(self, live: Schedule, known: Stamp = _NO_STAMP) -> str:
        """Of a schedule that is there and has moved; never empty."""
        said = self.of(live.id or 0, live.name, live.stamp, known)
        return said or "who wrote it last is not known"

    def _later(self, entries: Sequence[AuditEntry], known: Stamp) -> Sequence[AuditEntry]:
        """The writes after the known ones; both newest first."""
        stamps = [Stamp(entry.member, entry.at) for entry in entries]
        for index, entry in enumerate(entries):
            if entry.request_id in self.ours:
                return entries[:index]
            if stamps[index] == known:
                # Something has moved: of several in one second, the last is not the one known.
                return entries[: index or int(stamps.count(known) > 1)]
        return [entry for entry in entries if entry.at >= (known.at or self.since)]

    @cached_property
    def _entries(self) -> tuple[AuditEntry, ...]:
        try:
            return audit.since(self.client, self.since - APART, self.now)
        except Failure:
            return ()


# The secrets of a plan's targets: read by their references, or missing.

Read = Callable[[SecretReference], str | None]


def with_secrets(plan: Plan, read: Read) -> Plan:
    """The plan with the values that its writes have to send, as far as they are there.

    Raises RefusedError with every reference that `read` refuses.
    """
    problems: list[Problem] = []
    actions = tuple(_read_secrets(action, read, problems) for action in plan.actions)
    if problems:
        raise RefusedError(problems)
    return replace(plan, actions=actions)


def _read_secrets(action: Action, read: Read, problems: list[Problem]) -> Action:
    if isinstance(action, Delete | Unchanged):
        return action
    schedule = action.target.schedule
    hooks: list[Webhook] = []
    for hook in schedule.notify.webhooks:
        values = {name: getattr(hook, name) for name in SECRETS}
        for name, secret in hook.secrets():
            try:
                if secret.reference is not None:
                    values[name] = replace(secret, value=read(secret.reference))
            except SecretRefusedError as refused:
                where = f"{path_of(hook, name)} of `{action.name}`"
                message = f"{where} is refused: {refused.message}"
                problems.append(Problem(message, refused.remedy, action.source))
        hooks.append(replace(hook, **values))
    schedule = replace(schedule, notify=replace(schedule.notify, webhooks=tuple(hooks)))
    return replace(action, target=replace(action.target, schedule=schedule))
