"""`flashsync schema`: the JSON Schemas, for editors and for programs that read plans."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from flashsync.cli.option_values import WordChoice
from flashsync.errors import ExitCode

NAMES = ("schedule", "config", "plan")


def schema(name: str) -> Mapping[str, object]:
    """The JSON Schema of that name."""
    from flashsync.declared.jsonschema import config_schema, schedule_schema
    from flashsync.plan.json.document import plan_schema

    makers = {"schedule": schedule_schema, "config": config_schema, "plan": plan_schema}
    return makers[name]()


@click.command(name="schema")
@click.argument("name", type=WordChoice(NAMES), default="schedule")
def command(name: str) -> int:
    """Print the JSON Schema of schedule files (default), of flashsync.yaml, or of plans."""
    from flashsync.cli.output import write_json

    write_json(json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n")
    return ExitCode.OK
