"""Documents as they come from YAML: mappings, lists and text."""

from __future__ import annotations

from typing import Any, NamedTuple

from flashsync.declared.config import Config
from flashsync.declared.parse import read_config, read_schedule
from flashsync.declared.problems import Findings
from flashsync.declared.schedule import Layer, Schedule
from tests.properties import trying

steady = trying(20)


class Wrong(NamedTuple):
    """One finding, short."""

    path: tuple[str | int, ...]
    text: str
    at_key: bool = False


def layer(**keys: Any) -> dict[str, Any]:
    """A layer with what it needs; a key given as None is left out."""
    whole = {
        "layer": "Primary",
        "rotation": "1 week",
        "start": "2026-01-05 10:00",
        "groups": ["alice", "bob"],
        **keys,
    }
    return {key: part for key, part in whole.items() if part is not None}


def document(**keys: Any) -> dict[str, Any]:
    """A schedule with one layer; a key given as None is left out."""
    whole = {"schedule": "Production", "layers": [layer()], **keys}
    return {key: part for key, part in whole.items() if part is not None}


def schedule(**keys: Any) -> Schedule:
    """The model of such a document."""
    return read_schedule(document(**keys))


def one_layer(**keys: Any) -> Layer:
    """The model of such a layer."""
    found = schedule(layers=[layer(**keys)])
    assert found.layers is not None
    return found.layers[0]


def config(**keys: Any) -> Config:
    """The model of a configuration."""
    return read_config(keys)


def wrong(tree: Any) -> list[Wrong]:
    """What is wrong with a schedule document."""
    return _findings(lambda: read_schedule(tree))


def wrong_layer(**keys: Any) -> list[Wrong]:
    """What is wrong with a layer, its paths from the layer on."""
    found = wrong(document(layers=[layer(**keys)]))
    return [one._replace(path=one.path[2:]) for one in found]


def wrong_config(**keys: Any) -> list[Wrong]:
    """What is wrong with a configuration."""
    return _findings(lambda: read_config(keys))


def _findings(read: Any) -> list[Wrong]:
    try:
        read()
    except Findings as found:
        return [
            Wrong(
                one.path,
                f"{one.message}; {one.remedy}" if one.remedy else one.message,
                one.at_key,
            )
            for one in found.findings
        ]
    return []
