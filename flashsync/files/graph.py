"""The careful way from text to documents: positions for everything, and every problem told.

It reads what `plain.py` hands over (a few files) and what somebody asks positions of (the files
with problems), so it may take its time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from flashsync.errors import Position, Problem
from flashsync.files import parser
from flashsync.files.compose import Composer, Graph
from flashsync.files.parser import Event, SyntaxFault
from flashsync.files.rules import BYTE_ORDER_MARK, MAX_THOROUGH
from flashsync.files.spot import place_of
from flashsync.files.syntax import explain

# All but what YAML allows in a file, and the mark. The parsers refuse them too, but without a line.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|" + BYTE_ORDER_MARK
)


def read_graph(text: str, shown_as: str) -> Graph:
    """The graph of a file's text; with problems, of the part of it that could be read."""
    if match := _FORBIDDEN.search(text):
        return Graph({}, (_forbidden(text, match.start(), shown_as),))
    refused = []
    for parse in _parsers(text):
        composer = Composer(parse(text), shown_as)
        try:
            return composer.read()
        except SyntaxFault as fault:
            refused.append(composer.graph(explain(fault, text, shown_as)))
    return refused[0]


def _parsers(text: str) -> list[Callable[[str], Iterator[Event]]]:
    """Whom to ask, in this order: the first that accepts the text is right."""
    if not (parser.has_fast_parser() and parser.reads_alike(text)):
        return [parser.thorough_events]
    if len(text) > MAX_THOROUGH:
        return [parser.fast_events]
    return [parser.fast_events, parser.thorough_events]


def _forbidden(text: str, index: int, shown_as: str) -> Problem:
    message, remedy = "an invisible byte order mark (U+FEFF) stands here", "take it out"
    if text[index] != BYTE_ORDER_MARK:
        message = f"the control character U+{ord(text[index]):04X} cannot stand in a YAML file"
        remedy = 'take it out, or write it as an escape in double quotes, such as "\\x1b"'
    return Problem(message, remedy, Position(shown_as, *place_of(text, index)))
