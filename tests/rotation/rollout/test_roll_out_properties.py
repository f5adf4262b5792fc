"""The promises of a rollout, over random layers, edits and moments, against the local engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import Phase, event, given, note
from hypothesis import strategies as st

from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.schedule import Layer, Member
from flashsync.model.timezone import DAY, HOUR, MINUTE, WEEK, time_of_week
from flashsync.rotation.rollout.handoffs import is_bridge
from flashsync.rotation.rollout.links import keep_links
from flashsync.rotation.rollout.model import Rolled, Situation
from flashsync.rotation.rollout.normalise import keeps_cadence
from flashsync.rotation.rollout.roll_out import roll_out
from flashsync.rotation.turns import rhythm, turn_at
from flashsync.rotation.wall_clock import clock
from tests.properties import trying
from tests.rotation import edits
from tests.rotation.edits import HALF, NEXT, NOW, duty, on_date, read_back

NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]  # it takes minutes here
steady = trying(15, phases=NO_SHRINKING)
LATER = (1, 20 * MINUTE, 5 * HOUR, 3 * DAY, 8 * DAY, 45 * DAY)


def monday_before(at: int, timezone: str) -> int:
    """The Monday 00:00 of an instant's week (Unix seconds)."""
    there = clock(timezone)
    wall = there.wall(at)
    return there.instant(wall - (wall - 4 * DAY) % WEEK)  # 1970-01-05 was a Monday


def valid(layer: Layer, timezone: str) -> Layer:
    """A file's `mon 00:00` needs a start then (see resolve/times.py)."""
    if layer.handoff == 0 and time_of_week(layer.start, timezone):
        return replace(layer, start=monday_before(layer.start, timezone), end=None)
    return layer


def reach(*chains: Sequence[Layer]) -> int:
    """The moment from which on only another `end` makes a difference."""
    return min((chain[-1].end or 10**11 for chain in chains if chain), default=10**11)


def check(
    old: Sequence[Layer], layer: Layer, rollout: Rollout, at: Situation, rolled: Rolled
) -> list[Layer]:
    """What is live after the rollout, once all promises were looked at."""
    new = read_back(rolled, at.timezone)
    if not new:
        return new
    cuts = [cut for cut in rolled.cuts if cut.effective]
    until = min([at.now + 60 * DAY, reach(old, new), *(cut.at for cut in cuts)])
    begun = bool(old) and old[0].begun(at.now)  # before, `start` and order are as written
    if at.now < until and (begun or cuts):
        assert duty(new, at.timezone, at.now, until) == duty(old, at.timezone, at.now, until)
    stays_to_the_end_of_the_turn(old, new, layer, cuts[0].at if cuts else None, at)
    if cuts and not layer.ended(at.now):  # of one that is over only the end is compared
        follows_the_file(new[-1], layer)
        keeps_the_rhythm(old, new, rolled, at)
    nothing_more(new, layer, rollout, at)
    return new


def on_turn(chain: Sequence[Layer], at: Situation) -> tuple[int, int, frozenset[Member]] | None:
    """Start, end and people of the turn that runs now."""
    for link in chain:
        turn = turn_at(link, at.timezone, at.now)
        if turn is not None and turn.index is not None:
            return turn.start, turn.end, link.groups[turn.index].members
    return None


def stays_to_the_end_of_the_turn(
    old: Sequence[Layer], new: Sequence[Layer], layer: Layer, cut: int | None, at: Situation
) -> None:
    turn = on_turn(old, at)
    if turn is None or turn[2] not in [group.members for group in layer.groups]:
        return
    start, end, members = turn
    until = min(end, reach(old, new))
    if at.now >= until:
        return
    if cut is not None and cut <= start:  # `now`, in the half-hour in which the turn began
        after = on_turn(new, at)
        assert after is not None
        assert after[2] == members
    else:
        before = duty(old, at.timezone, at.now, until)
        assert duty(new, at.timezone, at.now, until) == before


def follows_the_file(last: Layer, layer: Layer) -> None:
    order = [group.members for group in last.groups]
    wanted = [group.members for group in layer.groups]
    if is_bridge(last) and last.end == layer.end:
        return
    assert order in [wanted[by:] + wanted[:by] for by in range(len(wanted))]
    assert (last.rotation, last.days, last.hours) == (layer.rotation, layer.days, layer.hours)
    assert last.end == layer.end


