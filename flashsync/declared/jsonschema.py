"""The JSON Schemas of the files, for editors: completion, and squiggles while one types."""

from __future__ import annotations

from typing import Any

from flashsync.declared.read import config_adapter, schedule_adapter

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schedule_schema() -> dict[str, Any]:
    """The schema of a schedule document."""
    return _finished(schedule_adapter().json_schema(), "flashsync schedule")


def config_schema() -> dict[str, Any]:
    """The schema of flashsync.yaml."""
    return _finished(config_adapter().json_schema(), "flashsync configuration")


def _finished(schema: dict[str, Any], title: str) -> dict[str, Any]:
    """With a title, top-level `x-` keys allowed, and no value null: an absent key is left out."""
    return {
        "$schema": _DRAFT,
        **_without_null(schema),
        "title": title,
        "patternProperties": {"^x-": {}},
    }


def _without_null(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_null(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        key: _without_null(part) for key, part in schema.items() if not _default_null(key, part)
    }
    variants = [one for one in found.get("anyOf", ()) if one != {"type": "null"}]
    if len(variants) == 1 and len(found["anyOf"]) > 1:
        del found["anyOf"]
        return {**variants[0], **found}
    return {**found, "anyOf": variants} if variants else found


def _default_null(key: str, part: Any) -> bool:
    return key == "default" and part is None
