"""Who covers when: declared and console overrides, judged by the sandbox's counter.

The rules are counted here instant by instant. No tie is counted on: where two of the console
overlap each other, nothing is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, note
from hypothesis import strategies as st

from flashsync.errors import ExitCode
from flashsync.sandbox import UNLIMITED, Options, running, seed
from flashsync.sandbox.model import OVERRIDE, Layer
from flashsync.sandbox.rotation import on_call
from tests.clock import NOW, Clock, frozen
from tests.promises.loop import Loop
from tests.properties import trying

HALF, DAY = 1800, 86400
NAME, ZONE = "Production", "Asia/Shanghai"
MARK = " [flashsync]"
PEOPLE = ("carol@example.com", "dave@example.com", "erin@example.com")

People = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Entry:
    """An override of a file."""

    name: str
    start: int
    end: int
    person: str

    @property
    def document(self) -> dict[str, Any]:
        """As the file has it."""
        times = (
            datetime.fromtimestamp(at, UTC).strftime("%F %TZ") for at in (self.start, self.end)
        )
        return {
            "override": self.name,
            **dict(zip(("from", "to"), times, strict=True)),
            "people": [self.person],
        }


@dataclass
class World:
    """The loop, the clock of both sides, and what the file declares."""

    loop: Loop
    clock: Clock = field(default_factory=Clock)
    file: tuple[Entry, ...] = ()

    def declare(self, file: Sequence[Entry], **more: Any) -> None:
        """The next file."""
        self.file = tuple(file)
        layer = {
            "layer": "Primary",
            "rotation": "1 day",
            "start": "2026-01-05 10:00",
            "groups": ["alice@example.com", "bob@example.com"],
        }
        overrides = [one.document for one in file]
        self.loop.write({"schedule": NAME, "layers": [layer], "overrides": overrides, **more})

    @property
    def live(self) -> tuple[Layer, ...]:
        """The layers as they are stored."""
        return self.loop.sandbox.world.account.schedule(NAME).layers

    @property
    def console(self) -> list[Layer]:
        """The overrides that people made."""
        return [one for one in self.live if one.mode == OVERRIDE and not one.name.endswith(MARK)]

    def ours(self, at: int) -> list[Layer]:
        """Our overrides that hold then."""
        return [
            one
            for one in holding(self.live, at)
            if one.mode == OVERRIDE and one.name.endswith(MARK)
        ]

    def declared(self, at: int) -> Entry | None:
        """The entry that decides then."""
        return next((one for one in reversed(self.file) if one.start <= at < one.end), None)

    def expected(self, at: int) -> People:
        """Who shall be on call: the console's, else the last entry's, else the rotation's."""
        if theirs := holding(self.console, at):
            return on_call(theirs, ZONE, at)
        if entry := self.declared(at):
            return frozenset({(self.loop.sandbox.world.account.person(entry.person).person_id, 0)})
        return on_call([one for one in self.live if one.mode != OVERRIDE], ZONE, at)

    def edges(self) -> list[int]:
        """Each instant at which the people on call may change, from ten days ago on."""
        now = self.clock.now
        times = {now, now - 1}
        times |= {at for one in self.file for at in (one.start, one.end)}
        times |= {at for one in self.live for at in (one.start, one.end or 0)}
        times |= set(range(now - 10 * DAY, now + 20 * DAY, DAY // 2))
        return sorted(at for at in times if at >= now - 10 * DAY)

    def differs(self) -> bool:
        """Whether anybody's cover differs from the file, from now on, outside console overrides."""
        return any(
            {(one.name, one.groups[0].seats[0].person_ids) for one in self.ours(at)}
            != self.wanted(at)
            for at in self.edges()
            if at >= self.clock.now and not holding(self.console, at)
        )

    def wanted(self, at: int) -> set[tuple[str, tuple[int, ...]]]:
        """The cover of ours that the file asks for."""
        entry = self.declared(at)
        if entry is None:
            return set()
        person = self.loop.sandbox.world.account.person(entry.person)
        return {(entry.name + MARK, (person.person_id,))}


def holding(layers: Sequence[Layer], at: int) -> list[Layer]:
    """The layers that have begun and are not over."""
    return [one for one in layers if one.start <= at and (one.end is None or at < one.end)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(seed("empty"), Options(limits=UNLIMITED), now=frozen) as sandbox:
        loop = Loop(sandbox, tmp_path_factory.mktemp("overrides"))
        with loop.client:
            yield World(loop)


def spans(now: int) -> st.SearchStrategy[tuple[int, int]]:
    """Half-hours near now; short and long ones, so that they nest, touch and overlap."""
    begin = now - now % HALF
    starts = st.integers(-6, 10).map(lambda n: begin + n * 6 * HALF)
    lengths = st.sampled_from([48, 96, 12, 6, 1])
    return st.tuples(starts, lengths).map(lambda one: (one[0], one[0] + one[1] * HALF))


@st.composite
def files(draw: st.DrawFn, before: Sequence[Entry], now: int) -> list[Entry]:
    """The file after an edit."""
    kind = draw(st.sampled_from(["anew", "anew", "order", "order", "longer", "gone", "same"]))
    event(kind)
    file = list(before)
    if kind == "order":
        return draw(st.permutations(file))
    if kind == "gone" and file:
        del file[draw(st.integers(0, len(file) - 1))]
    elif kind == "longer" and file:
        place = draw(st.integers(0, len(file) - 1))
        one = file[place]
        file[place] = Entry(one.name, one.start, one.end + DAY, one.person)
    elif kind == "anew":
        made = st.builds(
            lambda name, span, who: Entry(name, span[0], span[1], who),
            st.sampled_from(["Trip", "Leave"]),
            spans(now),
            st.sampled_from(PEOPLE[:2]),
        )
        file = draw(st.lists(made, min_size=2, max_size=4))
    return list({(one.start, one.end, one.person): one for one in file}.values())


def act_in_console(world: World, data: st.DataObject) -> None:
    """Somebody makes a swap, or takes one back; or nobody does anything."""
    kind = data.draw(st.sampled_from(["add", "add", "remove", "nothing"]))
    console = world.loop.sandbox.console
    if kind == "add":
        start, end = data.draw(spans(world.clock.now))
        if all(one.end is None or one.end <= start or end <= one.start for one in world.console):
            console.add_override(NAME, [data.draw(st.sampled_from(PEOPLE))], start, end, "Swap")
    elif kind == "remove" and world.console:
        first = world.console[0]

        def remove(schedule: dict[str, Any]) -> None:
            schedule["layers"] = [
                one
                for one in schedule["layers"]
                if (one["layer_name"], one["layer_start"]) != (first.name, first.start)
            ]

        console.edit(NAME, remove)


@trying(
    6,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink these takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_the_consoles_override_decides_else_the_last_entry_else_the_rotation(
    world: World, data: st.DataObject
) -> None:
    world.loop.forget()
    world.clock.set(NOW)
    world.declare(data.draw(st.just(()) | files((), world.clock.now)))
    assert world.loop.apply(world.loop.plan(judged=False)).exit_code is ExitCode.OK
    for number in range(3):
        world.clock.advance(data.draw(st.sampled_from([0, 60, 1234, 6 * HALF, DAY])))
        act_in_console(world, data)
        described = data.draw(st.sampled_from([{}, {"description": f"{number}"}]))
        world.declare(data.draw(files(world.file, world.clock.now)), **described)
        planned = world.loop.plan(judged=data.draw(st.sampled_from([True, False, False])))
        note(f"{world.clock.now} {world.file}\n{world.live}\n{planned.plan.writes}")
        changes = [one for write in planned.plan.writes for one in getattr(write, "changes", ())]
        assert any(one.path == "overrides" for one in changes) is world.differs()
        carry_out(world, planned, data)


def carry_out(world: World, planned: Any, data: st.DataObject) -> None:
    """Apply a plan, be it after somebody acted in the console, and look at every instant."""
    if not planned.plan.empty:
        world.clock.advance(data.draw(st.sampled_from([0, 1, 700])))
        act_in_console(world, data)
        assert world.loop.objections_of_files(planned) == []
    now, edges = world.clock.now, world.edges()
    before = {at: on_call(world.live, ZONE, at) for at in edges if at < now}
    kept = [(one.name, one.start, one.end, one.groups) for one in world.console]
    outcome = world.loop.apply(planned)
    problems = [str(result.problem) for result in outcome.results if result.problem]
    assert (outcome.exit_code, problems) == (ExitCode.OK, [])
    note(f"became {world.live}")
    assert [(one.name, one.start, one.end, one.groups) for one in world.console] == kept
    assert {at: on_call(world.live, ZONE, at) for at in before} == before
    if not planned.plan.empty:
        for at in sorted({*edges, *world.edges()}):
            if at >= now:
                assert len(world.ours(at)) + len(holding(world.console, at)) <= 1
                assert on_call(world.live, ZONE, at) == world.expected(at)
    for passing in (0, data.draw(st.sampled_from([1, 6 * HALF, DAY]))):
        world.clock.set(now + passing)
        assert world.loop.plan(judged=False).plan.empty
    world.clock.set(now)
