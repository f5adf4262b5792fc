"""How a text is written as a YAML scalar."""

from __future__ import annotations

import json

from flashsync.files.pieces import Alias, Collection, Piece, Text, Written, inside, read_pieces
from flashsync.files.rules import NULLS

_QUOTES = ("'", '"')


def spelled(text: str, like: str) -> str:
    """The text in the quotes of its neighbours, or without where they have none and it can."""
    if like == "'":
        return "'" + text.replace("'", "''") + "'"
    return text if like != '"' and _plain(text) else json.dumps(text, ensure_ascii=False)


def quote_of(pieces: list[Piece]) -> str:
    """The quotes in which all of these are written; nothing where they differ or have none."""
    styles = {_style(piece) for piece in pieces} - {None}
    return (styles.pop() or "") if len(styles) == 1 else ""


def _style(piece: Piece) -> str | None:
    """The quotes of a scalar; of a collection, those of all values in it."""
    if isinstance(piece, Text):
        return piece.style if piece.style in _QUOTES else ""
    if isinstance(piece, Alias) or not isinstance(piece, Collection):
        return None
    values = [one for entry in piece.entries for one in inside(entry.value)]
    return quote_of([one for one in values if isinstance(one, Text)])


def _plain(text: str) -> bool:
    """Whether the text means itself without quotes, in brackets and in a line of its own."""
    if not text or text in NULLS:
        return False
    for wrapped in (f"[{text}, x]", f"- {text}\n- x"):
        found = [_first(written) for written in read_pieces(wrapped)]
        if not found or {*found} != {text}:
            return False
    return True


def _first(written: Written) -> str | None:
    """The plain text that is the first of the two entries of a list; None if there is none."""
    root = written.documents.get(0)
    if not isinstance(root, Collection) or len(root.entries) != 2:
        return None
    first = root.entries[0].value
    return first.text if isinstance(first, Text) and not (first.style or first.anchor) else None
