"""Hides secrets in all output, in any encoding.

A secret comes back in many forms: a server quotes a request in its error message, URL-quoted,
JSON-escaped or as base64, and a renderer escapes what is left for HTML or Markdown. So a secret is
not compared with the text, but matched character by character, where each character may be written
plainly or in any usual encoding, several of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from sys import maxsize
from typing import Any

STARS = "***"
SHORTEST = 4
"""The least characters of a secret that is replaced in texts. A shorter one would hide ordinary
words, which reveals more than it hides; the names of its fields still hide it."""
SHORTEST_IN_DATA = 8
"""The same for documents that are applied again: a short secret may be part of a name, and a name
with asterisks would be written to the account."""

_SHORT, _REMEMBERED = 200, 20_000
"""The longest text that is remembered, and how many are: names and fields repeat in each line and
each view, and the search in one takes microseconds."""
_ANCHOR = 8
"""Characters that a regular expression searches; the rest is compared one by one."""
_BREAK = r"(?:&\#8203;|\u200b)"
"""The breaks of render/markdown.py, against addresses and commits in words."""
_BACKSLASH = r"(?:\\|%(?:25){0,8}5[Cc]|&\#0{0,8}92;)"
_DEEPEST = 8
"""The most backslashes before a character: JSON in JSON in JSON. Without a limit, a hostile text
of backslashes would take for ever."""
_SLASHES = f"{_BACKSLASH}{{1,{_DEEPEST}}}"
_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos", " ": "nbsp"}
_BASE64 = {"+": "-", "/": "_"}
"""The two characters that differ in base64 for URLs."""


class Mask:
    """The secrets to hide. The set only grows; any thread may use it."""

    def __init__(self, *secrets: str) -> None:
        self._needles: tuple[_Needle, ...] = ()
        self._sure: tuple[str, ...] = ()
        self._least = maxsize
        self._harmless: set[str] = set()
        for secret in secrets:
            self.add(secret, 1)

    def copy(self) -> Mask:
        """An independent copy."""
        copy = Mask()
        copy._needles, copy._sure, copy._least = self._needles, self._sure, self._least
        return copy

    def add(self, secret: str, least: int = SHORTEST) -> None:
        """Hides a secret from now on, if it has at least `least` characters."""
        known = {needle.secret for needle in self._needles}
        if len(secret) >= max(least, 1) and secret not in known:
            needles = (*self._needles, *_needles(secret))
            self._needles = tuple(sorted(needles, key=lambda needle: -len(needle.text)))
            self._sure = tuple({needle.sure for needle in needles})
            self._least = len(self._needles[-1].text)
            self._harmless = set()  # last: another thread still adds to the old set

    def hide(self, text: str, least: int = 1) -> str:
        """The text with `***` for each secret of at least `least` characters."""
        harmless = self._harmless
        if len(text) < self._least or text in harmless:
            return text
        if not any(map(text.__contains__, self._sure)):  # as nearly always
            if len(text) < _SHORT and len(harmless) < _REMEMBERED:
                harmless.add(text)
            return text
        for needle in self._needles:
            if len(needle.secret) >= least:
                text = needle.hide(text)
        return text

    def hide_in_echo(self, text: str) -> str:
        """The same for a text in which a server quotes a request: also if a secret is broken by
        spaces, line ends or invisible characters, or cut off after its middle."""
        text = self.hide(text)
        if not self._needles:
            return text
        joined = "".join(char for char in text if char.isprintable() and char != " ")
        if joined != text and (hidden := self.hide(joined, SHORTEST_IN_DATA)) != joined:
            text = hidden
        for secret in {needle.secret for needle in self._needles}:
            text = _without_begin(text, secret)
        return text


def _without_begin(text: str, secret: str) -> str:
    """The text without a secret that was cut off after half of it and eight characters."""
    least = max(SHORTEST_IN_DATA, -(-len(secret) // 2))
    begin, place = secret[:least], 0
    while len(secret) > least and (place := text.find(begin, place)) >= 0:
        end = least
        while secret.startswith(text[place : place + end + 1]) and place + end < len(text):
            end += 1
        text = text[:place] + STARS + text[place + end :]
        place += len(STARS)
    return text


_NOTHING = Mask()
_CURRENT: ContextVar[Mask] = ContextVar("mask", default=_NOTHING)


def begin() -> None:
    """Begins a run: secrets learned from now on in this context stay in it.

    Secrets that were hidden before stay hidden.
    """
    _CURRENT.set(_CURRENT.get().copy())


def learn(secret: str, least: int = SHORTEST) -> None:
    """Hides a secret for the rest of this run. Code that reads a secret calls this before use."""
    if _CURRENT.get() is _NOTHING:
        begin()
    _CURRENT.get().add(secret, least)


def hide(text: str) -> str:
    """The text without the secrets that this run has read."""
    return _CURRENT.get().hide(text)


def hide_in_echo(text: str) -> str:
    """The same for a text in which a server quotes a request, broken or cut."""
    return _CURRENT.get().hide_in_echo(text)


def hide_in(document: Any) -> Any:
    """A JSON document without the secrets, text by text, so that it stays the same JSON."""
    return _walk(document, hide)


def hide_in_data(document: Any) -> Any:
    """A JSON document that is applied again, without secrets too long for part of a name."""
    mask = _CURRENT.get()
    return _walk(document, lambda text: mask.hide(text, SHORTEST_IN_DATA))


def _walk(tree: Any, hide: Callable[[str], str]) -> Any:
    match tree:
        case str():
            return hide(tree)
        case dict():
            return {name: _walk(part, hide) for name, part in tree.items()}
        case list() | tuple():
            return [_walk(part, hide) for part in tree]
    return tree


@dataclass(frozen=True, slots=True)
class _Unit:
    """A character of a secret; `forms` are its encodings, with or without backslashes."""

    char: str
    pattern: str
    forms: tuple[str, ...]

    def ends(self, text: str, start: int) -> Iterator[int]:
        """The possible ends of the character, if it begins at `start`."""
        starts = [start]
        if match := _compiled(_BREAK).match(text, start):
            starts.append(match.end())
        for at in starts:
            yield from self._after(text, at)
            if self.char.isalnum():
                continue
            for _ in range(_DEEPEST):
                if not (match := _compiled(_BACKSLASH).match(text, at)):
                    break
                at = match.end()
                yield from self._after(text, at)

    def _after(self, text: str, start: int) -> Iterator[int]:
        if text.startswith(self.char, start):
            yield start + len(self.char)
        for form in self.forms:
            if match := _compiled(form).match(text, start):
                yield match.end()


@lru_cache(2048)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, compiled only for a secret that appears: in most runs none does."""
    return re.compile(pattern)


