"""Random schedules, and random edits of their files."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Tree = dict[str, Any]

PEOPLE = tuple(
    f"{name}@example.com"
    for name in ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "xiaoming")
)
RHYTHMS: tuple[Tree, ...] = (
    {"rotation": "1 week", "handoff": "mon 10:00", "start": "2026-01-05 10:00"},
    {"rotation": "1 week", "start": "2026-02-03 09:30"},
    {"rotation": "1 day", "start": "2026-03-01 08:00"},
    {"rotation": "12 hours", "start": "2026-03-02 08:00"},
    {"rotation": "1 day", "start": "2026-01-01 00:00", "days": "mon-fri", "hours": "09:00-18:00"},
    {"rotation": "2 weeks", "start": "2027-02-01 10:00"},
)
COVER = {"from": "2026-12-24 10:00", "to": "2026-12-26 10:00"}


@dataclass(slots=True)
class Files:
    """The schedules that the files declare, by a number that stays theirs; `absent` ones, too."""

    dice: random.Random
    trees: dict[int, Tree] = field(default_factory=dict)
    made: int = 0
    live: dict[str, int] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)

    def add(self) -> None:
        """One more schedule."""
        self.made += 1
        name = f"Rota {self.made}"
        layers = [self._layer(f"Layer {place}") for place in range(self.dice.randint(1, 2))]
        self.trees[self.made] = {"schedule": name, "layers": layers}
        if self.dice.random() < 0.5:
            self.trees[self.made]["notify"] = {"before": "30 min", "by": ["email"]}

    def _layer(self, name: str) -> Tree:
        people: list[Any] = self.dice.sample(PEOPLE, self.dice.randint(2, 5))
        if self.dice.random() < 0.3:
            people[:2] = [people[:2]]
        return {"layer": name, **self.dice.choice(RHYTHMS), "groups": people}

    @property
    def declared(self) -> list[Tree]:
        """Those that shall be in the account."""
        return [tree for tree in self.trees.values() if "absent" not in tree]

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [tree["schedule"] for tree in self.declared]

    @property
    def ids(self) -> dict[str, int]:
        """The ids that those have which were there before the edits, by their names now."""
        found = ((tree, self._id(tree)) for tree in self.declared)
        return {tree["schedule"]: id for tree, id in found if id is not None}

    def _id(self, tree: Tree) -> int | None:
        pinned: int | None = tree.get("id")
        return pinned or self.live.get(str(tree.get("renamed_from", tree["schedule"])))

    def settle(self) -> None:
        """All is applied: what is absent is gone, and what was renamed has its name."""
        self.trees = {at: tree for at, tree in self.trees.items() if "absent" not in tree}
        for tree in self.trees.values():
            tree.pop("renamed_from", None)

    def edit(self, live: dict[str, int]) -> None:
        """One to four edits, of whatever schedules; `live` are the ids of those that are there."""
        self.live = live
        edits = (self._reword, self._people, self._people, self._cover, self._drop, self._rename)
        for _ in range(self.dice.randint(1, 4)):
            if self.declared and self.dice.random() < 0.8:
                self.dice.choice(edits)(self.dice.choice(self.declared))
            else:
                self.add()
        if len(self.declared) > 1 and self.dice.random() < 0.15:
            self._exchange(*self.dice.sample(self.declared, 2))

    def _reword(self, tree: Tree) -> None:
        tree["description"] = f"Number {self.dice.randrange(1000)}"

    def _people(self, tree: Tree) -> None:
        groups = self.dice.choice(tree["layers"])["groups"]
        free = [one for one in PEOPLE if one not in str(groups)]
        how = self.dice.randrange(3)
        if how == 0 and free:
            groups.insert(self.dice.randint(0, len(groups)), self.dice.choice(free))
        elif how == 1 and len(groups) > 1:
            groups.pop(self.dice.randrange(len(groups)))
        else:
            self.dice.shuffle(groups)

    def _cover(self, tree: Tree) -> None:
        who = self.dice.choice(PEOPLE)
        tree["overrides"] = [{"override": "Cover", **COVER, "people": [who]}]

    def _drop(self, tree: Tree) -> None:
        if "renamed_from" in tree:  # it would ask for the new name, which nobody has yet
            return
        tree["absent"] = True
        if (id := self._id(tree)) is not None:
            self.dropped.add(id)

    def _rename(self, tree: Tree) -> None:
        self.made += 1
        tree.setdefault("renamed_from", tree["schedule"])
        tree["schedule"] = f"Renamed {self.made}"

    def _exchange(self, one: Tree, other: Tree) -> None:
        """Two schedules with each other's name; only ids can say that."""
        ids = self._id(one), self._id(other)
        if "renamed_from" in one or "renamed_from" in other or None in ids:
            return
        one["id"], other["id"] = ids
        one["schedule"], other["schedule"] = other["schedule"], one["schedule"]

    def write(self, folder: Path) -> None:
        """The files, one a schedule. JSON is YAML."""
        schedules = folder / "schedules"
        schedules.mkdir(exist_ok=True)
        for old in schedules.iterdir():
            old.unlink()
        for number, tree in self.trees.items():
            text = json.dumps(tree, ensure_ascii=False)
            (schedules / f"{number}.yaml").write_text(text, encoding="utf-8")
