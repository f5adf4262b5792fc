"""How persons appear in a calendar: a name, a short form where that does not fit, and a colour."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from zlib import crc32

from flashsync.model import wording
from flashsync.model.people import Directory
from flashsync.model.schedule import Member
from flashsync.render.terminal import Screen, cells, wrapped

_PALETTE = (63, 28, 130, 163, 30, 98, 64, 132)
"""Colours of 256 that have a contrast of 4 to 1 or more with black and with white; no red, which
is for gaps."""
_SHORT = 2
"""Cells of a short form, where that tells a person from all others."""
_BETWEEN_WORDS = re.compile(r"[\s._\-<>@]+")


class Labels:
    """The names of some persons. What is shown is safe for the screen."""

    def __init__(self, people: Iterable[int], directory: Directory, screen: Screen) -> None:
        self._directory, self._screen = directory, screen
        ids = sorted(set(people))
        names = {id: directory.person(id) for id in ids}
        self._names = {id: screen.safe(name) for id, name in names.items()}
        self._short = _short_forms(names, screen)
        self._colors = _colors(ids)
        self.shortened: set[int] = set()

    def full(self, members: Iterable[Member]) -> str:
        """`alice`, `bob, erin (backup)`."""
        names = (wording.member(one, self._directory) for one in self._ordered(members))
        return self._screen.safe(", ".join(names))

    def fitting(self, members: Iterable[Member], width: int) -> str:
        """The fullest form that takes at most so many cells; "" where none does."""
        ordered = self._ordered(members)
        people = list(dict.fromkeys(one.person for one in ordered))
        names = ", ".join(self._names[id] for id in people)
        for text in (self.full(ordered), names):
            if cells(text) <= width:
                return text
        for named in range(len(people), 0, -1):
            more = [] if named == len(people) else [str(len(people) - named)]
            text = "+".join([self._short[id] for id in people[:named]] + more)
            if cells(text) <= width:
                self.shortened.update(people[:named])
                return text
        return ""

    def paint(self, text: str, members: Iterable[Member]) -> str:
        """The text in the colour of whoever is first in it, if colours are wanted."""
        first = next(iter(self._ordered(members)), None)
        if not (self._screen.color and first and text):
            return text
        return f"\x1b[38;5;{self._colors[first.person]}m{text}\x1b[0m"

    def legend(self, width: int) -> list[str]:
        """`al = alice   bo = bob`: what the short forms that were used mean, in lines."""
        lines: list[str] = []
        for id in sorted(self.shortened, key=lambda id: self._names[id]):
            text = f"{self._short[id]} = {self._names[id]}"
            if lines and cells(lines[-1]) + 3 + cells(text) <= width:
                lines[-1] += "   " + text
            else:
                lines += wrapped(text, width)
        return lines

    def _ordered(self, members: Iterable[Member]) -> list[Member]:
        return sorted(members, key=lambda one: (one.role, self._names[one.person], one.person))


def _colors(ids: Iterable[int]) -> dict[int, int]:
    """A colour for each: as a rule the same in every run, and different for all while they last."""
    free: list[int] = []
    found: dict[int, int] = {}
    for id in ids:
        free = free or list(_PALETTE)
        place = crc32(str(id).encode()) % len(_PALETTE)
        color = _PALETTE[place] if _PALETTE[place] in free else free[place % len(free)]
        free.remove(color)
        found[id] = color
    return found


def _short_forms(names: Mapping[int, str], screen: Screen) -> dict[int, str]:
    found: dict[int, str] = {}
    taken: set[str] = set()
    for id, name in sorted(names.items(), key=lambda item: (item[1], item[0])):
        form = next(
            form
            for form in _forms(name)
            if form.casefold() not in taken and screen.safe(form) == form
        )
        taken.add(form.casefold())
        found[id] = form
    return found


def _forms(name: str) -> Iterator[str]:
    """Short forms of a name, the best first, without an end."""
    words = [word for word in _BETWEEN_WORDS.split(name) if word]
    if len(words) > 1:
        yield _cut(words[0][0] + words[1][0])
    if words:
        yield _cut(words[0])
        yield from (_cut(words[0][0] + char) for char in "".join(words)[1:])
    yield from (f"p{number}" for number in count(1))


def _cut(text: str) -> str:
    """The first characters, as many as a short form has cells, at least one."""
    kept = text[0]
    for char in text[1:]:
        if cells(kept + char) > _SHORT:
            break
        kept += char
    return kept
