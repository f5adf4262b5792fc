"""The file of a saved plan: its JSON with a checksum, against accidents, and with no secret."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from flashsync import __version__
from flashsync.errors import RefusedError
from flashsync.model.mask import hide_in_data
from flashsync.model.people import Directory
from flashsync.model.schedule import canonical_name
from flashsync.plan.json.document import FORMAT_VERSION, PlanDocument
from flashsync.plan.json.schedule import json_text
from flashsync.plan.model import Change, Create, Delete, Plan

if TYPE_CHECKING:
    from pydantic import ValidationError

_AGAIN = "plan again with `flashsync plan --out FILE`"


def save(plan: Plan, directory: Directory, describe: Callable[[Change], str]) -> str:
    """The text of a saved plan: the JSON document with a checksum of itself.

    Half characters, as a name of the account may have them, are JSON escapes.
    """
    saved = PlanDocument.of(plan, directory, describe).to_save(plan.basis, directory)
    document = hide_in_data(saved.plain())
    document["checksum"] = _checksum(document)
    text = json_text(document, 1) + "\n"
    return text.encode(errors="backslashreplace").decode()


def load(text: str, name: str) -> Plan:
    """The plan of a saved file's text; `name` is the file's, for messages.

    Raises RefusedError where it is not a plan, of another version, cut or altered, or where it
    writes a schedule twice.
    """
    from pydantic import ValidationError

    document = _parse(text, name)
    if document.pop("checksum") != _checksum(document):
        raise RefusedError(f"{name} was altered since it was saved", _AGAIN)
    try:
        plan = PlanDocument.model_validate(document).value()
    except ValidationError as error:
        raise _misfit(error, document, name) from None
    written: set[object] = set()
    for write in plan.writes:
        names = set() if isinstance(write, Delete) else {canonical_name(write.name)}
        keys = names if isinstance(write, Create) else {*names, write.id}
        if keys & written:
            raise RefusedError(f"{name} writes `{_printable(write.name)}` twice", _AGAIN)
        written |= keys
    return plan


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedError(f"{name} is not a plan, or is incomplete", _AGAIN) from None
    if not isinstance(document, dict) or "format_version" not in document:
        raise RefusedError(f"{name} is not a flashsync plan", "give a file made by `plan --out`")
    if document["format_version"] != FORMAT_VERSION:
        version = _printable(document["format_version"])
        message = f"{name} has the plan format {version}, and this flashsync reads {FORMAT_VERSION}"
        raise RefusedError(message, _AGAIN)
    if "checksum" not in document:
        raise RefusedError(f"{name} was printed, and not saved as a plan", _AGAIN)
    return document


def _printable(value: object, most: int = 20) -> str:
    """A value of a file that may contain anything, short and on one line."""
    return "".join(char for char in str(value)[:most] if char.isprintable())


def _misfit(error: ValidationError, document: dict[str, Any], name: str) -> RefusedError:
    """The first field that does not fit: most likely another version of flashsync has others."""
    version = document.get("tool_version", __version__)
    if version != __version__:
        message = f"{name} was made by another version of flashsync ({_printable(version)})"
        return RefusedError(message, _AGAIN)
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    path = _printable(_path(first["loc"], document), 80)
    what = {
        "missing": "is missing",
        "extra_forbidden": f"is not in the plan format {FORMAT_VERSION}",
    }.get(first["type"], f"is not valid in plan format {FORMAT_VERSION}")
    return RefusedError(f"`{path}` of {name} {what}", _AGAIN)


def _path(steps: Sequence[str | int], document: object) -> str:
    """`actions[0].source.file`. A step that is not in the document names a kind of action, or is
    the last one, a key that is missing."""
    path, node = "", document
    for place, step in enumerate(steps, 1):
        if isinstance(node, list) and isinstance(step, int) and step < len(node):
            path, node = f"{path}[{step}]", node[step]
        elif isinstance(node, dict) and (step in node or place == len(steps)):
            path, node = f"{path}.{step}", node.get(step)
    return path.removeprefix(".")


def _checksum(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, sort_keys=True, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()
