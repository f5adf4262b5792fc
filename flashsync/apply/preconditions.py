"""Checks before the first write, and before each, that nothing has moved since the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from flashsync.api.client import Client
from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.schedules import Listed, Live, read_calendar
from flashsync.api.errors import NotFound
from flashsync.apply.foresight import refusals
from flashsync.apply.last_writer import Writers
from flashsync.errors import Problem, RefusedError
from flashsync.model.notify import SECRETS, Secret, SecretReference, SecretRefusedError, Webhook
from flashsync.model.schedule import Schedule, canonical_name
from flashsync.model.wording import first
from flashsync.plan import safety
from flashsync.plan.diff import is_as_sent
from flashsync.plan.fingerprint import (
    MOST,
    ORDER,
    decided_by_files,
    differing,
    is_as_planned,
    parts,
)
from flashsync.plan.match import temporary_name
from flashsync.plan.model import Action, Create, Delete, Plan, Unchanged, Update, Write
from flashsync.plan.saved.staleness import PLAN_AGAIN
from flashsync.plan.webhooks import ComparedNotify, compare_target, missing, path_of
from flashsync.plan.words import Words


def check_all(plan: Plan, client: Client, words: Words, now: int) -> dict[int, Schedule]:
    """Read all that the plan touches, by id. Raises RefusedError with every reason against it."""
    problems, live = _checked(plan, client, words, now)
    if problems:
        raise RefusedError(problems)
    return live


def objections(plan: Plan, client: Client, words: Words, now: int) -> list[Problem]:
    """Every reason not to carry out a plan with its secrets read, before the first write.

    It was refused when it was made, secrets are missing, what it touches has moved, or the names
    that it gives are taken. Where none of these holds, shifts would move that it does not show.
    """
    return _checked(plan, client, words, now)[0]


def _checked(
    plan: Plan, client: Client, words: Words, now: int
) -> tuple[list[Problem], dict[int, Schedule]]:
    """The reasons, and the live schedules that the plan touches, by id."""
    writers = Writers(client, words, plan.created_at, now)
    zone = plan.account.timezone
    ids = [action.id for action in plan.writes if not isinstance(action, Create)]
    listed = {each.id: each for each in schedules.list_schedules(client, zone)}
    present = [id for id in ids if id in listed]
    end = max(plan.window[1] if plan.window else 0, now + schedules.SMALLEST_WINDOW)
    read = client.each(lambda id: read_calendar(client, id, zone, now, end, lanes=False), present)
    live = dict(zip(present, read, strict=True))
    touched = {id: each.schedule for id, each in live.items()}
    problems = [
        *plan.refusals,
        *_find_missing_secrets(plan),
        *(problem for _, problem in outdated(plan, touched, list(listed.values()), writers)),
    ]
    return problems or refusals(plan, live, client, words, now), touched


def outdated(
    plan: Plan, live: Mapping[int, Schedule], listed: Sequence[Listed], writers: Writers
) -> Iterator[tuple[int, Problem]]:
    """What has moved in the account since the plan was made, each with its place in `writes`.

    `live` are the schedules of the plan that are there, `listed` are all of the account.
    """
    for place, action in enumerate(plan.writes):
        if isinstance(action, Create):
            continue
        schedule = live.get(action.id)
        if schedule is None:
            message = f"`{action.name}` (id {action.id}) is gone: somebody deleted it"
            who = writers.of(action.id, action.name, known=action.stamp)
            yield place, _outdated(action, message, who)
        elif problem := moved(action, schedule, writers):
            yield place, problem
    yield from _names_taken(plan, listed, writers)


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
        where = _where(action, live, aside=expected is not None)
        return _outdated(action, message + where, writers.of_live(live, action.stamp))
    if isinstance(action, Update):
        ignored = action.target.ignored
        compared = compare_target(action.target, live.notify)
        if compared.masked:
            return safety.masked(compared.masked, live.name, action.source, ignored)
        if rotated := _rotated(action, compared):
            return _no_longer_equal(action, live, writers, *rotated)
    return None


def _where(action: Update | Delete, live: Schedule, *, aside: bool) -> str:
    """`, in description and layers[Primary].groups`; our own temporary name does not count."""
    if not action.parts:
        return ""
    ours = aside and canonical_name(live.name) == temporary_name(action.name)
    marks = parts(decided_by_files(action, live))
    paths = [path for path in differing(action.parts, marks) if path != "schedule" or not ours]
    return f", in {first(paths, MOST) or ORDER}"


def _no_longer_equal(
    action: Update, live: Schedule, writers: Writers, path: str, secret: Secret
) -> Problem:
    """A live secret was the value of its reference, and one of the two is another by now."""
    if action.stamp.at and live.stamp == action.stamp:
        message = (
            f"{secret.reference} has another value since the plan was made, for {path} of "
            f"`{live.name}`"
        )
        return _outdated(action, message)
    message = (
        f"{path} of `{live.name}` was the value of {secret.reference} when the plan was made, "
        "and is another by now"
    )
    return _outdated(action, message, writers.of_live(live, action.stamp))


def _rotated(action: Update, compared: ComparedNotify) -> tuple[str, Secret] | None:
    """A secret that would be overwritten although the plan shows no change of it, and its path.

    Fingerprints leave the values of secrets out, so that nothing can be guessed from them.
    """
    shown = {change.path for change in action.changes} | set(action.remarks.uncompared)
    for live, wanted in compared.pairs:
        before = dict(live.secrets())
        for field, secret in wanted.secrets():
            path, old = path_of(wanted, field), before.get(field)
            differs = old is not None and old.value != secret.value
            if secret.value and differs and path not in shown:
                return path, secret
    return None


def _names_taken(
    plan: Plan, listed: Sequence[Listed], writers: Writers
) -> Iterator[tuple[int, Problem]]:
    """Names that a write takes, and that a live schedule has which the plan does not free."""
    names = {canonical_name(each.name): each for each in listed}
    freed = {action.id for action in plan.writes if isinstance(action, Update | Delete)}
    for place, action in enumerate(plan.writes):
        if isinstance(action, Delete):
            continue
        holder = names.get(canonical_name(action.name))
        if holder is not None and holder.id not in freed:
            message = f"`{action.name}` is the name of another schedule (id {holder.id}) by now"
            who = writers.of(holder.id, holder.name, holder.stamp)
            yield place, _outdated(action, message, who)


def read_last(
    action: Update | Delete, writers: Writers, timezone: str, until: int | None = None
) -> Live:
    """The live schedule as it is now, with its shifts to `until`, or of an hour.

    Asked once, without a wait. Raises NotFound, Failure.
    """
    end = max(until or 0, writers.now + schedules.SMALLEST_WINDOW)
    return read_calendar(
        writers.client, action.id, timezone, writers.now, end, lanes=False, once=True
    )


def gone(action: Update | Delete, why: NotFound, writers: Writers) -> RefusedError:
    """What to raise where a schedule is not there any more."""
    message = f"`{action.name}` (id {action.id}) is gone: {why.said}"
    who = writers.of(action.id, action.name, known=action.stamp)
    return RefusedError(_outdated(action, message, who))


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


def _find_missing_secrets(plan: Plan) -> Iterator[Problem]:
    """Secrets of the plan that could not be read, so that nothing can be sent."""
    targets = [action for action in plan.writes if not isinstance(action, Delete)]
    for action in targets:
        if references := missing(action.target.schedule.notify):
            yield safety.missing_secrets(references, action.name, action.source)


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
