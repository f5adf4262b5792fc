"""The JSON Schemas: what an editor accepts is what is read, and every key says what it is for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from flashsync.declared.jsonschema import DESCRIPTIONS, config_schema, schedule_schema
from tests.declared.helpers import document, layer

CONFIG = """
version: 1
account: Acme Corp
timezone: Asia/Shanghai
schedules: ["schedules/**/*.yaml", "schedules/**/*.yml"]
x-mine: {a: [1, null]}
people:
  alice: alice@example.com
  bob: {email: bob@example.com}
  carol: 2476444212131
  dave: {name: "Dave Wu"}
defaults:
  team: SRE
  rollout: next_handoff
  notify: {before: 30 min, by: preference}
manage:
  teams: [SRE, 7]
  names: ["prod-*"]
safety: {max_deletes: 0, max_change_percent: 50}
checks:
  coverage_gap: error
  single_person: off
  short_notice: {level: warn, within: 24h}
"""

SCHEDULE = """
x-base: &base {a: b}
schedule: Production On-Call
description: Primary rotation of the production team
team: SRE
rollout: next_handoff
layers:
  - layer: Primary
    rotation: 1 week
    handoff: mon 10:00
    start: 2026-01-05 10:00
    groups:
      - alice
      - [bob, carol]
      - group: Night crew
        members: [dave, {person: erin@example.com, role: backup}]
      - {person: {id: 5}, role: 7}
      - 2476444212131
  - layer: 2026
    rotation: daily
    start: 2026-01-05 00:00
    end: 2027-01-01 00:00
    days: mon-fri
    hours: 09:00-18:00
    continuous: false
    fair: false
    renamed_from: on
    rollout: 2026-01-05 10:00
    groups: [frank@example.com, grace@example.com]
  - layer: Weekly windows
    rotation: 12 hours
    start: 2026-01-05T00:00:00+08:00
    hours: [mon 09:00 - fri 18:00, mon-fri 09:00-18:00]
    groups: [[alice]]
overrides:
  - override: Alice away
    from: 2026-12-01 00:00
    to: 2026-12-03 00:00
    people: [bob, {name: 1}]
notify:
  before: 5 min
  daily_at: "08:00"
  by: preference
  chats:
    - {type: feishu_app, data_source_id: 5427276014131, chat_ids: [oc_60a6]}
    - {type: dingtalk, alias: 007, token: {env: DING_TOKEN}, sign_secret: {file: /run/secrets/ding}}
"""


schedules = Draft202012Validator(schedule_schema())
configs = Draft202012Validator(config_schema())


def as_an_editor(text: str) -> Any:
    """The document by YAML 1.2's core rules, where 2026 is a number and on is a text."""
    tree = YAML(typ="safe", pure=True).load(text)
    return _without_times(tree)


def _without_times(tree: Any) -> Any:
    """The core schema has no times: ruamel's are of YAML 1.1."""
    if isinstance(tree, dict):
        return {str(key): _without_times(part) for key, part in tree.items()}
    if isinstance(tree, list):
        return [_without_times(part) for part in tree]
    return tree if isinstance(tree, str | int | float | bool | None) else str(tree)


def test_the_examples_of_the_design_are_accepted() -> None:
    assert list(configs.iter_errors(as_an_editor(CONFIG))) == []
    assert list(schedules.iter_errors(as_an_editor(SCHEDULE))) == []


@pytest.mark.parametrize(
    "keys",
    [
        {"absent": True, "layers": None},
        {"absent": "true", "layers": None},
        {"id": 5},
        {"id": "5"},
        {"notify": "off"},
        {"notify": False},
        {"notify": {"by": ["email", "feishu_app:x"]}},
        {"notify": {"by": "preference"}},
        {"notify": {"by": "phone"}},
        {"notify": {"by": ["sms", "phone", "dingtalk_app:x", "wecom_app:x"]}},
        {"notify": {"by": ["slack_app:T01", "teams_app:x"]}},
        {"team": 5},
        {"team": "none"},
    ],
)
def test_schedules_that_are_accepted(keys: dict[str, Any]) -> None:
    assert schedules.is_valid(document(**keys))


@pytest.mark.parametrize(
    "tree",
    [
        document(schedul="x"),
        document(schedule=["x"]),
        document(layers=[]),
        document(layers=None),
        {**document(), "team": None},
        {**document(), "notify": None},
        document(id=1.5),
        document(notify="on"),
        document(notify={"beforee": "5 min"}),
        document(notify={"chats": [{"type": "fax"}]}),
        document(notify={"chats": [{"type": "slack", "token": "hush"}]}),
        document(notify={"chats": [{"type": "slack", "token": {"env": "A", "file": "B"}}]}),
        document(notify={"by": []}),
        document(notify={"by": "fax"}),
        document(notify={"by": ["email", "fax"]}),
        document(notify={"by": ["zoom_app:x"]}),
        document(notify={"by": ["slack_app"]}),
        document(notify={"by": ["slack_app:"]}),
        document(overrides=[{"override": "x"}]),
        document(layers=[layer(groups=[])]),
        document(layers=[layer(groups=[[]])]),
        document(layers=[layer(groups=[None])]),
        document(layers=[layer(groups=[{"alice": "backup"}])]),
        document(layers=[layer(groups=[{"group": "A"}])]),
        document(layers=[layer(groups=[{"members": ["dave", {"role": "backup"}]}])]),
        document(layers=[layer(day_mask="mon")]),
        document(layers=[layer(start=None)]),
        document(layers=[layer(fair="yes")]),
        document(layers=[layer(days=[])]),
        document(layers=[{**layer(), "end": None}]),
        [],
        "x",
    ],
)
def test_schedules_that_are_refused(tree: Any) -> None:
    assert not schedules.is_valid(tree)


@pytest.mark.parametrize(
    "tree",
    [
        {"version": 2},
        {"versoin": 1},
        {"account": None},
        {"people": {"12": "x"}},
        {"people": {"a@b": "x"}},
        {"people": {"bob": None}},
        {"people": {"bob": {"mail": "x"}}},
        {"manage": {"teams": []}},
        {"manage": {"team": "x"}},
        {"safety": {"max_change_percent": 101}},
        {"checks": {"coverage": "warn"}},
        {"checks": {"coverage_gap": "warning"}},
        {"defaults": {"layers": []}},
    ],
)
def test_configurations_that_are_refused(tree: Any) -> None:
    assert not configs.is_valid(tree)


def models(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield from schema["$defs"].values()


@pytest.mark.parametrize("schema", [schedule_schema(), config_schema()])
def test_every_key_says_what_it_is_for(schema: dict[str, Any]) -> None:
    for model in models(schema):
        assert model["title"]
        assert model["additionalProperties"] is False
        for key, part in model["properties"].items():
            assert len(part["description"]) > 10, key
            assert "title" not in part


def test_no_description_is_of_a_key_that_is_gone() -> None:
    schemas = [schedule_schema(), config_schema()]
    found = {
        model["title"].removeprefix("flashsync ").capitalize(): set(model["properties"])
        for schema in schemas
        for model in models(schema)
    }
    found["Config"] = found.pop("Configuration")
    assert {title: set(texts) for title, texts in DESCRIPTIONS.items()} == found


def test_no_null_is_left_in_a_schema() -> None:
    for schema in (schedule_schema(), config_schema()):
        assert '"null"' not in json.dumps(schema)
        assert ": null" not in json.dumps(schema)
