"""Runs the README's session for real, and writes what it printed back into the text.

`python -m tests.readme` brings README.md up to date; `test_docs.py` holds it to be so already.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flashsync.cli.process import TEST_NOW
from tests.clock import NOW

README = Path(__file__).parents[1] / "README.md"
DOCS = README.with_name("docs")
PAGES = (README, *sorted(DOCS.glob("*.md")))
"""The documentation for users."""
PORT = "8765"
_BLOCK = re.compile(r"(```console\n)(.*?)(\n```)", re.DOTALL)
_MARK = "<<end of command>>"


@dataclass(frozen=True)
class Block:
    """One console block: the text between its fences."""

    text: str

    def commands(self) -> Iterator[str]:
        """Its commands, each with the lines of its here-document."""
        lines = iter(self.text.splitlines())
        for line in lines:
            if not line.startswith("$ "):
                continue  # output, which is written anew
            command = [line[2:]]
            if "<<'END'" in line:
                for more in lines:
                    command.append(more)
                    if more == "END":
                        break
            yield "\n".join(command)


def fresh(readme: str) -> str:
    """The text with the output that its commands have now."""
    with TemporaryDirectory() as folder:
        session = Session(Path(folder))
        try:
            return _BLOCK.sub(
                lambda match: match[1] + session.run(Block(match[2])) + match[3], readme
            )
        finally:
            session.close()


class Session:
    """One shell for all blocks, with the program of this environment on its path."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = str(probe.getsockname()[1])
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        home = {"PATH": path, "HOME": str(folder), "COLUMNS": "100", "PYTHONUNBUFFERED": "1"}
        home[TEST_NOW] = str(NOW)  # who is on call depends on it
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def run(self, block: Block) -> str:
        """The block with its commands and what they print."""
        parts = []
        for command in block.commands():
            output = self._run(command)
            parts.append("$ " + command + ("\n" + output if output else ""))
        return "\n".join(parts)

    def _run(self, command: str) -> str:
        shell_input, shell_output = self._shell.stdin, self._shell.stdout
        if shell_input is None or shell_output is None:
            raise AssertionError("the shell has no pipes")
        if command.endswith("&"):
            # A server: what it prints is its own; go on once it answers.
            up = f"(: </dev/tcp/127.0.0.1/{PORT}) 2>/dev/null"
            command = f"{command.removesuffix('&')} >/dev/null & until {up}; do sleep 0.1; done"
        shell_input.write(f"{command.replace(PORT, self._port)}\necho '{_MARK}'\n")
        shell_input.flush()
        lines = []
        for line in shell_output:
            if line.startswith(_MARK):
                break
            lines.append(line.rstrip())
        return "\n".join(lines).replace(self._port, PORT).strip("\n")

    def close(self) -> None:
        """End the shell and the server in it."""
        if self._shell.stdin is not None:
            self._shell.stdin.write("kill %1\nwait\nexit\n")
            self._shell.stdin.close()
        if self._shell.stdout is not None:
            self._shell.stdout.close()
        self._shell.wait(timeout=20)


if __name__ == "__main__":
    README.write_text(fresh(README.read_text(encoding="utf-8")), encoding="utf-8")
