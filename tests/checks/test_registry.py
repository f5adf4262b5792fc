"""The registry of checks is the only list of them: files, options, schema, documentation."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from flashsync import checks
from flashsync.checks.judge import load_check
from flashsync.cli.main import group
from flashsync.declared.jsonschema import config_schema
from flashsync.model.check_registry import CHECKS, LEVELS, CheckSpec
from tests.readme import DOCS

SHARED = {
    "__init__",
    "expectations",
    "judge",
    "model",
    "two_schedules",
}
"""Files of `checks/` that are not a check."""


def test_each_check_is_a_file_of_its_own() -> None:
    files = {path.stem for path in Path(checks.__path__[0]).glob("*.py")}
    assert files - SHARED == set(CHECKS)
    assert files >= SHARED


@pytest.mark.parametrize("spec", CHECKS.values(), ids=CHECKS.keys())
def test_a_file_has_the_function_of_its_check(spec: CheckSpec) -> None:
    check = load_check(spec.id)
    assert check.__module__ == f"flashsync.checks.{spec.id}"
    assert check.__doc__


def test_the_documentation_has_the_table() -> None:
    rows = [
        f"| `{spec.id}`{'' if spec.offline else ' †'} | {spec.default} | {spec.description} |\n"
        for spec in CHECKS.values()
    ]
    table = "| check | default | fires when |\n|---|---|---|\n" + "".join(rows)
    assert table in (DOCS / "checks.md").read_text(encoding="utf-8")


def test_the_schema_describes_each_check() -> None:
    properties = config_schema()["properties"]["checks"]["properties"]
    described = {id: (part["default"], part["description"]) for id, part in properties.items()}
    assert described == {
        spec.id: (spec.default, f"Fires when {spec.description}.") for spec in CHECKS.values()
    }


def test_the_command_line_names_the_checks() -> None:
    ended = CliRunner().invoke(group, ["plan", "--check-level", "no_such=off"])
    assert f"unknown check no_such; use one of {', '.join(CHECKS)}" in " ".join(
        ended.output.split()
    )


def test_a_check_is_off_or_has_a_level_of_the_configuration() -> None:
    assert {spec.level for spec in CHECKS.values()} <= set(LEVELS.values())
