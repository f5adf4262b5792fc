"""The journals of earlier runs in every format."""

from __future__ import annotations

import json

from hypothesis import given

from flashsync.errors import Level, Problem
from flashsync.model.people import Account
from flashsync.plan.journal.codec import Fate, Journal, Journals, Written
from flashsync.render.journals import (
    journals_json,
    render_journal_markdown,
    render_journals,
    render_journals_markdown,
)
from flashsync.render.markdown import Links
from flashsync.render.terminal import Screen
from tests.properties import trying
from tests.render.judge import check_harmless, hostile, skeleton

BROKEN = Problem("x.jsonl:3 is not a line of a journal", "take it out", level=Level.WARNING)
LINKS = Links()


def journal(named: str, **more: object) -> Journal:
    fields: dict[str, object] = {
        "id": "a1b2c3",
        "name": "20261121T020000Z-a1b2c3",
        "shown_as": "j/20261121T020000Z-a1b2c3.jsonl",
        "account": Account(1, named, "Asia/Shanghai"),
        "started_at": 1_795_226_400,
        "command": "apply",
        "writes": (
            Written("update", named, 5789640530410, Fate.DONE),
            Written("create", named, None, Fate.UNKNOWN),
            Written("delete", named, 7, Fate.NOT_DONE),
        ),
        **more,
    }
    return Journal(**fields)  # type: ignore[arg-type]


def test_a_table_the_latest_first() -> None:
    undo = journal("Acme", undo_of="a1b2c3", exit_code=0, writes=())
    assert render_journals_markdown(Journals((journal("Acme"), undo), (BROKEN,)), LINKS, 5_000) == (
        "### ⚠️ flashsync undo: 2 journals, 1 that cannot be read\n\n"
        "- x.jsonl:3 is not a line of a journal; take it out\n\n"
        "| Journal | Began | Run | Wrote | Ended |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| `20261121T020000Z-a1b2c3` | 2026-11-21 10:00 | undo of a1b2c3, Acme | nothing written "
        "| finished |\n"
        "| `20261121T020000Z-a1b2c3` | 2026-11-21 10:00 | apply of Acme | 1 updated, 1 unknown "
        "| it was killed, 1 write not done |\n"
    )


def test_none() -> None:
    assert (
        render_journals_markdown(Journals(()), LINKS, 5_000) == "### flashsync undo: 0 journals\n"
    )


def test_one_with_a_row_a_write_in_any_zone() -> None:
    assert render_journal_markdown(journal("Acme"), 5_000, "UTC") == (
        "### flashsync undo: `20261121T020000Z-a1b2c3`\n\n"
        "2026-11-21 02:00, apply of Acme: 1 updated, 1 unknown; it was killed, 1 write not done."
        "\n\n"
        "| Write | Schedule | What became of it |\n"
        "| --- | --- | --- |\n"
        "| ✓ update | Acme (id 5789640530410) | done |\n"
        "| ? create | Acme | unknown: it may or may not have been written |\n"
        "| &#45; delete | Acme (id 7) | not done |\n"
    )


def test_many_are_cut_the_oldest_first() -> None:
    old, new = journal("Old"), journal("New")
    text = render_journals_markdown(Journals((*[old] * 50, new), (BROKEN,)), LINKS, 1_500)
    assert len(text.encode()) <= 1_500
    assert "apply of New" in text
    assert "x.jsonl:3" in text
    assert text.splitlines()[-1].startswith("_Cut here, for length: ")


@given(hostile)
@trying(8)
def test_no_name_breaks_them(name: str) -> None:
    texts = []
    for one_ in (name, "name"):
        found = journal(one_, name=one_, undo_of=one_)
        broken = Problem(one_, one_)
        texts.append(
            (
                render_journals_markdown(Journals((found,), (broken,)), LINKS, 9_000),
                render_journal_markdown(found, 9_000),
            )
        )
    for text, plain_text in zip(*texts, strict=True):
        check_harmless(text)
        assert skeleton(text) == skeleton(plain_text)


@given(hostile)
@trying(5)
def test_no_name_breaks_a_line(name: str) -> None:
    found = Journals((journal(name),), (Problem(name),))
    assert len(render_journals(found, Screen(1_000)).splitlines()) == 2
    assert json.loads(journals_json(found))["journals"][0]["account"]["name"] == name
