"""An editor with the JSON Schema marks what `validate` refuses by form alone, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from flashsync.declared.jsonschema import config_schema, schedule_schema
from tests.cli.console import Terminal

SCHEDULES = Draft202012Validator(schedule_schema())
SETTINGS = Draft202012Validator(config_schema())


class EditorConstructor(SafeConstructor):
    """Reads as YAML 1.2 does, which has no type for times."""


EditorConstructor.add_constructor(
    "tag:yaml.org,2002:timestamp", lambda constructor, node: constructor.construct_scalar(node)
)


def as_an_editor(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = EditorConstructor
    return _with_text_keys(yaml.load(text))


def _with_text_keys(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(key): _with_text_keys(part) for key, part in tree.items()}
    return [_with_text_keys(part) for part in tree] if isinstance(tree, list) else tree


def schedule(*lines: str, layer: str = "", name: str = "Production") -> str:
    """A schedule document with these lines, and these keys in its layer."""
    keys = {"layer": "layer: Primary", "rotation": "rotation: 1 week"}
    keys |= {"start": "start: 2026-01-05 10:00", "groups": "groups: [alice, bob]"}
    for key in filter(None, layer.split("\n")):
        keys[key.partition(":")[0]] = key
    body = "\n    ".join(keys.values())
    return "\n".join([f"schedule: {name}", "layers:", f"  - {body}", *lines, ""])


def override(**keys: str) -> str:
    whole = {"override": "Trip", "from": "2026-12-01 00:00", "to": "2026-12-03 00:00"}
    whole |= {"people": "[bob]"} | {key.rstrip("_"): value for key, value in keys.items()}
    entry = "\n    ".join(f"{key}: {value}" for key, value in whole.items())
    return schedule("overrides:", f"  - {entry}")


def chat(keys: str) -> str:
    return schedule(f"notify: {{before: 5 min, chats: [{{type: dingtalk, {keys}}}]}}")


WRONG: dict[str, str] = {
    "no name": schedule(name="''"),
    "only spaces": schedule(name="'  '"),
    "41 characters": schedule(name="x" * 41),
    "a line break": schedule(name='"a\\nb"'),
    "a bell": schedule(name='"a\\ab"'),
    "a list for a name": schedule(name="[a]"),
    "no layers": "schedule: A\n",
    "not absent, and no layers": "schedule: A\nabsent: false\n",
    "absent by yes": "schedule: A\nabsent: yes\n",
    "an id that is a name": schedule("id: abc"),
    "a negative id": schedule("id: -5"),
    "an id with a fraction": schedule("id: 1.5"),
    "an id that is too large": schedule("id: 9223372036854775808"),
    "a long description": schedule(f"description: {'x' * 501}"),
    "a bell in the description": schedule('description: "a\\ab"'),
    "an empty team": schedule("team: ''"),
    "an unknown rollout": schedule("rollout: later"),
    "a rollout at 10:10": schedule("rollout: 2026-12-01 10:10"),
    "an unknown key": schedule("teams: SRE"),
    "a layer's long name": schedule(layer=f"layer: {'x' * 41}"),
    "fortnightly": schedule(layer="rotation: fortnightly"),
    "31 days": schedule(layer="rotation: 31 days"),
    "0 hours": schedule(layer="rotation: 0 hours"),
    "a number alone": schedule(layer="rotation: 7"),
    "years": schedule(layer="rotation: 1 year"),
    "a date without a time": schedule(layer="start: 2026-01-05"),
    "month 13": schedule(layer="start: 2026-13-05 10:00"),
    "31 April": schedule(layer="start: 2026-04-31 10:00"),
    "hour 24": schedule(layer="start: 2026-01-05 24:00"),
    "minute 60": schedule(layer="start: 2026-01-05 10:60"),
    "a time of day alone": schedule(layer="start: '10:00'"),
    "an impossible offset": schedule(layer="start: 2026-01-05 10:00 +15:00"),
    "another order of the date": schedule(layer="start: 05/01/2026 10:00"),
    "the year 1960": schedule(layer="start: 1960-01-05 10:00"),
    "an `end` of words": schedule(layer="end: never"),
    "a day for a handoff": schedule(layer="handoff: mon"),
    "a handoff at 24:00": schedule(layer="handoff: mon 24:00"),
    "a handoff in Chinese": schedule(layer="handoff: 周一 10:00"),
    "a handoff every day": schedule(layer="rotation: 1 day\nhandoff: mon 10:00"),
    "a handoff every two weeks": schedule(layer="rotation: 2 weeks\nhandoff: mon 10:00"),
    "an unknown day": schedule(layer="days: weekdays"),
    "a number for a day": schedule(layer="days: [1, 2]"),
    "an empty list of days": schedule(layer="days: []"),
    "hours in words": schedule(layer="hours: office hours"),
    "hours to 25:00": schedule(layer="hours: 09:00-25:00"),
    "hours of nothing": schedule(layer="hours: 09:00-09:00"),
    "daily and weekly hours": schedule(layer="hours: [09:00-18:00, mon 09:00-18:00]"),
    "weekly hours with days": schedule(layer="days: mon-fri\nhours: mon-fri 09:00-18:00"),
    "full-width colons": schedule(layer="hours: 09：00-18：00"),
    "continuous without days": schedule(layer="continuous: true"),
    "continuous by a number": schedule(layer="days: mon\ncontinuous: 1"),
    "nobody": schedule(layer="groups: []"),
    "a group of nobody": schedule(layer="groups: [[]]"),
    "an empty person": schedule(layer="groups: ['']"),
    "two people in one name": schedule(layer="groups: [alice，bob]"),
    "an enumeration comma": schedule(layer="groups: [alice、bob]"),
    "an invisible character": schedule(layer='groups: ["alice\\u200b"]'),
    "a person twice": schedule(layer="groups: [[alice, alice]]"),
    "an id in words": schedule(layer="groups: [{id: abc}]"),
    "an address without @": schedule(layer="groups: [{email: abc}]"),
    "a role alone": schedule(layer="groups: [{role: backup}]"),
    "an invisible character in a role": schedule(
        layer='groups: [{person: alice, role: "backup\\u200b"}]'
    ),
    "an empty role": schedule(layer="groups: [{person: alice, role: ''}]"),
    "a group's long name": schedule(layer=f"groups: [{{group: {'x' * 41}, members: [a]}}]"),
    "an override's long name": override(override="x" * 29),
    "an override with the mark": override(override="'Trip [flashsync]'"),
    "an override from a date": override(from_="2026-12-01"),
    "an override of nobody": override(people="[]"),
    "an override of somebody twice": override(people="[bob, bob]"),
    "people that are no list": override(people="bob"),
    "3 minutes before": schedule("notify: {before: 3 min}"),
    "before without a unit": schedule("notify: {before: 30}"),
    "half past 25": schedule("notify: {daily_at: '25:30'}"),
    "nobody knows this channel": schedule("notify: {by: [pager]}"),
    "notify: on": schedule("notify: on"),
    "an unknown chat": schedule("notify: {chats: [{type: irc}]}"),
    "a secret in the file": chat("token: hush"),
    "a variable with $": chat("token: {env: $DING_TOKEN}"),
    "the APP key": chat("token: {env: FLASHDUTY_APP_KEY}"),
    "a relative path": chat("token: {file: secrets/ding}"),
    "a file of the system": chat("token: {file: /proc/self/environ}"),
    "an integration in words": chat("data_source_id: feishu"),
    "an empty alias": chat("alias: ''"),
    "an expectation at no time": schedule("expect: [{at: noon, on_call: [alice]}]"),
    "an expectation of nobody": schedule("expect: [{at: 2026-12-01 10:00}]"),
    "an empty expectation": schedule("expect: [{}]"),
    "at most 0 days": schedule("expect: [{at_most: 0 days}]"),
    "at most some minutes": schedule("expect: [{at_most: 90 min}]"),
    "covered until then": schedule("expect: [{always: covered, to: 2026-12-01 10:00}]"),
}

RIGHT: dict[str, str] = {
    "a number for a name": schedule(name="2026"),
    "on for a name": schedule(name="on"),
    "a wide name": schedule(name="值" * 40),
    "a block": "schedule: |\n  Production\nabsent: true\n",
    "absent as text": "schedule: A\nabsent: 'true'\n",
    "absent with layers": schedule("absent: false"),
    "an id": schedule("id: 5789640530410"),
    "an id as text": schedule("id: '5789640530410'"),
    "a description of 500": "description: |\n  " + "x" * 500 + "\n" + schedule(),
    "an empty description": schedule("description: ''"),
    "lines and tabs": schedule('description: "a\\n\\tb"'),
    "a numeric team": schedule("team: 7"),
    "a rollout": schedule("rollout: next_handoff"),
    "a rollout on the half hour": schedule("rollout: 2026-12-01 10:30"),
    "other cases of words": schedule(layer="rotation: 1  Week\nhandoff: Monday 9:30"),
    "weekly": schedule(layer="rotation: weekly\nhandoff: SUN 00:30"),
    "7 days": schedule(layer="rotation: 7 days\nhandoff: tue 10:00"),
    "a flag in capitals": schedule(layer="fair: 'TRUE'"),
    "12hours": schedule(layer="rotation: 12hours"),
    "a month": schedule(layer="rotation: monthly\nstart: 2028-02-29T00:00:30Z"),
    "an offset": schedule(layer="start: 2026-01-05 10:00 +08:00"),
    "days over Sunday": schedule(layer="days: [Sat - Mon, wed]\ncontinuous: 'true'"),
    "hours over midnight": schedule(layer="hours: 18:00-9:00"),
    "hours to 24:00": schedule(layer="days: mon\nhours: [00:00 - 12:00, 13:00-24:00]"),
    "hours of the week": schedule(layer="hours: [mon-fri 09:00-18:00, sat 09:00 - sun 18:00]"),
    "an unusual person": schedule(layer="groups: [5, [{name: 'Wu，Dave'}, a@b.c], 'O''Neil, J.']"),
    "a group with a role": schedule(
        layer="groups: [{group: 1, members: [{person: {id: 5}, role: backup}, bob]}]"
    ),
    "a family": schedule(layer='groups: ["\\U0001f468\\u200d\\U0001f469", bob]'),
    "an override": override(override="x" * 28),
    "an hour before": schedule("notify: {before: 1h, daily_at: 8:00, by: preference}"),
    "at the start": schedule("notify: {before: 0 min, by: [email, 'feishu_app:x']}"),
    "notify: off": schedule("notify: off"),
    "a chat": chat("alias: 007, token: {env: DING_TOKEN}, sign_secret: {file: ~/ding}"),
    "expectations": schedule(
        "expect:",
        "  - {at: 2026-12-01 10:00, any_of: [alice, 5], not: [bob], role: primary}",
        "  - {always: covered, from: 2026-12-01 10:00, to: 2026-12-02 10:00}",
        "  - {at_most: 1 Week}",
    ),
}

WRONG_SETTINGS: dict[str, str] = {
    "another version": "version: 2",
    "an empty account": "account: ''",
    "a zone with spaces": "timezone: Central European Time",
    "an empty zone": "timezone: ''",
    "no globs": "schedules: []",
    "an empty glob": "schedules: ['']",
    "a short name like an id": "people: {'12': x}",
    "a short name like an address": "people: {a@b: x}",
    "an invisible short name": 'people: {"bob\\u200b": x}',
    "a person of nothing": "people: {bob: ''}",
    "an unknown default": "defaults: {layers: []}",
    "a default rollout": "defaults: {rollout: tomorrow}",
    "an empty team in scope": "manage: {teams: ['']}",
    "an invisible character in a name in scope": 'manage: {names: ["prod-*\\u200b"]}',
    "more than all": "safety: {max_change_percent: 101}",
    "more than all, as text": "safety: {max_change_percent: '101'}",
    "fewer than none": "safety: {max_deletes: -1}",
    "a share in words": "safety: {max_deletes: few}",
    "the key as a secret": "secrets: {env: ['FLASHDUTY_*']}",
    "a relative folder": "secrets: {files: [secrets]}",
    "a folder above": "secrets: {files: [/run/../etc]}",
    "an unknown check": "checks: {coverage: warn}",
    "an unknown level": "checks: {coverage_gap: warning}",
    "`within` for another check": "checks: {coverage_gap: {level: warn, within: 24h}}",
    "`within` without a unit": "checks: {short_notice: {level: warn, within: 24}}",
    "`within` of weeks": "checks: {short_notice: {level: warn, within: 1 week}}",
    "an acceptance without a reason": "accept: [{schedule: A, until: 2026-12-01 10:00}]",
    "an acceptance until a date": "accept: [{schedule: A, reason: x, until: 2026-12-01}]",
    "a field that is none": (
        "accept: [{schedule: A, field: grops, reason: x, until: 2026-12-01 10:00}]"
    ),
}

RIGHT_SETTINGS: dict[str, str] = {
    "everything": """\
