"""Answers in the forms of a real account and of the documented examples lose nothing.

Each shape is a live schedule as an answer has it, and the file that says the same. Ids and names
are made up; the forms are those of api.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest

from flashsync.sandbox import Reply
from flashsync.sandbox.faults import Act
from tests.cli.console import Terminal
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)

Json = dict[str, Any]

DAY = 86400
ACCOUNT, ZHAO, QIAN, SUN = 5410021840001, 5410021840131, 5410021840141, 5410021840151
SCHEDULE = 5789640530999
TEAM = 5410021850131
STAMPS = {"create_at": 1767540000, "update_at": 1767540001, "create_by": ACCOUNT, "update_by": ZHAO}

MEMBERS = [
    {"member_id": ZHAO, "member_name": "赵敏", "email": "zhao@example.cn", "status": "enabled"},
    {"member_id": QIAN, "member_name": "钱多多", "email": "", "status": "enabled"},
    {"member_id": SUN, "member_name": "孙 悟空", "status": "enabled"},
]
PERSONS = [
    {
        "person_id": ACCOUNT,
        "person_name": "值班 负责人",
        "email": "boss@example.cn",
        "as": "account",
    },
    *(
        {"person_id": one["member_id"], "person_name": one["member_name"], "as": "member"}
        | ({"email": one["email"]} if one.get("email") else {"email": ""})
        for one in MEMBERS
    ),
]
NAMES = {one["person_id"]: str(one["person_name"]) for one in PERSONS}


def seats(*people: int, role: int = 0) -> Json:
    return {"role_id": role, "person_ids": list(people)}


def group(label: str, *people: int, **more: Any) -> Json:
    """A group as answers have it; `start` and `end` are 0 in a configuration."""
    members = [seats(*people)]
    return {"group_name": label, "name": label, "members": members, "start": 0, "end": 0, **more}


def layer(label: str, start: int, *groups: Json, **more: Any) -> Json:
    """A daily rotation layer in the form of the recorded account: no mask is `{"repeat": null}`."""
    return {
        "account_id": ACCOUNT,
        "schedule_id": SCHEDULE,
        "layer_name": label,
        "name": label,
        "mode": 0,
        "hidden": 0,
        "weight": 0,
        "groups": list(groups),
        "layer_start": start,
        "layer_end": None,
        "enable_time": start,
        "expire_time": 0,
        "rotation_unit": "day",
        "rotation_value": 1,
        "rotation_duration": DAY,
        "handoff_time": 0,
        "fair_rotation": False,
        "restrict_mode": 0,
        "restrict_start": 0,
        "restrict_end": 0,
        "restrict_periods": None,
        "day_mask": {"repeat": None},
        "mask_continuous_enabled": False,
        **STAMPS,
        **more,
    }


def schedule(name: str, *layers: Json, **more: Any) -> Json:
    """A schedule as `/schedule/info` answers it, without the shifts of the window."""
    return {
        "account_id": ACCOUNT,
        "id": SCHEDULE,
        "schedule_id": SCHEDULE,
        "name": name,
        "schedule_name": name,
        "description": "",
        "group_id": 0,
        "team_id": 0,
        "status": 0,
        "disabled": 0,
        "layers": list(layers),
        "notify": None,
        **STAMPS,
        **more,
    }


ELEVEN = 1767582000  # Mon 2026-01-05 11:00 in Shanghai
MONDAY = 1767542400  # Mon 2026-01-05 00:00
SUNDAY = 1775980800  # Sun 2026-04-12 16:00
WORK = {"repeat": [1, 2, 3, 4, 5]}


@dataclass(frozen=True)
class Shape:
    """A live schedule, the file for it, and who is on call on Tuesday 24 November at noon."""

    live: Json
    file: Json
    on_call: tuple[int, ...]
    shifts: list[Json] = field(default_factory=list)


def file(name: str, *layers: Json, **more: Any) -> Json:
    return {"schedule": name, "layers": list(layers), **more}


def turns(*groups: Any, **more: Any) -> Json:
    return {"layer": "值班", "rotation": "1 day", "groups": list(groups), **more}


TWENTY_FOURTH = 1795449600  # Tue 2026-11-24 00:00


def at_eleven(*people: int) -> list[Json]:
    """The shift of 24 November, cut 11:00 to 11:00."""
    start = TWENTY_FOURTH + 11 * 3600
    return [shift(start, start + DAY, *people)]


def all_day(*people: int) -> list[Json]:
    return [shift(TWENTY_FOURTH, TWENTY_FOURTH + DAY, *people)]


def shift(start: int, end: int, *people: int) -> Json:
    """A computed shift: `index` is always 0, and the group's own times are unreliable."""
    return {"start": start, "end": end, "index": 0, "group": group("A", *people, start=5, end=7)}


