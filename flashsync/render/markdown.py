"""Markdown for a comment on a pull request: names that can do no harm, and building blocks.

GitHub and GitLab turn everything in a comment that looks like a mention, a reference, an address or
an emoji into a link, even in text that is plain for Markdown, and entities do not stop them. A
zero-width space after its first character does; other bots do the same. Characters that Markdown or
HTML would obey become entities, which are never syntax, inside HTML or outside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flashsync.errors import Position, Problem
from flashsync.model.mask import hide
from flashsync.render.sanitize import clean

LONGEST = 600
"""Characters of one text; a longer text ends in `…`."""

_BREAK = "\u200b"
"""Marks a position while a text is made safe; clean text never contains it."""
_SHOWN_BREAK = "&#8203;"
_REFERENCES = re.compile(
    r"""
      [@#](?=\S)                    # @alice, #12
    | [!%&~$^*](?=[\w"'])           # !12, %1, &1, ~label, $1
    | \b(?:gh|gl)-(?=\d)            # GH-12
    | :(?=//)                       # https://
    | \bwww(?=\.)
    | :(?=(?:[\w+-]*[a-z_+][\w+-]*|-1|100|1234)(?::|$))  # :tada:; not a time of day
    | [{\[](?=[+-]|[a-z_-]+:)       # {+ a diff +}, [issue:1]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COMMIT = r"(?<!\w)(?!\d{13,}(?!\w))[0-9a-f]{7,40}(?!\w)"
"""Looks like a commit. Ids of the account have 13 digits and stay whole."""
_COMMITS = re.compile(_COMMIT)
_SHORT = re.compile(r".{1,6}")
_CODE = re.compile(rf"`([^`]+)`|(https?://[^\s`<>|\"'\\\[\](){{}},;…]+)|({_COMMIT})")
_CONSOLE = re.compile(r"https://(?:[a-z\d-]+\.)*flashcat\.cloud/[\w./?=&%-]*", re.ASCII)
"""Addresses of the platform. Only these become links; others may come from a title."""
_SYNTAX = re.compile(
    r"""
      [\\`*\[\]<>&|~$]
    | (?<![^\W_])_ | _(?![^\W_])    # inside a word it is plain
    """,
    re.VERBOSE,
)
_BLOCK = re.compile(r"^(?:[#>+\-=:/.]|\d+(?=[.)]))")
"""The start of a heading, a quotation, a list or a GitLab command, at the start of a line."""


def text(value: str, most: int = LONGEST) -> str:
    """A text that stays plain in Markdown, in a cell of a table and inside HTML."""
    return _BLOCK.sub(_entities, _inline(_line(value, most)))


def _inline(line: str) -> str:
    """A line that is safe except at the start of a block."""
    # pieces that are too short for a commit
    line = _COMMITS.sub(lambda found: _BREAK.join(_SHORT.findall(found[0])), line)
    broken = _REFERENCES.sub(rf"\g<0>{_BREAK}", line)
    return _SYNTAX.sub(_entities, broken).replace(_BREAK, _SHOWN_BREAK)


def _line(value: str, most: int) -> str:
    """The visible text on one line, with single spaces, cut to `most`."""
    line = " ".join(clean(hide(value)[: most + 1]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _entities(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(char)};" for char in found[0])


def code(value: str, most: int = LONGEST) -> str:
    """A text as code, without any syntax inside."""
    line = _line(value, most)
    if not line or "`" in line or "|" in line:
        return f"<code>{text(line, most + 1)}</code>"
    return f"`{line}`"


def prose(value: str, most: int = LONGEST) -> str:
    """A sentence of ours with names in it. Text between backticks is code.

    Addresses are code, too; addresses of the platform's console are links.
    """
    parts, end = [], 0
    line = _line(value, most)
    for found in _CODE.finditer(line):
        parts += [_inline(line[end : found.start()]), _link_or_code(found, most)]
        end = found.end()
    return _BLOCK.sub(_entities, "".join([*parts, _inline(line[end:])]))


def _link_or_code(found: re.Match[str], most: int) -> str:
    if found[2] and _CONSOLE.fullmatch(found[2]):
        return f"<{found[2]}>"
    return code(found[1] or found[2] or found[3], most)


def strong(markup: str) -> str:
    """Bold markup."""
    return f"**{markup}**" if markup else ""


def row(cells: Sequence[str]) -> str:
    """One row of a table, of markup."""
    return f"| {' | '.join(cells)} |"


def head(titles: Sequence[str]) -> str:
    """The head of a table, with its line end."""
    return f"{row(titles)}\n{row(['---'] * len(titles))}\n"


def fold(summary: str, body: str) -> str:
    """A fold that opens at a click. The summary is inside HTML: make it with `text`."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


_ELSEWHERE = ("/", "<", "../", ".flashsync/")
"""The starts of file names outside the repository."""


@dataclass(frozen=True, slots=True)
class Links:
    """The address of a run's files: `https://github.com/o/r/blob/SHA`, or none."""

    base: str = ""

    def place(self, position: Position) -> str:
        """`file:line`, as a link if there is a base."""
        label, address = f"{position.file}:{position.line}", self.address(position)
        return f"[{text(label)}]({address})" if address else code(label)

    def address(self, position: Position) -> str:
        """The web address of a line; none without a base, or outside the repository."""
        if not self.base or position.file.startswith(_ELSEWHERE):
            return ""
        path = quote(position.file, errors="surrogatepass")
        return f"{self.base.rstrip('/')}/{path}#L{position.line}"

    def problem(self, problem: Problem) -> str:
        """Position, message and remedy."""
        line = prose(problem.text)
        return f"{self.place(problem.position)}: {line}" if problem.position else line
