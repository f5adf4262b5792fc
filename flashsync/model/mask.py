"""Secrets hidden in text that goes out, in whatever encoding they appear.

A secret comes back in many forms: a server quotes a request in its error message, URL-quoted,
JSON-escaped or as base64, and a renderer escapes what is left for HTML or Markdown. So a secret is
not compared with the text, but matched character by character, where each character may be written
plainly or in any usual encoding, several of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

STARS = "***"
SHORTEST = 4
"""Characters from which on a secret is replaced in texts. A shorter one would blot out ordinary
words, which tells more than it hides; it is still hidden by the names of its fields."""
SHORTEST_IN_DATA = 8
"""The same for documents that are applied again: a short secret may well be a part of a name, and
a name with asterisks would be written to the account."""

_SHORT, _REMEMBERED = 200, 20_000
"""Texts up to so many characters are remembered, and how many: names and fields come again in
each line and each view, and the look at one takes microseconds."""
_ANCHOR = 8
"""Characters that a regular expression looks for; what follows is compared one by one."""
_BREAK = r"(?:&\#8203;|\u200b)"
"""What render/markdown.py puts into words, so that no address or commit is seen in them."""
_BACKSLASH = r"(?:\\|%(?:25){0,8}5[Cc]|&\#0{0,8}92;)"
_DEEPEST = 8
"""Backslashes before a character: JSON in JSON in JSON. Without an end, a hostile text of
nothing else would take for ever."""
_SLASHES = f"{_BACKSLASH}{{1,{_DEEPEST}}}"
_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos", " ": "nbsp"}
_BASE64 = {"+": "-", "/": "_"}
"""The two characters that the form of base64 for URLs has otherwise."""


class Mask:
    """What must not be shown. It only ever grows, and any thread may ask it."""

    def __init__(self, *secrets: str) -> None:
        self._needles: tuple[_Needle, ...] = ()
        self._sure: tuple[str, ...] = ()
        self._least = 0
        self._harmless: set[str] = set()
        for secret in secrets:
            self.add(secret, 1)

    def copy(self) -> Mask:
        """One that hides the same, and learns on its own."""
        found = Mask()
        found._needles, found._sure, found._least = self._needles, self._sure, self._least
        return found

    def add(self, secret: str, least: int = SHORTEST) -> None:
        """Hide a secret from here on, if it has as many characters as that."""
        known = {needle.secret for needle in self._needles}
        if len(secret) >= max(least, 1) and secret not in known:
            found = (*self._needles, *_needles(secret))
            self._needles = tuple(sorted(found, key=lambda needle: -len(needle.text)))
            self._sure = tuple({needle.sure for needle in found})
            self._least = len(self._needles[-1].text)
            self._harmless = set()  # last: what another thread finds meanwhile goes into the old

    def hide(self, text: str, least: int = 1) -> str:
        """The text with `***` for each secret of at least so many characters."""
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
        """The same for a text in which a server quotes what it was sent: also where a secret is
        broken by blanks, line ends or what nobody sees, or cut off behind its middle."""
        text = self.hide(text)
        if not self._needles:
            return text
        joined = "".join(char for char in text if char.isprintable() and char != " ")
        if joined != text and (found := self.hide(joined, SHORTEST_IN_DATA)) != joined:
            text = found
        for secret in {needle.secret for needle in self._needles}:
            text = _without_begin(text, secret)
        return text


def _without_begin(text: str, secret: str) -> str:
    """The text without a secret that was cut off: half of it, and eight characters, tell enough."""
    least = max(SHORTEST_IN_DATA, -(-len(secret) // 2))
    begin, place = secret[:least], 0
    while len(secret) > least and (place := text.find(begin, place)) >= 0:
        end = least
        while secret.startswith(text[place : place + end + 1]) and place + end < len(text):
            end += 1
        text = text[:place] + STARS + text[place + end :]
        place += len(STARS)
    return text


_CURRENT: ContextVar[Mask | None] = ContextVar("mask", default=None)


def begin() -> None:
    """Begin a run: what is learned from here on in this context stays in it.

    What was hidden before stays hidden.
    """
    mask = _CURRENT.get()
    _CURRENT.set(mask.copy() if mask else Mask())


def learn(secret: str, least: int = SHORTEST) -> None:
    """Hide a secret for the rest of this run. Whoever reads one calls this before using it."""
    mask = _CURRENT.get()
    if mask is None:
        mask = Mask()
        _CURRENT.set(mask)
    mask.add(secret, least)


def hide(text: str) -> str:
    """The text without the secrets that this run has read."""
    mask = _CURRENT.get()
    return mask.hide(text) if mask else text


def hide_in_echo(text: str) -> str:
    """The same for a text in which a server quotes what it was sent, broken or cut."""
    mask = _CURRENT.get()
    return mask.hide_in_echo(text) if mask else text


def hide_in(document: Any) -> Any:
    """A JSON document without them, by its texts, so that it stays the JSON it was."""
    mask = _CURRENT.get()
    return _walk(document, mask.hide) if mask else document


def hide_in_data(document: Any) -> Any:
    """A JSON document that is applied again, without secrets that cannot be a part of a name."""
    mask = _CURRENT.get()
    if mask is None:
        return document
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
    """One character of a secret: `forms` has it in any encoding, after backslashes or not."""

    char: str
    pattern: str
    forms: tuple[str, ...]

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Where the character may end, if it begins at `start`."""
        starts = [start]
        if found := _compiled(_BREAK).match(text, start):
            starts.append(found.end())
        for place in starts:
            yield from self._after(text, place)
            if self.char.isalnum():
                continue
            for _ in range(_DEEPEST):
                if not (found := _compiled(_BACKSLASH).match(text, place)):
                    break
                place = found.end()
                yield from self._after(text, place)

    def _after(self, text: str, start: int) -> Iterator[int]:
        if text.startswith(self.char, start):
            yield start + len(self.char)
        for form in self.forms:
            if found := _compiled(form).match(text, start):
                yield found.end()