NOTICE = {
    "advance_in_time": 0,
    "fixed_time": {"cycle": "day", "start": "08:00"},
    "by": {"follow_preference": False, "personal_channels": ["email", "phone", "slack_app:T01"]},
    "webhooks": [
        {
            "type": "feishu_app",
            "settings": {
                "alias": "",
                "token": "",
                "verify_token": "",
                "sign_secret": "",
                "data_source_id": 5410021860131,
                "chat_ids": ["oc_60a6"],
                "integration_id": 77,
                "reply_event_types": ["acknowledge"],
            },
            "disable_at": 0,
        }
    ],
    "im": {"feishu": "legacy"},
}
OVERRIDE = {
    "mode": 1,
    "layer_end": TWENTY_FOURTH + DAY,
    "expire_time": TWENTY_FOURTH + DAY,
    "rotation_unit": "",
    "rotation_value": 0,
    "rotation_duration": 0,
    "restrict_periods": None,
    "day_mask": None,
    "weight": 3,
}
FIVE = ([ACCOUNT, ZHAO], [QIAN, SUN], [ZHAO, QIAN, SUN], [ACCOUNT, SUN], [ZHAO, QIAN])

SHAPES = {
    "the recorded account: five groups of two or three, the account among them, no mask": Shape(
        schedule(
            "平台 值班",
            layer("值班", ELEVEN, *(group(f"组{n}", *five) for n, five in enumerate(FIVE, 1))),
        ),
        file(
            "平台 值班",
            turns(*([NAMES[person] for person in five] for five in FIVE), start="2026-01-05 11:00"),
        ),
        (ACCOUNT, SUN),
        at_eleven(ACCOUNT, SUN),
    ),
    "the documented detail answer: Monday to Friday, from Monday 00:00": Shape(
        schedule(
            "Work days",
            layer("值班", MONDAY, group("A", ZHAO), group("B", QIAN), day_mask=WORK),
        ),
        file(
            "Work days",
            turns("zhao@example.cn", "钱多多", start="2026-01-05 00:00", days="mon-fri"),
        ),
        (QIAN,),
        all_day(QIAN),
    ),
    "the documented preview: Monday to Friday, from a Sunday afternoon": Shape(
        schedule(
            "Preview",
            layer("值班", SUNDAY, group("A", ZHAO), group("B", QIAN), day_mask=WORK),
        ),
        file(
            "Preview",
            turns(str(ZHAO), str(QIAN), start="2026-04-12 16:00", days="mon-fri"),
        ),
        (ZHAO,),
        all_day(ZHAO),
    ),
    "the documented create: only the mirrors of the times": Shape(
        schedule(
            "Mirrors",
            {
                key: value
                for key, value in layer("值班", MONDAY, group("A", ZHAO)).items()
                if key not in ("layer_start", "layer_end")
            },
        ),
        file("Mirrors", turns("赵敏", start="2026-01-05 00:00")),
        (ZHAO,),
        all_day(ZHAO),
    ),
    "the vendor's CLI: internal names that differ": Shape(
        schedule(
            "Internal",
            layer("值班", MONDAY, group("A", ZHAO, name="group_1"), name="layer_1"),
        ),
        file("Internal", turns("赵敏", start="2026-01-05 00:00")),
        (ZHAO,),
        all_day(ZHAO),
    ),
    "an override of the console: no rotation, nulls, people without a role": Shape(
        schedule(
            "Override",
            layer("值班", MONDAY, group("A", ZHAO)),
            layer("临时", TWENTY_FOURTH, group("", ACCOUNT, QIAN), **OVERRIDE),
        ),
        file("Override", turns("赵敏", start="2026-01-05 00:00")),
        (ACCOUNT, QIAN),
        all_day(ACCOUNT, QIAN),
    ),
    "everything of notify, with fields that no file declares": Shape(
        schedule("Notices", layer("值班", MONDAY, group("A", ACCOUNT)), notify=NOTICE),
        file(
            "Notices",
            turns("值班 负责人", start="2026-01-05 00:00"),
            notify={
                "before": "0 min",
                "daily_at": "08:00",
                "by": ["email", "phone", "slack_app:T01"],
                "chats": [
                    {"type": "feishu_app", "data_source_id": 5410021860131, "chat_ids": ["oc_60a6"]}
                ],
            },
        ),
        (ACCOUNT,),
        all_day(ACCOUNT),
    ),
    "a team, roles, and lists that are absent instead of null": Shape(
        {
            key: value
            for key, value in schedule(
                "Roles",
                {
                    key: value
                    for key, value in layer(
                        "值班",
                        MONDAY,
                        group("A", members=[seats(ZHAO), seats(ACCOUNT, SUN, role=1)]),
                    ).items()
                    if key not in ("restrict_periods", "day_mask", "layer_end")
                },
                team_id=TEAM,
                group_id=TEAM,
                description="主 *值班*",
            ).items()
            if key not in ("notify", "status", "disabled")
        },
        file(
            "Roles",
            turns(
                [
                    "赵敏",
                    {"person": "boss@example.cn", "role": "backup"},
                    {"person": "孙 悟空", "role": "备值班人"},
                ],
                start="2026-01-05 00:00",
            ),
            team="运维",
            description="主 *值班*",
        ),
        (ZHAO,),
        all_day(ZHAO),
    ),
}


