"""The small languages: every form of the design, and what is said about others."""

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
    assert scalars.rotation(text) == Rotation(rotation[0], Unit(rotation[1]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 days", "a turn cannot last `0 days`; write 1 to 30 days"),
        ("31 hours", "a turn cannot last `31 hours`; write 1 to 30 hours"),
        ("week", "`week` is not the length of a turn; write for example 1 week, 12 hours or daily"),
        ("-1 days", "`-1 days` is not the length of a turn; write for example 1 week, 12 hours or daily"),
        ("１ week", "`１ week` has full-width characters or long dashes; write 1 week, with the characters of a plain keyboard"),
        ("٣ days", "`٣ days` is not the length of a turn; write for example 1 week, 12 hours or daily"),
    ],
)  # fmt: skip
def test_rotations_that_are_none(text: str, said: str) -> None:
    assert error(scalars.rotation, text) == said


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
    assert scalars.handoff(text) == seconds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("10:00", "`10:00` is not a time of the week; write for example mon 10:00"),
        ("mon 24:00", "`mon 24:00` has 24:00 where no day ends; write 00:00"),
        ("mon 10:60", "`mon 10:60` has a time that no clock shows; write 00:00 to 24:00"),
        ("mon 10：00", "`mon 10：00` has full-width characters or long dashes; write mon 10:00, with the characters of a plain keyboard"),
    ],
)  # fmt: skip
def test_handoffs_that_are_none(text: str, said: str) -> None:
    assert error(scalars.handoff, text) == said


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
    assert scalars.moment(text) == Moment(wall, offset)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-01-05", "`2026-01-05` is a date without a time; write 2026-01-05 00:00; the end is not included"),
        ("2026-01-05 24:00", "`2026-01-05 24:00` has the hour 24; write 00:00 of the next day"),
        ("2026-02-29 00:00", "`2026-02-29 00:00` is in no calendar; check day, month and hour"),
        ("2026-13-01 00:00", "`2026-13-01 00:00` is in no calendar; check day, month and hour"),
        ("2026-01-05 25:00", "`2026-01-05 25:00` is in no calendar; check day, month and hour"),
        ("2026-01-05 10:00:60", "`2026-01-05 10:00:60` is in no calendar; check day, month and hour"),
        ("0026-01-05 10:00", "`0026-01-05 10:00` has a year that cannot be meant; write one from 1971 to 2999"),
        ("1970-01-05 10:00", "`1970-01-05 10:00` has a year that cannot be meant; write one from 1971 to 2999"),
        ("9999-12-31 23:59", "`9999-12-31 23:59` has a year that cannot be meant; write one from 1971 to 2999"),
        ("2026-01-05 10:00 +15:00", "`2026-01-05 10:00 +15:00` has an offset that no zone has; write for example +08:00"),
        ("2026-01-05 10:00 +08:60", "`2026-01-05 10:00 +08:60` has an offset that no zone has; write for example +08:00"),
        ("2026-01-05 10", "`2026-01-05 10` is not a time; write for example 2026-01-05 10:00"),
        ("05.01.2026 10:00", "`05.01.2026 10:00` is not a time; write for example 2026-01-05 10:00"),
        ("2026-01-05 10：00", "`2026-01-05 10：00` has full-width characters or long dashes; write 2026-01-05 10:00, with the characters of a plain keyboard"),
        ("", "`` is not a time; write for example 2026-01-05 10:00"),
    ],
)  # fmt: skip
def test_times_that_are_none(text: str, said: str) -> None:
    assert error(scalars.moment, text) == said


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
    assert scalars.hours(texts) == Hours(every, in_seconds)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "`hours` is empty; write 09:00-18:00, or leave the key out"),
        (["09:00-09:00"], "`09:00-09:00` begins and ends at the same time; leave `hours` out for the whole day, or change one of them"),
        (["mon-fri 09:00-09:00"], "`mon-fri 09:00-09:00` begins and ends at the same time; leave `hours` out for the whole day, or change one of them"),
        (["mon 09:00 - mon 09:00"], "`mon 09:00 - mon 09:00` begins and ends at the same time; leave `hours` out for the whole day, or change one of them"),
        (["24:00-09:00"], "`24:00-09:00` has 24:00 where no day ends; write 00:00"),
        (["09:00-25:00"], "`09:00-25:00` has a time that no clock shows; write 00:00 to 24:00"),
        (["09:00-18:00", "mon 09:00-18:00"], "`hours` mixes daily and weekly windows; name the days in each, or in none"),
        (["09-18"], "`09-18` is not a window of hours; write for example 09:00-18:00 or mon-fri 09:00-18:00"),
        (["09:00–18:00"], "`09:00–18:00` has full-width characters or long dashes; write 09:00-18:00, with the characters of a plain keyboard"),
        (["０９：００～１８：００"], "`０９：００～１８：００` has full-width characters or long dashes; write 09:00-18:00, with the characters of a plain keyboard"),
    ],
)  # fmt: skip
def test_hours_that_are_none(texts: list[str], said: str) -> None:
    assert error(scalars.hours, texts) == said


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
    assert scalars.days(texts) == frozenset(days)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "`days` is empty; write mon-fri, or leave the key out"),
        (["mo"], "`mo` is not a day or a range of days; write for example mon-fri or [sat, sun]"),
        (["mon,tue"], "`mon,tue` is not a day or a range of days; write for example mon-fri or [sat, sun]"),
        (["mon–fri"], "`mon–fri` has full-width characters or long dashes; write mon-fri, with the characters of a plain keyboard"),
        (["1-5"], "`1-5` is not a day or a range of days; write for example mon-fri or [sat, sun]"),
    ],
)  # fmt: skip
def test_days_that_are_none(texts: list[str], said: str) -> None:
    assert error(scalars.days, texts) == said


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0 min", 0), ("5 min", 300), ("30m", 1800), ("10 minutes", 600), ("1 hour", 3600), ("2h", 7200)],
)  # fmt: skip
def test_leads(text: str, seconds: int) -> None:
    assert scalars.lead(text) == seconds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("7 min", "`7 min` is not a step of 5 min; write 5 min"),
        ("1 min", "`1 min` is not a step of 5 min; write 5 min"),
        ("13 min", "`13 min` is not a step of 5 min; write 15 min"),
        ("5", "`5` is not a lead; write for example 30 min"),
        ("off", "`off` is not a lead; write for example 30 min"),
    ],
)
def test_leads_that_are_none(text: str, said: str) -> None:
    assert error(scalars.lead, text) == said


