"""The machine that a job runs on: a folder, a path with the commands, and a shell."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

IDENTITY = {
    "GIT_AUTHOR_NAME": "Alice",
    "GIT_AUTHOR_EMAIL": "alice@example.com",
    "GIT_COMMITTER_NAME": "Alice",
    "GIT_COMMITTER_EMAIL": "alice@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a script ended, and what it printed, errors among it."""

    code: int
    printed: str


@dataclass(frozen=True, slots=True)
class Machine:
    """Where jobs run: with these commands, the system's commands, and only this environment."""

    home: Path
    environment: Mapping[str, str]

    @classmethod
    def made(cls, home: Path, scripts: Mapping[str, str], **environment: str) -> Machine:
        """A machine with the folder `home` and these commands by name."""
        commands = home / "bin"
        commands.mkdir(parents=True)
        for name, script in scripts.items():
            (commands / name).write_text(script, encoding="utf-8")
            (commands / name).chmod(0o755)
        path = f"{commands}:/usr/local/bin:/usr/bin:/bin"
        (home / "temporary").mkdir()
        temporary = str(home / "temporary")
        fixed = {"PATH": path, "HOME": str(home), "LC_ALL": "C.UTF-8", "TMPDIR": temporary}
        return cls(home, {**fixed, **IDENTITY, **environment})

    def run(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
    ) -> Ended:
        """Run a command in a folder."""
        done = subprocess.run(
            command,
            cwd=folder,
            env={**self.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        return Ended(done.returncode, done.stdout)

    def git(self, folder: Path, *arguments: str) -> str:
        """Run git; it has to go well. What it printed, without the last line's end."""
        done = self.run(("git", *arguments), folder)
        assert done.code == 0, f"git {' '.join(arguments)}\n{done.printed}"
        return done.printed.strip()

    def check_out(self, remote: Path, commit: str, folder: Path) -> None:
        """The files of a commit, whether a branch has it or not, in a clone."""
        clone = ("clone", "--quiet", "--shared", "--no-checkout", str(remote), str(folder))
        self.git(self.home, *clone)
        self.git(folder, "checkout", "--quiet", "--detach", commit)
