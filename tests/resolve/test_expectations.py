"""Resolved expectations: ids, instants, and errors."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flashsync.errors import Level
from flashsync.model.desired import AtMost, Covered, OnCall
from flashsync.model.schedule import BACKUP, Unit
from flashsync.model.timezone import DAY
from flashsync.resolve.schedule import resolve
from tests.declared.helpers import layer, schedule
from tests.resolve.test_schedule import SOURCE, context, desired, said

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
