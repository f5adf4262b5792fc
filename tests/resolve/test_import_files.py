"""What an import writes: short names, variables for secrets, and names of files."""

from __future__ import annotations

from typing import Any

import pytest

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
    imported = import_files([schedule("Prod", 1, 2, 3, 4, 5, 6)], DIRECTORY, {}, ZONE, int(NOW))
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
    imported = import_files(live, DIRECTORY, {}, ZONE, int(NOW))
    assert [(one.variable, one.uses, one.value_known) for one in imported.secrets] == [
        (
            "DINGTALK_OPS_TOKEN",
            ("Prod: dingtalk ops, token", "Data: dingtalk data, token"),
            True,
        ),
        ("DINGTALK_OPS_TOKEN_2", ("Web: dingtalk ops, token",), True),
        ("DINGTALK_TOKEN", ("值班: dingtalk, token",), False),
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
    imported = import_files(live, DIRECTORY, {}, ZONE, int(NOW))
    ignored = {
        one.description.name: one.description.tree.get("ignore") for one in imported.schedules
    }
    assert ignored == {"Odd chat": ["notify"], "Odd team": ["team"], "Long": ["description"]}
    assert [name for name, _ in imported.left_alone] == ["Stranger", "Nobody", "No layers"]


def test_overrides_of_the_console_are_taken_in_only_when_asked() -> None:
    cover = Override("Swap", int(NOW) + 3600, int(NOW) + 7200, frozenset({Member(2)}))
    live = [schedule("Prod", overrides=(cover,))]
    without = import_files(live, DIRECTORY, {}, ZONE, int(NOW))
    assert "overrides" not in without.schedules[0].description.tree
    taken = import_files(live, DIRECTORY, {}, ZONE, int(NOW), ImportRequest(overrides=True))
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
