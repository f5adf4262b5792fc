"""Command lines, run in this process or in one that may be killed."""

from __future__ import annotations

import io
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.soak.network import Served, Weather, Wire, quick_client
from flashsync.cli.main import main
from flashsync.cli.process import TEST_NOW
from flashsync.sandbox import UNLIMITED, Options, World, running
from flashsync.sandbox.console import Console
from flashsync.sandbox.faults import Faults
from flashsync.sandbox.protocol import Logged
from flashsync.sandbox.service import Service

KEY = "soak-key-that-nobody-may-see"
NOWHERE = "http://127.0.0.1:9"
READ_TIMEOUT = 0.4
"""Seconds that a client with real sockets waits for an answer."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended (`code` is None where it was killed), and what befell its requests."""

    code: int | None
    out: str
    err: str
    served: tuple[Served, ...]
    log: tuple[Logged, ...]

    @property
    def results(self) -> list[dict[str, Any]] | None:
        """What an apply says of each write; None where it says that there was none."""
        with suppress(ValueError):
            told: list[dict[str, Any]] | None = json.loads(self.out).get("results")
            return told
        return None

    @property
    def wiped(self) -> bool:
        """Whether an apply says that it wiped an override of the console."""
        with suppress(ValueError):
            return bool(json.loads(self.out).get("lost_overrides"))
        return False


@dataclass(slots=True)
class Office:
    """A folder of files, and the account that it is for. `now` is in Unix seconds."""

    folder: Path
    world: World
    now: int
    options: Options = field(default_factory=lambda: Options(limits=UNLIMITED))

    @property
    def console(self) -> Console:
        """Somebody who works in the console."""
        return Console(self._service(Faults()), self.world.account, "bob@example.com")

    def run(self, *arguments: str, weather: Weather | None = None) -> Ran:
        """Run a command in this process, without sockets."""
        weather = weather or Weather()
        service = self._service(Faults(hook=weather))
        with self._settings(NOWHERE), quick_client(Wire(service), READ_TIMEOUT):
            code, out, err = _run(arguments)
        return Ran(code, out, err, tuple(weather.served), tuple(service.log))

    def run_and_kill(
        self, arguments: tuple[str, ...], weather: Weather, at: int, late: bool
    ) -> Ran:
        """Run a command in a process of its own, which is killed at a request (kill -9).

        `late`: the service has acted by then. A command with fewer requests comes to its end.
        """
        child = _Child(lambda url: self._run_in_child(url, arguments), self.folder)
        moment = weather.after if late else weather.before
        actions = {**moment, at: [*moment.get(at, ()), child.kill]}
        weather = Weather(
            weather.faults,
            weather.before if late else actions,
            actions if late else weather.after,
            weather.write_faults,
            weather.after_writes,
            weather.served,
        )
        with running(self.world, self.options, now=lambda: self.now) as sandbox:
            sandbox.hook = weather
            code = child.go(sandbox.url)
            log = tuple(sandbox.log)
        return Ran(code, child.out, child.err, tuple(weather.served), log)

    def _run_in_child(self, url: str, arguments: tuple[str, ...]) -> tuple[int, str, str]:
        with self._settings(url), quick_client(None, READ_TIMEOUT):
            return _run(arguments)

    def _service(self, faults: Faults) -> Service:
        return Service(self.world, self.options, lambda: self.now, lambda: 0.0, faults)

    @contextmanager
    def _settings(self, url: str) -> Iterator[None]:
        given = {"FLASHDUTY_APP_KEY": KEY, "FLASHDUTY_BASE_URL": url, "HOME": str(self.folder)}
        given[TEST_NOW] = str(self.now)
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            with patch.dict(os.environ, given):
                yield
        finally:
            os.chdir(before)


class _Child:
    """A forked process that begins when it is told a URL, and writes down how it ended.

    It is forked before the server's thread begins, since a fork copies no other thread.
    """

    def __init__(self, work: Callable[[str], tuple[int, str, str]], folder: Path) -> None:
        self._said = folder / "said.json"
        self._said.unlink(missing_ok=True)
        read, self._write = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._write)
            self._be(read, work)
        os.close(read)
        self.out = self.err = ""

    def _be(self, read: int, work: Callable[[str], tuple[int, str, str]]) -> None:
        code = 70
        try:
            with os.fdopen(read) as pipe:
                url = pipe.read()
            code, out, err = work(url)
            self._said.write_text(json.dumps([out, err]), encoding="utf-8")
        finally:
            os._exit(code)

    def go(self, url: str) -> int | None:
        """Let it run to its end; None where that was a kill."""
        with os.fdopen(self._write, "w") as pipe:
            pipe.write(url)
        _, status = os.waitpid(self._pid, 0)
        if self._said.exists():
            self.out, self.err = json.loads(self._said.read_text(encoding="utf-8"))
        return None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)

    def kill(self) -> None:
        """End it as a power cut would."""
        os.kill(self._pid, signal.SIGKILL)


def _run(arguments: tuple[str, ...]) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(list(arguments))
    return code, out.getvalue(), err.getvalue()
