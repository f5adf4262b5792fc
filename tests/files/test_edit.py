"""Edits keep every byte of a file that they are not about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from flashsync.declared.people_edits import Edit, Insert, Remove, Replace
from flashsync.errors import FilesError
from flashsync.files.atomic_write import write_all
from flashsync.files.edit import Edited, edit_text
from flashsync.files.load import read_whole
from tests.files.helpers import SOURCE, written


def edit(text: str, *edits: Edit, document: int = 0) -> Edited:
    return edit_text(text, SOURCE, {document: edits})


def after(text: str, *edits: Edit, document: int = 0) -> str:
    return edit(text, *edits, document=document).after


def refused(text: str, *edits: Edit) -> list[str]:
    with pytest.raises(FilesError) as caught:
        edit(text, *edits)
    return [str(problem) for problem in caught.value.problems]


REMOVED = {
    "a line": ("g:\n  - alice\n  - bob\n", 0, "g:\n  - bob\n"),
    "the last line": ("g:\n  - alice\n  - bob\n", 1, "g:\n  - alice\n"),
    "the last line of a text without end": ("g:\n- alice\n- bob", 1, "g:\n- alice"),
    "the same with CRLF": ("g:\r\n- alice\r\n- bob", 1, "g:\r\n- alice"),
    "CRLF": ("g:\r\n- a\r\n- b\r\n- c\r\n", 1, "g:\r\n- a\r\n- c\r\n"),
    "the comment of a line": ("g:\n- a  # lead\n- b  # new\n", 0, "g:\n- b  # new\n"),
    "not the comments above": ("g:\n# one\n- a\n# two\n- b\n", 0, "g:\n# one\n# two\n- b\n"),
    "nor those below": ("g:\n- a\n- b\n# two\n# three\n", 1, "g:\n- a\n# two\n# three\n"),
    "comments that are indented as its own": (
        "g:\n  - a\n    # of a\n    # too\n  # of b\n  - b\n",
        0,
        "g:\n  # of b\n  - b\n",
    ),
    "a comment that ends the text": ("g:\n- a\n- b\n  # of b", 1, "g:\n- a"),
    "not blank lines": ("g:\n- a\n\n- b\n\n- c\n", 1, "g:\n- a\n\n\n- c\n"),
    "a mapping": (
        "g:\n- group: N\n  members: [a,\n    b]\n  # of N\n- c\n",
        0,
        "g:\n- c\n",
    ),
    "a list in a list": ("g:\n- - a\n  - b\n- c\n", 0, "g:\n- c\n"),
    "a block of text": ("g:\n- |\n  a\n\n- b\n", 0, "g:\n\n- b\n"),
    "a text over two lines": ("g:\n- a\n  b\n- c\n", 0, "g:\n- c\n"),
    "in brackets, the first": ("g: [a, b, c]\n", 0, "g: [b, c]\n"),
    "in brackets, one between": ("g: [a, b, c]  # x\n", 1, "g: [a, c]  # x\n"),
    "in brackets, the last": ("g: [ a,b , c ]\n", 2, "g: [ a,b ]\n"),
    "in brackets with a last comma": ("g: [a, b, ]\n", 1, "g: [a, ]\n"),
    "in quotes with a comma": ("g: ['a, b', \"c, d\"]\n", 0, 'g: ["c, d"]\n'),
    "lines in brackets": (
        "g: [\n  a,  # lead\n  b,  # new\n  c\n]\n",
        1,
        "g: [\n  a,  # lead\n  c\n]\n",
    ),
    "the last line in brackets": ("g: [\n  a,  # x\n  b  # y\n]\n", 1, "g: [\n  a,  # x\n]\n"),
    "the first, in the line of the bracket": ("g: [a,\n    b]\n", 0, "g: [b]\n"),
    "the same with a comment": ("g: [a,  # x\n    b]\n", 0, "g: [  # x\n    b]\n"),
    "the last, in the line of the bracket": ("g: [a,\n    b]\n", 1, "g: [a]\n"),
    "the same after a comment": ("g: [a,  # x\n    b]\n", 1, "g: [a,  # x\n    ]\n"),
    "some in each line": ("g: [a, b,  # x\n    c, d]\n", 1, "g: [a,  # x\n    c, d]\n"),
    "the first of the next line": ("g: [a, b,  # x\n    c, d]\n", 2, "g: [a, b,  # x\n    d]\n"),
    "leading commas": ("g: [ a\n   , b\n   , c ]\n", 1, "g: [ a\n   , c ]\n"),
    "leading commas, the last": ("g: [ a  # x\n   , b ]\n", 1, "g: [ a  # x\n    ]\n"),
    "leading commas, the first": ("g: [ a  # x\n   , b ]\n", 0, "g: [   # x\n    b ]\n"),
    "wide characters": ("g: [王小明, 李雷, 韩梅梅]\n", 1, "g: [王小明, 韩梅梅]\n"),
    "beyond the first plane": ("g:\n- 🦀\n- b\n", 0, "g:\n- b\n"),
    "JSON": ('{"g":["a","b"]}', 1, '{"g":["a"]}'),
    "JSON in lines": (
        '{\n  "g": [\n    "a",\n    "b"\n  ]\n}\n',
        0,
        '{\n  "g": [\n    "b"\n  ]\n}\n',
    ),
    "a mark at the beginning": ("\ufeffg:\n- a\n- b\n", 0, "\ufeffg:\n- b\n"),
    "a directive and markers": (
        "%YAML 1.2\n---\ng: [a, b]\n...\n",
        0,
        "%YAML 1.2\n---\ng: [b]\n...\n",
    ),
    "an alias": ("x-a: &a one\ng:\n- *a\n- b\n", 0, "x-a: &a one\ng:\n- b\n"),
    "what an alias stands for": ("x-a: &a [one, b]\ng: *a\n", 0, "x-a: &a [b]\ng: *a\n"),
    "what a merge key brings in": (
        "x-a: &a\n  y: 1\n  g: [one, b]\n<<: *a\n",
        0,
        "x-a: &a\n  y: 1\n  g: [b]\n<<: *a\n",
    ),
    "a merged list of mappings": (
        "x-a: &a {y: 1}\nx-b: &b {g: [one, b]}\n<<: [*a, *b]\n",
        0,
        "x-a: &a {y: 1}\nx-b: &b {g: [b]}\n<<: [*a, *b]\n",
    ),
    "an anchor that nobody uses": ("g:\n- &a one\n- b\n", 0, "g:\n- b\n"),
    "tabs before a comment": ("g:\n- a\t# x\n- b\n", 0, "g:\n- b\n"),
}


@pytest.mark.parametrize(("before", "place", "expected"), REMOVED.values(), ids=REMOVED)
def test_removing(before: str, place: int, expected: str) -> None:
    assert after(before, Remove(("g", place))) == expected


def test_removing_neighbours() -> None:
    both = Remove(("g", 0)), Remove(("g", 1))
    assert after("g: [a, b, c]\n", *both) == "g: [c]\n"
    assert after("g:\n- a\n# x\n- b\n- c\n", *both) == "g:\n# x\n- c\n"
    last = Remove(("g", 1)), Remove(("g", 2))
    assert after("g: [a, b, c]\n", *last) == "g: [a]\n"
    assert after("g: [\n  a,\n  b,\n  c,\n]\n", *last) == "g: [\n  a,\n]\n"
    apart = Remove(("g", 0)), Remove(("g", 2))
    assert after("g: [a, b, c]\n", *apart) == "g: [b]\n"


def test_removing_from_a_list_in_a_line_of_another() -> None:
    first = Remove(("g", 0, 0))
    assert after("g:\n- - a\n  - b\n", first) == "g:\n- - b\n"
    assert after("g:\n- - a  # x\n  # of b\n  - b\n", first) == "g:\n-\n  # of b\n  - b\n"
    assert after("g:\n- - a\n  - b\n", Remove(("g", 0, 1))) == "g:\n- - a\n"
    both = first, Remove(("g", 0, 1))
    assert after("g:\n- - a\n  - b\n  - c\n", *both) == "g:\n-\n  - c\n"


def test_removing_keys() -> None:
    assert after("a: 1\nb:\n- x: 1\n  y: 2\nc: 3\n", Remove(("b",))) == "a: 1\nc: 3\n"
    assert after("b:\n- x: 1\n  y: 2\n", Remove(("b", 0, "x"))) == "b:\n- y: 2\n"
    assert after("b:\n- x: 1\n  y: 2\n", Remove(("b", 0, "y"))) == "b:\n- x: 1\n"
    assert after("b: {x: 1, y: [2], z: 3}\n", Remove(("b", "y"))) == "b: {x: 1, z: 3}\n"


INSERTED = {
    "at the end": ("g:\n  - a\n  - b\n", 2, "g:\n  - a\n  - b\n  - dave\n"),
    "between": ("g:\n- a  # x\n- b\n", 1, "g:\n- a  # x\n- dave\n- b\n"),
    "after a text without end": ("g:\n- a\n- b", 2, "g:\n- a\n- b\n- dave"),
    "with CRLF": ("g:\r\n- a\r\n- b\r\n", 1, "g:\r\n- a\r\n- dave\r\n- b\r\n"),
    "with CRLF, after a text without end": ("g:\r\n- a", 1, "g:\r\n- a\r\n- dave"),
    "indented as its neighbour": (
        "g:\n   -   a\n   -   b\n",
        1,
        "g:\n   -   a\n   -   dave\n   -   b\n",
    ),
    "below the comments of its neighbour": (
        "g:\n- a\n  # of a\n# of all\nh: 1\n",
        1,
        "g:\n- a\n  # of a\n- dave\n# of all\nh: 1\n",
    ),
    "below a mapping": (
        "g:\n- group: N\n  members:\n  - a\n  - b\n",
        1,
        "g:\n- group: N\n  members:\n  - a\n  - b\n- dave\n",
    ),
    "in a list in a line of another": ("g:\n- - a\n- b\n", 1, "g:\n- - a\n- dave\n- b\n"),
    "in quotes, as its neighbours": ("g: ['a', 'b']\n", 2, "g: ['a', 'b', 'dave']\n"),
    "without quotes, where only some have them": ("g: ['a', b]\n", 2, "g: ['a', b, dave]\n"),
    "in brackets": ("g: [a, b]  # x\n", 1, "g: [a, dave, b]  # x\n"),
    "in brackets with a last comma": ("g: [a, b, ]\n", 2, "g: [a, b, dave, ]\n"),
    "in wide brackets": ("g: [ a, b ]\n", 2, "g: [ a, b, dave ]\n"),
    "lines in brackets": (
        "g: [\n  a,  # x\n  b,\n]\n",
        1,
        "g: [\n  a,  # x\n  dave,\n  b,\n]\n",
    ),
    "the last of lines in brackets": (
        "g: [\n  a,\n  b,  # y\n]\n",
        2,
        "g: [\n  a,\n  b,  # y\n  dave,\n]\n",
    ),
    "after lines in brackets without a last comma": (
        "g: [\n  a,\n  b  # y\n]\n",
        2,
        "g: [\n  a,\n  b,  # y\n  dave\n]\n",
    ),
    "before a bracket in its line": ("g: [a,\n    b]\n", 2, "g: [a,\n    b, dave]\n"),
    "leading commas": ("g: [ a\n   , b ]\n", 1, "g: [ a, dave\n   , b ]\n"),
    "JSON": ('{"g":["a","b"]}', 2, '{"g":["a","b", "dave"]}'),
    "what an alias stands for": ("x-a: &a [a]\ng: *a\n", 1, "x-a: &a [a, dave]\ng: *a\n"),
    "after an alias": ("x-a: &a one\ng:\n- *a\n- b\n", 1, "x-a: &a one\ng:\n- *a\n- dave\n- b\n"),
}


@pytest.mark.parametrize(("before", "place", "expected"), INSERTED.values(), ids=INSERTED)
def test_inserting(before: str, place: int, expected: str) -> None:
    assert after(before, Insert(("g",), place, "dave")) == expected


REPLACED = {
    "plain": ("g:\n- alice  # x\n", "g:\n- bob  # x\n"),
    "in quotes": ("g: [\"alice\", 'x']\n", "g: [\"bob\", 'x']\n"),
    "in single quotes": ("g: ['alice' , x]\n", "g: ['bob' , x]\n"),
    "a mapping": ("g: [{email: alice@example.com}]\n", "g: [bob]\n"),
    "a mapping in lines": ("g:\n- email:  # x\n    alice\n- c\n", "g:\n- bob\n- c\n"),
    "a mapping in JSON": ('{"g":[{"email":"alice"}]}', '{"g":["bob"]}'),
    "a block of text": ("g:\n- >-\n  alice\n- c\n", "g:\n- bob\n- c\n"),
    "a text over two lines": ("g:\n- alice\n  liddell\n", "g:\n- bob\n"),
    "with its anchor": ("g:\n- &a alice\n- *a\n", "g:\n- &a bob\n- *a\n"),
    "an alias": ("x-a: &a alice\ng: [*a , c]\n", "x-a: &a alice\ng: [bob , c]\n"),
}


@pytest.mark.parametrize(("before", "expected"), REPLACED.values(), ids=REPLACED)
def test_replacing(before: str, expected: str) -> None:
    assert after(before, Replace(("g", 0), "bob")) == expected


def test_an_alias_follows_its_anchor() -> None:
    both = Replace(("g", 0), "bob"), Replace(("g", 1), "bob")
    assert after("g:\n- &a alice\n- *a\n", *both) == "g:\n- &a bob\n- *a\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bob@example.com", "bob@example.com"),
        ("2476444212131", "2476444212131"),
        ("Dave Wu", "Dave Wu"),
        ("王小明", "王小明"),
        ("O'Brien", "O'Brien"),
        ("a, b", '"a, b"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("- a", '"- a"'),
        ("*a", '"*a"'),
        ("[a]", '"[a]"'),
        ("null", '"null"'),
        ("~", '"~"'),
        ('say "a"\\', 'say "a"\\'),
        ('"a"\\', '"\\"a\\"\\\\"'),
        ("@a", '"@a"'),
        ("a:", '"a:"'),
        ("true", "true"),
        ("---", "---"),
        ("#a", '"#a"'),
    ],
)
def test_a_name_is_written_so_that_it_means_itself(text: str, shown: str) -> None:
    assert after("g:\n- a\n", Insert(("g",), 1, text)) == f"g:\n- a\n- {shown}\n"
    assert (
        after("g: ['a']\n", Replace(("g", 0), text)) == "g: ['" + text.replace("'", "''") + "']\n"
    )


def test_only_the_document_that_is_meant_changes() -> None:
    text = "# one\ng: [a, b]\n---\n# none\n---\ng: [a, b]  # two\n...\n---\ng: [a, b]\n"
    expected = "# one\ng: [a, b]\n---\n# none\n---\ng: [b]  # two\n...\n---\ng: [a, b]\n"
    assert after(text, Remove(("g", 0)), document=2) == expected


def test_the_documents_that_come_of_it() -> None:
    found = edit("x: 1\ng: [a, b]\n", Remove(("g", 0)))
    assert [document.tree for document in found.documents] == [{"x": "1", "g": ["b"]}]


def test_an_edit_knows_its_line_and_all_that_it_changes() -> None:
    text = "layers:\n- g: &g\n  - a\n  - b\n- g: *g\n- g: [b, c]\n"
    (made,) = edit(text, Remove(("layers", 1, "g", 1))).made
    assert (made.line, made.parts) == (4, (("layers", 0), ("layers", 1)))
    (made,) = edit(text, Remove(("layers", 2, "g", 0)), Remove(("layers", 0, "g", 0))).made[1:]
    assert made.parts == (("layers", 0), ("layers", 1))


def test_an_anchor_that_is_used_is_not_removed() -> None:
    text = "g:\n- &a alice\n- b\nh: *a\n"
    (found,) = refused(text, Remove(("g", 0)))
    assert found == (
        "f.yaml:2:3: this edit removes the anchor `&a`, which line 4 refers to; "
        "write out the value on line 4, and run again"
    )
    assert after(text.replace("*a", "x"), Remove(("g", 0))) == "g:\n- b\nh: x\n"


def test_an_anchor_and_its_alias_go_together() -> None:
    both = Remove(("g", 0)), Remove(("g", 2))
    assert after("g:\n- &a alice\n- b\n- *a\n", *both) == "g:\n- b\n"


BY_HAND = "f.yaml:1: cannot edit this file without changing its layout"


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("g:\n- a\n", [Remove(("g", 0), "a goes")]),
        ("g: [a]\n", [Remove(("g", 0), "a goes")]),
        ("g: [a]\n", [Remove(("h", 0), "a goes")]),
        ("g: [a]\n", [Remove((), "a goes")]),
        ("g: {a: b}\n", [Insert(("g",), 1, "x", "a goes")]),
        ("g: [a]\n", [Insert(("g",), 0, "x", "a goes")]),
        ("? g\n: - a\n? h\n: - b\n", [Remove(("g",), "a goes")]),
        ("g: [[a, b], c]\n", [Remove(("g", 0), "a goes"), Replace(("g", 0, 0), "x", "a goes")]),
    ],
)
def test_what_cannot_be_done_safely_is_left_to_people(text: str, edits: Sequence[Edit]) -> None:
    found = refused(text, *edits)
    assert found[0].replace(":1:1:", ":1:") == f"{BY_HAND}; edit it by hand: a goes"


# On disk


def on_disk(directory: Path, name: str, text: str) -> Edited:
    path = written(directory, text, name)
    found, source = read_whole(str(path), name)
    return edit_text(found, source, {0: [Remove(("g", 0))]})


def test_files_are_written_with_mode_and_links(tmp_path: Path) -> None:
    one = on_disk(tmp_path, "one.yaml", "\ufeffg: [a, b]\r\n")
    (tmp_path / "one.yaml").chmod(0o640)
    (tmp_path / "link.yaml").symlink_to("two.yaml")
    on_disk(tmp_path, "two.yaml", "g: [a, b]\n")
    text, source = read_whole(str(tmp_path / "link.yaml"), "link.yaml")
    write_all([one, edit_text(text, source, {0: [Remove(("g", 1))]})])
    assert (tmp_path / "one.yaml").read_bytes() == b"\xef\xbb\xbfg: [b]\r\n"
    assert (tmp_path / "one.yaml").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "two.yaml").read_text() == "g: [a]\n"
    assert len(list(tmp_path.iterdir())) == 3


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    one, two = (on_disk(tmp_path, f"{name}.yaml", "g: [a, b]\n") for name in ("one", "two"))
    (tmp_path / "two.yaml").write_text("g: [somebody else's]\n")
    with pytest.raises(FilesError, match=r"two.yaml:1:1: the file has changed since it was read"):
        write_all([one, two])
    assert (tmp_path / "one.yaml").read_text() == "g: [a, b]\n"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_has_gone_stops_all(tmp_path: Path) -> None:
    one, two = (on_disk(tmp_path, f"{name}.yaml", "g: [a, b]\n") for name in ("one", "two"))
    (tmp_path / "two.yaml").unlink()
    with pytest.raises(FilesError, match=r"two.yaml:1:1: cannot write the file .no such file"):
        write_all([one, two])
    assert (tmp_path / "one.yaml").read_text() == "g: [a, b]\n"


class Meanwhile(list[Edited]):
    """Files to write, and what happens on the disk once the new texts are next to them."""

    def __init__(self, files: Sequence[Edited], happens: Callable[[], object]) -> None:
        super().__init__(files)
        self._rounds, self._happens = 0, happens

    def __iter__(self) -> Iterator[Edited]:
        yield from super().__iter__()
        self._rounds += 1
        if self._rounds == 2:  # the first one looks at all that is there
            self._happens()


def becomes_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def test_what_was_written_is_put_back_when_a_later_file_fails(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    one, two = (
        on_disk(tmp_path, "one.yaml", "g: [a, b]\n"),
        on_disk(tmp_path, "deep/two.yaml", "g: [a, b]\n"),
    )
    files = Meanwhile([one, two], lambda: becomes_a_folder(tmp_path / "deep/two.yaml"))
    with pytest.raises(FilesError, match=r"deep/two.yaml:1:1: .*is a directory.; no file was"):
        write_all(files)
    assert (tmp_path / "one.yaml").read_text() == "g: [a, b]\n"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["deep", "one.yaml", "two.yaml"]


@pytest.fixture
def disk() -> Iterator[Callable[[int], None]]:
    """Sets how many bytes a file may have; after the test it is what it was."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_cannot_be_put_back_is_named(tmp_path: Path, disk: Callable[[int], None]) -> None:
    one, two = (on_disk(tmp_path, f"{name}.yaml", "g: [a, b]\n") for name in ("one", "two"))

    def trouble() -> None:
        becomes_a_folder(tmp_path / "two.yaml")
        disk(0)

    with pytest.raises(FilesError) as caught:
        write_all(Meanwhile([one, two], trouble))
    assert str(caught.value) == (
        "one.yaml:1:1: the file could not be restored and keeps the edit; check the file"
    )
    assert (tmp_path / "one.yaml").read_text() == "g: [b]\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.yaml", "two.yaml"]


def test_a_name_that_is_as_long_as_can_be(tmp_path: Path) -> None:
    name = "n" * 250 + ".yaml"
    write_all([on_disk(tmp_path, name, "g: [a, b]\n")])
    assert (tmp_path / name).read_text() == "g: [b]\n"
