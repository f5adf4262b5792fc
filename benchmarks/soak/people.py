"""Other people: what they do in the console meanwhile, and whether it is still there."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.soak.every import NOW
from benchmarks.soak.network import Served
from benchmarks.soak.program import Office

DAY = 86400
COLLEAGUES = ("judy@example.com", "kenji@example.com", "priya@example.com")


@dataclass(frozen=True, slots=True)
class Swap:
    """A console override: of which schedule, and before which request of all it was made."""

    schedule_id: int
    name: str
    at: int


@dataclass(slots=True)
class Meddlers:
    """They make overrides, and now and then edit a schedule or make one of their own."""

    dice: random.Random
    office: Office
    swaps: list[Swap] = field(default_factory=list)
    made: list[str] = field(default_factory=list)

    acts: int = 0

    def meddle(self, at: int, id: int = 0) -> None:
        """Do something before the request of that place in all that are served.

        With `id`, to that schedule.
        """
        held = list(self.office.world.account.schedules.values())
        chosen = [one for one in held if one.schedule_id == id] if id else held
        if not chosen:
            return
        self.acts += 1
        one = self.dice.choice(chosen)
        how = self.dice.random()
        if how < 0.75:
            self._swap(one.schedule_id, one.name, at)
        elif how < 0.95:
            self.office.console.edit(one.name, {"description": f"By hand {self.dice.random()}"})
        else:
            self._make()

    def _swap(self, id: int, schedule: str, at: int) -> None:
        name = f"Swap {len(self.swaps)}"
        start = NOW + 100 * DAY + self.dice.randrange(50) * DAY
        who = self.dice.choice(COLLEAGUES)
        self.office.console.add_override(schedule, [who], start, start + DAY, name)
        self.swaps.append(Swap(id, name, at))

    def _make(self) -> None:
        name = f"By hand {len(self.made)}"
        person = self.office.world.account.person(self.dice.choice(COLLEAGUES)).person_id
        members = [{"role_id": 0, "person_ids": [person]}]
        layer = {
            "layer_name": name,
            "mode": 0,
            "layer_start": NOW - self.dice.randrange(DAY),
            "rotation_unit": "day",
            "rotation_value": 1,
            "groups": [{"group_name": "A", "members": members}],
        }
        fields = {"schedule_name": name, "description": "", "team_id": 0, "notify": {}}
        self.office.console.create({**fields, "layers": [layer]})
        self.made.append(name)

    def lost(self, served: Sequence[Served], gone: Callable[[int], bool]) -> tuple[int, int]:
        """How many overrides are lost, and how many more in the one moment that is known."""
        held = self.office.world.account.schedules
        missing = [
            swap
            for swap in self.swaps
            if not gone(swap.schedule_id)
            and swap.name not in [layer.name for layer in held[swap.schedule_id].layers]
        ]
        known = sum(_in_the_moment(swap, served) for swap in missing)
        return len(missing) - known, known


def _in_the_moment(swap: Swap, served: Sequence[Served]) -> bool:
    """Whether it was made after the read of its schedule and before the one write that followed.

    A write that is repeated without another read is beyond that moment.
    """
    mine = [(place, one) for place, one in enumerate(served) if one.schedule_id == swap.schedule_id]
    writes = [(place, one.acted) for place, one in mine if one.endpoint == "/schedule/update"]
    lost_at = next((place for place, acted in writes if acted and place >= swap.at), -1)
    reads = [place for place, one in mine if one.endpoint == "/schedule/info" and place < lost_at]
    if not reads or reads[-1] >= swap.at:
        return False
    return lost_at == min(place for place, _ in writes if place > reads[-1])
