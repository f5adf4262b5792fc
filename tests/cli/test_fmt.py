"""`fmt`: which files are formatted, what is shown, and when nothing is written."""

from __future__ import annotations

import io
import json
import sys

import pytest

from tests.cli.console import Ended, Terminal

MESSY = """\
# Who is woken up at night.
schedule: Production
layers:
- layer: Primary
  start: 2026-01-05 10:00
  rotation: 1 week
  groups: [alice@example.com] # the lead
"""
NEAT = """\
# Who is woken up at night.
schedule: Production
layers:
  - layer: Primary
    rotation: 1 week
    start: 2026-01-05 10:00
    groups: [alice@example.com]  # the lead
"""
OTHER = NEAT.replace("Production", "Staging")
CONFIG = "timezone:   Asia/Shanghai\nversion: 1\n"


@pytest.fixture
def rota(terminal: Terminal) -> Terminal:
    """A file to format, one that is formatted, and a configuration to format."""
    terminal.write("schedules/prod.yaml", MESSY)
    terminal.write("schedules/staging.yaml", OTHER)
    terminal.write("flashsync.yaml", CONFIG)
    return terminal


def text(terminal: Terminal, path: str = "schedules/prod.yaml") -> str:
    return (terminal.folder / path).read_bytes().decode()


def test_all_files_are_formatted(rota: Terminal) -> None:
    ended = rota("fmt")
    assert ended == Ended(
        0, "flashsync.yaml\nschedules/prod.yaml\n2 files formatted, 1 file unchanged.\n", ""
    )
    assert text(rota) == NEAT
    assert text(rota, "flashsync.yaml") == "version: 1\ntimezone: Asia/Shanghai\n"
    assert rota("fmt") == Ended(0, "3 files unchanged.\n", "")
    assert rota("fmt", "--check") == Ended(0, "3 files unchanged.\n", "")


def test_check_writes_nothing(rota: Terminal) -> None:
    ended = rota("fmt", "--check")
    assert ended == Ended(
        2, "flashsync.yaml\nschedules/prod.yaml\n2 files to format, 1 file unchanged.\n", ""
    )
    assert text(rota) == MESSY


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--check"], 2)])
def test_a_diff_writes_nothing(rota: Terminal, options: list[str], code: int) -> None:
    ended = rota("fmt", "schedules/prod.yaml", "--diff", *options)
    assert (ended.code, ended.err, text(rota)) == (code, "", MESSY)
    assert ended.out.splitlines()[:6] == [
        "--- a/schedules/prod.yaml",
        "+++ b/schedules/prod.yaml",
        "@@ -1,7 +1,7 @@",
        " # Who is woken up at night.",
        " schedule: Production",
        " layers:",
    ]


@pytest.mark.parametrize(
    ("paths", "formatted"),
    [
        (["schedules"], ["schedules/prod.yaml"]),
        (["schedules/*.yaml"], ["schedules/prod.yaml"]),
        (["schedules/staging.yaml"], []),
        (["flashsync.yaml"], ["flashsync.yaml"]),
        (["flashsync.yaml", "schedules/prod.yaml"], ["flashsync.yaml", "schedules/prod.yaml"]),
        (["."], ["flashsync.yaml", "schedules/prod.yaml"]),
    ],
)
def test_paths_choose_files(rota: Terminal, paths: list[str], formatted: list[str]) -> None:
    ended = rota("fmt", *paths, "--format", "json", "--check")
    assert [file["file"] for file in ended.json["files"]] == formatted
    assert ended.code == (2 if formatted else 0)


def test_json_has_the_diffs(rota: Terminal) -> None:
    found = rota("fmt", "schedules", "--format", "json").json
    assert (found["written"], found["unchanged"], found["unusual"]) == (True, 1, [])
    assert "+    groups: [alice@example.com]  # the lead\n" in found["files"][0]["diff"]


def test_a_file_that_cannot_be_read_stops_all(rota: Terminal) -> None:
    rota.write("schedules/bad.yaml", "schedule: [\n")
    rota.write("schedules/worse.yaml", "a: b\na:   c\n")
    ended = rota("fmt")
    assert (ended.code, ended.out, text(rota)) == (1, "", MESSY)
    first, second = ended.err.splitlines()
    assert first.startswith("schedules/bad.yaml:2:1: ")
    assert second == "schedules/worse.yaml:2:1: duplicate key `a`, first on line 1; remove one"


def test_an_unusual_file_keeps_its_layout(rota: Terminal) -> None:
    rota.write("schedules/prod.yaml", MESSY + "...\n")
    ended = rota("fmt", "schedules")
    assert ended.out == "2 files unchanged.\n"
    assert ended.err == (
        "note: schedules/prod.yaml keeps its layout, which has parts that fmt does not write\n"
    )


def test_a_path_that_does_not_exist_is_an_error(rota: Terminal) -> None:
    ended = rota("fmt", "schedules/prd.yaml")
    assert ended.err == (
        "error: no file or directory `schedules/prd.yaml`; did you mean `schedules/prod.yaml`?\n"
    )
    assert rota("fmt", "elsewhere/flashsync.yaml").code == 1


def test_a_read_only_file_is_left(rota: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    ended = rota("fmt")
    assert (ended.code, text(rota)) == (1, MESSY)
    assert "the file is not writable; nothing was written" in ended.err


# Standard input


def piped(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, data: bytes, *options: str) -> Ended:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    return terminal("fmt", "-", *options)


@pytest.mark.parametrize(
    ("before", "after"),
    [(MESSY, NEAT), (NEAT, NEAT), (CONFIG, "version: 1\ntimezone: Asia/Shanghai\n")],
)
def test_standard_input_is_formatted(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    assert piped(terminal, monkeypatch, before.encode()) == Ended(0, after, "")


def test_standard_input_is_checked(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = piped(terminal, monkeypatch, MESSY.encode(), "--check")
    assert ended == Ended(2, "standard input\n1 file to format.\n", "")
    assert piped(terminal, monkeypatch, NEAT.encode(), "--check").code == 0
    ended = piped(terminal, monkeypatch, MESSY.encode(), "--diff", "--check")
    assert (ended.code, ended.out.splitlines()[0]) == (2, "--- a/standard input")
    ended = piped(terminal, monkeypatch, MESSY.encode(), "--format", "json")
    assert json.loads(ended.out)["written"] is False


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: [\n", "standard input:2:1: "),
        (b"\xff", "error: standard input is not UTF-8; send it as UTF-8"),
        (b"", "standard input:1:1: the file is empty"),
    ],
)
def test_bad_standard_input_prints_nothing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, data: bytes, said: str
) -> None:
    ended = piped(terminal, monkeypatch, data)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(said)


def test_standard_input_is_alone(rota: Terminal) -> None:
    ended = rota("fmt", "-", "schedules")
    assert ended == Ended(1, "", "error: `-` cannot be used with other paths; remove one of them\n")
