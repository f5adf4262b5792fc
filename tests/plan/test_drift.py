"""What an acceptance holds for: whole segments of a path, and schedules by name or glob."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flashsync.errors import Position
from flashsync.plan.drift import Acceptance, filter_accepted, warn_of_undoing
from flashsync.plan.model import Reason
from tests.plan.helpers import NOW, ZONE, desired, live, plan_of

SOURCE = Position("flashsync.yaml", 9, 5)


def acceptance(field: str = "", schedule: str = "Production", until: int = NOW + 1) -> Acceptance:
    return Acceptance(schedule, field, "why not", until, SOURCE)


@pytest.mark.parametrize(
    ("field", "path", "holds"),
    [
        ("", "anything", True),
        ("description", "description", True),
        ("description", "descriptions", False),
        ("layers", "layers[Primary].groups", True),
        ("layers[Primary]", "layers[Primary]", True),
        ("layers[Primary]", "layers[Primary].groups", True),
        ("layers[Primary]", "layers[Primary (2)].groups", False),
        ("layers[Primary]", "layers[Primary].x].groups", False),  # a layer named `Primary].x`
        ("layers[Primary].groups", "layers[Primary].groups", True),
        ("layers[Primary].group", "layers[Primary].groups", False),
        ("notify", "notify.chats[ops].token", True),
        ("notify.chats", "notify.chats[ops].token", True),
        ("notify.chats", "notify.before", False),
        ("notify.chats[ops]", "notify.chats[ops].token", True),
        ("notify.chats[ops]", "notify.chats[ops 2].token", False),
    ],
)
def test_a_field_is_whole_segments(field: str, path: str, holds: bool) -> None:
    assert acceptance(field).holds(path) is holds


@pytest.mark.parametrize(
    ("pattern", "name", "named"),
    [
        ("Production", "Production", True),
        ("Prod*", "Production", True),
        ("[x]", "[x]", True),  # a name is a name, even where it looks like a glob
        ("production", "Production", False),
    ],
)
def test_a_schedule_is_named_or_globbed(pattern: str, name: str, named: bool) -> None:
    assert acceptance(schedule=pattern).names(name) is named


def test_the_first_match_is_shown_and_an_expired_entry_never() -> None:
    plan = plan_of([desired(description="new")], [live()])
    over, holding = acceptance(until=NOW), acceptance("description")
    found = filter_accepted(plan, [over, holding], ZONE, complete=True)
    assert [one.by for one in found.accepted] == [holding]
    assert [one.reason for one in found.plan.actions] == [Reason.ACCEPTED]
    assert (found.plan.empty, found.plan.notes) == (True, ())
    found = filter_accepted(plan, [over], ZONE, complete=True)
    assert found.accepted == ()
    (write,) = found.plan.writes
    assert "that is over" in write.remarks.warnings[0].text


def test_without_an_acceptance_nothing_is_otherwise() -> None:
    plan = plan_of([desired(description="new"), desired("Gone", absent=True)], [live()])
    assert filter_accepted(plan, [], ZONE, complete=True).plan == plan
    assert warn_of_undoing(plan, [acceptance("team")], ZONE) == plan


def test_what_is_dropped_because_it_is_over_undoes_nothing() -> None:
    plan = plan_of([desired(description="new")], [live()])
    (write,) = warn_of_undoing(plan, [acceptance()], ZONE).writes
    assert write.remarks.warnings
    tidied = replace(plan, actions=tuple(replace(one, reason=Reason.TIDIED) for one in plan.writes))
    assert warn_of_undoing(tidied, [acceptance()], ZONE) == tidied
