"""A file's text as pieces: each value with its exact place in the text.

An alias is a piece of its own, so that every piece can be changed where it is written.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flashsync.files.document import MERGE_KEY, TreePath


@dataclass(eq=False, slots=True)
class Piece:
    """The text from `start` to `end`; the value begins at `body`, after an anchor."""

    start: int
    end: int
    body: int
    anchor: str | None = None


@dataclass(eq=False, slots=True)
class TextNode(Piece):
    """A scalar. `style` is its quote, `|`, `>`, or empty."""

    text: str = ""
    style: str = ""


@dataclass(eq=False, slots=True)
class Alias(Piece):
    """An alias, and the piece with its anchor."""

    target: Piece = field(default_factory=lambda: Piece(0, 0, 0))


@dataclass(eq=False, slots=True)
class Entry:
    """An entry of a list or mapping; `at` is the place of its dash, its key, or its value."""

    at: int
    key: TextNode | None
    value: Piece

    @property
    def end(self) -> int:
        """The end of the key or value, whichever is later."""
        return max(self.value.end, self.key.end if self.key else 0)


@dataclass(eq=False, slots=True)
class Collection(Piece):
    """A list or a mapping, in brackets (`flow`) or on lines."""

    flow: bool = False
    mapping: bool = False
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WrittenText:
    """The pieces of a text: its documents by index, and the places of its commas."""

    documents: dict[int, Piece]
    commas: tuple[int, ...]

    def comma(self, begin: int, end: int) -> int | None:
        """The comma between two places, if there is one."""
        place = bisect_left(self.commas, begin)
        comma = self.commas[place] if place < len(self.commas) else end
        return comma if comma < end else None


class Unwritable(Exception):  # noqa: N818 - nothing is wrong with the file
    """The text is written in a way that cannot be edited by pieces."""


def read_pieces(text: str) -> Iterator[WrittenText]:
    """The pieces of a text that has been loaded before, as each of the parsers finds them.

    The parsers differ for some texts: the caller has to check the meaning.
    """
    for library in (_ruamel, _libyaml):
        try:
            yield _read(text, *library(text))
        except Exception:  # noqa: S112 - broken texts raise errors of any kind
            continue


def _ruamel(text: str) -> tuple[Iterator[Any], Iterator[Any]]:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).scan(text), YAML(typ="safe", pure=True).parse(text)


def _libyaml(text: str) -> tuple[Iterator[Any], Iterator[Any]]:
    import yaml

    return yaml.scan(text, yaml.CSafeLoader), yaml.parse(text, yaml.CSafeLoader)


def _read(text: str, tokens: Iterator[Any], events: Iterator[Any]) -> WrittenText:
    places: dict[str, list[int]] = {"BlockEntryToken": [], "FlowEntryToken": []}
    for token in tokens:
        if (kind := type(token).__name__) in places:
            places[kind].append(token.start_mark.index)
    reader = _PieceReader(text, events, places["BlockEntryToken"])
    return reader.read(tuple(places["FlowEntryToken"]))


class _PieceReader:
    """Builds pieces from events; positions are the library's."""

    def __init__(self, text: str, events: Iterator[Any], dashes: list[int]) -> None:
        self._text, self._events, self._dashes = text, events, dashes
        self._anchors: dict[str, Piece] = {}

    def read(self, commas: tuple[int, ...]) -> WrittenText:
        documents: dict[int, Piece] = {}
        index = 0
        for event in self._events:
            if type(event).__name__ != "DocumentStartEvent":
                continue
            self._anchors = {}
            documents[index] = self._piece(next(self._events))
            index += 1
        return WrittenText(documents, commas)

    def _piece(self, event: Any) -> Piece:
        start, end = event.start_mark.index, event.end_mark.index
        kind, anchor = type(event).__name__, event.anchor
        if kind == "AliasEvent":
            return Alias(start, end, start, target=self._anchors[anchor])
        body = self._body(start, anchor)
        if kind == "ScalarEvent":
            return self._remember(self._scalar(event, start, end, body))
        mapping = kind == "MappingStartEvent"
        collection = Collection(start, end, body, anchor, bool(event.flow_style), mapping)
        self._remember(collection)
        self._fill(collection)
        return collection

    def _scalar(self, event: Any, start: int, end: int, body: int) -> TextNode:
        style = event.style or ""
        if style in ("|", ">"):  # the library's end is the next piece's begin
            end = start + len(self._text[start:end].rstrip())
        return TextNode(start, end, min(body, end), event.anchor, event.value, style)

    def _remember(self, piece: Piece) -> Piece:
        if piece.anchor:
            self._anchors[piece.anchor] = piece
        return piece

    def _body(self, start: int, anchor: str | None) -> int:
        """The place of a value after its anchor."""
        match = re.compile(rf"&{re.escape(anchor)}\s*" if anchor else "").match(self._text, start)
        return match.end() if match else start

    def _fill(self, collection: Collection) -> None:
        while not type(event := next(self._events)).__name__.endswith("EndEvent"):
            key = self._piece(event) if collection.mapping else None
            if key is not None and not isinstance(key, TextNode):
                raise Unwritable
            value = self._piece(next(self._events) if collection.mapping else event)
            collection.entries.append(Entry(self._at(collection, key, value), key, value))
        end = event.end_mark.index
        if collection.flow and self._text[end - 1 : end] in ("]", "}"):
            collection.end = end
        elif collection.entries:
            collection.end = collection.entries[-1].end

    def _at(self, found: Collection, key: TextNode | None, value: Piece) -> int:
        """Where an entry begins: its key; in a list of lines, its dash."""
        if key is not None:
            return key.start
        if found.flow:
            return value.start
        return self._dashes[bisect_left(self._dashes, value.start) - 1]


def target(piece: Piece) -> Piece:
    """The piece with an alias's anchor; any other piece itself."""
    return piece.target if isinstance(piece, Alias) else piece


def below(piece: Piece, step: str | int) -> tuple[Collection, int] | None:
    """The collection with the value one step down, and the index of its entry.

    A key from a merge key is found in the merged mapping.
    """
    collection = target(piece)
    if not isinstance(collection, Collection):
        return None
    if isinstance(step, int):
        in_list = not collection.mapping and step < len(collection.entries)
        return (collection, step) if in_list else None
    for place, entry in enumerate(collection.entries):
        if entry.key and entry.key.text == step and not is_merge(entry):
            return collection, place
    merges = (entry for entry in collection.entries if is_merge(entry))
    sources = (source for entry in merges for source in merged(entry))
    return next(filter(None, (below(source, step) for source in sources)), None)


def at_path(root: Piece, path: TreePath) -> tuple[Collection, int]:
    """The collection with the value at a path, and its index. Raises Unwritable."""
    piece, entry = root, None
    for step in path:
        entry = below(piece, step)
        if entry is None:
            raise Unwritable
        collection, place = entry
        piece = collection.entries[place].value
    if entry is None:
        raise Unwritable
    return entry


def is_merge(entry: Entry) -> bool:
    """Whether an entry is a merge key."""
    return entry.key is not None and entry.key.text == MERGE_KEY and not entry.key.style


def merged(entry: Entry) -> list[Piece]:
    """The mappings of a merge key."""
    value = target(entry.value)
    if isinstance(value, Collection) and not value.mapping:
        return [item.value for item in value.entries]
    return [value]


def inside(piece: Piece) -> Iterator[Piece]:
    """A piece and all pieces written in it; aliases are not followed."""
    yield piece
    if isinstance(piece, Collection):
        for entry in piece.entries:
            if entry.key is not None:
                yield entry.key
            yield from inside(entry.value)
