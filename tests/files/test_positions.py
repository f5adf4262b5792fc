"""Positions in a file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flashsync.files import Locator, TreePath
from tests.files.helpers import loaded, written

TEXT = """\
# a comment
x-base: &base
  rotation: 1 week
  groups: [alice, bob]
---
x-hours: &hours 09:00-18:00
x-base: &base
  rotation: 1 week
  groups: [alice, bob]
team: SRE
schedule: Production
layers:
  - layer: Primary
    <<: *base
    hours: *hours
    groups:
      - carol
      - {person: dave, "role": backup}
  - <<: *base
    layer: Second
"""


@pytest.mark.parametrize(
    ("path", "key", "place"),
    [
        ((), False, (6, 1)),
        ((), True, (6, 1)),
        (("team",), False, (10, 7)),
        (("team",), True, (10, 1)),
        (("layers",), False, (13, 3)),
        (("layers",), True, (12, 1)),
        (("layers", 0), False, (13, 5)),
        (("layers", 0), True, (13, 5)),
        (("layers", 0, "layer"), False, (13, 12)),
        (("layers", 0, "groups"), True, (16, 5)),
        (("layers", 0, "groups", 0), False, (17, 9)),
        (("layers", 0, "groups", 1), False, (18, 9)),
        (("layers", 0, "groups", 1, "role"), True, (18, 24)),
        (("layers", 0, "groups", 1, "role"), False, (18, 32)),
        # aliases and merge keys: where it is written
        (("layers", 0, "hours"), False, (6, 10)),
        (("layers", 0, "hours"), True, (15, 5)),
        (("layers", 0, "rotation"), False, (8, 13)),
        (("layers", 1, "groups", 1), False, (9, 19)),
        (("layers", 1, "groups"), True, (9, 3)),
        # what is not there: the nearest thing around it
        (("nothing",), False, (6, 1)),
        (("nothing",), True, (6, 1)),
        (("layers", 1, "start"), False, (19, 5)),
        (("layers", 1, "start"), True, (19, 5)),
        (("layers", 2), False, (13, 3)),
        (("layers", -1), False, (13, 3)),
        (("layers", "0"), False, (13, 3)),
        (("team", "id"), False, (10, 7)),
        (("team", 0), True, (10, 7)),
    ],
)
def test_positions(tmp_path: Path, path: TreePath, key: bool, place: tuple[int, int]) -> None:
    _, document = loaded(tmp_path, TEXT).documents
    position = Locator().locate(document.origin, path, key=key)
    assert (position.file, position.line, position.column) == ("f.yaml", *place)


def test_columns_count_characters(tmp_path: Path) -> None:
    (document,) = loaded(tmp_path, "\ufeff{值班: 🚒, b: c}").documents
    position = Locator().locate(document.origin, ("b",), key=True)
    assert (position.line, position.column) == (1, 9)


def test_one_locator_serves_many_files(tmp_path: Path) -> None:
    locator = Locator()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for document in loaded(tmp_path / name, f"a: {name}\n---\n\nb: c\n").documents:
            position = locator.locate(document.origin, ("b",))
            assert position.line == (1 if document.origin.index == 0 else 4)


@pytest.mark.parametrize("change", ["touched", "longer", "gone"])
def test_a_file_that_has_changed_gives_the_line_of_the_document(
    tmp_path: Path, change: str
) -> None:
    (document,) = loaded(tmp_path, "\nschedule: a\nteam: b\n").documents
    path = tmp_path / "f.yaml"
    if change == "touched":
        os.utime(path, (1, 1))
    elif change == "longer":
        written(tmp_path, "\n\nschedule: a\nteam: b\n")
    else:
        path.unlink()
    position = Locator().locate(document.origin, ("team",))
    assert str(position) == "f.yaml:2:1"
