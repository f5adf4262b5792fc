"""Several views of one run: reports, Markdown and marks, whatever the run comes to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flashsync import __version__
from flashsync.api.client import Client
from flashsync.cli.main import main
from tests.cli.console import Ended, Terminal, layer, schedule
from tests.clock import NOW
from tests.render.judge import check_harmless

pytestmark = pytest.mark.at(NOW)  # the texts hold dates

BASE = "https://github.com/o/r/blob/main"
ALL = ("--report", "markdown=run.md", "--report", "json=run.json", "--report", "text=run.txt",
       "--report", "github=run.marks", "--link-base", BASE)  # fmt: skip


@pytest.fixture
def rota(terminal: Terminal) -> Terminal:
    """One schedule that is live, and that its file changes."""
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(layers=[layer("alice@example.com", "carol@example.com")]))
    return terminal


def markdown(terminal: Terminal) -> str:
    """The report for people; it is harmless, and its links go to files."""
    text = (terminal.folder / "run.md").read_text(encoding="utf-8")
    check_harmless(text, BASE)
    return text


def test_a_plan_in_every_view(rota: Terminal) -> None:
    ended = rota("plan", *ALL)
    assert ended.code == 0
    text = markdown(rota)
    assert "flashsync plan: 0 to create, 1 to update, 0 to delete." in text.splitlines()[0]
    assert "| Bob Martin → **Carol Diaz** |" in text
    assert f"[schedules/0.yaml:1]({BASE}/schedules/0.yaml#L1)" in text
    assert json.loads(read(rota, "run.json"))["summary"]["update"] == 1
    assert read(rota, "run.txt") == ended.out
    assert read(rota, "run.marks").startswith("::")
    again = rota("plan", "--format", "markdown", "--link-base", BASE).out
    assert again.partition("<sub>")[0] == text.partition("<sub>")[0]


def read(terminal: Terminal, name: str) -> str:
    """A report."""
    return (terminal.folder / name).read_text(encoding="utf-8")


def test_drift_in_every_view(rota: Terminal) -> None:
    ended = rota("drift", *ALL)
    assert ended.code == 2
    text = markdown(rota)
    assert text.startswith("### ⚠️ flashsync drift: 1 of 1 schedule differs.\n")
    assert "(this key's own member: probably not applied yet)" in text
    assert "last_written" in json.loads(read(rota, "run.json"))
    assert read(rota, "run.txt") == ended.out
    assert read(rota, "run.marks").startswith("::warning file=schedules/0.yaml,line=1,col=1,title=")


def test_an_apply_in_every_view(rota: Terminal) -> None:
    ended = rota("apply", "--auto-approve", *ALL)
    assert ended.code == 0
    text = markdown(rota)
    first, _, rest = text.partition("\n")
    assert (
        first == "### ✅ flashsync apply. Applied: 0 created, 1 updated, 0 deleted; all confirmed."
    )
    assert rest.startswith("\n- ✓ updated Production (id ")
    assert json.loads(read(rota, "run.json"))["complete"] is True
    assert ended.out.endswith("\n" + read(rota, "run.txt"))
    assert read(rota, "run.marks").startswith("::notice title=flashsync apply::Applied: ")


def test_nothing_to_apply_is_an_outcome_too(rota: Terminal) -> None:
    rota.apply()
    for form in ("text", "json", "markdown", "github"):
        ended = rota("apply", "--auto-approve", "--format", form, *ALL)
        assert ended.code == 0
        said = "### ✅ flashsync apply: nothing to do. 1 schedule is as the files say.\n"
        assert markdown(rota).startswith(said)
    assert rota("apply", "--format", "markdown").out.startswith(said)


def test_an_apply_as_markdown_is_one_document(rota: Terminal) -> None:
    ended = rota("apply", "--auto-approve", "--format", "markdown")
    assert ended.out.startswith("### ✅ flashsync apply. Applied: ")
    assert ended.out.count("###") == 1


def failing(terminal: Terminal, *arguments: str) -> Ended:
    ended = terminal(*arguments, *ALL)
    assert ended.code == 1
    return ended


def test_problems_are_in_the_reports(terminal: Terminal) -> None:
    terminal.declare({"schedule": "A @alice |", "leyers": [layer()], "absent": True})
    ended = failing(terminal, "plan")
    assert markdown(terminal) == (
        "### ⛔ flashsync plan failed: 1 error\n\n"
        f"- [schedules/0.yaml:1]({BASE}/schedules/0.yaml#L1): "
        "unknown key `leyers`; did you mean `layers`?\n"
    )
    assert json.loads(read(terminal, "run.json"))["errors"][0]["file"] == "schedules/0.yaml"
    assert read(terminal, "run.txt") == ended.err
    assert read(terminal, "run.marks").startswith("::error file=schedules/0.yaml,line=1,col=28::")
    shown = terminal("plan", "--format", "markdown", "--link-base", BASE)
    assert (shown.code, shown.out, shown.err) == (1, markdown(terminal), ended.err)


def test_refusals_are_in_the_reports(rota: Terminal) -> None:
    rota.config(manage={"names": ["*"]}, schedules=["none/*.yaml"])
    rota.write("none/a.yaml", json.dumps(schedule("Another", layers=[layer("dave@example.com")])))
    planned = failing(rota, "plan", "--prune")
    assert "may be deleted in one run" in planned.out
    text = markdown(rota)
    assert text.startswith("### ⛔ flashsync plan, which `apply` would refuse: 1 to create, ")
    assert "prune would delete 1 schedule (`Production`), and 0 may be deleted" in text
    failing(rota, "apply", "--prune", "--auto-approve")
    assert markdown(rota).startswith("### ⛔ flashsync apply was refused: 1 error\n\n- ")
    assert rota.written == ["create"]


@pytest.mark.parametrize("arguments", [("--no-such",), ("--effects", "guess")])
def test_a_wrong_command_line_is_in_the_reports(
    terminal: Terminal, arguments: tuple[str, ...]
) -> None:
    failing(terminal, "plan", *arguments)
    assert markdown(terminal).startswith("### ⛔ flashsync plan failed: 1 error\n\n- ")


def test_a_bug_is_in_the_reports(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object, **more: object) -> None:
        raise LookupError("of all things")

    monkeypatch.setattr(Client, "fetch", broken)
    terminal.declare(schedule())
    assert main(["plan", *ALL]) == 1
    assert "LookupError: of all things" in terminal.capture.readouterr().err
    said = f"- this is a bug in flashsync {__version__}; report what the log says\n"
    assert markdown(terminal) == f"### ⛔ flashsync plan failed: 1 error\n\n{said}"


def test_a_validation_in_every_view(terminal: Terminal) -> None:
    terminal.declare(schedule())
    assert terminal("validate", *ALL).code == 0
    assert markdown(terminal) == "### ✅ flashsync validate: 1 file, 1 schedule: no problems\n"
    assert read(terminal, "run.marks") == ""


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--report=ics=a.ics", "expected FORMAT=FILE with one of text,"),
        ("--report=plan.md", ", got plan.md"),
        ("--report=json=no/folder.json", "cannot write no/folder.json; use a file in a"),
        ("--report=json=.", "cannot write .; "),
        ("--link-base=javascript:x", "/blob/main, got javascript:x"),
        ("--link-base=https://x/(y", "expected an address like https://"),
        ("--max-bytes=10", "must be 1000 or more, got 10"),
    ],
)
def test_a_wrong_report_option_is_refused_at_once(
    terminal: Terminal, option: str, said: str
) -> None:
    terminal.declare(schedule())
    ended = terminal("plan", option, "--report", "text=run.txt")
    assert ended.code == 1
    assert said in ended.err
    assert said in read(terminal, "run.txt")
    assert not terminal.sandbox.log


def test_a_report_that_cannot_be_written(rota: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan says so; an apply has done its work, and ends as it ended."""
    summary = rota.folder / "no" / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    planned = rota("plan", "--format", "github")
    assert (planned.code, "Plan: " in planned.out) == (1, True)
    assert f"cannot write the summary of the step, {summary} (No such file" in planned.err
    applied = rota("apply", "--auto-approve", "--format", "github")
    assert (applied.code, "all confirmed" in applied.out) == (0, True)
    assert "cannot write the summary" in applied.err