version: 1
account: 5
timezone: America/Argentina/Buenos_Aires
schedules: "schedules/*.yaml"
people: {alice: alice@example.com, Bob M.: {id: 5}, 小明: 5}
defaults: {team: none, rollout: now, notify: off}
manage: {teams: SRE, names: ["prod-*"]}
safety: {max_deletes: "0", max_change_percent: 100}
secrets: {env: "FLASHSYNC_*", files: [/run/secrets, ~/x]}
checks: {coverage_gap: error, single_person: off, short_notice: {level: warn, within: 24h}}
accept:
  - {schedule: "prod-*", field: "layers[Primary].groups", reason: x, until: 2026-12-01 10:00}
  - {schedule: A, field: "notify.chats[slack, ops]", reason: x, until: 2026-12-01 10:00 Z}
  - {schedule: A, field: description, reason: x, until: 2026-12-01 10:00}
""",
    "another zone": "timezone: Etc/GMT+8",
    "one word": "timezone: UTC",
}


def test_wrong_files_are_refused_by_both(terminal: Terminal) -> None:
    for number, content in enumerate(WRONG.values()):
        terminal.write(f"schedules/{number}.yaml", content)
    errors = terminal("validate", "--format", "json").json["errors"]
    refused = {one["file"] for one in errors if "already declared" not in one["message"]}
    names = {f"schedules/{number}.yaml": name for number, name in enumerate(WRONG)}
    assert [name for file, name in names.items() if file not in refused] == []
    accepted = [name for name, text in WRONG.items() if SCHEDULES.is_valid(as_an_editor(text))]
    assert accepted == []


@pytest.mark.parametrize("content", RIGHT.values(), ids=RIGHT)
def test_right_files_are_accepted_by_both(terminal: Terminal, content: str) -> None:
    terminal.write("schedules/0.yaml", content)
    ended = terminal("validate")
    assert ended.code == 0, ended
    assert [error.message for error in SCHEDULES.iter_errors(as_an_editor(content))] == []


@pytest.mark.parametrize("content", WRONG_SETTINGS.values(), ids=WRONG_SETTINGS)
def test_wrong_settings_are_refused_by_both(terminal: Terminal, content: str) -> None:
    terminal.write("schedules/0.yaml", schedule())
    terminal.write("flashsync.yaml", content + "\n")
    ended = terminal("validate")
    assert (ended.code, "flashsync.yaml:" in ended.out) == (1, True), ended
    refused = not SETTINGS.is_valid(as_an_editor(content))
    assert refused


@pytest.mark.parametrize("content", RIGHT_SETTINGS.values(), ids=RIGHT_SETTINGS)
def test_right_settings_are_accepted_by_both(terminal: Terminal, content: str) -> None:
    terminal.write("schedules/0.yaml", schedule())
    terminal.write("flashsync.yaml", content)
    assert "error" not in terminal("validate").out
    assert [error.message for error in SETTINGS.iter_errors(as_an_editor(content))] == []
