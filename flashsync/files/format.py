"""Formats the text of a file: layout, order of keys, shorthand, quotes; never the meaning.

Comments, anchors and empty lines stay. The new text is read again: it has to mean what the old one
meant, and to have all of its comments. Otherwise less is changed, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yaml.error import YAMLError

from flashsync.declared.parse import read_config, read_schedule
from flashsync.declared.problems import Findings
from flashsync.errors import FilesError
from flashsync.files.compose import WIDTH, escape, write_scalar
from flashsync.files.document import BYTE_ORDER_MARK, MERGE_KEY, Source, Tree
from flashsync.files.format_nodes import (
    BLOCK_STYLES,
    CollectionNode,
    DocumentNode,
    FormatNode,
    NodeEntry,
    ScalarNode,
    Tail,
    Unformattable,
    read_nodes,
)
from flashsync.files.format_rules import (
    context_of,
    key_orders,
    needs_quotes,
    order_of_root,
    shorten,
    sort_entries,
)
from flashsync.files.load import load_text

_INDENT = "  "
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What may change other than spaces and line breaks."""

    sort: bool = True
    shorten: bool = True
    quote: bool = True


_LESS_AND_LESS = (
    Rewriting(),
    Rewriting(shorten=False),
    Rewriting(sort=False),
    Rewriting(sort=False, shorten=False),
    Rewriting(sort=False, shorten=False, quote=False),
)


@dataclass(frozen=True, slots=True)
class Formatted:
    """A formatted text; without `kept`, it is the old one because of an unusual layout."""

    text: str
    kept: bool = True


