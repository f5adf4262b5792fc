"""One small apply, and every kind of trouble at every one of its requests, one at a time."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.soak.network import WRITES, Weather
from benchmarks.soak.program import KEY, Office
from benchmarks.soak.truth import doubled, untold
from flashsync.sandbox import Fault, seed

NOW = 1_795_240_800  # Saturday 2026-11-21 14:00 in Asia/Shanghai
SWAP = (NOW + 40 * 86400, NOW + 41 * 86400)
PLAN = ("plan", "--detailed-exitcode", "--format", "json")
EMPTY = ("plan", "--detailed-exitcode", "--effects", "none")
APPLY = ("apply", "--auto-approve", "--format", "json")
COMMANDS = {"plan": PLAN, "apply": APPLY}


def rota(name: str, *people: str, **more: Any) -> dict[str, Any]:
    """A weekly schedule."""
    groups = [f"{one}@example.com" for one in people]
    layer = {"layer": "Primary", "rotation": "1 week", "start": "2026-01-05 10:00"}
    return {"schedule": name, "layers": [{**layer, "groups": groups}], **more}


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one request of one command."""

    command: str
    number: int
    fault: Fault

    @property
    def text(self) -> str:
        """The case in a few words."""
        return f"{self.fault.value} at request {self.number} of {self.command}"


class Scenario:
    """An update of a schedule that has a console override, a create, and a delete."""

    def __init__(self, folder: Path) -> None:
        world = seed("empty")
        world.add_key(KEY, world.account, "alice@example.com")
        self._office = Office(folder, world, NOW)
        (folder / "schedules").mkdir(exist_ok=True)
        settings = {"version": 1, "account": "Acme Corp", "timezone": "Asia/Shanghai"}
        (folder / "flashsync.yaml").write_text(json.dumps(settings), encoding="utf-8")
        self._write(rota("Kept", "alice", "bob"), rota("Old", "carol"))
        assert self._office.run(*APPLY).code == 0
        self._office.console.add_override("Kept", ["dave@example.com"], *SWAP, "Swap")
        self._write(
            rota("Kept", "alice", "bob", "erin", description="new"),
            rota("Old", "carol", absent=True),
            rota("New", "frank", "grace"),
        )
        self._before = copy.deepcopy(world.account)

    def _write(self, *trees: dict[str, Any]) -> None:
        for number, tree in enumerate(trees):
            path = self._office.folder / "schedules" / f"{number}.yaml"
            path.write_text(json.dumps(tree), encoding="utf-8")

    def requests(self, command: str) -> int:
        """How many requests a command makes where all goes well."""
        return len(self._fresh().run(*COMMANDS[command]).served)

    def writes(self) -> list[int]:
        """The numbers of the requests with which an apply writes."""
        served = self._fresh().run(*APPLY).served
        return [one.number for one in served if one.endpoint in WRITES]

    def cases(self) -> Iterator[Case]:
        """Every kind at every request."""
        for command in COMMANDS:
            for number in range(1, self.requests(command) + 1):
                for fault in Fault:
                    yield Case(command, number, fault)

    def problems(self, case: Case) -> list[str]:
        """What goes wrong with it: nothing, if all promises hold."""
        office = self._fresh()
        weather = Weather({case.number: case.fault})
        ran = office.run(*COMMANDS[case.command], weather=weather)
        found = untold(ran, office, alone=True)
        found += ["a create was sent twice"] * doubled(ran)
        if case.command == "plan" and ran.code not in (1, 2):
            found.append(f"the plan ended with {ran.code}")
        again = office.run(*APPLY, "--effects", "none")
        found += untold(again, office, alone=True)
        if again.code != 0:
            found.append(f"a clean apply ended with {again.code}: {again.out[-500:]}{again.err}")
        return [*found, *_left(office)]

    def _fresh(self) -> Office:
        office = self._office
        account = copy.deepcopy(self._before)
        office.world.accounts[account.account_id] = account
        return office


def _left(office: Office) -> Iterator[str]:
    """What a clean apply has left to do, or lost."""
    if (code := office.run(*EMPTY).code) != 0:
        yield f"a plan after it ended with {code}"
    names = sorted(one["schedule_name"] for one in office.console.schedules())
    if names != ["Kept", "New"]:
        yield f"the account has {names}"
        return
    if "Swap" not in [layer["layer_name"] for layer in office.console.schedule("Kept")["layers"]]:
        yield "the console override is lost"
