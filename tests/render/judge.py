"""What Markdown really says, by a parser of its own: the judge of everything that is rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_OUR_INLINE = {"<br>", "<code>", "</code>", "<sub>", "</sub>"}
_FOLD = re.compile(r"<details><summary>(?P<summary>.*)</summary>\n?|</details>\n?")
_MARKUP = re.compile(r"</?b>")
_OBEYED = re.compile(
    r"""
      @\w | \#\d | \bgh-\d | :// | \bwww\. | :[a-z]\w*: | [!%&~$]\d | \{\+
    | (?<!\w)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}(?!\w)
    | [\x00-\x08\u202a-\u202e\u2066-\u2069\ufeff]
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What GitHub or GitLab makes something of, though it is plain text to Markdown."""

SNIPPETS = (
    "|", "\n", "\r\n", "`", "``", "```", "~~~", "~~", "<!--", "-->", "<b>", "</b>", "</details>",
    "</summary>", "<script>", "<img src=x>", "@alice", "@org/team", "#12", "!12", "%1", "GH-12",
    "o/r#1", "https://evil.example/x", "www.evil.example", "a@evil.example", ":tada:", "[x](//e)",
    "![x](y)", "[x]: y", "[^1]", "&lt;", "&#64;alice", "\u202e", "\u200b", "\u2066", "\\", "*",
    "**", "_", "__", "$x$", "deadbeef1234567", "    ", "# h", "- x", "1. x", "> q", "---", "===",
    "::error::x", "##[error]x", "/close", "{+", "[ ]", "王", "ö", " ",
)  # fmt: skip
hostile_parts = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=3), min_size=1, max_size=6)
hostile = hostile_parts.map("".join).filter(str.strip)
"""Names as somebody would write them who wants to break a comment."""


def skeleton(markdown: str) -> list[str]:
    """The blocks of a document in their order: headings, lists, rows, cells, folds."""
    return [_kind(token) for token in _PARSER.parse(markdown)]


def _kind(token: Token) -> str:
    if token.type != "html_block":
        return token.type
    assert _FOLD.fullmatch(token.content), token.content
    return "close" if token.content.startswith("</") else "open"


def check_harmless(markdown: str, base: str = "") -> None:
    """No HTML, link or image but ours, folds that close, and nothing that the platforms obey."""
    tokens = _PARSER.parse(markdown)
    kinds = [_kind(token) for token in tokens]
    assert kinds.count("open") == kinds.count("close")
    assert not {"fence", "code_block", "hr", "blockquote_open", "ordered_list_open"} & {*kinds}
    for inline in (one for token in tokens for one in token.children or ()):
        assert inline.type != "image"
        if inline.type == "html_inline":
            assert inline.content in _OUR_INLINE, inline.content
        if inline.type == "link_open":
            assert base
            assert str(inline.attrs["href"]).startswith(base)
    for text in _texts(tokens):
        assert not (found := _OBEYED.search(text)), (found, text)


def _texts(tokens: list[Token]) -> Iterator[str]:
    """All that is shown and not code."""
    for token in tokens:
        fold = _FOLD.fullmatch(token.content) if token.type == "html_block" else None
        if fold and fold["summary"]:
            raw = _MARKUP.sub("", fold["summary"])
            assert "<" not in raw
            yield unescape(raw)
        text, in_code = "", False
        for inline in token.children or ():
            if inline.type == "html_inline":
                in_code = inline.content == "<code>"
            text += inline.content if inline.type == "text" and not in_code else "\n"
        yield text
