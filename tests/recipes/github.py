"""One repository on GitHub: a bare git remote, its pull requests, and what `gh` is told of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.recipes.checkout import Machine

FORK = "mallory/rota"


@dataclass(frozen=True, slots=True)
class Event:
    """Why workflows run."""

    name: str
    sha: str
    ref: str = "refs/heads/main"
    actor: str = "alice"
    payload: Mapping[str, Any] = field(default_factory=dict)
    of_a_fork: bool = False


@dataclass
class GitHub:
    """The repository, and what GitHub keeps beside it, in a file that the stand-in shares."""

    machine: Machine
    remote: Path
    kept: Path
    repository: str = "acme/rota"

    @classmethod
    def made(cls, machine: Machine, kept: Path) -> GitHub:
        """A repository without commits."""
        remote = machine.home / "remote.git"
        machine.git(machine.home, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
        made = cls(machine, remote, kept)
        empty: dict[str, Any] = dict.fromkeys(
            ("comments", "issues", "pulls", "runs", "artifacts"), ()
        )
        made._write({"repository": made.repository, "last": 0, **empty})
        return made

    @property
    def state(self) -> dict[str, Any]:
        """All that is kept: comments, issues, pulls, runs, artifacts."""
        state: dict[str, Any] = json.loads(self.kept.read_text(encoding="utf-8"))
        return state

    def _write(self, state: Mapping[str, Any]) -> None:
        self.kept.write_text(json.dumps(state), encoding="utf-8")

    def comments(self, number: int) -> list[str]:
        """The comments of a pull request or an issue."""
        return [one["body"] for one in self.state["comments"] if one["issue"] == number]

    def remember_run(self, id: int, file: str, event: Event, conclusion: str) -> None:
        """That a workflow ran, and for which commit: of a pull request that is its head."""
        head = event.payload["pull_request"]["head"]["sha"] if event.payload else event.sha
        run = {
            "id": id,
            "file": file,
            "head_sha": head,
            "event": event.name,
            "conclusion": conclusion,
        }
        self._write({**self.state, "runs": [*self.state["runs"], run]})

    def remember_artifact(self, run: int, name: str, folder: Path) -> None:
        """That a run has kept files."""
        artifact = {"run": run, "name": name, "folder": str(folder)}
        self._write({**self.state, "artifacts": [*self.state["artifacts"], artifact]})

    def someone_comments(self, number: int, login: str, body: str) -> None:
        """A comment by a person."""
        comment = {"id": 1, "issue": number, "user": {"login": login}, "body": body}
        self._write({**self.state, "comments": [*self.state["comments"], comment]})

    # Pull requests.

    def open(self, branch: str, *, fork: bool = False) -> int:
        """A pull request of a branch that was pushed; its number."""
        state = self.state
        number = state["last"] + 1
        owner = FORK if fork else self.repository
        pull = {"number": number, "branch": branch, "merge_commit_sha": None}
        pull["head"] = {"sha": self._sha(branch), "repo": {"full_name": owner}}
        self._write({**state, "last": number, "pulls": [*state["pulls"], pull]})
        return int(number)

    def of_pull(self, number: int) -> Event:
        """The event of a pull request: opened, or pushed to."""
        state = self.state
        (pull,) = [one for one in state["pulls"] if one["number"] == number]
        pull["head"]["sha"] = self._sha(pull["branch"])
        self._write(state)
        return Event(
            "pull_request",
            sha=self._merged(pull["branch"], "main", push=False),
            ref=f"refs/pull/{number}/merge",
            payload={"pull_request": {"number": number, "head": pull["head"]}},
            of_a_fork=pull["head"]["repo"]["full_name"] != self.repository,
        )

    def merge(self, number: int) -> Event:
        """Merge a pull request: the event of the push to main."""
        state = self.state
        (pull,) = [one for one in state["pulls"] if one["number"] == number]
        pull["merge_commit_sha"] = self._merged(pull["branch"], "main", push=True)
        self._write(state)
        return Event("push", sha=pull["merge_commit_sha"])

    def pushed(self) -> Event:
        """The last commit of main, pushed without a pull request."""
        return Event("push", sha=self._sha("main"))

    def at_night(self) -> Event:
        """The schedule fires."""
        return Event("schedule", sha=self._sha("main"))

    def by_hand(self) -> Event:
        """Somebody presses Run workflow, for main."""
        return Event("workflow_dispatch", sha=self._sha("main"))

    def _sha(self, ref: str) -> str:
        return self.machine.git(self.remote, "rev-parse", f"refs/heads/{ref}")

    def _merged(self, branch: str, base: str, *, push: bool) -> str:
        """The commit that a merge makes, by git alone; main moves there where `push`."""
        tree = self.machine.git(self.remote, "merge-tree", "--write-tree", base, branch)
        parents = ("-p", self._sha(base), "-p", self._sha(branch))
        sha = self.machine.git(self.remote, "commit-tree", *parents, "-m", f"Merge {branch}", tree)
        if push:
            self.machine.git(self.remote, "update-ref", f"refs/heads/{base}", sha)
        return sha

    def check_out(self, event: Event, folder: Path) -> None:
        """What `actions/checkout` gives: the files of the event's commit."""
        self.machine.check_out(self.remote, event.sha, folder)
