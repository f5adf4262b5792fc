"""Runs workflow files as GitHub Actions would, as far as the recipes go; all else is an error.

What is real: the shell steps, taken from the YAML, in `bash -eo pipefail` in a checkout, with the
files for outputs and summaries, conditions, needs, permissions and secrets.
What stands in: `gh` and `pip` (see there); `actions/checkout` is a clone, artifacts are folders.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.recipes.checkout import Machine
from tests.recipes.expressions import Scope, fill, holds
from tests.recipes.github import Event, GitHub
from tests.recipes.pip import COMMIT, REPOSITORY
from tests.source import ROOT

SERVER = "https://github.example"

Tree = Mapping[str, Any]


def load(path: Path) -> Any:
    """A workflow file: YAML 1.2, in which `on` is not a truth value."""
    return YAML(typ="safe", pure=True).load(path)


@dataclass
class Job:
    """A job and how it went."""

    name: str
    result: str = "success"
    outputs: dict[str, str] = field(default_factory=dict)
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    printed: str = ""
    summary: str = ""


@dataclass(frozen=True)
class Run:
    """A run of one workflow."""

    id: int
    jobs: dict[str, Job]

    @property
    def results(self) -> dict[str, str]:
        """How each job ended: success, failure or skipped."""
        return {name: job.result for name, job in self.jobs.items()}

    @property
    def green(self) -> bool:
        """Whether no job failed."""
        return "failure" not in self.results.values()

    @property
    def printed(self) -> str:
        """The logs of all jobs."""
        return "".join(job.printed for job in self.jobs.values())


@dataclass
class Actions:
    """The runners of one repository."""

    github: GitHub
    machine: Machine
    secrets: Mapping[str, str]
    environments: Mapping[str, Mapping[str, str]]
    settings: Mapping[str, str] = field(
        default_factory=lambda: {"FLASHSYNC_REPOSITORY": REPOSITORY, "FLASHSYNC_COMMIT": COMMIT}
    )
    """What a team fills in at the top of each workflow."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """The variables of the repository."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def run(self, workflow: Path, event: Event) -> Run:
        """Run each job, in the order of the file, which is that of their needs."""
        tree = load(workflow)
        tree["env"] = {**tree.get("env", {}), **self.settings}
        run = Run(next(self._numbers) + 9000, {})
        for name, job in tree["jobs"].items():
            run.jobs[name] = JobRun(self, run, tree, name, job, event).carried_out()
        conclusion = "success" if run.green else "failure"
        self.github.remember_run(run.id, workflow.name, event, conclusion)
        return run


