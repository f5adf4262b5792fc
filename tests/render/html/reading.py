"""What a page says, read from its text alone: the data of its script, and the bars it draws."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flashsync.model.calendar import Span

Shown = tuple[str, str, tuple[tuple[str, str], ...]]
"""A shift as JSON has it: start, end, people with their roles."""


def data_of(page: str) -> dict[str, Any]:
    """The data of a page."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert not re.search("[<>&]", text)
    data: dict[str, Any] = json.loads(text)
    if "groups" in data:
        data["groups"] = [list(zip(one[::2], one[1::2], strict=True)) for one in data["groups"]]
    return data


def rfc(instant: int) -> str:
    """An instant as JSON has it."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shifts_of_lane(data: dict[str, Any], lane: dict[str, Any]) -> Iterator[tuple[Shown, int]]:
    """The shifts of a lane, each with its cause, 0 without one."""
    numbers, stride, at = lane["shifts"], 3 if lane["kind"] == "final" else 4, data["start"]
    for place in range(0, len(numbers), stride):
        before, length, group, *cause = numbers[place : place + stride]
        start = at + before * data["unit"]
        at = start + length * data["unit"]
        people = tuple(
            (data["people"][person][0], data["roles"][role])
            for person, role in data["groups"][group]
        )
        yield (rfc(start), rfc(at), people), sum(cause)


def wall_clock(data: dict[str, Any], instant: int) -> str:
    """The time that the page shows for an instant, by the clock that it brings along."""
    offset = [offset for since, offset in data["clock"] if since <= instant][-1]
    return datetime.fromtimestamp(instant + offset, UTC).strftime("%Y-%m-%d %H:%M")


# The picture.


def lanes_of(page: str) -> list[str]:
    """The SVG of each lane, in order."""
    return re.findall(r'<div class="lane" role="img"[^>]*>(.*?)</div>', page, re.S)


def bars_of(lane: str, data: dict[str, Any]) -> dict[str, list[Span]]:
    """The spans of the bars of each person (by name), as the paths draw them."""
    bars: dict[str, list[Span]] = {}
    (width,) = re.findall(r'class="bars" viewBox="0 0 (\d+) ', lane)
    assert int(width) * data["unit"] == data["end"] - data["start"]
    for person, path in re.findall(r'data-p="(\d+)" d="([^"]*)"', lane):
        x = 0
        for right, length in re.findall(r"m(-?\d+) -?\d+h(\d+)v", path):
            x += int(right)
            start = data["start"] + x * data["unit"]
            spans = bars.setdefault(data["people"][int(person)][0], [])
            spans.append((start, start + int(length) * data["unit"]))
    return bars
