"""`validate` judges what files alone tell: each finding at its line, by the level of its check."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

import pytest

from tests.cli.console import Ended, Terminal

NOW = 1_790_000_000
"""2026-09-21 22:13 in Asia/Shanghai."""
pytestmark = pytest.mark.at(NOW)  # the texts hold dates
ROTA = """\
schedule: Production
layers:
  - layer: Nights
    rotation: 1 day
    start: 2026-01-05 18:10
    days: mon-fri
    hours: 18:00-09:00
    groups: [alice@example.com, bob@example.com]
  - layer: Office
    rotation: 1 day
    start: 2026-01-05 12:00
    hours:
      - 09:00-18:00
    groups: [alice@example.com, bob@example.com]
  - layer: Alone
    rotation: 12 hours
    start: 2026-01-05 08:00
    groups:
      - carol@example.com
overrides:
  - {override: Cover, from: 2030-01-05 08:00, to: 2030-01-05 09:10, people: [dave@example.com]}
notify:
  by: [email]
"""
TESTED = """\
schedule: Tested
layers:
  - layer: Primary
    rotation: 1 week
    handoff: mon 10:00
    start: 2026-01-05 10:00
    hours: 09:00-18:00
    days: sat
    groups: [alice@example.com, bob@example.com]
rollout: 2026-01-12 10:00
expect:
  - {at: 2026-12-25 10:00, on_call: [alice@example.com]}
  - {at: 2026-01-25 10:00, on_call: [alice@example.com]}
  - always: covered
    from: 2026-12-25 10:00
    to: 2026-12-27 10:00
  - {at_most: 8 hours}
  - {at_most: 1 day}
