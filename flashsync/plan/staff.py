"""Everybody whom a plan is about: named in a saved plan, so that it can be shown without a key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flashsync.model.people import Directory, Person, Role
from flashsync.model.schedule import Member, Schedule, override_of
from flashsync.plan.document import PersonDocument
from flashsync.plan.effect import Effect
from flashsync.plan.effect_codec import people
from flashsync.plan.model import Create, Delete, Plan, Update, Write


def encode_staff(plan: Plan, directory: Directory) -> list[PersonDocument]:
    """All of them, by role, then by name."""
    return people(frozenset(one for write in plan.writes for one in _of(write)), directory)


def decode_staff(documents: Sequence[PersonDocument], short_names: Mapping[str, str]) -> Directory:
    """What names people and roles as the plan did when it was made; others by their short names."""
    people = {one["person_id"]: _person(one) for one in documents}
    short = {int(id): name for id, name in short_names.items() if int(id) not in people}
    roles = {one["role_id"]: Role(one["role_id"], one["role"]) for one in documents}
    return Directory(people, roles=roles, short_names=short)


def names(plan: Plan) -> dict[int, str]:
    """How a saved plan names people, by id."""
    found = plan.directory
    return {**found.short_names, **{one.id: one.name for one in found.people.values()}}


def _person(document: PersonDocument) -> Person:
    return Person(document["person_id"], document["person"], document["email"])


def _of(write: Write) -> Iterator[Member]:
    if write.effect is not None:
        yield from _of_effect(write.effect)
    match write:
        case Create():
            yield from _of_schedule(write.target.schedule)
        case Update():
            yield from _of_schedule(write.target.schedule)
            for kept in filter(None, map(override_of, write.kept)):
                yield from kept.members
            for cut in write.cuts:
                yield from cut.comes.members if cut.comes else ()
        case Delete():
            pass


def _of_effect(effect: Effect) -> Iterator[Member]:
    for move in (*effect.moves, *filter(None, (effect.later,))):
        yield from move.before
        yield from move.after


def _of_schedule(schedule: Schedule) -> Iterator[Member]:
    for layer in schedule.layers:
        for group in layer.groups:
            yield from group.members
    for override in schedule.overrides:
        yield from override.members
