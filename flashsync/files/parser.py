"""Parser events of the YAML libraries, in one form.

libyaml's parser, through PyYAML, is fast. ruamel.yaml's own is slow, and also reads YAML 1.2 that
libyaml refuses, such as a document after `...` without `---`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import Any, NamedTuple

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML was built without libyaml
    CParser = None  # type: ignore[assignment, misc]

HAS_FAST_PARSER = CParser is not None
"""Whether PyYAML came with libyaml."""

# Line breaks in YAML 1.1, which libyaml reads, and not in YAML 1.2.
_OLD_LINE_BREAKS = ("\x85", "\u2028", "\u2029")


class EventKind(Enum):
    """The kind of an event; documents and collections both close with END."""

    DOCUMENT = auto()
    MAPPING = auto()
    SEQUENCE = auto()
    SCALAR = auto()
    ALIAS = auto()
    END = auto()


class Event(NamedTuple):
    """An event of either library. Lines and columns count from 1."""

    kind: EventKind
    line: int
    column: int
    text: str
    plain: bool
    anchor: str | None
    tag: str | None


class SyntaxFault(Exception):  # noqa: N818 - a fault in the user's text, not in the program
    """The text is not YAML: the library's own words, and the position."""

    def __init__(self, problem: str, context: str, at: tuple[int, int], since: tuple[int, int]):
        super().__init__(problem)
        self.problem = problem
        self.context = context
        self.at = at
        self.since = since


def reads_alike(text: str) -> bool:
    """Whether both parsers, where they accept the text, read it the same."""
    return not any(mark in text for mark in _OLD_LINE_BREAKS)


def fast_steps(text: str) -> Callable[[], Any]:
    """A function that gives libyaml's next event, as its own object, or raises YAMLError."""
    steps: Callable[[], Any] = CParser(text).get_event
    return steps


def fast_events(text: str) -> Iterator[Event]:
    """libyaml's events. Raises SyntaxFault."""
    return _events(iter(fast_steps(text), None))


def thorough_events(text: str) -> Iterator[Event]:
    """The events of ruamel.yaml's own parser. Raises SyntaxFault."""
    from ruamel.yaml import YAML  # costs 40 ms, for one file in ten thousand

    return _events(YAML(typ="safe", pure=True).parse(text))


_KINDS = {
    "DocumentStartEvent": EventKind.DOCUMENT,
    "MappingStartEvent": EventKind.MAPPING,
    "SequenceStartEvent": EventKind.SEQUENCE,
    "ScalarEvent": EventKind.SCALAR,
    "AliasEvent": EventKind.ALIAS,
    "DocumentEndEvent": EventKind.END,
    "MappingEndEvent": EventKind.END,
    "SequenceEndEvent": EventKind.END,
}


def _events(source: Iterator[Any]) -> Iterator[Event]:
    # For some broken texts, ruamel.yaml raises AssertionError, IndexError and others.
    try:
        for event in source:
            kind = _KINDS.get(type(event).__name__)
            if kind is not None:
                yield Event(
                    kind,
                    event.start_mark.line + 1,
                    event.start_mark.column + 1,
                    getattr(event, "value", ""),
                    not getattr(event, "style", None),
                    getattr(event, "anchor", None),
                    getattr(event, "tag", None),
                )
    except Exception as error:
        raise _fault(error) from error


def _fault(error: Exception) -> SyntaxFault:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    at = _place(getattr(error, "problem_mark", None)) or (1, 1)
    since = _place(getattr(error, "context_mark", None)) or at
    return SyntaxFault(problem, getattr(error, "context", None) or "", at, since)


def _place(mark: Any) -> tuple[int, int] | None:
    return None if mark is None else (mark.line + 1, mark.column + 1)
