"""Wording that the formats share."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from flashsync.state.zone import wall

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Kinds of characters that show nothing, steer a terminal, or turn the direction of writing."""


def clean(text: str) -> str:
    """A text from files or account, made harmless on a terminal: one line, nothing hidden."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        "�" if unicodedata.category(char) in _HIDDEN else char for char in text.replace("\n", " ⏎ ")
    )


def count(number: int, noun: str) -> str:
    """`1 schedule`, `3 schedules`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def moment(instant: int, timezone: str, now: int) -> str:
    """`Mon 23 Nov 10:00`, with the year where it is not this one; times in Unix seconds."""
    at = wall(instant, timezone)
    year = "" if at.year == wall(now, timezone).year else f" {at.year}"
    return f"{at:%a} {at.day} {at:%b}{year} {at:%H:%M}"


@dataclass(frozen=True, slots=True)
class ReadCount:
    """How much of the user's files a run has read."""

    files: int
    schedules: int
    not_selected: int = 0

    def __str__(self) -> str:
        text = f"{count(self.files, 'file')}, {count(self.schedules, 'schedule')}"
        return f"{text}, {self.not_selected} not selected" if self.not_selected else text
