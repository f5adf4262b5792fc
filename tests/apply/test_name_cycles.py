"""Schedules that exchange names: one has a temporary name for a moment, nothing else differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from flashsync.errors import ExitCode
from flashsync.operations.options import EffectsMode
from flashsync.sandbox.options import Secrets
from tests.apply.conftest import schedule
from tests.promises.loop import Loop

CHAT = {"type": "dingtalk", "alias": "ops", "token": {"env": "TOKEN"}}
BACKUP = {
    "layer": "Backup",
    "rotation": "1 week",
    "start": "2026-01-05 10:00",
    "groups": ["carol@example.com", "dave@example.com"],
}
PRIMARY = {**BACKUP, "layer": "Primary", "groups": ["alice@example.com", "bob@example.com"]}
COVER = {
    "override": "Alice away",
    "from": "2026-11-22 10:00",
    "to": "2026-11-23 10:00",
    "people": ["erin@example.com"],
}
LONGER = {**PRIMARY, "groups": [*PRIMARY["groups"], "erin@example.com"]}
EDITS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "the people of the first layer": {"layers": [LONGER, BACKUP]},
    "a layer that goes": {"layers": [BACKUP]},
    "a new layer": {"layers": [PRIMARY, {**BACKUP, "layer": "Third"}, BACKUP]},
    "an override": {"overrides": [COVER]},
    "a chat that goes": {"notify": {"before": "5 min"}},
}


def in_pairs(loop: Loop, first: dict[str, Any], second: dict[str, Any]) -> list[dict[str, Any]]:
    """Two files, each with the id of the schedule that has the other's name."""
    ids = {one["schedule_name"]: one["schedule_id"] for one in loop.sandbox.console.schedules()}
    return [{**first, "id": ids[second["schedule"]]}, {**second, "id": ids[first["schedule"]]}]


def apply_all(loop: Loop, *trees: dict[str, Any]) -> None:
    loop.write(*trees)
    outcome = loop.apply(loop.plan(effects=EffectsMode.LOCAL))
    assert [str(one.problem) for one in outcome.results if one.problem] == []
    assert outcome.exit_code is ExitCode.OK


@pytest.mark.parametrize("secrets", get_args(Secrets))
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_names_are_exchanged_with_an_edit_in_the_same_plan(
    loop: Loop, edit: dict[str, Any], secrets: Secrets
) -> None:
    loop.sandbox.options = replace(loop.sandbox.options, secrets=secrets)
    body = {"layers": [PRIMARY, BACKUP], "notify": {"before": "5 min", "chats": [CHAT]}}
    apply_all(loop, schedule("One", **body), schedule("Two", **body))
    body = {**body, **edit}
    apply_all(loop, *in_pairs(loop, schedule("One", **body), schedule("Two", **body)))
    assert loop.plan().plan.empty
    for one in loop.sandbox.console.schedules():
        tokens = [hook["settings"]["token"] for hook in one["notify"]["webhooks"] or ()]
        assert tokens == ([] if "notify" in edit else ["a-token"])


def test_a_secret_is_never_away_while_a_schedule_has_another_name(loop: Loop) -> None:
    loop.sandbox.options = replace(loop.sandbox.options, secrets="empty")
    body = {"notify": {"before": "5 min", "chats": [CHAT]}}
    apply_all(loop, schedule("One", **body), schedule("Two", **body))
    apply_all(loop, *in_pairs(loop, schedule("One", **body), schedule("Two", **body)))
    sent = [one.body for one in loop.sandbox.log if one.endpoint == "/schedule/update"]
    tokens = [hook["settings"]["token"] for one in sent for hook in one["notify"]["webhooks"]]
    assert tokens == ["a-token"] * 3