@lru_cache(2048)
def _unit(char: str, base64: bool = False) -> _Unit:
    """A character with its encodings as regular expressions: URL, escapes, HTML."""
    code = ord(char)
    octets = char.encode("utf-8", "surrogatepass")
    wide = char.encode("utf-16-be", "surrogatepass")
    pairs = [int.from_bytes(wide[at : at + 2], "big") for at in range(0, len(wide), 2)]
    named = f"|{_NAMED[char]}" if char in _NAMED else ""
    forms = [
        "".join(f"%(?:25){{0,8}}{_digits(octet, 2)}" for octet in octets),
        "".join(f"{_SLASHES}x{_digits(octet, 2)}" for octet in octets),
        "".join(f"{_SLASHES}u{_digits(pair, 4)}" for pair in pairs),
        f"{_SLASHES}U{_digits(code, 8)}",
        rf"&(?:amp;){{0,8}}(?:\#0{{0,8}}{code}|\#[xX]0{{0,8}}{_digits(code, 1)}{named});",
    ]
    if char == " ":
        forms.append(r"\+")
    if 0x80 <= code < 0x100:
        forms.append(f"{_SLASHES}x{_digits(code, 2)}")
    if base64 and char in _BASE64:
        forms.append(re.escape(_BASE64[char]))
    slashes = "" if char.isalnum() else f"(?:{_SLASHES})?"
    pattern = f"{_BREAK}?{slashes}(?:{re.escape(char)}|{'|'.join(forms)})"
    return _Unit(char, pattern, tuple(forms))


def _digits(number: int, width: int) -> str:
    """Hexadecimal digits in either case."""
    return "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in f"{number:0{width}x}")


@dataclass(frozen=True, slots=True)
class _Needle:
    """A text that shows a secret: the secret, or its base64 or hexadecimal form.

    `sure` is a part that no encoding changes: a text without it is not searched further.
    """

    secret: str
    text: str
    units: tuple[_Unit, ...]
    sure: str

    def hide(self, text: str) -> str:
        """The text with `***` for each appearance, in any encoding."""
        if self.sure not in text:
            return text
        anchor = _compiled("".join(unit.pattern for unit in self.units[:_ANCHOR]))
        parts, kept, since = [], 0, 0
        while match := anchor.search(text, since):
            end = self._end(text, match.start())
            if end is None:
                since = match.start() + 1
                continue
            start = match.start()
            while start > kept and text[start - 1] == "\\":
                start -= 1  # it may be half of an escape; JSON without it is not JSON
            parts += [text[kept:start], STARS]
            kept = since = end
        return "".join([*parts, text[kept:]])

    def _end(self, text: str, start: int) -> int | None:
        """The end of the whole text, if it begins at `start`."""
        ends = {start}
        for unit in self.units:
            ends = {end for at in ends for end in unit.ends(text, at)}
            if not ends:
                return None
            if len(ends) > _DEEPEST**2:  # a text of backslashes: any reading of it is good
                ends = set(sorted(ends)[: _DEEPEST**2])
        return max(ends)


def _needles(secret: str) -> Iterator[_Needle]:
    """A secret as it is; it and its escaped forms as base64 and hexadecimal."""
    from base64 import b64encode
    from functools import partial
    from json import dumps
    from urllib.parse import quote

    texts = {secret: False}  # whether it is base64, where two characters have another form
    escaped = [dumps(secret)[1:-1], dumps(secret, ensure_ascii=False)[1:-1]]
    url = partial(quote, secret, errors="surrogatepass")
    written = [secret, *escaped, url(safe=""), url(), url(safe="").replace("%20", "+")]
    for octets in dict.fromkeys(form.encode("utf-8", "surrogatepass") for form in written):
        for before in range(3):  # octets of a longer text, which move the digits of base64
            text = b64encode(bytes(before) + octets).decode()
            # The outermost characters share bits with their neighbours and are left out.
            core = text[-(-8 * before // 6) : 8 * (before + len(octets)) // 6]
            if len(core) >= SHORTEST:
                texts.setdefault(core, True)
        digits = octets.hex()
        if len(digits) >= 2 * SHORTEST:
            texts |= {digits: False, digits.upper(): False}
    for text, base64 in texts.items():
        units = tuple(_unit(char, base64) for char in text)
        # Encodings leave letters and digits as they are.
        runs: list[str] = re.findall("[A-Za-z0-9]+", text)
        yield _Needle(secret, text, units, sure=max(runs, key=len, default="")[:_ANCHOR])
