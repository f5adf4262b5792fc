"""The JSON Schema of plans, and the check of a saved one against the same types."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from flashsync.plan.document import FORMAT_VERSION, PlanDocument


@cache
def plan_adapter() -> TypeAdapter[PlanDocument]:
    """Validates plan documents; built once."""
    return TypeAdapter(PlanDocument)


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `--format json` and of saved plans."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **plan_adapter().json_schema(),
        "title": f"flashsync plan {FORMAT_VERSION}",
    }
