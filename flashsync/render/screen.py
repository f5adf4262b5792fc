"""How output may look: made by cli from the terminal, the environment and the options."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import StrEnum

from flashsync.render.words import clean

NARROWEST = 20
"""Columns below which nothing readable can be laid out; a narrower terminal wraps by itself."""


class Look(StrEnum):
    """What a piece of text is, as rich spells its style.

    Only colours that light and dark themes of 16 colours both show well, and never alone: a sign
    or a word always says the same.
    """

    PLAIN = ""
    STRONG = "bold"
    ADDED = "bold green"
    CHANGED = "bold magenta"
    REMOVED = "bold red"
    WARNING = "bold magenta"
    ERROR = "bold red"


_PLAINER = {"→": "->", "–": "-", "…": "...", "✓": "ok", "✗": "x", "↵": "\\n"}
"""Our own signs where the encoding lacks them."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Columns, whether colours are wanted, and what the stream can encode."""

    width: int = 80
    color: bool = False
    encoding: str = "utf-8"

    @property
    def columns(self) -> int:
        """The width to lay out for."""
        return max(self.width, NARROWEST)

    def safe(self, text: str) -> str:
        """Text that can do no harm here and can be written; every name passes through this."""
        text = clean(text)
        if text.isascii() or codecs.lookup(self.encoding).name.startswith("utf"):
            return text
        for sign, plainer in _PLAINER.items():
            if sign in text and not self._can_write(sign):
                text = text.replace(sign, plainer)
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def _can_write(self, sign: str) -> bool:
        return sign.encode(self.encoding, "ignore") != b""

    def paint(self, text: str, look: Look) -> str:
        """The text in its colour, if colours are wanted. It has been made safe before."""
        if not (self.color and look and text):
            return text
        from rich.color import ColorSystem
        from rich.style import Style

        return Style.parse(look.value).render(text, color_system=ColorSystem.STANDARD)