class JobRun:
    """One job while it runs, in a workspace of its own."""

    def __init__(
        self, actions: Actions, run: Run, workflow: Tree, name: str, job: Tree, event: Event
    ) -> None:
        self._actions, self._run, self._workflow, self._tree = actions, run, workflow, job
        self._event = event
        self._folder = actions.machine.home / f"run-{run.id}-{name}"
        self._workspace = self._folder / "workspace"
        self._temporary = self._folder / "temporary"
        self._job = Job(name)
        self._needs = job.get("needs", [])
        if isinstance(self._needs, str):
            self._needs = [self._needs]

    def carried_out(self) -> Job:
        """The job, run or skipped."""
        if not holds(self._tree.get("if", "success()"), self._before()):
            self._job.result = "skipped"
            return self._job
        self._workspace.mkdir(parents=True)
        self._temporary.mkdir()
        for number, step in enumerate(self._tree["steps"]):
            self.step(step, f"step{number}")
        outputs = self._tree.get("outputs", {})
        self._job.outputs = {name: fill(text, self._scope()) for name, text in outputs.items()}
        return self._job

    def step(self, step: Tree, number: str, inputs: Mapping[str, str] | None = None) -> None:
        """Run one step, if its condition holds, and remember how it went."""
        name = step.get("id", number)
        record = {"outputs": _Outputs(), "outcome": "skipped"}
        self._job.steps[name] = record
        if not holds(step.get("if", "success()"), self._scope(inputs)):
            return
        if "uses" in step:
            ended = self._use(step, inputs)
        else:
            ended = self._shell(step, name, record["outputs"], inputs)
        record["outcome"] = "failure" if ended else "success"
        if ended:
            self._job.result = "failure"

    def _shell(self, step: Tree, name: str, outputs: Any, inputs: Mapping[str, str] | None) -> int:
        files = {key: self._folder / f"{name}.{key}" for key in ("script", "output", "summary")}
        files["script"].write_text(step["run"], encoding="utf-8")
        assert "${{" not in step["run"], "an expression in a script is code that others write"
        for key in ("output", "summary"):
            files[key].touch()
        environment = self._environment(step, inputs)
        environment["GITHUB_OUTPUT"] = str(files["output"])
        environment["GITHUB_STEP_SUMMARY"] = str(files["summary"])
        folder = self._workspace / fill(step.get("working-directory", "."), self._scope(inputs))
        bash = ("bash", "--noprofile", "--norc", "-eo", "pipefail", str(files["script"]))
        ended = self._actions.machine.run(bash, folder, environment)
        self._job.printed += ended.printed
        self._job.summary += files["summary"].read_text(encoding="utf-8")
        for line in files["output"].read_text(encoding="utf-8").splitlines():
            key, equals, value = line.partition("=")
            assert equals, f"no output: {line}"
            outputs[key] = value
        return ended.code

    def _environment(self, step: Tree, inputs: Mapping[str, str] | None) -> dict[str, str]:
        scope = self._scope(inputs)
        found = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": self._actions.github.repository,
            "GITHUB_SHA": self._event.sha,
            "GITHUB_REF_NAME": self._event.ref.removeprefix("refs/heads/"),
            "GITHUB_WORKSPACE": str(self._workspace),
            "GITHUB_ACTION_PATH": str(ROOT),
            "RUNNER_TEMP": str(self._temporary),
        }
        for tree in (self._workflow, self._tree, step):
            found |= {key: fill(str(text), scope) for key, text in tree.get("env", {}).items()}
        return found

    # Names that expressions may use.

    def _before(self) -> Scope:
        jobs = [self._run.jobs[name] for name in self._needs]
        needs = {job.name: {"result": job.result, "outputs": self._outputs(job)} for job in jobs}
        failed = any(job.result != "success" for job in jobs)
        variables = _Outputs(self._actions.variables)
        return Scope({"github": self._github(), "needs": needs, "vars": variables}, failed)

    def _outputs(self, job: Job) -> dict[str, str]:
        """What it has set; what it only declares is empty."""
        declared = self._workflow["jobs"][job.name].get("outputs", {})
        return {**dict.fromkeys(declared, ""), **job.outputs}

    def _scope(self, inputs: Mapping[str, str] | None = None) -> Scope:
        names = {**self._before().names, "steps": self._job.steps, "secrets": self._secrets()}
        names["runner"] = {"temp": str(self._temporary)}
        if inputs is not None:
            names["inputs"] = inputs
        return Scope(names, failed=self._job.result == "failure")

    def _github(self) -> dict[str, Any]:
        permissions = {**self._workflow["permissions"], **self._tree.get("permissions", {})}
        token = " ".join(["token", *(f"{name}={level}" for name, level in permissions.items())])
        return {
            "token": token,
            "repository": self._actions.github.repository,
            "server_url": SERVER,
            "run_id": self._run.id,
            "sha": self._event.sha,
            "ref": self._event.ref,
            "actor": self._event.actor,
            "event_name": self._event.name,
            "event": self._event.payload,
        }

    def _secrets(self) -> dict[str, str]:
        """The secrets of the repository and the job's environment; a fork gets none."""
        if self._event.of_a_fork:
            return dict.fromkeys(self._actions.secrets, "")
        environment = self._tree.get("environment", "")
        return {**self._actions.secrets, **self._actions.environments.get(environment, {})}

    # Actions.

    def _use(self, step: Tree, inputs: Mapping[str, str] | None) -> int:
        given = {
            key: fill(value, self._scope(inputs)) if isinstance(value, str) else value
            for key, value in step.get("with", {}).items()
        }
        match step["uses"].partition("@")[0]:
            case "actions/checkout":
                assert given.pop("fetch-depth", 0) == 0
                assert given == {"persist-credentials": False}
                self._actions.github.check_out(self._event, self._workspace)
            case "actions/setup-python":
                assert set(given) == {"python-version"}
            case "actions/upload-artifact":
                return self._upload(**given)
            case "actions/download-artifact":
                return self._fetch(**given)
            case "./":
                self._composite(step, given)
            case other:
                raise AssertionError(f"{other} is not known here")
        return 0

    def _upload(self, name: str, path: str, **how: Any) -> int:
        """Files by their names, a folder by what is in it; hidden ones are left out."""
        assert set(how) <= {"retention-days", "overwrite", "if-no-files-found"}, how
        paths = [self._workspace / line for line in path.split()]
        assert not any(part.name.startswith(".") for part in paths)
        target = self._folder.parent / f"artifact-{self._run.id}-{name}"
        for source in (one for one in paths if one.exists()):
            target.mkdir(exist_ok=True)
            for file in source.iterdir() if source.is_dir() else [source]:
                shutil.copy(file, target)
        if target.exists():
            self._actions.github.remember_artifact(self._run.id, name, target)
        return 0

    def _fetch(self, name: str = "", pattern: str = "", path: str = ".") -> int:
        """By name into the path; by pattern into a folder of its own, or nothing at all."""
        source = self._folder.parent / f"artifact-{self._run.id}-{name or pattern}"
        target = self._workspace / path / pattern
        if source.exists():
            shutil.copytree(source, target, dirs_exist_ok=True)
            return 0
        return 1 if name else 0

    def _composite(self, step: Tree, given: Mapping[str, str]) -> None:
        action = load(ROOT / "action.yml")
        assert not set(given) - set(action["inputs"]), f"inputs that the action lacks: {given}"
        inputs = {name: one.get("default", "") for name, one in action["inputs"].items()} | dict(
            given
        )
        outer = dict(self._job.steps)
        for number, inner in enumerate(action["runs"]["steps"]):
            self.step(inner, f"inner{number}", inputs)
        outputs = {
            name: fill(one["value"], self._scope()) for name, one in action["outputs"].items()
        }
        self._job.steps = {**outer, step["id"]: {"outputs": outputs, "outcome": "success"}}


class _Outputs(dict[str, str]):
    """What a step or the repository has set; what it has not is empty, as on GitHub."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return ""
