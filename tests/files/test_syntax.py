"""What people type wrong, and what they are told."""

from __future__ import annotations

import pytest

from flashsync.files import parser
from flashsync.files.parser import SyntaxFault
from flashsync.files.syntax_errors import explain
from tests.files.helpers import problems

COLON_IN_VALUE = (
    "a colon stands inside a value, which makes it look like another key; put the value"
)
NEITHER = "this line is neither a key with a value nor an entry of a list; write `key: value` or"
FOLLOWS = "text follows after the closing"
INDENTED = "this key is indented as if it were part of the value in line 1; indent it like the keys"
NO_PLACE = "the indentation of this line fits no line above it; indent it like the lines it belongs"
COMPLETE = "the document is already complete before this; begin another one with ---, or take this"
PERCENT = (
    "a line that begins with % is an instruction to YAML, and this one is not understood; take"
)

CASES = [
    # tabs and other blanks
    ("a:\n\tb: c\n", "2:1: a tab stands in the indentation; indent with blanks"),
    ("a:\r\n\t- c\r\n", "2:1: a tab stands in the indentation; indent with blanks"),
    ("a:\n  - b: c\n\t  d: [e]\n", "3:1: a tab stands in the indentation; indent with blanks"),
    ("a: |\n\tb\n", "2:1: a tab stands in the indentation; indent with blanks"),
    ("a:\u00a0b\nc: d\n", "1:3: the character U+00A0 looks like a blank, and is none to YAML; wri"),
    ("a:\n\u3000b: c\n d: e\n", "2:1: the character U+3000 looks like a blank, and is none to YAM"),
    # quotes
    ('a: "b\nc: d\n', '1:4: the quote " that opens here is never closed; write " at the end of th'),
    ("a: 'b\nc: d\n", "1:4: the quote ' that opens here is never closed; write ' at the end of th"),
    ('a: "b\n---\nc"\n', '1:4: the quote " that opens here is never closed; write " at the end of'),
    ('a: "b" c\n', f'1:8: {FOLLOWS} "; put the whole value in quotes, or take the rest out'),
    ("a: 'it's'\n", f"1:8: {FOLLOWS} '; put the whole value in quotes, or take the rest out"),
    ('a: "b", "c"\n', f'1:7: {FOLLOWS} "; put the whole value in quotes, or take the rest out'),
    ("a: [b] c\n", f"1:8: {FOLLOWS} ]; put the whole value in quotes, or take the rest out"),
    (
        'a: "C:\\path"',
        "1:7: `\\p` does not begin a valid escape in double quotes; write two backsla",
    ),
    (
        'a: "\\xzz"',
        "1:5: `\\x` does not begin a valid escape in double quotes; write two backslashe",
    ),
    # brackets
    (
        "a: [b, c\nd: e\n",
        "1:4: the `[` that opens here is not closed, or a comma is missing; write",
    ),
    (
        "a: {b: c\nd: e\n",
        "1:4: the `{` that opens here is not closed, or a comma is missing; write",
    ),
    (
        "a: [b, c",
        "1:4: the `[` that opens here is not closed, or a comma is missing; write `]` at",
    ),
    (
        "a: [b}",
        "1:6: a comma or `]` is missing here; write it, or put what stands between two comm",
    ),
    ('{"a": "b" "c"}', "1:11: a comma or `}` is missing here; write it, or put what stands betwee"),
    ("[a,,b]", "1:4: `,` stands where a value is due; write the value; in quotes, if it begins so"),
    ("a: ]", "1:4: `]` stands where a value is due; write the value; in quotes, if it begins so"),
    ("a: [\n", "2:1: the file ends inside a list or mapping; close the bracket that it opens with"),
    # colons and dashes
    (
        "a: b\nteam:SRE\nc: d\n",
        "2:5: there is no blank after the colon of `team`; write `team: SRE",
    ),
    ("team:SRE\nc: d\n", "1:5: there is no blank after the colon of `team`; write `team: SRE`"),
    (
        "a: b\nteam：SRE\nc: d\n",
        "2:5: the colon after `team` is a full-width one; write an ordinary",
    ),
    (
        "l:\n  - 层：x\n    g: [a]\n",
        "2:6: the colon after `层` is a full-width one; write an ordinary",
    ),
    ("g:\n  - a\n  -b\n", "3:3: there is no blank after the dash; write `- b`"),
    ("a: b: c\n", f"1:5: {COLON_IN_VALUE}"),
    ("a: b\n  c: d\n", f"2:3: {INDENTED}"),
    ("a b\nc: d\n", f"1:1: {NEITHER}"),
    ("a: b\nc = d\n\ne: f\n", f"2:1: {NEITHER}"),
    (
        "a: b\n--- c: d\n",
        "2:6: a mapping cannot begin in the line of ---; begin it on the next line",
    ),
    ("a:" * 1000, "1:1: this key is longer than 1,024 characters; shorten it"),
    ("k" * 1100 + ": b\n", "1:1: this key is longer than 1,024 characters; shorten it"),
    (
        "a: - b\n",
        "1:4: a list cannot begin in the line of its key; write `- ` on the next line, or ",
    ),
    (
        "- a\nb: c\n",
        "2:1: this line stands where the next entry of a list is due; begin it with `-",
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
        "1:4: text cannot follow `>` in its line; write it on the lines below, or put the ",
    ),
    (
        "a: |0\n b\n",
        "1:4: text cannot follow `|` in its line; write it on the lines below, or put t",
    ),
    (
        "a: &b &c d\n",
        "1:7: this cannot follow what stands before it in the line; put the whole val",
    ),
    # documents and directives
    ("[a]\nb\n", f"2:1: {COMPLETE}"),
    ("a: b\n... c\n", f"2:5: {COMPLETE}"),
    ("%YAML 1.1\na: b\n", "2:1: a line that begins with % must be followed by a line with ---; wr"),
    (
        "%YAML 2.0\n---\na: b\n",
        "1:1: this version of YAML is not read; take the line with %YAML ou",
    ),
    (
        "%YAML 1.3\n---\na: b\n",
        "1:1: this version of YAML is not read; take the line with %YAML ou",
    ),
    ("%YAML 1.1\n%YAML 1.1\n---\na: b\n", f"2:1: {PERCENT}"),
    ("a: b\n%c\n", f"2:1: {PERCENT}"),
    # version control
    ("a: b\n<<<<<<< HEAD\nc: d\n=======\n", "2:1: a merge conflict was left in the file; resolve"),
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
        "f.yaml:1:3: this is not YAML: odd\\x1bthing; "
        "check the quotes, brackets and indentation around here"
    )
