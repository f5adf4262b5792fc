"""Markdown for a comment on a pull request: names that can do no harm, and building blocks.

Comments are read by GitHub's and GitLab's own rules: what looks like a mention, a reference, an
address or an emoji becomes one even where Markdown itself sees plain text, and entities do not
hinder it. So what begins one is followed by a zero-width space, as other bots do it too; what
Markdown or HTML would obey is an entity, which never is syntax, inside HTML as outside.
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
"""Characters of one text; what is longer ends in `…`."""

_BREAK = "\u200b"
"""Marks a place while a text is made safe: no clean text holds it."""
_SHOWN_BREAK = "&#8203;"
_REFERENCES = re.compile(
    r"""
      [@#](?=\S)                    # @alice, #12
    | [!%&~$^*](?=[\w"'])           # !12, %1, &1, ~label, $1
    | \b(?:gh|gl)-(?=\d)            # GH-12
    | :(?=//)                       # https://
    | \bwww(?=\.)
    | :(?=(?:[\w+-]*[a-z_+][\w+-]*|-1|100|1234)(?::|$))  # :tada:, and no time of day
    | [{\[](?=[+-]|[a-z_-]+:)       # {+ a diff +}, [issue:1]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COMMIT = r"(?<!\w)(?!\d{13,}(?!\w))[0-9a-f]{7,40}(?!\w)"
"""What may be read as a commit. Ids of the account have 13 digits and stay whole."""
_COMMITS = re.compile(_COMMIT)
_SHORT = re.compile(r".{1,6}")
_CODE = re.compile(rf"`([^`]+)`|(https?://[^\s`<>|\"'\\\[\](){{}},;…]+)|({_COMMIT})")
_CONSOLE = re.compile(r"https://(?:[a-z\d-]+\.)*flashcat\.cloud/[\w./?=&%-]*", re.ASCII)
"""Addresses of the platform, which alone become links: any other may be in somebody's title."""
_SYNTAX = re.compile(
    r"""
      [\\`*\[\]<>&|~$]
    | (?<![^\W_])_ | _(?![^\W_])    # inside a word it is plain
    """,
    re.VERBOSE,
)
_BLOCK = re.compile(r"^(?:[#>+\-=:/.]|\d+(?=[.)]))")
"""What begins a heading, a quotation, a list or a command of GitLab, at the start of a line."""


def text(value: str, most: int = LONGEST) -> str:
    """A text that stays the text it is, in Markdown, in a cell of a table and inside HTML."""
    return _BLOCK.sub(_entities, _inline(_line(value, most)))


def _inline(line: str) -> str:
    """A line that is safe anywhere but at the start of a block."""
    broken = _REFERENCES.sub(rf"\g<0>{_BREAK}", _COMMITS.sub(_parted, line))
    return _SYNTAX.sub(_entities, broken).replace(_BREAK, _SHOWN_BREAK)


def _line(value: str, most: int) -> str:
    """All of it visible, on one line, with single blanks, and not too long."""
    line = " ".join(clean(hide(value)[: most + 1]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _parted(found: re.Match[str]) -> str:
    """In pieces that are too short to be a commit, each."""
    return _BREAK.join(_SHORT.findall(found[0]))


def _entities(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(char)};" for char in found[0])


def code(value: str, most: int = LONGEST) -> str:
    """A text as code, in which nothing is obeyed."""
    line = _line(value, most)
    if not line or "`" in line or "|" in line:
        return f"<code>{text(line, most + 1)}</code>"
    return f"`{line}`"


def prose(value: str, most: int = LONGEST) -> str:
    """A sentence of ours with names in it: what stands between backticks is code.

    So are addresses, to be copied; those of the platform's console are links.
    """
    parts, end = [], 0
    line = _line(value, most)
    for found in _CODE.finditer(line):
        parts += [_inline(line[end : found.start()]), _verbatim(found, most)]
        end = found.end()
    return _BLOCK.sub(_entities, "".join([*parts, _inline(line[end:])]))


def _verbatim(found: re.Match[str], most: int) -> str:
    if found[2] and _CONSOLE.fullmatch(found[2]):
        return f"<{found[2]}>"
    return code(found[1] or found[2] or found[3], most)


def strong(markup: str) -> str:
    """Markup that stands out."""
    return f"**{markup}**" if markup else ""


def row(cells: Sequence[str]) -> str:
    """One row of a table, of markup."""
    return f"| {' | '.join(cells)} |"


def head(titles: Sequence[str]) -> str:
    """The head of a table, with its line end."""
    return f"{row(titles)}\n{row(['---'] * len(titles))}\n"


def fold(summary: str, body: str) -> str:
    """What opens at a click. The summary stands inside HTML: give it as made by `text`."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


_ELSEWHERE = ("/", "<", "../", ".flashsync/")
"""How a file is called that is not in the repository."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where the files of a run can be read: `https://github.com/o/r/blob/SHA`, or nowhere."""

    base: str = ""

    def place(self, position: Position) -> str:
        """`file:line`, a link where there is a base."""
        label = f"{position.file}:{position.line}"
        if not self.base or position.file.startswith(_ELSEWHERE):
            return code(label)
        return f"[{text(label)}]({self.base.rstrip('/')}/{quote(position.file)}#L{position.line})"

    def problem(self, problem: Problem) -> str:
        """What is wrong, what to do, and where."""
        said = prose(problem.text)
        return f"{self.place(problem.position)}: {said}" if problem.position else said
