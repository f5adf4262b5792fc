"""Files that are YAML, and say what a schedule file may not say."""

from __future__ import annotations

import pytest

from tests.files.helpers import problems

NESTED = "lists and mappings are nested more than 50 levels deep; remove some levels"
BOMB = "the aliases of this file expand to more than 100,000 values; use fewer aliases"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("team:\nlayers: []\n", "1:1: `team` has no value; add a value or remove the key"),
        ("team: ~", "1:1: `team` has no value; add a value or remove the key"),
        ("a: {b: null}", "1:5: `b` has no value; add a value or remove the key"),
        ("a: {b, c: d}", "1:5: `b` has no value; add a value or remove the key"),
        (
            "{person:erin, role: x}",
            "1:2: `person:erin` has no value; add a space after the colon",
        ),
        ("groups:\n  - a\n  -\n", "3:4: empty list entry; fill it or remove it"),
        ("[a, ~]", "1:5: empty list entry; fill it or remove it"),
        ("--- null", "1:5: the document is empty; add content or remove the document"),
        ("x-a: &a {b: ~}\nc: *a\nd: *a", "1:10: `b` has no value; add a value or remove the key"),
        ("x-a: &a ~\nb: *a\nc: *a", "2:1: `b` has no value; add a value or remove the key"),
        ("a: b\nc: d\na: e", "3:1: duplicate key `a`, first on line 1; remove one"),
        ("a: {'b': 1, \"b\": 2}", "1:13: duplicate key `b`, first on line 1; remove one"),
        ("x-a: {b: 1, b: 2}", "1:13: duplicate key `b`, first on line 1; remove one"),
        ("<<: {}\n<<: {}\n", "2:1: duplicate key `<<`, first on line 1; remove one"),
        ("a: !!str 2026", "1:4: the tag `!!str` is not allowed; remove it, or quote the value"),
        ("a: !secret x", "1:4: the tag `!secret` is not allowed; remove it, or quote the value"),
        ("a: ! x", "1:4: the tag `!` is not allowed; remove it, or quote the value"),
        (
            "a: !<tag:x> x",
            "1:4: the tag `tag:x` is not allowed; remove it, or quote the value",
        ),
        (
            "!a x: y",
            "1:1: the tag `!a` is not allowed; remove it, or quote the value",
        ),
        ("a: !!map {}", "1:4: the tag `!!map` is not allowed; remove it, or quote the value"),
        (
            "- !!seq []",
            "1:3: the tag `!!seq` is not allowed; remove it, or quote the value",
        ),
        ("[a]: b", "1:1: expected a key, found a list or mapping; put a key"),
        ("a: {{ b }}", "1:5: expected a key, found a list or mapping; put a key"),
        ("? {a: b}\n: c", "1:3: expected a key, found a list or mapping; put a key"),
        ("a: b\n: c", "2:1: missing key before this colon; add a key"),
        (
            "<<: text",
            "1:5: `<<` merges a mapping or a list of mappings; write an alias such as",
        ),
        ("<<: [{}, text]", "1:10: `<<` merges a mapping or a list of mappings; write an"),
        (
            "<<:",
            "1:4: `<<` merges a mapping or a list of mappings; write an alias such as",
        ),
        (
            "a: *b",
            "1:4: unknown alias `*b`; add `&b` to an earlier value",
        ),
        ("a: &b 1\n---\nc: *b", "3:4: unknown alias `*b`; add `&b` to an earlier value"),
        ("&a [*a]", "1:5: the alias `*a` is inside its own anchor; write out the value"),
        (
            "a: &b 1\nc: &b {d: [*b]}",
            "2:12: the alias `*b` is inside its own anchor; write out",
        ),
        (
            'a: "\\ud800"',
            "1:4: incomplete character in `\\ud800`; write the",
        ),
        ("\n# only\n---\n...\n", "1:1: the file is empty; fill it or delete it"),
        ("", "1:1: the file is empty; fill it or delete it"),
        (
            "a: b\x07",
            "1:5: control character U+0007 is not allowed in YAML; remove it",
        ),
        (
            "a: b\r\n\r\nc: \x00",
            "3:4: control character U+0000 is not allowed in YAML; remove it",
        ),
        (
            "a: b\rc: d\x7f",
            "2:5: control character U+007F is not allowed in YAML; remove it",
        ),
        ("a: b\n\ufeffc: d", "2:1: invisible byte order mark (U+FEFF); remove it"),
    ],
)
def test_one_problem(text: str, problem: str) -> None:
    (found,) = problems(text)
    assert found.startswith(problem)
    assert "\n" not in found


def test_all_problems_of_a_file_come_at_once_in_its_order() -> None:
    text = "a: !x 1\na: 2\nb: {c: , c: 3}\nd: *e\n---\nf: ~\n---\n? [g]\n: h\n"
    assert [problem.split(":")[:2] for problem in problems(text)] == [
        ["1", "4"],
        ["2", "1"],
        ["3", "5"],
        ["3", "10"],
        ["4", "4"],
        ["6", "1"],
        ["8", "3"],
    ]


def test_problems_before_a_syntax_error_are_listed() -> None:
    first, second = problems("a: 1\na: 2\nb: [c\n")
    assert first == "2:1: duplicate key `a`, first on line 1; remove one"
    assert second.startswith("3:4: unclosed `[")


def test_hostile_keys_are_shown_on_one_short_line() -> None:
    (found,) = problems('"\\e[31m\\nred' + "x" * 100 + '":')
    assert found.startswith("1:1: `\\x1b[31m\\nredxxx")
    assert "…` has no value" in found
    assert len(found) < 120


@pytest.mark.parametrize(
    "opening", ["[", "{", "{a: ", "- ", "? ", "[\n", "&a [", "[[], ", "{x: y, z: "]
)
def test_nesting_bombs(opening: str) -> None:
    (found,) = problems(opening * 100_000)
    assert found.endswith(NESTED)


def test_fifty_levels_are_allowed_and_one_more_is_not() -> None:
    def text(levels: int) -> str:
        return "[" * levels + "]" * levels

    with pytest.raises(pytest.fail.Exception):
        problems(text(50))
    assert problems(text(51)) == [f"1:51: {NESTED}"]


def test_levels_count_through_aliases() -> None:
    chain = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 100))
    (found,) = problems(chain)
    assert found.endswith(NESTED)


def test_alias_bombs() -> None:
    names = "abcdefghij"
    bomb = f"a: &a [{', '.join('x' * 10)}]\n"
    for name, before in zip(names[1:], names, strict=False):
        bomb += f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    (found,) = problems(bomb)
    assert found.endswith(BOMB)


def test_merge_bombs() -> None:
    keys = ", ".join(f"k{i}: v" for i in range(1000))
    (found,) = problems(f"a: &a {{{keys}}}\nb: {{<<: [{', '.join(['*a'] * 1000)}]}}\n")
    assert found.endswith(BOMB)


def test_aliases_over_all_documents_count_together() -> None:
    document = "---\na: &a [" + "x, " * 1000 + "]\nb: [" + "*a, " * 10 + "]\n"
    (found,) = problems(document * 11)
    assert found.endswith(BOMB)
