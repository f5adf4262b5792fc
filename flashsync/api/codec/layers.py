"""Layers on the wire: rotations, overrides, groups (api.md, A schedule on the wire, Layer)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from operator import attrgetter
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

NAME = ("layer_name", "name")
_GROUP_NAME = ("group_name", "name")
_START = ("layer_start", "enable_time")
_END = ("layer_end", "expire_time")
"""Names with their mirrors. **Guess**: a null `layer_end` leaves the word to its mirror, since an
answer in mirrors alone would else lose its ends."""
_RESTRICT_MODES: Mapping[int, Literal["day", "week"]] = {1: "day", 2: "week"}
_NO_RESTRICTION = 0
_UNITS = {unit.value: unit for unit in Unit}
_DAYS = frozenset(range(7))

_LAYER_KEYS = frozenset(
    {
        *(*NAME, "mode", *_START, *_END),
        *("rotation_unit", "rotation_value", "rotation_duration", "handoff_time"),
        *("restrict_mode", "restrict_periods", "day_mask", "mask_continuous_enabled"),
        *("fair_rotation", "groups"),
    }
)
_GROUP_KEYS = frozenset({*_GROUP_NAME, "members"})
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


_VALUES: Mapping[str, Callable[[Layer], object]] = {
    "layer_start": attrgetter("start"),
    "layer_end": attrgetter("end"),
    "handoff_time": attrgetter("rotation", "start", "handoff", "cuts_days"),
    "restrict_periods": attrgetter("hours"),
}
"""What `_AsRead` may hold of a layer, by the field under which it is carried."""


def read_layer(raw: Raw, timezone: str) -> Layer:
    """A rotation layer. Raises WrongShape."""
    start, rotation = json_fields.instant(raw, *_START), _read_rotation(raw)
    mask = json_fields.mapping(raw, "day_mask")
    days = canonical_days(json_fields.listing(mask, "repeat", int))
    if days is not None and not days <= _DAYS:
        raise WrongShape(mask, "repeat", "days from 0 to 6", 0)
    continuous = json_fields.flag(raw, "mask_continuous_enabled") and days is not None
    sent = json_fields.integer(raw, "handoff_time", default=0)
    cuts_days = days is not None and not continuous
    layer = Layer(
        name=json_fields.text(raw, *NAME),
        start=start,
        end=json_fields.instant(raw, *_END, default=0) or None,
        rotation=rotation,
        groups=tuple([read_group(group) for group in json_fields.listing(raw, "groups", dict)]),
        handoff=canonical_handoff(rotation, sent, start, timezone, cuts_days=cuts_days),
        days=days,
        continuous=continuous,
        hours=_read_hours(raw),
        fair=json_fields.flag(raw, "fair_rotation"),
    )
    carried = _carried(raw, layer)
    return replace(layer, carried=carried) if carried else layer


def _read_rotation(raw: Raw) -> Rotation:
    unit = json_fields.text(raw, "rotation_unit", default=None)
    value = json_fields.integer(raw, "rotation_value")
    if unit not in _UNITS:
        raise WrongShape(raw, "rotation_unit", "hour, day, week or month", unit, "another word")
    if value < 1:
        raise WrongShape(raw, "rotation_value", "at least 1", value)
    return _shared_rotation(value, _UNITS[unit])


_shared_rotation = cache(Rotation)


def _read_hours(raw: Raw) -> Hours | None:
    mode = json_fields.integer(raw, "restrict_mode", default=_NO_RESTRICTION)
    if mode == _NO_RESTRICTION:
        return None
    if mode not in _RESTRICT_MODES:
        raise WrongShape(raw, "restrict_mode", "0, 1 or 2", mode)
    periods = json_fields.listing(raw, "restrict_periods", dict)
    return canonical_hours(_RESTRICT_MODES[mode], map(_read_window, periods))


def _read_window(period: Raw) -> tuple[int, int]:
    start = json_fields.integer(period, "restrict_start", default=0)
    return start, json_fields.integer(period, "restrict_end", default=0)


def _carried(raw: Raw, layer: Layer) -> Raw:
    """The unknown fields of the layer and of its mask, an internal name of its own, and the values
    that came in another form than a write would give them."""
    carried = json_fields.rest(raw, _LAYER_KEYS)
    mask = json_fields.mapping(raw, "day_mask")
    if not mask.keys() <= _MASK_KEYS:
        carried = {**carried, "day_mask": json_fields.rest(mask, _MASK_KEYS)}
    inner = json_fields.text(raw, "name")
    if inner and inner != layer.name:
        carried = {**carried, "name": inner}
    forms = _other_forms(raw, layer)
    values = {key: _AsRead(_VALUES[key](layer), fields) for key, fields in forms.items()}
    return {**carried, **values} if values else carried


def _other_forms(raw: Raw, layer: Layer) -> dict[str, Raw]:
    forms: dict[str, Raw] = {}
    if layer.start != (raw.get("enable_time") or layer.start):
        forms["layer_start"] = {key: raw[key] for key in _START if key in raw}
    if len({raw.get(key) or 0 for key in _END if key in raw}) > 1:
        forms["layer_end"] = {key: raw[key] for key in _END if key in raw}
    sent = json_fields.integer(raw, "handoff_time", default=0)
    if sent != (layer.handoff or 0):
        forms["handoff_time"] = {"handoff_time": sent}
    mode = json_fields.integer(raw, "restrict_mode", default=_NO_RESTRICTION)
    if mode:
        periods = [
            {**period, **_period(*_read_window(period))}  # a null as the 0 that it is read as
            for period in json_fields.listing(raw, "restrict_periods", dict)
        ]
        came = {"restrict_mode": mode, "restrict_periods": periods}
        if came != _write_hours(layer.hours):
            forms["restrict_periods"] = came
    return forms


def read_override(raw: Raw) -> Override:
    """An override layer; the whole of it is carried, to be written back as it came."""
    end = json_fields.instant(raw, *_END, default=0)
    if not end:
        raise WrongShape(raw, "layer_end", "a time in Unix seconds", None)
    groups = [read_group(group) for group in json_fields.listing(raw, "groups", dict)]
    return Override(
        name=json_fields.text(raw, *NAME),
        start=json_fields.instant(raw, *_START),
        end=end,
        members=frozenset(member for group in groups for member in group.members),
        carried=raw,
        group=groups[0].name if groups else None,
        weight=json_fields.integer(raw, "weight", default=0),
    )


def read_group(raw: Raw) -> Group:
    """A group; an empty name reads as none.

    Carried are its unknown fields, an internal name of its own, and its members where a write would
    list them in another form.
    """
    name, members = json_fields.text(raw, *_GROUP_NAME), read_members(raw)
    carried = json_fields.NOTHING
    if not raw.keys() <= _GROUP_PLAIN or raw.get("start") or raw.get("end"):
        carried = {key: part for key, part in raw.items() if key not in _GROUP_KEYS}
    inner = json_fields.text(raw, "name")
    if inner and inner != name:
        carried = {**carried, "name": inner}
    parts = json_fields.listing(raw, "members", dict)
    if not _is_as_written(parts, members):  # seldom
        came = [
            {**part, "role_id": json_fields.integer(part, "role_id", default=PRIMARY)}
            for part in parts
            if part.get("person_ids")
        ]
        if came != _by_role(members):
            carried = {**carried, "members": came}
    return Group(members, name or None, carried)


def _is_as_written(parts: Sequence[Raw], members: frozenset[Member]) -> bool:
    """Whether members came as a write lists a role: in one part, by id, each once."""
    if len(parts) != 1 or parts[0].keys() != _MEMBER_KEYS:
        return False
    ids = parts[0]["person_ids"] or []
    return len(ids) == len(members) and ids == sorted(ids)


def read_members(raw: Raw) -> frozenset[Member]:
    """Who is in a group, and nothing else of it. **Guess**: a missing role is the primary one."""
    parts = json_fields.listing(raw, "members", dict)
    if len(parts) == 1:  # as a rule: all have one role
        return _read_part(parts[0])
    return frozenset[Member]().union(*map(_read_part, parts))


def _read_part(raw: Raw) -> frozenset[Member]:
    """The members of one role."""
    role = json_fields.integer(raw, "role_id", default=PRIMARY)
    return _shared_members(role, tuple(json_fields.listing(raw, "person_ids", int)))


@lru_cache(maxsize=4096)
def _shared_members(role: int, persons: tuple[int, ...]) -> frozenset[Member]:
    # The same people share turns in many groups; building the set anew is half of a group's cost.
    return frozenset(Member(person, role) for person in persons)


def write_layer(layer: Layer) -> dict[str, Any]:
    """A rotation layer as create and update take it.

    **Open** in api.md: `layer_start`, `layer_end` or their mirrors; both are sent.
    """
    body = {
        **{key: value for key, value in layer.carried.items() if key not in _LAYER_KEYS},
        "layer_name": layer.name,
        "mode": ROTATION,
        **_write_times(layer.start, layer.end),
        "rotation_unit": layer.rotation.unit.value,
        "rotation_value": layer.rotation.value,
        "handoff_time": layer.handoff or 0,
        **_write_hours(layer.hours, layer.carried.get("restrict_periods")),
        "mask_continuous_enabled": layer.continuous,
        "fair_rotation": layer.fair,
        "groups": [write_group(group) for group in layer.groups],
    }
    if layer.days is not None:
        extras = layer.carried.get("day_mask", json_fields.NOTHING)
        body["day_mask"] = {**extras, "repeat": sorted(layer.days)}
    if "name" in layer.carried:
        body["name"] = layer.carried["name"]
    for key, value_of in _VALUES.items():
        form = layer.carried.get(key)
        if form is not None and form.value == value_of(layer):
            body.update(form.fields)
    return body


def _write_times(start: int, end: int | None) -> dict[str, int | None]:
    """Start and end in both of their names; an open end is null in one and 0 in the other."""
    return {
        "layer_start": start,
        "enable_time": start,
        "layer_end": end,
        "expire_time": end or 0,
    }


def _write_hours(hours: Hours | None, came: _AsRead | None = None) -> dict[str, Any]:
    """The restrictions, each window with the other fields of its live form."""
    if hours is None:
        return {"restrict_mode": _NO_RESTRICTION, "restrict_periods": []}
    kept: dict[tuple[int, int], Raw] = {}
    if came and _RESTRICT_MODES.get(came.fields["restrict_mode"]) == hours.every:
        for part in came.fields["restrict_periods"]:
            window = canonical_hours(hours.every, [_read_window(part)])
            kept.update(dict.fromkeys(window.windows if window else (), part))
    periods = [
        {**kept.get(window, json_fields.NOTHING), **_period(*window)} for window in hours.windows
    ]
    return {"restrict_mode": 1 if hours.every == "day" else 2, "restrict_periods": periods}


def _period(start: int, end: int) -> dict[str, int]:
    return {"restrict_start": start, "restrict_end": end}


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


def write_override(override: Override) -> dict[str, Any]:
    """An override layer: as it came where it is live, from its fields where it is new.

    api.md: it has start, end and people, in one group, and is sent as complete as the official
    provider sends it, without the nulls and the empty unit of an answer. A live one has a `mode`.
    """
    carried = _without_nulls(override.carried, _LAYER_KEYS)
    if not any(json_fields.mapping(override.carried, "day_mask").values()):
        carried.pop("day_mask", None)
    if "groups" in carried:
        carried["groups"] = [_without_nulls(group, _GROUP_KEYS) for group in carried["groups"]]
    if "mode" in carried:
        derived = _DERIVED if carried.get("rotation_unit") else _NO_ROTATION
        kept = {key: value for key, value in carried.items() if key not in derived}
        return {**_OVERRIDE_REST, **kept}
    return {
        **_OVERRIDE_REST,
        **carried,
        "layer_name": override.name,
        "mode": OVERRIDE,
        **_write_times(override.start, override.end),
        **({"weight": override.weight} if override.weight else {}),
        "groups": [write_group(Group(override.members, override.group))],
    }


def _without_nulls(raw: Raw, known: frozenset[str]) -> dict[str, Any]:
    """A null in a known field means the same as an absent key (api.md)."""
    return {key: value for key, value in raw.items() if value is not None or key not in known}