@lru_cache(2048)
def _unit(char: str, base64: bool = False) -> _Unit:
    forms = tuple(_forms(char))
    if base64 and char in _BASE64:
        forms += (re.escape(_BASE64[char]),)
    slashes = "" if char.isalnum() else f"(?:{_SLASHES})?"
    pattern = f"{_BREAK}?{slashes}(?:{re.escape(char)}|{'|'.join(forms)})"
    return _Unit(char, pattern, forms)


@lru_cache(2048)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, compiled when a secret has been seen: most runs show none."""
    return re.compile(pattern)


def _forms(char: str) -> Iterator[str]:
    """A character's encodings, as regular expressions."""
    code = ord(char)
    octets = char.encode("utf-8", "surrogatepass")
    yield "".join(f"%(?:25){{0,8}}{_digits(octet, 2)}" for octet in octets)
    if char == " ":
        yield r"\+"
    if code < 0x100:
        yield f"{_SLASHES}x{_digits(code, 2)}"
    yield "".join(f"{_SLASHES}x{_digits(octet, 2)}" for octet in octets)
    wide = char.encode("utf-16-be", "surrogatepass")
    pairs = (int.from_bytes(wide[at : at + 2], "big") for at in range(0, len(wide), 2))
    yield "".join(f"{_SLASHES}u{_digits(pair, 4)}" for pair in pairs)
    yield f"{_SLASHES}U{_digits(code, 8)}"
    named = f"|{_NAMED[char]}" if char in _NAMED else ""
    yield rf"&(?:amp;){{0,8}}(?:\#0{{0,8}}{code}|\#[xX]0{{0,8}}{_digits(code, 1)}{named});"


def _digits(number: int, width: int) -> str:
    """Hexadecimal digits in either case."""
    return "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in f"{number:0{width}x}")


@dataclass(frozen=True, slots=True)
class _Needle:
    """One text that shows a secret: itself, or what base64 or hexadecimal make of it.

    `sure` is a part that no encoding changes: a text without it is not looked at any further.
    """

    secret: str
    text: str
    units: tuple[_Unit, ...]
    sure: str

    def hide(self, text: str) -> str:
        """The text with `***` for each time it appears, in any encoding."""
        if self.sure not in text:
            return text
        anchor = _compiled("".join(unit.pattern for unit in self.units[:_ANCHOR]))
        parts, kept, place = [], 0, 0
        while found := anchor.search(text, place):
            end = self._end(text, found.start())
            if end is None:
                place = found.start() + 1
                continue
            start = found.start()
            while start > kept and text[start - 1] == "\\":
                start -= 1  # it may be half of an escape: JSON without it would not be JSON
            parts += [text[kept:start], STARS]
            kept = place = end
        return "".join([*parts, text[kept:]])

    def _end(self, text: str, start: int) -> int | None:
        """Where the whole of it ends, if it begins at `start`."""
        places = {start}
        for unit in self.units:
            places = {end for place in places for end in unit.ends(text, place)}
            if not places:
                return None
            if len(places) > _DEEPEST**2:  # a text of backslashes: any reading of it will do
                places = set(sorted(places)[: _DEEPEST**2])
        return max(places)


def _needles(secret: str) -> Iterator[_Needle]:
    """A secret in the clear; and it and its escaped forms as base64 and hexadecimal."""
    from binascii import hexlify
    from functools import partial
    from json import dumps
    from urllib.parse import quote

    yield _needle(secret, secret)
    escaped = [dumps(secret)[1:-1], dumps(secret, ensure_ascii=False)[1:-1]]
    url = partial(quote, secret, errors="surrogatepass")
    written = [secret, *escaped, url(safe=""), url(), url(safe="").replace("%20", "+")]
    for form in dict.fromkeys(written):
        octets = form.encode("utf-8", "surrogatepass")
        cores = dict.fromkeys(_base64_cores(octets))
        yield from (_needle(secret, core, base64=True) for core in cores if len(core) >= SHORTEST)
        yield from (_needle(secret, core) for core in _hex_forms(hexlify(octets).decode()))


def _base64_cores(octets: bytes) -> Iterator[str]:
    """Octets as base64 at each of the three places in which they can fall in a longer text.

    The outermost characters hold bits of their neighbours, and are left out.
    """
    from base64 import b64encode

    for before in range(3):
        text = b64encode(bytes(before) + octets).decode()
        bits = 8 * (before + len(octets))
        yield text[-(-8 * before // 6) : bits // 6]


def _hex_forms(digits: str) -> Iterator[str]:
    if len(digits) >= 2 * SHORTEST:
        yield from dict.fromkeys([digits, digits.upper()])


def _needle(secret: str, text: str, *, base64: bool = False) -> _Needle:
    units = tuple(_unit(char, base64) for char in text)
    return _Needle(secret, text, units, _sure(text))


def _sure(text: str) -> str:
    """Its longest run of letters and digits: encodings leave these as they are."""
    runs: Sequence[str] = re.findall("[A-Za-z0-9]+", text)
    return max(runs, key=len, default="")[:_ANCHOR]