FIXED: dict[str, Any] = {
    "/member/info": {
        **MEMBERS[0],
        "account_id": ACCOUNT,
        "account_name": "示例科技",
        "account_time_zone": "Asia/Shanghai",
    },
    "/member/list": {"items": MEMBERS, "total": len(MEMBERS)},
    "/team/list": {
        "items": [{"team_id": TEAM, "team_name": "运维", "status": "enabled"}],
        "total": 1,
    },
    "/oncall/roles": [{"id": 0, "name": "主值班人"}, {"id": 1, "name": "备值班人"}],
    "/audit/search": {"docs": [], "search_after_ctx": ""},
}
"""Answers that are the same for every shape."""


@dataclass
class Recorded:
    """An account that gives recorded answers, and keeps what is sent to it."""

    live: Json
    shifts: list[Json]
    sent: list[Json] = field(default_factory=list)

    def __call__(self, endpoint: str, body: Any, act: Act) -> Reply:
        del act
        return Reply(content={"request_id": "r", "data": self._answer(endpoint, body)})

    def _answer(self, endpoint: str, body: Any) -> Any:
        match endpoint:
            case "/person/infos":
                wanted = body["person_ids"]
                return {"items": [one for one in PERSONS if one["person_id"] in wanted]}
            case "/schedule/self":
                return {"items": [self._with_shifts()]}
            case "/schedule/list":
                return {"items": [{**self._with_shifts(), "layers": None}], "total": 1}
            case "/schedule/info" | "/schedule/preview":
                return self._with_shifts()
            case "/schedule/update":
                self.sent.append(deepcopy(body))
                self.live = {**self.live, **deepcopy(body)}
                return None
            case _:
                return FIXED.get(endpoint, {"items": None, "total": 0})

    def _with_shifts(self) -> Json:
        return {
            **self.live,
            "schedule_layers": [{"layer_name": "值班", "mode": 0, "schedules": self.shifts}],
            "final_schedule": {"layer_name": "", "schedules": self.shifts},
            "cur_oncall": None,
            "next_oncall": None,
        }


