"""The schedules in a state of Terraform, for the provider flashcatcloud/flashduty.

Read are the JSON of `terraform show -json`, of a state or of a plan, and a state file as Terraform
keeps it. Only ids and addresses are taken: what a schedule is like, the account says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flashsync.errors import FilesError, Position, Problem
from flashsync.files.load import read_text

STATE_NAME = "terraform.tfstate"
_TYPE = "flashduty_schedule"
_KEY = re.compile(r'\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]')
"""The key of an instance: `[0]`, `["prod"]`."""
_SHOW = "pass the output of `terraform show -json`"


@dataclass(frozen=True, slots=True)
class TerraformSchedule:
    """An instance of a resource, by its address, and the id of its schedule."""

    address: str
    id: int

    @property
    def resource(self) -> str:
        """The address of the resource, which may have other instances."""
        return _KEY.sub("", self.address)


def read_terraform(path: Path, shown_as: str) -> tuple[TerraformSchedule, ...]:
    """The schedules of a state, or of a folder with one. Raises FilesError."""
    if path.is_dir():
        path, shown_as = path / STATE_NAME, f"{shown_as.rstrip('/')}/{STATE_NAME}"
        if not path.exists():
            message = "this folder keeps no state of Terraform"
            raise FilesError(Problem(message, _SHOW, Position(shown_as)))
    text, _ = read_text(str(path), shown_as)
    position = Position(shown_as)
    try:
        tree = json.loads(text)
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise FilesError(Problem("this is not JSON", _SHOW, Position(shown_as, line))) from None
    except RecursionError:
        raise FilesError(Problem("the JSON is nested too deeply", _SHOW, position)) from None
    try:
        found = tuple(_schedules(tree))
    except (AttributeError, KeyError, TypeError, ValueError):
        message = "this is not a state of Terraform"
        raise FilesError(Problem(message, _SHOW, position)) from None
    if not found:
        message = f"no `{_TYPE}` in this state"
        raise FilesError(Problem(message, "pass the state that has the schedules", position))
    return found


def _schedules(tree: Any) -> Iterator[TerraformSchedule]:
    """Raises an error of any kind where the JSON has another form."""
    if "resources" in tree:
        yield from _stored(tree["resources"])
        return
    values = tree["values"] if "values" in tree else tree.get("prior_state", {}).get("values")
    if values is None and not {"format_version", "terraform_version"} & set(tree):
        raise KeyError("values")
    yield from _shown((values or {}).get("root_module", {}))


def _shown(module: Any) -> Iterator[TerraformSchedule]:
    """The schedules of a module, as `terraform show -json` writes it."""
    for resource in module.get("resources") or ():
        current = resource.get("mode") == "managed" and not resource.get("deposed_key")
        if resource["type"] == _TYPE and current:
            yield TerraformSchedule(str(resource["address"]), int(resource["values"]["id"]))
    for child in module.get("child_modules") or ():
        yield from _shown(child)


def _stored(resources: Any) -> Iterator[TerraformSchedule]:
    """The schedules of a state file."""
    for resource in resources or ():
        if resource["type"] != _TYPE or resource["mode"] != "managed":
            continue
        module = f"{resource['module']}." if resource.get("module") else ""
        address = f"{module}{_TYPE}.{resource['name']}"
        for instance in resource["instances"]:
            if not instance.get("deposed"):
                key = instance.get("index_key")
                suffix = "" if key is None else f"[{json.dumps(key, ensure_ascii=False)}]"
                yield TerraformSchedule(address + suffix, int(instance["attributes"]["id"]))
