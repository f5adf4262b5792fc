"""Which schedule an entry of the audit log is about: exactly, also where its body is cut off."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flashsync.model.account_records import AuditEntry, concerning


def entry(body: Any, request_id: str = "r") -> AuditEntry:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return AuditEntry(1, 2, "Bob", "/schedule/update", text, request_id)


WHOLE: list[tuple[Any, set[int], str]] = [
    ({"schedule_id": 12, "schedule_name": "A"}, {12}, "A"),
    ({"schedule_ids": [12, 123]}, {12, 123}, ""),
    ({"schedule_name": " A "}, set(), "A"),
    ({"schedule_id": "12", "schedule_name": 5}, set(), ""),
    ({"schedule_id": True}, set(), ""),
    ({"layers": [{"schedule_id": 12}], "description": '"schedule_id": 13'}, set(), ""),
    ({"schedule_to_role_ids": {"12": [0]}}, set(), ""),
    ([12], set(), ""),
    ("", set(), ""),
    ("null", set(), ""),
]


@pytest.mark.parametrize(("body", "ids", "name"), WHOLE)
def test_what_a_body_names(body: Any, ids: set[int], name: str) -> None:
    found = entry(body)
    assert (set(found.ids), found.schedule) == (ids, name)


CUT: list[tuple[str, set[int], str]] = [
    ('{"schedule_id": 12, "layers": [{"a": 1', {12}, ""),
    ('{"schedule_ids": [12, 123, 4], "x": ', {12, 123, 4}, ""),
    ('{"schedule_ids": [12, 12', {12}, ""),  # the last may be the beginning of a longer one
    ('{"schedule_id": 12', set(), ""),
    ('{"schedule_name": "A \\"B\\" 王", "layers": [', set(), 'A "B" 王'),
    ('{"schedule_name": "A', set(), ""),
    ('{"schedule_name": "A", "schedule_id":12,"b', {12}, "A"),
]


@pytest.mark.parametrize(("body", "ids", "name"), CUT)
def test_what_a_body_names_that_was_cut_off(body: str, ids: set[int], name: str) -> None:
    found = entry(body)
    assert (set(found.ids), found.schedule) == (ids, name)


def test_an_id_is_not_part_of_a_longer_one() -> None:
    assert entry({"schedule_id": 12}).touches({12}, "A")
    assert not entry({"schedule_id": 123}).touches({12}, "A")
    assert not entry('{"schedule_id": 123, "layers": [').touches({12}, "A")
    assert not entry({"schedule_id": 123, "schedule_name": "A"}).touches({12}, "A")


def test_without_an_id_the_name_tells() -> None:
    assert entry({"schedule_name": "A"}).touches({12}, "A")
    assert not entry({"schedule_name": "AB"}).touches({12}, "A")
    assert not entry({"team_id": 12}).touches({12}, "")


def test_a_schedule_that_is_gone_is_found_by_the_ids_that_it_had() -> None:
    log = [
        entry({"schedule_ids": [12]}, "delete"),
        entry({"schedule_id": 13, "schedule_name": "B"}, "other"),
        entry({"schedule_id": 12, "schedule_name": "A"}, "update"),
        entry({"schedule_name": "A"}, "create"),
    ]
    assert [one.request_id for one in concerning(log, None, "A")] == ["delete", "update", "create"]
    assert [one.request_id for one in concerning(log, 12, "")] == ["delete", "update"]
    assert concerning(log, None, "") == ()
    assert concerning(log[:2], None, "A") == ()  # nothing tells which it was
