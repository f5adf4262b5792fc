"""The one palette: colours and signs by what they mean, for terminals and for pages.

A colour is never the only mark: a sign, a name or a pattern says the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Tone:
    """A meaning: its style in a terminal as rich spells it, its colours on pages, its sign."""

    terminal: str
    light: str
    dark: str
    sign: str


# The terminal colours show in light and dark themes of 16 colours (bold yellow is too bright for
# light ones). The colours of pages are for text on the page's ground: at least 4.5 to 1.
CREATE = Tone("bold green", "#1b7431", "#5bc072", "+")
UPDATE = Tone("bold magenta", "#8440a3", "#c893e0", "~")
DELETE = Tone("bold red", "#b3261e", "#ff8a80", "-")
GAP = Tone("bold red", "#b3261e", "#ff8a80", "!")
WARNING = Tone("yellow", "#8a5300", "#e8b04a", "!")
OVERRIDE = Tone("", "#5b6170", "#a9b0bf", "═")
NOW = Tone("", "#c2185b", "#ff7aa8", "▼")

TONES: Mapping[str, Tone] = {
    "create": CREATE,
    "update": UPDATE,
    "delete": DELETE,
    "gap": GAP,
    "warning": WARNING,
    "override": OVERRIDE,
    "now": NOW,
}
"""Each meaning by its name, which pages use for its custom property: `--gap`."""

GROUND = ("#ffffff", "#15171c")
"""The ground of a page, light and dark."""
INK = ("#171a21", "#ffffff")
"""Text on a person's colour, dark and light."""


@dataclass(frozen=True, slots=True)
class PersonColor:
    """A person's colour: of 256 in a terminal, and the fill of a bar in each theme of a page."""

    terminal: int
    light: str
    dark: str


PERSON_COLORS = (
    PersonColor(131, "#a06163", "#7e3136"),
    PersonColor(130, "#c27834", "#ac5b4b"),
    PersonColor(64, "#8d5d31", "#c09833"),
    PersonColor(65, "#e1c35f", "#715903"),
    PersonColor(28, "#96b274", "#a3b96d"),
    PersonColor(29, "#7fd9b5", "#7cc2a0"),
    PersonColor(30, "#4eaea5", "#51c3c5"),
    PersonColor(31, "#3a92b2", "#3892b5"),
    PersonColor(63, "#85a2f1", "#79a6f1"),
    PersonColor(98, "#4c60a9", "#5f4796"),
    PersonColor(163, "#e8b7eb", "#653c68"),
    PersonColor(132, "#894a76", "#9b6279"),
)
"""Searched for by a program, so that any two stay apart in each theme also for eyes that do not
see red or green, and that text has a contrast of 4.5 to 1. In a terminal, 4 to 1 on black and on
white; red is for gaps."""
PATTERNS = 4
"""Ways to fill a bar: plain, or with one to three stripes, for people beyond the twelfth."""
LOOKS = PATTERNS * len(PERSON_COLORS)
"""How many people of one schedule look different."""


def luminance(color: str) -> float:
    """The relative luminance of `#rrggbb`, as WCAG defines it."""
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(color: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21, as WCAG defines it."""
    dark, light = sorted((luminance(color), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(color: str) -> str:
    """The ink that is easier to read on a colour."""
    return max(INK, key=lambda ink: contrast(ink, color))


def color_of(look: int) -> int:
    """The place of a look's colour in PERSON_COLORS."""
    return look % len(PERSON_COLORS)


def pattern_of(look: int) -> int:
    """The number of stripes of a look."""
    return look // len(PERSON_COLORS)


def choose_looks(
    circles: Iterable[Sequence[int]], adjacent: Iterable[tuple[int, int]] = ()
) -> dict[int, int]:
    """A look for each person (by id): mostly the same in every run.

    People of one circle (a schedule) look different while looks last; `adjacent` people, who
    follow each other, always.
    """
    mates: defaultdict[int, set[int]] = defaultdict(set)
    for circle in circles:
        for id in circle:
            mates[id].update(circle)
    neighbours: defaultdict[int, set[int]] = defaultdict(set)
    for first, second in adjacent:
        neighbours[first].add(second)
        neighbours[second].add(first)
    looks: dict[int, int] = {}
    for id in sorted(mates):
        taken = {looks[mate] for mate in mates[id] if mate in looks}
        if len(taken) == LOOKS:
            taken = {looks[mate] for mate in neighbours[id] if mate in looks}
        preferred = list(_list_looks(id))
        looks[id] = next((look for look in preferred if look not in taken), preferred[0])
    return looks


def _list_looks(id: int) -> Iterator[int]:
    """All looks, a person's own first; plain ones before striped ones."""
    colors = len(PERSON_COLORS)
    own = crc32(str(id).encode()) % colors
    for pattern in range(PATTERNS):
        yield from (pattern * colors + (own + step) % colors for step in range(colors))
