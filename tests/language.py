"""Finds the project's old dialect in messages, docstrings, comments and documents.

`python -m tests.language` lowers the numbers of `language.toml` to what is left,
and never raises them.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.source import MODULES, ROOT, Module

ALLOWED = Path(__file__).with_name("language.toml")
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/*.md", "examples/**/*.md")


@dataclass(frozen=True)
class Dialect:
    """A phrase that readers stumble over, and what to write instead."""

    name: str
    pattern: re.Pattern[str]
    instead: str
    messages_only: bool = False


def _dialect(name: str, pattern: str, instead: str, *, messages_only: bool = False) -> Dialect:
    return Dialect(name, re.compile(rf"\b(?:{pattern})", re.IGNORECASE), instead, messages_only)


DIALECT = (
    _dialect("aught", r"aught\b", "anything"),
    _dialect("beside", r"beside\b", "next to"),
    _dialect("blank", r"blanks?\b", "space, spaces"),
    _dialect("due", r"(?:is|are|was|were|be) due\b", "expected: `expected a list, found a text`"),
    _dialect("go with", r"(?:goes|go) with\b", "`--x needs --y`, `--x cannot be used with --y`"),
    _dialect("hold", r"holds? (?:a|an|no|half|more|several|the)\b", "contains, has"),
    _dialect("is no", r"(?:is|are|was) (?:no (?!longer|more|less|such)|none\b)", "is not a"),
    _dialect("mend", r"mend(?:s|ed|ing)?\b", "fix"),
    _dialect("meaning", r"has a meaning\b", "`a` works only with `b`, `a` needs `b`"),
    _dialect("parted", r"(?:parted|sifted|dealt)\b", "split, filtered, sorted"),
    _dialect("pronoun", r"(?:what counts|those (?:that|which|who|of)\b)", "name the thing"),
    _dialect("one", r"one (?:that|which|who|whose)\b", "name the thing: `a layer that`"),
    _dialect("one, in a message", r"(?:write|name|give|add|drop) one\b(?! of| \w)",
             "name the thing: `write a name`", messages_only=True),
    _dialect("over", r"what is over\b", "what has ended"),
    _dialect("said", r"(?:is|are|was|were|be) said\b", "name who says it: `the error says`"),
    _dialect("second colon", r"\w+: .*[a-z)…]: ", "one colon; then a semicolon or a comma",
             messages_only=True),
    _dialect("so many", r"so many\b", "the number itself: `at most N days`, `N requests`"),
    _dialect("stand", r"(?:stands?|stood)\b(?!-| for| in for| still)", "is, appears"),
    _dialect("take out", r"take (?:[^ ,;]+ ){0,6}out\b", "remove"),
    _dialect("told", r"(?:is|are|was|were|be) told\b", "name who learns it: `drift shows`"),
    _dialect("whose", r"whose\b(?! shifts?\b| turns?\b| it\b)", "`with`; whose is for people"),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A phrase of the dialect at a line of a file."""

    dialect: Dialect
    room: str
    where: str
    excerpt: str


@cache
def dialect_found() -> tuple[Found, ...]:
    """All of it, in the package and in the documents."""
    return tuple(_all_found())


def _all_found() -> Iterator[Found]:
    for module in MODULES:
        for line, text, message in _texts(module):
            yield from _search(text, module.room or "top", f"{module.shown_as}:{line}", message)
    for pattern in DOCUMENTS:
        for path in sorted(ROOT.glob(pattern)):
            shown = path.relative_to(ROOT).as_posix()
            room = shown.split("/")[0]
            for line, text in _paragraphs(path.read_text(encoding="utf-8")):
                yield from _search(text, room, f"{shown}:{line}", message=False)


def counts() -> dict[str, dict[str, int]]:
    """How often each phrase is found, by phrase and room."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in dialect_found():
        found[one.dialect.name][one.room] += 1
    return {name: dict(rooms) for name, rooms in found.items()}


def allowed() -> dict[str, dict[str, int]]:
    """How often each phrase may still be found, by phrase and room."""
    return tomllib.loads(ALLOWED.read_text(encoding="utf-8"))


def _search(text: str, room: str, where: str, message: bool) -> Iterator[Found]:
    flat = " ".join(text.split())
    plain = re.sub(r"`[^`]*`|\{[^{}]*\}", "…", flat)
    for dialect in DIALECT:
        if dialect.messages_only and not message:
            continue
        for match in dialect.pattern.finditer(plain if dialect.messages_only else flat):
            excerpt = match.string[max(0, match.start() - 30) : match.end() + 20]
            yield Found(dialect, room, where, excerpt)


def _texts(module: Module) -> Iterator[tuple[int, str, bool]]:
    """Line, text, and whether it may be shown to a user: strings, docstrings and comments."""
    docstrings = {
        id(node.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    pieces = {
        id(part)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
        if isinstance(part, ast.Constant)
    }
    for node in ast.walk(module.tree):
        match node:
            case ast.JoinedStr():
                yield node.lineno, _joined(node), True
            case ast.Constant(value=str(text)) if id(node) not in pieces:
                yield node.lineno, text, id(node) not in docstrings
    yield from ((line, text, False) for line, text in _comments(module.text))


def _joined(node: ast.JoinedStr) -> str:
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
    )


def _comments(source: str) -> Iterator[tuple[int, str]]:
    """Comments; lines that follow each other are one."""
    start, last, text = 0, -1, ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line = token.start[0]
        if line != last + 1:
            if text:
                yield start, text
            start, text = line, ""
        text += f" {token.string.lstrip('#')}"
        last = line
    if text:
        yield start, text


def _paragraphs(document: str) -> Iterator[tuple[int, str]]:
    line = 1
    for text in document.split("\n\n"):
        yield line, text
        line += text.count("\n") + 2


def _lower() -> None:
    """Write what is left, where it is less than what is allowed."""
    before = allowed() if ALLOWED.exists() else None
    lines = [
        "# How often a phrase of the old dialect may still be found, by room (tests/language.py).",
        "# The numbers only get smaller: `python -m tests.language` lowers them.",
    ]
    for name, rooms in sorted(counts().items()):
        limits = rooms if before is None else before.get(name, {})
        left = {room: min(number, limits.get(room, 0)) for room, number in sorted(rooms.items())}
        entries = [f'"{room}" = {number}' for room, number in left.items() if number]
        if entries:
            lines += ["", f'["{name}"]', *entries]
    ALLOWED.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _lower()
