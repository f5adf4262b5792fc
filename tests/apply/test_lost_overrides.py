"""An override that is made in the console in the one moment in which a write wipes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from flashsync.errors import ExitCode
from flashsync.plan.outcome import Outcome, WriteStatus
from flashsync.render.plan.outcome import render_outcome, render_outcome_json
from flashsync.render.terminal import Screen
from flashsync.sandbox import Reply
from tests.apply.conftest import schedule
from tests.promises.loop import Loop

IN_2033 = 2_000_000_000
HOUR = 3600


@pytest.fixture
def rota(loop: Loop) -> Loop:
    """A schedule that is live, and an edit of it in the files."""
    loop.write(schedule())
    assert loop.apply(loop.plan()).exit_code is ExitCode.OK
    loop.write(schedule(description="new"))
    return loop


def swap(loop: Loop, name: str = "Swap", start: int = IN_2033) -> None:
    """Bob swaps a shift in the console."""
    people = ["carol@example.com"]
    loop.sandbox.console.add_override(
        "Production", people, start, start + HOUR, name, by="bob@example.com"
    )


def at_the_update(
    then: Callable[[], object], *, after: bool = False
) -> Callable[[str, Any, Callable[[], Reply]], Reply | None]:
    """A hook that does something right before the first update is served, or right after."""
    done: list[bool] = []

    def hook(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if endpoint != "/schedule/update" or done:
            return None
        done.append(True)
        reply = act() if after else None
        then()
        return reply

    return hook


def overrides(loop: Loop) -> list[str]:
    layers = loop.sandbox.console.schedule("Production")["layers"]
    return [layer["layer_name"] for layer in layers if layer["mode"] == 1]


def applied(loop: Loop, then: Callable[[], object], *, after: bool = False) -> Outcome:
    planned = loop.plan()
    loop.sandbox.hook = at_the_update(then, after=after)
    return loop.apply(planned)


def test_a_lost_override_is_shown_in_full(rota: Loop) -> None:
    outcome = applied(rota, lambda: swap(rota))
    assert overrides(rota) == []
    assert [one.status for one in outcome.results] == [WriteStatus.CONFIRMED]
    assert outcome.exit_code is ExitCode.UNFINISHED
    (problem,) = outcome.problems
    assert problem.message.startswith("Bob Martin wrote `Production` in the console at 20")
    wiped = "wiped an override: Swap: Carol Diaz, 2033-05-18 11:33:20 – 2033-05-18 12:33:20"
    assert problem.message.endswith(wiped)
    text = " ".join(render_outcome(outcome, Screen(100, False, "utf-8")).split())
    assert f"{wiped}; make it again in the console" in text
    assert "Written, but not all is well: 1 done." in text


def test_json_has_it_in_parts(rota: Loop) -> None:

    outcome = applied(rota, lambda: swap(rota))
    document = json.loads(render_outcome_json(outcome))
    (lost,) = document["lost_overrides"]
    assert (lost["schedule"], lost["written_by"], lost["override"]) == (
        "Production",
        "Bob Martin",
        "Swap",
    )
    assert (lost["from"], lost["to"]) == ("2033-05-18T03:33:20Z", "2033-05-18T04:33:20Z")
    assert len(lost["people"]) == 1
    assert (document["exit_code"], document["complete"]) == (3, False)


def test_what_came_before_our_read_is_kept_and_no_alarm(rota: Loop) -> None:
    planned = rota.plan()
    swap(rota)
    assert rota.apply(planned).exit_code is ExitCode.OK
    assert overrides(rota) == ["Swap"]


def test_an_override_after_our_write_is_not_lost(rota: Loop) -> None:
    outcome = applied(rota, lambda: swap(rota), after=True)
    assert (outcome.problems, overrides(rota)) == ((), ["Swap"])


def test_an_override_that_somebody_removed_is_not_lost(rota: Loop) -> None:
    def there_and_back() -> None:
        before = rota.sandbox.console.schedule("Production")["layers"]
        swap(rota)
        rota.sandbox.console.edit("Production", {"layers": before}, by="bob@example.com")

    assert applied(rota, there_and_back).problems == ()


def test_another_schedule_is_not_an_alarm(rota: Loop) -> None:
    fields = rota.sandbox.console.schedule("Production")
    kept = ("description", "layers", "notify", "team_id")
    rota.sandbox.console.create({key: fields[key] for key in kept} | {"schedule_name": "Other"})
    people = ["carol@example.com"]
    outcome = applied(
        rota,
        lambda: rota.sandbox.console.add_override("Other", people, IN_2033, IN_2033 + HOUR),
    )
    assert outcome.exit_code is ExitCode.OK


def test_an_entry_that_the_log_cuts_is_unreadable(rota: Loop) -> None:
    def long() -> None:
        layers = rota.sandbox.console.schedule("Production")["layers"]
        names = (f"Layer {number}" for number in range(40))
        many = [{**layers[0], "layer_name": name, "name": name} for name in names]
        rota.sandbox.console.edit("Production", {"layers": many}, by="bob@example.com")

    (problem,) = applied(rota, long).problems
    assert "wiped it; the audit log does not show what it was" in problem.text
    assert "ask Bob Martin" in problem.text


def test_a_key_that_may_not_read_the_log_says_what_was_not_checked(rota: Loop) -> None:
    keys = rota.sandbox.world.keys
    mine = keys["sandbox-key"]
    keys["sandbox-key"] = replace(mine, permissions=mine.permissions - {"audit_read"})
    outcome = applied(rota, lambda: swap(rota))
    assert (outcome.exit_code, outcome.problems) == (ExitCode.OK, ())
    (note,) = outcome.notes
    assert note == (
        "the audit log did not answer (no permission), so overrides made in the console during a "
        "write were not looked for"
    )
    assert rota.sandbox.counts["/audit/search"] == 1


def test_an_empty_log_is_not_taken_for_nobody_wrote(rota: Loop) -> None:
    rota.sandbox.options = replace(rota.sandbox.options, audit_days=0)
    outcome = applied(rota, lambda: swap(rota))
    assert (outcome.exit_code, outcome.problems) == (ExitCode.OK, ())
    (note,) = outcome.notes
    assert "(it has no entry for this run)" in note


def test_without_an_update_nobody_asks_the_log(loop: Loop) -> None:
    loop.write(schedule())
    loop.apply(loop.plan())
    assert loop.sandbox.counts["/audit/search"] == 0
