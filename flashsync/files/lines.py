"""The lines of a text by place: what stands before and after something in its own."""

from __future__ import annotations

import re

_BREAK = re.compile(r"\r\n|\n|\r")
_COMMENT_LINE = re.compile(r"([ \t]*)#[^\r\n]*(\r\n|\n|\r|$)")
_REST = re.compile(r"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?(?=\r|\n|\Z)")
BLANKS = " \t"


class Lines:
    """A text that is asked about its lines; all places are counted in characters."""

    def __init__(self, text: str) -> None:
        self.text = text

    def begin(self, at: int) -> int:
        """Where the line of a place begins."""
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def end(self, at: int) -> int:
        """Where the line of a place ends, before its line break."""
        found = _BREAK.search(self.text, at)
        return found.start() if found else len(self.text)

    def after(self, at: int) -> int:
        """Where the next line begins."""
        found = _BREAK.search(self.text, at)
        return found.end() if found else len(self.text)

    def column(self, at: int) -> int:
        """How many characters stand before a place in its line."""
        return at - self.begin(at)

    def before(self, at: int) -> str:
        """What stands before a place in its line."""
        return self.text[self.begin(at) : at]

    def leads(self, at: int) -> bool:
        """Whether only blanks stand before a place in its line."""
        return not self.before(at).strip(BLANKS)

    def closes(self, at: int) -> bool:
        """Whether only blanks and a comment stand after a place in its line."""
        return _REST.match(self.text, at) is not None

    def same(self, one: int, other: int) -> bool:
        """Whether two places are in one line."""
        return self.begin(one) == self.begin(other)

    def past_comments(self, at: int, column: int) -> int:
        """Past the comment lines from this line's begin on that are indented beyond a column."""
        while (found := _COMMENT_LINE.match(self.text, at)) and len(found[1]) > column:
            at = found.end()
            if not found[2]:
                break
        return at

    def line_break(self, at: int) -> str:
        """The line break to use at a place: of its line, else of the one before, else of any."""
        found = _BREAK.search(self.text, at)
        if found:
            return found[0]
        begin = self.begin(at)
        return (
            "\r\n" if self.text[:begin].endswith("\r\n") else self.text[begin - 1 : begin] or "\n"
        )

    def lines(self, begin: int, end: int) -> tuple[int, int]:
        """What to cut so that whole lines go; a text without a last line break stays without."""
        if end == len(self.text) and not self.text.endswith(("\n", "\r")):
            begin = self.begin(begin)
            begin -= 2 if self.text[:begin].endswith("\r\n") else min(begin, 1)
        return begin, end
