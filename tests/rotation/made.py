"""Layers and instants, shortly written."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flashsync.model.calendar import Shift
from flashsync.model.schedule import Group, Layer, Member, Override, Rotation, Unit
from flashsync.rotation.calendar import layer_shifts

SHANGHAI = "Asia/Shanghai"
BERLIN = "Europe/Berlin"
WORKDAYS = frozenset({1, 2, 3, 4, 5})


def at(text: str, timezone: str = SHANGHAI) -> int:
    """The instant of `2026-01-05 10:00`; an offset in the text wins over the zone."""
    read = datetime.fromisoformat(text)
    return int((read if read.tzinfo else read.replace(tzinfo=ZoneInfo(timezone))).timestamp())


def shown(instant: int, timezone: str = SHANGHAI) -> str:
    """`01-05 10:00`, on the wall clock."""
    return datetime.fromtimestamp(instant, ZoneInfo(timezone)).strftime("%m-%d %H:%M")


def members(*people: int) -> frozenset[Member]:
    """These people as primaries."""
    return frozenset(map(Member, people))


def shift(start: int, end: int, *people: int) -> Shift:
    """A shift of primaries."""
    return Shift(start, end, members(*people))


def cover(start: int, end: int, *people: int) -> Override:
    """An override."""
    return Override("Cover", start, end, members(*people))


def rotating(start: int, value: int, unit: str, groups: int = 2, **others: Any) -> Layer:
    """A layer of persons 1, 2, ... who take turns."""
    staff = tuple(Group(members(person)) for person in range(1, groups + 1))
    parts: dict[str, Any] = {"name": "Primary", "end": None, **others}
    return Layer(start=start, rotation=Rotation(value, Unit(unit)), groups=staff, **parts)


def rows(layer: Layer, start: str, end: str, timezone: str = SHANGHAI) -> list[str]:
    """The layer's shifts in a window, as `01-05 10:00 01-06 10:00 0`."""
    found = layer_shifts(layer, timezone, at(start, timezone), at(end, timezone))
    return [f"{shown(one.start, timezone)} {shown(one.end, timezone)} {one.index}" for one in found]