"""


def validated(terminal: Terminal, text: str, *arguments: str) -> Ended:
    terminal.write("schedules/a.yaml", text)
    return terminal("validate", *arguments)


def test_every_finding_has_its_line(terminal: Terminal) -> None:
    ended = validated(terminal, ROTA)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "schedules/a.yaml:5:12: warning: Mon 5 Jan 18:10 is not a whole half-hour, as the platform wants (unaligned_start); write a time that ends in :00 or :30",
        "schedules/a.yaml:7:12: warning: `days` end at 24:00, so the window 18:00-09:00 of layer `Nights` loses the morning after the last day (masked_midnight); for all nights that begin on these days write `hours: mon-fri 18:00-09:00`, without `days`; turns then count all days, so others may be on call",
        "schedules/a.yaml:13:7: warning: turns of layer `Office` change at 12:00, inside its hours 09:00-18:00 (turn_in_window); let turns change where a window begins",
        "schedules/a.yaml:19:7: warning: carol@example.com alone has all turns of layer `Alone` (single_person); add a second person to `groups`",
        "schedules/a.yaml:21:51: warning: Sat 5 Jan 2030 09:10 is not a whole half-hour, as the platform wants (unaligned_start); write a time that ends in :00 or :30",
        "schedules/a.yaml:23:3: warning: `notify` says how to notify people but not when, so nobody gets a notice (idle_notify); add `before` or `daily_at`",
        "1 file, 1 schedule: 6 warnings in 1 file",
    ]


def test_levels_rule(terminal: Terminal) -> None:
    checks = dict.fromkeys(("unaligned_start", "masked_midnight", "turn_in_window"), "off")
    terminal.config(checks={**checks, "single_person": "error", "idle_notify": "off"})
    ended = validated(terminal, ROTA)
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "schedules/a.yaml:19:7: carol@example.com alone has all turns of layer `Alone` (single_person); add a second person to `groups`",
        "1 file, 1 schedule: 1 error in 1 file",
    ]


def test_clocks_change(terminal: Terminal) -> None:
    terminal.config(timezone="Europe/Berlin")
    text = ROTA.partition("  - layer: Nights")[0] + ROTA[ROTA.index("  - layer: Alone") :]
    text = text.replace(
        "      - carol@example.com", "      - carol@example.com\n      - alice@example.com"
    )
    ended = validated(terminal, text)
    assert (
        "schedules/a.yaml:4:15: warning: turns of 12 hours are elapsed time: from Sun 25 Oct 02:00 on, "
        "when clocks change in Europe/Berlin, layer `Alone` changes at 08:00 where it did at 09:00 "
        "(wall_clock_shift); "
    ) in ended.out


def test_rota_tests_that_files_can_answer(terminal: Terminal) -> None:
    ended = validated(terminal, TESTED)
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.splitlines() == [
        "schedules/a.yaml:10:10: warning: this rollout is in the past, so `next_handoff` applies; remove it, or write a later time",
        "schedules/a.yaml:14:5: nobody is on call Fri 25 Dec 10:00 – Sat 26 Dec 09:00, and 1 more gap, in a time that is expected to be covered (expect); change the rota, or what it is expected to be",
        "schedules/a.yaml:17:5: at most 8 hours in a row are expected, but bob@example.com is on call Sat 26 Sep 09:00 – Sat 26 Sep 18:00, 9 h, and too long as well: alice@example.com (expect); change the rota, or what it is expected to be",
        "1 file, 1 schedule: 2 errors and 1 warning in 1 file",
        "1 expectation that only the account can answer was not run; `plan` does that",
        "1 expectation is past and was not run",
    ]


@pytest.mark.parametrize(
    ("old", "new", "timezone", "count"),
    [
        ("    days: sat\n", "    fair: true\n", "Asia/Shanghai", 4),
        ("", "", None, 4),
        ("rollout: 2026-01-12 10:00\n", "absent: true\n", "Asia/Shanghai", 0),
    ],
)
def test_what_files_cannot_answer_is_counted(
    terminal: Terminal, old: str, new: str, timezone: str | None, count: int
) -> None:
    text = f"version: 1\ntimezone: {timezone}\n" if timezone else "version: 1\n"
    terminal.write("flashsync.yaml", text)
    ended = validated(terminal, TESTED.replace(old, new) if old else TESTED)
    assert ended.code == 0
    said = f"{count} expectations that only the account can answer were not run; `plan` does that\n"
    assert (said in ended.out) is bool(count)
    github = terminal("validate", "--format", "github")
    assert (said in github.err) is bool(count)
    assert "not run" not in terminal("validate", "--format", "json").out


def test_what_is_past_is_counted(terminal: Terminal) -> None:
    past = "  - {at: 2026-01-26 10:00, not: [alice@example.com]}\n"
    ended = validated(terminal, TESTED + past)
    assert ended.out.endswith("\n2 expectations are past and were not run\n")
    github = terminal("validate", "--format", "github")
    assert github.err.endswith("2 expectations are past and were not run\n")
    assert terminal("validate", "--format", "json").json["read"]["past"] == 2


def test_checks_without_the_zone_are_left_out(terminal: Terminal) -> None:
    terminal.write("flashsync.yaml", "version: 1\n")
    ended = validated(terminal, ROTA)
    said = {line.partition("(")[2].partition(")")[0] for line in ended.out.splitlines()[1:-1]}
    assert said == {"single_person", "idle_notify"}


def test_names_are_the_short_ones(terminal: Terminal) -> None:
    terminal.config(people={"carol": "carol@example.com"})
    ended = validated(terminal, ROTA.replace("- carol@example.com", "- carol"))
    assert "19:7: warning: carol alone has all turns of layer `Alone`" in ended.out


def test_a_misspelt_check_is_an_error(terminal: Terminal) -> None:
    terminal.write(
        "flashsync.yaml", "checks:\n  single_persn: off\n  idle_notify: {level: warn, within: 1h}\n"
    )
    ended = validated(terminal, ROTA)
    assert ended.code == 1
    assert ended.out.startswith(
        "flashsync.yaml:2:3: unknown check `single_persn`; did you mean single_person?\n"
    )
    terminal.write("flashsync.yaml", "checks:\n  idle_notify: {level: warn, within: 1h}\n")
    assert terminal("validate").out.startswith(
        "flashsync.yaml:2:3: `within` works only for `short_notice`; remove it from `idle_notify`\n"
    )
