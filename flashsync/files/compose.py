"""New files, parts of files, and keys added to a file: YAML text in the layout of the examples.

Text has no quotes where every YAML reader takes it for text. What was composed is read
again before it is given out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from flashsync.errors import FilesError, Position, Problem
from flashsync.files.document import BYTE_ORDER_MARK, Source, Tree, TreePath, printable
from flashsync.files.edit import Edited
from flashsync.files.load import load_text
from flashsync.files.syntax_tree import Collection, Unwritable, read_pieces, target
from flashsync.files.text_edits import Lines

WIDTH = 100
"""Characters: a list that is longer is written in lines."""
_INDENT = "  "
_PLAIN = re.compile(r"\w(?:[\w ./@+()!?&-]*[\w./@+()!?&-])?")
"""Text that all readers take for itself, in brackets and in a line of its own."""
_HARMLESS = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}( [+-][0-9]{2}:[0-9]{2})?"
    r"|(?:[a-z]{3}(?:-[a-z]{3})? )?[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}"
    r"|[a-z]{3} [0-9]{2}:[0-9]{2}"
)
"""Times and windows of hours, as the file format writes them."""
_DIGITS = re.compile(r"[1-9][0-9]*")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+")
"""What YAML 1.2 takes for a number; that of YAML 1.1 is the library's."""
_READ_AS_VALUES = frozenset({"true", "false", "on", "off", "yes", "no", "y", "n", "null"})
_KEPT_PLAIN = frozenset({"true", "false"})
"""What a flag is: text that the file format itself writes without quotes."""
_FLAGS = frozenset({"absent", "continuous", "fair"})
_IN_LINES = (("layers",), ("groups",), ("overrides",), ("chats",))
"""Lists with a line for each entry, however short."""
_PEOPLE = ("people",)
"""The short names of flashsync.yaml, which also have a line each."""
_NUMBERS = frozenset({"id", "version", "data_source_id"})


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to write. `comments` belong to what their paths lead to; () is the top."""

    tree: Mapping[str, Tree]
    comments: Mapping[TreePath, str] = field(default_factory=dict)
    schema: str = ""


def compose_file(documents: Sequence[NewDocument]) -> str:
    """The text of a file with these documents.

    Raises ValueError where it would not be read back as it was meant, which is a bug.
    """
    text = "---\n".join("".join(_document(document)) for document in documents)
    read = [one.tree for one in load_text(text, Source("", "", 0, 0))]
    if read != [dict(document.tree) for document in documents]:
        raise ValueError("a composed file reads back as something else")
    return text


# Parts of a file that exists: `rewrite` puts them between what stays.


def write_entry(key: str, value: Tree, path: TreePath, indent: str) -> str:
    """A key, as it is written, with its value: whole lines."""
    return "".join(_Layout({}).value(f"{indent}{key}:", value, path, indent))


def write_item(value: Tree, path: TreePath, indent: str) -> str:
    """An entry of a list: whole lines."""
    return "".join(_Layout({}).item(value, path, indent))


def write_flow(value: Tree, path: TreePath) -> str:
    """A value within a line: text, or brackets."""
    if isinstance(value, str):
        return write_inline(value, path, "", flow=True)
    if isinstance(value, list):
        return f"[{', '.join(write_flow(part, (*path, at)) for at, part in enumerate(value))}]"
    pairs = (f"{write_scalar(key)}: {write_flow(one, (*path, key))}" for key, one in value.items())
    return f"{{{', '.join(pairs)}}}"


def write_inline(text: str, path: TreePath, indent: str, *, flow: bool) -> str:
    """A text after its key; in brackets always on one line."""
    return escape(text) if flow and "\n" in text else _scalar(text, path, indent)


def _document(document: NewDocument) -> Iterator[str]:
    if document.schema:
        yield f"# yaml-language-server: $schema={document.schema}\n"
    layout = _Layout(document.comments)
    yield from layout.comment((), "")
    yield from layout.mapping(document.tree, (), "")


class _Layout:
    """Writes the lines of one document."""

    def __init__(self, comments: Mapping[TreePath, str]) -> None:
        self._comments = comments

    def comment(self, path: TreePath, indent: str) -> Iterator[str]:
        if text := self._comments.get(path):
            yield f"{indent}# {printable(' '.join(text.split()))}\n"

    def mapping(self, tree: Mapping[str, Tree], path: TreePath, indent: str) -> Iterator[str]:
        for key, value in tree.items():
            here = (*path, key)
            yield from self.comment(here, indent)
            yield from self.value(f"{indent}{write_scalar(key)}:", value, here, indent)

    def value(self, before: str, value: Tree, path: TreePath, indent: str) -> Iterator[str]:
        """A value after its key or dash: in the same line where it fits there."""
        if isinstance(value, str):
            yield f"{before} {_scalar(value, path, indent + _INDENT)}\n"
            return
        line = f"{before} {write_flow(value, path)}"
        lines = path == _PEOPLE or (isinstance(value, list) and path[-1:] in _IN_LINES)
        commented = any(other[: len(path)] == path and other != path for other in self._comments)
        if not value or (_fits(value) and not lines and not commented and len(line) <= WIDTH):
            yield line + "\n"
            return
        yield before + "\n"
        deeper = indent + _INDENT
        if isinstance(value, dict):
            yield from self.mapping(value, path, deeper)
        else:
            for at, part in enumerate(value):
                yield from self.comment((*path, at), deeper)
                yield from self.item(part, (*path, at), deeper)

    def item(self, value: Tree, path: TreePath, indent: str) -> Iterator[str]:
        """An entry of a list on lines."""
        if isinstance(value, dict) and not _is_short(value, path, indent):
            lines = "".join(self.mapping(value, path, indent + _INDENT))
            yield f"{indent}- {lines.removeprefix(indent + _INDENT)}"
        else:
            lines = "".join(self.value(f"{indent}-", value, path, indent))
            yield lines.replace(f"{indent}-\n{indent}{_INDENT}- ", f"{indent}- - ", 1)


def _is_short(value: dict[str, Tree], path: TreePath, indent: str) -> bool:
    """Whether a mapping in a list is written in braces: a person, a chat; never a layer."""
    if path[-2:-1] in (("layers",), ("overrides",)) or not _fits(value) or "group" in value:
        return False
    return len(f"{indent}- {write_flow(value, path)}") <= WIDTH


def _fits(value: Tree) -> bool:
    """Whether a value may be written in brackets: nothing in it needs lines of its own."""
    if isinstance(value, str):
        return "\n" not in value
    parts = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict) and any(isinstance(part, list) for part in parts) and len(value) > 3:
        return False
    return all(_fits(part) for part in parts)


def _scalar(text: str, path: TreePath, indent: str) -> str:
    key = path[-1] if path else ""
    is_id = key in _NUMBERS or isinstance(key, int)
    if (key in _FLAGS and text in _KEPT_PLAIN) or (is_id and _DIGITS.fullmatch(text)):
        return text
    if "\n" in text:
        return _block(text, indent)
    return write_scalar(text)


def _block(text: str, indent: str) -> str:
    """Text of several lines, as a block where YAML can hold it so."""
    lines = text.split("\n")
    harmless = all(line == line.rstrip() and line.isprintable() for line in lines)
    if not harmless or lines[0].startswith(" ") or not lines[-1] or not lines[0]:
        return escape(text)
    return "|-\n" + "\n".join(f"{indent}{line}" if line else "" for line in lines)


@lru_cache(10_000)
def write_scalar(text: str) -> str:
    """Text as a YAML scalar: in quotes where a reader might take it for something else."""
    if is_misread(text):
        return escape(text)
    return text if _HARMLESS.fullmatch(text) or _PLAIN.fullmatch(text) else escape(text)


def escape(text: str) -> str:
    """Text in double quotes, with escapes for what does not print."""
    return '"' + "".join(map(_escape_character, text)) + '"'


def _escape_character(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def is_misread(text: str) -> bool:
    """Whether YAML takes a plain text for a number, a date, a time or the like."""
    import yaml

    if text.casefold() in _READ_AS_VALUES or _CLOCK.fullmatch(text) or _NUMBER.fullmatch(text):
        return True
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], [])
    return any(pattern.match(text) for _, pattern in resolvers)


# Keys that are added to a file of one mapping, as flashsync.yaml; the rest of the text stays.
#
# What was added is read again: it has to mean exactly what was intended, or nothing is given out.

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
    at = lines.begin(first.at)
    if place:  # below what belongs to the entry before
        at = lines.past_comments(lines.after(mapping.entries[place - 1].end), column)
    if at == len(text) and not text.endswith(("\n", "\r")):
        new = end + new.removesuffix(end)
    return text[:at] + new + text[at:]


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
    return f"{write_scalar(key)}: {write_flow(value, (key,))}"
