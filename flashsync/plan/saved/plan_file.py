"""The file of a saved plan: its JSON with a checksum, against accidents, and with no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flashsync import __version__
from flashsync.errors import RefusedError
from flashsync.model.mask import hide_in_data
from flashsync.model.people import Directory
from flashsync.model.schedule import canonical_name
from flashsync.plan.json.document import FORMAT_VERSION, PlanDocument
from flashsync.plan.json.plan import NOBODY, decode, encode, encode_basis
from flashsync.plan.model import Create, Delete, Plan

_AGAIN = "make the plan again with `flashsync plan --out FILE`"


def save(plan: Plan, directory: Directory = NOBODY) -> str:
    """The text of a saved plan: the JSON document with a checksum of itself.

    Half characters, as a name of the account may hold, stand in it as JSON escapes.
    """
    document = encode(plan, directory)
    document["short_names"] = {str(id): name for id, name in directory.short_names.items()}
    if plan.basis is not None:
        document["basis"] = encode_basis(plan.basis)
    document = hide_in_data(document)
    document["checksum"] = _checksum(document)
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return text.encode(errors="backslashreplace").decode()


def load(text: str, name: str) -> Plan:
    """The plan of a saved file's text; `name` is the file's, for messages.

    Raises RefusedError where it is no plan, of another version, cut or altered, or where it writes
    a schedule twice.
    """
    document = _checked(_parsed(text, name), name)
    try:
        plan = decode(document)
    except ValueError:
        raise _unfit(document["tool_version"], name) from None
    _check_once_each(plan, name)
    return plan


def _check_once_each(plan: Plan, name: str) -> None:
    """One write a schedule. Raises RefusedError."""
    seen: set[object] = set()
    for one in plan.writes:
        taken = set() if isinstance(one, Delete) else {canonical_name(one.name)}
        keys = taken if isinstance(one, Create) else {*taken, one.id}
        if keys & seen:
            raise RefusedError(f"{name} writes `{_shown(one.name)}` twice", _AGAIN)
        seen |= keys


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedError(f"{name} is not a plan, or is incomplete", _AGAIN) from None
    if not isinstance(document, dict) or "format_version" not in document:
        raise RefusedError(f"{name} is not a flashsync plan", "give a file made by `plan --out`")
    if document["format_version"] != FORMAT_VERSION:
        message = f"{name} has the plan format {_shown(document['format_version'])}"
        raise RefusedError(message, f"this flashsync reads {FORMAT_VERSION}: plan again")
    if "checksum" not in document:
        raise RefusedError(f"{name} was printed, and not saved as a plan", _AGAIN)
    return document


def _shown(value: object) -> str:
    """A value of a file that may hold anything, short and on one line."""
    return "".join(char for char in str(value)[:20] if char.isprintable())


def _unfit(version: object, name: str) -> RefusedError:
    """Why its keys do not fit: most likely another version of flashsync has others."""
    if version != __version__:
        message = f"{name} was made by another version of flashsync ({_shown(version)})"
        return RefusedError(message, _AGAIN)
    return RefusedError(f"{name} does not fit the plan format {FORMAT_VERSION}", _AGAIN)


def _checked(document: dict[str, Any], name: str) -> PlanDocument:
    from pydantic import ValidationError

    from flashsync.plan.json.document import plan_adapter

    if document.pop("checksum") != _checksum(document):
        raise RefusedError(f"{name} was altered since it was saved", _AGAIN)
    try:
        return plan_adapter().validate_python(document, strict=True)
    except ValidationError:
        raise _unfit(document.get("tool_version", __version__), name) from None


def _checksum(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, sort_keys=True, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()
