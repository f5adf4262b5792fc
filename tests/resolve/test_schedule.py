"""Documents to desired schedules: instants, people, and all that is wrong at once."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flashsync.declared.config import Defaults
from flashsync.declared.parse import read_config
from flashsync.errors import Level, Position
from flashsync.model.desired import AtMost, Covered, Desired, OnCall, Rollout, RolloutKind
from flashsync.model.notify import By, Notify, Secret, SecretReference
from flashsync.model.people import Directory, MemberStatus, Person, Role, Team
from flashsync.model.schedule import BACKUP, Group, Member, Override, Unit
from flashsync.model.timezone import DAY
from flashsync.resolve.names import AccountNames
from flashsync.resolve.schedule import ResolveContext, resolve
from tests.declared.helpers import document, layer, schedule

SOURCE = Position("a.yaml", 2)
DIRECTORY = Directory(
    people={
        1: Person(1, "Alice Wu", "alice@example.com"),
        2: Person(2, "Bob", "bob@example.com"),
        3: Person(3, "Kim", "kim@example.com", MemberStatus.PENDING),
        4: Person(4, "Gone", "gone@example.com", MemberStatus.DELETED),
    },
    teams={7: Team(7, "SRE"), 8: Team(8, "Payments")},
    roles={5: Role(5, "shadow")},
)
SHORT = read_config({"people": {"alice": "alice@example.com", "bob": "2"}}).people


def context(
    timezone: str = "Asia/Shanghai", forced: Rollout | None = None, **defaults: Any
) -> ResolveContext:
    given = read_config({"defaults": defaults}).defaults
    return ResolveContext(
        AccountNames(DIRECTORY, SHORT),
        timezone,
        given,
        forced,
        lambda reference: {"TOKEN": "hush"}.get(reference.name),
    )


def desired(given: ResolveContext | None = None, **keys: Any) -> Desired:
    found, findings = resolve(schedule(**keys), SOURCE, given or context())
    assert findings == []
    assert found is not None
    return found


def said(given: ResolveContext | None = None, **keys: Any) -> list[tuple[Any, str]]:
    found, findings = resolve(schedule(**keys), SOURCE, given or context())
    assert found is None
    return [(one.path, f"{one.message}; {one.remedy}") for one in findings]


def test_a_schedule_and_all_that_it_leaves_out() -> None:
    found = desired()
    assert (found.name, found.source, found.renamed_from, found.absent) == (
        "Production",
        SOURCE,
        None,
        False,
    )
    one = found.schedule
    assert (one.id, one.description, one.team, one.overrides, one.notify) == (
        None,
        "",
        0,
        (),
        Notify(),
    )
    first = one.layers[0]
    assert (first.start, first.end, first.handoff) == (1_767_578_400, None, None)
    assert first.groups == (Group(frozenset({Member(1)})), Group(frozenset({Member(2)})))
    assert found.rollout == Rollout()
    assert [intent.rollout for intent in found.intents] == [Rollout()]


def test_defaults_fill_missing_keys() -> None:
    given = context(
        team="SRE", description="ours", rollout="exact", notify={"before": "5 min", "by": "sms"}
    )
    found = desired(given)
    assert (found.schedule.team, found.schedule.description) == (7, "ours")
    assert found.rollout.exact
    assert found.schedule.notify == Notify(before=300, by=By(channels=frozenset({"sms"})))
    own = desired(given, team="none", description="", notify="off", rollout="now")
    assert (own.schedule.team, own.schedule.description) == (0, "")
    assert own.schedule.notify == Notify()
    assert own.rollout.kind is RolloutKind.NOW


def test_the_nearest_rollout_counts_and_the_command_line_before_all() -> None:
    layers = [layer(), layer(layer="Night", fair="true", rollout="2026-01-05 10:00")]
    found = desired(rollout="now", layers=layers)
    at = Rollout(RolloutKind.AT, 1_767_578_400)
    assert [one.rollout for one in found.intents] == [Rollout(RolloutKind.NOW), at]
    exact = Rollout(RolloutKind.EXACT)
    found = desired(context(forced=exact), rollout="now", layers=layers)
    assert [one.rollout for one in found.intents] == [exact, exact]
    assert found.rollout == exact


def test_people_with_roles_names_and_cover() -> None:
    groups = [
        {
            "group": "Crew",
            "members": [
                "alice",
                {"person": "Bob", "role": "shadow"},
                {"person": {"id": "3"}, "role": "backup"},
            ],
        }
    ]
    cover = {
        "override": "Away",
        "from": "2026-12-01 00:00",
        "to": "2026-12-03 00:00 +00:00",
        "people": ["bob", "alice"],
    }
    found, findings = resolve(
        schedule(layers=[layer(groups=groups)], overrides=[cover]), SOURCE, context()
    )
    assert findings == []
    assert found is not None
    members = frozenset({Member(1), Member(2, 5), Member(3, 1)})
    assert found.schedule.layers[0].groups == (Group(members, "Crew"),)
    assert found.schedule.overrides == (
        Override(
            "Away [flashsync]", 1_796_054_400, 1_796_256_000, frozenset({Member(1), Member(2)})
        ),
    )


def test_chats_with_secrets_that_are_there_and_that_are_not() -> None:
    chat = {
        "type": "slack",
        "alias": "ops",
        "chat_ids": ["a"],
        "data_source_id": "5",
        "token": {"env": "TOKEN"},
        "sign_secret": {"file": "/x"},
    }
    found = desired(
        notify={"by": "preference", "daily_at": "8:00", "chats": [chat, {"type": "zoom"}]}
    ).schedule.notify
    assert (found.by, found.daily_at) == (By(preference=True), "08:00")
    hook, other = found.webhooks
    assert (hook.type, hook.alias, hook.data_source, hook.chats) == (
        "slack",
        "ops",
        5,
        frozenset({"a"}),
    )
    assert (hook.token, hook.verify_token, hook.sign_secret) == (Secret("hush"), None, Secret(None))
    assert hook.sign_secret is not None
    assert hook.sign_secret.reference == SecretReference("file", "/x")
    assert (other.alias, other.data_source, other.chats) == ("", 0, frozenset())


def test_an_absent_schedule_asks_for_nothing_but_its_end() -> None:
    found = desired(
        absent="true",
        id="5",
        renamed_from="Old",
        team="Nowhere",
        layers=[layer(groups=["gone@example.com"])],
    )
    assert (found.absent, found.schedule.id, found.renamed_from) == (True, 5, "Old")
    assert found.schedule.layers == ()


@pytest.mark.parametrize(
    ("keys", "path", "text"),
    [
        ({"groups": ["alcie"]}, ("groups", 0, "members", 0, "person"), "nobody in the account is `alcie`; did you mean alice?"),
        ({"groups": [["gone@example.com"]]}, ("groups", 0, "members", 0, "person"), "`gone@example.com` has left the account; run `flashsync replace gone@example.com --with NAME`, or apply the rest with --only"),
        ({"groups": [["alice", "ALICE@example.com"]]}, ("groups", 0, "members", 1), "`ALICE@example.com` appears twice in one group; name each person once"),
        ({"groups": [{"person": "bob", "role": "lead"}]}, ("groups", 0, "members", 0, "role"), "the account has no role `lead`; known: backup, primary, shadow"),
        ({"end": "2026-01-05 10:00"}, ("end",), "the end is not after the start; write a later time"),
        ({"end": "2026-01-05 10:30 +09:00"}, ("end",), "the end is not after the start; write a later time"),
        ({"handoff": "mon 00:00"}, ("handoff",), "`handoff: mon 00:00` needs a `start` on a Monday at 00:00; move `start` there, or remove `handoff` to change turns at the time of `start`"),
        ({"handoff": "mon 00:00", "start": "2026-01-05 00:00", "rotation": "7 days", "days": "mon-fri"}, ("handoff",), "`handoff: mon 00:00` cannot be set with `7 days` and `days`; write `rotation: 1 week`, or remove `handoff` to count seven days of `days`"),
    ],
)  # fmt: skip
def test_one_problem_of_a_layer(keys: Any, path: Any, text: str) -> None:
    assert said(layers=[layer(**keys)]) == [(("layers", 0, *path), text)]


def test_a_handoff_on_monday_at_midnight_where_the_start_is() -> None:
    assert (
        desired(layers=[layer(handoff="mon 00:00", start="2026-01-05 00:00")])
        .schedule.layers[0]
        .handoff
        == 0
    )
    assert said(layers=[layer(handoff="mon 00:00", start="2026-01-05 00:00 +00:00")])


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ("2026-03-29 02:30", "Europe/Berlin skips 2026-03-29 02:30, when its clocks change; write a time before or after, or add an offset"),
        ("2026-10-25 02:30", "Europe/Berlin has 2026-10-25 02:30 twice, when its clocks change; write 2026-10-25 02:30 +02:00 or 2026-10-25 02:30 +01:00"),
    ],
)  # fmt: skip
def test_times_that_a_zone_skips_or_has_twice(start: str, text: str) -> None:
    berlin = context("Europe/Berlin")
    assert said(berlin, layers=[layer(start=start)]) == [(("layers", 0, "start"), text)]
    assert said(berlin, rollout=start) == [(("rollout",), text)]
    early = desired(berlin, layers=[layer(start=f"{start} +02:00")])
    late = desired(berlin, layers=[layer(start=f"{start} +01:00")])
    assert late.schedule.layers[0].start - early.schedule.layers[0].start == 3600


def test_everything_wrong_at_once() -> None:
    covers = [
        {
            "override": "A",
            "from": "2026-12-03 00:00",
            "to": "2026-12-01 00:00",
            "people": ["nobody", "bob", "2"],
        },
        {"override": "B", "from": "2026-12-01 00:00", "to": "2026-12-02 00:00", "people": ["bob"]},
        {"override": "C", "from": "2026-12-01 00:00", "to": "2026-12-02 00:00", "people": ["Bob"]},
    ]
    groups = ["x1", ["y2", "y2"]]
    assert [
        path for path, _ in said(team="SER", layers=[layer(groups=groups)], overrides=covers)
    ] == [
        ("layers", 0, "groups", 0, "members", 0, "person"),
        ("layers", 0, "groups", 1, "members", 0, "person"),
        ("layers", 0, "groups", 1, "members", 1, "person"),
        ("team",),
        ("overrides", 0, "people", 0),
        ("overrides", 0, "people", 2),
        ("overrides", 0, "to"),
        ("overrides", 2),
    ]


def test_layers_of_one_name_have_to_overlap() -> None:
    first = layer(end="2026-02-01 00:00")
    after = layer(start="2026-02-01 00:00")
    meanwhile = layer(start="2026-01-31 23:30")
    text = "a layer named `Primary` appears above and does not overlap; give it another name"
    assert said(layers=[first, after]) == [(("layers", 1, "layer"), text)]
    assert said(layers=[after, first]) == [(("layers", 1, "layer"), text)]
    assert said(layers=[first, meanwhile, after]) == [(("layers", 2, "layer"), text)]
    assert len(desired(layers=[first, meanwhile]).schedule.layers) == 2
    assert len(desired(layers=[meanwhile, first, layer(layer="Other")]).schedule.layers) == 3
    found, findings = resolve(schedule(layers=[layer(), layer()]), SOURCE, context())
    assert found is not None
    assert [finding.message for finding in findings] == ["duplicate of the layer above"]


def test_a_context_of_defaults_alone() -> None:
    found, _ = resolve(schedule(), SOURCE, ResolveContext(AccountNames(DIRECTORY, SHORT), "UTC"))
    assert found is not None
    assert found.schedule.layers[0].start == 1_767_607_200
    assert (
        ResolveContext(AccountNames(DIRECTORY, SHORT), "UTC").secrets(SecretReference("env", "X"))
        is None
    )
    assert ResolveContext(AccountNames(DIRECTORY, SHORT), "UTC").defaults == Defaults()
    assert document()["schedule"] == "Production"


# Expectations: ids, instants, and errors.

AT = "2026-12-25 10:00"
CHRISTMAS = 1_798_164_000
"""In Asia/Shanghai."""


def test_people_roles_and_times() -> None:
    found = desired(
        expect=[
            {"at": AT, "on_call": ["alice", "bob@example.com"]},
            {"at": AT, "any_of": ["alice"], "not": ["bob"], "role": "backup"},
            {"always": "covered", "from": AT, "to": "2026-12-26 10:00"},
            {"at_most": "7 days"},
        ]
    )
    assert found.expect == (
        OnCall(CHRISTMAS, frozenset({1, 2})),
        OnCall(CHRISTMAS, None, frozenset({1}), frozenset({2}), BACKUP),
        Covered(CHRISTMAS, CHRISTMAS + DAY),
        AtMost(7, Unit.DAY),
    )
    assert [one.place for one in found.expect] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("entry", "path", "text"),
    [
        ({"at": AT, "on_call": ["alise"]}, ("on_call", 0), "nobody in the account is `alise`; did you mean alice?"),
        ({"at": AT, "on_call": ["alice", "1"]}, ("on_call", 1), "`1` appears twice in one expectation; name each person once"),
        ({"at": AT, "any_of": ["alice"], "not": ["1"]}, ("not",), "somebody is in both `any_of` and `not`; remove them from one"),
        ({"at": AT, "on_call": ["bob"], "role": "boss"}, ("role",), "the account has no role `boss`; known: primary, backup, shadow"),
        ({"always": "covered", "from": AT, "to": AT}, ("to",), "the end is not after the start; write a later time"),
        ({"always": "covered", "from": AT, "to": "2027-12-27 10:00"}, ("to",), "the time from `from` to `to` is longer than a year; write at most 366 days"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant(entry: dict[str, Any], path: tuple[Any, ...], text: str) -> None:
    ((found, message),) = said(expect=[{"at_most": "1 day"}, entry])
    assert message.startswith(text.partition("; known")[0])
    assert found == ("expect", 1, *path)


def test_a_time_that_the_zone_skips() -> None:
    entry = {"at": "2026-03-29 02:30", "on_call": ["alice"]}
    ((path, message),) = said(context("Europe/Berlin"), expect=[entry])
    assert path == ("expect", 0, "at")
    assert message.startswith("Europe/Berlin skips 2026-03-29 02:30")


def test_what_says_the_same_is_a_slip() -> None:
    entries = [{"at": AT, "on_call": ["alice"]}, {"at": "2026-12-25 02:00Z", "on_call": ["1"]}]
    assert said(expect=entries) == [
        (("expect", 1), "duplicate of an expectation above; remove one of them")
    ]


@pytest.mark.parametrize(
    ("given", "now", "paths"),
    [
        (AT, CHRISTMAS, [("rollout",)]),
        (AT, CHRISTMAS - 1, []),
        ("next_handoff", CHRISTMAS, []),
        (AT, None, []),
    ],
)
def test_a_rollout_that_is_past_is_a_warning(
    given: str, now: int | None, paths: list[tuple[str, ...]]
) -> None:
    found, findings = resolve(schedule(rollout=given), SOURCE, replace(context(), now=now))
    assert found is not None
    assert [one.path for one in findings] == paths
    for one in findings:
        assert one.level is Level.WARNING
        assert one.message == "this rollout is in the past, so `next_handoff` applies"


def test_the_past_rollout_of_a_layer_points_at_the_layer() -> None:
    layers = [layer(), layer(layer="B", fair="true", rollout=AT)]
    _, findings = resolve(schedule(layers=layers), SOURCE, replace(context(), now=CHRISTMAS))
    assert [one.path for one in findings] == [("layers", 1, "rollout")]
    unknown = replace(context(), now=CHRISTMAS, zone_known=False)
    assert resolve(schedule(layers=layers), SOURCE, unknown)[1] == []
