"""The expressions of workflow files, `${{ … }}` and `if:`, as far as the recipes use them.

Stricter than GitHub: a name that nobody has set is an error here, where GitHub takes it for empty.
https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PLACE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w.-]*)|(?P<sign>==|!=|&&|\|\||[!()]))"
)
_STATUS = {"success", "failure", "cancelled", "always"}
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name (`github`, `steps`, …), and the state of the job."""

    names: Mapping[str, Any]
    failed: bool = False

    def status(self, name: str) -> bool:
        """What a status function gives. No run here is ever cancelled."""
        return {"success": not self.failed, "failure": self.failed, "always": True}.get(name, False)


def fill(text: str, scope: Scope) -> str:
    """A text with its `${{ … }}` filled in."""
    return _PLACE.sub(lambda match: _text(_Reader(match[1], scope).whole()), text)


def holds(condition: str, scope: Scope) -> bool:
    """Whether an `if:` holds: without a status function, only where nothing has failed before."""
    inner = _PLACE.fullmatch(condition.strip())
    source = inner[1] if inner else condition
    if not {name for name in _STATUS if f"{name}()" in source} and scope.failed:
        return False
    return bool(_Reader(source, scope).whole())


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    assert isinstance(value, str | int), f"{value!r} is no text"
    return str(value)


class _Reader:
    """Reads one expression from left to right; binding as in C."""

    def __init__(self, source: str, scope: Scope) -> None:
        self._tokens, self._scope = _tokens(source), scope

    def whole(self) -> Any:
        value = self._either()
        assert not self._tokens, f"not understood: {self._tokens}"
        return value

    def _either(self) -> Any:
        value = self._both()
        while self._takes("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Any:
        value = self._equal()
        while self._takes("&&"):
            other = self._equal()
            value = value and other
        return value

    def _equal(self) -> Any:
        value = self._one()
        if self._tokens and self._tokens[0] in ("==", "!="):
            same = self._tokens.pop(0) == "=="
            other = self._one()
            assert type(value) is type(other), (
                f"{value!r} and {other!r}: GitHub would convert these"
            )
            return (value == other) is same
        return value

    def _one(self) -> Any:
        token = self._tokens.pop(0)
        if token == "!":
            return not self._one()
        if token == "(":
            value = self._either()
            assert self._takes(")")
            return value
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        return self._named(token)

    def _named(self, name: str) -> Any:
        if self._takes("("):
            assert self._takes(")")
            assert name in _STATUS, f"{name}() is not known here"
            return self._scope.status(name)
        if name in _WORDS:
            return _WORDS[name]
        value: Any = self._scope.names
        for part in name.split("."):
            assert isinstance(value, Mapping), f"{name} names a part of {value!r}"
            assert part in value, f"{name} is not known here: has {sorted(value)}"
            value = value[part]
        return value

    def _takes(self, token: str) -> bool:
        if self._tokens and self._tokens[0] == token:
            self._tokens.pop(0)
            return True
        return False


def _tokens(source: str) -> list[str]:
    found, at, source = [], 0, source.strip()
    while at < len(source):
        match = _TOKEN.match(source, at)
        assert match, f"not understood: {source[at:]}"
        found.append(match[0].strip())
        at = match.end()
    return found
