"""The structure of a page as text: headings, sentences, fields, rows of tables, links."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = {
    "h1": "# ", "h2": "## ", "h3": "### ", "p": "", "li": "- ", "dt": "· ", "dd": "  ",
    "summary": "> ", "tr": "| ", "caption": "| ",
}  # fmt: skip
_CELLS = ("td", "th")
_SILENT = ("style", "script", "title")
_LANE = "lane"


class Outline(HTMLParser):
    """Reads a page; `lines` are its blocks, without the drawing and the controls."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self._block: str | None = None
        self._silent = 0
        self._svg = 0
        self.feed(page)
        self.close()
        self._end()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        if name := known.get("id"):
            self.ids.append(name)
        if tag == "a" and known.get("href"):
            self.links.append(str(known["href"]))
        if tag == "svg":
            self._svg += 1
        elif tag in _SILENT:
            self._silent += 1
        elif _LANE in str(known.get("class", "")).split():
            self._end()
            self.lines.append(f"[{known.get('aria-label')}]")
        elif tag in _BLOCKS:
            self._end()
            self._block = _BLOCKS[tag]
        elif tag in _CELLS and self._block is not None and self._block != "| ":
            self._block += " | "

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._svg -= 1
        elif tag in _SILENT:
            self._silent -= 1
        elif tag in _BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        if self._block is not None and not self._svg and not self._silent:
            self._block += data

    def _end(self) -> None:
        line = " ".join((self._block or "").split())
        if line.strip("|#->· "):
            self.lines.append(line)
        self._block = None


def outline(page: str) -> str:
    """The lines of a page."""
    return "\n".join(Outline(page).lines) + "\n"