def format_text(text: str, source: Source) -> Formatted:
    """The formatted text of a file of schedules, or of flashsync.yaml.

    Raises FilesError if YAML cannot read it.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    before = text.removeprefix(BYTE_ORDER_MARK)
    line_break = "\r\n" if "\r\n" in before else "\n"
    before = before.replace("\r\n", "\n")
    if (after := _format(before, source)) is None:
        return Formatted(text, kept=False)
    return Formatted(mark + after.replace("\n", line_break))


def _format(before: str, source: Source) -> str | None:
    """The formatted text; None where no layout keeps everything."""
    check: Callable[[str], bool] | None = None
    for rewriting in _LESS_AND_LESS:
        try:
            documents = _read(before)
        except (Unformattable, YAMLError):
            load_text(before, source)  # its errors
            return None
        after = write_documents(documents, rewriting)
        if after == before:
            return after
        check = check or _Original(before, source).is_kept_in
        if check(after):
            return after
    return None


def _read(text: str) -> list[DocumentNode]:
    documents = read_nodes(text)
    if not documents or not all(isinstance(one.root.value, CollectionNode) for one in documents):
        raise Unformattable
    return documents


class _Original:
    """What a file means before it is formatted."""

    def __init__(self, text: str, source: Source) -> None:
        self._source = source
        self._trees = [document.tree for document in load_text(text, source)]
        self._meanings = [_meaning(tree) for tree in self._trees]
        self._comments = _comments(text)

    def is_kept_in(self, text: str) -> bool:
        """Whether a formatted text has the same resolved values, and all comments."""
        try:
            trees = [document.tree for document in load_text(text, self._source)]
            if _comments(text) != self._comments:
                return False
        except (FilesError, Unformattable, YAMLError):
            return False
        return trees == self._trees or [_meaning(tree) for tree in trees] == self._meanings


def _meaning(tree: Tree) -> object:
    """The values that a document declares; of an invalid one, its tree.

    What it resolves to follows from them alone.
    """
    is_schedule = isinstance(tree, dict) and ("schedule" in tree or "layers" in tree)
    try:
        return read_schedule(tree) if is_schedule else read_config(tree)
    except Findings:
        return tree


def _comments(text: str) -> list[str]:
    """All comments of a text, sorted."""
    comments: list[str] = []
    for document in read_nodes(text):
        comments += [*document.lead, *(comment for comment, _ in document.tails)]
        comments += _comments_of(document.root)
    return sorted(comment for comment in comments if comment)


def _comments_of(entry: NodeEntry) -> Iterator[str]:
    yield from entry.lead
    yield from (comment for comment, _ in entry.tails)
    if isinstance(entry.value, CollectionNode):
        yield from entry.value.foot
        for inner in entry.value.entries:
            yield from _comments_of(inner)


# The layout of the examples: two spaces a level, one line where it fits.
#
# Lists and mappings in brackets stay in brackets as long as they fit on their line and have no
# comment; those on lines of their own stay there.


def write_documents(documents: list[DocumentNode], rewriting: Rewriting) -> str:
    """The text of a file with these documents."""
    layout = _LineWriter(rewriting)
    for document in documents:
        layout.document(document)
    while layout.lines and not layout.lines[-1]:
        layout.lines.pop()
    while layout.lines and not layout.lines[0]:
        layout.lines.pop(0)
    return "".join(f"{line}\n" for line in layout.lines)


class _LineWriter:
    """Collects the lines of a file."""

    def __init__(self, rewriting: Rewriting) -> None:
        self._rewriting = rewriting
        self._orders = key_orders() if rewriting.sort else {}
        self.lines: list[str] = []

    def document(self, document: DocumentNode) -> None:
        """Add a document."""
        self.lines += document.lead
        if document.marked:
            self._line("", "---", document.tails)
        root, context = document.root.value, ""
        if isinstance(root, ScalarNode):
            raise TypeError  # the caller gives mappings and lists
        if self._rewriting.sort and root.mapping:
            first = root.entries[0]
            self._sort(root, order_of_root(root))
            if root.entries[0] is not first and "" in document.root.lead:
                _move_heading(document.root.lead, first)
        self.lines += document.root.lead
        if root.flow and (text := self._flow(root, context)) is not None and len(text) <= WIDTH:
            self._line("", text, document.root.tails)
        else:
            self.lines += [comment for comment, _ in document.root.tails]
            self._entries(root, context, "")

    def _sort(self, node: CollectionNode, order: tuple[str, ...]) -> None:
        """Bring keys into order; an empty line never becomes the first of a mapping."""
        entries = sort_entries(node.entries, order)
        if entries[0] is not node.entries[0]:
            while entries[0].lead and not entries[0].lead[0]:
                entries[0].lead.pop(0)
        node.entries = entries

    def _entries(self, node: CollectionNode, context: str, indent: str) -> None:
        """Add the entries of a collection, each on lines of its own."""
        for entry in node.entries:
            self._entry(entry, context_of(entry, context), indent)
        self._own_lines(node.foot, indent)

    def _entry(self, entry: NodeEntry, context: str, indent: str) -> None:
        self._own_lines(entry.lead, indent)
        value = self._prepare(entry.value, context)
        head = "-" if entry.key is None else f"{self._key(entry.key)}:"
        if isinstance(value, ScalarNode):
            self._scalar_entry(head, value, context, indent, entry.tails)
            return
        text = self._flow(value, context) if value.flow or not value.entries else None
        if text is not None and (not value.entries or len(indent + head + text) < WIDTH):
            self._line(indent, f"{head} {text}", entry.tails)
        elif value.anchor or entry.key:
            self._line(indent, f"{head} &{value.anchor}" if value.anchor else head, entry.tails)
            self._entries(value, context, indent + _INDENT)
        else:
            self._own_lines([comment for comment, _ in entry.tails], indent)
            self._item(value, context, indent)

    def _scalar_entry(
        self, head: str, value: ScalarNode, context: str, indent: str, tails: list[Tail]
    ) -> None:
        """Add an entry with a text; a comment stays out of quotes of several lines."""
        first, *more = self._scalar_lines(value, context)
        first = f"{head} {first}".rstrip()
        if not more or value.style in BLOCK_STYLES:
            self._line(indent, first, tails)
            self._own_lines(more, indent + _INDENT)
        else:
            *between, last = more
            self._own_lines([first], indent)
            self._own_lines(between, indent + _INDENT)
            self._line(indent + _INDENT, last, tails)

    def _item(self, value: CollectionNode, context: str, indent: str) -> None:
        """Add a collection behind the dash of its entry in a list."""
        first = value.entries[0]
        self._own_lines(first.lead, indent)
        first.lead = []
        begin = len(self.lines)
        self._entries(value, context, indent + _INDENT)
        while not (line := self.lines[begin].lstrip()) or line.startswith("#"):
            self.lines[begin] = indent + line if line else ""  # comments of what is nested deeper
            begin += 1
        self.lines[begin] = f"{indent}- {self.lines[begin].lstrip()}"

    def _prepare(self, value: FormatNode, context: str) -> FormatNode:
        """A value in its shortest form, with its keys in order."""
        if isinstance(value, ScalarNode):
            return value
        if self._rewriting.shorten:
            value = shorten(value, context)
        if isinstance(value, CollectionNode) and value.mapping and value.entries:
            order = self._orders.get(context)
            if order:
                self._sort(value, order)
        return value

    # Lines

    def _own_lines(self, lines: list[str], indent: str) -> None:
        self.lines += [indent + line if line else "" for line in lines]

    def _line(self, indent: str, text: str, tails: list[Tail]) -> None:
        """Add a line with its comment, in the comment's old column where that is possible."""
        *others, last = tails or [("", 0)]
        self._own_lines([comment for comment, _ in others], indent)
        comment, column = last
        if comment:
            text += " " * max(2, column - len(text)) + comment
        self.lines.append(indent + text)

    # Values on one line

    def _flow(self, node: FormatNode, context: str) -> str | None:
        """A value on one line; None where it has comments and cannot be."""
        node = self._prepare(node, context)
        if isinstance(node, ScalarNode):
            return self._scalar(node, context)
        if any(node.foot):
            return None
        parts = []
        for entry in node.entries:
            if entry.tails or any(entry.lead):
                return None
            part = self._flow(entry.value, context_of(entry, context))
            if part is None:
                return None
            parts.append(f"{self._key(entry.key)}: {part}".rstrip() if entry.key else part)
        text = ", ".join(parts)
        anchor = f"&{node.anchor} " if node.anchor else ""
        return f"{anchor}{{{text}}}" if node.mapping else f"{anchor}[{text}]"

    def _key(self, node: ScalarNode) -> str:
        return node.text if node.text == MERGE_KEY else self._scalar(node, "")

    def _scalar(self, node: ScalarNode, context: str) -> str:
        """A scalar on one line."""
        if len(node.lines) > 1:
            text = escape(node.text) if node.style or "\n" in node.text else write_scalar(node.text)
            return f"&{node.anchor} {text}" if node.anchor else text
        return next(self._scalar_lines(node, context))

    def _scalar_lines(self, node: ScalarNode, context: str) -> Iterator[str]:
        """A scalar as written, in quotes where it would be misread."""
        first, *more = node.lines
        quote = self._rewriting.quote and not node.style and needs_quotes(node.text, context)
        if node.style in BLOCK_STYLES:
            first = _DIGIT.sub(str(len(_INDENT)), first)
        anchor = f"&{node.anchor} " if node.anchor else ""
        yield f"{anchor}{escape(node.text)}" if quote and not more else anchor + first
        yield from more


def _move_heading(lead: list[str], first: NodeEntry) -> None:
    """Give a key that moves the comment right above it; what is above that heads the file."""
    at = len(lead) - lead[::-1].index("")
    first.lead = lead[at:]
    del lead[at:]
