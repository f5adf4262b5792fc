"""Random live schedules of every odd form that the platform lets people make, and the file that
says the same of each.

Layers are in the platform's own terms, as a request has them. All instants are Unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from flashsync.sandbox import Account
from tests.promises.strategies import PEOPLE, Tree

NAME = "Production"
DAY = 86400
WEEK = 7 * DAY
HALF = 1800
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Raw = dict[str, Any]

rotations = st.sampled_from(
    [
        *(("week", 1), ("week", 1), ("week", 1), ("day", 7), ("day", 7), ("day", 7)),
        *(("day", 1), ("day", 2), ("week", 2), ("hour", 12), ("month", 1)),
    ]
)
handoffs = st.sampled_from([0, 0, 0]) | st.integers(1, WEEK // HALF - 1).map(lambda n: n * HALF)
masks = st.frozensets(st.integers(0, 6), min_size=1, max_size=7)
off_the_grid = st.sampled_from([0, 0, 0, 7, 600, 1234])


@dataclass(frozen=True, slots=True)
class LiveSchedule:
    """All layers, and of each chain the link that a file declares."""

    layers: tuple[Raw, ...]
    declared: tuple[Raw, ...]


@st.composite
def schedules(draw: st.DrawFn, account: Account, now: int) -> LiveSchedule:
    """Chains with ended links, layers of one name that overlap, overrides of the console."""
    layers: list[Raw] = []
    declared: list[Raw] = []
    for name in draw(st.sampled_from([("P",), ("P", "Q"), ("P", "Q"), ("P", "Twin", "Twin")])):
        links = 1 if name == "Twin" else draw(st.integers(1, 3))
        edges = _edges(draw, now, links)
        for place, start in enumerate(edges):
            layer = draw(_layers(account, name, start))
            if place + 1 < len(edges):
                gap = draw(st.sampled_from([0, 0, DAY]))
                layer["layer_end"] = max(start + 60, edges[place + 1] - gap)
            layers.append(layer)
        if name != "Twin" and draw(st.integers(0, 3)) == 0:
            layers[-1]["layer_end"] = layers[-1]["layer_start"] + draw(st.integers(1, 400)) * DAY
        declared.append(layers[-1])
    layers += draw(st.lists(_overrides(account, now), max_size=3))
    return LiveSchedule(tuple(layers), tuple(declared))


def _edges(draw: st.DrawFn, now: int, links: int) -> list[int]:
    """The starts of the links of a chain; the starts of a twin come before.

    Only the last may be to come: a file cannot say of two links that both begin later.
    """
    newest = now - now % HALF + draw(st.integers(-70 * 48, 5 * 48 if links > 1 else -1)) * HALF
    newest += draw(off_the_grid)
    starts = [newest]
    for _ in range(links - 1):
        starts.append(min(starts[-1], now) - draw(st.integers(2, 40 * 48)) * HALF)
    return starts[::-1]


@st.composite
def _layers(draw: st.DrawFn, account: Account, name: str, start: int) -> Raw:
    unit, value = draw(rotations)
    days = sorted(draw(masks)) if draw(st.integers(0, 2)) else []
    layer: Raw = {
        "layer_name": name,
        "mode": 0,
        "layer_start": start,
        "layer_end": None,
        "rotation_unit": unit,
        "rotation_value": value,
        "handoff_time": draw(handoffs),
        "day_mask": {"repeat": days},
        "mask_continuous_enabled": bool(days) and draw(st.integers(0, 3)) == 0,
        "fair_rotation": draw(st.integers(0, 9)) == 0,
        "groups": draw(_groups(account)),
        "hidden": draw(st.integers(0, 1)),
        "weight": draw(st.integers(0, 5)),
        **draw(_hours(weekly=not days)),
    }
    return layer | ({"name": "layer_1"} if draw(st.integers(0, 3)) == 0 else {})


@st.composite
def _hours(draw: st.DrawFn, *, weekly: bool) -> Raw:
    """No hours, or windows in any order; over midnight in either form."""
    mode = draw(st.sampled_from([0, 0, 1, 2] if weekly else [0, 0, 1]))
    period = {0: 0, 1: DAY, 2: WEEK}[mode]
    windows = []
    for _ in range(draw(st.integers(1, 3)) if mode else 0):
        start = draw(st.integers(0, period // HALF - 1)) * HALF
        end = start + draw(st.integers(1, period // HALF - 1)) * HALF
        if end > period and draw(st.booleans()):
            end -= period
        windows.append({"restrict_start": start, "restrict_end": end})
    return {"restrict_mode": mode, "restrict_periods": windows}


@st.composite
def _groups(draw: st.DrawFn, account: Account) -> list[Raw]:
    """One to four groups; people in any order, some of them as backups."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
        ids = [account.person(one).person_id for one in people]
        split = draw(st.integers(1, len(ids)))
        seats = [
            {"role_id": 1, "person_ids": ids[split:]},
            {"role_id": 0, "person_ids": ids[:split]},
        ]
        seats = [seat for seat in seats if seat["person_ids"]]
        found.append({"group_name": draw(st.sampled_from(["", f"G{number}"])), "members": seats})
    return found


