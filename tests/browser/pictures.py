"""Screenshots compared with small pictures of how a page should look.

Another machine has other fonts, and draws the same font in another way. So both pictures are made
small and blurred, and cut into tiles: a tile may differ as far as other letters make it differ, and
all tiles together much less. A lane that is missing, or light for dark, is far over both.

`python -m tests.browser.pictures` draws the references again.
"""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageStat
from playwright.sync_api import Page

from tests.browser.pages import everyday_page, plan_page
from tests.browser.visit import (
    MISSING,
    THEMES,
    Theme,
    arrange,
    find_chromium,
    open_context,
    run_chromium,
)

REFERENCES = Path(__file__).parent / "references"
SCALE, WIDEST = 4, 320
"""Pixels of the page in a pixel of a reference, in each direction, so that it is not wider than the
widest."""

COLORS = 32
BLUR = 4
"""Pixels of a reference."""

TILE = 32
"""Pixels of a reference, in each direction."""

MOST_OF_ALL, MOST_OF_A_TILE = 4.0, 12.0
"""Differences that pass, of 255: the mean of a picture, and that of a tile. Fonts of other families
make up to 2.6 and 7.3; two schedules in the other order make at least 7 and 17."""


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
    scale = max(SCALE, picture.width // WIDEST)
    size = (picture.width // scale, picture.height // scale)
    return picture.resize(size, Image.Resampling.LANCZOS)


def compare(screenshot: bytes, reference: Image.Image) -> Difference:
    """How far a screenshot is from a reference."""
    return measure(shrink(screenshot), reference)


def measure(picture: Image.Image, reference: Image.Image) -> Difference:
    """How far a picture is from a reference of the same size."""
    shown, wanted = picture.convert("RGB"), reference.convert("RGB")
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


@dataclass(frozen=True, slots=True)
class Look:
    """A page in a window of a size, light or dark."""

    page: str
    width: int
    height: int
    theme: Theme

    @property
    def name(self) -> str:
        """The name of its reference."""
        return f"{self.page}-{self.width}-{self.theme}"

    def draw(self, page: Page, text: str | None = None, font: str = "") -> bytes:
        """A screenshot of the page, or of another text in such a window.

        Another font needs a page whose context bypasses the policy.
        """
        page.goto("about:blank")
        arrange(page, self.width, self.height, self.theme)
        page.set_content(PAGES[self.page]() if text is None else text)
        page.evaluate(DRAWN)
        if font:
            page.add_style_tag(content=f"* {{ font-family: {font} !important }}")
        return page.screenshot(animations="disabled", caret="hide")


DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Until the script has seen what is in sight, and has written the names in it."""

PAGES = {"calendar": everyday_page, "plan": plan_page}
SIZES = {
    "calendar": {390: 844, 1280: 800, 1920: 1080},  # a phone, a laptop, a wall screen
    "plan": {1280: 1000},  # down to the first schedule
}
"""Widths and heights of windows."""

LOOKS = [
    Look(page, width, height, theme)
    for page, sizes in SIZES.items()
    for width, height in sizes.items()
    for theme in THEMES
]


def read_reference(name: str) -> Image.Image:
    """The reference of this name."""
    return Image.open(REFERENCES / f"{name}.png")


def write_reference(name: str, screenshot: bytes) -> None:
    """Write a reference, with few colours."""
    picture = shrink(screenshot).quantize(COLORS, dither=Image.Dither.NONE)
    picture.save(REFERENCES / f"{name}.png", optimize=True)


def draw_references() -> None:
    """Draw all references again, in the Chromium of this machine."""
    with run_chromium(find_chromium(os.environ) or sys.exit(MISSING)) as browser:
        page = open_context(browser).new_page()
        for look in LOOKS:
            write_reference(look.name, look.draw(page))


if __name__ == "__main__":
    draw_references()
