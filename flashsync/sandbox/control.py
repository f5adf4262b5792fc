"""Console edits over HTTP, for `flashsync sandbox edit`; the platform has no such endpoint.

A request names an action and its fields; the answer is a sentence about what was done. It needs a
key of the account. It meets no rate limit and no faults and is not in the sandbox's log, but in the
audit log of the account, like any edit in the console.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flashsync.sandbox.console import Console
from flashsync.sandbox.protocol import ApiError, Reply, Request, invalid, missing, refusal
from flashsync.sandbox.request_fields import Fields
from flashsync.sandbox.service import Service
from flashsync.sandbox.wall_clock import WallClock
from flashsync.sandbox.world import Account, Key

PATH: Final = "/sandbox/edit"
OVERRIDE_HOURS: Final = 8
"""How long an override lasts, unless the request says otherwise."""


@dataclass(frozen=True, slots=True)
class ConsoleEdit:
    """An edit of an account: the request's fields, and a console to make it in."""

    fields: Fields
    console: Console
    account: Account
    now: int

    def schedule(self) -> str:
        """The name of the schedule to edit."""
        return self.fields.text("schedule", low=1)

    def person(self, who: str) -> int:
        """The id of a person, from an id, an e-mail address or a name."""
        try:
            return self.account.person(int(who) if who.isdecimal() else who).person_id
        except KeyError:
            raise missing(f"nobody in the account is called {who!r}") from None

    def name(self, person_id: int) -> str:
        """The name of a person."""
        return self.account.person(person_id).name


def answer(service: Service, request: Request) -> Reply:
    """Makes the edit that a request asks for."""
    try:
        with service.lock:
            reply = Reply(content={"data": {"done": _edit(service, request)}})
    except ApiError as error:
        reply = refusal(error.code, error.message)
    except ValueError:
        reply = refusal("BadRequest", "the body is not JSON")
    return service.enveloped(reply, uuid.uuid4().hex)


def _edit(service: Service, request: Request) -> str:
    key = service.world.key(request.key)
    account = service.world.accounts[key.account_id]
    fields = Fields(json.loads(request.body))
    action = fields.choice("action", tuple(ACTIONS))
    console = Console(service, account, fields.text("by", "") or _colleague(account, key))
    return ACTIONS[action](ConsoleEdit(fields, console, account, service.now()))


def _colleague(account: Account, key: Key) -> int:
    """An enabled member who is not the member of the key."""
    for person in account.people.values():
        other = person.person_id != key.person_id
        if other and (person.kind, person.status) == ("member", "enabled"):
            return person.person_id
    raise missing("the account has no other member")


def _set(edit: ConsoleEdit) -> str:
    name, values = edit.schedule(), edit.fields.required("values")
    edit.fields.end()
    if not isinstance(values, dict):
        raise invalid("values must be an object")
    edit.console.edit(name, values)
    return f"{', '.join(values)} of {name} changed"


def _add(edit: ConsoleEdit) -> str:
    name, layer = edit.schedule(), edit.fields.text("layer", "")
    person_id = edit.person(edit.fields.text("person", low=1))
    edit.fields.end()
    edit.console.add_to_rotation(name, person_id, layer)
    return f"{edit.name(person_id)} added to {name}"


def _override(edit: ConsoleEdit) -> str:
    fields, clock = edit.fields, WallClock(edit.account.time_zone)
    name, people = edit.schedule(), [edit.person(who) for who in fields.texts("people")]
    title = fields.text("name", "") or None
    since = fields.text("from", "")
    start = clock.instant(_local_time(since)) if since else edit.now // 60 * 60
    end = start + fields.integer("hours", OVERRIDE_HOURS, low=1) * 3600
    fields.end()
    edit.console.add_override(name, people, start, end, title)
    names = ", ".join(map(edit.name, people))
    opens, closes = (f"{clock.local(instant):%a %d %b %H:%M}" for instant in (start, end))
    return f"{names} on call for {name}, {opens} to {closes}"


def _delete(edit: ConsoleEdit) -> str:
    name = edit.schedule()
    edit.fields.end()
    edit.console.delete(name)
    return f"{name} deleted"


def _leave(edit: ConsoleEdit) -> str:
    person_id = edit.person(edit.fields.text("person", low=1))
    edit.fields.end()
    edit.console.leave(person_id)
    return f"{edit.name(person_id)} left the account"


ACTIONS: Final[Mapping[str, Callable[[ConsoleEdit], str]]] = {
    "set": _set,
    "add": _add,
    "override": _override,
    "delete": _delete,
    "leave": _leave,
}


def _local_time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise invalid(f"from must be a time like 2026-12-01 10:00, is {text!r}") from None
