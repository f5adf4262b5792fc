"""Layers on the wire: rotations, overrides, groups (api.md, A schedule on the wire, Layer)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Literal

from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape
from flashsync.model.schedule import (
    PRIMARY,
    Group,
    Hours,
    Layer,
    Member,
    Override,
    Rotation,
    Unit,
    canonical_days,
    canonical_handoff,
    canonical_hours,
)

ROTATION = 0
OVERRIDE = 1
"""The two values of `mode`."""

_START_KEYS = ("layer_start", "enable_time")
_END_KEYS = ("layer_end", "expire_time")
_RESTRICT_MODES: Mapping[int, Literal["day", "week"]] = {1: "day", 2: "week"}
_NO_RESTRICTION = 0
_UNITS = {unit.value: unit for unit in Unit}
_DAYS = frozenset(range(7))

_LAYER_KEYS = frozenset(
    {
        *("layer_name", "name", "mode", *_START_KEYS, *_END_KEYS),
        *("rotation_unit", "rotation_value", "rotation_duration", "handoff_time"),
        *("restrict_mode", "restrict_periods", "day_mask", "mask_continuous_enabled"),
        *("fair_rotation", "groups"),
    }
)
_GROUP_KEYS = frozenset({"group_name", "name", "members"})
_GROUP_ZEROS = frozenset({"start", "end"})
"""Always 0 in what is configured; another value is carried like any unknown key."""
_GROUP_PLAIN = _GROUP_KEYS | _GROUP_ZEROS
_MEMBER_KEYS = frozenset({"role_id", "person_ids"})
_MASK_KEYS = frozenset({"repeat"})


@dataclass(frozen=True, slots=True)
class _AsRead:
    """The fields in which the platform sent a value, where a write would use another form.

    While the layer has that value, they are sent back as they were: what nobody has changed must
    not change for the platform either, which may read a form differently.
    """

    value: object
    fields: Mapping[str, Any]


def read_layer(raw: Raw, timezone: str) -> Layer:
    """A rotation layer. Raises WrongShape."""
    start, rotation = json_fields.instant(raw, *_START_KEYS), _rotation(raw)
    days = json_fields.inside(raw, "day_mask", _days)
    continuous = json_fields.flag(raw, "mask_continuous_enabled") and days is not None
    sent = json_fields.integer(raw, "handoff_time", default=0)
    cuts_days = days is not None and not continuous
    layer = Layer(
        name=_name(raw, "layer_name"),
        start=start,
        end=_end(raw),
        rotation=rotation,
        groups=json_fields.objects(raw, "groups", read_group),
        handoff=canonical_handoff(rotation, sent, start, timezone, cuts_days=cuts_days),
        days=days,
        continuous=continuous,
        hours=_hours(raw),
        fair=json_fields.flag(raw, "fair_rotation"),
    )
    carried = {**_carried(raw), **_forms(raw, layer)}
    return replace(layer, carried=carried) if carried else layer


def read_override(raw: Raw) -> Override:
    """An override layer; the whole of it is carried, to be written back as it came."""
    end = _end(raw)
    if end is None:
        raise WrongShape("layer_end", "a time in Unix seconds", None)
    groups = json_fields.objects(raw, "groups", read_group)
    return Override(
        name=_name(raw, "layer_name"),
        start=json_fields.instant(raw, *_START_KEYS),
        end=end,
        members=frozenset(member for group in groups for member in group.members),
        carried=raw,
        group=next((group.name for group in groups), None),
        weight=json_fields.integer(raw, "weight", default=0),
    )


def read_group(raw: Raw) -> Group:
    """A group; an empty name reads as none."""
    members = read_members(raw)
    return Group(members, _name(raw, "group_name") or None, _carried_by_group(raw, members))


def read_members(raw: Raw) -> frozenset[Member]:
    """Who is in a group, and nothing else of it."""
    parts = json_fields.objects(raw, "members", _members)
    return parts[0] if len(parts) == 1 else frozenset[Member]().union(*parts)


def write_layer(layer: Layer) -> dict[str, Any]:
    """A rotation layer as create and update take it.

    **Open** in api.md: `layer_start`, `layer_end` or their mirrors; both are sent.
    """
    hours = layer.hours
    periods = layer.carried.get("restrict_periods")
    body = {
        **{key: value for key, value in layer.carried.items() if key not in _LAYER_KEYS},
        "layer_name": layer.name,
        "mode": ROTATION,
        **_times(layer.start, layer.end),
        "rotation_unit": layer.rotation.unit.value,
        "rotation_value": layer.rotation.value,
        "handoff_time": layer.handoff or 0,
        "restrict_mode": _restrict_mode(hours),
        "restrict_periods": _write_periods(
            hours, periods.fields if periods else json_fields.NOTHING
        ),
        "mask_continuous_enabled": layer.continuous,
        "fair_rotation": layer.fair,
        "groups": [write_group(group) for group in layer.groups],
    }
    if layer.days is not None:
        extras = layer.carried.get("day_mask", json_fields.NOTHING)
        body["day_mask"] = {**extras, "repeat": sorted(layer.days)}
    if "name" in layer.carried:
        body["name"] = layer.carried["name"]
    for key, value in _values(layer).items():
        form = layer.carried.get(key)
        if form is not None and form.value == value:
            body.update(form.fields)
    return body


def write_override(override: Override) -> dict[str, Any]:
    """An override layer: as it came where it is live, from its fields where it is new.

    api.md: it has start, end and people, in one group, and is sent as complete as the official
    provider sends it, without the nulls and the empty unit of an answer. A live one has a `mode`.
    """
    carried = _without_nulls(override.carried)
    if "mode" in carried:
        derived = _DERIVED if carried.get("rotation_unit") else _NO_ROTATION
        kept = {key: value for key, value in carried.items() if key not in derived}
        return {**_OVERRIDE_REST, **kept}
    return {
        **_OVERRIDE_REST,
        **carried,
        "layer_name": override.name,
        "mode": OVERRIDE,
        **_times(override.start, override.end),
        **({"weight": override.weight} if override.weight else {}),
        "groups": [write_group(Group(override.members, override.group))],
    }


_OVERRIDE_REST: Raw = {
    "rotation_unit": "day",
    "rotation_value": 1,
    "handoff_time": 0,
    "restrict_mode": 0,
    "restrict_periods": [],
    "mask_continuous_enabled": False,
    "fair_rotation": False,
}
"""The fields of a layer that an override does not use, as the official provider sends them."""
_DERIVED = frozenset({"rotation_duration"})
_NO_ROTATION = _DERIVED | {"rotation_unit", "rotation_value"}


def _without_nulls(raw: Raw) -> dict[str, Any]:
    """The known fields without null, which means the same as an absent key (api.md)."""
    body = _kept(raw, _LAYER_KEYS)
    if not any(json_fields.mapping(raw, "day_mask").values()):
        body.pop("day_mask", None)
    if "groups" in body:
        body["groups"] = [_kept(group, _GROUP_KEYS) for group in body["groups"]]
    return body


def _kept(raw: Raw, known: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if value is not None or key not in known}


def write_group(group: Group) -> dict[str, Any]:
    """A group, its members by role, or as they came; without a name where it has none."""
    body: dict[str, Any] = {"start": 0, "end": 0}
    body.update((key, part) for key, part in group.carried.items() if key not in _GROUP_KEYS)
    if group.name is not None:
        body["group_name"] = group.name
    if "name" in group.carried:
        body["name"] = group.carried["name"]
    came = group.carried.get("members", ())
    if came and read_members({"members": came}) == group.members:
        return {**body, "members": came}
    extras = {part["role_id"]: part for part in came}
    body["members"] = [
        {**extras.get(part["role_id"], json_fields.NOTHING), **part}
        for part in _by_role(group.members)
    ]
    return body


def _by_role(members: Iterable[Member]) -> list[dict[str, Any]]:
    """The parts of a group that is written anew: each role once, its people by id."""
    by_role: dict[int, list[int]] = defaultdict(list)
    for member in sorted(members, key=lambda member: (member.role, member.person)):
        by_role[member.role].append(member.person)
    return [{"role_id": role, "person_ids": persons} for role, persons in by_role.items()]


def _name(raw: Raw, key: str) -> str:
    return json_fields.text(raw, key, "name")


def _end(raw: Raw) -> int | None:
    """The end; None where it is open. **Guess**: a null `layer_end` leaves the word to its mirror,
    since an answer in mirrors alone would else lose its ends."""
    return json_fields.instant(raw, *_END_KEYS, default=0) or None


def _times(start: int, end: int | None) -> dict[str, int | None]:
    """Start and end in both of their names; an open end is null in one and 0 in the other."""
    return {
        "layer_start": start,
        "enable_time": start,
        "layer_end": end,
        "expire_time": end or 0,
    }


def _rotation(raw: Raw) -> Rotation:
    unit = json_fields.text(raw, "rotation_unit", default=None)
    value = json_fields.integer(raw, "rotation_value")
    if unit not in _UNITS:
        raise WrongShape("rotation_unit", "hour, day, week or month", unit, "another word")
    if value < 1:
        raise WrongShape("rotation_value", "at least 1", value)
    return _shared_rotation(value, _UNITS[unit])


_shared_rotation = cache(Rotation)


def _days(mask: Raw) -> frozenset[int] | None:
    days = canonical_days(json_fields.integers(mask, "repeat"))
    if days is not None and not days <= _DAYS:
        raise WrongShape("repeat", "days from 0 to 6", 0)
    return days


def _hours(raw: Raw) -> Hours | None:
    mode = json_fields.integer(raw, "restrict_mode", default=_NO_RESTRICTION)
    if mode == _NO_RESTRICTION:
        return None
    if mode not in _RESTRICT_MODES:
        raise WrongShape("restrict_mode", "0, 1 or 2", mode)
    return canonical_hours(
        _RESTRICT_MODES[mode], json_fields.objects(raw, "restrict_periods", _read_period)
    )


def _read_period(raw: Raw) -> tuple[int, int]:
    return json_fields.integer(raw, "restrict_start", default=0), json_fields.integer(
        raw, "restrict_end", default=0
    )


def _members(part: Raw) -> frozenset[Member]:
    return _shared_members(_role(part), tuple(json_fields.integers(part, "person_ids")))


def _role(part: Raw) -> int:
    """The role of a part of a group. **Guess**: a missing one is the primary role."""
    return json_fields.integer(part, "role_id", default=PRIMARY)


@lru_cache(maxsize=4096)
def _shared_members(role: int, persons: tuple[int, ...]) -> frozenset[Member]:
    # The same people share turns in many groups; building the set anew is half of a group's cost.
    return frozenset(Member(person, role) for person in persons)


def _restrict_mode(hours: Hours | None) -> int:
    return {None: _NO_RESTRICTION, "day": 1, "week": 2}[hours.every if hours else None]


def _write_periods(hours: Hours | None, came: Raw) -> list[dict[str, Any]]:
    """The windows, each with the other fields of its live form."""
    if hours is None:
        return []
    kept: dict[tuple[int, int], Raw] = {}
    if _RESTRICT_MODES.get(came.get("restrict_mode", _NO_RESTRICTION)) == hours.every:
        for part in came["restrict_periods"]:
            window = canonical_hours(hours.every, [_read_period(part)])
            kept.update(dict.fromkeys(window.windows if window else (), part))
    return [
        {
            **kept.get((start, end), json_fields.NOTHING),
            "restrict_start": start,
            "restrict_end": end,
        }
        for start, end in hours.windows
    ]


def _carried(raw: Raw) -> Raw:
    """The unknown fields of the layer and of its mask, and an internal name of its own."""
    carried = json_fields.rest(raw, _LAYER_KEYS)
    mask = json_fields.mapping(raw, "day_mask")
    if not mask.keys() <= _MASK_KEYS:
        carried = {**carried, "day_mask": json_fields.rest(mask, _MASK_KEYS)}
    inner = json_fields.text(raw, "name")
    if inner and inner != _name(raw, "layer_name"):
        carried = {**carried, "name": inner}
    return carried


def _values(layer: Layer) -> dict[str, object]:
    """What `_AsRead` may hold of a layer, by the field under which it is carried."""
    return {
        "layer_start": layer.start,
        "layer_end": layer.end,
        "handoff_time": (layer.rotation, layer.start, layer.handoff, layer.cuts_days),
        "restrict_periods": layer.hours,
    }


def _forms(raw: Raw, layer: Layer) -> dict[str, _AsRead]:
    """The values of a layer that came in another form than a write would give them."""
    forms: dict[str, Mapping[str, Any]] = {}
    if layer.start != (raw.get("enable_time") or layer.start):
        forms["layer_start"] = _picked(raw, *_START_KEYS)
    ends = {raw.get(key) or 0 for key in _END_KEYS if key in raw}
    if len(ends) > 1:
        forms["layer_end"] = _picked(raw, *_END_KEYS)
    sent = json_fields.integer(raw, "handoff_time", default=0)
    if sent != (layer.handoff or 0):
        forms["handoff_time"] = {"handoff_time": sent}
    mode = json_fields.integer(raw, "restrict_mode", default=_NO_RESTRICTION)
    came = [_period(part) for part in json_fields.listing(raw, "restrict_periods")] if mode else []
    if mode and (mode, came) != (_restrict_mode(layer.hours), _write_periods(layer.hours, _NONE)):
        forms["restrict_periods"] = {"restrict_mode": mode, "restrict_periods": came}
    values = _values(layer) if forms else {}
    return {key: _AsRead(values[key], fields) for key, fields in forms.items()}


_NONE: Raw = {"restrict_periods": ()}


def _picked(raw: Raw, *keys: str) -> dict[str, Any]:
    return {key: raw[key] for key in keys if key in raw}


def _period(part: Raw) -> dict[str, Any]:
    """A window as it came, a null as the 0 that it is read as."""
    start, end = _read_period(part)
    return {**part, "restrict_start": start, "restrict_end": end}


def _carried_by_group(raw: Raw, members: frozenset[Member]) -> Raw:
    """The unknown fields of a group, an internal name of its own, and its members where a write
    would list them in another form."""
    if raw.keys() <= _GROUP_PLAIN and not (raw.get("start") or raw.get("end")):
        carried = json_fields.NOTHING
    else:
        carried = {key: part for key, part in raw.items() if key not in _GROUP_KEYS}
    inner = json_fields.text(raw, "name")
    if inner and inner != _name(raw, "group_name"):
        carried = {**carried, "name": inner}
    parts = json_fields.listing(raw, "members")
    if len(parts) == len(members) == 1 and parts[0].keys() == _MEMBER_KEYS:  # as a rule: fast
        return carried
    came = [
        {**part, "role_id": _role(part), "person_ids": json_fields.integers(part, "person_ids")}
        for part in parts
        if part.get("person_ids")
    ]
    return carried if came == _by_role(members) else {**carried, "members": came}
