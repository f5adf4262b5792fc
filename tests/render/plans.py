"""Plans and outcomes to render: everyday ones, and ones with all that can go wrong."""

from __future__ import annotations

from dataclasses import replace

from flashsync.errors import Position, Problem
from flashsync.model.notify import By, Notify, Webhook
from flashsync.model.people import Account, Directory, Person, Team
from flashsync.model.schedule import Group, Hours, Layer, Member, Override, Rotation, Schedule, Unit
from flashsync.plan.diff import list_fields
from flashsync.plan.model import (
    Action,
    Caution,
    Change,
    ChangeKind,
    Create,
    Delete,
    Plan,
    Reason,
    Remarks,
    Target,
    Unchanged,
    Update,
)
from flashsync.plan.words import Words

NOW = 1795250000
"""Sat 21 Nov 2026 16:33 in Shanghai."""
ACCOUNT = Account(1, "Acme Corp", "Asia/Shanghai")
PEOPLE = ("alice", "bob", "carol", "王小明", "frank", "Ｇｒａｃｅ")
WORDS = Words(
    Directory(
        {number: Person(number, name) for number, name in enumerate(PEOPLE, 1)},
        {1: Team(1, "SRE")},
    ),
    ACCOUNT.timezone,
)
PLACE = Position("schedules/prod.yaml", 2)
SECRET_NOTE = "notify.chats[dingtalk ops].token was not compared: the platform does not show it"


def group(*people: int, backup: int | None = None) -> Group:
    """A group of people in the primary role, and one in the backup role."""
    members = {Member(person) for person in people}
    return Group(frozenset(members if backup is None else {*members, Member(backup, 1)}))


SCHEDULE = Schedule(
    name="Production On-Call",
    description="Primary rotation of the production team.\nAsk in #sre before you swap. " * 4,
    team=1,
    layers=(
        Layer(
            "Primary",
            1767578400,
            None,
            Rotation(1, Unit.WEEK),
            (group(1), group(2, backup=3), group(4)),
            handoff=36000,
        ),
        Layer(
            "Office hours",
            1767542400,
            1798732800,
            Rotation(1, Unit.DAY),
            (group(5), group(6), group(1), group(2), group(3), group(4)),
            days=frozenset({1, 2, 3, 4, 5}),
            hours=Hours("day", ((32400, 64800),)),
            continuous=True,
            fair=True,
        ),
    ),
    overrides=(Override("Alice away [flashsync]", 1796054400, 1796227200, frozenset({Member(2)})),),
    notify=Notify(
        300,
        "08:00",
        By(preference=True),
        (
            Webhook("feishu_app", "", 5427276014131, frozenset({"oc_60a6"})),
            Webhook("dingtalk", "ops", 5427276014132),
        ),
    ),
)
TARGET = Target(SCHEDULE, (None, None))


def new(schedule: Schedule = SCHEDULE, *, warnings: tuple[str, ...] = ()) -> Create:
    """A create of a whole schedule."""
    changes = list_fields(schedule, WORDS)
    remarks = Remarks(warnings=tuple(map(Caution, warnings)))
    target = Target(schedule, (None,) * len(schedule.layers))
    return Create(target, PLACE, changes, remarks)


def update(*changes: Change, live_name: str = SCHEDULE.name, place: Position = PLACE) -> Update:
    """An update with these changes."""
    reason = Reason.CHANGED if live_name == SCHEDULE.name else Reason.RENAMED
    return Update(5789640530410, live_name, "mark", TARGET, place, changes, reason)


def unchanged(name: str, *notes: str, warnings: tuple[str, ...] = ()) -> Unchanged:
    """A schedule that is as its file wants it."""
    place = Position(f"schedules/{name.lower()}.yaml", 1)
    return Unchanged(7, name, place, Reason.SAME, Remarks(notes, tuple(map(Caution, warnings))))


ROTA = ("alice", "bob", "carol")
ONE_LINE = update(Change("layers[Primary].groups", ChangeKind.TURNS, ROTA, (*ROTA, "frank")))
RENAME = Update(
    5789640530411,
    "Follow the sun",
    "mark",
    TARGET,
    Position("schedules/teams/platform/infrastructure/follow-the-sun.yaml", 120),
    (
        Change("schedule", ChangeKind.CHANGED, "Follow the sun", SCHEDULE.name),
        Change("layers[Primary].groups", ChangeKind.TURNS, (*ROTA[:2], "dave", "carol", "erin"),
               ("alice", "dave", "erin", "frank")),
        Change("layers[A layer with a name of forty characters].rotation", ChangeKind.CHANGED,
               "1 week", "2 weeks"),
        Change("team", ChangeKind.REMOVED, "SRE"),
        Change("layers[Night]", ChangeKind.ADDED, None, {
            "rotation": "1 day", "start": "2026-01-05 10:00",
            "groups": ("frank", "王小明", "王小明王小明王小明王小明王小明王小明王小明王小明"),
        }),
        Change("overrides", ChangeKind.ADDED, None,
               "Alice away: bob, 2026-12-01 00:00 – 2026-12-03 00:00"),
    ),
    Reason.RENAMED,
    Remarks(("console overrides kept: `Alice swaps`", SECRET_NOTE)),
)  # fmt: skip
SECRETS = Update(2, SCHEDULE.name, "mark", TARGET, PLACE, (), Reason.SECRETS)
ABSENT = Delete(
    5789640530999, "Legacy rota", "mark", Reason.ABSENT, Position("schedules/legacy.yaml", 3)
)
PRUNED = Delete(5789640530998, "Somebody's \x1b[31mtest\u202e", "mark", Reason.PRUNED)
GONE = Unchanged(None, "Gone", Position("schedules/gone.yaml", 1), Reason.GONE)
DISABLED = unchanged("Loud", warnings=("it is disabled in the console, so it pages nobody",))
QUIET = replace(
    unchanged("Quiet"),
    remarks=Remarks((SECRET_NOTE,), uncompared=("notify.chats[dingtalk ops].token",)),
)
REFUSAL = Problem(
    "3 of the 4 declared live schedules would change (75 %), and 50 % may change in one run",
    "look at each, then pass --max-change-percent 75",
)
BEGUN = Problem("layers[Primary] has begun", "pass --rollout exact", PLACE)


def plan(*actions: Action) -> Plan:
    """A plan of these actions, with nothing else to say."""
    return Plan(ACCOUNT, NOW, actions)


FULL = Plan(
    ACCOUNT,
    NOW,
    (
        ABSENT,
        PRUNED,
        new(warnings=("frank@example.com is pending",)),
        RENAME,
        SECRETS,
        QUIET,
        DISABLED,
        GONE,
    ),
    ("Old one", "旧的值班表"),
    (REFUSAL, BEGUN),
    ("this is the account Acme Corp (id 1); pin it with `account: Acme Corp` in flashsync.yaml",),
)
