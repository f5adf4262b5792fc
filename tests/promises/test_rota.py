"""The promises of an edited rota over real HTTP, judged by the sandbox's own counter alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

import pytest
from hypothesis import HealthCheck, Phase, event, given, note
from hypothesis import strategies as st

from flashsync.errors import ExitCode
from flashsync.model import schedule as files
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.plan.model import Plan, Update
from flashsync.sandbox import UNLIMITED, Options, running, seed
from flashsync.sandbox.model import OVERRIDE, Layer
from flashsync.sandbox.rotation import WallClock
from tests.clock import Clock, frozen
from tests.promises import oracle, rotas
from tests.promises.loop import Loop
from tests.promises.oracle import DAY, ENDLESS, HALF
from tests.properties import trying
from tests.rotation import edits

FOLLOWED = 45 * DAY


@dataclass
class World:
    """The loop, the clock of both sides, and whether plans tell effects, which takes its time."""

    loop: Loop
    clock: Clock = field(default_factory=Clock)
    judged: bool = True

    @property
    def now(self) -> int:
        """The time of both sides, in Unix seconds."""
        return self.clock.now

    @now.setter
    def now(self, now: int) -> None:
        self.clock.set(now)

    def begin(self, timezone: str, now: int) -> None:
        """An empty account in that zone at that time."""
        self.loop.forget()
        self.loop.sandbox.world.account.time_zone = timezone
        self.now = now

    @property
    def zone(self) -> str:
        """The account's."""
        return self.loop.sandbox.world.account.time_zone

    @property
    def live(self) -> tuple[Layer, ...]:
        """The layers as they are stored."""
        return self.loop.sandbox.world.account.schedule(rotas.NAME).layers


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(seed("empty"), Options(limits=UNLIMITED), now=frozen) as sandbox:
        loop = Loop(sandbox, tmp_path_factory.mktemp("rota"))
        with loop.client:
            yield World(loop)


def rollouts(now: int) -> st.SearchStrategy[Rollout]:
    dates = st.integers(-48, 20 * 48).map(lambda n: edits.on_date(now - now % HALF + n * HALF))
    return st.sampled_from([edits.NEXT, edits.NEXT, edits.NOW]) | dates


steps = st.sampled_from([60, HALF]) | st.integers(0, 48).map(lambda n: n * 3600)
steps = steps | st.integers(0, 30 * DAY)
later = st.sampled_from([1, 1200, DAY, 3 * DAY, 8 * DAY, 45 * DAY])


