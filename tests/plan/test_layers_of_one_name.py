"""Live layers of one name that overlap: after an apply nothing is left to do."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.schedule import Layer
from flashsync.plan.target_layers import settle
from tests.plan.helpers import DAILY, DAY, EXACT, NOW, WEEK, ZONE, desired, file_layer, live_layer

NEXT = Rollout()


def written(start: int, weeks: int | None, *people: int) -> Layer:
    """A daily layer of a file; `start` and length in weeks, from NOW."""
    return file_layer(
        *people or (1,), start=NOW + start * WEEK, end=until(start, weeks), rotation=DAILY
    )


def running(start: int, weeks: int | None, *people: int) -> Layer:
    """The same as the platform has it."""
    return live_layer(
        *people or (1,), start=NOW + start * WEEK, end=until(start, weeks), rotation=DAILY
    )


def until(start: int, weeks: int | None) -> int | None:
    return None if weeks is None else NOW + (start + weeks) * WEEK


Spans = list[tuple[int, int | None]]


def spans(layers: Sequence[Layer]) -> Spans:
    """Start and end in days from NOW, sorted."""
    days = [((one.start - NOW) // DAY, one.end and (one.end - NOW) // DAY) for one in layers]
    return sorted(days, key=str)


@pytest.mark.parametrize(
    ("file", "have", "rollout", "day", "left"),
    [
        pytest.param(
            [written(0, None)],
            [running(-1, None), running(-1, 1)],
            EXACT,
            0,
            [(0, None)],
            id="exact: what ended where the new layer starts is of its chain",
        ),
        pytest.param(
            [written(0, None)],
            [running(-3, None), running(0, 1), running(-3, 1)],
            EXACT,
            7,
            [(0, 7), (0, None)],
            id="exact: of links that are over, those that precede it",
        ),
        pytest.param(
            [written(0, 3), written(1, None)],
            [running(-2, 2)],
            EXACT,
            41,
            [(7, None)],
            id="exact: also those of another layer that is over",
        ),
        pytest.param(
            [written(-1, None), written(-2, None)],
            [running(-3, None, 2, 1)],
            EXACT,
            7,
            [(-14, None), (-7, None)],
            id="exact: layers that differ by their start alone",
        ),
        pytest.param(
            [written(0, 1, 1, 1)],
            [running(0, None), running(0, None)],
            NEXT,
            7,
            [(0, 7), (0, 7)],
            id="a layer that is over is all that run in its name",
        ),
        pytest.param(
            [written(-2, 1)],
            [running(0, None), running(-1, None)],
            NEXT,
            7,
            [(-7, 7), (0, 7)],
            id="also those that began after its end: what they were stays",
        ),
        pytest.param(
            [written(-3, 2)],
            [running(-2, None), running(3, None)],
            NEXT,
            0,
            [(-14, 0)],
            id="those that are to come do not begin",
        ),
        pytest.param(
            [written(2, None)],
            [running(-2, 3), running(0, None), running(2, None, 2)],
            NEXT,
            2,
            [(-14, 3), (0, None)],
            id="of two as the file has it, the one with its end",
        ),
    ],
)
def test_nothing_is_left_to_do(
    file: list[Layer],
    have: list[Layer],
    rollout: Rollout,
    day: int,
    left: Spans,
) -> None:
    now = NOW + day * DAY
    wanted = desired(layers=tuple(file), rollout=rollout)
    found = settle(wanted, have, ZONE, now)
    assert (spans(found.layers), found.refusals) == (left, ())
    for later in (now, now + 1, now + DAY, now + WEEK, now + 20 * WEEK):
        again = settle(wanted, found.layers, ZONE, later)
        assert (spans(again.layers), again.refusals) == (spans(found.layers), ())


def test_what_runs_is_not_taken_for_a_layer_that_is_over_while_another_is() -> None:
    have = [running(0, 1), running(0, None)]
    found = settle(desired(layers=(written(0, 1, 1, 1),)), have, ZONE, NOW + 9 * DAY)
    assert spans(found.layers) == [(0, 10), (0, 7)]


def test_links_to_come_after_the_end_of_a_layer_do_not_keep_it_from_beginning_again() -> None:
    have = [running(-2, 2), running(2, None)]
    wanted = desired(layers=(written(-2, 3),))
    found = settle(wanted, have, ZONE, NOW)
    assert spans(found.layers) == [(-14, 0), (1, 7)]
    assert settle(wanted, found.layers, ZONE, NOW).layers == found.layers


def test_the_end_is_made_in_the_link_that_is_the_last_by_then() -> None:
    have = [running(-1, 2), running(3, None)]
    wanted = desired(layers=(written(2, 1),))
    found = settle(wanted, have, ZONE, NOW)
    assert spans(found.layers) == [(-7, 21)]
    assert settle(wanted, found.layers, ZONE, NOW).layers == found.layers


def test_a_cut_that_would_deal_links_to_another_chain_is_refused() -> None:
    have = [running(0, 1), running(2, None), running(-2, None, 3)]
    found = settle(desired(layers=(written(3, None),)), have, ZONE, NOW)
    assert "give each layer a name" in found.refusals[0].remedy


@pytest.mark.parametrize("day", [8, 10, 13])
def test_a_date_does_not_keep_links_that_an_end_removes(day: int) -> None:
    have = [running(-2, 3, 1, 1, 1), running(2, None)]
    wanted = desired(layers=(written(-1, 3),), rollout=on_day(day))
    found = settle(wanted, have, ZONE, NOW + DAY)
    assert spans(found.layers) == [(-14, day), (day, 14)]
    assert settle(wanted, found.layers, ZONE, NOW + DAY).layers == found.layers


@pytest.mark.parametrize("day", [1, 8])
def test_a_chain_that_is_gone_from_the_file_keeps_its_links_until_a_date(day: int) -> None:
    have = [running(-1, 2), running(2, None)]
    wanted = desired(layers=(), rollout=on_day(20))
    found = settle(wanted, have, ZONE, NOW + day * DAY)
    assert spans(found.layers) == [(-7, 7), (14, 20)]
    again = settle(wanted, found.layers, ZONE, NOW + 9 * DAY)
    assert (spans(again.layers), again.cuts) == ([(-7, 7), (14, 20)], ())


def on_day(day: int) -> Rollout:
    """A date as a rollout, in days from NOW."""
    return Rollout(RolloutKind.AT, NOW + day * DAY)
