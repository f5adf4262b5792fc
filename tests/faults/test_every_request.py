"""Trouble of every kind at the requests of plan and apply: reports are true, and it converges.

All cases are run by `make soak`; here is a share of them, in which every kind and every request is.
"""

from __future__ import annotations

import pytest

from benchmarks.soak.every import Case, Scenario
from flashsync.sandbox import Fault

STEP = len(Fault) + 1
"""From one case to the next: the next kind at the next request."""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return Scenario(tmp_path_factory.mktemp("faults"))


def test_one_fault_at_one_request_does_no_damage(scenario: Scenario) -> None:
    cases = list(scenario.cases())[::STEP]
    assert {case.fault for case in cases} == set(Fault)
    assert len({(case.command, case.number) for case in cases}) == len(cases)
    wrong = {case.text: found for case in cases if (found := scenario.problems(case))}
    assert wrong == {}


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER, Fault.PORTAL, Fault.TOO_MANY])
def test_the_writes_themselves(scenario: Scenario, fault: Fault) -> None:
    for number in scenario.writes():
        assert scenario.problems(Case("apply", number, fault)) == []
