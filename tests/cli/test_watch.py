"""`show --watch` in a terminal of its own: what it draws, and what it leaves behind."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import termios
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from select import select
from subprocess import Popen

import pytest

from flashsync.cli.main import main
from flashsync.cli.watching import Picture
from flashsync.render.terminal import Screen
from flashsync.sandbox import refusal
from tests.cli.console import Terminal
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)

PATIENCE = 60.0  # seconds; a busy machine is slow
SEQUENCE = re.compile(r"\x1b\[[?0-9;]*[a-zA-Z]|\r")
HOME, NEW_SCREEN, OLD_SCREEN = "\x1b[H", "\x1b[?1049h", "\x1b[?1049l"
HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
CTRL_C = b"\x03"


class Window:
    """A terminal window in which a command runs."""

    def __init__(self, terminal: Terminal, *arguments: str) -> None:
        self._ours, self._theirs = pty.openpty()
        self.resize(24, 80)
        self._keyboard = termios.tcgetattr(self._theirs)
        self.output = ""
        self.process: Popen[str] = terminal.start(
            *arguments,
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def resize(self, rows: int, columns: int) -> None:
        """Make the window smaller or larger."""
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, size)

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._ours, keys)

    def until(self, text: str) -> list[str]:
        """Wait for a picture with this text; its lines."""
        end = time.monotonic() + PATIENCE
        while text not in (picture := self.output.rpartition(HOME)[2]):
            assert time.monotonic() < end, self.output
            if select([self._ours], [], [], 0.1)[0]:
                self.output += os.read(self._ours, 65536).decode()
        return SEQUENCE.sub("", picture).splitlines()

    def end(self) -> int:
        """Press Ctrl-C; the exit code."""
        self.type(CTRL_C)
        code = self.process.wait(PATIENCE)
        while select([self._ours], [], [], 0)[0]:
            self.output += os.read(self._ours, 65536).decode()
        return code

    @property
    def shows_what_is_typed(self) -> bool:
        """Whether the keyboard works as before."""
        return termios.tcgetattr(self._theirs) == self._keyboard

    def close(self) -> None:
        """Close the window."""
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)


Open = Callable[..., Window]


@pytest.fixture
def watch(demo: Terminal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens windows with `show --watch`."""
    monkeypatch.setenv("TERM", "xterm")
    windows: list[Window] = []

    def start(*arguments: str) -> Window:
        windows.append(Window(demo, "show", "--watch", *arguments))
        return windows[-1]

    yield start
    for window in windows:
        window.close()


@pytest.mark.processes
def test_a_window_has_a_picture_until_ctrl_c(demo: Terminal, watch: Open) -> None:
    window = watch("--live", "--all", "--only", "Data*")
    lines = window.until("next read in 60 seconds")
    assert len(lines) == 24
    assert lines[0].startswith("Sat 21 Nov 00:00 – Sat 28 Nov 00:00")
    assert lines[2] == "Database On-Call"
    assert lines[-1] == "Read Sat 21 Nov 16:33; next read in 60 seconds"
    asked = len(demo.sandbox.log)

    window.resize(7, 120)
    lines = window.until("more lines; use --only or a taller window")
    assert len(lines) == 7
    assert max(map(len, lines)) > 80

    window.type(b"hello")
    assert window.end() == 0
    assert len(demo.sandbox.log) == asked
    assert window.output.endswith(f"{SHOW_CURSOR}{OLD_SCREEN}")
    assert "hello" not in window.output
    assert window.shows_what_is_typed


@pytest.mark.processes
def test_ctrl_z_gives_the_terminal_back(watch: Open) -> None:
    window = watch("--live", "--all")
    window.until("next read")
    window.type(b"\x1a")
    stopped = os.waitid(os.P_PID, window.process.pid, os.WSTOPPED)
    assert stopped is not None
    window.output = ""
    window.process.send_signal(signal.SIGCONT)
    window.until("next read")
    assert window.output.startswith(f"{SHOW_CURSOR}{OLD_SCREEN}{NEW_SCREEN}{HIDE_CURSOR}{HOME}")
    assert window.end() == 0


