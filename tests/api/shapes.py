"""Schedules as the platform may send them, in every form that means the same."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Draw = st.DrawFn

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=3,
)
unknown = st.dictionaries(st.sampled_from(["x_a", "x_b"]), json_values, max_size=2)
instants = st.integers(0, 4_000_000_000)
ids = st.integers(1, 2**53)
names = st.text(min_size=1, max_size=10)


@st.composite
def groups(draw: Draw) -> dict[str, Any]:
    roles = draw(st.lists(st.integers(0, 5), unique=True, max_size=3))
    members = [
        {
            "role_id": role,
            "person_ids": draw(st.lists(ids, min_size=1, max_size=3)),
            **draw(unknown),
        }
        for role in roles
    ]
    return {"group_name": draw(names), "members": members, "start": 0, "end": 0, **draw(unknown)}


@st.composite
def hours(draw: Draw) -> dict[str, Any]:
    mode = draw(st.integers(0, 2))
    top = [0, 86400, 604800][mode]
    pairs = st.tuples(st.integers(0, max(top - 1, 0)), st.integers(1, max(top, 1)))
    windows = draw(st.lists(pairs, unique=True, max_size=3)) if mode else []
    periods = [
        {"restrict_start": start, "restrict_end": end, **draw(unknown)} for start, end in windows
    ]
    return {"restrict_mode": mode, "restrict_periods": periods}


@st.composite
def rotations(draw: Draw) -> dict[str, Any]:
    start = draw(instants)
    layer = {
        "layer_name": draw(names),
        "mode": 0,
        "layer_start": start,
        "layer_end": draw(st.none() | st.integers(start + 1, start + 10**8)),
        "rotation_unit": draw(st.sampled_from(["hour", "day", "week", "month"])),
        "rotation_value": draw(st.integers(1, 30)),
        "handoff_time": draw(st.integers(0, 604799)),
        "fair_rotation": draw(st.booleans()),
        "groups": draw(st.lists(groups(), max_size=3)),
        **draw(hours()),
        **draw(unknown),
        **draw(st.sampled_from([{}, {"hidden": 1, "weight": 3, "account_id": 7}])),
    }
    days = draw(st.lists(st.integers(0, 6), unique=True))
    if days:
        layer["day_mask"] = {"repeat": days, **draw(unknown)}
        layer["mask_continuous_enabled"] = draw(st.booleans())
    return layer


@st.composite
def overrides(draw: Draw) -> dict[str, Any]:
    start = draw(instants)
    return {
        "layer_name": draw(names),
        "mode": 1,
        "layer_start": start,
        "layer_end": start + draw(st.integers(1, 10**6)),
        "groups": [draw(groups())],
        **draw(unknown),
    }


@st.composite
def webhooks(draw: Draw) -> dict[str, Any]:
    settings = {
        "token": draw(st.sampled_from(["", "plain"])),
        "sign_secret": draw(st.sampled_from(["", "plain"])),
        "alias": draw(st.text(max_size=3)),
        "data_source_id": draw(st.integers(0, 9)),
        "chat_ids": draw(st.lists(names, max_size=2)),
        **draw(unknown),
    }
    return {
        "type": draw(st.sampled_from(["slack", "feishu"])),
        "settings": settings,
        **draw(unknown),
    }


@st.composite
def notifies(draw: Draw) -> dict[str, Any]:
    notify: dict[str, Any] = {
        "by": {
            "follow_preference": draw(st.booleans()),
            "personal_channels": draw(st.lists(names, max_size=2)),
            **draw(unknown),
        },
        "webhooks": draw(st.lists(webhooks(), max_size=2)),
        **draw(unknown),
        **draw(st.sampled_from([{}, {"im": {"a": {"b": 1}}}])),
    }
    if draw(st.booleans()):
        notify["advance_in_time"] = draw(st.sampled_from([0, 300]))
    if draw(st.booleans()):
        notify["fixed_time"] = {"cycle": "day", "start": "08:00", **draw(unknown)}
    return notify


@st.composite
def schedules(draw: Draw) -> dict[str, Any]:
    layers = draw(st.lists(rotations(), max_size=3)) + draw(st.lists(overrides(), max_size=2))
    return {
        "schedule_id": draw(ids),
        "schedule_name": draw(names),
        "description": draw(st.text(max_size=5)),
        "team_id": draw(st.integers(0, 99)),
        "layers": layers,
        "notify": draw(notifies()),
        **draw(unknown),
    }


_MIRRORS = {
    "schedule_name": "name",
    "team_id": "group_id",
    "layer_name": "name",
    "layer_start": "enable_time",
    "layer_end": "expire_time",
    "group_name": "name",
}


@st.composite
def other_form(draw: Draw, raw: Any) -> Any:
    """The same schedule in another form: null, [], {} or missing, mirrors, padding, stamps."""
    if isinstance(raw, list):
        return [draw(other_form(item)) for item in raw]
    if not isinstance(raw, dict):
        return raw
    form: dict[str, Any] = {}
    for key, value in raw.items():
        if key.startswith("x_"):
            form[key] = value
        elif value in ([], {}):
            form |= draw(st.sampled_from([{}, {key: None}, {key: []}, {key: {}}]))
        elif value in (0, "", None, False) and key not in ("advance_in_time", "layer_start"):
            form |= draw(st.sampled_from([{}, {key: None}, {key: value}]))
        elif key in _MIRRORS and draw(st.booleans()):
            form[_MIRRORS[key]] = value
        else:
            form[key] = draw(other_form(value))
    if "mode" in raw:
        form |= {"rotation_duration": draw(st.integers(0, 9))}
    if "schedule_id" in raw:
        form |= draw(st.sampled_from([{}, {"status": 1, "update_by": 5, "final_schedule": None}]))
    return form
