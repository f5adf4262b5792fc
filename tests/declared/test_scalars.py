"""The small languages: every accepted form, and the errors for others."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from flashsync.declared import config, fields, notify, people, scalars, schedule
from flashsync.declared.scalars import Moment
from flashsync.model.schedule import Hours, Rotation, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK
from tests.declared.helpers import steady


def error(parse: Callable[[Any], object], tree: object) -> str:
    """What a parser says about a tree that it refuses."""
    with pytest.raises(PydanticCustomError) as found:
        parse(tree)
    context = found.value.context or {}
    return "; ".join(part for part in (context["message"], context["remedy"]) if part)


@pytest.mark.parametrize(
    ("text", "rotation"),
    [
        ("1 week", (1, "week")),
        ("7 days", (7, "day")),
        ("1  Week ", (1, "week")),
        ("12hours", (12, "hour")),
        ("30 months", (30, "month")),
        ("hourly", (1, "hour")),
        ("daily", (1, "day")),
        ("weekly", (1, "week")),
        ("Monthly", (1, "month")),
    ],
)
def test_rotations(text: str, rotation: tuple[int, str]) -> None:
    assert scalars.parse_rotation(text) == Rotation(rotation[0], Unit(rotation[1]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 days", "a turn must last 1 to 30 days, got `0 days`"),
        ("31 hours", "a turn must last 1 to 30 hours, got `31 hours`"),
        ("week", "expected the length of a turn, got `week`; write 1 week"),
        ("-1 days", "expected the length of a turn, got `-1 days`; use a value like 1 week, 12 hours or daily"),
        ("１ week", "`１ week` has full-width characters or long dashes; write 1 week"),
        ("٣ days", "expected the length of a turn, got `٣ days`; use a value like 1 week, 12 hours or daily"),
    ],
)  # fmt: skip
def test_rotations_that_are_none(text: str, said: str) -> None:
    assert error(scalars.parse_rotation, text) == said


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("mon 10:00", 10 * HOUR),
        ("MONDAY 0:00", 0),
        ("sun 23:59", 6 * DAY + 23 * HOUR + 59 * 60),
        (" wed  09:30 ", 2 * DAY + 9 * HOUR + 1800),
    ],
)
def test_handoffs(text: str, seconds: int) -> None:
    assert scalars.parse_handoff(text) == seconds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("10:00", "expected a time of the week, got `10:00`; use a value like mon 10:00"),
        ("mon 24:00", "must be before 24:00, got `mon 24:00`; write 00:00"),
        ("mon 10:60", "no such time in `mon 10:60`; use 00:00 to 24:00"),
        ("mon 10：00", "`mon 10：00` has full-width characters or long dashes; write mon 10:00"),
    ],
)  # fmt: skip
def test_handoffs_that_are_none(text: str, said: str) -> None:
    assert error(scalars.parse_handoff, text) == said


@pytest.mark.parametrize(
    ("text", "wall", "offset"),
    [
        ("1971-01-01 00:00", 31_536_000, None),
        ("2026-01-05 10:00", 1_767_607_200, None),
        ("2026-01-05T10:00", 1_767_607_200, None),
        ("2026-01-05 10:00:59", 1_767_607_259, None),
        ("2026-01-05 10:00Z", 1_767_607_200, 0),
        ("2026-01-05 10:00 +08:00", 1_767_607_200, 8 * HOUR),
        ("2026-01-05T10:00:00-0330", 1_767_607_200, -(3 * HOUR + 1800)),
        ("2026-01-05 10:00 +14:00", 1_767_607_200, 14 * HOUR),
        ("2028-02-29 00:00", 1_835_395_200, None),
        (" 2026-01-05 10:00 ", 1_767_607_200, None),
    ],
)
def test_times(text: str, wall: int, offset: int | None) -> None:
    assert scalars.parse_moment(text) == Moment(wall, offset)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-01-05", "`2026-01-05` is a date without a time; write 2026-01-05 00:00; the end is not included"),
        ("2026-01-05 24:00", "`2026-01-05 24:00` has the hour 24; write 00:00 of the next day"),
        ("2026-02-29 00:00", "no such date: 2026-02-29"),
        ("2026-13-01 00:00", "no such date: month 13"),
        ("2026-01-05 25:00", "no such time: 25:00; use 00:00 to 23:59"),
        ("2026-01-05 10:00:60", "no such time: 10:00:60; use 00:00 to 23:59"),
        ("0026-01-05 10:00", "the year must be 1971 to 2999, got `0026-01-05 10:00`"),
        ("1970-01-05 10:00", "the year must be 1971 to 2999, got `1970-01-05 10:00`"),
        ("9999-12-31 23:59", "the year must be 1971 to 2999, got `9999-12-31 23:59`"),
        ("2026-01-05 10:00 +15:00", "no zone has the offset in `2026-01-05 10:00 +15:00`; use an offset like +08:00"),
        ("2026-01-05 10:00 +08:60", "no zone has the offset in `2026-01-05 10:00 +08:60`; use an offset like +08:00"),
        ("2026-01-05 10", "expected a time, got `2026-01-05 10`; use a value like 2026-01-05 10:00"),
        ("05.01.2026 10:00", "expected a time, got `05.01.2026 10:00`; use a value like 2026-01-05 10:00"),
        ("2026-01-05 10：00", "`2026-01-05 10：00` has full-width characters or long dashes; write 2026-01-05 10:00"),
        ("", "expected a time, got ``; use a value like 2026-01-05 10:00"),
    ],
)  # fmt: skip
def test_times_that_are_none(text: str, said: str) -> None:
    assert error(scalars.parse_moment, text) == said


@pytest.mark.parametrize(
    ("texts", "every", "windows"),
    [
        (["09:00-18:00"], "day", [(9, 18)]),
        (["9:00 - 18:00"], "day", [(9, 18)]),
        (["00:00-24:00"], "day", [(0, 24)]),
        (["18:00-24:00"], "day", [(18, 24)]),
        (["18:00-00:00"], "day", [(18, 24)]),
        (["18:00-09:00"], "day", [(18, 9)]),
        (["14:00-18:00", "09:00-12:00", "09:00-12:00"], "day", [(9, 12), (14, 18)]),
        (["mon 09:00 - fri 18:00"], "week", [(9, 4 * 24 + 18)]),
        (["fri 18:00 - mon 09:00"], "week", [(4 * 24 + 18, 9)]),
        (["mon 00:00-sun 24:00"], "week", [(0, 168)]),
        (["sun 18:00 - mon 00:00"], "week", [(6 * 24 + 18, 168)]),
        (["mon-tue 09:00-18:00"], "week", [(9, 18), (33, 42)]),
        (["mon 00:00-24:00"], "week", [(0, 24)]),
        (["sat - mon 18:00-09:00"], "week", [(18, 33), (138, 153), (162, 9)]),
        (["sun 18:00-24:00"], "week", [(162, 168)]),
        (["sunday 18:00-06:00"], "week", [(162, 6)]),
    ],
)
def test_hours(texts: list[str], every: str, windows: list[tuple[int, int]]) -> None:
    in_seconds = tuple((start * HOUR, end * HOUR) for start, end in windows)
    assert scalars.parse_hours(texts) == Hours(every, in_seconds)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "`hours` is empty; add a window like 09:00-18:00 or remove the key"),
        (["09:00-09:00"], "`09:00-09:00` begins and ends at the same time; change one of them, or remove `hours` for the whole day"),
        (["mon-fri 09:00-09:00"], "`mon-fri 09:00-09:00` begins and ends at the same time; change one of them, or remove `hours` for the whole day"),
        (["mon 09:00 - mon 09:00"], "`mon 09:00 - mon 09:00` begins and ends at the same time; change one of them, or remove `hours` for the whole day"),
        (["24:00-09:00"], "must be before 24:00, got `24:00-09:00`; write 00:00"),
        (["09:00-25:00"], "no such time in `09:00-25:00`; use 00:00 to 24:00"),
        (["09:00-18:00", "mon 09:00-18:00"], "`hours` mixes daily and weekly windows; name the days in each, or in none"),
        (["09-18"], "expected a window of hours, got `09-18`; use a value like 09:00-18:00 or mon-fri 09:00-18:00"),
        (["09:00–18:00"], "`09:00–18:00` has full-width characters or long dashes; write 09:00-18:00"),
        (["０９：００～１８：００"], "`０９：００～１８：００` has full-width characters or long dashes; write 09:00-18:00"),
    ],
)  # fmt: skip
def test_hours_that_are_none(texts: list[str], said: str) -> None:
    assert error(scalars.parse_hours, texts) == said


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (["mon-fri"], {1, 2, 3, 4, 5}),
        (["sun"], {0}),
        (["Sat - Mon"], {6, 0, 1}),
        (["sun-sat"], {0, 1, 2, 3, 4, 5, 6}),
        (["fri-fri"], {5}),
        (["mon", "wednesday", "mon"], {1, 3}),
        (["mon-tue", "sun"], {0, 1, 2}),
    ],
)
def test_days(texts: list[str], days: set[int]) -> None:
    assert scalars.parse_days(texts) == frozenset(days)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "`days` is empty; add days like mon-fri or remove the key"),
        (["mo"], "expected a day or a range of days, got `mo`; use a value like mon-fri or [sat, sun]"),
        (["mon,tue"], "expected a day or a range of days, got `mon,tue`; use a value like mon-fri or [sat, sun]"),
        (["mon–fri"], "`mon–fri` has full-width characters or long dashes; write mon-fri"),
        (["1-5"], "expected a day or a range of days, got `1-5`; use a value like mon-fri or [sat, sun]"),
    ],
)  # fmt: skip
def test_days_that_are_none(texts: list[str], said: str) -> None:
    assert error(scalars.parse_days, texts) == said


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0 min", 0), ("5 min", 300), ("30m", 1800), ("10 minutes", 600), ("1 hour", 3600), ("2h", 7200)],
)  # fmt: skip
def test_leads(text: str, seconds: int) -> None:
    assert scalars.parse_lead(text) == seconds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("7 min", "must be a multiple of 5 min, got `7 min`; write 5 min"),
        ("1 min", "must be a multiple of 5 min, got `1 min`; write 5 min"),
        ("13 min", "must be a multiple of 5 min, got `13 min`; write 15 min"),
        ("5", "expected a time before the shift, got `5`; use a value like 30 min"),
        ("off", "expected a time before the shift, got `off`; use a value like 30 min"),
    ],
)
def test_leads_that_are_none(text: str, said: str) -> None:
    assert error(scalars.parse_lead, text) == said


@pytest.mark.parametrize(
    ("text", "clock"), [("08:00", "08:00"), ("8:05", "08:05"), (" 23:59 ", "23:59")]
)
def test_times_of_day(text: str, clock: str) -> None:
    assert scalars.parse_clock(text) == clock


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("24:00", "must be before 24:00, got `24:00`; write 00:00"),
        ("08:00:00", 'expected a time of day, got `08:00:00`; use a value like "08:00"'),
        ("8", 'expected a time of day, got `8`; use a value like "08:00"'),
    ],
)
def test_times_of_day_that_are_none(text: str, said: str) -> None:
    assert error(scalars.parse_clock, text) == said


@pytest.mark.parametrize(
    ("text", "seconds"), [("24h", DAY), ("7 days", WEEK), ("90 min", 5400), ("1 hour", HOUR)]
)
def test_lengths_of_time(text: str, seconds: int) -> None:
    assert scalars.parse_span(text) == seconds


def test_a_length_of_time_that_is_none() -> None:
    assert (
        error(scalars.parse_span, "soon")
        == "expected a length of time, got `soon`; use a value like 24h"
    )


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("007", 7), (" 9223372036854775807 ", 2**63 - 1)]
)
def test_whole_numbers(text: str, number: int) -> None:
    assert fields.parse_whole(text) == number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9223372036854775808", "must be below 2^63, got `9223372036854775808`"),
        ("0" * 30 + "9" * 9000, f"must be below 2^63, got `{'0' * 30}{'9' * 30}…`"),
        ("-1", "must be 0 or more, got -1"),
        ("1.0", "expected a whole number, got `1.0`; use a value like 5"),
        ("²", "`²` has full-width characters or long dashes; write 2"),
        ("５", "`５` has full-width characters or long dashes; write 5"),
    ],
)  # fmt: skip
def test_whole_numbers_that_are_none(text: str, said: str) -> None:
    assert error(fields.parse_whole, text) == said


@pytest.mark.parametrize(
    ("text", "kind", "at"),
    [
        ("next_handoff", "next_handoff", None),
        ("now", "now", None),
        (" exact ", "exact", None),
        ("2026-01-05 10:30", "at", Moment(1_767_609_000)),
    ],
)
def test_rollouts(text: str, kind: str, at: Moment | None) -> None:
    found = schedule.parse_rollout(text)
    assert (found.kind.value, found.at) == (kind, at)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soon", "unknown rollout `soon`; use next_handoff, now, exact, or a time"),
        ("2026-01-05 10:10", "must be a full or half hour, got `2026-01-05 10:10`; use a time that ends in :00 or :30"),
        ("2026-01-05", "`2026-01-05` is a date without a time; write 2026-01-05 00:00; the end is not included"),
    ],
)  # fmt: skip
def test_rollouts_that_are_none(text: str, said: str) -> None:
    assert error(schedule.parse_rollout, text) == said


def test_names_are_cut_and_counted_in_characters() -> None:
    parse = fields.name(40, "a schedule's name")
    assert parse("  On-Call\u3000") == "On-Call"
    assert parse("e\u0301" * 40) == "\u00e9" * 40
    assert parse("值" * 40) == "值" * 40
    assert parse("团队\u3000一") == "团队\u3000一"
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert parse(family) == family
    said = error(parse, "值" * 41)
    assert said == f"`{'值' * 41}` has 41 characters; a schedule's name has at most 40"
    assert error(parse, " ") == "a schedule's name must not be empty"
    controls = (
        "a schedule's name contains a line break or a control character; write it on one line"
    )
    for text in ("a\nb", "a\u2028b", "a\x1bb", "a\0b", "a\ud800b"):
        assert error(parse, text) == controls


def test_descriptions_keep_their_lines() -> None:
    assert schedule.parse_description("a\r\nb\tc\n") == "a\nb\tc"
    assert schedule.parse_description("") == ""
    assert schedule.parse_description("x" * 500 + "\n") == "x" * 500
    too_long = "the description has 501 characters; the limit is 500"
    assert error(schedule.parse_description, "值" * 501) == too_long
    control = "the description contains a control character; remove it"
    assert error(schedule.parse_description, "a\x1b[31m") == control


def test_flags() -> None:
    assert [fields.parse_flag(text) for text in ("true", "True", " FALSE ")] == [True, True, False]
    for text in ("yes", "1", "on", ""):
        assert error(fields.parse_flag, text) == f"expected true or false, got `{text}`"


def test_long_and_odd_texts_are_shown_short_and_on_one_line() -> None:
    said = error(scalars.parse_lead, "x" * 70 + "\n\x1b[31m")
    assert said == f"expected a time before the shift, got `{'x' * 60}…`; use a value like 30 min"
    assert error(scalars.parse_lead, "a\x1b\nb").startswith(
        "expected a time before the shift, got `a� b`;"
    )


PARSERS: tuple[Callable[[str], object], ...] = (
    scalars.parse_rotation,
    scalars.parse_handoff,
    scalars.parse_moment,
    scalars.parse_clock,
    scalars.parse_lead,
    scalars.parse_span,
    lambda text: scalars.parse_hours([text]),
    lambda text: scalars.parse_days([text]),
    fields.parse_flag,
    fields.parse_whole,
    fields.name(40),
    schedule.parse_rollout,
    schedule.parse_description,
    schedule.parse_override_name,
    schedule.parse_team,
    config.parse_version,
    config.parse_timezone,
    config.parse_percent,
    config.parse_short_name,
    notify.parse_channel,
    notify.parse_secret,
    lambda text: notify.parse_channels([text]),
    people.parse_person,
    lambda text: people.parse_person({"id": text}),
    lambda text: people.parse_person({"email": text}),
    lambda text: people.parse_person({"name": text}),
    lambda text: notify.parse_secret({"env": text}),
)
near_misses = st.text(
    st.sampled_from("0123456789:-–：０１٣²ZT+ .%@$*\n\t\0abcdehimnortuwy"), max_size=30
)


@pytest.mark.parametrize("parse", PARSERS)
def test_any_text_gives_a_value_or_our_error(parse: Callable[[str], object]) -> None:
    @steady
    @given(st.text(max_size=50) | near_misses)
    @example("9" * 5000)
    @example("\ud800")
    @example("")
    def any_text(text: str) -> None:
        try:
            parse(text)
        except PydanticCustomError as wrong:
            context = wrong.context or {}
            assert "\n" not in context["message"] + context["remedy"]
            assert context["message"]

    any_text()
