"""What an import writes: short names, variables for secrets, and names of files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flashsync.declared.config import Config
from flashsync.declared.parse import read_config
from flashsync.declared.people import NamedBy, PersonName
from flashsync.model.notify import Notify, Secret, Webhook
from flashsync.model.people import Directory, MemberStatus, Person, Team
from flashsync.model.schedule import Group, Layer, Member, Override, Rotation, Schedule, Unit
from flashsync.resolve.import_files import (
    ImportedSchedule,
    ImportRequest,
    Layout,
    choose_files,
    choose_short_names,
    file_name,
    import_files,
)
from tests.clock import NOW, utc

ALICE = Person(1, "Alice Wu", "alice@example.com")
BOB = Person(2, "Bob", "bob@example.com")
OTHER_BOB = Person(3, "Bob", "bob@example.org")
MUTE = Person(4, "张三")
GONE = Person(5, "Gina", "gina@example.com", MemberStatus.DELETED)
TWIN, OTHER_TWIN = Person(6, "Twin"), Person(7, "Twin")
DIRECTORY = Directory(
    {one.id: one for one in (ALICE, BOB, OTHER_BOB, MUTE, GONE, TWIN, OTHER_TWIN)},
    {10: Team(10, "SRE"), 11: Team(11, "数据")},
)
ZONE = "Asia/Shanghai"


def schedule(name: str, *people: int, **fields: Any) -> Schedule:
    layer = Layer(
        name="Primary",
        start=utc("2026-01-05T02:00"),
        end=None,
        rotation=Rotation(1, Unit.WEEK),
        groups=tuple(Group(frozenset({Member(id)})) for id in people or (1,)),
        handoff=10 * 3600,
    )
    return Schedule(name, layers=(layer,), id=1, **fields)


def groups_of(imported: ImportedSchedule) -> object:
    layers: Any = imported.description.tree["layers"]
    return layers[0]["groups"]


def test_people_are_named_by_what_reads_best_and_means_only_them() -> None:
    imported = import_files(
        [schedule("Prod", 1, 2, 3, 4, 5, 6)], DIRECTORY, Config(), ZONE, int(NOW)
    )
    (found,) = imported.schedules
    assert groups_of(found) == [
        "alice",
        "bob@example.com",
        "bob@example.org",
        "张三",
        "5",
        "6",
    ]
    assert imported.people == {"alice": PersonName("alice@example.com", NamedBy.EMAIL)}
    assert found.description.comments == {
        ("layers", 0, "groups", 4): "Gina, who has left the account"
    }


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ({}, {"alice": "alice@example.com"}),
        ({"al": PersonName("alice@example.com")}, {}),
        ({"al": PersonName("1")}, {}),
        ({"alice": PersonName("bob@example.com")}, {}),
    ],
    ids=["free", "has one by address", "has one by id", "somebody else's"],
)
def test_short_names_of_the_files_are_kept(
    taken: dict[str, PersonName], expected: dict[str, str]
) -> None:
    chosen = choose_short_names([ALICE, BOB, OTHER_BOB, GONE], DIRECTORY, taken)
    assert {name: person.text for name, person in chosen.items()} == expected


def hook(alias: str, token: str) -> Notify:
    return Notify(webhooks=(Webhook("dingtalk", alias=alias, token=Secret(token)),))


def test_one_secret_has_one_variable_wherever_it_is_used() -> None:
    live = [
        schedule("Prod", notify=hook("ops", "t1")),
        schedule("Data", notify=hook("data", "t1")),
        schedule("Web", notify=hook("ops", "t2")),
        schedule("值班", notify=hook("", "t****3")),
    ]
    imported = import_files(live, DIRECTORY, Config(), ZONE, int(NOW))
    shown = "shown in the schedule's notifications in the console"
    hidden = "hidden by the platform; copy it from the settings of the chat's robot"
    assert [(one.variable, one.uses, one.source) for one in imported.secrets] == [
        (
            "DINGTALK_OPS_TOKEN",
            ("Prod: dingtalk ops, token", "Data: dingtalk data, token"),
            shown,
        ),
        ("DINGTALK_OPS_TOKEN_2", ("Web: dingtalk ops, token",), shown),
        ("DINGTALK_TOKEN", ("值班: dingtalk, token",), hidden),
    ]
    texts = [str(one.description.tree) for one in imported.schedules]
    assert not any(secret in text for text in texts for secret in ("t1", "t2", "t****3"))


def test_what_no_file_can_say_is_left_to_the_console_or_alone() -> None:
    odd = Webhook("carrier_pigeon", alias="roof")
    nobody = Layer("Empty", 0, None, Rotation(1, Unit.DAY), (Group(frozenset()),))
    live = [
        schedule("Odd chat", notify=Notify(webhooks=(odd,))),
        schedule("Odd team", team=404),
        schedule("Long", description="x" * 501),
        schedule("Stranger", 99),
        Schedule("Nobody", layers=(nobody,), id=4),
        Schedule("No layers", id=5),
    ]
    imported = import_files(live, DIRECTORY, Config(), ZONE, int(NOW))
    ignored = {
        one.description.name: one.description.tree.get("ignore") for one in imported.schedules
    }
    assert ignored == {"Odd chat": ["notify"], "Odd team": ["team"], "Long": ["description"]}
    assert [name for name, _ in imported.left_alone] == ["Stranger", "Nobody", "No layers"]


def test_overrides_of_the_console_are_taken_in_only_when_asked() -> None:
    cover = Override("Swap", int(NOW) + 3600, int(NOW) + 7200, frozenset({Member(2)}))
    live = [schedule("Prod", overrides=(cover,))]
    without = import_files(live, DIRECTORY, Config(), ZONE, int(NOW))
    assert "overrides" not in without.schedules[0].description.tree
    taken = import_files(live, DIRECTORY, Config(), ZONE, int(NOW), ImportRequest(overrides=True))
    overrides: Any = taken.schedules[0].description.tree["overrides"]
    assert [one["override"] for one in overrides] == ["Swap"]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Production On-Call", "production-on-call"),
        ("../../etc/passwd", "etc-passwd"),
        ("值班 一组", "值班-一组"),
        ("CON", "con-schedule"),
        ("!!!", ""),
        ("Ünïcödé", "ünïcödé"),
    ],
)
def test_files_are_named_like_their_schedules(name: str, file: str) -> None:
    assert file_name(name) == file


def test_no_two_schedules_get_one_file_unless_they_share_it() -> None:
    names = ["Prod", "PROD", "prod!", "!!!"]
    assert choose_files(names, {}, Layout.EACH) == {
        "Prod": "prod.yaml",
        "PROD": "prod-2.yaml",
        "prod!": "prod-3.yaml",
        "!!!": "schedule.yaml",
    }
    teams = {"Prod": "SRE", "PROD": "sre"}
    assert choose_files(names[:3], teams, Layout.BY_TEAM) == {
        "Prod": "sre.yaml",
        "PROD": "sre-2.yaml",
        "prod!": "no-team.yaml",
    }
    assert set(choose_files(names, teams, Layout.SINGLE).values()) == {"schedules.yaml"}


def of(config: Config, *live: Schedule, **request: Any) -> dict[str, Any]:
    imported = import_files(live, DIRECTORY, config, ZONE, int(NOW), ImportRequest(**request))
    return {one.description.name: one.description.tree for one in imported.schedules}


def test_defaults_are_left_out_and_what_differs_from_them_is_written() -> None:
    config = read_config({"defaults": {"team": "SRE", "notify": {"before": "30 min"}}})
    same = schedule("Same", team=10, notify=Notify(before=1800))
    nothing = schedule("Nothing")
    other = schedule("Other", team=11, notify=Notify(before=300))
    trees = of(config, same, nothing, other)
    assert set(trees["Same"]) == {"schedule", "layers"}
    assert (trees["Nothing"]["team"], trees["Nothing"]["notify"]) == ("none", "off")
    assert (trees["Other"]["team"], trees["Other"]["notify"]) == ("数据", {"before": "5 min"})


def test_a_description_by_default_is_emptied() -> None:
    config = read_config({"defaults": {"description": "Ours"}})
    trees = of(config, schedule("A", description="Ours"), schedule("B"))
    assert "description" not in trees["A"]
    assert trees["B"]["description"] == ""


@pytest.mark.parametrize(
    ("allowed", "variable"),
    [
        (["DING*"], "DINGTALK_OPS_TOKEN"),
        (["FLASHSYNC_*"], "FLASHSYNC_DINGTALK_OPS_TOKEN"),
        (["ONLY_THIS"], None),
    ],
)
def test_variables_are_those_that_the_settings_allow(
    allowed: list[str], variable: str | None
) -> None:
    config = read_config({"secrets": {"env": allowed}})
    (tree,) = of(config, schedule("Prod", notify=hook("ops", "t"))).values()
    if variable is None:
        assert tree["ignore"] == ["notify"]
    else:
        assert tree["notify"]["chats"][0]["token"] == {"env": variable}


def test_an_id_is_pinned_below_the_name() -> None:
    tree = of(Config(), schedule("Prod"), pin=True, ignore=["notify"])["Prod"]
    assert list(tree)[:3] == ["schedule", "id", "ignore"]
    assert tree["id"] == "1"


def test_two_schedules_of_one_name_are_not_both_declared() -> None:
    live = [schedule("Caf\u00e9"), schedule("Cafe\u0301")]
    imported = import_files(live, DIRECTORY, Config(), ZONE, int(NOW))
    assert len(imported.schedules) == 1
    ((name, why),) = imported.left_alone
    assert (name, why.reason) == ("Cafe\u0301", "another schedule has the same name")


def test_a_start_off_the_half_hour_has_a_comment() -> None:
    odd = replace(schedule("Odd").layers[0], start=utc("2026-01-05T02:00") + 7)
    (found,) = import_files(
        [Schedule("Odd", layers=(odd,), id=1)], DIRECTORY, Config(), ZONE, int(NOW)
    ).schedules
    assert list(found.description.comments) == [("layers", 0, "start")]


def test_odd_overrides_of_the_console_do_not_stop_an_import() -> None:
    start, end = int(NOW) + 3600, int(NOW) + 7200
    covers = (
        Override("", start, end, frozenset({Member(2)})),
        Override("Nobody", start, end, frozenset()),
        Override("Long " * 9, start, end, frozenset({Member(1)})),
    )
    tree = of(Config(), schedule("Prod", overrides=covers), overrides=True)["Prod"]
    assert [one["override"] for one in tree["overrides"]] == [
        "Override",
        "Long Long Long Long Long Lon",
    ]


def test_what_the_defaults_leave_to_the_console_is_not_written() -> None:
    config = read_config({"defaults": {"ignore": ["notify"]}})
    trees = of(config, schedule("Prod", notify=Notify(before=1800)))
    assert set(trees["Prod"]) == {"schedule", "layers"}
    trees = of(config, schedule("Prod", team=404, notify=Notify(before=1800)))
    assert trees["Prod"]["ignore"] == ["team", "notify"]
