"""Globs: `*` and `?` within a name, `[ab]` and `[!ab]`, and `**` for any number of directories."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAGIC = re.compile(r"[*?\[]")
_SET = re.compile(r"\[(!?)(\]?[^\]/]*)\]")
_YAML_BELOW = r"(?:[^/]+/)*[^/]+\.ya?ml"


@dataclass(frozen=True, slots=True)
class Glob:
    """A glob in two parts: the directory to walk, and what the paths below it must look like."""

    directory: str
    paths: re.Pattern[str]
    depth: int | None
    """How many names a path may have at most; None is any number."""


def is_glob(path: str) -> bool:
    """Whether the path has any character with a meaning of its own."""
    return _MAGIC.search(path) is not None


def parse_glob(pattern: str) -> Glob:
    """The glob that a pattern with `/` between its parts describes.

    Raises re.error for a set whose range runs backwards.
    """
    parts = pattern.split("/")
    fixed = next(place for place, part in enumerate(parts) if is_glob(part))
    below = [part for part in parts[fixed:] if part not in ("", ".")]
    expression = "".join(_expression(part, last=False) for part in below[:-1])
    expression += _expression(below[-1], last=True)
    directory = "/".join(parts[:fixed]) + ("/" if fixed else "")
    return Glob(directory, re.compile(expression), None if "**" in below else len(below))


def _expression(part: str, *, last: bool) -> str:
    if part == "**":
        return _YAML_BELOW if last else "(?:[^/]+/)*"
    expression = ""
    place = 0
    while place < len(part):
        if match := _SET.match(part, place):
            expression += _set(negated=bool(match[1]), members=match[2])
            place = match.end()
        else:
            expression += {"*": "[^/]*", "?": "[^/]"}.get(part[place], re.escape(part[place]))
            place += 1
    return expression if last else expression + "/"


def _set(*, negated: bool, members: str) -> str:
    escaped = re.sub(r"([\\\]\[^&~|])", r"\\\1", members)
    return f"[^/{escaped}]" if negated else f"[{escaped}]"
