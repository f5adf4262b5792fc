"""Why somebody is on call, layer by layer."""

from __future__ import annotations

from dataclasses import replace

from flashsync.model.schedule import Hours, Layer, Override
from flashsync.model.timezone import DAY, HOUR
from flashsync.rotation.explain import Explanation, OverrideReason, Standing, explain
from flashsync.rotation.turns import Turn
from tests.rotation.made import SHANGHAI, WORKDAYS, at, cover, members, rotating

MONDAY = at("2026-01-05")
OFFICE = Hours("day", ((9 * HOUR, 18 * HOUR),))
LAYER = rotating(MONDAY, 1, "day", days=WORKDAYS, hours=OFFICE)


def why(instant: int, *parts: Layer | Override) -> Explanation:
    """The explanation of some layers and overrides."""
    layers = [part for part in parts if isinstance(part, Layer)]
    overrides = [part for part in parts if isinstance(part, Override)]
    return explain(layers, overrides, SHANGHAI, instant)


def test_on_duty() -> None:
    noon = at("2026-01-06 12:00")
    found = why(noon, LAYER)
    (layer,) = found.layers
    assert layer.standing is Standing.ON_DUTY
    assert layer.turn == Turn(1, at("2026-01-06"), at("2026-01-07"), 1)
    assert (layer.weekday, layer.handoff, layer.replaced) == (2, at("2026-01-07"), False)
    assert found.members == layer.members == members(2)
    assert found.change == at("2026-01-06 18:00")


def test_outside_the_hours() -> None:
    found = why(at("2026-01-09 20:00"), LAYER)
    assert found.layers[0].standing is Standing.OFF_HOURS
    assert found.members == frozenset()
    assert found.change == at("2026-01-12 09:00")


def test_outside_the_days() -> None:
    (layer,) = why(at("2026-01-10 12:00"), LAYER).layers
    assert (layer.standing, layer.weekday) == (Standing.OFF_DAY, 6)
    assert layer.members == frozenset()


def test_a_continuous_day_is_the_day_before_until_its_time() -> None:
    layer = rotating(MONDAY + 10 * HOUR, 1, "day", days=WORKDAYS, continuous=True)
    assert why(at("2026-01-10 09:00"), layer).layers[0].weekday == 5
    assert why(at("2026-01-10 10:00"), layer).layers[0].standing is Standing.OFF_DAY


def test_before_and_after_the_layer() -> None:
    layer = replace(LAYER, end=MONDAY + DAY)
    early, late = why(MONDAY - 1, layer), why(MONDAY + DAY, layer)
    assert early.layers[0].standing is Standing.NOT_BEGUN
    assert early.layers[0].handoff == MONDAY
    assert early.change == MONDAY + 9 * HOUR
    assert late.layers[0].standing is Standing.ENDED
    assert (late.layers[0].turn, late.layers[0].handoff, late.change) == (None, None, None)


def test_an_override_replaces_the_layers_that_live() -> None:
    noon = at("2026-01-06 12:00")
    over = replace(LAYER, name="Old", end=MONDAY + HOUR)
    found = why(noon, LAYER, over, cover(noon - HOUR, noon + HOUR, 7), cover(noon + 1, noon + 2, 8))
    assert found.members == members(7)
    assert found.overrides == (OverrideReason("Cover", noon - HOUR, noon + HOUR, members(7)),)
    assert [layer.replaced for layer in found.layers] == [True, False]
    assert found.change == noon + 1


def test_a_fair_layer_is_known_to_the_server_alone() -> None:
    noon = at("2026-01-06 12:00")
    fair = replace(LAYER, fair=True)
    found = why(noon, fair)
    assert (found.layers[0].standing, found.members, found.change) == (Standing.FAIR, None, None)
    assert found.layers[0].turn == Turn(1, at("2026-01-06"), at("2026-01-07"), None)
    assert why(noon, fair, cover(noon, noon + 1, 7)).members == members(7)
    assert why(at("2026-01-06 20:00"), fair).members == frozenset()


def test_a_layer_without_groups_has_nobody() -> None:
    assert why(MONDAY, rotating(MONDAY, 1, "day", groups=0)).members == frozenset()


def test_nothing_changes_any_more() -> None:
    assert why(MONDAY, rotating(MONDAY, 1, "day", groups=1)).change is None
