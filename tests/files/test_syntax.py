"""What people type wrong, and the errors they get."""

from __future__ import annotations

import pytest

from flashsync.files import parser
from flashsync.files.parser import SyntaxFault
from flashsync.files.syntax_errors import explain
from tests.files.helpers import problems

COLON_IN_VALUE = "colon inside a value; put the value"
NEITHER = "expected a key with a value or a list entry; write `key: value` or"
FOLLOWS = "unexpected text after the closing"
INDENTED = "this key is indented below the value on line 1; indent it like the keys"
NO_PLACE = "this indentation matches no line above; indent it like the lines around it"
COMPLETE = "the document has already ended; begin another document with ---, or"
PERCENT = "unknown YAML directive; remove"

CASES = [
    # tabs and other blanks
    ("a:\n\tb: c\n", "2:1: tab in indentation; use spaces"),
    ("a:\r\n\t- c\r\n", "2:1: tab in indentation; use spaces"),
    ("a:\n  - b: c\n\t  d: [e]\n", "3:1: tab in indentation; use spaces"),
    ("a: |\n\tb\n", "2:1: tab in indentation; use spaces"),
    ("a:\u00a0b\nc: d\n", "1:3: U+00A0 is not a plain space"),
    ("a:\n\u3000b: c\n d: e\n", "2:1: U+3000 is not a plain space"),
    # quotes
    ('a: "b\nc: d\n', '1:4: unclosed quote "; add " at the end of the text'),
    ("a: 'b\nc: d\n", "1:4: unclosed quote '; add ' at the end of the text"),
    ('a: "b\n---\nc"\n', '1:4: unclosed quote "; add " at the end of the text'),
    ('a: "b" c\n', f'1:8: {FOLLOWS} "; put the whole value in quotes, or remove the rest'),
    ("a: 'it's'\n", f"1:8: {FOLLOWS} '; put the whole value in quotes, or remove the rest"),
    ('a: "b", "c"\n', f'1:7: {FOLLOWS} "; put the whole value in quotes, or remove the rest'),
    ("a: [b] c\n", f"1:8: {FOLLOWS} ]; put the whole value in quotes, or remove the rest"),
    (
        'a: "C:\\path"',
        "1:7: `\\p` is not a valid escape in double quotes; write two backsla",
    ),
    (
        'a: "\\xzz"',
        "1:5: `\\x` is not a valid escape in double quotes; write two backslashe",
    ),
    # brackets
    (
        "a: [b, c\nd: e\n",
        "1:4: unclosed `[` or missing comma; add",
    ),
    (
        "a: {b: c\nd: e\n",
        "1:4: unclosed `{` or missing comma; add",
    ),
    (
        "a: [b, c",
        "1:4: unclosed `[` or missing comma; add",
    ),
    (
        "a: [b}",
        "1:6: missing comma or `]`; add it, or quote the text between the commas",
    ),
    ('{"a": "b" "c"}', "1:11: missing comma or `}`; add it, or quote the text between the commas"),
    (
        "[a,,b]",
        "1:4: expected a value, found `,`; quote the value if it begins with this character",
    ),
    ("a: ]", "1:4: expected a value, found `]`; quote the value if it begins with this character"),
    ("a: [\n", "2:1: the file ends inside a list or mapping; add the closing bracket"),
    # colons and dashes
    (
        "a: b\nteam:SRE\nc: d\n",
        "2:5: missing space after the colon of `team`; write `team: SRE",
    ),
    ("team:SRE\nc: d\n", "1:5: missing space after the colon of `team`; write `team: SRE`"),
    (
        "a: b\nteam：SRE\nc: d\n",
        "2:5: full-width colon after `team`; use an ASCII colon",
    ),
    (
        "l:\n  - 层：x\n    g: [a]\n",
        "2:6: full-width colon after `层`; use an ASCII colon",
    ),
    ("g:\n  - a\n  -b\n", "3:3: missing space after the dash; write `- b`"),
    ("a: b: c\n", f"1:5: {COLON_IN_VALUE}"),
    ("a: b\n  c: d\n", f"2:3: {INDENTED}"),
    ("a b\nc: d\n", f"1:1: {NEITHER}"),
    ("a: b\nc = d\n\ne: f\n", f"2:1: {NEITHER}"),
    (
        "a: b\n--- c: d\n",
        "2:6: a mapping cannot begin on the line of ---; begin it on the next line",
    ),
    ("a:" * 1000, "1:1: this key is longer than 1,024 characters; shorten it"),
    ("k" * 1100 + ": b\n", "1:1: this key is longer than 1,024 characters; shorten it"),
    (
        "a: - b\n",
        "1:4: a list cannot begin on the line of its key; write `- ` on the next line, or ",
    ),
    (
        "- a\nb: c\n",
        "2:1: expected the next list entry; begin the line with `-",
    ),
    # indentation
    ("a:\n    b: c\n  d: e\n", f"3:3: {NO_PLACE}"),
    ("a: |\n  x\n y\nb: c\n", f"3:2: {NO_PLACE}"),
    ("hours:\n  - 09:00-18:00\n days: mon\n", f"3:2: {NO_PLACE}"),
    # signs with a meaning
    ("a: @b\n", "1:4: a value cannot begin with `@`; put it in quotes"),
    ("- %b\n", "1:3: a value cannot begin with `%`; put it in quotes"),
    ("a: `b`\n", "1:4: a value cannot begin with a backtick; put it in quotes"),
    ("a: *\n", "1:4: a value cannot begin with `*`; put it in quotes"),
    ("a: & b\n", "1:4: a value cannot begin with `&`; put it in quotes"),
    ("a: !x!y z\n", "1:4: a value cannot begin with `!`; put it in quotes"),
    ("a: !<x\n", "1:4: a value cannot begin with `!`; put it in quotes"),
    (
        "a: >b\n",
        "1:4: text cannot follow `>` on the same line; write it on the lines below, or put the ",
    ),
    (
        "a: |0\n b\n",
        "1:4: text cannot follow `|` on the same line; write it on the lines below, or put t",
    ),
    (
        "a: &b &c d\n",
        "1:7: unexpected text after the value; put the whole val",
    ),
    # documents and directives
    ("[a]\nb\n", f"2:1: {COMPLETE}"),
    ("a: b\n... c\n", f"2:5: {COMPLETE}"),
    ("%YAML 1.1\na: b\n", "2:1: a % line must be followed by ---; add ---"),
    (
        "%YAML 2.0\n---\na: b\n",
        "1:1: unsupported YAML version; remove the %YAML line",
    ),
    (
        "%YAML 1.3\n---\na: b\n",
        "1:1: unsupported YAML version; remove the %YAML line",
    ),
    ("%YAML 1.1\n%YAML 1.1\n---\na: b\n", f"2:1: {PERCENT}"),
    ("a: b\n%c\n", f"2:1: {PERCENT}"),
    # version control
    ("a: b\n<<<<<<< HEAD\nc: d\n=======\n", "2:1: unresolved merge conflict; resolve"),
]


@pytest.mark.parametrize(("text", "problem"), CASES)
def test_syntax_errors(text: str, problem: str) -> None:
    (found,) = problems(text)
    assert found.startswith(problem)
    assert "\n" not in found


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_the_other_parser_is_understood_as_well(text: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        list(parser.thorough_events(text))
    found = str(explain(caught.value, text, "f.yaml"))
    assert "not YAML" not in found or "%YAML 1.3" in text


def test_a_complaint_that_nobody_foresaw() -> None:
    fault = SyntaxFault("odd\x1bthing", "while reading", (1, 3), (1, 1))
    assert str(explain(fault, "a: b", "f.yaml")) == (
        "f.yaml:1:3: not valid YAML (odd\\x1bthing); "
        "check the quotes, brackets and indentation around here"
    )
