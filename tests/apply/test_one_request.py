"""The moment in which a console override can be lost is one request: the write follows its read.

People make an override each time the writer waits: for a slot of the rate limit, before a write is
repeated, for whatever reason. None of these may be lost, and nothing may come between the last read
of a schedule and its write.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flashsync.api.client import Client
from flashsync.api.credentials import Credentials
from flashsync.apply.execute import run
from flashsync.apply.journal import FileJournal
from flashsync.apply.write import Writer
from flashsync.errors import ExitCode
from flashsync.model.notify import Secret
from flashsync.model.schedule import Schedule
from flashsync.plan.model import Create, Update, Write
from flashsync.plan.outcome import Outcome, Result
from flashsync.sandbox import Limits, Options, Reply, Sandbox, refusal, running, seed
from flashsync.sandbox.faults import Hook
from tests.apply.conftest import schedule
from tests.clock import frozen, frozen_now
from tests.promises.loop import KEY, Loop, Pace

IN_2033 = 2_000_000_000
HOUR = 3600
READ = "/schedule/info"
WRITES = ("/schedule/update", "/schedule/delete")


class Journal(FileJournal):
    """Remembers how many requests had been answered when a write began."""

    def __init__(self, folder: Path, box: Sandbox) -> None:
        super().__init__(folder, None, "apply", lambda: 0)
        self._box = box
        self.told: list[int] = []

    def begins(self, action: Write, before: Schedule | None, sent: Schedule | None) -> None:
        super().begins(action, before, sent)
        self.told.append(len(self._box.log))


class Office:
    """People who make an override in the console whenever the writer of that schedule waits."""

    def __init__(self, box: Sandbox, folder: Path, pace: Pace, rate: float, parallel: int) -> None:
        self.box, self.pace = box, pace
        self.loop = Loop(box, folder)
        self.journal = Journal(folder, box)
        self.waits = 0
        self.made: dict[str, list[str]] = {}
        self._starts = itertools.count(IN_2033, HOUR)
        self._here = threading.local()
        self._lock = threading.Lock()
        self.slow = Client(
            Credentials(Secret(KEY), box.url),
            rate=rate,
            parallel=parallel,
            sleep=self._wait,
            monotonic=pace.now,
            jitter=lambda: 0.0,
        )

    def started(self, action: Write) -> None:
        """A write begins, in this thread."""
        self._here.name = None if isinstance(action, Create) else _live_name(action)

    def finished(self, result: Result) -> None:
        """A write has come to its end."""
        self._here.name = None

    def settle(self) -> None:
        """No limit was used so far: a minute and more has passed."""
        self.pace.sleep(100)

    def _wait(self, seconds: float) -> None:
        with self._lock:
            self.pace.sleep(seconds)
            name = getattr(self._here, "name", None)
            if seconds <= 0 or name is None:
                return
            self.waits += 1
            self._make_override(name)

    def _make_override(self, name: str) -> None:
        if name not in [one["schedule_name"] for one in self.box.console.schedules()]:
            return
        start = next(self._starts)
        text = f"Swap {start}"
        self.box.console.add_override(name, ["carol@example.com"], start, start + HOUR, text)
        self.made.setdefault(name, []).append(text)

    def apply(self, *trees: dict[str, Any], hook: Hook | None = None) -> Outcome:
        """Write the files, plan quickly, and carry it out slowly, with a journal.

        The hook stands between client and service after the plan.
        """
        self.loop.write(*trees)
        planned = self.loop.plan()
        self.settle()
        self.box.log.clear()
        self.box.hook = hook
        plan = planned.plan
        until = plan.window and plan.window[1]
        zone = plan.account.timezone
        writer = Writer(self.slow, planned.words, frozen_now, zone, until, plan.created_at)
        return run(plan, writer, self, self.journal)

    def lost(self) -> list[str]:
        """The overrides that people made and that are not there."""
        found = {one["schedule_name"]: one for one in self.box.console.schedules()}
        return [
            text
            for name, texts in self.made.items()
            for text in texts
            if text not in [layer["layer_name"] for layer in found[name]["layers"]]
        ]


def _live_name(action: Write) -> str:
    return action.live_name if isinstance(action, Update) else action.name


@pytest.fixture
def pace_of_writes() -> tuple[float, int]:
    """The rate, and the threads."""
    return 0.03, 4


several_paces = pytest.mark.parametrize(
    "pace_of_writes", [(0.002, 1), (0.03, 1), (0.03, 4), (0.1, 8)], ids=str
)


@pytest.fixture
def office(pace_of_writes: tuple[float, int], tmp_path: Path) -> Iterator[Office]:
    rate, parallel = pace_of_writes
    pace = Pace()
    limits = Limits(50, 1000, 10, 60)
    with running(seed("empty"), Options(limits=limits), now=frozen, monotonic=pace.now) as box:
        office = Office(box, tmp_path, pace, rate, parallel)
        with office.loop.client, office.slow:
            yield office


def names(number: int) -> list[str]:
    return [f"S{place:02}" for place in range(number)]


def build(office: Office, number: int = 8) -> None:
    """A number of live schedules."""
    office.loop.write(*(schedule(name, description=name) for name in names(number)))
    outcome = office.loop.apply(office.loop.plan())
    assert outcome.exit_code is ExitCode.OK


def edited(number: int = 8) -> list[dict[str, Any]]:
    return [schedule(name, description="edited") for name in names(number)]


def pairs(office: Office) -> list[tuple[str, float]]:
    """What was asked about a schedule right before each write of it, and how long before."""
    last: dict[int, tuple[str, float]] = {}
    found = []
    for entry in office.box.log:
        id = _schedule_in(entry.body)
        if entry.endpoint in WRITES:
            endpoint, at = last[id]
            found.append((endpoint, entry.at - at))
        last[id] = entry.endpoint, entry.at
    return found


def _schedule_in(body: Any) -> int:
    ids = body.get("schedule_ids") or [body.get("schedule_id", 0)]
    return int(ids[0])


def told(outcome: Outcome) -> list[str]:
    return [str(one.problem) for one in outcome.results if one.problem]


@several_paces
def test_no_override_made_while_the_writer_waits_is_lost(office: Office) -> None:
    build(office)
    outcome = office.apply(*edited())
    assert told(outcome) == []
    assert office.waits
    assert office.lost() == []
    assert office.box.refused == 0
    assert {one["description"] for one in office.box.console.schedules()} == {"edited"}


@several_paces
def test_the_write_follows_the_read_of_its_schedule(office: Office) -> None:
    build(office)
    office.apply(*edited(5))
    found = pairs(office)
    assert [endpoint for endpoint, _ in found] == [READ] * 5
    if office.slow.parallel == 1:  # else others wait meanwhile, and they share the clock
        assert [seconds for _, seconds in found] == [0] * len(found)


@pytest.mark.parametrize("pace_of_writes", [(0.8, 1)], ids=str)
def test_what_is_sent_is_on_disk_before_the_last_read(office: Office) -> None:
    build(office, 3)
    office.settle()
    office.apply(*edited(3))
    asked = [entry.endpoint for entry in office.box.log]
    assert len(office.journal.told) == 3
    for told_at in office.journal.told:
        assert asked[told_at : told_at + 2] == [READ, "/schedule/update"]
    assert asked.count(READ) == 9  # the check of all, the last read, the read back


TROUBLE: dict[str, Callable[[Callable[[], Reply]], Reply]] = {
    "429": lambda act: refusal("RequestTooFrequently"),
    "500": lambda act: refusal("InternalError"),
    "503, carried out": lambda act: (act(), refusal("ServiceUnavailable"))[1],
    "no answer": lambda act: Reply(drop=True),
    "no answer, carried out": lambda act: (act(), Reply(drop=True))[1],
    "a portal": lambda act: Reply(content=b"<!DOCTYPE html>"),
}


def troubled(endpoint: str, trouble: str, *numbers: int) -> Hook:
    """The n-th requests about each schedule to an endpoint meet trouble."""
    seen: dict[int, int] = {}

    def hook(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if asked != endpoint:
            return None
        id = _schedule_in(body)
        seen[id] = seen.get(id, 0) + 1
        return TROUBLE[trouble](act) if seen[id] in numbers else None

    return hook


@pytest.mark.parametrize("trouble", TROUBLE)
def test_no_override_is_lost_after_an_update_in_trouble(office: Office, trouble: str) -> None:
    build(office, 3)
    outcome = office.apply(*edited(3), hook=troubled("/schedule/update", trouble, 1, 2))
    assert told(outcome) == []
    assert office.waits
    assert office.lost() == []
    assert {endpoint for endpoint, _ in pairs(office)} == {READ}


@pytest.mark.parametrize("trouble", ["429", "500", "no answer"])
def test_a_last_read_in_trouble_is_repeated_before_the_write(office: Office, trouble: str) -> None:
    build(office, 3)
    checked_first = 1
    hook = troubled(READ, trouble, checked_first + 1, checked_first + 2)
    outcome = office.apply(*edited(3), hook=hook)
    assert told(outcome) == []
    assert office.lost() == []
    assert {endpoint for endpoint, _ in pairs(office)} == {READ}


def test_a_schedule_that_never_rests_is_left_alone(office: Office) -> None:
    build(office, 1)
    starts = itertools.count(IN_2033, HOUR)

    def meddle(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if asked == READ:
            start = next(starts)
            people = ["carol@example.com"]
            office.box.console.add_override("S00", people, start, start + HOUR)
        return None

    outcome = office.apply(*edited(1), hook=meddle)
    (problem,) = told(outcome)
    assert "`S00` was changed by others each time that it was read again" in problem
    assert office.box.counts["/schedule/update"] == 0


def test_what_is_deleted_was_read_right_before(office: Office) -> None:
    build(office, 3)
    gone = [{"schedule": name, "absent": "true"} for name in names(3)]
    outcome = office.apply(*gone, hook=troubled("/schedule/delete", "429", 1))
    assert told(outcome) == []
    assert office.box.console.schedules() == []
    assert [endpoint for endpoint, _ in pairs(office)] == [READ] * 6


def test_names_that_go_round_are_written_right_after_their_reads(office: Office) -> None:
    build(office, 3)
    ids = {one["schedule_name"]: one["schedule_id"] for one in office.box.console.schedules()}
    old = names(3)
    new = [*old[1:], old[0]]
    outcome = office.apply(
        *(
            schedule(name, description=before, id=ids[before])
            for before, name in zip(old, new, strict=True)
        )
    )
    assert told(outcome) == []
    assert [endpoint for endpoint, _ in pairs(office)] == [READ] * 4
    live = {one["schedule_id"]: one for one in office.box.console.schedules()}
    assert {id: live[id]["schedule_name"] for id in live} == {
        ids[before]: name for before, name in zip(old, new, strict=True)
    }
    made = [text for texts in office.made.values() for text in texts]
    there = [layer["layer_name"] for one in live.values() for layer in one["layers"]]
    assert [text for text in made if text not in there] == []
