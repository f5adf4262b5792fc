"""Plan, drift and outcome as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from flashsync.plan.drift import Drift, Key, LastWrite
from flashsync.plan.json.document import plan_schema
from flashsync.plan.outcome import Outcome, Result, WriteStatus
from flashsync.render.plan.json import render_drift_json, render_plan_json
from flashsync.render.plan.outcome import render_outcome_json
from flashsync.render.sanitize import dump
from tests.render.looks import check_harmless
from tests.render.plan.test_outcome import MIXED
from tests.render.plans import ABSENT, FULL, NOW, ONE_LINE, new, plan


def test_a_plan_fits_its_schema() -> None:
    text = render_plan_json(FULL)
    check_harmless(text)
    Draft202012Validator(plan_schema()).validate(json.loads(text))
    assert text == render_plan_json(FULL)
    assert text.endswith("}\n")


def test_names_are_exactly_as_they_are() -> None:
    document = json.loads(render_plan_json(FULL))
    assert document["actions"][1]["schedule"] == "Somebody's \x1b[31mtest\u202e"
    assert "旧的值班表" in render_plan_json(FULL)


@given(st.text(st.characters(codec=None)))
def test_any_text_is_harmless_and_comes_back(text: str) -> None:
    written = dump({"name": text})
    check_harmless(written)
    # Two lone surrogates that fit together are one character to any reader of JSON.
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(written)["name"] == joined


def test_drift_says_who_wrote_last() -> None:
    written: dict[Key, LastWrite] = {
        ABSENT.id: LastWrite("Bob", NOW),
        ONE_LINE.id: LastWrite("alice", own=True),
        404: LastWrite("nobody"),
    }
    document = json.loads(render_drift_json(Drift(plan(ONE_LINE, new(), ABSENT), (), written)))
    assert document["last_written"] == [
        {
            "schedule": ONE_LINE.name,
            "schedule_id": ONE_LINE.id,
            "by": "alice",
            "at": None,
            "own": True,
            "writes": [],
        },
        {
            "schedule": ABSENT.name,
            "schedule_id": ABSENT.id,
            "by": "Bob",
            "at": "2026-11-21T08:33:20Z",
            "own": False,
            "writes": [],
        },
    ]
    assert document["accepted"] == []
    assert document["summary"]["update"] == 1


def test_an_outcome() -> None:
    document = json.loads(render_outcome_json(MIXED))
    assert document["exit_code"] == 3
    assert not document["complete"]
    assert not document["interrupted"]
    assert document["plan"]["summary"]["create"] == 1
    statuses = [result["status"] for result in document["results"]]
    assert statuses == [
        "confirmed", "failed", "confirmed", "differs", "unconfirmed", "not_started",
    ]  # fmt: skip
    assert document["results"][1]["problem"]["remedy"] == "ask for `oncall:write`"
    assert document["results"][2] == {
        "action": "create",
        "schedule": "Production On-Call",
        "schedule_id": 99,
        "status": "confirmed",
        "problem": None,
        "notes": ["`Alice swaps` came later and is kept"],
    }


def test_an_update_has_its_id_though_it_failed() -> None:
    outcome = Outcome(FULL, (Result(ONE_LINE, WriteStatus.NOT_STARTED),))
    (result,) = json.loads(render_outcome_json(outcome))["results"]
    assert result["schedule_id"] == ONE_LINE.id


def test_a_lone_surrogate_does_not_break_a_plan() -> None:
    text = render_plan_json(replace(plan(), undeclared=("\ud800",)))
    assert json.loads(text)["undeclared"] == ["\ud800"]
    text.encode("utf-8")
