"""The composite action, used as its users would."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.actions import Actions
from tests.recipes.github import GitHub
from tests.recipes.team import Team

WORKFLOW = """
permissions: {}
jobs:
  job:
    permissions: {contents: read}
    steps:
      - uses: actions/checkout@v6
        with: {persist-credentials: false}
      - uses: ./
        id: flashsync
        with:
          command: COMMAND
          app-key: ${{ secrets.FLASHDUTY_APP_KEY }}
          args: |
            ARGUMENTS
    outputs:
      code: ${{ steps.flashsync.outputs.exit-code }}
      report: ${{ steps.flashsync.outputs.report }}
      plan: ${{ steps.flashsync.outputs.plan }}
"""


def workflow(folder: Path, command: str, *arguments: str) -> Path:
    """A workflow of one job that uses the action."""
    text = WORKFLOW.replace("COMMAND", command)
    path = folder / "own.yml"
    path.write_text(text.replace("ARGUMENTS", "\n            ".join(arguments)), encoding="utf-8")
    return path


def test_it_plans_and_says_where_the_plan_is(
    tmp_path: Path, team: Team, github: GitHub, actions: Actions
) -> None:
    for name in ("Production On-Call", "Storefront On-Call"):
        team.sandbox.console.edit(name, {"description": "Call Bob"}, by="bob@example.com")
    path = workflow(tmp_path, "plan", "--detailed-exitcode", "--only", "Production*")
    run = actions.run(path, github.pushed())
    outputs = run.jobs["job"].outputs
    assert (run.green, outputs["code"]) == (True, "2"), run.printed
    assert "Production On-Call" in Path(outputs["report"]).read_text(encoding="utf-8")
    saved = Path(outputs["plan"]).read_text(encoding="utf-8")
    assert "Storefront" not in saved
    assert "Production On-Call" in run.jobs["job"].summary


@pytest.mark.parametrize(
    ("command", "arguments", "code"),
    [
        ("validate", ("--config", "flashsync.yaml"), "0"),
        ("validate", ("--config", "$(touch injected); `touch injected`"), "1"),
        ("apply", ("--no-such-option",), "1"),
        ("sandbox; touch injected", (), ""),
    ],
)
def test_an_error_is_one_and_no_input_is_taken_for_a_command(
    tmp_path: Path,
    github: GitHub,
    actions: Actions,
    command: str,
    arguments: tuple[str, ...],
    code: str,
) -> None:
    run = actions.run(workflow(tmp_path, command, *arguments), github.pushed())
    assert (run.green, run.jobs["job"].outputs["code"]) == (code == "0", code), run.printed
    assert list(tmp_path.rglob("injected")) == []