@st.composite
def _overrides(draw: st.DrawFn, account: Account, now: int) -> Raw:
    start = now + draw(st.integers(-30 * 24, 30 * 24)) * 3600
    person = account.person(draw(st.sampled_from(PEOPLE))).person_id
    return {
        "layer_name": "Temporary",
        "mode": 1,
        "layer_start": start,
        "layer_end": start + draw(st.integers(1, 200)) * 3600,
        "groups": [{"group_name": "A", "members": [{"role_id": 0, "person_ids": [person]}]}],
        "weight": draw(st.integers(0, 3)),
    }


def file_of(live: LiveSchedule, account: Account) -> Tree:
    """The document that says what is live, as somebody would write it who adopts the account."""
    return {"schedule": NAME, "layers": [_declared(one, account) for one in live.declared]}


def _declared(raw: Raw, account: Account) -> Tree:
    found: Tree = {
        "layer": raw["layer_name"],
        "rotation": f"{raw['rotation_value']} {raw['rotation_unit']}s",
        "start": written_time(raw["layer_start"]),
        "groups": [_group(one, account) for one in raw["groups"]],
    }
    if raw["layer_end"]:
        found["end"] = written_time(raw["layer_end"])
    weekly = (raw["rotation_unit"], raw["rotation_value"]) in (("week", 1), ("day", 7))
    if weekly and raw["handoff_time"]:
        found["handoff"] = _of_week(raw["handoff_time"])
    if raw["day_mask"]["repeat"]:
        found["days"] = [WEEKDAYS[day - 1] for day in raw["day_mask"]["repeat"]]
        found["continuous"] = "true" if raw["mask_continuous_enabled"] else "false"
    if raw["restrict_mode"]:
        daily = raw["restrict_mode"] == 1
        found["hours"] = [_window(one, daily=daily) for one in raw["restrict_periods"]]
    return found | ({"fair": "true"} if raw["fair_rotation"] else {})


def written_time(instant: int) -> str:
    """An instant as a file writes it, in UTC."""
    return f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%d %H:%M:%S}Z"


def read_time(text: str) -> int:
    """The inverse of `written_time`."""
    return int(datetime.fromisoformat(text).timestamp())


def _of_week(seconds: int) -> str:
    day, second = divmod(seconds, DAY)
    return f"{WEEKDAYS[day]} {_clock(second)}"


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}"


def _window(period: Raw, *, daily: bool) -> str:
    start, end = period["restrict_start"], period["restrict_end"]
    if daily:
        return f"{_clock(start)}-{_clock(end % DAY)}"
    return f"{_of_week(start)} - {_of_week(end % WEEK)}"


def _group(raw: Raw, account: Account) -> Any:
    roles = {0: "primary", 1: "backup"}
    members = [
        {"person": account.people[id].email, "role": roles[seat["role_id"]]}
        for seat in raw["members"]
        for id in seat["person_ids"]
    ]
    return {"group": raw["group_name"], "members": members} if raw["group_name"] else members
