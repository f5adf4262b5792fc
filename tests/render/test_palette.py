"""Colours stay apart for all eyes, and text on them can be read."""

from __future__ import annotations

from itertools import combinations
from math import dist
from pathlib import Path

import pytest

from flashsync.render.palette import (
    GROUND,
    LOOKS,
    PATTERNS,
    PERSON_COLORS,
    TONES,
    choose_looks,
    color_of,
    contrast,
    ink_on,
    pattern_of,
)
from flashsync.render.terminal import Look

Vector = tuple[float, float, float]
THEMES = {"light": 0, "dark": 1}
EYES: dict[str, tuple[Vector, Vector, Vector]] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
}
"""What eyes see of linear red, green and blue (Machado, Oliveira and Fernandes, 2009)."""


def fills(theme: int) -> list[str]:
    """The colours of people in a theme."""
    return [(color.light, color.dark)[theme] for color in PERSON_COLORS]


def seen(color: str, eyes: tuple[Vector, Vector, Vector]) -> Vector:
    """The CIE Lab value of a colour, as some eyes see it."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    red, green, blue = (
        min(max(sum(share * part for share, part in zip(row, linear, strict=True)), 0), 1)
        for row in eyes
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    x, y, z = (
        value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (x, y, z)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_people_stay_apart(theme: str, eyes: str) -> None:
    colors = [seen(color, EYES[eyes]) for color in fills(THEMES[theme])]
    assert len(colors) >= 12
    assert min(dist(one, other) for one, other in combinations(colors, 2)) > 15


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read(theme: str) -> None:
    ground = GROUND[THEMES[theme]]
    for color in fills(THEMES[theme]):
        assert contrast(ink_on(color), color) >= 4.5, color
        assert contrast(color, ground) >= 1.5, color
    for tone in TONES.values():
        assert contrast((tone.light, tone.dark)[THEMES[theme]], ground) >= 4.5, tone


def test_a_terminal_has_as_many_colours() -> None:
    assert len({color.terminal for color in PERSON_COLORS}) == len(PERSON_COLORS)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_signs_and_styles_are_written_once() -> None:
    assert TONES["create"].terminal == Look.ADDED
    rooms = Path(__file__).parents[2] / "flashsync"
    styles = {tone.terminal for tone in TONES.values() if tone.terminal}
    assert "bold magenta" in styles
    wrong = [
        file.name
        for file in rooms.rglob("*.py")
        if file.name != "palette.py" and any(f'"{style}"' in file.read_text() for style in styles)
    ]
    assert wrong == []


# Who looks how.


def test_a_person_looks_the_same_in_every_run() -> None:
    alone = choose_looks([[2476444212131]])
    assert choose_looks([[2476444212131], [5], [6, 7]])[2476444212131] == alone[2476444212131]


def test_people_of_a_schedule_look_different() -> None:
    looks = choose_looks([range(1, LOOKS + 1), [1, 500], [2, 500]])
    circle = [looks[id] for id in range(1, LOOKS + 1)]
    assert len(set(circle)) == LOOKS
    assert {color_of(look) for look in circle} == set(range(len(PERSON_COLORS)))
    assert {pattern_of(look) for look in circle} == set(range(PATTERNS))
    assert looks[500] not in (looks[1], looks[2])


def test_people_who_follow_each_other_look_different_in_any_crowd() -> None:
    crowd = list(range(1, 200))
    pairs = [(id, id % 199 + 1) for id in crowd]
    looks = choose_looks([crowd], pairs)
    assert [pair for pair in pairs if looks[pair[0]] == looks[pair[1]]] == []


def test_twelve_people_are_plain() -> None:
    looks = choose_looks([range(12)])
    assert {pattern_of(look) for look in looks.values()} == {0}