@pytest.fixture(params=SHAPES)
def shape(request: pytest.FixtureRequest) -> Shape:
    return SHAPES[request.param]


@pytest.fixture
def recorded(shape: Shape, terminal: Terminal) -> Iterator[Recorded]:
    """The account of a shape, and a folder with the file for it."""
    account = Recorded(deepcopy(shape.live), shape.shifts)
    terminal.sandbox.hook = account
    terminal.config(account="示例科技")
    terminal.declare(shape.file)
    yield account
    terminal.sandbox.hook = None


def test_the_file_says_what_is_live(terminal: Terminal, recorded: Recorded) -> None:
    ended = terminal("plan", "--detailed-exitcode", "-v")
    assert ended.code == 0, ended
    assert terminal("drift").code == 0
    assert recorded.sent == []


def test_people_are_shown_by_name(terminal: Terminal, shape: Shape, recorded: Recorded) -> None:
    shown = terminal("oncall", "--all", "--at", "2026-11-24 12:00")
    assert shown.code == 0, shown
    for person in shape.on_call:
        assert NAMES[person] in shown.out
    calendar = terminal("show", "--live", "--from", "2026-11-24 00:00")
    assert calendar.code == 0, calendar
    for id in NAMES:
        assert str(id) not in shown.out + calendar.out
    assert recorded.sent == []


def test_my_own_shifts(terminal: Terminal, shape: Shape, recorded: Recorded) -> None:
    """The key is Zhao's."""
    ended = terminal("oncall", "--mine", "--at", "2026-11-24 00:00", "--days", "2")
    assert ended.code == 0, ended
    assert ended.out.startswith("Shifts of 赵敏, ")
    assert (shape.live["schedule_name"] in ended.out) == (ZHAO in shape.on_call)
    assert recorded.sent == []


def test_an_edit_keeps_everything_else(
    terminal: Terminal, shape: Shape, recorded: Recorded
) -> None:
    terminal.declare({**shape.file, "description": "Edited"})
    ended = terminal("apply", "--auto-approve")
    assert ended.code == 0, ended
    (sent,) = recorded.sent
    assert sent["description"] == "Edited"
    assert plain(sent["layers"]) == plain(shape.live["layers"])
    assert plain(sent["notify"]) == plain(shape.live.get("notify"))
    assert terminal("plan", "--detailed-exitcode").code == 0


STAMPED = {*STAMPS, "account_id", "schedule_id", "rotation_duration"}
"""Stamps and derived fields: the platform writes them."""
MIRRORS = {"layer_start": "enable_time", "layer_end": "expire_time"}


def plain(value: Any) -> Any:
    """What a request or an answer says, without stamps, mirrors, and the forms of nothing."""
    if isinstance(value, list):
        return [plain(one) for one in value] or None
    if not isinstance(value, dict):
        return value
    found = {key: plain(one) for key, one in value.items() if key not in STAMPED}
    for key, mirror in MIRRORS.items():
        if mirror in found:
            found[key] = found.get(key) or found.pop(mirror) or None
            found.pop(mirror, None)
    if found.get("name") in (found.get("layer_name"), found.get("group_name")):
        found.pop("name", None)
    if found.get("follow_preference") is False:
        del found["follow_preference"]
    if found.get("mode") == 1:
        found["rotation_unit"] = found["rotation_value"] = None
    return {key: one for key, one in found.items() if one not in (None, "", {}, [])} or None
