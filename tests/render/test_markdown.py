"""Markdown: what names may not do, by a real parser, and how long a document may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.errors import Position
from flashsync.render import markdown as md
from tests.properties import trying
from tests.render.judge import check_harmless, hostile, skeleton

BASE = "https://github.com/o/r/blob/main"
PLAIN = skeleton("- text\n\n" + md.head(["a", "b"]) + md.row(["x", "y"]))


@given(hostile, hostile)
@trying(15)
def test_no_name_leaves_its_place(one: str, other: str) -> None:
    for make in (md.text, md.code, md.prose):
        document = f"- {make(one)}\n\n" + md.head(["a", "b"]) + md.row([make(one), make(other)])
        assert skeleton(document) == PLAIN, document
        check_harmless(document)


@given(hostile)
@trying(10)
def test_no_name_closes_a_fold(name: str) -> None:
    document = md.fold(md.text(name), md.prose(name))
    assert skeleton(document) == skeleton(md.fold("name", "name"))
    check_harmless(document)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("Production On-Call (EU)", "Production On-Call (EU)"),
        ("ask @alice, see #12", "ask @&#8203;alice, see #&#8203;12"),
        ("on_call_now _now_", "on_call_now &#95;now&#95;"),
        ("a|b", "a&#124;b"),
        ("09:00-18:00, 10:00:30, 50 %", "09:00-18:00, 10:00:30, 50 %"),
        ("see deadbeef1234567", "see deadbe&#8203;ef1234&#8203;567"),
        ("id 5789640530410", "id 5789640530410"),
        ("a :tada: or :x", "a :&#8203;tada: or :&#8203;x"),
        ("two  blanks\nand a line", "two blanks\\nand a line".replace("\\", "&#92;")),
    ],
)
def test_text(given: str, text: str) -> None:
    assert md.text(given) == text


def test_sentences_keep_their_code() -> None:
    assert md.prose("write `absent: true` at deadbeef") == "write `absent: true` at `deadbeef`"
    assert md.prose("`a|b`") == "<code>a&#124;b</code>"
    assert md.prose("an odd ` one") == "an odd &#96; one"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://console.flashcat.cloud/incident/detail/6a?tab=1", "<{}>"),
        ("https://evil.example/console.flashcat.cloud/", "`{}`"),
        ("https://evil.example/https://console.flashcat.cloud/", "`{}`"),
        ("https://flashcat.cloud.evil.example/x", "`{}`"),
        ("https://me@flashcat.cloud/x", "`{}`"),
        ("http://console.flashcat.cloud/x", "`{}`"),
    ],
)
def test_only_addresses_of_the_console_are_links(url: str, shown: str) -> None:
    """Others may be somebody's text; they can still be copied whole."""
    assert md.prose(f"6A `Disk full` (Critical, {url}); wait") == (
        f"6A `Disk full` (Critical, {shown.format(url)}); wait"
    )


def test_long_texts_are_cut() -> None:
    assert md.text("x" * 1000, 5) == "xxxx…"
    assert md.text("x" * 5, 5) == "xxxxx"


@pytest.mark.parametrize(
    ("base", "file", "link"),
    [
        (BASE, "a b/ü(1).yaml", f"[a b/ü(1).yaml:3]({BASE}/a%20b/%C3%BC%281%29.yaml#L3)"),
        (f"{BASE}/", "a.yaml", f"[a.yaml:3]({BASE}/a.yaml#L3)"),
        (BASE, "/etc/a.yaml", "`/etc/a.yaml:3`"),
        (BASE, ".flashsync/journal/a.jsonl", "`.flashsync/journal/a.jsonl:3`"),
        (BASE, ".rotas/a.yaml", f"[&#46;rotas/a.yaml:3]({BASE}/.rotas/a.yaml#L3)"),
        ("", "a.yaml", "`a.yaml:3`"),
    ],
)
def test_places(base: str, file: str, link: str) -> None:
    assert md.Links(base).place(Position(file, 3, 7)) == link


@given(st.sampled_from([BASE, ""]), hostile)
@trying(10)
def test_no_file_name_breaks_its_link(base: str, name: str) -> None:
    document = f"see {md.Links(base).place(Position(name))} there"
    assert skeleton(document) == skeleton("a paragraph")
    check_harmless(document, base)
