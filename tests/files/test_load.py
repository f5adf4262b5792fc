"""What comes out of files that are all right."""

from __future__ import annotations

from pathlib import Path

import pytest

from flashsync.files import Origin, load_text
from tests.files.helpers import SOURCE, loaded, trees


@pytest.mark.parametrize(
    "written",
    [
        "2026",
        "on",
        "no",
        "10:30",
        "017",
        "0x1F",
        "1_000",
        "1e3",
        ".inf",
        "=",
        "2026-01-05 10:00",
        "2026-01-05T10:00:00Z",
        "true",
        "False",
        "NO",
        "nUll",
        "None",
        "09:00-18:00",
        "mon-fri",
        "x#y",
    ],
)
def test_a_plain_scalar_is_the_text_as_written(written: str) -> None:
    assert trees(f"a: {written}\n") == [{"a": written}]
    assert trees(f"- {written}\n") == [[written]]
    assert trees(f"[{written}]") == [[written]]


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL", "<<", "2026", "x: y"])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotes_make_text_of_anything(text: str, quote: str) -> None:
    assert trees(f"a: {quote}{text}{quote}\n") == [{"a": text}]
    assert trees(f"{quote}{text}{quote}: a\n") == [{text: "a"}]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("hours: [09:00-18:00]", {"hours": ["09:00-18:00"]}),
        ("[mon 10:00, tue 11:00]", ["mon 10:00", "tue 11:00"]),
        ("{url: https://example.com/a?b=c}", {"url": "https://example.com/a?b=c"}),
        ("a: |\n  one\n   two\n\n  three\n", {"a": "one\n two\n\nthree\n"}),
        ("a: >-\n  one\n  two\n\n  three\n", {"a": "one two\nthree"}),
        ('a: "\\x41\\u4e2d\\t\\\n  b"', {"a": "A中\tb"}),
        ("a: 'it''s'", {"a": "it's"}),
        ("名: 值班 🚒", {"名": "值班 🚒"}),
        ("? a\n: b", {"a": "b"}),
        ("{a: {b: [c, {d: e}]}, f: []}", {"a": {"b": ["c", {"d": "e"}]}, "f": []}),
        ("# before\na: b # behind\n# after", {"a": "b"}),
        ("%YAML 1.1\n---\na: on", {"a": "on"}),
        ("%YAML 1.2\n---\na: on", {"a": "on"}),
        ("%TAG ! tag:example.com,2026:\n---\na: on", {"a": "on"}),
        ("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
        ("just text", "just text"),
        ("null: ~x", {"null": "~x"}),
    ],
)
def test_trees(text: str, tree: object) -> None:
    assert trees(text) == [tree]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a: &x 1\nb: &x 2\nc: *x", {"a": "1", "b": "2", "c": "2"}),
        ("a: &x [&x y, *x]\nb: *x", {"a": ["y", "y"], "b": "y"}),
        ("x-k: &k a\n*k : b", {"a": "b"}),
        ("a: line\x85break", {"a": "line break"}),
        ('a: "one\u2028two"', {"a": "one\u2028two"}),
    ],
)
def test_what_only_the_careful_reader_takes(text: str, tree: object) -> None:
    assert trees(text) == [tree]


def test_aliases_of_one_anchor_are_one_object() -> None:
    (tree,) = trees("a: &x {b: c}\nd: *x\ne: [*x]\n")
    assert isinstance(tree, dict)
    assert tree["d"] is tree["a"]
    assert tree["e"] == [{"b": "c"}]


def test_an_anchor_reaches_to_the_end_of_its_document() -> None:
    assert trees("a: &x 1\nb: *x\n---\na: &x 2\nb: *x\n") == [
        {"a": "1", "b": "1"},
        {"a": "2", "b": "2"},
    ]


@pytest.mark.parametrize(
    ("text", "merged"),
    [
        ("<<: *p\n", {"k": "p", "l": "p"}),
        ("k: own\n<<: *p\n", {"k": "own", "l": "p"}),
        ("<<: *p\nk: own\n", {"k": "own", "l": "p"}),
        ("<<: [*p, *q]\n", {"k": "p", "l": "p", "m": "q"}),
        ("<<: [*q, *p]\n", {"k": "q", "l": "p", "m": "q"}),
        ("<<: {k: here}\n", {"k": "here"}),
        ("<<: []\nk: own\n", {"k": "own"}),
        ("<<: {<<: *p, k: inner}\n", {"k": "inner", "l": "p"}),
    ],
)
def test_merge_keys(text: str, merged: dict[str, str]) -> None:
    base = "x-p: &p {k: p, l: p}\nx-q: &q {k: q, m: q}\n"
    assert trees(base + text) == [merged]


def test_top_level_keys_of_the_users_own_are_left_out() -> None:
    assert trees("x-a: 1\na: {x-b: 2}\nx-c: [3]\n") == [{"a": {"x-b": "2"}}]
    assert trees("x-a: ~\nx-b: [~, {c: }]\na: b\n") == [{"a": "b"}]
    assert trees("x-only: here\n") == [{}]


def test_several_documents_with_empty_ones_between() -> None:
    text = "# first\n---\n---\nteam: a\nschedule: one\n---\n# nothing\n---\n\n- two\n...\n---\n"
    found = load_text(text, SOURCE)
    assert [document.origin for document in found] == [
        Origin(SOURCE, 1, 5),
        Origin(SOURCE, 3, 10),
    ]
    assert [document.tree for document in found] == [{"team": "a", "schedule": "one"}, ["two"]]


def test_a_document_may_follow_the_end_mark_of_another_at_once() -> None:
    assert trees("a: b\n...\nc: d\n") == [{"a": "b"}, {"c": "d"}]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# comment\n\nschedule: a\n", 3),
        ("team: b\nlayers:\n- schedule: no\nschedule: a\n", 4),
        ("team: b\nlayers:\n- schedule: no\n", 1),
        ("\n\n- a\n", 3),
        ("x-a: &a b\nschedule: *a\n", 2),
        ("x-a: &a\n  team: b\n<<: *a\n", 1),
        ("---\n\n'schedule': a", 3),
    ],
)
def test_the_line_of_a_document(text: str, line: int) -> None:
    (document,) = load_text(text, SOURCE)
    assert document.origin.position.line == line


def test_keys_are_kept_once_in_memory() -> None:
    first, second = trees("rotation: a\n---\nrotation: b\n")
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert next(iter(first)) is next(iter(second))


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    file = loaded(tmp_path, "\ufeffschedule: a\n".encode())
    assert file.documents[0].tree == {"schedule": "a"}


def test_the_source_tells_what_was_read(tmp_path: Path) -> None:
    source = loaded(tmp_path, "schedule: a\n").source
    status = (tmp_path / "f.yaml").stat()
    assert (source.path, source.shown_as) == (str(tmp_path / "f.yaml"), "f.yaml")
    assert (source.size, source.modified_ns) == (status.st_size, status.st_mtime_ns)
