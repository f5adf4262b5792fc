"""Thirty schedules of one company, and a pull request that changes twelve of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Tree = dict[str, Any]

PLAIN = (
    "Accounts", "Billing", "Build", "Cache", "Chat", "Data Lake", "Edge", "Email", "Feeds",
    "Gateway", "Identity", "Images", "Login", "Metrics", "Network", "Pricing", "Queue", "Storage",
    "Tax", "Video",
)  # fmt: skip
"""Schedules that nobody edits."""
_ROTAS = (
    ("alice", "bob", "carol"),
    ("dave", "erin", "frank", "grace"),
    ("heidi", "ivan"),
    ("judy", "kenji", "priya"),
    ("chloe", "nils", "maria", "tom"),
)


def at(name: str) -> str:
    """The address of somebody of the sandbox."""
    return f"{name}@example.com"


def layer(*people: str, **more: Any) -> Tree:
    """A weekly layer, or as `more` says."""
    return {
        "layer": "Primary",
        "rotation": "1 week",
        "start": "2026-01-05 10:00",
        "groups": [at(person) for person in people],
        **more,
    }


def schedule(name: str, *layers: Tree, **more: Any) -> Tree:
    """A schedule of these layers, or of one that many share."""
    return {"schedule": name, "layers": list(layers), **more}


def _plain() -> list[Tree]:
    """Weekly and daily rotas, all alike."""
    trees = []
    for number, name in enumerate(PLAIN):
        people = _ROTAS[number % len(_ROTAS)]
        daily = number % 3 == 2
        more = {"rotation": "1 day", "start": "2026-01-05 09:00"} if daily else {}
        trees.append(schedule(name, layer(*people, **more)))
    return trees


_NIGHT = layer("nils", "maria", layer="Night", rotation="1 day", start="2026-01-05 00:00")
_DAY = layer("tom", "chloe", layer="Day", rotation="1 day", start="2026-01-05 00:00")

_BEFORE = [
    schedule("Payments", layer("alice", "bob", "carol")),
    schedule(
        "Catalog", layer("dave", "erin", "frank", rotation="12 hours", start="2026-01-05 08:00")
    ),
    schedule("Search", layer("grace", "heidi")),
    schedule("Checkout", layer("ivan", "judy", "kenji", rotation="1 day")),
    schedule("Fraud Detection", layer("priya", "chloe")),
    schedule("Ledger", _NIGHT, {**_DAY, "hours": "09:00-18:00"}),
    schedule("Legacy Batch", layer("tom", "alice")),
    schedule(
        "Delivery", layer("erin", "frank", "grace", rotation="1 day", start="2026-01-05 09:00")
    ),
    schedule("Returns", layer("bob", "carol", "dave", rotation="1 day")),
    schedule("支付网关", layer("xiaoming", "lina")),
]
_AFTER = [
    schedule("Payments", layer("alice", "bob", "carol", "dave")),
    schedule(
        "Catalog", layer("dave", "erin", "frank", rotation="8 hours", start="2026-01-05 08:00")
    ),
    schedule("Search", layer("grace", "heidi"), team="SRE", description="Search and suggestions."),
    schedule(
        "Checkout",
        layer("ivan", "judy", "kenji", rotation="1 day"),
        overrides=[
            {
                "override": "Ivan away",
                "from": "2026-11-24 00:00",
                "to": "2026-11-28 00:00",
                "people": [at("priya")],
            }
        ],
    ),
    schedule("Fraud", layer("priya", "chloe"), renamed_from="Fraud Detection"),
    schedule("Ledger", _NIGHT, {**_DAY, "hours": "08:00-18:00"}),
    {"schedule": "Legacy Batch", "absent": True},
    schedule(
        "Delivery", layer("erin", "frank", "grace", rotation="1 day", start="2026-01-05 17:00")
    ),
    schedule("Returns", layer("carol", "dave", rotation="1 day"), rollout="now"),
    schedule("支付网关", layer("xiaoming", "lina", "liwei")),
    schedule("Mobile", layer("judy", "tom")),
    schedule("Warehouse", layer("heidi", "nils", start="2026-11-30 10:00")),
]
"""A person more, a shorter rotation, a team, cover, a new name, longer hours, a delete, another
handoff, a person less at once, and two new schedules."""


def before() -> list[Mapping[str, Any]]:
    """The files as they are applied."""
    return [*_plain(), *_BEFORE]


def after() -> list[Mapping[str, Any]]:
    """The files of the pull request."""
    return [*_plain(), *_AFTER]