@pytest.mark.parametrize(
    ("text", "clock"), [("08:00", "08:00"), ("8:05", "08:05"), (" 23:59 ", "23:59")]
)
def test_times_of_day(text: str, clock: str) -> None:
    assert scalars.clock(text) == clock


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("24:00", "`24:00` has 24:00 where no day ends; write 00:00"),
        ("08:00:00", '`08:00:00` is not a time of day; write for example "08:00"'),
        ("8", '`8` is not a time of day; write for example "08:00"'),
    ],
)
def test_times_of_day_that_are_none(text: str, said: str) -> None:
    assert error(scalars.clock, text) == said


@pytest.mark.parametrize(
    ("text", "seconds"), [("24h", DAY), ("7 days", WEEK), ("90 min", 5400), ("1 hour", HOUR)]
)
def test_lengths_of_time(text: str, seconds: int) -> None:
    assert scalars.span(text) == seconds


def test_a_length_of_time_that_is_none() -> None:
    assert error(scalars.span, "soon") == "`soon` is not a length of time; write for example 24h"


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("007", 7), (" 9223372036854775807 ", 2**63 - 1)]
)
def test_whole_numbers(text: str, number: int) -> None:
    assert fields.whole(text) == number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9223372036854775808", "`9223372036854775808` is too large a number; write one below 2^63"),
        ("0" * 30 + "9" * 9000, f"`{'0' * 30}{'9' * 30}…` is too large a number; write one below 2^63"),
        ("-1", "`-1` is not a whole number; write for example 5"),
        ("1.0", "`1.0` is not a whole number; write for example 5"),
        ("²", "`²` has full-width characters or long dashes; write 2, with the characters of a plain keyboard"),
        ("５", "`５` has full-width characters or long dashes; write 5, with the characters of a plain keyboard"),
    ],
)  # fmt: skip
def test_whole_numbers_that_are_none(text: str, said: str) -> None:
    assert error(fields.whole, text) == said


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
    found = schedule.rollout(text)
    assert (found.kind.value, found.at) == (kind, at)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soon", "`soon` is no rollout; write next_handoff, now, exact, or a time"),
        ("2026-01-05 10:10", "`2026-01-05 10:10` is not a whole half-hour; write a time that ends in :00 or :30"),
        ("2026-01-05", "`2026-01-05` is a date without a time; write 2026-01-05 00:00; the end is not included"),
    ],
)  # fmt: skip
def test_rollouts_that_are_none(text: str, said: str) -> None:
    assert error(schedule.rollout, text) == said


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
    assert error(parse, " ") == "a schedule's name is empty; write one"
    controls = "a schedule's name holds a line break or a control character; write it on one line"
    for text in ("a\nb", "a\u2028b", "a\x1bb", "a\0b", "a\ud800b"):
        assert error(parse, text) == controls


def test_descriptions_keep_their_lines() -> None:
    assert schedule.description("a\r\nb\tc\n") == "a\nb\tc"
    assert schedule.description("") == ""
    assert schedule.description("x" * 500 + "\n") == "x" * 500
    too_long = "the description has 501 characters; a description has at most 500"
    assert error(schedule.description, "值" * 501) == too_long
    control = "the description holds a control character; leave it out"
    assert error(schedule.description, "a\x1b[31m") == control


def test_flags() -> None:
    assert [fields.flag(text) for text in ("true", "True", " FALSE ")] == [True, True, False]
    for text in ("yes", "1", "on", ""):
        assert (
            error(fields.flag, text) == f"`{text}` is neither true nor false; write true or false"
        )


def test_long_and_odd_texts_are_shown_short_and_on_one_line() -> None:
    said = error(scalars.lead, "x" * 70 + "\n\x1b[31m")
    assert said == f"`{'x' * 60}…` is not a lead; write for example 30 min"
    assert error(scalars.lead, "a\x1b\nb").startswith("`a� b` is not")


PARSERS: tuple[Callable[[str], object], ...] = (
    scalars.rotation,
    scalars.handoff,
    scalars.moment,
    scalars.clock,
    scalars.lead,
    scalars.span,
    lambda text: scalars.hours([text]),
    lambda text: scalars.days([text]),
    fields.flag,
    fields.whole,
    fields.name(40),
    schedule.rollout,
    schedule.description,
    schedule.override_name,
    schedule.team,
    config.version,
    config.timezone,
    config.percent,
    config.short_name,
    notify.channel,
    notify.secret,
    lambda text: notify.channels([text]),
    people.person,
    lambda text: people.person({"id": text}),
    lambda text: people.person({"email": text}),
    lambda text: people.person({"name": text}),
    lambda text: notify.secret({"env": text}),
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
