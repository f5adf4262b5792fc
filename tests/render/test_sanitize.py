"""Shared wording, and names that cannot do harm."""

from __future__ import annotations

import pytest

from flashsync.model.wording import moment
from flashsync.render.problems import ReadCount
from flashsync.render.sanitize import clean
from tests.render.looks import check_harmless
from tests.render.plans import NOW


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Production On-Call", "Production On-Call"),
        ("王小明 – Ｇｒａｃｅ 🎉", "王小明 – Ｇｒａｃｅ 🎉"),
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\x9b31mb", r"a\x9b31mb"),
        ("two\nlines\r\n\tand a tab", r"two\nlines\r\n\tand a tab"),
        ("\u202eevil\u202c", r"\u202eevil\u202c"),
        ("\u2066a\u2069\u200e\u200f", r"\u2066a\u2069\u200e\u200f"),
        ("al\u200bice\ufeff", r"al\u200bice\ufeff"),
        ("a\u2028b\x85c", r"a\u2028b\x85c"),
        ("\ud800", r"\ud800"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("::error::x", r"\x3a:error::x"),
        ("a ::stop-commands::x", r"a \x3a:stop-commands::x"),
        ("Team::Ops", "Team::Ops"),
        ("##[section]x ##vso[task]y", r"\x23#[section]x \x23#vso[task]y"),
        ("## Heading", "## Heading"),
        ("[bold]plain[/bold] :smile:", "[bold]plain[/bold] :smile:"),
    ],
)
def test_what_is_not_plainly_visible_is_escaped(text: str, shown: str) -> None:
    assert clean(text) == shown
    assert clean(shown) == shown


def test_no_control_or_format_character_is_left() -> None:
    check_harmless(clean("".join(map(chr, range(0x110000)))))


@pytest.mark.parametrize(
    ("instant", "timezone", "text"),
    [
        (1795399200, "Asia/Shanghai", "Mon 23 Nov 10:00"),
        (1795399200, "UTC", "Mon 23 Nov 02:00"),
        (1767578400, "Asia/Shanghai", "Mon 5 Jan 10:00"),
        (1767110400, "Asia/Shanghai", "Wed 31 Dec 2025 00:00"),
        (1798732800, "Asia/Shanghai", "Fri 1 Jan 2027 00:00"),
        (10**15, "UTC", "second 1000000000000000"),
    ],
)
def test_moment(instant: int, timezone: str, text: str) -> None:
    assert moment(instant, timezone, NOW) == text


def test_read_count() -> None:
    assert str(ReadCount(62, 60, 2)) == "62 files, 60 schedules, 2 not selected"
    assert str(ReadCount(1, 1)) == "1 file, 1 schedule"
