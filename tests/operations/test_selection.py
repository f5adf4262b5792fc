"""`--only` and paths mean the same in every command."""

from __future__ import annotations

import pytest

from flashsync.errors import UsageError
from flashsync.operations.selection import ALL, Selection
from tests.cli.console import Terminal, schedule

NAMES = ("prod-api", "prod-web", "staging", "[odd]")
REMEDY = "check the name; a glob like 'prod-*' needs quotes in the shell"

ON_FILES = (
    "validate",
    "plan",
    "apply --auto-approve",
    "drift",
    "tidy --auto-approve",
    "oncall",
    "show",
    "show --live",
    "show --offline",
)
ON_ACCOUNT = ("oncall --all", "show --live --all", "doctor")
COMMANDS = {**dict.fromkeys(ON_FILES, "the files"), **dict.fromkeys(ON_ACCOUNT, "the account")}
"""Each command with `--only`, and what its patterns are compared with."""


@pytest.mark.parametrize(
    ("only", "selected"),
    [
        ((), NAMES),
        (("staging",), ("staging",)),
        (("prod-*",), ("prod-api", "prod-web")),
        (("staging", "*-web"), ("prod-web", "staging")),
        (("[odd]",), ("[odd]",)),
        (("[ps]*",), ("prod-api", "prod-web", "staging")),
        (("*",), NAMES),
    ],
)
def test_a_name_or_a_glob_selects(only: tuple[str, ...], selected: tuple[str, ...]) -> None:
    selection = Selection(only=only)
    assert tuple(selection.select(NAMES, str, "the files")) == selected
    assert tuple(name for name in NAMES if selection.matches(name)) == selected


@pytest.mark.parametrize("only", [("nothing",), ("staging", "nothing"), ("PROD-API",), ("prod",)])
def test_a_pattern_has_to_match(only: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as error:
        Selection(only=only).select(NAMES, str, "the files")
    (problem,) = error.value.problems
    assert problem.message == f"--only {only[-1]} matches no schedule of the files"
    assert problem.remedy == REMEDY


def test_a_run_is_complete_without_paths_and_patterns() -> None:
    assert ALL.complete
    assert not Selection(paths=("a.yaml",)).complete
    assert not Selection(only=("*",)).complete


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_which_pattern_matches_nothing(demo: Terminal, command: str) -> None:
    demo.declare(schedule("Production On-Call"))
    ended = demo(*command.split(), "--only", "*", "--only", "pord-*")
    message = f"--only pord-* matches no schedule of {COMMANDS[command]}"
    assert (ended.code, ended.err.splitlines()[-1]) == (1, f"error: {message}; {REMEDY}")
    assert demo.written == []


def test_undo_compares_a_pattern_with_its_journal(terminal: Terminal) -> None:
    terminal.declare(schedule("Production"))
    terminal.apply()
    (journal,) = (terminal.folder / ".flashsync/journal").iterdir()
    ended = terminal("undo", "--auto-approve", "--only", "pord-*")
    shown_as = f".flashsync/journal/{journal.name}"
    message = f"--only pord-* matches no schedule of {shown_as}"
    assert (ended.code, ended.err) == (1, f"error: {message}; {REMEDY}\n")


@pytest.mark.parametrize("command", [one for one in ON_FILES if not one.startswith("tidy")])
def test_every_command_leaves_out_what_is_not_selected(terminal: Terminal, command: str) -> None:
    terminal.declare(schedule("One"), schedule("Two"))
    terminal.apply()
    terminal.declare(schedule("One", description="new"), schedule("Two", description="new"))
    ended = terminal(*command.split(), "--only", "T*")
    shown = ended.out + ended.err
    assert "1 not selected" in shown
    assert "One" not in shown