@pytest.mark.processes
def test_a_first_read_that_fails_is_an_error_on_the_old_screen(demo: Terminal, watch: Open) -> None:
    demo.sandbox.fail_next(refusal("AccessDenied", "no more"), "/schedule/list")
    window = watch("--live", "--all")
    assert window.process.wait(PATIENCE) == 1
    window.until("no more")
    before, _, after = window.output.partition(f"{SHOW_CURSOR}{OLD_SCREEN}")
    assert "no more" not in before
    assert after.startswith("\x1b[1;31merror:")


@pytest.mark.processes
def test_what_the_client_waits_for_is_in_the_last_line(demo: Terminal, watch: Open) -> None:
    demo.sandbox.fail_next(refusal("RequestTooFrequently", "slow down"), "/schedule/list")
    window = watch("--live", "--all")
    assert window.until("slow down")[-1].startswith("note: the account's rate limit is used up")
    window.until("next read")
    assert window.end() == 0


@pytest.mark.processes
def test_the_key_is_in_no_picture(watch: Open) -> None:
    window = watch("--live", "--all")
    window.until("next read")
    assert window.end() == 0
    assert "sandbox-key" not in window.output


def test_within_this_process_all_is_as_before(
    demo: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    keyboard = termios.tcgetattr(theirs)
    handlers = [signal.getsignal(kind) for kind in (signal.SIGWINCH, signal.SIGTSTP)]

    def press_ctrl_c() -> str:
        output = ""
        while "next read in 60 seconds" not in output:
            output += os.read(ours, 65536).decode()
        os.kill(os.getpid(), signal.SIGINT)
        while not output.endswith(OLD_SCREEN):
            output += os.read(ours, 65536).decode()
        return output

    with open(theirs, closefd=False) as stdin, open(theirs, "w", closefd=False) as stdout:
        monkeypatch.setattr("sys.stdin", stdin)
        monkeypatch.setattr("sys.stdout", stdout)
        with ThreadPoolExecutor(1) as pool:
            output = pool.submit(press_ctrl_c)
            assert main(["show", "--live", "--all", "--watch"]) == 0
            assert "Database On-Call" in output.result(PATIENCE)
        assert termios.tcgetattr(theirs) == keyboard
    assert [signal.getsignal(kind) for kind in (signal.SIGWINCH, signal.SIGTSTP)] == handlers
    os.close(ours)
    os.close(theirs)


def test_a_picture_fills_the_window(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINES", "4")
    with Picture(Screen(30)) as picture:
        picture.draw("one\ntwo\nthree\nfour\n", ["foot"])
        picture.remark("a text that is longer than the line")
    _, reading, full, waiting = capsys.readouterr().out.split(HOME)
    assert SEQUENCE.sub("", reading).split("\n") == ["", "", "", "Reading the account"]
    left_out = "2 more lines; use --only or a taller window"
    assert SEQUENCE.sub("", full).split("\n") == ["one", "two", left_out, "foot"]
    assert SEQUENCE.sub("", waiting).split("\n")[-1] == "note: a text that is longer …"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--watch", "--watch needs a terminal, and stdout is not one; remove --watch"),
        ("--watch 5", "expected seconds, 10 or more, got 5; write paths before --watch"),
        ("--watch schedules", "expected seconds, 10 or more, got schedules"),
        ("--watch --format ics", "--watch cannot be used with --format ics; remove one of them"),
        ("--watch --plan plan.json", "--watch cannot be used with --plan; remove one of them"),
        ("--watch -v", "--watch cannot be used with -v; remove one of them"),
    ],
)
def test_a_watch_that_cannot_be_drawn_is_refused(
    demo: Terminal, arguments: str, message: str
) -> None:
    ended = demo("show", *arguments.split())
    assert ended.code == 1
    assert message in ended.err
    assert demo.sandbox.log == []
