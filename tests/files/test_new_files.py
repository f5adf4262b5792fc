"""New files are written whole with their folders, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flashsync.errors import FilesError
from flashsync.files.atomic_write import NewFile, write_all
from flashsync.files.edit import Edited
from flashsync.files.load import read_whole
from tests.files.helpers import written


def new(folder: Path, name: str, text: str = "a: 1\n") -> NewFile:
    return NewFile(str(folder / name), name, text)


def edited(path: Path, after: str) -> Edited:
    text, source = read_whole(str(path), path.name)
    return Edited(source, text, after, (), ())


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_folders_are_made_and_the_mode_is_that_of_other_new_files(tmp_path: Path) -> None:
    other = written(tmp_path, "x")
    write_all([new(tmp_path, "deep/er/a.yaml"), new(tmp_path, "deep/b.yaml")])
    assert names(tmp_path) == ["deep", "deep/b.yaml", "deep/er", "deep/er/a.yaml", "f.yaml"]
    path = tmp_path / "deep/b.yaml"
    assert (path.read_text(), path.stat().st_mode) == ("a: 1\n", other.stat().st_mode)


@pytest.mark.parametrize("make", ["file", "folder", "dangling link"])
def test_what_exists_is_not_overwritten(tmp_path: Path, make: str) -> None:
    taken = tmp_path / "a.yaml"
    match make:
        case "file":
            taken.write_text("mine\n")
        case "folder":
            taken.mkdir()
        case _:
            taken.symlink_to("nowhere")
    with pytest.raises(FilesError) as caught:
        write_all([new(tmp_path, "b.yaml"), new(tmp_path, "a.yaml")])
    assert str(caught.value).startswith("a.yaml:1:1: the file exists; nothing was written")
    assert names(tmp_path) == ["a.yaml"]


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = written(tmp_path, "old\n")
    link = os.link

    def raced(source: str, target: str) -> None:
        if target.endswith("late.yaml"):
            Path(target).write_text("theirs\n")
        link(source, target)

    monkeypatch.setattr(os, "link", raced)
    with pytest.raises(FilesError, match="the file exists"):
        write_all([edited(config, "new\n"), new(tmp_path, "s/a.yaml"), new(tmp_path, "late.yaml")])
    assert config.read_text() == "old\n"
    assert names(tmp_path) == ["f.yaml", "late.yaml"]
    assert (tmp_path / "late.yaml").read_text() == "theirs\n"


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, target: str) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_all([new(tmp_path, "a.yaml")])
    assert names(tmp_path) == ["a.yaml"]


@pytest.mark.parametrize("at", range(3))
def test_an_interrupt_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    config = written(tmp_path, "old\n")
    files: list[Edited | NewFile] = [
        edited(config, "new\n"),
        *(new(tmp_path, f"schedules/{place}.yaml") for place in range(3)),
    ]
    link, calls = os.link, iter(range(9))

    def interrupted(source: str, target: str) -> None:
        if next(calls) == at:
            raise KeyboardInterrupt
        link(source, target)

    monkeypatch.setattr(os, "link", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_all(files)
    assert (config.read_text(), names(tmp_path)) == ("old\n", ["f.yaml"])


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    written(tmp_path, "x", "schedules")
    with pytest.raises(FilesError) as caught:
        write_all([new(tmp_path, "schedules/a.yaml")])
    assert str(caught.value) == (
        "schedules/a.yaml:1:1: cannot write the file (not a directory); no file was changed; "
        "fix the cause and run again"
    )
    assert names(tmp_path) == ["schedules"]
