"""Secrets of a plan's targets, read from where their references say; and those that are missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flashsync.errors import Problem
from flashsync.plan import dangers
from flashsync.plan.model import Action, Create, Delete, Plan, Unchanged, Update
from flashsync.plan.webhooks import missing
from flashsync.state.notify import SECRETS, Notify, Webhook
from flashsync.state.secret import Secret, SecretReference

Read = Callable[[SecretReference], str | None]


def with_secrets(plan: Plan, read: Read) -> Plan:
    """The plan with the values that its writes have to send, as far as they are there."""
    return replace(plan, actions=tuple(_action(action, read) for action in plan.actions))


def lacking(plan: Plan) -> list[Problem]:
    """Why nothing can be sent: secrets of the plan that could not be read."""
    return [problem for action in plan.actions for problem in _missing(action)]


def _missing(action: Action) -> list[Problem]:
    if isinstance(action, Delete | Unchanged):
        return []
    references = missing(action.target.schedule.notify)
    if not references:
        return []
    return [dangers.missing_secrets(references, action.name, action.source)]


def _action(action: Action, read: Read) -> Action:
    if isinstance(action, Delete | Unchanged):
        return action
    return _with_notify(action, read)


def _with_notify(action: Create | Update, read: Read) -> Create | Update:
    schedule = action.target.schedule
    notify = _notify(schedule.notify, read)
    return replace(action, target=replace(action.target, schedule=replace(schedule, notify=notify)))


def _notify(notify: Notify, read: Read) -> Notify:
    return replace(notify, webhooks=tuple(_webhook(hook, read) for hook in notify.webhooks))


def _webhook(hook: Webhook, read: Read) -> Webhook:
    token, verify_token, sign_secret = (_value(getattr(hook, name), read) for name in SECRETS)
    return replace(hook, token=token, verify_token=verify_token, sign_secret=sign_secret)


def _value(secret: Secret | None, read: Read) -> Secret | None:
    if secret is None or secret.reference is None:
        return secret
    return replace(secret, value=read(secret.reference))
