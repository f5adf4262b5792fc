"""The fault runs of `make soak`: a few of them, and that they would notice damage."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.soak.every import APPLY, NOW, Scenario, rota
from benchmarks.soak.network import Served, Weather
from benchmarks.soak.people import Meddlers, Swap
from benchmarks.soak.program import KEY, Office, Ran
from benchmarks.soak.report import Report
from benchmarks.soak.run import Verdict, run
from benchmarks.soak.truth import doubled, untold
from flashsync.model.schedule import Schedule
from flashsync.plan.merge import merged
from flashsync.plan.model import Target
from flashsync.sandbox import Fault, seed


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An account with one schedule, and a file that changes it."""
    Scenario(tmp_path)
    for old in (tmp_path / "schedules").iterdir():
        old.unlink()
    world = seed("empty")
    world.add_key(KEY, world.account, "alice@example.com")
    office = Office(tmp_path, world, NOW)
    declare(office, description="")
    assert office.run(*APPLY).code == 0
    declare(office, description="new")
    return office


def declare(office: Office, **more: str) -> None:
    text = json.dumps(rota("Kept", "alice", "bob", **more))
    (office.folder / "schedules" / "kept.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("number", [3, 5, 14])
def test_a_random_run_does_no_damage(number: int) -> None:
    verdict = run(number)
    assert (verdict.damage, verdict.wrong) == (0, [])


def test_a_run_notices_a_program_that_loses_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(target: Target, live: Schedule, now: int) -> Schedule:
        return merged(target, replace(live, overrides=live.our_overrides), now)

    monkeypatch.setattr("flashsync.apply.write.merged", forgetful)
    assert run(15).lost_overrides > 0


def test_a_killed_client_says_nothing_more_and_the_next_run_goes_on(office: Office) -> None:
    asked = [one.endpoint for one in office.run(*APPLY, "--only", "Kept").served]
    declare(office, description="newer")
    at = asked.index("/schedule/update") + 1
    killed = office.run_and_kill(APPLY, Weather(), at, late=True)
    assert (killed.code, killed.out, killed.served[-1].acted) == (None, "", True)
    assert office.run(*APPLY).results == []


def test_a_command_that_ends_before_it_is_killed_tells_its_outcome(office: Office) -> None:
    ran = office.run_and_kill(APPLY, Weather({2: Fault.RESET}), 99, late=False)
    assert ran.code == 0
    assert [one["status"] for one in ran.results or []] == ["confirmed"]
    assert ran.served[1].fault is Fault.RESET


def test_a_lie_is_noticed(office: Office) -> None:
    ran = office.run(*APPLY)
    assert untold(ran, office, alone=True) == []
    told = (ran.results or [])[0]
    for status, wrong in {
        "failed": "update Kept is failed, and was written",
        "unclear": "update Kept is unclear, and could have been known: None",
    }.items():
        lie = replace(ran, out=json.dumps({"results": [{**told, "status": status}]}))
        assert wrong in untold(lie, office, alone=True)
    silent = replace(ran, served=())
    assert untold(silent, office, alone=True) == ["update Kept is confirmed, and was never written"]
    assert untold(replace(ran, code=3), office, alone=True) == ["exit 3 for confirmed"]
    refused = replace(ran, code=1, out="{}")
    assert untold(refused, office, alone=True) == ["exit 1 and not a word of /schedule/update"]
    (leak,) = untold(replace(ran, err=f"see {KEY}"), office, alone=True)
    assert leak.startswith("the output has the key")


def test_a_lost_override_is_noticed_except_in_the_known_moment(office: Office) -> None:
    (id,) = office.world.account.schedules

    def served(number: int, what: str, *, acted: bool = True) -> Served:
        return Served(number, f"/schedule/{what}", {"schedule_id": id}, None, acted)

    def never(id: int) -> bool:
        return False

    people = Meddlers(random.Random(1), office)  # noqa: S311 - no secret
    people.swaps = [Swap(id, "never made", at=1)]
    at_once = [served(1, "info"), served(2, "update")]
    assert people.lost(at_once, never) == (0, 1)
    repeated = [served(1, "info"), served(2, "update", acted=False), served(3, "update")]
    assert people.lost(repeated, never) == (1, 0)
    read_after = [served(1, "info"), served(2, "info"), served(3, "update")]
    assert people.lost(read_after, never) == (1, 0)
    assert people.lost(at_once, lambda id: True) == (0, 0)


def test_a_create_that_is_sent_twice_is_noticed(office: Office) -> None:
    office.console.rename("Kept", "Other")
    ran = office.run(*APPLY)
    assert doubled(ran) == 0
    log = [replace(one, endpoint="/schedule/create", code="InvalidParameter") for one in ran.log]
    assert doubled(replace(ran, log=tuple(log))) == len(log)


def test_the_row_and_how_to_run_it_again() -> None:
    fine, bad = Verdict(7, faults=3, kills=1, known_moments=1), Verdict(8, lost_overrides=2)
    report = Report([fine, bad], 665, [], 60)
    assert report.damage == 2
    assert report.table.splitlines()[2].split(" | ")[3].strip() == "2"
    assert "make soak SEED=8 RUNS=1" in report.text
    assert "SEED=7" not in report.text
    assert "`make soak SEED=7 RUNS=2` on 2 cores, in 1.0 minutes" in report.page(7, 2)


def test_one_run_by_its_seed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak", "--seed", "5", "--runs", "1"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "1 runs from seed 5 on\n")
    assert done.stdout.splitlines()[2].startswith("| 1    | 0          | 0 ")


def test_what_ran_shows_no_results_where_there_are_none() -> None:
    assert Ran(1, "no JSON", "", (), ()).results is None
