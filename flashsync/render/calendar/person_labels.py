"""How people appear in a calendar: a name, a short form if it does not fit, and a colour."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from flashsync.model import wording
from flashsync.model.people import Directory
from flashsync.model.schedule import Member
from flashsync.render.palette import PERSON_COLORS, choose_looks, color_of
from flashsync.render.terminal import Screen, cells, wrapped

_SHORT = 2
"""Cells of a short form, if it is unique."""
_BETWEEN_WORDS = re.compile(r"[\s._\-<>@]+")


class Labels:
    """The names of some people, safe for the screen."""

    def __init__(self, people: Iterable[int], directory: Directory, screen: Screen) -> None:
        self._directory, self._screen = directory, screen
        ids = sorted(set(people))
        names = {id: directory.person(id) for id in ids}
        self._names = {id: screen.safe(name) for id, name in names.items()}
        self._short = choose_short_forms(names, screen)
        self._looks = choose_looks([ids])
        self.shortened: set[int] = set()

    def full(self, members: Iterable[Member]) -> str:
        """`alice`, `bob, erin (backup)`."""
        names = (wording.member(member, self._directory) for member in self._ordered(members))
        return self._screen.safe(", ".join(names))

    def fitting(self, members: Iterable[Member], width: int) -> str:
        """The fullest form of at most `width` cells; "" if none fits."""
        ordered = self._ordered(members)
        people = list(dict.fromkeys(member.person for member in ordered))
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
        """The text in the colour of its first person, if colours are wanted."""
        first = next(iter(self._ordered(members)), None)
        if not (self._screen.color and first and text):
            return text
        color = PERSON_COLORS[color_of(self._looks[first.person])]
        return f"\x1b[38;5;{color.terminal}m{text}\x1b[0m"

    def legend(self, width: int) -> list[str]:
        """The short forms that were used, in lines: `al = alice   bo = bob`."""
        lines: list[str] = []
        for id in sorted(self.shortened, key=lambda id: self._names[id]):
            text = f"{self._short[id]} = {self._names[id]}"
            if lines and cells(lines[-1]) + 3 + cells(text) <= width:
                lines[-1] += "   " + text
            else:
                lines += wrapped(text, width)
        return lines

    def _ordered(self, members: Iterable[Member]) -> list[Member]:
        return sorted(
            members, key=lambda member: (member.role, self._names[member.person], member.person)
        )


def choose_short_forms(names: Mapping[int, str], screen: Screen) -> dict[int, str]:
    """A short form for each person (by id), in at most two cells, that no other has."""
    forms: dict[int, str] = {}
    taken: set[str] = set()
    for id, name in sorted(names.items(), key=lambda item: (item[1], item[0])):
        form = next(
            form
            for form in _list_forms(name)
            if form.casefold() not in taken and screen.safe(form) == form
        )
        taken.add(form.casefold())
        forms[id] = form
    return forms


def _list_forms(name: str) -> Iterator[str]:
    """Endless short forms of a name, the best first."""
    words = [word for word in _BETWEEN_WORDS.split(name) if word]
    if len(words) > 1:
        yield _cut(words[0][0] + words[1][0])
    if words:
        yield _cut(words[0])
        yield from (_cut(words[0][0] + char) for char in "".join(words)[1:])
    yield from (f"p{number}" for number in count(1))


def _cut(text: str) -> str:
    """The first characters, as many as fit a short form, at least one."""
    kept = text[0]
    for char in text[1:]:
        if cells(kept + char) > _SHORT:
            break
        kept += char
    return kept
