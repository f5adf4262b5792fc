"""Entries of `accept`: the fields that can differ, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given

from flashsync.declared.config import parse_accept_field
from flashsync.model.schedule import Schedule
from flashsync.plan.diff import find_changes, list_fields
from flashsync.plan.model import Change, Target
from flashsync.plan.webhooks import compare
from tests.declared.helpers import Wrong, wrong_config
from tests.model import strategies
from tests.model.strategies import steady
from tests.plan.helpers import WORDS


def said(text: str) -> str:
    """What is wrong with such a field."""
    entry = {"schedule": "Mine", "reason": "Later", "until": "2026-12-01 10:00", "field": text}
    (found,) = wrong_config(accept=[entry])
    assert found == Wrong(("accept", 0, "field"), found.text)
    return found.text


@given(strategies.schedules(live=True), strategies.schedules())
@steady
def test_every_path_that_a_plan_can_give_is_a_field(live: Schedule, file: Schedule) -> None:
    renamed = [place if place < len(live.layers) else None for place in range(len(file.layers))]
    for origins in ((None,) * len(file.layers), tuple(renamed)):
        changes = find_changes(
            live, Target(file, origins), compare(file.notify, live.notify), WORDS
        )
        assert all(map(is_field, changes))
    assert all(map(is_field, list_fields(file, WORDS)))


def is_field(change: Change) -> bool:
    return parse_accept_field(change.path) == change.path


@pytest.mark.parametrize(
    "path",
    [
        *("schedule", "description", "team", "overrides", "notify", "layers"),
        *(
            "layers[Primary]",
            "layers[Primary (2)].groups",
            "layers[a].b].hours",
            "layers[a\nb].end",
        ),
        *("layers[].start", "layers[notify.chats[ops].token]", "layers[Primary].grops]"),
        *("notify.chats", "notify.chats[dingtalk ops].sign_secret", "notify.chats[x].alias].type"),
        " notify.daily_at ",
    ],
)
def test_fields_whatever_names_they_hold(path: str) -> None:
    assert parse_accept_field(path) == path.strip()


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("descripton", "did you mean `description`?"),
        ("Layers[Primary].groups", "did you mean `layers`?"),
        ("layers[Primary].grops", "did you mean `groups`?"),
        ("layers[Primary].day_mask", "write `days`"),
        ("layers[Primary].groups.A", "write layers[NAME].groups alone"),
        ("layers[grops].Primary].grops", "did you mean `groups`?"),
        ("notify.befor", "did you mean `before`?"),
        ("notify.chat[ops].token", "did you mean `chats`?"),
        ("notify.chats[ops].tokn", "did you mean `token`?"),
        ("groups", "write layers[NAME].groups"),
        ("sign_secret", "write notify.chats[NAME].sign_secret"),
        ("chats[ops].token", "write notify.chats"),
        ("overrides[Alice away]", "write overrides alone"),
        ("layers.Primary.groups", "write the field as drift shows it, like"),
        ("layers[Primary", "write the field as drift shows it, like"),
        ("notify.chats.ops", "write the field as drift shows it, like"),
        ("expect", "known here: schedule, description, team, layers, overrides, notify"),
        (
            "layers[Primary].rollout",
            "known here: rotation, start, groups, handoff, end, days, hours, continuous, fair",
        ),
        ("", "known here: schedule"),
    ],
)
def test_a_field_that_can_never_differ_is_wrong(text: str, remedy: str) -> None:
    assert said(text).startswith(f"unknown field `{text}`; {remedy}")
