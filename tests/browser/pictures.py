"""Screenshots compared with small pictures of how a page should look.

Another machine has other fonts, and draws the same font in another way. So both pictures are made
small and blurred, and cut into tiles: a tile may differ as far as other letters make it differ, and
all tiles together much less. A lane that is missing, or light for dark, is far over both.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageStat

REFERENCES = Path(__file__).parent / "references"
SCALE = 4
"""Pixels of the page in a pixel of a reference, in each direction."""

COLORS = 64
BLUR = 4
"""Pixels of a reference."""

TILE = 32
"""Pixels of a reference, in each direction."""

MOST_OF_ALL, MOST_OF_A_TILE = 4.0, 24.0
"""Differences that pass, of 255: the mean of a picture, and that of a tile."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two pictures are apart, of 255: as a whole, and in the tile that differs most."""

    whole: float
    tile: float

    @property
    def is_small(self) -> bool:
        """Whether other fonts may have made it."""
        return self.whole <= MOST_OF_ALL and self.tile <= MOST_OF_A_TILE


UNLIKE = Difference(255, 255)
"""Of pictures of different sizes."""


def shrink(screenshot: bytes) -> Image.Image:
    """A screenshot as small as a reference."""
    picture = Image.open(io.BytesIO(screenshot)).convert("RGB")
    return picture.resize(
        (picture.width // SCALE, picture.height // SCALE), Image.Resampling.LANCZOS
    )


def compare(screenshot: bytes, reference: Image.Image) -> Difference:
    """How far a screenshot is from a reference."""
    shown, wanted = shrink(screenshot), reference.convert("RGB")
    if shown.size != wanted.size:
        return UNLIKE
    blur = ImageFilter.GaussianBlur(BLUR)
    apart = ImageChops.difference(shown.filter(blur), wanted.filter(blur))
    tiles = [
        _mean(apart.crop((left, top, left + TILE, top + TILE)))
        for left in range(0, apart.width, TILE)
        for top in range(0, apart.height, TILE)
    ]
    return Difference(_mean(apart), max(tiles))


def _mean(picture: Image.Image) -> float:
    bands = ImageStat.Stat(picture).mean
    return float(sum(bands) / len(bands))


def read_reference(name: str) -> Image.Image:
    """The reference of this name."""
    return Image.open(REFERENCES / f"{name}.png")


def write_reference(name: str, screenshot: bytes) -> Path:
    """Write a reference, with few colours."""
    path = REFERENCES / f"{name}.png"
    picture = shrink(screenshot).quantize(COLORS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    return path
