"""Pieces of a user's file as they are shown in a message."""

from __future__ import annotations

_LONGEST = 40


def quoted(text: str) -> str:
    """The text in backticks, on one line, short, and without anything that moves a cursor."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return f"`{printable(text)}`"


def printable(text: str) -> str:
    """The text with control characters, line breaks and half characters as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
