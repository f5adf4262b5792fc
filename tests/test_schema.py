"""The files in schema/ are what the code generates, and JSON Schemas at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from flashsync.cli.main import main
from flashsync.declared.jsonschema import config_schema, schedule_schema
from flashsync.plan.json.document import plan_schema
from tests.source import ROOT

SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "schedule": schedule_schema,
    "config": config_schema,
    "plan": plan_schema,
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_file_is_what_the_code_generates(name: str) -> None:
    generated = json.dumps(SCHEMAS[name](), indent=2, ensure_ascii=False) + "\n"
    stored = (ROOT / "schema" / f"{name}.schema.json").read_bytes()
    assert stored == generated.encode(), "run `make schema`"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_command_prints_the_file(name: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["schema", name]) == 0
    assert capfdbinary.readouterr().out == (ROOT / "schema" / f"{name}.schema.json").read_bytes()


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_a_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name]())


def test_there_is_no_other_file() -> None:
    names = {path.name for path in (ROOT / "schema").iterdir()}
    assert names == {f"{name}.schema.json" for name in SCHEMAS}
