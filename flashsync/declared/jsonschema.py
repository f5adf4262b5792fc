"""The JSON Schemas of the files, for editors, with a line on what each key means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flashsync.declared import scalars
from flashsync.declared.config import Config
from flashsync.declared.fields import one_or_several
from flashsync.declared.parse import adapter
from flashsync.declared.schedule import Schedule
from flashsync.model.check_registry import CHECKS, LAYER_CHECKS, SHORT_NOTICE

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_LAYERS_OR_ABSENT = [
    {"required": ["layers"]},
    {"required": ["absent"], "properties": {"absent": {"enum": [True, "true"]}}},
]
_BETWEEN_KEYS: dict[str, Any] = {
    "dependentRequired": {"continuous": ["days"]},
    "dependentSchemas": {
        "handoff": {"properties": {"rotation": scalars.WEEKLY_ROTATION_SCHEMA}},
        "days": {"properties": {"hours": one_or_several(scalars.DAILY_HOURS_SCHEMA)}},
    },
}
"""The rules of `check_layer` between the keys of a layer."""


def schedule_schema() -> dict[str, Any]:
    """The schema of a schedule document."""
    schema = _finish(adapter(Schedule).json_schema(), "flashsync schedule")
    _list_checks(schema["properties"]["checks"], CHECKS)
    _list_checks(schema["$defs"]["Layer"]["properties"]["checks"], LAYER_CHECKS)
    schema["$defs"]["Layer"] |= _BETWEEN_KEYS
    return {**schema, "anyOf": _LAYERS_OR_ABSENT}


def config_schema() -> dict[str, Any]:
    """The schema of flashsync.yaml."""
    schema = _finish(adapter(Config).json_schema(), "flashsync configuration")
    schema["properties"]["people"]["additionalProperties"] = False
    _list_checks(schema["properties"]["checks"], CHECKS)
    return schema


def _list_checks(checks: dict[str, Any], ids: Iterable[str]) -> None:
    """Describe each check that may have a level in this place."""
    level = checks["additionalProperties"]
    checks["properties"] = {
        id: {
            **level,
            **({} if id == SHORT_NOTICE else {"not": {"type": "object", "required": ["within"]}}),
            "description": f"Fires when {CHECKS[id].description}.",
            "default": CHECKS[id].default,
        }
        for id in ids
    }
    checks["additionalProperties"] = False


def _finish(schema: dict[str, Any], title: str) -> dict[str, Any]:
    """Add the title and descriptions, allow top-level `x-` keys, and drop null from all values."""
    for model in (schema, *schema["$defs"].values()):
        _describe(model)
    return {
        "$schema": _DRAFT,
        **_without_null(schema),
        "title": title,
        "patternProperties": {"^x-": {}},
    }


def _describe(model: dict[str, Any]) -> None:
    """Put the keys in the order of DESCRIPTIONS, with descriptions in place of titles."""
    texts, parts = DESCRIPTIONS[model["title"]], model["properties"]
    for part in parts.values():
        part.pop("title", None)
    model["properties"] = {
        key: {**parts[key], "description": texts[key]}
        for key in sorted(parts, key=list(texts).index)
    }


def _without_null(schema: Any) -> Any:
    """Drop `null`: an absent key is left out of a file."""
    if isinstance(schema, list):
        return [_without_null(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _without_null(part)
        for key, part in schema.items()
        if not (key == "default" and part is None)
    }
    variants = [variant for variant in kept.get("anyOf", ()) if variant != {"type": "null"}]
    if len(variants) == 1:
        del kept["anyOf"]
        return {**variants[0], **kept}
    return {**kept, "anyOf": variants} if variants else kept


# What each key of a file means, in one line: editors show it.

_RENAMED_FROM = "The old name, for the run that renames; ignored once the new name is live."
_ROLLOUT = (
    "When an edit of a rotation takes effect: next_handoff (the default), now, exact, or a time "
    "on a full or half hour."
)
_IGNORE = (
    "Left to the console: description, team, notify, or a list of them. Neither compared nor "
    "written; none takes no default."
)
_REFERENCE = "as a reference: {env: NAME} or {file: PATH}."

DESCRIPTIONS: Mapping[str, Mapping[str, str]] = {
    "Schedule": {
        "schedule": "The name, 1 to 40 characters, unique in the account.",
        "id": "The id of the live schedule: pins the identity, so that the name can change.",
        "renamed_from": _RENAMED_FROM,
        "absent": "true: delete this schedule.",
        "ignore": _IGNORE,
        "description": "Markdown, at most 500 characters.",
        "team": "The team that may edit it, by name or id; none takes no default.",
        "rollout": _ROLLOUT,
        "layers": "The rotations. All of them add up: everyone on any of them is on call.",
        "overrides": "Planned cover; later entries decide over earlier, the console over all.",
        "notify": "Who gets a notice before a shift, and how; off takes no default.",
        "expect": "Tests of the rota, run by plan and, as far as files tell, by validate.",
        "checks": "How grave findings on this schedule are, where flashsync.yaml says otherwise.",
    },
    "Layer": {
        "layer": "The name, 1 to 40 characters.",
        "rotation": "How long a turn lasts: 1 to 30 hours, days, weeks or months, as in 1 week.",
        "start": "When the first turn begins, in the account's zone unless it has an offset.",
        "groups": "Who takes turns, in order: a person, a list who share a turn, or a mapping.",
        "handoff": "The time of the week when turns change, as in mon 10:00. Only with 1 week.",
        "end": "When the layer ends; the moment itself is not included.",
        "days": "The days of duty: mon-fri, or a list.",
        "hours": "The hours of duty: 09:00-18:00, mon-fri 09:00-18:00, or a list.",
        "continuous": "With days: duty runs on to the start's time of day on the next day.",
        "fair": "Lets the platform spread the turns evenly, in its own way.",
        "rollout": _ROLLOUT,
        "renamed_from": _RENAMED_FROM,
        "checks": "How grave findings on this layer are, where the schedule says otherwise.",
    },
    "Group": {
        "group": "The group's name; without it the live one is kept, or a letter is taken.",
        "members": "The people who share the turn.",
    },
    "Member": {
        "person": "A short name, an e-mail address, an id, or the exact name of a member.",
        "role": "primary (the default), backup, or a role of the account by name or id.",
    },
    "Override": {
        "override": "The name, 1 to 28 characters: a mark is added to it.",
        "from": "When the cover begins.",
        "to": "When it ends; the moment itself is not included.",
        "people": "Who is on call instead of all layers.",
    },
    "Expectation": {
        "at": "A time; on_call, any_of or not say who is on call then.",
        "on_call": "Exactly these people, and nobody else.",
        "any_of": "At least one of these people.",
        "not": "None of these people.",
        "role": "Only those in this role count: primary, backup, or a role of the account.",
        "always": "covered: somebody is on call all the time; by default one cycle from now on.",
        "from": "When that time begins.",
        "to": "When it ends; the moment itself is not included.",
        "at_most": "How long anybody is on call without a break, as in 7 days.",
    },
    "Notify": {
        "before": "How long before a shift, in steps of 5 min; 0 min is at its start.",
        "daily_at": "A time of day for a daily reminder, as in 08:00.",
        "by": "preference, or a list of channels: email, sms, phone, feishu_app:… and other apps.",
        "chats": "The chats that get a notice.",
    },
    "Chat": {
        "type": "The kind of chat.",
        "alias": "A name that distinguishes it from others of its type.",
        "data_source_id": "The id of the integration in the console.",
        "chat_ids": "The chats of that integration.",
        "token": f"The token, {_REFERENCE}",
        "verify_token": f"The verification token, {_REFERENCE}",
        "sign_secret": f"The secret that signs messages, {_REFERENCE}",
    },
    "Config": {
        "version": "The version of the file format: 1.",
        "account": "The account's name or id; a key of another account is refused.",
        "timezone": "The account's IANA zone, for work without a network.",
        "schedules": "Where schedule files are: globs, from this file's folder on.",
        "people": "Short names: an address, an id, or the exact name of a member.",
        "defaults": "Whole values for keys that a schedule leaves out.",
        "manage": "What --prune may delete: schedules that match every key.",
        "safety": "How much one run may delete and change.",
        "secrets": "What {env: …} and {file: …} may name; a missing key allows nothing.",
        "checks": "How grave each check's finding is.",
        "accept": "Differences that drift accepts until a date; plan and apply ignore this.",
    },
    "Accept": {
        "schedule": "The schedule that may differ: its name, or a glob.",
        "field": "One field as drift shows it, or its beginning; without it, every field.",
        "reason": "The reason, which drift shows in every run.",
        "until": "When drift alerts again; the moment itself is not included.",
    },
    "Defaults": {
        "ignore": _IGNORE,
        "description": "Markdown, at most 500 characters.",
        "team": "A team, by name or id.",
        "rollout": _ROLLOUT,
        "notify": "Who gets a notice before a shift, and how.",
    },
    "Manage": {
        "teams": "Teams, by name or id.",
        "names": "Names of schedules, with * and ? as wildcards.",
    },
    "Safety": {
        "max_deletes": "How many schedules one run may delete by --prune.",
        "max_change_percent": "Updates and deletes, as a share of the declared live schedules.",
    },
    "Secrets": {
        "env": "Variables that may be read, with * and ? as wildcards; never FLASHDUTY_*.",
        "files": "Folders with files that may be read; a link out of them is refused.",
    },
    "Check": {
        "level": "off, warn or error.",
        "within": "How far ahead the check looks, as in 24h.",
    },
}
"""By model and key. A test holds it complete."""