@trying(
    8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink these takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_an_edit_keeps_its_promises(world: World, data: st.DataObject) -> None:
    now = data.draw(edits.begins) + data.draw(st.integers(0, 100 * DAY))
    world.begin(data.draw(st.sampled_from(edits.ZONES)), now)
    names = data.draw(st.sampled_from([("P",), ("P", "Q")]))
    file = tuple(data.draw(rotas.layers(name, now)) for name in names)
    world.loop.write(rotas.tree(file, world.zone))
    assert world.loop.apply(world.loop.plan()).exit_code is ExitCode.OK
    for _ in range(3):
        world.now += data.draw(steps)
        in_between(world, data)
        file = data.draw(rotas.next_files(file, world.now))
        world.judged = data.draw(st.sampled_from([True, False, False]))
        edited(world, file, data.draw(rollouts(world.now)), data.draw(later))


def in_between(world: World, data: st.DataObject) -> None:
    """What people do in the console."""
    console = world.loop.sandbox.console
    if data.draw(st.integers(0, 2)) == 0:
        person, start, end = data.draw(rotas.covers(world.now))
        console.add_override(rotas.NAME, [person], start, end)
    if data.draw(st.integers(0, 3)) == 0:
        kind = data.draw(st.sampled_from(rotas.KINDS))
        note(f"console: {kind}")
        rotas.edit_by_hand(world.loop.sandbox, kind)


def edited(world: World, file: tuple[files.Layer, ...], rollout: Rollout, later: int) -> None:
    """Apply the file, and look at every promise; some seconds later again."""
    before = world.live
    note(f"{world.zone} {world.now} {rollout}")
    note(f"file {file}")
    note(f"live {before}")
    world.loop.write(rotas.tree(file, world.zone))
    planned = world.loop.plan(rollout=rollout, judged=world.judged)
    plan = planned.plan
    if plan.refusals:
        event("refused")
        note(f"refused {plan.refusals}")
        return
    assert world.loop.objections_of_files(planned) == []
    outcome = world.loop.apply(planned)
    note(f"became {world.live}")
    note(f"cuts {cuts(plan)}")
    problems = [str(result.problem) for result in outcome.results if result.problem]
    assert (outcome.exit_code, problems) == (ExitCode.OK, [])
    judged(world, before, file, cuts(plan), rollout)
    assert world.loop.plan(rollout=rollout, judged=False).plan.empty
    world.now += later
    assert world.loop.plan(rollout=rollout, judged=False).plan.empty
    world.now -= later


def cuts(plan: Plan) -> dict[str, tuple[int, int]]:
    """The moment at which each layer is cut, and that from which its new order runs."""
    return {
        cut.layer: (cut.at, cut.bridge or cut.at)
        for one in plan.writes
        if isinstance(one, Update)
        for cut in one.cuts
        if cut.effective
    }


def judged(
    world: World,
    before: Sequence[Layer],
    file: Sequence[files.Layer],
    moments: dict[str, tuple[int, int]],
    rollout: Rollout,
) -> None:
    """Each promise, name by name, and the overrides of the console."""
    assert oracle.overrides(world.live) == oracle.overrides(before)
    wanted = {one.name: one for one in file}
    for name in {one.name for one in (*before, *world.live) if one.mode != OVERRIDE}:
        case = Case(
            oracle.rotations(before, name),
            oracle.rotations(world.live, name),
            rotas.as_written(wanted[name], world.loop.sandbox) if name in wanted else None,
            world.zone,
            world.now,
            *moments.get(name, (ENDLESS, ENDLESS)),
        )
        case.nobody_moves_before_the_cut()
        case.running_turn_is_kept()
        case.file_is_followed()
        case.order_is_that_of_the_file()
        case.rhythm_is_unmoved()
        case.cadence_is_that_of_the_file()
        if rollout.kind is RolloutKind.NEXT_HANDOFF:
            case.cut_is_the_next_handoff()


@dataclass(frozen=True, slots=True)
class Case:
    """One layer: its links before and after, the file's as a new schedule would have it, when it is
    cut, and when the new order begins."""

    old: Sequence[Layer]
    new: Sequence[Layer]
    wanted: Layer | None
    zone: str
    now: int
    cut: int
    begins: int

    @property
    def runs(self) -> bool:
        """Whether it has begun, and is not over."""
        over = self.wanted is not None and oracle.end_of(self.wanted) <= self.now
        if over and oracle.running(self.old, self.now) is None:
            return False  # it only waits, and goes
        begun = bool(self.old) and self.old[0].start <= self.now
        return begun and any(oracle.end_of(one) > self.now for one in self.old)

    @property
    def ends(self) -> int:
        """The moment from which on another `end` makes a difference."""
        ends = [oracle.end_of(chain[-1]) for chain in (self.old, self.new) if chain]
        return min([one for one in ends if one > self.now], default=self.now)

    @property
    def follows(self) -> Layer | None:
        """The last link, where it is the file's in a new order that begins in time."""
        last = self.new[-1] if self.new else None
        if last is None or self.wanted is None or oracle.is_bridge(last):
            return None
        return last if self.begins < oracle.end_of(last) else None

    @property
    def read(self) -> Layer | None:
        """The link from which it is read who comes next; None where that is not plain."""
        link = oracle.running(self.old, self.begins - 1)
        if link is not None and oracle.is_bridge(link):
            return next((one for one in self.old if one.start == link.end == self.begins), None)
        return link

    def same(self, until: int) -> bool:
        """Whether nobody's shift differs from now until then."""
        until = min(until, self.ends, self.now + FOLLOWED)
        old, new = (oracle.duty(one, self.zone, self.now, until) for one in (self.old, self.new))
        return old == new

    def nobody_moves_before_the_cut(self) -> None:
        """Not before the cut, and not at all without one."""
        if self.runs and self.cut > self.now:
            assert self.same(self.cut)

    def running_turn_is_kept(self) -> None:
        """Not cut short for somebody who stays; `now` may fall on the beginning of their turn."""
        turn = oracle.turn_at(self.old, self.zone, self.now)
        staff = [oracle.people(group) for group in self.wanted.groups] if self.wanted else []
        if turn is None or turn.who not in staff or self.endless(turn):
            return
        if self.cut <= turn.start:
            after = oracle.turn_at(self.new, self.zone, self.now)
            assert after is not None
            assert after.who == turn.who
        else:
            assert self.same(turn.end)

    def endless(self, turn: oracle.Held) -> bool:
        """Whether the platform does not tell the end of a fair turn: a date may cut it."""
        fair = any(one.fair_rotation for one in self.old)
        return fair and turn.end > self.now + 44 * DAY

    def file_is_followed(self) -> None:
        """The last link has the length, the days, the hours and the end of the file."""
        if self.follows and self.wanted:
            assert oracle.shape(self.follows) == oracle.shape(self.wanted)

    def order_is_that_of_the_file(self) -> None:
        """Whoever comes first by the live order does, and then the file's order counts."""
        if not self.follows or not self.wanted or any(one.fair_rotation for one in self.new):
            return
        if not self.runs:
            if all(oracle.end_of(one) <= self.now for one in self.old):
                self.begins_as_if_it_had_begun()
            return
        order, until = self.wanted.groups, self.begins + 900 * DAY
        turns = oracle.of_chain(self.new, self.zone, self.begins, until)
        turns = oracle.joined_leads(self.new, turns)
        found = [turn.who for turn in islice(turns, 2 * len(order) + 1)]
        allowed = set(range(len(order)))
        if self.read is not None and not self.read.fair_rotation:
            coming = oracle.coming(self.read, self.zone, self.begins)
            allowed = oracle.places(coming, order)
        event(f"order read from {len(allowed)} places")
        assert found in [list(islice(oracle.after(order, at), len(found))) for at in allowed]

    def begins_as_if_it_had_begun(self) -> None:
        """A layer that is new here is from its cut on what it would be had it always been there."""
        if self.wanted is None or self.wanted.start > self.now or self.cut == ENDLESS:
            return
        until = self.cut + FOLLOWED
        new = oracle.duty(self.new, self.zone, self.cut, until)
        assert new == oracle.duty([self.wanted], self.zone, self.cut, until)

    def rhythm_is_unmoved(self) -> None:
        """Handoffs stay where they are; off the half-hour they may move to it."""
        last, read = self.follows, self.read
        if not last or not read or oracle.rhythm(last, self.zone) != oracle.rhythm(read, self.zone):
            return
        if self.wanted and oracle.first_difference(read, self.wanted, self.zone) >= HALF:
            return
        until = self.begins + 200 * DAY
        there = list(islice(oracle.from_then(read, self.zone, self.begins, until), 20))
        if self.endless(there[0]):
            return
        ahead = [one.start for one in there]
        turns = oracle.of_chain(self.new, self.zone, self.begins, until)
        pairs = islice(zip(ahead, (one.start for one in turns), strict=False), 1, 20)
        moved = HALF if read.start % HALF else 1
        for old, new in pairs:
            assert abs(old - new) < moved
        event("rhythm kept")

    def cadence_is_that_of_the_file(self) -> None:
        """Whatever the file's `start` is: the last link hands over when a new schedule would."""
        if self.follows and self.wanted and self.runs:
            assert oracle.first_difference(self.follows, self.wanted, self.zone) < HALF
            event("cadence of the file")

    @property
    def wanted_on_a_late_day(self) -> bool:
        """Whether the file's turns begin on day 29 to 31, which a short month would lose."""
        monthly = self.wanted is not None and self.wanted.rotation_unit == "month"
        start = self.wanted.start if self.wanted else 0
        return monthly and WallClock(self.zone).local(start).day > 28

    def cut_is_the_next_handoff(self) -> None:
        """The first that is ten minutes away, where its rhythm can go on."""
        read = oracle.running(self.old, self.now)
        plain = read and read is self.old[-1] and not read.fair_rotation and not read.start % HALF
        if not plain or not read or oracle.is_bridge(read) or self.cut == ENDLESS:
            return
        continuous = any(one.mask_continuous for one in (*self.old, *self.new))
        if continuous or read.rotation_unit == "month" or self.wanted_on_a_late_day:
            return
        turns = list(islice(oracle.from_then(read, self.zone, self.now, self.now + 900 * DAY), 4))
        ends = [(one.end, two.start) for one, two in pairwise(turns)]
        before, after = next(pair for pair in ends if pair[0] >= self.now + 600)
        assert before <= self.cut < after + HALF
        event("cut at the next handoff")
