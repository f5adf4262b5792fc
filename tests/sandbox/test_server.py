"""Running in a thread and in the foreground."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from flashsync.sandbox import UNLIMITED, Options, Reply, World, running, seed, serve
from tests.clock import frozen
from tests.sandbox.peer import Peer


def test_a_taken_port_is_an_os_error() -> None:
    with running(seed("empty"), now=frozen) as sandbox:
        port = httpx.URL(sandbox.url).port
        assert port is not None
        with pytest.raises(OSError, match="in use"), running(seed("empty"), port=port, now=frozen):
            raise AssertionError
        with pytest.raises(OSError, match="in use"):
            serve(seed("empty"), port, now=frozen)


def test_two_run_side_by_side_and_are_gone_afterwards() -> None:
    with running(seed("demo"), now=frozen) as first, running(seed("empty"), now=frozen) as second:
        assert first.url != second.url
        assert Peer(first).data("/schedule/list")["total"] == 3
        assert Peer(second).data("/schedule/list")["total"] == 0
    with pytest.raises(httpx.ConnectError):
        Peer(first).post("/member/info")


def test_an_end_waits_for_nobody() -> None:

    with running(seed("empty"), now=frozen) as sandbox:
        sandbox.fail_next(Reply(200, {"data": {}}, delay=60))
        failed: list[Exception] = []

        def ask() -> None:
            try:
                Peer(sandbox).post("/member/info")
            except httpx.TransportError as error:
                failed.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        while not sandbox.log:
            time.sleep(0.005)
    thread.join(5)
    assert len(failed) == 1


def test_many_threads_at_once() -> None:
    with running(seed(20), Options(limits=UNLIMITED), now=frozen) as sandbox:
        paths = ["/schedule/list", "/team/list"] * 4
        threads = [threading.Thread(target=Peer(sandbox).data, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()
        for number in range(5):
            sandbox.console.rename(f"Schedule {number + 1:05d}", f"Renamed {number}")
        for thread in threads:
            thread.join(10)
        assert len(sandbox.log) == 8
        assert {entry.status for entry in sandbox.log} == {200}


SERVE = """
import sys
from flashsync.cli.process import clock
from flashsync.sandbox import seed, serve
serve(seed("demo"), 0, now=clock, ready=lambda url: print(url, flush=True))
print("clean end")
"""


def test_foreground_until_ctrl_c(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SERVE)
    command = [sys.executable, str(script)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().strip()
        asked = httpx.get(f"{url}/oncall/roles?app_key=sandbox-key", trust_env=False)
        assert asked.status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "clean end\n"
        assert process.stderr.read() == ""
        assert process.wait(10) == 0


def test_an_empty_world_knows_no_key() -> None:
    with running(World(), now=frozen) as sandbox:
        assert Peer(sandbox).refusal("/member/info")[1] == "Unauthorized"


def test_it_listens_on_this_machine_only() -> None:
    with running(seed("empty"), now=frozen) as sandbox:
        assert sandbox.url.startswith("http://127.0.0.1:")
        port = httpx.URL(sandbox.url).port
        with socket.socket() as other:
            other.settimeout(0.2)
            assert other.connect_ex(("127.0.0.2", port or 0)) != 0
