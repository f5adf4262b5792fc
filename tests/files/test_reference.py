"""The readers held against ruamel.yaml's own parser, and against anything at all.

Whatever ruamel.yaml's pure parser reads is read, with the same text in the same places, but for
what the file format forbids. The fast reader, the careful one and the one without libyaml agree.
"""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from flashsync.errors import FilesError, Problem
from flashsync.files import Document, Tree, load_file, load_text
from flashsync.files.load import without_ignored
from flashsync.files.strict_load import read_graph, to_tree
from tests.files.helpers import SOURCE, trees, written
from tests.properties import trying

# What the file format forbids, by a piece of its message; all other refusals are of the syntax.
FORBIDDEN = (
    "has no value",
    "duplicate key",
    "the tag",
    "the alias",
    "unknown alias",
    "expected a key, found",
    "missing key",
    "`<<` merges",
    "is empty",
    "empty list entry",
    "incomplete character",
    "byte order mark",
)

SCHEDULE = """\
# yaml-language-server: $schema=x
schedule: Production On-Call
description: |
  Who answers at night.

    - 班表 🚒
team: SRE   # the team
x-people: &people [alice, "bob", 'carol''s']
layers:
  - layer: Primary
    rotation: 1 week
    handoff: mon 10:00
    start: 2026-01-05 10:00
    hours: [09:00-18:00, mon 09:00 - fri 18:00]
    groups: *people
  - &night
    layer: Night
    days: mon-fri
    groups:
    - {person: erin@example.com, role: backup}
    - [dave,
       frank]
  - <<: *night
    layer: "Ni\\u0067ht \\
      two"
notify: {before: 5 min, by: [email, "feishu_app:1"], url: https://example.com/a#b}
---
schedule: >-
  Second

  one
? absent
: true
...
"""

PIECES = """\
a;b;key;x-k;é;😀;中文;1;10:30;09:00-18:00;https://x;~;null;=;@;`;\\;\\n;\\u00e9;<<;&a ;*a;!t ;"""
PIECES += """: ;:;- ;-;? ;?;[;];{;};,;, ;";';#; #;|;>;|-;>+;|2;%YAML 1.1;---;...;：;<<: *a"""
TOKENS = [*PIECES.split(";"), *"\n \t\r\x85\u2028\u3000", "\n  ", "\n    ", "\n\n", "\r\n", "---\n"]

texts = st.one_of(
    st.lists(st.sampled_from(TOKENS), max_size=16).map("".join),
    st.builds(
        lambda at, length, piece: SCHEDULE[:at] + piece + SCHEDULE[at + length :],
        st.integers(0, len(SCHEDULE)),
        st.sampled_from([0, 0, 1, 3, 10]),
        st.sampled_from(TOKENS),
    ),
)
scalars = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=8) | st.sampled_from(
    ["", "~", "null", "2026", "on", "10:30", "a: b", "- a", " a ", "a\nb", "\n", "#", "'", '"']
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(scalars, inner, max_size=4),
    max_leaves=20,
)


def reference(text: str) -> list[Any] | None:
    """The root nodes that ruamel.yaml's pure parser gives, empty documents left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an anchor that is given twice
        try:
            roots = list(YAML(typ="safe", pure=True).compose_all(text))
        except Exception:
            return None
    return [root for root in roots if not is_empty(root)]


def is_empty(root: Any) -> bool:
    return root is None or (isinstance(root, ScalarNode) and not root.style and root.value == "")


def tree_of(node: Any) -> Any:
    """Text in dicts and lists, merge keys merged, by other code than that under test."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        return [tree_of(item) for item in node.value]
    assert isinstance(node, MappingNode)
    merges = [value for key, value in node.value if key.value == "<<" and not key.style]
    sources = [s for m in merges for s in (m.value if isinstance(m, SequenceNode) else [m])]
    merged: dict[str, Any] = {}
    for source in reversed(sources):
        merged.update(tree_of(source))
    own = {k.value: tree_of(v) for k, v in node.value if k.value != "<<" or k.style}
    return merged | own


