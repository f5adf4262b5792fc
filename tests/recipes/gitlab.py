"""One project on GitLab, and its runners, as far as the recipe goes; all else is an error.

What is real: the scripts, taken from the YAML, in `sh -e` in a clone, with rules, stages, variables
and their scopes, and artifacts. What stands in: `glab` and `pip` (see there), and `apk`, since what
it installs is there already.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.recipes.actions import load
from tests.recipes.checkout import Machine
from tests.recipes.glab import HOST, TOKEN
from tests.recipes.pip import COMMIT, REPOSITORY
from tests.recipes.team import READER, WRITER

PROJECT, FORK = 42, 43
KEYWORDS = {
    *("extends", "stage", "rules", "script", "before_script", "artifacts", "image", "variables"),
    *("environment", "resource_group", "interruptible"),
}
_CLAUSE = re.compile(r'\$(\w+) == (?:"(\w+)"|\$(\w+))')

Tree = Mapping[str, Any]


@dataclass
class Pipeline:
    """A pipeline, and how its jobs ended: success, failed, or skipped. Others were not in it."""

    id: int
    results: dict[str, str] = field(default_factory=dict)
    printed: str = ""

    @property
    def green(self) -> bool:
        """Whether no job failed."""
        return "failed" not in self.results.values()


@dataclass
class GitLab:
    """The project, and what GitLab keeps of it, in a file that the stand-in for glab shares."""

    machine: Machine
    remote: Path
    kept: Path
    recipe: Path
    settings: Mapping[str, str] = field(
        default_factory=lambda: {"FLASHSYNC_REPOSITORY": REPOSITORY, "FLASHSYNC_COMMIT": COMMIT}
    )
    """What a team fills in at the top of the recipe."""

    @classmethod
    def made(cls, machine: Machine, kept: Path, recipe: Path) -> GitLab:
        """A project without commits."""
        remote = machine.home / "remote.git"
        machine.git(machine.home, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
        made = cls(machine, remote, kept, recipe)
        kinds = ("notes", "issues", "merge_requests", "pipelines", "jobs")
        made._write({"project": PROJECT, "last": 0, "minute": 0, **dict.fromkeys(kinds, ())})
        return made

    @property
    def state(self) -> dict[str, Any]:
        """All that is kept: notes, issues, merge requests, pipelines, jobs."""
        state: dict[str, Any] = json.loads(self.kept.read_text(encoding="utf-8"))
        return state

    def _write(self, state: Mapping[str, Any]) -> None:
        self.kept.write_text(json.dumps(state), encoding="utf-8")

    def notes(self, kind: str, iid: int) -> list[str]:
        """The notes of a merge request or an issue."""
        return [one["body"] for one in self.state["notes"] if one["on"] == [kind, str(iid)]]

    # What people do.

    def now(self) -> str:
        """The time of the host: each thing that happens takes a minute."""
        minute = self.state["minute"] + 1
        self._write({**self.state, "minute": minute})
        return f"2026-01-05T{minute // 60:02}:{minute % 60:02}:00.000Z"

    def open(self, branch: str, *, target: str = "main") -> int:
        """A merge request of a branch that was pushed; its number."""
        state = self.state
        iid = state["last"] + 1
        request = {"iid": iid, "branch": branch, "sha": "", "merge_commit_sha": None}
        request |= {"squash_commit_sha": None, "state": "opened", "merged_at": None}
        request |= {"target_branch": target}
        request |= {"source_project_id": PROJECT, "target_project_id": PROJECT}
        requests = [*state["merge_requests"], request]
        self._write({**state, "last": iid, "merge_requests": requests})
        return int(iid)

    def push(self, iid: int, *, source: int = PROJECT) -> Pipeline:
        """The pipeline of a merge request after a push to its branch."""
        state = self.state
        (request,) = [one for one in state["merge_requests"] if one["iid"] == iid]
        request["sha"] = self.machine.git(self.remote, "rev-parse", request["branch"])
        self._write(state)
        variables = {
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_MERGE_REQUEST_IID": str(iid),
            "CI_MERGE_REQUEST_PROJECT_ID": str(PROJECT),
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": str(source),
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": request["target_branch"],
            "CI_PROJECT_ID": str(source),
        }
        return self._run(request["sha"], variables, merge_request=iid)

    def change_target(self, iid: int, branch: str) -> None:
        """Somebody edits a merge request: it is for another branch now."""
        state = self.state
        (request,) = [one for one in state["merge_requests"] if one["iid"] == iid]
        request["target_branch"] = branch
        self._write(state)

    def merge(self, iid: int) -> Pipeline:
        """Merge a merge request, fast-forward: the pipeline of the push to the default branch."""
        return self.of_main("push", self.fast_forward(iid))

    def fast_forward(self, iid: int) -> str:
        """Merge a merge request; the commit that the default branch was at before."""
        now = self.now()
        state = self.state
        (request,) = [one for one in state["merge_requests"] if one["iid"] == iid]
        before = self.machine.git(self.remote, "rev-parse", "refs/heads/main")
        self.machine.git(self.remote, "update-ref", "refs/heads/main", request["sha"])
        request |= {"state": "merged", "merged_at": now}
        self._write(state)
        return before

    def of_main(self, source: str, before: str = "") -> Pipeline:
        """A pipeline of the default branch: `push`, `web` or `schedule`."""
        sha = self.machine.git(self.remote, "rev-parse", "main")
        variables = {"CI_PIPELINE_SOURCE": source, "CI_COMMIT_BRANCH": "main"}
        parents = self.machine.git(self.remote, "log", "-1", "--format=%P", "main").split()
        variables["CI_COMMIT_BEFORE_SHA"] = before or parents[0] if parents else "0" * 40
        return self._run(sha, variables)

    def remember_again(self, folder: Path) -> None:
        """One more pipeline like the last one, with a plan that kept these files."""
        now = self.now()
        state = self.state
        number = state["last"] + 1
        (*_, pipeline), jobs = state["pipelines"], state["jobs"]
        plan = next(job for job in reversed(jobs) if job["name"] == "plan")
        job = plan | {"id": number, "pipeline": number, "folder": str(folder), "finished_at": now}
        state |= {"last": number, "jobs": [*jobs, job]}
        state["pipelines"].append({**pipeline, "id": number})
        self._write(state)

    def run_again(self, pipeline: int) -> None:
        """Somebody retries the jobs of a pipeline after it was over."""
        now = self.now()
        state = self.state
        for job in state["jobs"]:
            if job["pipeline"] == pipeline:
                job["finished_at"] = now
        self._write(state)

    # What the runners do.

    def _run(self, sha: str, variables: Tree, merge_request: int = 0) -> Pipeline:
        tree = load(self.recipe)
        state = self.state
        pipeline = Pipeline(state["last"] + 1)
        self._write({**state, "last": pipeline.id})
        run = _Run(self, tree, pipeline, sha, variables)
        for stage in tree["stages"]:
            for name, job in tree.items():
                if isinstance(job, dict) and job.get("stage") == stage:
                    run.job(name, {**tree[job["extends"]], **job})
        state = self.state
        status = "success" if pipeline.green else "failed"
        kept = {"id": pipeline.id, "sha": sha, "status": status, "merge_request": merge_request}
        kept |= {"project_id": int(variables.get("CI_PROJECT_ID", PROJECT))}
        kept |= {"source": variables["CI_PIPELINE_SOURCE"]}
        kept["ref"] = f"refs/merge-requests/{merge_request}/head" if merge_request else "main"
        self._write({**state, "pipelines": [*state["pipelines"], kept]})
        return pipeline


class _Run:
    """One pipeline while it runs; what its jobs have kept lies in one folder."""

    def __init__(
        self, gitlab: GitLab, tree: Tree, pipeline: Pipeline, sha: str, variables: Tree
    ) -> None:
        self._gitlab, self._tree, self._pipeline, self._sha = gitlab, tree, pipeline, sha
        self._folder = gitlab.machine.home / f"pipeline-{pipeline.id}"
        self._kept = self._folder / "artifacts"
        self._kept.mkdir(parents=True)
        self._variables = {
            **tree["variables"],
            **gitlab.settings,
            "CI_PROJECT_ID": str(PROJECT),
            "CI_DEFAULT_BRANCH": "main",
            "CI_COMMIT_BRANCH": "",
            "CI_COMMIT_SHA": sha,
            "CI_SERVER_HOST": HOST,
            "CI_PROJECT_URL": f"https://{HOST}/acme/rota",
            "CI_PIPELINE_URL": f"https://{HOST}/acme/rota/-/pipelines/{pipeline.id}",
            **variables,
        }

    def job(self, name: str, tree: Tree) -> None:
        """Run one job, where its rules put it into the pipeline and its turn comes."""
        assert set(tree) <= KEYWORDS, f"keywords that are not known here: {set(tree) - KEYWORDS}"
        if not self._when(self._tree["workflow"]["rules"]):
            return
        when = self._when(tree["rules"])
        if not when:
            return
        if not self._pipeline.green and when != "always":
            self._pipeline.results[name] = "skipped"
            return
        ended = self._carried_out(name, tree)
        self._pipeline.results[name] = "failed" if ended else "success"

    def _when(self, rules: list[Tree]) -> str:
        """When the first rule that matches has it run; "" where none does."""
        for rule in rules:
            if all(self._is(clause) for clause in rule["if"].split(" && ")):
                return str(rule.get("when", "on_success"))
        return ""

    def _is(self, clause: str) -> bool:
        match = _CLAUSE.fullmatch(clause.strip())
        assert match, f"not understood: {clause}"
        name, text, other = match.groups()
        return bool(self._variables.get(name, "") == (text if text else self._variables[other]))

    def _carried_out(self, name: str, tree: Tree) -> int:
        workspace = self._folder / name
        machine = self._gitlab.machine
        machine.check_out(self._gitlab.remote, self._sha, workspace)
        shutil.copytree(self._kept, workspace, dirs_exist_ok=True)
        script = self._folder / f"{name}.sh"
        lines = [*tree["before_script"], *tree["script"]]
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
        ended = machine.run(("sh", "-e", str(script)), workspace, self._environment(tree))
        self._pipeline.printed += ended.printed
        if "artifacts" in tree and (not ended.code or tree["artifacts"].get("when") == "always"):
            self._keep(name, workspace, tree["artifacts"]["paths"], ended.code)
        return ended.code

    def _environment(self, tree: Tree) -> dict[str, str]:
        """The project's variables, overridden by the environment's; forks have none."""
        found = {**self._variables}
        if self._variables["CI_PROJECT_ID"] == str(PROJECT):
            production = tree.get("environment", {}).get("name") == "production"
            key = WRITER if production else READER
            found |= {"GITLAB_BOT_TOKEN": TOKEN, "FLASHDUTY_APP_KEY": key}
        for name, text in tree.get("variables", {}).items():
            found[name] = re.sub(r"\$(\w+)", lambda match: found.get(match[1], ""), text)
        return found

    def _keep(self, name: str, workspace: Path, paths: list[str], code: int) -> None:
        state = self._gitlab.state
        folder = self._folder / f"{name}.artifacts"
        folder.mkdir()
        for path in paths:
            for target in (folder, self._kept):
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                if (workspace / path).is_dir():
                    shutil.copytree(workspace / path, target / path, dirs_exist_ok=True)
                elif (workspace / path).exists():
                    shutil.copy(workspace / path, target / path)
        job = {"id": state["last"] + 1, "pipeline": self._pipeline.id, "name": name}
        job |= {"status": "failed" if code else "success", "folder": str(folder)}
        job["finished_at"] = self._gitlab.now()
        state = self._gitlab.state
        self._gitlab._write({**state, "last": job["id"], "jobs": [*state["jobs"], job]})
