"""Problems as Markdown."""

from __future__ import annotations

from hypothesis import given

from flashsync.errors import Level, Position, Problem
from flashsync.render.markdown import Links
from flashsync.render.problems import ReadCount, render_problems_markdown
from tests.properties import trying
from tests.render.judge import check_harmless, hostile, skeleton

BASE = "https://github.com/o/r/blob/main"
WRONG = Problem("unknown key `leyers`", "did you mean `layers`?", Position("a.yaml", 3, 7))
DOUBT = Problem("bob is pending", "", Position("b.yaml"), Level.WARNING)
READ = ReadCount(62, 60)


def test_a_run_that_failed() -> None:
    text = render_problems_markdown(
        [WRONG, DOUBT, Problem("no key")], Links(BASE), 5_000, what="flashsync plan failed"
    )
    assert text == (
        "### ⛔ flashsync plan failed: 2 errors\n\n"
        f"- [a.yaml:3]({BASE}/a.yaml#L3): unknown key `leyers`; did you mean `layers`?\n"
        "- no key\n\n"
        "**Warnings**\n\n"
        f"- [b.yaml:1]({BASE}/b.yaml#L1): bob is pending\n"
    )


def test_a_validation() -> None:
    def verdict(*problems: Problem) -> str:
        return render_problems_markdown(problems, Links(), 5_000, read=READ).partition("\n")[0]

    said = "flashsync validate: 62 files, 60 schedules"
    assert verdict() == f"### ✅ {said}: no problems"
    assert verdict(DOUBT) == f"### ⚠️ {said}: 1 warning"
    assert verdict(DOUBT, WRONG) == f"### ⛔ {said}: 1 error"


def test_many_are_cut_warnings_first() -> None:
    text = render_problems_markdown([DOUBT, WRONG] * 50, Links(BASE), 3_000, what="it failed")
    assert len(text.encode()) <= 3_000
    assert "bob is pending" not in text
    assert text.splitlines()[-1].startswith("_Cut here, for length: ")
    assert "errors and 50 warnings." in text


@given(hostile)
@trying(8)
def test_no_name_breaks_it(name: str) -> None:
    text, plain = (
        render_problems_markdown(
            [Problem(one, one, Position(one)), Problem(one)], Links(BASE), 5_000, what="it failed"
        )
        for one in (name, "name")
    )
    assert skeleton(text) == skeleton(plain)
    check_harmless(text, BASE)
