"""Which files are found, under which names, and the error without any."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from flashsync.errors import FilesError, Position
from flashsync.files import (
    DEFAULT_GLOBS,
    FoundFile,
    find_by_globs,
    find_by_paths,
    find_config,
    show_path,
)
from flashsync.files.document import quoted


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with schedules and many other files."""
    files = (
        "flashsync.yaml",
        "README.md",
        "other.yaml",
        "schedules/prod.yaml",
        "schedules/notes.txt",
        "schedules/.draft.yaml",
        "schedules/.git/hidden.yaml",
        "schedules/flashsync.yaml",
        "schedules/a/one.yml",
        "schedules/a/b/two.yaml",
        "schedules/a/b/[x].yaml",
        "empty/notes.txt",
    )
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


EMPTY = "no *.yaml or *.yml file in the directory `empty`; add a file, or name another directory"
CHECK = "check the pattern; ** matches all directories except hidden ones"

SCHEDULES = [
    "schedules/a/b/[x].yaml",
    "schedules/a/b/two.yaml",
    "schedules/a/one.yml",
    "schedules/prod.yaml",
]


def names(files: Sequence[FoundFile]) -> list[str]:
    assert all(os.path.lexists(file.path) for file in files)
    return [file.shown_as for file in files]


def by_paths(cwd: Path, *paths: str) -> list[str]:
    return names(find_by_paths(paths, cwd=cwd))


def by_globs(base: Path, *globs: str) -> list[str]:
    return names(find_by_globs(globs, base=base, cwd=base))


def errors(cwd: Path, *paths: str) -> list[str]:
    with pytest.raises(FilesError) as caught:
        find_by_paths(paths, cwd=cwd)
    return [str(problem) for problem in caught.value.problems]


def test_the_configuration_is_found_upward(repo: Path) -> None:
    assert find_config(repo) == repo / "flashsync.yaml"
    assert find_config(repo / "empty") == repo / "flashsync.yaml"
    assert find_config(repo / "schedules" / "a") == repo / "schedules" / "flashsync.yaml"


def test_a_configuration_with_the_other_ending_is_not_passed_over(repo: Path) -> None:
    (repo / "empty" / "flashsync.yml").touch()
    with pytest.raises(FilesError) as caught:
        find_config(repo / "empty")
    (problem,) = caught.value.problems
    assert str(problem) == (
        "flashsync.yml:1:1: flashsync.yml is not read; rename it to flashsync.yaml"
    )
    (repo / "empty" / "flashsync.yaml").touch()
    assert find_config(repo / "empty") == repo / "empty" / "flashsync.yaml"


def test_there_may_be_no_configuration(tmp_path: Path) -> None:
    assert find_config(tmp_path) is None


def test_a_configuration_that_cannot_be_read_is_not_passed_over(repo: Path) -> None:
    (repo / "empty" / "flashsync.yaml").symlink_to("nowhere")
    assert find_config(repo / "empty") == repo / "empty" / "flashsync.yaml"


@pytest.mark.parametrize(
    ("cwd", "shown"), [(".", "flashsync.yaml"), ("schedules/a", "../../flashsync.yaml")]
)
def test_the_configuration_is_shown_from_the_working_directory(
    repo: Path, cwd: str, shown: str
) -> None:
    assert show_path(repo / "flashsync.yaml", repo / cwd) == shown


def test_the_default_globs(repo: Path) -> None:
    assert by_globs(repo, *DEFAULT_GLOBS) == SCHEDULES


