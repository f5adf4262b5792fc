"""The promises of a rollout, for whole schedules: layers of one name that overlap, layers that go
and come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import Phase, given, note
from hypothesis import strategies as st

from flashsync.model.desired import Desired, LayerIntent, Rollout
from flashsync.model.schedule import Layer, canonical_handoff
from flashsync.model.timezone import DAY, HOUR, MINUTE
from flashsync.plan.target_layers import Settled, settle
from tests.plan.helpers import desired
from tests.properties import trying
from tests.rotation import edits
from tests.rotation.edits import HALF, NEXT, NOW, duty, on_date

NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]  # it takes minutes here
LATER = (1, 20 * MINUTE, 3 * DAY, 8 * DAY, 45 * DAY)


def live_after(settled: Settled, timezone: str) -> list[Layer]:
    return [
        replace(
            one,
            handoff=canonical_handoff(
                one.rotation, one.handoff, one.start, timezone, cuts_days=one.cuts_days
            ),
        )
        for one in settled.layers
    ]


def overlap(one: Layer, other: Layer) -> bool:
    starts_in = one.end is None or other.start < one.end
    return starts_in and (other.end is None or one.start < other.end)


def valid(layers: Sequence[Layer]) -> bool:
    """A file may give a name twice only for layers that overlap."""
    return all(
        one.name != other.name or overlap(one, other)
        for place, one in enumerate(layers)
        for other in layers[:place]
    )


def wanted(layers: Sequence[Layer], rollouts: Sequence[Rollout], rollout: Rollout) -> Desired:
    intents = tuple(LayerIntent(one) for one in rollouts)
    return replace(desired(layers=tuple(layers), rollout=rollout), intents=intents)


def unmoved_until(old: Sequence[Layer], new: Sequence[Layer], settled: Settled, now: int) -> int:
    """The first moment at which anything may differ: a cut, or where a layer begins or ends that
    is on one side only."""
    cuts = [cut.at for cut in settled.cuts if cut.effective]
    cut = [one.layer for one in settled.cuts if one.effective]
    lone = [one for one in (*old, *new) if (one in old) != (one in new)]
    edges = [at for one in lone if one.name not in cut for at in (one.start, one.end) if at]
    ends = [one.end for one in lone if one.end]
    return min([now + 60 * DAY, *cuts, *(at for at in (*edges, *ends) if at > now)])


def in_order(layers: Sequence[Layer]) -> list[Layer]:
    return sorted(layers, key=lambda one: (one.name, one.start, repr(one)))


@st.composite
def files(draw: st.DrawFn, around: int) -> list[Layer]:
    names = draw(
        st.sampled_from([("P",), ("P", "P"), ("P", "Q"), ("P", "P", "P"), ("P", "Q", "P")])
    )
    return [replace(draw(edits.layers(around)), name=name, handoff=None) for name in names]


@st.composite
def next_files(draw: st.DrawFn, layers: list[Layer], around: int) -> list[Layer]:
    """One layer edited, gone, back again, or in another place."""
    found = list(layers)
    place = draw(st.integers(0, len(found) - 1)) if found else 0
    kind = draw(st.sampled_from(["edit", "edit", "edit", "go", "come", "order"]))
    if kind == "edit" and found:
        found[place] = replace(draw(edits.edits(found[place])), handoff=None)
    elif kind == "go" and found:
        del found[place]
    elif kind == "come":
        new = replace(draw(edits.layers(around)), name=draw(st.sampled_from("PQ")), handoff=None)
        found.insert(place, new)
    elif kind == "order":
        found = draw(st.permutations(found))
    return found if valid(found) else layers


def rollouts(now: int) -> st.SearchStrategy[Rollout]:
    dates = st.integers(-48, 20 * 48).map(lambda n: on_date(now - now % HALF + n * HALF))
    return st.sampled_from([NEXT, NEXT, NOW]) | dates


def run(data: st.DataObject, count: int) -> None:
    timezone = data.draw(st.sampled_from(edits.ZONES))
    now = data.draw(edits.begins) + data.draw(st.integers(0, 100 * DAY))
    layers = data.draw(files(now).filter(valid))
    settled = settle(wanted(layers, [NEXT] * len(layers), NEXT), None, timezone, now)
    live = live_after(settled, timezone)
    for _ in range(count):
        layers = data.draw(next_files(layers, now))
        rollout = data.draw(rollouts(now))
        own = [data.draw(st.just(rollout) | rollouts(now)) for _ in layers]
        file = wanted(layers, own, rollout)
        note(f"{timezone} {now}\nfile {file}\nlive {live}")
        settled = settle(file, live, timezone, now)
        note(f"settled {settled}")
        if not settled.refusals:
            live = check(live, file, settled, timezone, now)
        now += data.draw(st.integers(0, 48).map(lambda n: n * HOUR) | st.integers(0, 30 * DAY))


def check(
    old: Sequence[Layer], file: Desired, settled: Settled, timezone: str, now: int
) -> list[Layer]:
    new = live_after(settled, timezone)
    until = unmoved_until(old, new, settled, now)
    # A file that says that a running layer has ended is taken at its word.
    past = {one.name for one in file.schedule.layers if one.ended(now)}
    if now < until and not any(one.name in past and not one.ended(now) for one in old):
        assert duty(new, timezone, now, until) == duty(old, timezone, now, until)
    for later in (0, *LATER):
        again = settle(file, new, timezone, now + later)
        assert in_order(again.layers) == in_order(new)
        assert not again.refusals
    return new


@trying(13, phases=NO_SHRINKING)
@given(st.data())
def test_edits_of_a_schedule(data: st.DataObject) -> None:
    run(data, 4)


@trying(4, phases=NO_SHRINKING)
@given(st.data())
def test_many_edits_of_a_schedule_in_a_row(data: st.DataObject) -> None:
    run(data, 40)
