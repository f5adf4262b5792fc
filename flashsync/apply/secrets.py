"""Secrets of a plan's targets, read from where their references say; and those that are missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flashsync.errors import Problem, RefusedError
from flashsync.model.notify import SECRETS, Secret, SecretReference, SecretRefusedError, Webhook
from flashsync.plan import safety
from flashsync.plan.model import Action, Delete, Plan, Unchanged
from flashsync.plan.webhooks import missing, path_of

Read = Callable[[SecretReference], str | None]


def with_secrets(plan: Plan, read: Read) -> Plan:
    """The plan with the values that its writes have to send, as far as they are there.

    Raises RefusedError with every reference that `read` refuses.
    """
    problems: list[Problem] = []
    actions = tuple(_action(action, read, problems) for action in plan.actions)
    if problems:
        raise RefusedError(problems)
    return replace(plan, actions=actions)


def lacking(plan: Plan) -> list[Problem]:
    """Why nothing can be sent: secrets of the plan that could not be read."""
    return [problem for action in plan.actions for problem in _missing(action)]


def _missing(action: Action) -> list[Problem]:
    if isinstance(action, Delete | Unchanged):
        return []
    references = missing(action.target.schedule.notify)
    if not references:
        return []
    return [safety.missing_secrets(references, action.name, action.source)]


def _action(action: Action, read: Read, problems: list[Problem]) -> Action:
    if isinstance(action, Delete | Unchanged):
        return action
    schedule = action.target.schedule
    hooks: list[Webhook] = []
    for hook in schedule.notify.webhooks:
        found = {name: getattr(hook, name) for name in SECRETS}
        for name, secret in hook.secrets():
            try:
                found[name] = _with_value(secret, read)
            except SecretRefusedError as refused:
                where = f"{path_of(hook, name)} of `{action.name}`"
                message = f"{where} is refused: {refused.message}"
                problems.append(Problem(message, refused.remedy, action.source))
        hooks.append(replace(hook, **found))
    schedule = replace(schedule, notify=replace(schedule.notify, webhooks=tuple(hooks)))
    return replace(action, target=replace(action.target, schedule=schedule))


def _with_value(secret: Secret, read: Read) -> Secret:
    return secret if secret.reference is None else replace(secret, value=read(secret.reference))
