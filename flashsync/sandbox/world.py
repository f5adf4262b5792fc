"""The world behind the API: accounts with people, teams, roles, keys and schedules.

A `World` is mutable state in memory; the values in it are frozen and are replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from flashsync.sandbox.model import (
    Channel,
    EscalationLevel,
    EscalationRule,
    Incident,
    Layer,
    Schedule,
    Stamp,
)
from flashsync.sandbox.protocol import ApiError, invalid, missing, referred

Permission = Literal[
    "schedules_read", "schedules_manage", "incidents_read", "audit_read", "channels_read"
]
PERMISSIONS: Final[frozenset[Permission]] = frozenset(
    ("schedules_read", "schedules_manage", "incidents_read", "audit_read", "channels_read")
)
Status = Literal["enabled", "pending", "deleted"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be on call. `kind` is "member", or "account" for the account itself."""

    person_id: int
    name: str
    email: str
    status: Status = "enabled"
    time_zone: str = ""
    email_verified: bool = True
    phone_verified: bool = True
    kind: Literal["member", "account"] = "member"


@dataclass(frozen=True, slots=True)
class Team:
    """A team; its name is unique in the account."""

    team_id: int
    name: str
    person_ids: tuple[int, ...]
    status: Status = "enabled"


@dataclass(frozen=True, slots=True)
class Key:
    """An APP key: what its owner may do.

    `person_id` is a member's, or for an account-scoped key that of the account itself.
    """

    account_id: int
    person_id: int
    permissions: frozenset[Permission] = PERMISSIONS


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A write, as `/audit/search` answers it. `created_at` is in milliseconds."""

    created_at: int
    member_id: int
    member_name: str
    operation: str
    body: str
    request_id: str


@dataclass(slots=True)
class Account:
    """A customer of the platform. Its rotations run in `time_zone`."""

    account_id: int
    name: str
    time_zone: str
    people: dict[int, Person] = field(default_factory=dict)
    teams: dict[int, Team] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    schedules: dict[int, Schedule] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    channels: dict[int, Channel] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    next_id: int = 5789640530410

    def add_people(self, people: Iterable[Person]) -> None:
        """Adds people, or replaces those with the same ids."""
        self.people.update((person.person_id, person) for person in people)

    def add_team(self, team: Team) -> None:
        """Adds a team, or replaces the team with the same id."""
        self.teams[team.team_id] = team

    def person(self, who: str | int) -> Person:
        """The person with this id, e-mail address or name. KeyError if it is unknown."""
        for person in self.people.values():
            if who in (person.person_id, person.email, person.name):
                return person
        raise KeyError(who)

    def change_person(self, who: str | int, **changes: Any) -> Person:
        """Changes fields of a person, for example `status="deleted"`; returns the new value."""
        person = replace(self.person(who), **changes)
        self.people[person.person_id] = person
        return person

    def schedule(self, name: str) -> Schedule:
        """The schedule of this name, else ResourceNotFound."""
        for schedule in self.schedules.values():
            if schedule.name == name:
                return schedule
        raise missing(f"no schedule is named {name!r}")

    def find(self, schedule_id: int) -> Schedule:
        """The schedule with this id, else ResourceNotFound."""
        if schedule_id not in self.schedules:
            raise missing(f"schedule {schedule_id} does not exist")
        return self.schedules[schedule_id]

    def create(self, draft: Schedule, by: int, at: int) -> Schedule:
        """Stores a new schedule."""
        self._check_name(draft)
        stamp = Stamp(create_at=at, create_by=by, update_at=at, update_by=by)
        created = replace(
            draft, schedule_id=self._new_id(), stamp=stamp, layers=_stamped(draft.layers, stamp)
        )
        self.schedules[created.schedule_id] = created
        return created

    def update(self, schedule_id: int, draft: Schedule, by: int, at: int) -> Schedule:
        """Replaces a whole schedule. All its layers get a new stamp."""
        stored = self.find(schedule_id)
        named = replace(draft, schedule_id=schedule_id)
        self._check_name(named)
        fresh = Stamp(create_at=at, create_by=by, update_at=at, update_by=by)
        updated = replace(
            named,
            stamp=replace(stored.stamp, update_at=at, update_by=by),
            layers=_stamped(draft.layers, fresh),
        )
        self.schedules[schedule_id] = updated
        return updated

    def delete(self, schedule_ids: Iterable[int]) -> None:
        """Deletes all of these schedules, or none if one is missing or referred to."""
        schedules = [self.find(schedule_id) for schedule_id in schedule_ids]
        for schedule in schedules:
            if refs := list(self._references(schedule.schedule_id)):
                names = ", ".join(f"{ref['kind']} {ref['name']!r}" for ref in refs)
                raise referred(f"schedule {schedule.name!r} is referred to by {names}", refs)
        for schedule in schedules:
            self.schedules.pop(schedule.schedule_id, None)

    def _references(self, schedule_id: int) -> Iterator[dict[str, Any]]:
        """The escalation rules that page a schedule. Guess: also disabled rules, and the `href`."""
        for channel in self.channels.values():
            for rule in channel.rules:
                if rule.pages(schedule_id):
                    link = f"/channel/{channel.channel_id}/escalate/rule/{rule.rule_id}"
                    yield {"kind": "escalate_rule", "href": link, "name": rule.name}

    def add_channel(self, name: str, team_id: int = 0) -> Channel:
        """Adds a channel without rules."""
        channel = Channel(self._new_id(), name, team_id)
        self.channels[channel.channel_id] = channel
        return channel

    def channel(self, name: str) -> Channel:
        """The channel of this name, else ResourceNotFound."""
        for channel in self.channels.values():
            if channel.name == name:
                return channel
        raise missing(f"no channel is named {name!r}")

    def find_channel(self, channel_id: int) -> Channel:
        """The channel with this id, else ResourceNotFound."""
        if channel_id not in self.channels:
            raise missing(f"channel {channel_id} does not exist")
        return self.channels[channel_id]

    def add_rule(
        self, channel: str, name: str, levels: Iterable[EscalationLevel], **fields: Any
    ) -> EscalationRule:
        """Adds an escalation rule to a channel."""
        stored = self.channel(channel)
        rule = EscalationRule(self._object_id(), name, tuple(levels), **fields)
        self.channels[stored.channel_id] = replace(stored, rules=(*stored.rules, rule))
        return rule

    def remove_rule(self, channel: str, name: str) -> None:
        """Removes an escalation rule from a channel."""
        stored = self.channel(channel)
        rules = tuple(rule for rule in stored.rules if rule.name != name)
        self.channels[stored.channel_id] = replace(stored, rules=rules)

    def add_incident(self, title: str, channel: str, start_time: int, **fields: Any) -> Incident:
        """Adds an incident to a channel."""
        id, channel_id = self._object_id(), self.channel(channel).channel_id
        self.incidents[id] = Incident(id, title, channel_id, start_time, **fields)
        return self.incidents[id]

    def _new_id(self) -> int:
        self.next_id += 10_000  # ids on the platform are not consecutive
        return self.next_id - 10_000

    def _object_id(self) -> str:
        """An id of a rule or an incident: 24 hexadecimal digits."""
        return f"{self._new_id():024x}"

    def _check_name(self, draft: Schedule) -> None:
        for other in self.schedules.values():
            if other.name == draft.name and other.schedule_id != draft.schedule_id:
                # Guess: the code of a duplicate name is not documented.
                raise invalid(f"schedule_name {draft.name!r} is taken by {other.schedule_id}")


@dataclass(slots=True)
class World:
    """Everything the sandbox knows. Most tests use the first account."""

    accounts: dict[int, Account] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)

    @property
    def account(self) -> Account:
        """The first account."""
        return next(iter(self.accounts.values()))

    def begin(self, now: int) -> None:
        """Starts time (Unix seconds): incidents of a seed start relative to it."""
        for account in self.accounts.values():
            for id, incident in account.incidents.items():
                if incident.start_time < 0:
                    started = replace(incident, start_time=now + incident.start_time)
                    account.incidents[id] = started

    def key(self, key: str) -> Key:
        """What a key belongs to, else Unauthorized."""
        if key not in self.keys:
            raise ApiError("Unauthorized", "no APP key, or an unknown key")
        return self.keys[key]

    def add_account(self, account: Account) -> Account:
        """Adds an account."""
        self.accounts[account.account_id] = account
        return account

    def add_key(
        self,
        key: str,
        account: Account,
        who: str | int,
        permissions: Iterable[Permission] = PERMISSIONS,
    ) -> None:
        """Gives a person of an account an APP key; the account itself an account-scoped key."""
        person = account.person(who)
        self.keys[key] = Key(account.account_id, person.person_id, frozenset(permissions))


def _stamped(layers: tuple[Layer, ...], stamp: Stamp) -> tuple[Layer, ...]:
    return tuple(replace(layer, stamp=stamp) for layer in layers)
