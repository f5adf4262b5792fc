"""Ctrl-C and SIGTERM: what is under way is brought to its end, and all that is left is named."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from flashsync.cli.main import main
from flashsync.cli.process import SIGNALS, kept, listening
from flashsync.sandbox import UNLIMITED, Options, Reply
from tests.cli.console import Terminal, schedule

pytestmark = pytest.mark.processes

PATIENCE = 60.0  # seconds; a busy machine is slow


def until(what: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def many(count: int = 12) -> list[dict[str, Any]]:
    return [schedule(f"Rota {number:02d}") for number in range(count)]


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in err, err
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_the_middle_of_the_writes(terminal: Terminal, number: signal.Signals) -> None:
    terminal.declare(*many())
    terminal.sandbox.options = Options(limits=UNLIMITED, latency=0.1)
    process = terminal.start("apply", "--auto-approve", "--parallel", "2", "--format", "json")
    until(lambda: len(terminal.written) >= 3)
    process.send_signal(number)
    code, out, _ = ended(process)
    assert code == 3
    results = json.loads(out)["results"]
    done = {one["schedule"] for one in results if one["status"] == "confirmed"}
    left = {one["schedule"] for one in results if one["status"] == "not_started"}
    assert len(done) + len(left) == 12
    assert len(done) >= 3
    assert set(terminal.names) == done
    terminal.sandbox.options = Options(limits=UNLIMITED)
    terminal.apply()
    assert sorted(terminal.names) == [one["schedule"] for one in many()]


def test_one_write_alone_is_seen_through(terminal: Terminal) -> None:
    terminal.declare(schedule())
    slow_create(terminal)
    process = terminal.start("apply", "--auto-approve")
    until(lambda: terminal.names == ["Production"])
    process.send_signal(signal.SIGINT)
    code, out, _ = ended(process)
    assert code in (0, 3)
    assert "created Production" in out
    assert "confirmed" in out


def slow_create(terminal: Terminal) -> None:
    """The answer to a create comes long after it was carried out."""

    def hook(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if endpoint != "/schedule/create":
            return None
        reply = act()
        return Reply(reply.status, reply.content, reply.headers, delay=0.5)

    terminal.sandbox.hook = hook


def test_before_anything_was_written(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.sandbox.options = Options(limits=UNLIMITED, latency=0.3)
    process = terminal.start("apply", "--auto-approve")
    until(lambda: terminal.sandbox.counts["/member/info"] > 0)
    process.send_signal(signal.SIGINT)
    code, _, err = ended(process)
    assert code == 130
    assert err.strip().endswith("error: interrupted; nothing was written")
    assert terminal.written == []


def test_while_the_platform_is_in_trouble(terminal: Terminal) -> None:
    """A backoff of many seconds ends at once."""
    terminal.declare(schedule())
    trouble = Reply(503, {"error": {"code": "ServiceUnavailable", "message": "later"}})
    terminal.sandbox.fail_next(trouble, "/schedule/list", times=9)
    process = terminal.start("plan")
    until(lambda: terminal.sandbox.counts["/schedule/list"] > 0)
    process.send_signal(signal.SIGINT)
    assert ended(process)[0] == 130


class Pty:
    """A process at a terminal: what it asks can be answered."""

    def __init__(self, terminal: Terminal, *arguments: str) -> None:
        self._own, other = pty.openpty()
        self.process = terminal.start(*arguments, stdin=other)
        os.close(other)

    def answer(self, text: str) -> tuple[int, str, str]:
        """Type something, and wait for the end."""
        os.write(self._own, text.encode())
        try:
            return ended(self.process)
        finally:
            os.close(self._own)


def asked(terminal: Terminal, *arguments: str) -> Pty:
    """An apply that has come to its question."""
    terminal.declare(schedule())
    found = Pty(terminal, "apply", *arguments)
    assert found.process.stderr is not None
    text = ""
    while not text.endswith("Type 'yes' to continue: "):
        text += found.process.stderr.read(1)
    return found


def test_yes_applies(terminal: Terminal) -> None:
    code, out, _ = asked(terminal).answer("yes\n")
    assert (code, terminal.names) == (0, ["Production"])
    assert "Applied: 1 created, 0 updated, 0 deleted; all confirmed." in out


@pytest.mark.parametrize("text", ["no\n", "\n", "y\n", "YES\n", "\x04"])
def test_anything_else_declines(terminal: Terminal, text: str) -> None:
    code, _, err = asked(terminal).answer(text)
    assert (code, terminal.written) == (1, [])
    assert err.strip() == "error: declined; nothing was written"


def test_ctrl_c_at_the_question(terminal: Terminal) -> None:
    found = asked(terminal)
    found.process.send_signal(signal.SIGINT)
    code, _, err = ended(found.process)
    assert (code, terminal.written) == (130, [])
    assert err.strip() == "error: interrupted; nothing was written"


def test_with_json_the_plan_is_shown_before_the_question(terminal: Terminal) -> None:
    terminal.declare(schedule())
    found = Pty(terminal, "apply", "--format", "json")
    code, out, err = found.answer("yes\n")
    assert code == 0
    assert "+ Production" in err
    assert json.loads(out)["results"][0]["status"] == "confirmed"


@pytest.mark.parametrize("format_", ["text", "json"])
def test_nobody_to_ask(terminal: Terminal, format_: str) -> None:
    terminal.declare(schedule())
    ended = terminal.run("apply", "--format", format_)
    assert (ended.returncode, terminal.written) == (1, [])
    assert "pass --auto-approve" in ended.stdout + ended.stderr


def test_the_sandbox_command_serves_until_ctrl_c(terminal: Terminal) -> None:
    process = terminal.start("sandbox", "--port", "0", "--seed", "3")
    assert process.stdout is not None
    url = process.stdout.readline().split()[4].rstrip(";")
    assert url.startswith("http://127.0.0.1:")
    assert f"FLASHDUTY_BASE_URL={url} FLASHDUTY_APP_KEY=sandbox-key" in process.stdout.readline()
    terminal.declare(schedule())
    again = terminal.run("drift", env={"FLASHDUTY_BASE_URL": url})
    assert (again.returncode, again.stderr) == (2, "1 file, 1 schedule\n")
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process)
    assert (code, out, err) == (0, "", "")


def test_a_create_that_is_interrupted_while_its_outcome_is_open(terminal: Terminal) -> None:
    """It is looked up once more, and never sent again."""
    terminal.declare(schedule())
    lost = Reply(502, b"<html>")
    terminal.sandbox.fail_next(lost, "/schedule/create")
    process = terminal.start("apply", "--auto-approve")
    until(lambda: terminal.sandbox.counts["/schedule/create"] > 0)
    process.send_signal(signal.SIGINT)
    code, out, _ = ended(process)
    assert (code, terminal.written, terminal.names) == (3, ["create"], [])
    assert "Production may or may not have been created" in " ".join(out.split())
    terminal.apply()
    assert terminal.names == ["Production"]


def hanging(terminal: Terminal, endpoint: str, *, acted: bool) -> Event:
    """From now on, requests to an endpoint are never answered. Is set once one has come."""
    came = Event()

    def hook(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if asked != endpoint:
            return None
        if acted:
            act()
        came.set()
        return Reply(delay=60, drop=True)

    terminal.sandbox.hook = hook
    return came


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("acted", [True, False])
def test_a_second_time_ends_it_at_once(
    terminal: Terminal, number: signal.Signals, acted: bool
) -> None:
    """What was under way then is unknown, and said to be; nobody waits for it."""
    terminal.declare(*many(3))
    came = hanging(terminal, "/schedule/create", acted=acted)
    process = terminal.start("apply", "--auto-approve", "--parallel", "1")
    until(came.is_set)
    time.sleep(0.3)
    process.send_signal(number)
    time.sleep(0.5)
    assert process.poll() is None, "the first one waits for what is under way"
    begun = time.monotonic()
    process.send_signal(number)
    code, out, err = ended(process)
    assert time.monotonic() - begun < 5
    assert (code, err) == (3, "3 files, 3 schedules\n")
    told = " ".join(out.split())
    assert "Rota 00 may or may not have been created: it was interrupted in the middle" in told
    assert "Interrupted, not finished: 1 unclear, 2 not started." in told
    terminal.sandbox.hook = None
    terminal.apply()
    assert sorted(terminal.names) == [one["schedule"] for one in many(3)]


def test_impatience_is_not_a_traceback(terminal: Terminal) -> None:
    terminal.declare(*many(3))
    hanging(terminal, "/schedule/create", acted=True)
    process = terminal.start("apply", "--auto-approve", "--format", "json")
    until(lambda: bool(terminal.names))
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    code, out, err = ended(process)
    assert code == 3
    assert "Traceback" not in err
    statuses = {one["status"] for one in json.loads(out)["results"]}
    assert statuses <= {"unclear", "not_started"}
    assert "unclear" in statuses


def test_ctrl_c_while_the_outcome_is_printed() -> None:
    """In a process of its own, as the program ends it."""
    program = """
from flashsync.cli import main

def end(arguments):
    raise KeyboardInterrupt

main._run = end
main.run()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_a_job_in_the_background_is_not_interrupted() -> None:
    with kept():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        listening()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN


def test_what_goes_on_after_a_command_is_interrupted_as_before(terminal: Terminal) -> None:
    """As the demo does, and all that calls `main`."""
    before = [signal.getsignal(one) for one in SIGNALS]
    terminal.declare(schedule())
    terminal.apply()
    assert [signal.getsignal(one) for one in SIGNALS] == before


def test_a_command_that_only_reads_runs_in_any_thread() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(main, ["schema", "config"]).result() == 0
