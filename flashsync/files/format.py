"""Formats the text of a file: layout, order of keys, shorthand, quotes; never the meaning.

Comments, anchors and empty lines stay. The new text is read again: it has to mean what the old one
meant, and to have all of its comments. Otherwise less is changed, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yaml.error import YAMLError

from flashsync.declared.parse import read_config, read_schedule
from flashsync.declared.problems import Findings
from flashsync.errors import FilesError
from flashsync.files.document import BYTE_ORDER_MARK, Source, Tree
from flashsync.files.format_layout import Rewriting, write_documents
from flashsync.files.format_nodes import (
    CollectionNode,
    DocumentNode,
    NodeEntry,
    Unformattable,
    read_nodes,
)
from flashsync.files.load import load_text

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
