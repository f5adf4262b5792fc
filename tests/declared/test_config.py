"""flashsync.yaml: what is read from each key."""

from __future__ import annotations

import pytest

from flashsync.declared.parse import read_config
from flashsync.declared.people import NamedBy, PersonName
from flashsync.declared.problems import Findings
from flashsync.model.check_registry import CHECKS
from tests.declared.helpers import config


def test_an_empty_configuration_has_the_defaults() -> None:
    found = config()
    assert (found.version, found.account, found.timezone, found.schedules) == (1, None, None, None)
    assert (found.people, found.manage, found.checks) == ({}, None, {})
    assert (found.safety.max_deletes, found.safety.max_change_percent) == (0, 50)
    assert (found.defaults.team, found.defaults.notify, found.defaults.rollout) == (None,) * 3


def test_the_configuration_of_the_design() -> None:
    found = config(
        version="1",
        account="Acme Corp",
        timezone="Asia/Shanghai",
        schedules=["schedules/**/*.yaml", "schedules/**/*.yml"],
        people={
            "alice": "alice@example.com",
            "bob": {"email": "bob@example.com"},
            "carol": "2476444212131",
            "dave": {"name": "Dave Wu"},
        },
        defaults={
            "team": "SRE",
            "rollout": "next_handoff",
            "notify": {"before": "30 min", "by": "preference"},
        },
        manage={"teams": ["SRE"], "names": "prod-*"},
        safety={"max_deletes": "0", "max_change_percent": "50"},
        checks={"coverage_gap": "error", "short_notice": {"level": "warn", "within": "24h"}},
    )
    assert (found.account, found.timezone) == ("Acme Corp", "Asia/Shanghai")
    assert found.schedules == ("schedules/**/*.yaml", "schedules/**/*.yml")
    assert found.people == {
        "alice": PersonName("alice@example.com"),
        "bob": PersonName("bob@example.com", NamedBy.EMAIL),
        "carol": PersonName("2476444212131"),
        "dave": PersonName("Dave Wu", NamedBy.NAME),
    }
    assert found.manage is not None
    assert (found.manage.teams, found.manage.names) == (("SRE",), ("prod-*",))
    levels = {name: (check.level, check.within) for name, check in found.checks.items()}
    assert levels == {"coverage_gap": ("error", None), "short_notice": ("warn", 86400)}
    assert found.defaults.notify is not None
    assert found.defaults.notify.before == 1800


def test_short_names_are_compared_in_one_form() -> None:
    assert list(config(people={"Rene\u0301 ": "x"}).people) == ["Ren\u00e9"]


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_can_be_switched(check: str) -> None:
    assert config(checks={check: "off"}).checks[check].level == "off"


def test_a_configuration_that_is_not_a_mapping() -> None:
    with pytest.raises(Findings, match=r"expected a mapping \(`version: 1`\), found a list"):
        read_config([])