def test_one_of_the_default_globs_may_match_nothing(repo: Path) -> None:
    (repo / "schedules/a/one.yml").unlink()
    assert by_globs(repo, *DEFAULT_GLOBS) == [n for n in SCHEDULES if n != "schedules/a/one.yml"]


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("schedules/**/*.yaml", [n for n in SCHEDULES if n.endswith(".yaml")]),
        ("schedules/*.yaml", ["schedules/prod.yaml"]),
        ("schedules/*/*.yml", ["schedules/a/one.yml"]),
        ("schedules/**/b/*", ["schedules/a/b/[x].yaml", "schedules/a/b/two.yaml"]),
        ("**/two.yaml", ["schedules/a/b/two.yaml"]),
        ("**/a/**/*", ["schedules/a/b/[x].yaml", "schedules/a/b/two.yaml", "schedules/a/one.yml"]),
        ("schedules/**", SCHEDULES),
        ("./schedules/./a//*.y?l", ["schedules/a/one.yml"]),
        ("schedules/a/b/t[v-x]o.yaml", ["schedules/a/b/two.yaml"]),
        ("schedules/a/b/[!s]*.yaml", ["schedules/a/b/[x].yaml", "schedules/a/b/two.yaml"]),
        ("schedules/a/b/[[]x[]].yaml", ["schedules/a/b/[x].yaml"]),
        ("schedules/a/b/[*", ["schedules/a/b/[x].yaml"]),
        ("schedules/a/b/[x].yaml", ["schedules/a/b/[x].yaml"]),
        ("s*/*.txt", ["schedules/notes.txt"]),
        ("schedules/.git/*.yaml", ["schedules/.git/hidden.yaml"]),
        ("schedules", SCHEDULES),
        ("schedules/prod.yaml", ["schedules/prod.yaml"]),
    ],
)
def test_globs(repo: Path, glob: str, expected: list[str]) -> None:
    assert by_globs(repo, glob) == expected
    assert by_paths(repo, glob) == expected


def test_paths_are_files_directories_and_globs_and_no_file_comes_twice(repo: Path) -> None:
    found = by_paths(repo, "schedules/a/", "README.md", "schedules/**/*.yaml", "./README.md")
    assert found == ["README.md", *SCHEDULES]


def test_the_configuration_is_left_out_of_what_a_shell_names(repo: Path) -> None:
    assert by_paths(repo, "flashsync.yaml", "other.yaml") == ["other.yaml"]
    assert by_paths(repo, "*.yaml") == ["other.yaml"]


def test_names_are_as_seen_from_the_working_directory(repo: Path) -> None:
    inside = repo / "schedules" / "a"
    assert names(find_by_globs(["schedules/*.yaml"], base=repo, cwd=inside)) == ["../prod.yaml"]
    assert by_paths(inside, ".") == ["b/[x].yaml", "b/two.yaml", "one.yml"]
    assert by_paths(inside, "..", "b/two.yaml")[0] == "../prod.yaml"
    assert by_paths(inside, "../../other.yaml") == ["../../other.yaml"]


def test_absolute_paths_are_short_below_the_working_directory_and_whole_elsewhere(
    repo: Path,
) -> None:
    path = str(repo / "schedules" / "*.yaml")
    assert by_paths(repo, path) == ["schedules/prod.yaml"]
    assert by_paths(repo / "empty", path) == [str(repo / "schedules" / "prod.yaml")]
    assert by_paths(repo / "empty", str(repo / "other.yaml")) == [str(repo / "other.yaml")]
    assert by_paths(Path("/"), str(repo / "other.yaml")) == [str(repo / "other.yaml")[1:]]


def test_links(repo: Path) -> None:
    (repo / "schedules/a/loop").symlink_to("../..")
    (repo / "schedules/a/self").symlink_to("self")
    (repo / "schedules/a/self.yaml").symlink_to("self.yaml")
    (repo / "schedules/again.yaml").symlink_to("prod.yaml")
    (repo / "schedules/broken.yaml").symlink_to("nowhere")
    (repo / "schedules/0-linked").symlink_to("a", target_is_directory=True)
    (repo / "elsewhere").mkdir()
    (repo / "elsewhere/three.yaml").touch()
    (repo / "schedules/more").symlink_to("../elsewhere", target_is_directory=True)
    # A link never takes the name of a file from it, and a broken one is not passed over. The loop
    # leads to the repository, where there is one more file.
    assert by_globs(repo, "schedules/**/*.yaml") == sorted(
        [
            *(name for name in SCHEDULES if name.endswith(".yaml")),
            "schedules/a/loop/other.yaml",
            "schedules/a/self.yaml",
            "schedules/broken.yaml",
            "schedules/more/three.yaml",
        ]
    )


