"""A team that keeps its rota in git: a clone, an account, and what its people do to both."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from flashsync.sandbox import Sandbox
from tests.recipes.checkout import Ended, Machine
from tests.source import ROOT

EXAMPLES = ROOT / "examples"
SCHEDULES = ("weekly", "planned-cover")
READER, WRITER = "sandbox-reader-key", "sandbox-key"
"""The key of Bob, who may only read schedules, and that of Alice, who may do everything."""
WRITES = ("/schedule/create", "/schedule/update", "/schedule/delete")


@dataclass
class Team:
    """Their machine, their clone of the repository, and the account."""

    machine: Machine
    clone: Path
    sandbox: Sandbox

    def declare(self) -> None:
        """The files of two schedules."""
        (self.clone / "schedules").mkdir(parents=True)
        for name in ("flashsync", *(f"schedules/{one}" for one in SCHEDULES)):
            shutil.copy(EXAMPLES / f"{name}.yaml", self.clone / f"{name}.yaml")

    def start(self, remote: Path, recipe: Path, target: str) -> None:
        """A repository from the examples and one recipe: a file, or the files of a folder."""
        self.declare()
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("remote", "add", "origin", str(remote))
        place = self.clone / target
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if recipe.is_dir() else shutil.copy)(recipe, place)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Keep the rota in git")
        self.git("push", "--quiet", "origin", "main")

    def git(self, *arguments: str) -> str:
        """Run git in the clone."""
        return self.machine.git(self.clone, *arguments)

    def branch(self, name: str) -> None:
        """A new branch from what main is on the remote."""
        self.git("fetch", "--quiet", "origin")
        self.git("switch", "--quiet", "--create", name, "origin/main")

    def edit(self, file: str, old: str, new: str) -> None:
        """Edit a file, commit, and push the branch."""
        path = self.clone / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        self.git("commit", "--quiet", "--all", "--message", f"{old} becomes {new}")
        self.git("push", "--quiet", "origin", "HEAD")

    def pull(self) -> None:
        """What main is now."""
        self.git("switch", "--quiet", "main")
        self.git("pull", "--quiet", "--ff-only", "origin", "main")

    def flashsync(self, *arguments: str) -> Ended:
        """Run the program in the clone, with the key that may do everything."""
        return self.machine.run(
            ("flashsync", *arguments), self.clone, {"FLASHDUTY_APP_KEY": WRITER}
        )

    def live(self, schedule: str) -> Any:
        """A schedule as the console shows it."""
        return self.sandbox.console.schedule(schedule)

    def turns(self, schedule: str) -> int:
        """How many turns the schedule's running layer has."""
        return len(self.live(schedule)["layers"][-1]["groups"])

    @property
    def written(self) -> int:
        """How often somebody wrote to the account by its API."""
        return sum(entry.endpoint in WRITES for entry in self.sandbox.log)


def made_eight_days_ago(plan: Path) -> None:
    """Change when a saved plan says that it was made."""
    document = json.loads(plan.read_text(encoding="utf-8"))
    made = datetime.fromisoformat(document["created_at"]) - timedelta(days=8)
    document["created_at"] = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    del document["checksum"]
    text = json.dumps(document, sort_keys=True, ensure_ascii=True)
    document["checksum"] = sha256(text.encode()).hexdigest()
    plan.write_text(json.dumps(document), encoding="utf-8")
