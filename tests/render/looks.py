"""What every text for a terminal has to be, and the texts that are kept as examples."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from rich.cells import cell_len

GOLDEN = Path(__file__).parent / "golden"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_SEEN = ("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN")
"""Scripts whose format characters are signs before numbers, and the like: all of them are seen."""


def plain(text: str) -> str:
    """The text without its colours."""
    return _COLOUR.sub("", text)


def check_fits(text: str, width: int) -> None:
    """No line is longer than the screen or ends with a space, and all of it can be written."""
    assert text.endswith("\n")
    for line in plain(text).splitlines():
        assert cell_len(line) <= width, line
        assert line == line.rstrip()
    check_harmless(text)


def check_harmless(text: str) -> None:
    """Nothing in it is obeyed by a terminal, or not seen."""
    text.encode("utf-8")
    unseen = {char for char in plain(text) if unicodedata.category(char) in _UNSEEN} - {"\n"}
    assert {
        char for char in unseen if unicodedata.name(char, "").split(" ")[0] not in _SEEN
    } == set()


def check_golden(name: str, text: str) -> None:
    """The text equals the kept one; UPDATE_GOLDEN=1 keeps a new one."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
