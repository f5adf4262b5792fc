"""One random fault run: edits, trouble, kill -9 and other people, then a clean end."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.soak.every import APPLY, EMPTY, NOW
from benchmarks.soak.network import Action, Served, Weather
from benchmarks.soak.people import Meddlers
from benchmarks.soak.program import KEY, Office, Ran
from benchmarks.soak.rotas import Files
from benchmarks.soak.truth import doubled, untold
from flashsync.sandbox import UNLIMITED, Fault, Options, seed

DAY = 86400
CLEAN_APPLIES = 3
"""So many applies without trouble have to be enough."""

LATER = (0, 0, 60, 7200, 3 * DAY)
"""Seconds that go by until somebody runs it again."""


@dataclass(slots=True)
class Verdict:
    """What one run has done wrong, and what befell it. `wrong` has the outcomes told wrongly."""

    seed: int
    duplicates: int = 0
    lost_schedules: int = 0
    lost_overrides: int = 0
    unfinished: int = 0
    wrong: list[str] = field(default_factory=list)
    known_moments: int = 0
    faults: int = 0
    kills: int = 0

    @property
    def damage(self) -> int:
        """The sum of all that must be nought."""
        lost = self.lost_schedules + self.lost_overrides
        return self.duplicates + lost + self.unfinished + len(self.wrong)


def run(number: int) -> Verdict:
    """The run of a seed: the same every time, as far as threads allow."""
    with TemporaryDirectory(prefix="flashsync-soak-") as folder:
        return _Run(number, Path(folder)).verdict()


class _Run:
    def __init__(self, number: int, folder: Path) -> None:
        self._dice = dice = random.Random(number)  # noqa: S311 - it has to be repeatable
        world = seed("empty")
        world.add_key(KEY, world.account, "alice@example.com")
        options = Options(
            form=dice.choice(["null", "empty", "missing"]),
            future_fields=dice.random() < 0.3,
            limits=UNLIMITED,
        )
        self._office = Office(folder, world, NOW + dice.randrange(60 * DAY), options)
        self._files = Files(dice)
        self._meddlers = Meddlers(dice, self._office)
        self._served: list[Served] = []
        self._found = Verdict(number)
        settings = {
            "version": 1,
            "account": "Acme Corp",
            "timezone": "Asia/Shanghai",
            "checks": {"coverage_gap": "warn"},
        }
        (folder / "flashsync.yaml").write_text(json.dumps(settings), encoding="utf-8")

    def verdict(self) -> Verdict:
        """Set up, then one or two rounds of edits under fire, each with a clean end."""
        for _ in range(self._dice.randint(2, 4)):
            self._files.add()
        self._end()
        for _ in range(self._dice.randint(1, 2)):
            self._meddlers.meddle(len(self._served))
            self._files.edit(self._ids)
            self._files.write(self._office.folder)
            for _ in range(self._dice.randint(1, 2)):
                self._under_fire()
            self._office.now += self._dice.choice(LATER)
            self._end()
        lost, moments = self._meddlers.lost(self._served, self._gone)
        self._found.lost_overrides, self._found.known_moments = lost, moments
        return self._found

    def _under_fire(self) -> None:
        """A plan and its apply, or an apply alone, with trouble."""
        how = self._dice.randrange(3)
        if how == 0:
            saved = ("--out", "plan.json", "--format", "json")
            if self._troubled("plan", *saved).code == 0:
                self._office.now += self._dice.choice((0, 0, 0, 300))
                self._troubled(*APPLY, "--plan", "plan.json")
        else:
            self._troubled(*APPLY)

    def _troubled(self, *arguments: str) -> Ran:
        dice, office, acts = self._dice, self._office, self._meddlers.acts
        weather = self._weather()
        arguments = (*arguments, "--parallel", str(dice.choice((1, 2, 8))))
        if dice.random() < 0.35:
            at, late = dice.randint(1, 22), dice.random() < 0.5
            ran = office.run_and_kill(arguments, weather, at, late)
            self._found.kills += ran.code is None
        else:
            ran = office.run(*arguments, weather=weather)
        alone = acts == self._meddlers.acts and sum(one.fault is not None for one in ran.served) < 2
        return self._judged(ran, alone=alone)

    def _weather(self) -> Weather:
        """Trouble at random requests and at writes, and people who meddle meanwhile."""
        dice, kinds = self._dice, list(Fault)
        before: dict[int, list[Action]] = {}
        for _ in range(dice.randint(0, 2)):
            number = dice.randint(1, 22)
            before.setdefault(number, []).append(self._meddler(number))
        weather = Weather(
            {dice.randint(1, 22): dice.choice(kinds) for _ in range(dice.randint(0, 4))},
            before,
            write_faults={
                dice.randint(1, 4): dice.choice(kinds) for _ in range(dice.randint(0, 3))
            },
        )
        if dice.random() < 0.3:
            served = len(self._served)
            weather.after_writes = {
                dice.randint(1, 3): lambda id: self._meddlers.meddle(
                    served + len(weather.served), id
                )
            }
        return weather

    def _meddler(self, number: int) -> Callable[[], object]:
        at = len(self._served) + number - 1
        return lambda: self._meddlers.meddle(at)

    def _judged(self, ran: Ran, *, alone: bool) -> Ran:
        self._served += ran.served
        self._found.faults += sum(one.fault is not None for one in ran.served)
        self._found.duplicates += doubled(ran)
        self._found.wrong += untold(ran, self._office, alone=alone)
        return ran

    def _end(self) -> None:
        """Apply without trouble until a plan is empty; then look at what is there."""
        self._files.write(self._office.folder)
        for _ in range(CLEAN_APPLIES):
            effects = ("--effects", self._dice.choice(("server", "local", "none")))
            ended = self._judged(self._office.run(*APPLY, *effects), alone=True)
            plan = self._judged(self._office.run(*EMPTY), alone=True)
            if plan.code == 0:
                break
        else:
            self._found.unfinished += 1
            self._found.wrong += [f"not empty in the end: {ended.out[-600:]}{ended.err[-600:]}"]
        self._found.lost_schedules += len(list(self._missing()))
        names = [one.name for one in self._office.world.account.schedules.values()]
        self._found.duplicates += len(names) - len({*self._files.names, *self._meddlers.made})
        self._files.settle()

    @property
    def _ids(self) -> dict[str, int]:
        """The ids of the schedules by their names, as they are."""
        held = self._office.world.account.schedules.values()
        return {one.name: one.schedule_id for one in held}

    def _missing(self) -> Iterator[str]:
        """Schedules that should be there, by the name or, if they were there before, by the id."""
        held = self._office.world.account.schedules
        names = {one.name: id for id, one in held.items()}
        for name in {*self._files.names, *self._meddlers.made}:
            if name not in names:
                yield name
        for name, id in self._files.ids.items():
            if id not in held or held[id].name != name:
                yield f"{name} ({id})"

    def _gone(self, id: int) -> bool:
        """Whether a schedule is not there any more, and was not to be."""
        return id not in self._office.world.account.schedules and id in self._files.dropped
