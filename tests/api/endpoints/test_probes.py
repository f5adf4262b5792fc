"""What answers show of the wire forms that the documentation leaves open."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.api.endpoints.probes import Seen, findings, look, members_are_persons
from flashsync.model.doctor_report import Verdict
from flashsync.model.people import Person

START = 1767578400  # Monday 2026-01-05 10:00 in Asia/Shanghai
ZONE = "Asia/Shanghai"


def seen(rule: str, team: int = 1, **layer: Any) -> list[tuple[str, bool]]:
    raw = {
        "layer_name": "L",
        "layer_start": START,
        "enable_time": START,
        "layer_end": START + 60,
        "expire_time": START + 60,
        "rotation_unit": "week",
        "rotation_value": 1,
        "handoff_time": 36000,
        **layer,
    }
    found = look({"team_id": team, "layers": [raw]}, ZONE)
    return [(one.form, one.agrees) for one in found if one.rule == rule]


@pytest.mark.parametrize(
    ("rule", "layer", "expected"),
    [
        ("mirrors", {}, [("the same time in both", True)]),
        ("mirrors", {"enable_time": None}, [("one of the two only", True)]),
        ("mirrors", {"enable_time": START + 1}, [("different times", False)]),
        ("mirrors", {"expire_time": START + 1}, [("different times", False)]),
        ("open_end", {}, []),
        (
            "open_end",
            {"layer_end": None, "expire_time": 0},
            [("layer_end null and expire_time 0", True)],
        ),
        ("layer_name", {"layer_name": "x" * 40}, [("up to 40 characters", True)]),
        ("layer_name", {"layer_name": "x" * 41}, [("41 characters", False)]),
        ("handoff_zero_live", {}, []),
        ("handoff_zero_live", {"handoff_time": 0}, [("0 with a start elsewhere", True)]),
        ("handoff_zero_live", {"handoff_time": 0, "layer_start": START - 36000}, []),
        ("handoff_zero_live", {"handoff_time": 0, "rotation_value": 2}, []),
        (
            "window_form",
            {
                "restrict_mode": 1,
                "restrict_periods": [
                    {"restrict_start": 64800, "restrict_end": 32400},
                    {"restrict_start": 64800, "restrict_end": 118800},
                    {"restrict_start": 32400, "restrict_end": 64800},
                ],
            },
            [("an end before its start", True), ("an end beyond the day", True)],
        ),
        ("window_form", {"mode": 1}, []),
    ],
)
def test_layers(rule: str, layer: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert seen(rule, **layer) == expected


@pytest.mark.parametrize(
    ("raw", "form"), [({"team_id": 0}, "0"), ({"team_id": None}, "null"), ({}, "absent")]
)
def test_no_team(raw: dict[str, Any], form: str) -> None:
    assert look(raw, ZONE) == (Seen("no_team", form),)


def test_what_contradicts_one_schedule_contradicts_the_rule() -> None:
    forms = [Seen("mirrors", "the same time in both"), Seen("mirrors", "different times", False)]
    found = {one.id: one for one in findings([*forms, forms[0]])}
    assert found["mirrors"].verdict is Verdict.CONTRADICTED
    assert found["mirrors"].seen == "here: the same time in both (2), different times (1)"
    assert found["no_team"].verdict is Verdict.OPEN
    assert not any(one.shifts for one in found.values())


def test_ids_of_people() -> None:
    alice, bob = Person(1, "Alice", "alice@example.com"), Person(2, "Bob", "bob@example.com")
    same = members_are_persons([alice, bob], {1: alice, 2: bob})
    assert (same.verdict, same.seen) == (Verdict.SETTLED, "2 of 2 ids name the same person")
    other = members_are_persons([alice, bob], {1: bob})
    assert other.verdict is Verdict.CONTRADICTED
    assert other.seen == "1 of 1 ids name somebody else"
    assert members_are_persons([alice], {}).verdict is Verdict.OPEN
