"""The journal on disk: what it holds, whom it lets read it, and what happens where it fails."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from flashsync.apply.journal import FOLDER, FileJournal, read_journal
from flashsync.errors import ExitCode, RefusedError
from flashsync.plan.journal import codec
from flashsync.plan.journal.codec import Fate, Journal
from flashsync.sandbox import refusal
from tests.apply.conftest import nth, schedule
from tests.clock import frozen_now
from tests.promises.loop import KEY, Loop

IN_2033 = 2_000_000_000
SECRETS = {"DING_TOKEN": "the-token-in-plain", "DING_SIGN": "the-sign-in-plain"}
CHAT = {
    "type": "dingtalk",
    "alias": "ops",
    "token": {"env": "DING_TOKEN"},
    "sign_secret": {"env": "DING_SIGN"},
}


def recorded(loop: Loop, *trees: dict[str, Any]) -> Path:
    """Apply these files with a journal next to them; returns its path."""
    loop.write(*trees)
    before = set(files(loop))
    journal = FileJournal(loop.folder, None, "apply", frozen_now)
    loop.apply(loop.plan(), journal)
    (path,) = set(files(loop)) - before
    return path


def files(loop: Loop) -> list[Path]:
    return list((loop.folder / FOLDER).glob("*.jsonl"))


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_one_line_an_event_in_order(loop: Loop) -> None:
    recorded(loop, schedule())
    found = events(recorded(loop, schedule(description="new")))
    assert [one["event"] for one in found] == ["header", "before", "sent", "after", "end"]
    header, before, sent, after, end = found
    assert (header["command"], header["undo_of"]) == ("apply", None)
    assert header["summary"] == {"create": 0, "update": 1, "delete": 0}
    assert (before["state"]["description"], sent["state"]["description"]) == ("", "new")
    assert (after["status"], after["state"]["description"]) == ("confirmed", "new")
    written = [one for one in loop.sandbox.log if one.endpoint == "/schedule/update"]
    assert [one["request_id"] for one in after["requests"]] == [written[-1].request_id]
    assert (end["exit_code"], end["complete"]) == (0, True)


def test_what_was_there_is_there_whole(loop: Loop) -> None:
    recorded(loop, schedule(), schedule("Other"))
    people = ["carol@example.com"]
    loop.sandbox.console.add_override("Production", people, IN_2033, IN_2033 + 3600, "Swap")
    journal = read(recorded(loop, schedule(description="new"), schedule("Other", absent=True)))
    update, delete = sorted(journal.writes, key=lambda one: one.action, reverse=True)
    assert update.before is not None
    assert delete.before is not None
    assert [one.name for one in update.before.overrides] == ["Swap"]
    assert update.before.layers[0].carried == {"hidden": 0, "weight": 0}
    assert (delete.before.name, delete.sent, delete.fate) == ("Other", None, Fate.DONE)


def test_what_somebody_did_before_the_last_read_is_there(loop: Loop) -> None:
    """It is written down once more, and the last word counts: else an undo would not have it."""
    recorded(loop, schedule())

    def swap() -> None:
        people = ["carol@example.com"]
        loop.sandbox.console.add_override("Production", people, IN_2033, IN_2033 + 3600, "Swap")

    loop.write(schedule(absent=True))
    planned = loop.plan()
    loop.sandbox.hook = nth("/schedule/info", 2, swap)
    journal = FileJournal(loop.folder, None, "apply", frozen_now)
    loop.apply(planned, journal)
    path = max(files(loop), key=lambda one: len(events(one)))
    kinds = [one["event"] for one in events(path)]
    assert kinds == ["header", "before", "sent", "before", "sent", "after", "end"]
    (written,) = read(path).writes
    assert written.before is not None
    assert [one.name for one in written.before.overrides] == ["Swap"]
    assert (written.fate, written.line) == (Fate.DONE, 2)


def read(path: Path) -> Journal:
    return read_journal(path, path.name)


def test_no_secret_gets_in(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    recorded(loop, schedule(notify={"chats": [CHAT]}))
    monkeypatch.setenv("DING_TOKEN", "another-token-in-plain")
    recorded(loop, schedule(notify={"chats": [CHAT]}, description="new"))
    recorded(loop, schedule(absent=True))
    text = "".join(path.read_text() for path in files(loop))
    assert "DING_TOKEN" in text
    hidden = [*SECRETS.values(), "another-token-in-plain", KEY]
    assert [one for one in hidden if one in text] == []


def test_nobody_else_reads_it_and_git_ignores_it(loop: Loop) -> None:
    path = recorded(loop, schedule())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (loop.folder / ".flashsync/.gitignore").read_text() == "*\n"


@pytest.mark.parametrize("place", [".flashsync", ".flashsync/journal"])
@pytest.mark.parametrize("what", ["link", "file"])
def test_what_somebody_put_in_its_place_is_refused(loop: Loop, place: str, what: str) -> None:
    """A repository may hold anything: nothing is written through its links."""
    elsewhere, path = loop.folder / "elsewhere", loop.folder / place
    elsewhere.mkdir()
    path.parent.mkdir(exist_ok=True)
    if what == "link":
        path.symlink_to(elsewhere)
    else:
        path.write_text("")
    loop.write(schedule())
    with pytest.raises(RefusedError, match=r"cannot be written.*--journal none"):
        loop.apply(loop.plan(), FileJournal(loop.folder, None, "apply", frozen_now))
    assert list(elsewhere.iterdir()) == []
    assert loop.sandbox.console.schedules() == []


class Failing(FileJournal):
    """A disk that is full after a number of lines."""

    lines = 0

    def _write(self, lines: str) -> None:
        self.lines -= lines.count("\n")
        if self.lines < 0:
            raise self._failure(OSError(28, "No space left on device"))
        super()._write(lines)


@pytest.mark.parametrize(("lines", "written"), [(2, 0), (3, 1), (4, 1)])
def test_where_it_fails_in_the_middle_no_write_follows(
    loop: Loop, lines: int, written: int
) -> None:
    loop.client.parallel = 1
    loop.write(schedule("One"), schedule("Two"))
    journal = Failing(loop.folder, None, "apply", frozen_now)
    journal.lines = lines
    outcome = loop.apply(loop.plan(), journal)
    assert len(loop.sandbox.console.schedules()) == written
    assert outcome.exit_code is (ExitCode.UNFINISHED if written else ExitCode.ERROR)
    texts = [one.problem.text for one in outcome.results if one.problem]
    texts += [problem.text for problem in outcome.problems]
    assert "No space left on device" in texts[0]
    assert "--journal none" in texts[0]


def test_a_last_line_that_fails_is_a_warning(loop: Loop) -> None:
    loop.write(schedule("One"))
    journal = Failing(loop.folder, None, "apply", frozen_now)
    journal.lines = 4
    outcome = loop.apply(loop.plan(), journal)
    assert outcome.exit_code is ExitCode.UNFINISHED
    assert "so nothing more was written to the account" in outcome.problems[0].text


@pytest.fixture
def whole(loop: Loop) -> tuple[str, Path]:
    """The journal of one create, one update and one delete, one after the other."""
    loop.client.parallel = 1
    recorded(loop, schedule("One"), schedule("Two"))
    path = recorded(
        loop, schedule("One", description="new"), {"schedule": "Two", "absent": True}, schedule("X")
    )
    return path.read_text(), path


def test_killed_after_any_byte_it_says_of_each_write_what_is_known(
    whole: tuple[str, Path],
) -> None:
    text, path = whole
    lines = text.splitlines(keepends=True)
    kinds = [json.loads(line)["event"] for line in lines]
    for kept in range(1, len(lines) + 1):
        for half in ("", lines[kept][:30] if kept < len(lines) else ""):
            cut = codec.read("".join(lines[:kept]) + half, path.stem, path.name)
            done, sent = kinds[:kept].count("after"), kinds[:kept].count("sent")
            fates = [Fate.DONE] * done + [Fate.UNKNOWN] * (sent - done)
            fates += [Fate.NOT_DONE] * (3 - len(fates))
            assert [one.fate for one in cut.writes] == fates
            assert (cut.exit_code is None) == (kept < len(lines))


def test_half_a_first_line_is_a_run_that_never_began(whole: tuple[str, Path]) -> None:
    text, path = whole
    with pytest.raises(codec.NotBegunError, match="nothing was written then"):
        codec.read(text[:100], path.stem, path.name)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [*lines[:2], "{}\n", *lines[3:]], r"jsonl:3 is not a line of a journal"),
        (lambda lines: [lines[0], lines[0]], r"jsonl:2 is not a line"),
        (lambda lines: lines[1:], r"jsonl:1 is not a line"),
        (lambda lines: [lines[0], lines[1].replace('"write":0', '"write":9')], r"jsonl:2 is"),
        (
            lambda lines: [lines[0].replace('"1.1"', '"9.0"')],
            r"format '9.0'; this flashsync reads 1.0 and 1.1",
        ),
        (lambda lines: ["[" * 100_000 + "\n"], r"jsonl:1 is not a line"),
        (lambda lines: [begun(lines[0], "yesterday")], r"jsonl:1 is not a line"),
        (lambda lines: [begun(lines[0], "0001-01-01T00:00:00+14:00")], r"jsonl:1 is not a line"),
        (
            lambda lines: [lines[0].replace("Asia/Shanghai", "Asia/Nowhere")],
            r"jsonl:1 is not a line",
        ),
    ],
)
def test_a_damaged_one_is_refused_with_its_line(
    whole: tuple[str, Path], change: Any, said: str
) -> None:
    text, path = whole
    with pytest.raises(RefusedError, match=said):
        codec.read("".join(change(text.splitlines(keepends=True))), path.stem, path.name)


def test_a_journal_of_format_1_0_is_read() -> None:
    """It was written by the last version that wrote this format."""
    path = Path(__file__).parent / "journals" / "journal-1.0.jsonl"
    journal = read(path)
    assert (journal.account.name, journal.exit_code) == ("Acme Corp", 0)
    create, update, delete = journal.writes
    assert [one.fate for one in journal.writes] == [Fate.DONE] * 3
    assert (create.before, delete.sent) == (None, None)
    assert update.before is not None
    assert update.sent is not None
    assert (update.before.layers[0].start, update.sent.description) == (1_767_578_400, "new")
    ours, swap = update.before.overrides
    assert (ours.name, ours.start, ours.group) == ("Away [flashsync]", 1_998_489_600, None)
    assert (swap.start, swap.group, swap.carried) == (IN_2033, "A", {"hidden": 0, "weight": 0})
    assert delete.before is not None
    assert delete.before.layers[0].carried == {"hidden": 0, "weight": 0}


def test_times_are_as_everywhere_else(loop: Loop) -> None:
    _, before, sent, *_ = events(recorded(loop, schedule()))
    assert (before["state"], sent["state"]["layers"][0]["start"]) == (None, "2026-01-05T02:00:00Z")


def begun(line: str, at: str) -> str:
    return json.dumps({**json.loads(line), "started_at": at}) + "\n"


def test_a_write_that_the_platform_refuses_is_not_done(loop: Loop) -> None:
    loop.sandbox.fail_next(refusal("NoLicense"), "/schedule/create")
    journal = read(recorded(loop, schedule()))
    assert (journal.writes[0].fate, journal.exit_code, journal.wrote) == (Fate.NOT_DONE, 1, False)
    assert len(journal.writes[0].requests) == 1


def test_names_that_go_round_are_undone_after_either_step(loop: Loop) -> None:
    """A schedule takes a temporary name first: what was there before is before that."""
    one, two = schedule("One"), schedule("Two", description="two")
    recorded(loop, one, two)
    ids = {one["schedule_name"]: one["schedule_id"] for one in loop.sandbox.console.schedules()}
    path = recorded(
        loop,
        schedule("Two", id=ids["One"]),
        schedule("One", description="two", id=ids["Two"]),
    )
    lines = path.read_text().splitlines(keepends=True)
    aside = codec.read("".join(lines[:4]), path.stem, path.name)
    (begun,) = aside.having(Fate.DONE)
    assert begun.before is not None
    assert begun.sent is not None
    assert (begun.before.name, begun.sent.name[:9]) in (("One", "flashsync"), ("Two", "flashsync"))
    assert len(read(path).having(Fate.DONE)) == 2


@pytest.mark.parametrize("content", [b"\xff\xfe\n", b"\n", b"null\n"])
def test_a_file_that_is_not_a_journal_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "20261121T000000Z-abcdef.jsonl"
    path.write_bytes(content)
    with pytest.raises(RefusedError, match="is no"):
        read(path)


def test_a_pipe_is_not_a_journal(tmp_path: Path) -> None:
    """Nobody waits for somebody to write into it."""
    path = tmp_path / "20261121T000000Z-abcdef.jsonl"
    os.mkfifo(path)
    with pytest.raises(RefusedError, match="not a journal but something else than a plain file"):
        read(path)


def test_a_state_that_is_not_a_schedule_is_damage(loop: Loop) -> None:
    tree = schedule()
    tree["layers"][0]["hours"] = "09:00-18:00"
    path = recorded(loop, tree)
    path.write_text(path.read_text().replace("[[32400,64800]]", "[[32400]]", 1))
    with pytest.raises(RefusedError, match=":3 is not a line of a journal"):
        read(path)
