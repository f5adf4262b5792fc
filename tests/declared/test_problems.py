"""What is wrong with a document: each problem in one clear line, at its position."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from typing import Any

import pytest

from tests.declared.helpers import Wrong, document, layer, wrong, wrong_config, wrong_layer

PERSON = "write a name, {id: …}, {email: …} or {name: …}"
SECRET = "a secret must be a reference; write {env: NAME} or {file: PATH}"
LIST = "expected a list, found a text; write its entries as `- …` lines, or in [brackets]"
MAPPING = "expected a mapping, found a text; write `key: value` lines"
EMPTY = "the list is empty; add at least one entry"
NOBODY = "turn for nobody; the platform gives every turn to somebody; write who is on call then, or a stand-in member who is not paged"
LAYER_KEYS = "layer, rotation, start, groups, handoff, end, days, hours, continuous, fair, rollout, renamed_from, checks"


@pytest.mark.parametrize(
    ("keys", "path", "said", "at_key"),
    [
        # groups, and mappings by accident
        ({"groups": [{"alice": "backup"}]}, ("groups", 0), "expected a person, found the mapping `alice: backup`; write {person: alice, role: backup}, or alice alone", False),
        ({"groups": ["bob", ["carol", {"alice": "backup"}]]}, ("groups", 1, 1), "expected a person, found the mapping `alice: backup`; write {person: alice, role: backup}, or alice alone", False),
        ({"groups": [{"members": ["dave", {"role": "backup"}]}]}, ("groups", 0, "members", 1), "`role: backup` has no person; write {person: …, role: backup}", False),
        ({"groups": [{"role": ["x"]}]}, ("groups", 0), "`role: …` has no person; write {person: …, role: …}", False),
        ({"groups": [{"email": "a@b", "role": "backup"}]}, ("groups", 0), "`email` and `role` cannot be in one mapping; write {person: {email: …}, role: backup}", False),
        ({"groups": [{"alice": "backup", "bob": "primary"}]}, ("groups", 0), f"expected a person, found a mapping; {PERSON}", False),
        ({"groups": [{"alice": ["x"]}]}, ("groups", 0), f"expected a person, found a mapping; {PERSON}", False),
        ({"groups": ["alice", "bob", "none"]}, ("groups", 2), NOBODY, False),
        ({"groups": ["alice", ["none"]]}, ("groups", 1), NOBODY, False),
        ({"groups": ["alice", {"group": "Off", "members": ["none"]}]}, ("groups", 1), NOBODY, False),
        ({"groups": [{}]}, ("groups", 0), f"expected a person, found a mapping; {PERSON}", False),
        ({"groups": [{"person": {"role": "x"}}]}, ("groups", 0, "person"), f"expected a person, found a mapping; {PERSON}", False),
        ({"groups": [{"memebers": ["dave"]}]}, ("groups", 0, "memebers"), "unknown key `memebers`; did you mean `members`?", True),
        ({"groups": [{"person_ids": ["1"], "role_id": "0"}]}, ("groups", 0, "person_ids"), "unknown key `person_ids`; did you mean `members`?", True),
        ({"groups": [{"group_name": "A", "members": ["x"]}]}, ("groups", 0, "group_name"), "unknown key `group_name`; write `group`", True),
        ({"groups": [{"name": "A", "members": ["x"]}]}, ("groups", 0, "name"), "unknown key `name`; write `group`", True),
        ({"groups": [{"group": "A"}]}, ("groups", 0), "`members` is missing; add `members:`", False),
        ({"groups": [{"group": "x" * 41, "members": ["x"]}]}, ("groups", 0, "group"), f"`{'x' * 41}` has 41 characters; a group's name has at most 40", False),
        ({"groups": [{"members": "dave"}]}, ("groups", 0, "members"), LIST, False),
        ({"groups": [{"members": []}]}, ("groups", 0, "members"), EMPTY, False),
        ({"groups": [["bob", ["carol"]]]}, ("groups", 0, 1), "expected one value, found a list", False),
        ({"groups": [["bob", ""]]}, ("groups", 0, 1), "a person must not be empty", False),
        ({"groups": [[]]}, ("groups", 0), EMPTY, False),
        ({"groups": []}, ("groups",), EMPTY, False),
        ({"groups": "alice"}, ("groups",), LIST, False),
        ({"groups": {"alice": "x"}}, ("groups",), LIST.replace("a text", "a mapping"), False),
        ({"groups": [{"id": "abc"}]}, ("groups", 0), "expected a whole number, got `abc`; use a value like 5", False),
        ({"groups": [{"email": "abc"}]}, ("groups", 0), "expected an e-mail address, got `abc`; write an address or {name: …}", False),
        ({"groups": [{"person": "a", "role": ""}]}, ("groups", 0, "role"), "a role must not be empty", False),
        ({"groups": [{"person": "a", "rolle": "x"}]}, ("groups", 0, "rolle"), "unknown key `rolle`; did you mean `role`?", True),
        # keys
        ({"day_mask": "x"}, ("day_mask",), "unknown key `day_mask`; write `days`", True),
        ({"restrict_periods": "x"}, ("restrict_periods",), "unknown key `restrict_periods`; write `hours`", True),
        ({"rotation_unit": "x"}, ("rotation_unit",), "unknown key `rotation_unit`; write `rotation`", True),
        ({"from": "x"}, ("from",), "unknown key `from`; write `start`", True),
        ({"Handoff": "mon 10:00"}, ("Handoff",), "unknown key `Handoff`; did you mean `handoff`?", True),
        ({"hours：": "09:00-18:00"}, ("hours：",), "unknown key `hours：`; did you mean `hours`?", True),
        ({"zz": "x"}, ("zz",), f"unknown key `zz`; known here: {LAYER_KEYS}", True),
        ({"start": None}, (), "`start` is missing; add `start:`", False),
        # values
        ({"layer": "值" * 41}, ("layer",), f"`{'值' * 41}` has 41 characters; a layer's name has at most 40", False),
        ({"rotation": ["1 week"]}, ("rotation",), "expected one value, found a list", False),
        ({"start": {"at": "x"}}, ("start",), "expected one value, found a mapping", False),
        ({"hours": ["09:00-18:00", "late"]}, ("hours", 1), "expected a window of hours, got `late`; use a value like 09:00-18:00 or mon-fri 09:00-18:00", False),
        ({"hours": ["09:00-18:00", "mon 09:00-18:00"]}, ("hours",), "`hours` mixes daily and weekly windows; name the days in each, or in none", False),
        ({"hours": "late"}, ("hours",), "expected a window of hours, got `late`; use a value like 09:00-18:00 or mon-fri 09:00-18:00", False),
        ({"hours": []}, ("hours",), "`hours` is empty; add a window like 09:00-18:00 or remove the key", False),
        ({"days": ["mon", ["tue"]]}, ("days",), "expected one value, found a list", False),
        ({"days": ["mon", "moon"]}, ("days", 1), "expected a day or a range of days, got `moon`; use a value like mon-fri or [sat, sun]", False),
        # rules between keys
        ({"rotation": "1 day", "handoff": "mon 10:00"}, ("handoff",), "`handoff` works only with `rotation: 1 week`; for others set the time of `start`", True),
        ({"hours": "mon 09:00-18:00", "days": "mon"}, ("hours",), "weekly `hours` cannot be used with `days`; name the days in `hours`, as in mon-fri 09:00-18:00, and remove `days`", False),
        ({"continuous": "false"}, ("continuous",), "`continuous` works only with `days`; remove it or add `days`", True),
    ],
)  # fmt: skip
def test_one_problem_of_a_layer(keys: Any, path: Any, said: str, at_key: bool) -> None:
    assert wrong_layer(**keys) == [Wrong(path, said, at_key)]


@pytest.mark.parametrize(
    ("keys", "path", "said", "at_key"),
    [
        ({"schedule": None}, (), "`schedule` is missing; add `schedule:`", False),
        ({"schedule": "x" * 41}, ("schedule",), f"`{'x' * 41}` has 41 characters; a schedule's name has at most 40", False),
        ({"schedule": "é" * 41}, ("schedule",), f"`{'é' * 41}` has 41 characters; a schedule's name has at most 40", False),
        ({"layers": None}, (), "`layers` is missing; add `layers:`, or `absent: true` to delete the schedule", False),
        ({"layers": []}, ("layers",), EMPTY, False),
        ({"layers": {"layer": "x"}}, ("layers",), LIST.replace("a text", "a mapping"), False),
        ({"layers": ["x"]}, ("layers", 0), MAPPING, False),
        ({"timezone": "UTC"}, ("timezone",), "unknown key `timezone`; remove it, schedules use the account's zone", True),
        ({"layer": "x"}, ("layer",), "unknown key `layer`; did you mean `layers`?", True),
        ({"team_id": "5"}, ("team_id",), "unknown key `team_id`; write `team`", True),
        ({"absent": "yes"}, ("absent",), "expected true or false, got `yes`", False),
        ({"notify": "on"}, ("notify",), "expected `off` or a mapping, got `on`", False),
        ({"notify": ["x"]}, ("notify",), MAPPING.replace("a text", "a list"), False),
        ({"notify": {"webhooks": []}}, ("notify", "webhooks"), "unknown key `webhooks`; write `chats`", True),
        ({"notify": {"by": []}}, ("notify", "by"), "the list of channels is empty; name a channel or remove `by`", False),
        ({"notify": {"by": ["sms", "fax"]}}, ("notify", "by", 1), "unknown personal channel `fax`; use email, sms, phone, feishu_app:…, dingtalk_app:…, wecom_app:…, slack_app:… or teams_app:…", False),
        ({"notify": {"by": "feishu_app：1"}}, ("notify", "by"), "`feishu_app：1` has full-width characters; write feishu_app:1", False),
        ({"notify": {"chats": [{}]}}, ("notify", "chats", 0), "`type` is missing; add `type:`", False),
        ({"notify": {"chats": [{"type": "dingtak"}]}}, ("notify", "chats", 0, "type"), "unknown chat type `dingtak`; did you mean dingtalk?", False),
        ({"notify": {"chats": [{"type": "x"}]}}, ("notify", "chats", 0, "type"), "unknown chat type `x`; use one of feishu_app, dingtalk_app, slack_app, wecom_app, teams_app, feishu, dingtalk, wecom, slack, telegram, zoom", False),
        ({"notify": {"chats": [{"type": "slack", "token": "hush"}]}}, ("notify", "chats", 0, "token"), SECRET, False),
        ({"notify": {"chats": [{"type": "slack", "token": "${TOKEN}"}]}}, ("notify", "chats", 0, "token"), "a secret must be a reference; write {env: TOKEN} or {file: PATH}", False),
        ({"notify": {"chats": [{"type": "slack", "token": {"env": "$TOKEN"}}]}}, ("notify", "chats", 0, "token"), "`env` takes the name of a variable without `$`; write {env: TOKEN}", False),
        ({"notify": {"chats": [{"type": "slack", "token": {"envv": "X"}}]}}, ("notify", "chats", 0, "token"), "not a reference to a secret; write {env: NAME} or {file: PATH}", False),
        ({"notify": {"chats": [{"type": "slack", "token": ["hush"]}]}}, ("notify", "chats", 0, "token"), "not a reference to a secret; write {env: NAME} or {file: PATH}", False),
        ({"notify": {"chats": [{"type": "slack", "token": {"env": ""}}]}}, ("notify", "chats", 0, "token"), "a reference must not be empty", False),
        ({"overrides": [{"override": "x" * 29, "from": "2026-01-01 00:00", "to": "2026-01-02 00:00", "people": ["a"]}]}, ("overrides", 0, "override"), f"`{'x' * 29}` has 29 characters; an override's name has at most 28", False),
        ({"overrides": [{"override": "x [flashsync]", "from": "2026-01-01 00:00", "to": "2026-01-02 00:00", "people": ["a"]}]}, ("overrides", 0, "override"), "the name ends in [flashsync], which flashsync adds itself; remove it", False),
        ({"overrides": [{"override": "x", "from": "2026-01-01 00:00", "to": "2026-01-02 00:00", "people": []}]}, ("overrides", 0, "people"), EMPTY, False),
        ({"overrides": [{"override": "x", "from": "2026-01-01 00:00", "to": "2026-01-02 00:00", "people": "a"}]}, ("overrides", 0, "people"), LIST, False),
        ({"overrides": [{"override": "x", "from": "2026-01-01 00:00", "to": "2026-01-02 00:00", "people": ["a", {"person": "b"}]}]}, ("overrides", 0, "people", 1), f"expected a person, found a mapping; {PERSON}", False),
        ({"overrides": [{"override": "x", "from": "2026-01-01 00:00", "to": "2026-01-02 00:00", "people": ["a", {"person": "b", "role": "backup"}]}]}, ("overrides", 0, "people", 1), "a person has a role only in the groups of a layer; write b alone", False),
    ],
)  # fmt: skip
def test_one_problem_of_a_schedule(keys: Any, path: Any, said: str, at_key: bool) -> None:
    assert wrong(document(**keys)) == [Wrong(path, said, at_key)]


def test_words_for_the_ends_of_cover() -> None:
    cover = {"override": "x", "start": "2026-01-01 00:00", "end": "2026-01-02 00:00"}
    assert {one.text for one in wrong(document(overrides=[{**cover, "members": ["a"]}]))} == {
        "`people` is missing; add `people:`",
        "unknown key `start`; write `from`",
        "unknown key `end`; write `to`",
        "unknown key `members`; write `people`",
    }


def test_all_problems_of_a_document_at_once_also_between_keys() -> None:
    tree = document(
        schedule="",
        layers=[
            layer(rotation="1 day", handoff="mon 10:00"),
            layer(start="soon", handoff="x"),
            layer(continuous="true", groups=["a", "", ["b", ""]]),
            layer(continuous="true"),
            "x",
        ],
    )
    assert [one.path for one in wrong(tree)] == [
        ("schedule",),
        ("layers", 1, "start"),
        ("layers", 1, "handoff"),
        ("layers", 2, "groups", 1),
        ("layers", 2, "groups", 2, 1),
        ("layers", 4),
        ("layers", 0, "handoff"),
        ("layers", 3, "continuous"),
    ]


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ([], "expected a mapping (`schedule: …`), found a list"),
        ("x", "expected a mapping (`schedule: …`), found a text"),
    ],
)  # fmt: skip
def test_a_document_that_is_not_a_mapping(tree: Any, said: str) -> None:
    assert wrong(tree) == [Wrong((), said)]


@pytest.mark.parametrize(
    ("keys", "path", "said", "at_key"),
    [
        ({"version": "2"}, ("version",), "unsupported version `2`; write 1", False),
        ({"timezone": "CST"}, ("timezone",), "unknown IANA time zone `CST`; use a name like Asia/Shanghai", False),
        ({"time_zone": "UTC"}, ("time_zone",), "unknown key `time_zone`; write `timezone`", True),
        ({"people": {"123": "a"}}, ("people", "123"), "`123` cannot be a short name because it looks like an id; choose another name", True),
        ({"people": {"a@b": "a"}}, ("people", "a@b"), "`a@b` cannot be a short name because it looks like an address; choose another name", True),
        ({"people": {"bob\u200b": "a"}}, ("people", "bob\u200b"), "invisible character U+200B in `bob�`; remove it", True),
        ({"people": {"": "a"}}, ("people", ""), "a short name must not be empty", True),
        ({"people": {"bob": {"mail": "x"}}}, ("people", "bob", "mail"), "unknown key `mail`; did you mean `email`?", True),
        ({"people": {"bob": ["x"]}}, ("people", "bob"), "expected one value, found a list", False),
        ({"people": ["bob"]}, ("people",), MAPPING.replace("a text", "a list"), False),
        ({"defaults": {"tem": "x"}}, ("defaults", "tem"), "unknown key `tem`; did you mean `team`?", True),
        ({"defaults": {"notify": {"chats": [{"type": "slack", "id": "x"}]}}}, ("defaults", "notify", "chats", 0, "id"), "unknown key `id`; known here: type, alias, data_source_id, chat_ids, token, verify_token, sign_secret", True),
        ({"manage": {"teams": []}}, ("manage", "teams"), "the list is empty; add an entry or remove the key", False),
        ({"manage": {"names": ["a", ""]}}, ("manage", "names", 1), "a text must not be empty", False),
        ({"manage": "x"}, ("manage",), MAPPING, False),
        ({"safety": {"max_deletes": "-1"}}, ("safety", "max_deletes"), "must be 0 or more, got -1", False),
        ({"safety": {"max_change_percent": "101"}}, ("safety", "max_change_percent"), "must be 0 to 100, got `101`", False),
        ({"checks": {"coverage": "error"}}, ("checks", "coverage"), "unknown check `coverage`; did you mean coverage_gap?", True),
        ({"checks": {"coverage_gap": "warning"}}, ("checks", "coverage_gap"), "unknown level `warning`; did you mean warn?", False),
        ({"checks": {"short_notice": {"level": "warn", "whitin": "1h"}}}, ("checks", "short_notice", "whitin"), "unknown key `whitin`; did you mean `within`?", True),
        ({"checks": ["x"]}, ("checks",), MAPPING.replace("a text", "a list"), False),
        ({"schedules": {"a": "b"}}, ("schedules",), "expected one value, found a mapping", False),
    ],
)  # fmt: skip
def test_one_problem_of_a_configuration(keys: Any, path: Any, said: str, at_key: bool) -> None:
    assert wrong_config(**keys) == [Wrong(path, said, at_key)]


def test_no_message_shows_a_secret_of_a_file() -> None:
    chats = [
        {"type": "slack", key: secret}
        for key in ("token", "verify_token", "sign_secret")
        for secret in ("hush", ["hush"], {"hush": "hush"}, {"env": "a", "file": "hush"})
    ]
    found = wrong(document(notify={"chats": chats}))
    assert len(found) == len(chats)
    assert "hush" not in repr(found)
