"""A person in the web console: changes schedules behind the client's back, by the same rules.

No key, no HTTP and no rate limit, but the same checks as a request, and the same stamps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from flashsync.sandbox.answers import Answers, Json
from flashsync.sandbox.model import OVERRIDE, EscalationLevel, Incident, Responder, filled
from flashsync.sandbox.options import Options
from flashsync.sandbox.request_fields import Fields
from flashsync.sandbox.requests import RequestContext, read_schedule
from flashsync.sandbox.service import Service
from flashsync.sandbox.world import Account, Person

Change = Callable[[Json], Json | None] | Mapping[str, Any]

READ_ONLY: Final = {"account_id", "id", "schedule_id", "status", "disabled"}
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
        """All schedules, whole, secrets plain."""
        with self._service.lock:
            stored = self._account.schedules.values()
            return [self._answers.schedule(schedule, layers=True) for schedule in stored]

    def schedule(self, name: str) -> Json:
        """One schedule, whole, secrets plain."""
        with self._service.lock:
            return self._answers.schedule(self._account.schedule(name), layers=True)

    def create(self, fields: Mapping[str, Any], by: str | int | None = None) -> Json:
        """Makes a schedule from the fields that `/schedule/create` takes."""
        with self._service.lock:
            person = self._person(by)
            draft = read_schedule(Fields(dict(fields)), self._context)
            draft = filled(draft) if self._service.options.future_fields else draft
            self._account.create(draft, person.person_id, self._service.now())
            self._note(person, "/schedule/create", fields)
            return self.schedule(draft.name)

    def edit(self, name: str, change: Change, by: str | int | None = None) -> Json:
        """Changes a schedule: by fields that are put over its own, or by a function.

        The function gets the schedule as `schedule()` gives it, and changes it or returns another.
        """
        with self._service.lock:
            person = self._person(by)
            stored = self._account.schedule(name)
            before = self.schedule(name)
            wanted = _changed(before, change)
            draft = read_schedule(Fields(wanted), self._context, disabled=stored.disabled)
            self._account.update(stored.schedule_id, draft, person.person_id, self._service.now())
            self._note(person, "/schedule/update", {"schedule_id": stored.schedule_id, **wanted})
            return self.schedule(draft.name)

    def rename(self, name: str, new: str, by: str | int | None = None) -> Json:
        """Gives a schedule another name."""
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

    def add_rule(
        self,
        channel: str,
        name: str,
        *levels: Mapping[str, Sequence[int]],
        enabled: bool = True,
    ) -> None:
        """Adds an escalation rule to a channel, which is made if it is not there.

        Each level maps names of schedules to the roles that it pages.
        """
        with self._service.lock:
            account = self._with_channel(channel)
            paged = [
                EscalationLevel(
                    {account.schedule(key).schedule_id: tuple(roles) for key, roles in one.items()}
                )
                for one in levels
            ]
            account.add_rule(channel, name, paged, status="enabled" if enabled else "disabled")

    def remove_rule(self, channel: str, name: str) -> None:
        """Takes an escalation rule out of a channel."""
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
        """Triggers an incident `age` seconds ago, in a channel, which is made if it is not there.

        `people` are its responders, `assigned` those whom it was given to last; other fields are
        those of `Incident`.
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
            found = self._account.incidents[incident_id]
            self._account.incidents[incident_id] = replace(found, progress="Closed")

    def disable(self, name: str) -> None:
        """Sets the deprecated `disabled`, which no request can."""
        with self._service.lock:
            schedule = self._account.schedule(name)
            self._account.schedules[schedule.schedule_id] = replace(schedule, disabled=1)

    @property
    def _answers(self) -> Answers:
        options = Options(future_fields=self._service.options.future_fields)
        return Answers(options, self._account.account_id)

    @property
    def _context(self) -> RequestContext:
        return RequestContext(self._account, self._service.options.future_fields)

    def _with_channel(self, name: str) -> Account:
        """The account, which then has a channel of that name."""
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
    """What an update would send after the change: no mirrors, which follow their twins."""
    if isinstance(change, Mapping):
        after = {**before, **change}
    else:
        returned = change(before)
        after = before if returned is None else returned
    return {name: value for name, value in after.items() if name not in NOT_SENT}
