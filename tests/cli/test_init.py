"""`init`: a new repository from the key."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.console import Ended, Terminal
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)

FIRST = ["--schedule", "Production On-Call", "--people", "alice@example.com, Dave Wu"]
ALWAYS = [
    "schema/schedule.schema.json",
    "schema/config.schema.json",
    ".pre-commit-config.yaml",
]
SCHEDULE = """\
# yaml-language-server: $schema=../schema/schedule.schema.json
schedule: Production On-Call
layers:
  - layer: Primary
    rotation: 1 week
    handoff: mon 10:00
    start: 2026-11-16 10:00
    groups:
      - alice
      - dave
"""


@pytest.fixture
def empty(terminal: Terminal) -> Terminal:
    """An empty folder, and an account without schedules."""
    (terminal.folder / "flashsync.yaml").unlink()
    return terminal


@pytest.fixture
def full(demo: Terminal) -> Terminal:
    """An empty folder, and an account with three schedules."""
    (demo.folder / "flashsync.yaml").unlink()
    return demo


class Typist(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


def typing(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    monkeypatch.setattr(sys, "stdin", Typist("".join(f"{answer}\n" for answer in answers)))


def files(terminal: Terminal) -> set[str]:
    found = (path for path in terminal.folder.rglob("*") if path.is_file())
    return {path.relative_to(terminal.folder).as_posix() for path in found}


def words(ended: Ended) -> str:
    return " ".join((ended.out + ended.err).split())


def test_a_first_schedule_that_can_be_applied_at_once(empty: Terminal) -> None:
    ended = empty("init", *FIRST)
    assert ended.code == 0, ended
    path = "schedules/production-on-call.yaml"
    assert files(empty) == {"flashsync.yaml", path, *ALWAYS}
    assert (empty.folder / path).read_text() == SCHEDULE
    config = yaml.safe_load((empty.folder / "flashsync.yaml").read_text())
    assert config == {
        "version": 1,
        "account": "Acme Corp",
        "timezone": "Asia/Shanghai",
        "people": {"alice": "alice@example.com", "dave": "dave@example.com"},
    }
    assert "1. look at the file, run `flashsync plan`, then `flashsync apply`" in words(ended)
    empty.apply()
    assert empty("plan", "--detailed-exitcode").code == 0
    now = empty("oncall", "--format", "json").json["schedules"][0]["now"]
    assert [one["person"] for one in now["people"]] == ["alice"]


def test_three_questions_in_a_terminal(empty: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "Production On-Call", "alice@example.com, nobody", "alice@example.com", "")
    ended = empty("init")
    assert ended.code == 0, ended
    assert "Name of the first schedule" in ended.err
    assert "nobody in the account is `nobody`" in ended.err
    written = (empty.folder / "schedules/production-on-call.yaml").read_text()
    assert written == SCHEDULE.replace("      - dave\n", "")


def test_what_is_there_is_imported_when_somebody_says_yes(
    full: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "")
    ended = full("init")
    assert ended.code == 0, ended
    assert "The account Acme Corp has 3 schedules. Import them now? [Y/n]" in words(ended)
    assert full("plan", "--detailed-exitcode").code == 0
    for path in (full.folder / "schedules").iterdir():
        head = "# yaml-language-server: $schema=../schema/schedule.schema.json\n"
        assert path.read_text().startswith(head)


def test_somebody_says_no(full: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "maybe", "n", "")
    ended = full("init")
    assert ended.code == 0, ended
    assert files(full) == {"flashsync.yaml", *ALWAYS}
    assert "expected y or n" in ended.err
    assert "3 schedules in no file: `flashsync import` writes files for them" in words(ended)


def test_without_a_terminal_nobody_is_asked(full: Terminal) -> None:
    ended = full("init")
    assert ended.code == 0, ended
    assert files(full) == {"flashsync.yaml", *ALWAYS}
    assert full("validate").code == 1


@pytest.mark.parametrize(
    ("made", "recipes"),
    [
        (".git/config:[remote]\n\turl = git@github.com:acme/rota.git\n", "github"),
        (".git/config:[remote]\n\turl = https://gitlab.acme.com/rota.git\n", "gitlab"),
        (".github/CODEOWNERS:* @acme\n", "github"),
        (".git/config:[core]\n", "none"),
    ],
)
def test_the_recipes_of_the_host(empty: Terminal, made: str, recipes: str) -> None:
    name, _, text = made.partition(":")
    empty.write(name, text)
    ended = empty("init", "--format", "json")
    expected = {
        "github": [f".github/workflows/{one}.yml" for one in ("plan", "apply", "drift")],
        "gitlab": [".gitlab-ci.yml"],
        "none": [],
    }[recipes]
    assert ended.json["files"] == ["flashsync.yaml", *ALWAYS, *expected]
    for path in expected:
        folder = Path(__file__).parents[2] / "examples/ci" / recipes
        assert (empty.folder / path).read_bytes() == (folder / Path(path).name).read_bytes()
    assert ("FLASHSYNC_COMMIT" in words(ended)) is bool(expected)


def test_what_exists_stays(empty: Terminal) -> None:
    empty.write(".pre-commit-config.yaml", "repos: []\n")
    ended = empty("init", "--ci", "none")
    assert "note: .pre-commit-config.yaml exists already and stays as it is" in words(ended)
    assert (empty.folder / ".pre-commit-config.yaml").read_text() == "repos: []\n"


def test_a_dry_run_writes_nothing(empty: Terminal) -> None:
    ended = empty("init", *FIRST, "--dry-run")
    assert ended.code == 0
    assert ended.out.startswith("Would write 5 files for Acme Corp:\n  flashsync.yaml\n")
    assert files(empty) == set()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--schedule", "Prod"], "--people is missing"),
        (["--schedule", "Prod", "--people", "nobody@x.y"], "--people: nobody in the account is"),
        (["--schedule", "Prod", "--people", " , "], "--people: nobody is named"),
        ([*FIRST, "--handoff", "monday at ten"], "--handoff: "),
        (["--schedule", "x" * 41, "--people", "Dave Wu"], "--schedule: "),
        (["--people", "Dave Wu, dave@example.com", "--schedule", "P"], "somebody is named twice"),
        (["--import", *FIRST], "--import cannot be used with a first schedule"),
    ],
)
def test_what_cannot_begin_a_repository(empty: Terminal, arguments: list[str], said: str) -> None:
    ended = empty("init", *arguments)
    assert (ended.code, ended.out) == (1, ""), ended
    assert said in words(ended)
    assert files(empty) == set()


def test_a_repository_is_begun_once(empty: Terminal) -> None:
    assert empty("init").code == 0
    ended = empty("init")
    assert ended.code == 1
    assert "flashsync.yaml exists already" in words(ended)


def test_the_end_of_the_input_is_no_answer(
    empty: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "Prod")
    ended = empty("init")
    assert ended.code == 1
    assert "no answer; nothing was written" in words(ended)
    assert files(empty) == set()
