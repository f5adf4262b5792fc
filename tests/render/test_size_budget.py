"""Documents that have to fit."""

from __future__ import annotations

import pytest

from flashsync.render.size_budget import DocumentPiece, Rank, Section, fitted, paragraph

ROWS = tuple(
    DocumentPiece(f"| row {number} |", Rank.ROWS, ("row", "rows")) for number in range(100)
)
FOLDS = tuple(
    DocumentPiece(f"fold {number}", Rank.CREATES, ("fold", "folds")) for number in range(3)
)
DOCUMENT = [
    paragraph("### Verdict", Rank.VERDICT),
    Section(()),
    Section(ROWS, "| head |\n| --- |\n"),
    Section(FOLDS, "<ul>\n", tail="\n</ul>", between="\n\n"),
]


def test_what_fits_is_whole() -> None:
    text = fitted(DOCUMENT, 2_000)
    assert text.startswith("### Verdict\n\n| head |\n| --- |\n| row 0 |\n| row 1 |\n")
    assert text.endswith("| row 99 |\n\n<ul>\nfold 0\n\nfold 1\n\nfold 2\n</ul>\n")
    assert fitted(DOCUMENT, len(text)) == text


def test_the_least_important_goes_first() -> None:
    whole = fitted(DOCUMENT, 2_000)
    text = fitted(DOCUMENT, len(whole) - 1)
    assert "| row 90 |" in text
    said = "_Cut here, for length: {}. The whole is in the job's log and artifacts._\n"
    assert text.endswith(said.format("7 rows and 3 folds"))
    assert fitted(DOCUMENT, 120) == "### Verdict\n\n" + said.format("100 rows and 3 folds")


@pytest.mark.parametrize("most", range(100, 1400, 37))
def test_it_fits_with_no_half_part(most: int) -> None:
    text = fitted(DOCUMENT, most)
    assert len(text.encode()) <= most
    assert text.count("<ul>") == text.count("</ul>")
    known = {line for one in ROWS + FOLDS for line in one.text.splitlines()}
    lines = {*text.splitlines()} - {"", "### Verdict", "| head |", "| --- |", "<ul>", "</ul>"}
    assert {line for line in lines if not line.startswith("_Cut")} <= known


def test_bytes_are_counted() -> None:
    wide = [paragraph("界" * 100, Rank.VERDICT)]
    assert fitted(wide, 301) == "界" * 100 + "\n"
    assert fitted(wide, 300) != "界" * 100 + "\n"