def test_hostile_names_are_shown_as_escapes(tmp_path: Path) -> None:
    (tmp_path / "a\n::error::\x1b.yaml").touch()
    (tmp_path / os.fsdecode(b"b\xff.yaml")).touch()
    assert by_paths(tmp_path, ".") == ["a\\n::error::\\x1b.yaml", "b\\udcff.yaml"]
    assert by_paths(tmp_path, "a\n::error::\x1b.yaml") == ["a\\n::error::\\x1b.yaml"]


def test_all_paths_without_a_match_are_listed_at_once(repo: Path) -> None:
    assert errors(repo, "schedules", "schedules/prdo.yaml", "nope/x.yaml", "", "empty", "x*") == [
        "no file or directory `schedules/prdo.yaml`; did you mean `schedules/prod.yaml`?",
        "no file or directory `nope/x.yaml`; check the spelling",
        "empty path; name a file or directory, or remove the entry",
        EMPTY,
        f"the glob `x*` matches no file below {quoted(str(repo))}; {CHECK}",
    ]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("nope/*.yaml", "the glob `nope/*.yaml` matches no file below"),
        ("[z-a]*", "reversed range in the glob `[z-a]*`; write the lower character"),
        ("a\0b", "no file or directory `a\\x00b`; check the spelling"),
        ("a\0/b*", "the glob `a\\x00/b*` matches no file below"),
        ("flashsync.yaml", "flashsync.yaml is the configuration, not a schedule file; name the"),
        ("{a,b}.yaml", "no file or directory `{a,b}.yaml`; check the spelling"),
    ],
)
def test_one_that_matches_nothing(repo: Path, path: str, problem: str) -> None:
    (found,) = errors(repo, path)
    assert found.startswith(problem)


def test_globs_of_the_configuration_have_a_position(repo: Path) -> None:
    with pytest.raises(FilesError) as caught:
        find_by_globs(
            ["schedules/**", "x/*", "y"],
            base=repo,
            cwd=repo,
            position=lambda place: Position("flashsync.yaml", 7, place),
        )
    assert [problem.position for problem in caught.value.problems] == [
        Position("flashsync.yaml", 7, 1),
        Position("flashsync.yaml", 7, 2),
    ]


def test_nothing_at_all_by_the_default_globs(tmp_path: Path) -> None:
    with pytest.raises(FilesError) as caught:
        find_by_globs(DEFAULT_GLOBS, base=tmp_path, cwd=tmp_path)
    assert str(caught.value) == (
        f"no *.yaml or *.yml file below schedules/ in {tmp_path}; "
        "run `flashsync import`, add schedule files there, pass their paths, or set `schedules` in "
        "flashsync.yaml"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_directory_that_cannot_be_read_is_an_error(repo: Path) -> None:
    (repo / "schedules/a").chmod(0)
    try:
        (found,) = errors(repo, "schedules")
        assert found.startswith("cannot read the directory `schedules/a/` (permission denied)")
    finally:
        (repo / "schedules/a").chmod(0o755)


def test_a_directory_too_deep_to_be_read_is_an_error(repo: Path) -> None:
    inside = os.open(repo / "schedules", os.O_RDONLY)
    for _ in range(21):  # each step is short, and all together are longer than a path may be
        os.mkdir("d" * 200, dir_fd=inside)
        deeper = os.open("d" * 200, os.O_RDONLY, dir_fd=inside)
        os.close(inside)
        inside = deeper
    os.close(inside)
    (found,) = errors(repo, "schedules")
    assert found.startswith("cannot read the directory `schedules/ddd")
    assert "(file name too long); change its permissions" in found


def test_ten_thousand_files_are_found_fast(tmp_path: Path) -> None:
    for directory in range(100):
        path = tmp_path / "schedules" / str(directory)
        path.mkdir(parents=True)
        for file in range(100):
            (path / f"{file}.yaml").touch()
    begin = time.process_time()
    assert len(by_globs(tmp_path, *DEFAULT_GLOBS)) == 10_000
    assert time.process_time() - begin < 1
