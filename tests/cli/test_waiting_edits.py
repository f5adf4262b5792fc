"""A second edit while a dated one waits: nobody moves before the time that an edit gives."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.console import Terminal
from tests.cli.test_cadence import FOUR, THREE, ZONE, in_words, live, rota
from tests.clock import NOW
from tests.promises import oracle

pytestmark = pytest.mark.at(NOW)  # Sat 21 Nov 2026 16:33:20 in Shanghai

DATE = "2026-12-14 10:00"
MOMENT = 1_797_213_600
"""That date in Unix seconds, a Monday."""
DAY = 86400


@pytest.fixture
def waiting(terminal: Terminal) -> Terminal:
    """A weekly rota of three; that a fourth joins on Mon 14 Dec is applied, and waits."""
    terminal.declare(rota(*THREE))
    terminal.apply()
    terminal.declare(rota(*FOUR))
    terminal.apply("--rollout", DATE)
    return terminal


def duty(terminal: Terminal) -> list[oracle.Stretch]:
    """Who is on call up to the date for which the first edit waits."""
    return oracle.duty(live(terminal), ZONE, terminal.clock.now, MOMENT)


@pytest.mark.parametrize(
    "people",
    [[*FOUR, "erin@example.com"], FOUR[1:], [FOUR[1], FOUR[0], *FOUR[2:]]],
    ids=["joiner", "leaver", "order"],
)
def test_it_joins_the_edit_that_waits_and_says_so(waiting: Terminal, people: list[str]) -> None:
    before = duty(waiting)
    waiting.declare(rota(*people))
    planned = waiting("plan")
    assert planned.code == 0, planned
    assert "an earlier edit waits for 2026-12-14 10:00, and both take effect as one then" in (
        in_words(planned)
    )
    waiting.apply()
    assert duty(waiting) == before
    assert waiting("plan", "--detailed-exitcode").code == 0
    waiting.clock.advance(40 * DAY)
    assert waiting("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("rollout", ["now", "2026-12-01 10:00"])
def test_it_is_refused_where_it_would_bring_the_first_forward(
    waiting: Terminal, rollout: str
) -> None:
    waiting.declare(rota(*FOUR[1:]))
    refused = waiting("plan", "--rollout", rollout, "--detailed-exitcode")
    assert refused.code == 1
    text = in_words(refused)
    assert "has an edit that waits for 2026-12-14 10:00, and this one would bring it" in text
    assert "give 2026-12-14 10:00 or later as its `rollout`" in text


def test_a_later_date_leaves_the_first_its_own(waiting: Terminal) -> None:
    before = duty(waiting)
    waiting.declare(rota(*FOUR, "erin@example.com"))
    waiting.apply("--rollout", "2027-01-06 10:00")
    assert duty(waiting) == before
    staff = [len(link.groups) for link in oracle.rotations(live(waiting), "Primary")]
    assert staff[0] == 3
    assert 4 in staff
    assert staff[-1] == 5
    assert waiting("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("rollout", [[], ["--rollout", "now"]], ids=["by default", "now"])
def test_the_edit_that_waits_can_be_taken_back(waiting: Terminal, rollout: list[str]) -> None:
    waiting.declare(rota(*THREE))
    waiting.apply(*rollout)
    (link,) = oracle.rotations(live(waiting), "Primary")
    assert link.end is None
    assert waiting("plan", "--detailed-exitcode").code == 0


def test_a_leaver_is_not_told_to_come_off_by_rollout_now(waiting: Terminal) -> None:
    """`now` would be refused as long as an edit waits; an override is the way."""
    (on_call,) = {person for stretch in duty(waiting)[:1] for person in stretch[2]}
    leaver = next(
        address
        for address in FOUR
        if waiting.sandbox.world.account.person(address).person_id == on_call[0]
    )
    waiting.declare(rota(*[address for address in FOUR if address != leaver]))
    text = in_words(waiting("plan"))
    assert "stays on call until Mon 23 Nov 10:00 (an override takes them off at once)" in text
    assert "`rollout: now`" not in text


def test_an_edit_in_the_console_of_the_rota_that_runs_is_not_hidden(waiting: Terminal) -> None:
    """It is no difference, as only the last link is compared, but somebody else is on call."""

    def replace_running(found: dict[str, Any]) -> None:
        running = min(found["layers"], key=lambda link: link["layer_start"])
        person = waiting.sandbox.world.account.person("frank@example.com").person_id
        for group in running["groups"]:
            group["members"][0]["person_ids"] = [person]

    waiting.sandbox.console.edit("Production", replace_running)
    expected = (
        "note: `Production`: until Mon 14 Dec 10:00 an earlier rota of layers[Primary] runs: "
        "Frank Müller"
    )
    for command in ("drift", "plan"):
        ended = waiting(command)
        assert ended.code == 0
        assert expected in in_words(ended)