def expected(root: Any) -> Any:
    tree = tree_of(root)
    if isinstance(tree, dict):
        return {key: value for key, value in tree.items() if not key.startswith("x-")}
    return tree


def refusals(text: str) -> list[str]:
    """The messages of the problems of the syntax, none if it is accepted or forbidden."""
    try:
        load_text(text, SOURCE)
    except FilesError as error:
        if not any(sign in str(error) for sign in FORBIDDEN):
            return [problem.message for problem in error.problems]
    return []


def is_odd_block(root: Any) -> bool:
    """ruamel.yaml takes `...` and comments behind a block scalar at the root for its text."""
    return isinstance(root, ScalarNode) and root.style in ("|", ">")


@given(texts)
@trying(50)
@example(SCHEDULE)
@example("a: b\n...\nc: d\n")
@example("a: x\x85y")
@example("&a x: *a")
def test_what_the_reference_reads_is_read_with_the_same_text(text: str) -> None:
    roots = reference(text)
    if roots is None or any(is_odd_block(root) for root in roots):
        return
    assert refusals(text) == []
    try:
        found = trees(text)
    except FilesError:
        return
    assert found == [expected(root) for root in roots]


def test_the_example_has_what_is_worth_comparing() -> None:
    first, second = trees(SCHEDULE)
    assert second == {"schedule": "Second\none", "absent": "true"}
    assert isinstance(first, dict)
    assert list(first) == ["schedule", "description", "team", "layers", "notify"]


@given(values, st.sampled_from(["'", '"', "|", ">"]), st.sampled_from([True, False, None]))
@trying(25)
def test_what_a_yaml_library_writes_is_read_back(
    value: Tree, style: str, flow: bool | None
) -> None:
    text = yaml.safe_dump(
        [value], default_style=style, default_flow_style=flow, allow_unicode=True, sort_keys=False
    )
    assert trees(text.replace("!!str ", "")) == [[value]]


@given(texts)
@trying(30)
def test_the_fast_and_the_careful_reader_agree(text: str) -> None:
    try:
        fast = trees(text)
    except FilesError:
        return
    graph = read_graph(text, "f.yaml")
    assert graph.problems == ()
    assert [without_ignored(to_tree(root)) for root in graph.documents.values()] == fast


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | texts.map(str.encode))
@trying(30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(b"\xff\xfea\x00")
@example(b"a: \x00")
@example(b'a: "\\uD800"')
@example(b"%YAML 1.3\n---\na")
def test_any_bytes_give_documents_or_problems(tmp_path: Path, data: bytes) -> None:
    path = written(tmp_path, data)
    problems: Sequence[Problem] = ()
    documents: Sequence[Document] = ()
    try:
        documents = load_file(str(path), "f.yaml").documents
    except FilesError as error:
        problems = error.problems
    assert documents or problems
    assert all("\n" not in str(problem) for problem in problems)
    assert all(problem.position and problem.position.line > 0 for problem in problems)


def test_without_libyaml_everything_is_read_all_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, SCHEDULE)
    program = f"""
import sys
sys.modules["yaml._yaml"] = None
from flashsync.errors import FilesError, Problem
from flashsync.files import Locator, load_file
file = load_file({str(path)!r}, "f.yaml")
print([document.tree for document in file.documents])
print(Locator().locate(file.documents[0].origin, ("layers", 0, "handoff")))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{trees(SCHEDULE)}\nf.yaml:12:14\n"


@pytest.mark.parametrize(("text", "ending"), [("- a\n", "[b\n"), ("- a\n", "- a\n...\n- b\n")])
def test_a_long_file_is_not_given_to_the_slow_parser(text: str, ending: str) -> None:
    assert refusals(text * 70_000 + ending)