def test_the_summary_of_a_step(
    rota: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    ended = rota("plan", "--format", "github", "--max-bytes", "1000")
    assert ended.code == 0
    told, _, marks = ended.out.partition("::")
    assert told == rota("plan").out
    assert marks.startswith(("warning file=schedules/0.yaml", "notice file=schedules/0.yaml"))
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n### ")
    assert "flashsync plan: 0 to create" in text
    assert "_Cut here" not in text
    assert rota("apply", "--auto-approve", "--format", "github").code == 0
    assert "### ✅ flashsync apply. " in summary.read_text(encoding="utf-8")


def test_a_full_summary_is_left_alone(
    rota: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("x" * 999_500, encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert rota("plan", "--format", "github").code == 0
    assert summary.stat().st_size == 999_500


def test_failures_are_in_the_summary(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    terminal.declare({"schedule": "A", "absent": 3})
    assert terminal("drift", "--format", "github").code == 1
    assert summary.read_text(encoding="utf-8").startswith("### ⛔ flashsync drift failed: 1 error")


def test_no_name_gives_a_command_to_a_log(terminal: Terminal) -> None:
    terminal.declare(schedule("::error file=a::x", description="x\n::add-mask::x"))
    for form in ("text", "github"):
        ended = terminal("plan", "--format", form)
        lines = [line.lstrip() for line in (ended.out + ended.err).splitlines()]
        marks = [line for line in lines if line.startswith("::")]
        assert all(line.startswith(("::notice file=", "::warning file=")) for line in marks)
        assert bool(marks) is (form == "github")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--report", "json=a", "--report", "text=./a"), "two reports write a"),
        (("--report", "json=a", "--out", "a"), "--out and --report both write a"),
        (("--report", "json=/dev/null"), "cannot write /dev/null"),
    ],
)
def test_no_file_takes_two_results(
    terminal: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    terminal.declare(schedule())
    ended = terminal("plan", *arguments)
    assert ended.code == 1
    assert said in ended.err
    assert terminal.sandbox.log == []
