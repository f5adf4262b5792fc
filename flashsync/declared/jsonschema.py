"""The JSON Schemas of the files, for editors: completion, and squiggles while one types."""

from __future__ import annotations

from typing import Any

from flashsync.declared.described import DESCRIPTIONS
from flashsync.declared.read import config_adapter, schedule_adapter
from flashsync.model.check_names import CHECKS

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_LAYERS_OR_ABSENT = [{"required": ["layers"]}, {"required": ["absent"]}]


def schedule_schema() -> dict[str, Any]:
    """The schema of a schedule document."""
    found = _finished(schedule_adapter().json_schema(), "flashsync schedule")
    return {**found, "anyOf": _LAYERS_OR_ABSENT}


def config_schema() -> dict[str, Any]:
    """The schema of flashsync.yaml."""
    found = _finished(config_adapter().json_schema(), "flashsync configuration")
    found["properties"]["people"]["additionalProperties"] = False
    checks = found["properties"]["checks"]
    checks["properties"] = dict.fromkeys(CHECKS, checks["additionalProperties"])
    checks["additionalProperties"] = False
    return found


def _finished(schema: dict[str, Any], title: str) -> dict[str, Any]:
    """With a title, every key described, top-level `x-` keys allowed, and no value null."""
    for model in (schema, *schema["$defs"].values()):
        _describe(model)
    return {
        "$schema": _DRAFT,
        **_without_null(schema),
        "title": title,
        "patternProperties": {"^x-": {}},
    }


def _describe(model: dict[str, Any]) -> None:
    """Describe the keys of a model, in their order, instead of titles that only repeat them."""
    texts, parts = DESCRIPTIONS[model["title"]], model["properties"]
    model["properties"] = {
        key: {**_untitled(parts[key]), "description": texts[key]}
        for key in sorted(parts, key=list(texts).index)
    }


def _untitled(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "title"}


def _without_null(schema: Any) -> Any:
    """The schema where an absent key is left out: no value is null."""
    if isinstance(schema, list):
        return [_without_null(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        key: _without_null(part)
        for key, part in schema.items()
        if not (key == "default" and part is None)
    }
    variants = [one for one in found.get("anyOf", ()) if one != {"type": "null"}]
    if len(variants) == 1:
        del found["anyOf"]
        return {**variants[0], **found}
    return {**found, "anyOf": variants} if variants else found
