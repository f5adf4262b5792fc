"""Which fields have moved: named in the file's words, and nothing of a secret in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flashsync.model.notify import By, Notify, Secret, Webhook
from flashsync.model.schedule import (
    MARK,
    Group,
    Hours,
    Layer,
    Member,
    Override,
    Rotation,
    Schedule,
    Unit,
)
from flashsync.plan.fingerprint import differing, fingerprint, parts
from tests.plan.helpers import live, live_layer

BASE = live(layers=(live_layer(1, 2), live_layer(3, name="A.b]", start=5)))
CUT = BASE.layers[0].start + 10 * 7 * 86400
COVER = Override(f"Cover{MARK}", 10, 20, frozenset({Member(3)}))
HOOK = Webhook("dingtalk", "ops", token=Secret("old"))


def layered(**changes: Any) -> Schedule:
    first, second = BASE.layers
    return replace(BASE, layers=(replace(first, **changes), second))


def cut(link: Layer) -> Schedule:
    """The first layer ends where another link of it begins."""
    first, second = BASE.layers
    return replace(BASE, layers=(replace(first, end=link.start), link, second))


CHANGES: dict[str, tuple[Schedule, tuple[str, ...]]] = {
    "nothing": (BASE, ()),
    "the name": (replace(BASE, name="Other"), ("schedule",)),
    "description and team": (
        replace(BASE, description="x", team=7),
        ("description", "team"),
    ),
    "groups": (
        layered(groups=(Group(frozenset({Member(9)})),)),
        ("layers[Primary].groups",),
    ),
    "rotation and end": (
        layered(rotation=Rotation(2, Unit.WEEK), end=10**10),
        ("layers[Primary].rotation", "layers[Primary].end"),
    ),
    "a layer less": (replace(BASE, layers=BASE.layers[:1]), ("layers[A.b]]",)),
    "a layer more": (
        replace(BASE, layers=(*BASE.layers, live_layer(1, name="New"))),
        ("layers[New]",),
    ),
    "a cut": (cut(live_layer(1, 2, start=CUT)), ("layers[Primary].rollout",)),
    "a cut with another rota": (cut(live_layer(1, start=CUT)), ("layers[Primary].groups",)),
    "a cut with hours": (
        cut(replace(live_layer(1, 2, start=CUT), hours=Hours("day", ((0, 60),)), end=CUT + 99)),
        ("layers[Primary].end", "layers[Primary].hours"),
    ),
    "another layer of the name": (
        replace(BASE, layers=(*BASE.layers, live_layer(1, start=CUT))),
        ("layers[Primary]",),
    ),
    "a cut that ends the layer": (layered(end=CUT), ("layers[Primary].end",)),
    "our override": (replace(BASE, overrides=(COVER,)), ("overrides",)),
    "the console's": (replace(BASE, overrides=(replace(COVER, name="Swap"),)), ()),
    "notify": (
        replace(BASE, notify=Notify(300, "08:00", By(True), (HOOK,))),
        ("notify.before", "notify.daily_at", "notify.by", "notify.chats"),
    ),
}


@pytest.mark.parametrize(("after", "paths"), CHANGES.values(), ids=CHANGES)
def test_the_fields_that_differ(after: Schedule, paths: tuple[str, ...]) -> None:
    assert differing(parts(BASE), parts(after)) == paths
    assert (fingerprint(BASE) == fingerprint(after)) is (not paths)


def test_the_order_of_layers_is_not_a_field() -> None:
    after = replace(BASE, layers=BASE.layers[::-1])
    assert fingerprint(BASE) != fingerprint(after)
    assert sorted(differing(parts(BASE), parts(after))) == []


def test_the_values_of_secrets_are_in_no_part() -> None:
    sides = [
        replace(BASE, notify=Notify(webhooks=(replace(HOOK, token=Secret(value)),)))
        for value in ("old", "new")
    ]
    assert parts(sides[0]) == parts(sides[1])
    assert fingerprint(sides[0]) == fingerprint(sides[1])
