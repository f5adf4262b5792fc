"""The people of a page: names, short forms, and colours that stay apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flashsync.model.people import Directory
from flashsync.render.calendar.chart import choose_short_forms
from flashsync.render.html.strips import SLOT, Strip
from flashsync.render.palette import choose_looks, color_of, pattern_of
from flashsync.render.sanitize import clean
from flashsync.render.terminal import Screen


@dataclass(frozen=True, slots=True)
class PersonOnPage:
    """A person: their place among all, a name, a short form, and the classes of fill and ink."""

    index: int
    name: str
    short: str
    look: int

    @property
    def fill(self) -> str:
        """The class of a bar: `c3`, or `p1-3` with a stripe."""
        pattern, color = pattern_of(self.look), color_of(self.look)
        return f"p{pattern}-{color}" if pattern else f"c{color}"

    @property
    def ink(self) -> str:
        """The class of text on the bar."""
        return f"i{color_of(self.look)}"


def collect_people(
    schedules: Iterable[Iterable[Strip]], directory: Directory
) -> dict[int, PersonOnPage]:
    """Everyone in the lanes of some schedules, by id, in the order of their names."""
    circles: list[Sequence[int]] = []
    pairs: set[tuple[int, int]] = set()
    for strips in schedules:
        circle: dict[int, None] = {}
        for strip in strips:
            before: frozenset[int] = frozenset()
            for shift in strip.shifts or ():
                people = shift.people
                circle.update(dict.fromkeys(people))
                pairs.update((old, new) for old in before for new in people if old != new)
                before = people
        circles.append(list(circle))
    looks = choose_looks(circles, pairs)
    names = {id: directory.person(id) for id in looks}
    forms = choose_short_forms(names, Screen())
    ordered = sorted(names, key=lambda id: (names[id].casefold(), id))
    return {
        id: PersonOnPage(index, clean(names[id]), forms[id], looks[id])
        for index, id in enumerate(ordered)
    }


# Stripes, for people beyond the twelfth of a schedule.

_STRIPES = {1: ((80, 92),), 2: ((0, 18), (80, 92)), 3: ((72, 80), (86, 94))}
"""Where the stripes of a pattern are, in percent of the height of a slot."""


def striped_fills(people: Mapping[int, PersonOnPage]) -> str:
    """The SVG definitions of striped fills: horizontal, so that they stretch with the axis."""
    return "".join(
        f'<linearGradient id="p{pattern}-{color}" gradientUnits="userSpaceOnUse"'
        f' spreadMethod="repeat" x2="0" y2="{SLOT}">{_stops(pattern, color)}</linearGradient>'
        for pattern, color in _list_striped(people.values())
    )


def striped_rules(people: Mapping[int, PersonOnPage]) -> str:
    """The style rules of striped fills."""
    return "".join(
        f".p{pattern}-{color}{{fill:url(#p{pattern}-{color})}}.s{color}{{stop-color:var(--c{color})}}"
        for pattern, color in _list_striped(people.values())
    )


def _list_striped(people: Collection[PersonOnPage]) -> list[tuple[int, int]]:
    looks = {person.look for person in people if pattern_of(person.look)}
    return [(pattern_of(look), color_of(look)) for look in sorted(looks)]


def _stops(pattern: int, color: int) -> str:
    """The stops of a gradient with hard edges."""
    at, stops = 0, []
    for first, last in _STRIPES[pattern]:
        stops += [(f"s{color}", at), (f"s{color}", first), ("sg", first), ("sg", last)]
        at = last
    stops += [(f"s{color}", at), (f"s{color}", 100)]
    return "".join(f'<stop class="{name}" offset="{place}%"/>' for name, place in stops)