def keeps_the_rhythm(
    old: Sequence[Layer], new: Sequence[Layer], rolled: Rolled, at: Situation
) -> None:
    alive = [one for one in old if not one.ended(at.now) and not is_bridge(one)]
    last = new[-1]
    if is_bridge(last) or not alive or not alive[0].begun(at.now):
        return
    if not all(keeps_cadence(one, last, at.timezone) for one in alive):
        return
    moved = HALF if any("half-hour" in note.text for note in rolled.notes) else 1
    beats = [rhythm(one, clock(at.timezone)) for one in (alive[0], last)]
    number = beats[0].number(max(last.start, alive[0].start))
    for turn in range(1, 30):
        assert abs(beats[1].begin(turn) - beats[0].begin(number + turn)) < moved
    event("rhythm kept")


def nothing_more(new: Sequence[Layer], layer: Layer, rollout: Rollout, at: Situation) -> None:
    for later in (0, *LATER):
        again = roll_out(new, layer, rollout, replace(at, now=at.now + later))
        assert [link.layer for link in again.links] == new
        assert not again.refusals
        assert not [cut for cut in again.cuts if cut.effective]


def rollouts(now: int) -> st.SearchStrategy[Rollout]:
    dates = st.integers(-48, 20 * 48).map(lambda n: on_date(now - now % HALF + n * HALF))
    return st.just(NEXT) | st.just(NOW) | dates


@st.composite
def steps(draw: st.DrawFn) -> int:
    """Seconds between two edits: moments, hours, weeks."""
    return draw(
        st.one_of(
            st.sampled_from([1, 60, 20 * MINUTE, HALF]),
            st.integers(0, 48).map(lambda n: n * HOUR),
            st.integers(0, 30 * DAY),
        )
    )


def run(data: st.DataObject, count: int, *, off_grid: bool) -> None:
    timezone = data.draw(st.sampled_from(edits.ZONES))
    now = data.draw(edits.begins) + data.draw(st.integers(0, 100 * DAY))
    layer = valid(data.draw(edits.layers(now, off_grid=off_grid)), timezone)
    at = Situation(now, timezone)
    chain: list[Layer] = []
    if data.draw(st.booleans()):
        chain = read_back(roll_out((), layer, NEXT, at, fresh=True), timezone)
    for _ in range(count):
        rollout = data.draw(rollouts(now))
        note(f"{at}\n{rollout}\nfile {layer}\nlive {chain}")
        rolled = roll_out(chain, layer, rollout, at)
        note(f"rolled {rolled}")
        if rolled.refusals:
            event("refused")
        else:
            chain = check(chain, layer, rollout, at, rolled)
        now += data.draw(steps())
        at = replace(at, now=now)
        layer = valid(data.draw(edits.edits(layer)), timezone)


@steady
@given(st.data())
def test_an_edit_moves_nobody_before_its_cut_and_leaves_nothing_to_do(data: st.DataObject) -> None:
    run(data, 3, off_grid=False)


@steady
@given(st.data())
def test_the_same_where_layers_begin_off_the_half_hour(data: st.DataObject) -> None:
    run(data, 2, off_grid=True)


@trying(4, phases=NO_SHRINKING)
@given(st.data())
def test_many_edits_in_a_row_never_break_it(data: st.DataObject) -> None:
    run(data, 30, off_grid=False)


@steady
@given(st.data())
def test_a_layer_that_is_live_as_the_file_has_it_stays_as_it_is(data: st.DataObject) -> None:
    timezone = data.draw(st.sampled_from(edits.ZONES))
    at = Situation(data.draw(edits.begins) + data.draw(st.integers(0, 100 * DAY)), timezone)
    layer = valid(data.draw(edits.layers(at.now, off_grid=data.draw(st.booleans()))), timezone)
    before = replace(at, now=layer.start - 1)
    chain = read_back(roll_out((), layer, NEXT, before, fresh=True), timezone)
    rollout = data.draw(rollouts(at.now) | st.just(Rollout(RolloutKind.EXACT)))
    rolled = roll_out(chain, chain[0], rollout, replace(at, now=at.now + data.draw(steps())))
    assert rolled == Rolled(keep_links(chain))
