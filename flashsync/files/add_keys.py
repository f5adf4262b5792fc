"""Adds keys to a file of one mapping, as flashsync.yaml; the rest of the text stays as it is.

What was added is read again: it has to mean exactly what was intended, or nothing is given out.
"""

from __future__ import annotations

from collections.abc import Mapping

from flashsync.errors import FilesError, Position, Problem
from flashsync.files.compose import write_scalar
from flashsync.files.document import BYTE_ORDER_MARK, Source, Tree
from flashsync.files.edit import Edited
from flashsync.files.load import load_text
from flashsync.files.syntax_tree import Collection, Entry, Unwritable, read_pieces, target
from flashsync.files.text_edits import Lines

_HEAD = ("version", "account", "timezone")
"""The keys at the top of flashsync.yaml: what is missing of them is added below the others."""


def add_keys(text: str, source: Source, wanted: Mapping[str, Tree]) -> Edited:
    """The file with these top-level keys; entries of a mapping are added to the one it has.

    Raises FilesError where the text is too unusual, with what to write by hand.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    before = text.removeprefix(mark)
    (document,) = load_text(before, source)
    expected = _merged(document.tree, wanted)
    after = before
    try:
        for key, value in wanted.items():
            after = _with_key(after, key, value)
        documents = load_text(after, source)
    except (Unwritable, FilesError):
        documents = ()
    if [one.tree for one in documents] != [expected]:
        lines = "; ".join(_flow_entry(key, value) for key, value in wanted.items())
        message = "cannot complete this file without changing its layout"
        position = Position(source.shown_as)
        raise FilesError(Problem(message, f"add to it by hand: {lines}", position))
    return Edited(source, text, mark + after, documents, ())


def _merged(tree: Tree, wanted: Mapping[str, Tree]) -> Tree:
    merged = dict(tree) if isinstance(tree, dict) else {}
    for key, value in wanted.items():
        known = merged.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            value = {**known, **value}
        merged[key] = value
    return merged


def _with_key(text: str, key: str, value: Tree) -> str:
    """The text with a key, or with more entries of it. Raises Unwritable."""
    for written in read_pieces(text):
        root = written.documents.get(0)
        if not isinstance(root, Collection) or not root.mapping:
            continue
        entry = next((one for one in root.entries if one.key and one.key.text == key), None)
        if entry is None:
            return _insert(text, root, _place(root, key), {key: value})
        inner = target(entry.value)
        if isinstance(inner, Collection) and inner.mapping and isinstance(value, dict):
            return _insert(text, inner, len(inner.entries), value)
    raise Unwritable


def _place(root: Collection, key: str) -> int:
    """The number of entries before a new key: a key of the head comes after the others of it."""
    if key not in _HEAD:
        return len(root.entries)
    head = [place for place, one in enumerate(root.entries) if one.key and one.key.text in _HEAD]
    return head[-1] + 1 if head else 0


def _insert(text: str, mapping: Collection, place: int, added: Mapping[str, Tree]) -> str:
    if mapping.flow:
        return _insert_in_braces(text, mapping, place, added)
    if not mapping.entries:
        raise Unwritable
    lines = Lines(text)
    first = mapping.entries[0]
    if not lines.leads(first.at):
        raise Unwritable
    column = lines.column(first.at)
    end = lines.line_break(first.at)
    new = "".join(
        f"{line}{end}" for key, value in added.items() for line in _lines(key, value, " " * column)
    )
    at = _below(lines, mapping.entries[place - 1], column) if place else lines.begin(first.at)
    if at == len(text) and not text.endswith(("\n", "\r")):
        new = end + new.removesuffix(end)
    return text[:at] + new + text[at:]


def _below(lines: Lines, entry: Entry, column: int) -> int:
    """The begin of the first line that does not belong to an entry."""
    return lines.past_comments(lines.after(entry.end), column)


def _insert_in_braces(text: str, mapping: Collection, place: int, added: Mapping[str, Tree]) -> str:
    new = ", ".join(_flow_entry(key, value) for key, value in added.items())
    if place:
        at = mapping.entries[place - 1].end
        return f"{text[:at]}, {new}{text[at:]}"
    at = mapping.body + 1
    return f"{text[:at]}{new}{', ' if mapping.entries else ''}{text[at:]}"


def _lines(key: str, value: Tree, indent: str) -> list[str]:
    if not isinstance(value, dict):
        return [indent + _flow_entry(key, value)]
    inner = (f"{indent}  {_flow_entry(name, one)}" for name, one in value.items())
    return [f"{indent}{write_scalar(key)}:", *inner]


def _flow_entry(key: str, value: Tree) -> str:
    return f"{write_scalar(key)}: {_flow(value)}"


def _flow(value: Tree) -> str:
    if isinstance(value, str):
        return write_scalar(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return f"{{{', '.join(_flow_entry(key, one) for key, one in value.items())}}}"
