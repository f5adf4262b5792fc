"""One repository on GitHub: a bare git remote, its pull requests, and what `gh` knows of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.recipes.checkout import Machine

FORK = "mallory/rota"
PRE_RECEIVE = """\
#!/bin/sh
case "${GITHUB_ACTIONS:-} ${GH_TOKEN:-} " in
" "*|*" contents=write "*) ;;
*) echo "Write access to repository not granted. (HTTP 403)"; exit 1 ;;
esac
"""
"""People may push, and jobs with the permission to write contents."""


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
    """The repository, and what GitHub keeps next to it, in a file that the stand-in shares."""

    machine: Machine
    remote: Path
    kept: Path
    repository: str = "acme/rota"

    @classmethod
    def made(cls, machine: Machine, kept: Path) -> GitHub:
        """A repository without commits."""
        remote = machine.home / "remote.git"
        machine.git(machine.home, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
        hook = remote / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(PRE_RECEIVE, encoding="utf-8")
        hook.chmod(0o755)
        made = cls(machine, remote, kept)
        empty: dict[str, Any] = dict.fromkeys(
            ("comments", "issues", "pulls", "runs", "artifacts", "timeline", "protected"), ()
        )
        made._write({"repository": made.repository, "last": 0, "minute": 0, **empty})
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

    def _now(self) -> str:
        """The time of the host: each thing that happens takes a minute."""
        minute = self.state["minute"] + 1
        self._write({**self.state, "minute": minute})
        return f"2026-01-05T{minute // 60:02}:{minute % 60:02}:00Z"

    def remember_run(self, id: int, file: str, event: Event, conclusion: str) -> None:
        """That a workflow ran, and for which commit: of a pull request that is its head.

        For which pull request is in no field, as on GitHub: `pull_requests` of a run lists those
        that are open with its commit or branch when it is asked for.
        """
        pull = event.payload.get("pull_request")
        head = pull["head"] if pull else {"sha": event.sha, "ref": "main", "repo": None}
        run = {
            "id": id,
            "file": file,
            "head_sha": head["sha"],
            "head_branch": head["ref"],
            "repository": {"full_name": self.repository},
            "head_repository": head["repo"] or {"full_name": self.repository},
            "event": event.name,
            "conclusion": conclusion,
            "created_at": self._now(),
        }
        self._write({**self.state, "runs": [*self.state["runs"], run]})

    def remember_artifact(self, run: int, name: str, folder: Path) -> None:
        """That a run has kept files."""
        state = self.state
        artifact = {"run": run, "name": name, "folder": str(folder)}
        artifact |= {"id": len(state["artifacts"]) + 1, "created_at": self._now()}
        self._write({**self.state, "artifacts": [*state["artifacts"], artifact]})

    def run_again(self, id: int) -> None:
        """Somebody has a run made again: it keeps its number and time, its artifacts are new."""
        now = self._now()
        state = self.state
        for artifact in state["artifacts"]:
            if artifact["run"] == id:
                artifact["created_at"] = now
        self._write(state)

    def someone_comments(self, number: int, login: str, body: str) -> None:
        """A comment by a person."""
        comment = {"id": 1, "issue": number, "user": {"login": login}, "body": body}
        self._write({**self.state, "comments": [*self.state["comments"], comment]})

    # Pull requests.

    def diff(self, branch: str) -> str:
        """What a pull request of a branch shows."""
        return self.machine.git(self.remote, "diff", f"main...{branch}")

    def open(self, branch: str, *, base: str = "main", fork: bool = False) -> int:
        """A pull request of a branch that was pushed; its number."""
        now = self._now()
        state = self.state
        number = state["last"] + 1
        owner = FORK if fork else self.repository
        pull: dict[str, Any] = {"number": number, "branch": branch, "merge_commit_sha": None}
        pull |= {"created_at": now, "merged_at": None}
        pull["head"] = {"sha": self._sha(branch), "ref": branch, "repo": {"full_name": owner}}
        pull["base"] = self._as_base(base)
        self._write({**state, "last": number, "pulls": [*state["pulls"], pull]})
        return int(number)

    def _as_base(self, branch: str) -> dict[str, Any]:
        return {
            "ref": branch,
            "sha": self._sha(branch),
            "repo": {"full_name": self.repository},
        }

    def change_base(self, number: int, branch: str) -> None:
        """Somebody edits a pull request: it is for another branch now."""
        event = {"issue": number, "event": "base_ref_changed", "created_at": self._now()}
        state = self.state
        (pull,) = [one for one in state["pulls"] if one["number"] == number]
        pull["base"] = self._as_base(branch)
        self._write({**state, "timeline": [*state["timeline"], event]})

    def protect(self, branch: str) -> None:
        """Protect a branch: it changes by pull request only, with a review."""
        self._write({**self.state, "protected": [*self.state["protected"], branch]})

    def of_pull(self, number: int) -> Event:
        """The event of a pull request: opened, or pushed to."""
        state = self.state
        (pull,) = [one for one in state["pulls"] if one["number"] == number]
        pull["head"]["sha"] = self._sha(pull["branch"])
        pull["base"] = self._as_base(pull["base"]["ref"])
        self._write(state)
        return Event(
            "pull_request",
            sha=self._merged(pull["branch"], pull["base"]["ref"], push=False),
            ref=f"refs/pull/{number}/merge",
            payload={
                "pull_request": {"number": number, "head": pull["head"], "base": pull["base"]}
            },
            of_a_fork=pull["head"]["repo"]["full_name"] != self.repository,
        )

    def merge(self, number: int) -> Event:
        """Merge a pull request: the event of the push to its base."""
        now = self._now()
        state = self.state
        (pull,) = [one for one in state["pulls"] if one["number"] == number]
        base = pull["base"]["ref"]
        before = self._sha(base)
        pull["merge_commit_sha"] = self._merged(pull["branch"], base, push=True)
        pull["merged_at"] = now
        self._write(state)
        return Event(
            "push",
            sha=pull["merge_commit_sha"],
            ref=f"refs/heads/{base}",
            payload={"before": before},
        )

    def merged_too(self, number: int, push: Event) -> None:
        """Another pull request with a commit that came to its base by the same push."""
        now = self._now()
        state = self.state
        (pull,) = [one for one in state["pulls"] if one["number"] == number]
        pull |= {"merge_commit_sha": push.sha, "merged_at": now}
        self._write(state)

    def pushed(self) -> Event:
        """The last commit of main, pushed without a pull request."""
        parents = self.machine.git(self.remote, "log", "-1", "--format=%P", "main").split()
        before = parents[0] if parents else "0" * 40
        return Event("push", sha=self._sha("main"), payload={"before": before})

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
