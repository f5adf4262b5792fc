"""The command line as a person uses it: files in a folder, a command, what it prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flashsync.cli.main import main
from flashsync.sandbox import Sandbox
from tests.clock import Clock

WRITES = ("/schedule/create", "/schedule/update", "/schedule/delete")
STREAMS = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
NO_SERVER = "http://127.0.0.1:9"
"""A port at which nobody listens."""


def schedule(name: str = "Production", **more: Any) -> dict[str, Any]:
    """A small valid schedule document."""
    return {"schedule": name, "layers": [layer()], **more}


def layer(*people: Any, **more: Any) -> dict[str, Any]:
    """A weekly layer of these people."""
    groups = list(people) or ["alice@example.com", "bob@example.com"]
    start = "2026-01-05 10:00"
    return {"layer": "Primary", "rotation": "1 week", "start": start, "groups": groups, **more}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.out)


@dataclass
class Terminal:
    """One folder, one sandbox, the commands that run in it, and the clock of them all."""

    folder: Path
    sandbox: Sandbox
    capture: pytest.CaptureFixture[str]
    clock: Clock

    def __call__(self, *arguments: str) -> Ended:
        """Run a command line in this process."""
        self.capture.readouterr()
        code = main(arguments)
        out, err = self.capture.readouterr()
        assert "Traceback" not in err, err
        return Ended(code, out, err)

    def run(
        self, *arguments: str, env: Mapping[str, str] | None = None, **more: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run a command line in a process of its own."""
        return subprocess.run(
            command(*arguments),
            env={**os.environ, **(env or {})},
            cwd=self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=30,
            check=False,
            **{"stdin": subprocess.DEVNULL, **more},
        )

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[str]:
        """Start a command line in a process of its own, in a process group of its own."""
        return subprocess.Popen(
            command(*arguments),
            cwd=self.folder,
            env=os.environ.copy(),
            text=True,
            encoding="utf-8",
            start_new_session=True,
            **{**STREAMS, **more},
        )

    def write(self, name: str, content: str | bytes) -> Path:
        """A file of this folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def config(self, **settings: Any) -> None:
        """flashsync.yaml: these settings over the account's own. JSON is YAML."""
        account = {"version": 1, "account": "Acme Corp", "timezone": "Asia/Shanghai"}
        self.write("flashsync.yaml", json.dumps({**account, **settings}, ensure_ascii=False))

    def declare(self, *trees: Mapping[str, Any]) -> None:
        """All the schedule files of the folder: one document each. JSON is YAML."""
        for old in (self.folder / "schedules").glob("*"):
            old.unlink()
        for number, tree in enumerate(trees):
            self.write(f"schedules/{number}.yaml", json.dumps(tree, ensure_ascii=False))

    def apply(self, *arguments: str) -> Ended:
        """Apply without asking; it has to go well."""
        ended = self("apply", "--auto-approve", *arguments)
        assert ended.code == 0, ended
        return ended

    @property
    def written(self) -> list[str]:
        """The names of the endpoints that write, as they were called so far."""
        asked = [entry.endpoint for entry in self.sandbox.log]
        return [endpoint.removeprefix("/schedule/") for endpoint in asked if endpoint in WRITES]

    @property
    def names(self) -> list[str]:
        """The names of the account's schedules."""
        return [one["schedule_name"] for one in self.sandbox.console.schedules()]


def command(*arguments: str) -> list[str]:
    """The command line that starts flashsync with this interpreter."""
    return [sys.executable, "-m", "flashsync", *arguments]
