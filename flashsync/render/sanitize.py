"""Makes text and JSON harmless for terminals and CI logs."""

from __future__ import annotations

import json
import re

from flashsync.model.mask import hide, hide_in

UNSEEN = (
    "\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
"""Characters that a terminal obeys or hides, for a character class: C1 controls, bidi controls,
zero-width and filler characters, line separators, lone surrogates, tags. C0 controls are not
listed, because JSON escapes them itself."""

_WORKFLOW = (
    "error|warning|notice|debug|echo|group|endgroup|stop-commands|add-mask|add-path|set-env"
    "|set-output|save-state|add-matcher|remove-matcher"
)
_COMMANDS = rf"(?<!\S):(?=:)|:(?=:(?i:{_WORKFLOW})\b)|#(?=#\w*\[)"
"""Commands that a CI system may obey in a log: `::error::` as a word, or at the start of a line if
a long word is broken; `##[section]`, `##vso[task]`."""
_HARMFUL = re.compile(rf"[\x00-\x1f{UNSEEN}]|{_COMMANDS}")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def clean(text: str) -> str:
    r"""The text with invisible characters as escapes: `\n`, `\x1b`, `\u202e`.

    Names come from the account, where anybody may have typed anything. The result is valid UTF-8,
    stays on its line, and contains no command. Secrets are hidden first, before layout or a cut.
    """
    return _HARMFUL.sub(_escape, hide(text))


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


_UNSEEN = re.compile(f"[{UNSEEN}]")


def dump(document: object) -> str:
    """The document as JSON that no terminal obeys, with a line end.

    json.dumps escapes the C0 controls. Other invisible characters become escapes as well: the same
    document to every reader, and valid UTF-8 even with a lone surrogate.
    """
    return sanitize_json(json.dumps(document, ensure_ascii=False, indent=2))


def sanitize_json(text: str) -> str:
    """JSON of this indent without secrets and without what a terminal obeys, with a line end."""
    if hide(text) != text:  # seldom, and by its texts, so that it stays JSON
        text = json.dumps(hide_in(json.loads(text)), ensure_ascii=False, indent=2)
    return _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n"
