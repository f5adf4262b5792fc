"""Rotas as files write them, and what people do in the console between two edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from flashsync.model import wording
from flashsync.model.schedule import Group, Layer, Member
from flashsync.model.timezone import HOUR, wall
from flashsync.sandbox import Account, Sandbox
from flashsync.sandbox.model import Group as StoredGroup
from flashsync.sandbox.model import Layer as Stored
from flashsync.sandbox.model import Period, Seat
from flashsync.sandbox.rotation import WallClock, second_of_week
from tests.model.strategies import hours
from tests.promises.strategies import PEOPLE, Tree
from tests.rotation import edits

NAME = "Production"
HALF = HOUR // 2


@st.composite
def layers(draw: st.DrawFn, name: str, around: int) -> Layer:
    """A layer of a file; some are the platform's own to deal (`fair`)."""
    found = draw(edits.layers(around))
    fair = draw(st.integers(0, 7)) == 0
    windows = draw(st.just(found.hours) | st.just(found.hours) | hours)
    return proper(replace(found, name=name, fair=fair, hours=windows))


@st.composite
def next_files(draw: st.DrawFn, file: tuple[Layer, ...], around: int) -> tuple[Layer, ...]:
    """The file after an edit: a layer changes, goes, comes, or comes back."""
    kind = draw(st.sampled_from(["edit"] * 7 + ["go", "come", "order"]))
    place = draw(st.integers(0, len(file) - 1))
    missing = [name for name in "PQ" if name not in {one.name for one in file}]
    if kind == "go" and len(file) > 1:
        return (*file[:place], *file[place + 1 :])
    if kind == "come" and missing:
        return (*file, draw(layers(missing[0], around)))
    if kind == "order":
        return tuple(draw(st.permutations(file)))
    changed = proper(draw(edits.edits(file[place])))
    return (*file[:place], changed, *file[place + 1 :])


def proper(layer: Layer) -> Layer:
    """A layer that a file may have: nobody twice in a group, no name of a group twice,
    no hours of the week beside days."""
    names = [group.name for group in layer.groups]
    groups = tuple(
        Group(
            frozenset({one.person: one for one in group.members}.values()),
            None if group.name in names[:place] else group.name,
        )
        for place, group in enumerate(layer.groups)
    )
    weekly = layer.days is not None and layer.hours is not None and layer.hours.every == "week"
    return replace(layer, groups=groups, hours=None if weekly else layer.hours)


def tree(file: Sequence[Layer], timezone: str) -> Tree:
    """The document of a file."""
    return {"schedule": NAME, "layers": [_layer(one, timezone) for one in file]}


def _layer(layer: Layer, timezone: str) -> Tree:
    found: Tree = {
        "layer": layer.name,
        "rotation": wording.rotation(layer.rotation),
        "start": wording.time(layer.start, "UTC") + "Z",
        "groups": [_group(group) for group in layer.groups],
    }
    if layer.handoff is not None:
        found["handoff"] = wording.time_of_week(layer.handoff)
    if layer.handoff == 0:  # which needs a start then
        there = wall(layer.start, timezone)
        found["start"] = f"{(there - timedelta(days=there.weekday())).date()} 00:00"
    found |= {} if layer.end is None else {"end": wording.time(layer.end, "UTC") + "Z"}
    found |= {"days": wording.days(layer.days).split(", ")} if layer.days else {}
    found |= {"hours": wording.hours(layer.hours).split(", ")} if layer.hours else {}
    found |= {"continuous": "true"} if layer.continuous else {}
    return found | ({"fair": "true"} if layer.fair else {})


def _group(group: Group) -> Any:
    members = sorted(group.members, key=lambda one: one.person)
    entries: list[Any] = [_member(one) for one in members]
    return {"group": group.name, "members": entries} if group.name else entries


def _member(member: Member) -> Any:
    address = PEOPLE[member.person - 1]
    return {"person": address, "role": "backup"} if member.role else address


def as_written(layer: Layer, sandbox: Sandbox) -> Stored:
    """A layer of a file as a new schedule would have it, in the platform's own terms."""
    account = sandbox.world.account
    start, handoff = layer.start, layer.handoff
    calendar = WallClock(account.time_zone)
    if handoff == 0:
        there = calendar.local(start)
        start = calendar.at(there.date() - timedelta(days=there.weekday()), 0)
    if handoff is None and layer.rotation.weekly and not layer.cuts_days:
        handoff = second_of_week(calendar.local(start))
    windows = layer.hours.windows if layer.hours else ()
    restricted = {"day": 1, "week": 2}[layer.hours.every] if layer.hours else 0
    return Stored(
        layer.name,
        0,
        start,
        layer.end,
        tuple(_stored(group, account) for group in layer.groups),
        layer.rotation.unit.value,
        layer.rotation.value,
        handoff or 0,
        restricted,
        tuple(Period(*window) for window in windows),
        layer.days or frozenset(),
        layer.continuous,
        layer.fair,
    )


def _stored(group: Group, account: Account) -> StoredGroup:
    seats = (
        Seat(one.role, (account.person(PEOPLE[one.person - 1]).person_id,)) for one in group.members
    )
    return StoredGroup(group.name or "", tuple(seats))


# In the console


@st.composite
def covers(draw: st.DrawFn, now: int) -> tuple[str, int, int]:
    """Somebody takes some hours or days from somebody, at a moment near now."""
    start = now - now % HALF + draw(st.integers(-4, 20 * 48)) * HALF
    return draw(st.sampled_from(PEOPLE)), start, start + draw(st.integers(1, 200)) * HALF


KINDS = ("reverse", "join", "leave", "handoff", "late")


def edit_by_hand(sandbox: Sandbox, kind: str) -> None:
    """Somebody changes the last rotation layer behind git's back."""

    def change(schedule: dict[str, Any]) -> None:
        own = [one for one in schedule["layers"] or () if one["mode"] == 0]
        if not own:
            return
        last = max(own, key=lambda one: one["layer_start"])
        match kind:
            case "reverse":
                last["groups"].reverse()
            case "join":
                last["groups"].append(_of(sandbox, PEOPLE[5]))
            case "leave" if len(last["groups"]) > 1:
                last["groups"].pop()
            case "handoff":
                last["handoff_time"] = 10 * HOUR
            case "late":
                last["layer_start"] += 600
                last["enable_time"] = last["layer_start"]

    sandbox.console.edit(NAME, change)


def _of(sandbox: Sandbox, person: str) -> Mapping[str, Any]:
    id = sandbox.world.account.person(person).person_id
    return {"group_name": "Guest", "members": [{"role_id": 0, "person_ids": [id]}]}
