"""A file's text as pieces: each value with its exact place in the text.

An alias is a piece of its own, so that every piece can be changed where it is written.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from flashsync.files.document import MERGE_KEY, Tree, TreePath


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


# Pieces next to the tree that they shall mean

_IDENTITY = ("layer", "override", "group", "type", "alias", "data_source_id", "person")
"""Keys by which an entry of a list is known when other keys of it change."""


def find_keys(piece: Piece) -> set[str]:
    """The keys of a mapping, merged ones included."""
    tree = meaning(piece)
    return set(tree) if isinstance(tree, dict) else set()


def meaning(piece: Piece) -> Tree:
    """The tree of a piece."""
    piece = target(piece)
    if isinstance(piece, TextNode):
        return piece.text
    if not isinstance(piece, Collection):
        raise Unwritable
    if not piece.mapping:
        return [meaning(entry.value) for entry in piece.entries]
    tree: dict[str, Tree] = {}
    for entry in piece.entries:
        if entry.key is not None and not is_merge(entry):
            tree[entry.key.text] = meaning(entry.value)
    for entry in piece.entries:
        if is_merge(entry):
            for source in merged(entry):
                brought = meaning(source)
                tree = {**brought, **tree} if isinstance(brought, dict) else tree
    return tree


def align(piece: Collection, tree: Sequence[Tree]) -> list[tuple[int | None, int | None]]:
    """Pairs of old and new entries of a list, in order; None for an entry that comes or goes."""
    before = [_identity(meaning(entry.value)) for entry in piece.entries]
    after = [_identity(value) for value in tree]
    pairs: list[tuple[int | None, int | None]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, one, one_end, other, other_end in matcher.get_opcodes():
        both = min(one_end - one, other_end - other)
        pairs += [(one + at, other + at) for at in range(both)]
        pairs += [(at, None) for at in range(one + both, one_end)]
        pairs += [(None, at) for at in range(other + both, other_end)]
    return pairs


def _identity(tree: Tree) -> str:
    if isinstance(tree, dict):
        keys = [key for key in _IDENTITY if isinstance(tree.get(key), str)]
        if keys:
            return repr([(key, tree[key]) for key in keys])
    return repr(tree)


# Values that aliases and merge keys bring to several places, when the places shall differ.


@dataclass(frozen=True, slots=True)
class _Wish:
    """A tree that a piece shall mean.

    `own` is whether the piece is reached where it is written; else `alias` leads to it, or the
    merge key of `mapping` brings `key`.
    """

    tree: Tree
    own: bool
    alias: Alias | None = None
    mapping: Collection | None = None
    key: str = ""


class SharedValues:
    """Decides for one document where a shared value changes.

    It changes where it is written if all its uses change alike. Else the aliases that differ are
    `written_out`, merged keys that differ are `overridden` by an entry of the mapping, and a merge
    key of which something goes is `expanded`.
    """

    def __init__(self) -> None:
        self.written_out: set[int] = set()
        self.overridden: set[tuple[int, str]] = set()
        self.expanded: set[int] = set()

    def decide(self, root: Piece, tree: Tree) -> None:
        """Decide which aliases are written out, and which merged keys get an entry of their own."""
        while True:
            self._wishes: dict[int, list[_Wish]] = defaultdict(list)
            self._pieces: dict[int, Piece] = {}
            self._wish(root, _Wish(tree, own=True))
            astray = [wish for place in self._wishes for wish in self._find_astray(place)]
            if merging := {(id(one.mapping), one.key) for one in astray if one.mapping}:
                self.overridden |= merging
            elif aliases := {id(one.alias) for one in astray if one.alias}:
                self.written_out |= aliases
            else:
                return

    def _find_astray(self, place: int) -> Iterator[_Wish]:
        """The wishes of a piece that it cannot meet where it is written."""
        wishes = self._wishes[place]
        if any(wish.tree != wishes[0].tree for wish in wishes):
            here = meaning(self._pieces[place])
            kept = next((wish.tree for wish in wishes if wish.own), here)
            yield from (wish for wish in wishes if wish.tree != kept)

    def _wish(self, piece: Piece, wish: _Wish) -> None:
        self._pieces[id(piece)] = piece
        self._wishes[id(piece)].append(wish)
        if isinstance(piece, Alias) and id(piece) not in self.written_out:
            self._wish(piece.target, _Wish(wish.tree, own=False, alias=piece))
        elif isinstance(piece, Collection):
            for part, below_it in self._wishes_below(piece, wish):
                self._wish(part, below_it)

    def _wishes_below(self, piece: Collection, wish: _Wish) -> Iterator[tuple[Piece, _Wish]]:
        if piece.mapping and isinstance(wish.tree, dict):
            for key, part in wish.tree.items():
                entry, is_own = self.entry(piece, key)
                if entry is not None and is_own:
                    yield entry.value, _Wish(part, wish.own)
                elif entry is not None:
                    yield entry.value, _Wish(part, own=False, mapping=piece, key=key)
        elif not piece.mapping and isinstance(wish.tree, list):
            for old, new in align(piece, wish.tree):
                if old is not None and new is not None:
                    yield piece.entries[old].value, _Wish(wish.tree[new], wish.own)

    def entry(self, mapping: Collection, key: str) -> tuple[Entry | None, bool]:
        """The entry of a key, and whether it is the mapping's own; None for a key to insert."""
        where = below(mapping, key)
        if where is None:
            return None, True
        collection, place = where
        if collection is mapping:
            return collection.entries[place], True
        if (id(mapping), key) in self.overridden or id(mapping) in self.expanded:
            return None, True
        return collection.entries[place], False
