"""Small live and desired schedules, and plans made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flashsync.errors import Position
from flashsync.model.desired import Desired, LayerIntent, Rollout, RolloutKind
from flashsync.model.people import Account, Directory, Person, Role, Team
from flashsync.model.schedule import Group, Layer, Member, Rotation, Schedule, Unit
from flashsync.model.timezone import DAY as DAY
from flashsync.model.timezone import WEEK as WEEK
from flashsync.plan.build import build, wanted_ids
from flashsync.plan.match import Known, match
from flashsync.plan.merge import fresh, merged
from flashsync.plan.model import Facts, Plan
from flashsync.plan.safety import RunOptions
from flashsync.plan.words import Words

ZONE = "Asia/Shanghai"
START = 1_767_578_400
"""2026-01-05 10:00 in Asia/Shanghai, a Monday."""
HANDOFF = 10 * 3600
NOW = START + 30 * DAY
EXACT = Rollout(RolloutKind.EXACT)
ACCOUNT = Account(1, "Acme Corp", ZONE)
DIRECTORY = Directory(
    people={
        id: Person(id, name, f"{name}@example.com")
        for id, name in enumerate(["alice", "bob", "carol", "dave", "erin", "frank"], 1)
    },
    teams={1: Team(1, "SRE"), 2: Team(2, "Payments")},
    roles={0: Role(0, "主"), 1: Role(1, "备")},
)
WORDS = Words(DIRECTORY, ZONE)
WEEKLY, DAILY = Rotation(1, Unit.WEEK), Rotation(1, Unit.DAY)


def groups(*people: int | str, names: str | None = None) -> tuple[Group, ...]:
    """A group a person: by id; "1+2" share a turn. `names` has a letter for each."""
    staff = [[int(one) for one in str(each).split("+")] for each in people]
    named: Iterable[str | None] = names or [None] * len(staff)
    return tuple(
        Group(frozenset(map(Member, ids)), name) for ids, name in zip(staff, named, strict=True)
    )


def live_layer(*people: int | str, **fields: Any) -> Layer:
    """A weekly layer as the platform has it: named groups and a handoff."""
    names = "".join(chr(ord("A") + place) for place in range(len(people)))
    rotation = fields.get("rotation", WEEKLY)
    whole = {
        "name": "Primary",
        "start": START,
        "end": None,
        "rotation": WEEKLY,
        "groups": groups(*people, names=names),
        "handoff": HANDOFF if rotation.weekly else None,
    }
    return Layer(**{**whole, **fields})


def file_layer(*people: int | str, **fields: Any) -> Layer:
    """The same layer as a file asks for it: no names of groups, and no handoff."""
    return live_layer(*people, **{"groups": groups(*people), "handoff": None, **fields})


def live(name: str = "Production", id: int = 5, **fields: Any) -> Schedule:
    """A live schedule."""
    fields.setdefault("layers", (live_layer(1, 2),))
    return Schedule(name, id=id, **fields)


def desired(
    name: str = "Production",
    *,
    rollout: Rollout | None = None,
    renamed_from: str | None = None,
    absent: bool = False,
    layers_renamed_from: Mapping[int, str] | None = None,
    line: int = 1,
    **fields: Any,
) -> Desired:
    """A schedule of a file."""
    fields.setdefault("layers", (file_layer(1, 2),))
    schedule = Schedule(name, **fields)
    found = rollout or Rollout()
    old = layers_renamed_from or {}
    intents = tuple(LayerIntent(found, old.get(at)) for at in range(len(schedule.layers)))
    return Desired(schedule, Position("a.yaml", line), renamed_from, absent, found, intents)


def known(*schedules: Schedule) -> list[Known]:
    """Live schedules as a listing shows them."""
    return [Known(one.id or 0, one.name, one.team) for one in schedules]


def plan_of(
    wanted: Iterable[Desired],
    schedules: Iterable[Schedule],
    options: RunOptions | None = None,
    now: int = NOW,
    words: Words = WORDS,
    warnings: Mapping[str, tuple[str, ...]] | None = None,
) -> Plan:
    """The plan for these files in an account of these schedules, as far as they have to be read."""
    options = options or RunOptions()
    alive = {one.id or 0: one for one in schedules}
    matching = match(list(wanted), known(*alive.values()))
    assert matching.problems == ()
    read = {id: alive[id] for id in wanted_ids(matching, options)}
    return build(matching, Facts(ACCOUNT, read, words, now, warnings or {}), options)


def applied(plan: Plan, schedules: Iterable[Schedule]) -> list[Schedule]:
    """What is live after apply: console overrides stay, and so do ours that have passed."""
    alive = {one.id or 0: one for one in schedules}
    for action in plan.writes:
        match action.reason.value:
            case "new":
                id = max(alive, default=100) + 1
                alive[id] = replace(fresh(action.target, plan.created_at), id=id)  # type: ignore[union-attr]
            case "declared_absent" | "not_declared":
                del alive[action.id]  # type: ignore[union-attr]
            case _:
                old = alive[action.id]  # type: ignore[union-attr]
                target = action.target  # type: ignore[union-attr]
                sent = merged(target, old, plan.created_at).overrides
                alive[action.id] = replace(target.schedule, overrides=sent)  # type: ignore[union-attr]
    return list(alive.values())
