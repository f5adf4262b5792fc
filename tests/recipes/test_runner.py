"""What runs the recipes is no more forgiving than what it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.recipes.actions import Actions
from tests.recipes.checkout import Ended, Machine
from tests.recipes.expressions import Scope, fill, holds
from tests.recipes.github import GitHub

NAMES: Mapping[str, Any] = {"github": {"ref": "refs/heads/main", "event": {"number": 7}}}
WORKFLOW = """
permissions: {}
jobs:
  first:
    permissions: {issues: write}
    outputs: {word: "${{ steps.one.outputs.word }}", none: "${{ steps.one.outputs.none }}"}
    steps:
      - id: one
        run: echo "word=said" >> "$GITHUB_OUTPUT"
      - run: false | true
      - run: echo not reached
      - if: ${{ !cancelled() }}
        run: echo reached
  second:
    needs: first
    steps: [{run: echo not reached}]
  third:
    needs: first
    if: ${{ !cancelled() && needs.first.outputs.word == 'said' }}
    steps: [{run: 'echo "$WORD"', env: {WORD: "${{ needs.first.outputs.word }} again"}}]
"""


@pytest.fixture
def machine(tmp_path: Path, programs: dict[str, str]) -> Machine:
    home = tmp_path / "home"
    return Machine.made(home, programs, GH_STATE=str(home / "github.json"))


@pytest.fixture
def github(machine: Machine) -> GitHub:
    found = GitHub.made(machine, machine.home / "github.json")
    tree = machine.git(found.remote, "hash-object", "-t", "tree", "-w", "/dev/null")
    commit = machine.git(found.remote, "commit-tree", "-m", "Empty", tree)
    machine.git(found.remote, "update-ref", "refs/heads/main", commit)
    return found


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("github.ref == 'refs/heads/main'", True),
        ("github.ref != 'refs/heads/main' || !(true && false)", True),
        ("${{ !cancelled() && github.ref == 'it''s' }}", False),
        ("success()", True),
        ("failure()", False),
    ],
)
def test_conditions(condition: str, said: bool) -> None:
    assert holds(condition, Scope(NAMES)) is said


@pytest.mark.parametrize(
    "condition",
    [
        "github.reff == 'x'",
        "github.ref.part",
        "github.event.number == '7'",
        "hashFiles()",
        "true true",
        "github.ref =~ 'x'",
    ],
)
def test_what_is_not_understood_is_an_error(condition: str) -> None:
    with pytest.raises(AssertionError):
        holds(condition, Scope(NAMES))


def test_texts_are_filled_in() -> None:
    assert fill("${{ github.event.number }}-${{ true }}", Scope(NAMES)) == "7-true"


def test_a_failed_step_ends_a_job_but_for_steps_that_run_anyway(
    machine: Machine, github: GitHub, tmp_path: Path
) -> None:
    path = tmp_path / "own.yml"
    path.write_text(WORKFLOW, encoding="utf-8")
    run = Actions(github, machine, {}, {}).run(path, github.pushed())
    assert run.results == {"first": "failure", "second": "skipped", "third": "success"}
    assert run.jobs["first"].outputs == {"word": "said", "none": ""}
    assert run.printed == "reached\nsaid again\n"


ISSUE = ("-X", "POST", "repos/acme/rota/issues", "-f", "title=A", "-f", "labels[]=b")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((*ISSUE, "-f", "body=C"), 0, '"number": 1'),
        ((*ISSUE, "-f", "body=" + "c" * 65_537), 1, "Body is too long"),
        ((*ISSUE, "-f", "bodies=C"), 1, "'bodies'"),
        ((*ISSUE, "-f", "body"), 1, "requires a value"),
        ((*ISSUE, "-F", "body=1"), 1, "conversion of values"),
        ((*ISSUE, "--slurps"), 2, "unrecognized arguments: --slurps"),
        (("--paginate", *ISSUE), 2, "not supported for non-GET requests"),
        (("repos/acme/rota/labels",), 1, "HTTP 404"),
        (("repos/other/rota/issues",), 1, "HTTP 404"),
        (("repos/acme/rota/commits/abc/pulls",), 1, "Resource not accessible by integration"),
    ],
)
def test_gh_takes_what_it_takes_and_no_more(
    machine: Machine, github: GitHub, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = machine.run(("gh", "api", *arguments), machine.home, {"GH_TOKEN": "token issues=write"})
    assert ended.code == code
    assert said in ended.printed


def test_gh_wants_a_token(machine: Machine, github: GitHub) -> None:
    ended = machine.run(("gh", "api", "repos/acme/rota/issues"), machine.home)
    assert ended == Ended(1, "gh: to use it in a workflow, set the GH_TOKEN environment variable\n")
