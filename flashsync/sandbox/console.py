"""A person in the web console: changes schedules behind the client's back, by the same rules.

No key, no HTTP and no rate limit, but the same checks as a request, and the same stamps. Below are
edits over HTTP, for `flashsync sandbox edit`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from flashsync.sandbox.answers import Answers, Json
from flashsync.sandbox.model import (
    OVERRIDE,
    ROTATION,
    EscalationLevel,
    Incident,
    Responder,
    Schedule,
    fill_undocumented,
)
from flashsync.sandbox.options import Options
from flashsync.sandbox.protocol import ApiError, Reply, Request, invalid, missing, refusal
from flashsync.sandbox.request_fields import Fields
from flashsync.sandbox.requests import RequestContext, read_schedule
from flashsync.sandbox.rotation import WallClock
from flashsync.sandbox.service import Service
from flashsync.sandbox.world import Account, Key, Person

Change = Callable[[Json], Json | None] | Mapping[str, Any]

READ_ONLY: Final = {"account_id", "id", "schedule_id", "disabled"}
STAMPS: Final = {"create_at", "create_by", "update_at", "update_by"}
MIRRORS: Final = {"name", "group_id"}
NOT_SENT: Final = READ_ONLY | STAMPS | MIRRORS


class Console:
    """Acts on one account. `by` names who does it: an e-mail address, a name or an id."""

    def __init__(self, service: Service, account: Account, by: str | int) -> None:
        self._service = service
        self._account = account
        self._by = by

    def schedules(self) -> list[Json]:
        """All schedules with their layers, secrets plain."""
        with self._service.lock:
            stored = self._account.schedules.values()
            return [self._answers.schedule(schedule, layers=True) for schedule in stored]

    def schedule(self, name: str) -> Json:
        """A schedule with its layers, secrets plain."""
        with self._service.lock:
            return self._answers.schedule(self._account.schedule(name), layers=True)

    def create(self, fields: Mapping[str, Any], by: str | int | None = None) -> Json:
        """Creates a schedule from the fields of `/schedule/create`."""
        with self._service.lock:
            person = self._person(by)
            draft = self._draft(fields)
            draft = fill_undocumented(draft) if self._service.options.future_fields else draft
            self._account.create(draft, person.person_id, self._service.now())
            self._note(person, "/schedule/create", fields)
            return self.schedule(draft.name)

    def edit(self, name: str, change: Change, by: str | int | None = None) -> Json:
        """Changes a schedule: by fields that replace its own, or by a function.

        The function gets the schedule as `schedule()` gives it, and changes it or returns another.
        """
        with self._service.lock:
            person = self._person(by)
            stored = self._account.schedule(name)
            before = self.schedule(name)
            body = _changed(before, change)
            draft = self._draft(body)
            self._account.update(stored.schedule_id, draft, person.person_id, self._service.now())
            self._note(person, "/schedule/update", {"schedule_id": stored.schedule_id, **body})
            return self.schedule(draft.name)

    def rename(self, name: str, new: str, by: str | int | None = None) -> Json:
        """Renames a schedule."""
        return self.edit(name, {"schedule_name": new}, by)

    def delete(self, name: str, by: str | int | None = None) -> None:
        """Deletes a schedule."""
        with self._service.lock:
            person = self._person(by)
            schedule_id = self._account.schedule(name).schedule_id
            self._account.delete([schedule_id])
            self._note(person, "/schedule/delete", {"schedule_ids": [schedule_id]})

    def add_override(
        self,
        name: str,
        people: Sequence[str | int],
        start: int,
        end: int,
        layer_name: str | None = None,
        by: str | int | None = None,
    ) -> Json:
        """Puts these people on call from `start` to `end` (Unix seconds), as primaries."""
        ids = self._ids(people)
        group = {"group_name": "A", "members": [{"role_id": 0, "person_ids": ids}]}
        layer = {
            "layer_name": layer_name or "Temporary",
            "mode": OVERRIDE,
            "layer_start": start,
            "layer_end": end,
            "groups": [group],
        }

        def add(schedule: Json) -> None:
            schedule["layers"] = [*(schedule["layers"] or []), layer]

        return self.edit(name, add, by)

    def add_to_rotation(
        self, name: str, who: str | int, layer: str = "", by: str | int | None = None
    ) -> Json:
        """Gives a person a turn of their own, the last of a layer; of the first, if none is named.

        ResourceNotFound where the schedule has no such layer.
        """
        with self._service.lock:
            (id,) = self._ids([who])
            group = {"group_name": "", "members": [{"role_id": 0, "person_ids": [id]}]}

            def add(schedule: Json) -> None:
                for item in schedule["layers"] or []:
                    if item["mode"] == ROTATION and layer in ("", item["layer_name"]):
                        item["groups"].append(group)
                        return
                raise missing(f"{name!r} has no rotation layer {layer}".rstrip())

            return self.edit(name, add, by)

    def leave(self, who: str | int) -> Person:
        """Takes a member out of the account. Guess: schedules keep naming them."""
        with self._service.lock:
            return self._account.change_person(who, status="deleted")

    def add_rule(
        self,
        channel: str,
        name: str,
        *levels: Mapping[str, Sequence[int]],
        enabled: bool = True,
    ) -> None:
        """Adds an escalation rule to a channel, creating the channel if it is missing.

        Each level maps names of schedules to the roles that it pages.
        """
        with self._service.lock:
            account = self._with_channel(channel)
            by_id = [
                {account.schedule(key).schedule_id: tuple(roles) for key, roles in level.items()}
                for level in levels
            ]
            status: Literal["enabled", "disabled"] = "enabled" if enabled else "disabled"
            account.add_rule(channel, name, map(EscalationLevel, by_id), status=status)

    def remove_rule(self, channel: str, name: str) -> None:
        """Removes an escalation rule."""
        with self._service.lock:
            self._account.remove_rule(channel, name)

    def add_incident(
        self,
        title: str,
        people: Sequence[str | int] = (),
        assigned: Sequence[str | int] = (),
        *,
        channel: str = "Alerts",
        age: int = 600,
        **fields: Any,
    ) -> Incident:
        """Triggers an incident `age` seconds ago, creating the channel if it is missing.

        `people` are its responders, `assigned` the people it was assigned to last; `fields` are
        further fields of `Incident`.
        """
        with self._service.lock:
            account, started = self._with_channel(channel), self._service.now() - age
            return account.add_incident(
                title,
                channel,
                started,
                responders=tuple(Responder(id, started) for id in self._ids(people)),
                assigned_to=tuple(self._ids(assigned)),
                **fields,
            )

    def close_incident(self, incident_id: str) -> None:
        """Closes an incident."""
        with self._service.lock:
            incident = self._account.incidents[incident_id]
            self._account.incidents[incident_id] = replace(incident, progress="Closed")

    def disable(self, name: str) -> None:
        """Switches a schedule off by the deprecated flag."""
        with self._service.lock:
            schedule = self._account.schedule(name)
            self._account.schedules[schedule.schedule_id] = replace(schedule, disabled=1)

    @property
    def _answers(self) -> Answers:
        options = Options(future_fields=self._service.options.future_fields)
        return Answers(options, self._account.account_id)

    def _draft(self, body: Mapping[str, Any]) -> Schedule:
        """A schedule from a body, checked as a request is."""
        fields = Fields(dict(body))
        future = self._service.options.future_fields
        draft = read_schedule(fields, RequestContext(self._account, future))
        fields.end()
        return draft

    def _with_channel(self, name: str) -> Account:
        """The account, with a channel of that name."""
        if name not in [channel.name for channel in self._account.channels.values()]:
            self._account.add_channel(name)
        return self._account

    def _ids(self, people: Sequence[str | int]) -> list[int]:
        return [self._account.person(who).person_id for who in people]

    def _person(self, by: str | int | None) -> Person:
        return self._account.person(self._by if by is None else by)

    def _note(self, person: Person, operation: str, body: Mapping[str, Any]) -> None:
        self._service.audit(self._account, person, operation, dict(body), "console")


def _changed(before: Json, change: Change) -> Json:
    """The body of an update after the change, without mirrors."""
    if isinstance(change, Mapping):
        after = {**before, **change}
    else:
        returned = change(before)
        after = before if returned is None else returned
    return {name: value for name, value in after.items() if name not in NOT_SENT}


# Console edits over HTTP, for `flashsync sandbox edit`; the platform has no such endpoint.
#
# A request names an action and its fields; the answer is a sentence about what was done. It needs a
# key of the account. It meets no rate limit and no faults and is not in the sandbox's log, but in
# the audit log of the account, like any edit in the console.

EDIT_PATH: Final = "/sandbox/edit"
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


def answer_edit(service: Service, request: Request) -> Reply:
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
