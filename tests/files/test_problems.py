"""Files that are YAML, and say what a schedule file may not say."""

from __future__ import annotations

import pytest

from tests.files.helpers import problems

NESTED = "lists and mappings are nested more than 50 levels deep; take out some brackets or levels"
BOMB = "the aliases of this file stand for more than 100,000 values; write less with aliases"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("team:\nlayers: []\n", "1:1: `team` has no value; write one, or leave the key out"),
        ("team: ~", "1:1: `team` has no value; write one, or leave the key out"),
        ("a: {b: null}", "1:5: `b` has no value; write one, or leave the key out"),
        ("a: {b, c: d}", "1:5: `b` has no value; write one, or leave the key out"),
        (
            "{person:erin, role: x}",
            "1:2: `person:erin` has no value; write a blank after the colon",
        ),
        ("groups:\n  - a\n  -\n", "3:4: this entry of the list is empty; fill it, or take it out"),
        ("[a, ~]", "1:5: this entry of the list is empty; fill it, or take it out"),
        ("--- null", "1:5: the document has no content; write some, or take it out"),
        ("x-a: &a {b: ~}\nc: *a\nd: *a", "1:10: `b` has no value; write one, or leave the key out"),
        ("x-a: &a ~\nb: *a\nc: *a", "2:1: `b` has no value; write one, or leave the key out"),
        ("a: b\nc: d\na: e", "3:1: the key `a` is already in line 1; write it once"),
        ("a: {'b': 1, \"b\": 2}", "1:13: the key `b` is already in line 1; write it once"),
        ("x-a: {b: 1, b: 2}", "1:13: the key `b` is already in line 1; write it once"),
        ("<<: {}\n<<: {}\n", "2:1: the key `<<` is already in line 1; write it once"),
        ("a: !!str 2026", "1:4: the tag `!!str` is not allowed; take it out, or quote the value "),
        ("a: !secret x", "1:4: the tag `!secret` is not allowed; take it out, or quote the value "),
        ("a: ! x", "1:4: the tag `!` is not allowed; take it out, or quote the value if it begins"),
        (
            "a: !<tag:x> x",
            "1:4: the tag `tag:x` is not allowed; take it out, or quote the value if",
        ),
        (
            "!a x: y",
            "1:1: the tag `!a` is not allowed; take it out, or quote the value if it begins",
        ),
        ("a: !!map {}", "1:4: the tag `!!map` is not allowed; take it out, or quote the value if "),
        (
            "- !!seq []",
            "1:3: the tag `!!seq` is not allowed; take it out, or quote the value if it",
        ),
        ("[a]: b", "1:1: a list or mapping stands where a key is due; write a text; in quotes, if"),
        ("a: {{ b }}", "1:5: a list or mapping stands where a key is due; write a text; in quotes"),
        ("? {a: b}\n: c", "1:3: a list or mapping stands where a key is due; write a text; in quo"),
        ("a: b\n: c", "2:1: there is no key before this colon; write one"),
        (
            "<<: text",
            "1:5: the merge key `<<` takes a mapping or a list of them; write an alias of",
        ),
        ("<<: [{}, text]", "1:10: the merge key `<<` takes a mapping or a list of them; write an"),
        (
            "<<:",
            "1:4: the merge key `<<` takes a mapping or a list of them; write an alias of one,",
        ),
        (
            "a: *b",
            "1:4: the alias `*b` has no anchor `&b` before it; put the anchor before the val",
        ),
        ("a: &b 1\n---\nc: *b", "3:4: the alias `*b` has no anchor `&b` before it; put the anchor"),
        ("&a [*a]", "1:5: the alias `*a` stands inside its own anchor; write out what is meant"),
        (
            "a: &b 1\nc: &b {d: [*b]}",
            "2:12: the alias `*b` stands inside its own anchor; write out",
        ),
        (
            'a: "\\ud800"',
            "1:4: `\\ud800` holds half a character, which cannot be stored; write the",
        ),
        ("\n# only\n---\n...\n", "1:1: the file is empty; fill it, or delete it"),
        ("", "1:1: the file is empty; fill it, or delete it"),
        (
            "a: b\x07",
            "1:5: the control character U+0007 cannot stand in a YAML file; take it out, o",
        ),
        (
            "a: b\r\n\r\nc: \x00",
            "3:4: the control character U+0000 cannot stand in a YAML file; ta",
        ),
        (
            "a: b\rc: d\x7f",
            "2:5: the control character U+007F cannot stand in a YAML file; take it",
        ),
        ("a: b\n\ufeffc: d", "2:1: an invisible byte order mark (U+FEFF) stands here; take it out"),
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


def test_what_was_found_before_a_syntax_error_is_told_too() -> None:
    first, second = problems("a: 1\na: 2\nb: [c\n")
    assert first == "2:1: the key `a` is already in line 1; write it once"
    assert second.startswith("3:4: the `[` that opens here is not closed")


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
