"""Rules that would page nobody, and people who handle an incident when a change relieves them."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flashsync.checks.model import Case
from flashsync.checks.open_incidents import find_relieved
from flashsync.checks.references import needs_rules
from flashsync.model.account_records import Incident, Reference
from flashsync.model.calendar import Calendar, Shift
from flashsync.model.schedule import Group, Layer, Member
from flashsync.model.timezone import DAY, WEEK
from tests.checks.cases import case, effect, of_check, one_person
from tests.plan.helpers import NOW, desired, live, live_layer

CUT = NOW + 5 * DAY
"""Mon 9 Feb 10:00, the next handoff."""


def roles(*pairs: tuple[int, int], **fields: Any) -> Layer:
    """A live layer of one group: pairs of a person and a role."""
    group = Group(frozenset(Member(*pair) for pair in pairs), "A")
    return replace(live_layer(1), groups=(group,), **fields)


BOTH = roles((1, 0), (2, 1))
ALONE = roles((1, 0))


def page(
    *roles: int, level: int = 1, rule: str = "Default", schedule: int = 5, **more: Any
) -> Reference:
    return Reference("Alerts", rule, level, schedule, frozenset(roles), **more)


def update(before: Layer | list[Layer], after: list[Layer], *references: Reference) -> Case:
    """What becomes of the layers of a schedule that rules page."""
    layers = tuple(before) if isinstance(before, list) else (before,)
    given = case(desired(), live(layers=layers), references=references)
    return replace(given, after=live(layers=tuple(after)))


def delete(*references: Reference, **fields: Any) -> Case:
    return case(None, live(), references=references, **fields)


def texts(name: str, *cases: Case) -> list[str]:
    return [one.text for one in of_check(name, *cases)]


def test_a_schedule_that_is_paged_is_not_deleted() -> None:
    given = delete(
        page(0, 1), page(level=3), page(0, rule="Night", enabled=False), page(schedule=6)
    )
    assert texts("references", given) == [
        (
            "2 escalation rules page `Production`: `Default` of channel `Alerts` (level 1: primary and "
            "backup, level 3: everyone) and `Night` of channel `Alerts`, which is off (level 1: "
            "primary), so the platform refuses the delete; remove it from these rules first"
        )
    ]


def test_two_rules_of_one_name_are_two() -> None:
    (found,) = texts("references", delete(page(0, rule_id="a"), page(0, rule_id="b")))
    assert found.startswith("2 escalation rules page `Production`: `Default` of channel `Alerts`")


def test_many_rules_are_counted() -> None:
    (found,) = texts("references", delete(*(page(0, rule=f"Rule {one}") for one in range(7))))
    assert found.startswith("7 escalation rules page `Production`: `Rule 0` of")
    assert "`Rule 4` of channel `Alerts` (level 1: primary), and 2 more rules, so" in found


def test_a_schedule_that_nothing_pages_may_go() -> None:
    assert texts("references", delete(page(0, schedule=6))) == []


def test_a_role_that_ends_at_the_next_handoff() -> None:
    cut = replace(BOTH, end=CUT)
    given = update(BOTH, [cut, replace(ALONE, start=CUT)], page(0), page(1, level=2))
    assert texts("references", given) == [
        (
            "from Mon 9 Feb 10:00 on nobody is `backup`, and 1 escalation rule pages `Production`: "
            "`Default` of channel `Alerts` (level 2: backup); change these rules first, or keep the "
            "role"
        )
    ]


def test_a_role_that_is_gone_at_once() -> None:
    (found,) = texts("references", update(BOTH, [ALONE], page(1)))
    assert found.startswith("from now on nobody is `backup`, and 1 escalation rule pages")


@pytest.mark.parametrize(
    "after",
    [
        [BOTH],
        [roles((3, 0), (4, 1))],
        [ALONE, roles((2, 1), name="Second")],
        [replace(BOTH, end=CUT), roles((3, 1), start=CUT)],
        [replace(BOTH, name="Renamed")],
    ],
)
def test_a_role_that_somebody_keeps(after: list[Layer]) -> None:
    assert texts("references", update(BOTH, after, page(1))) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Over, or going to end anyway: this change takes nothing away.
        ([replace(BOTH, end=NOW), ALONE], [replace(BOTH, end=NOW), ALONE]),
        ([replace(BOTH, end=NOW), ALONE], [ALONE]),
        (
            [replace(BOTH, end=CUT), replace(ALONE, start=CUT)],
            [replace(BOTH, end=CUT), roles((4, 0), start=CUT)],
        ),
    ],
)
def test_a_role_that_had_ended_before(before: list[Layer], after: list[Layer]) -> None:
    given = update(before, after, page(1))
    assert texts("references", given) == []
    assert not needs_rules(given)


@pytest.mark.parametrize(
    "reference", [page(0), page(), page(1, schedule=6), page(1, enabled=False)]
)
def test_a_role_that_nothing_pages(reference: Reference) -> None:
    given = update(BOTH, [ALONE], reference)
    assert needs_rules(given)
    assert texts("references", given) == []


def test_nothing_is_asked_of_a_schedule_that_is_new_or_stays() -> None:
    same = live()
    assert not needs_rules(case(desired()))
    assert not needs_rules(replace(case(desired(), same), after=same))
    assert needs_rules(delete())


def calendar(*people: int) -> Calendar:
    """Those are on call from now on."""
    shifts = (Shift(NOW, NOW + WEEK, one_person(*people)),) if people else ()
    return Calendar(NOW, NOW + WEEK, (), shifts)


def incident(number: str = "A1", *people: int, **fields: Any) -> Incident:
    whole = {"title": "Disk full", "severity": "Critical", "link": "https://x.test/1", **fields}
    return Incident(number, people=frozenset(people), **whole)


def relieving(before: Calendar | None, after: Calendar | None, *incidents: Incident) -> Case:
    given = effect(before=before, after=after)
    return case(desired(), live(), effect=given, incidents=incidents)


def test_who_goes_off_call_with_an_open_incident() -> None:
    given = relieving(calendar(1, 2), calendar(2, 3), incident("A1", 1, 3), incident("A2", 2))
    assert texts("open_incidents", given) == [
        (
            "alice goes off call right now and handles 1 open incident: A1 `Disk full` (Critical, "
            "https://x.test/1); let them hand over before you apply"
        )
    ]


def test_the_gravest_are_named_and_all_are_counted() -> None:
    severities = ["Info", "Other", "Warning", "Critical", "Critical"]
    many = [
        incident(f"A{place}", 1, severity=one, link="", title=f"No. {place}")
        for place, one in enumerate(severities)
    ]
    (found,) = texts("open_incidents", relieving(calendar(1), calendar(2), *many))
    assert "handles 5 open incidents: A3 `No. 3` (Critical), A4 `No. 4` (Critical), A2 " in found
    assert "A2 `No. 2` (Warning), and 2 more incidents; let" in found


def test_a_title_cannot_end_its_quote() -> None:
    given = relieving(calendar(1), calendar(), incident("A1", 1, title="a`b` c", severity=""))
    (found,) = texts("open_incidents", given)
    assert "A1 `a'b' c` (https://x.test/1);" in found


def test_a_delete_relieves_whoever_is_on_call() -> None:
    given = delete(effect=effect(before=calendar(1)), incidents=(incident("A1", 1),))
    assert find_relieved(given) == {1}
    assert len(texts("open_incidents", given)) == 1


@pytest.mark.parametrize(
    "given",
    [
        relieving(calendar(1), calendar(1), incident("A1", 1)),
        relieving(calendar(1), calendar(2), incident("A1", 2)),
        relieving(calendar(), calendar(1), incident("A1", 1)),
        relieving(None, calendar(1), incident("A1", 1)),
        relieving(calendar(1), None, incident("A1", 1)),
        case(desired(), live(), incidents=(incident("A1", 1),)),
        case(desired(), incidents=(incident("A1", 1),)),
    ],
)
def test_nobody_is_named_who_stays_or_of_whom_nothing_is_known(given: Case) -> None:
    assert texts("open_incidents", given) == []
