"""What holds for every recipe, whatever it does: no secret for strangers, no script of theirs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.recipes.actions import load
from tests.recipes.conftest import CI
from tests.source import ROOT

WORKFLOWS = sorted((CI / "github").iterdir())
GITLAB = CI / "gitlab" / ".gitlab-ci.yml"
CRON = CI / "cron" / "flashsync-drift"
ACTION = ROOT / "action.yml"
SECRET = "secrets."
WRITES = {
    ("plan", "plan"): {"pull-requests"},
    ("apply", "report"): {"pull-requests"},
    ("drift", "drift"): {"issues"},
    ("drift", "pull"): {"contents", "pull-requests"},
}
"""What a job may write on GitHub; all others only read."""
ACTIONS = {
    "checkout": "d23441a48e516b6c34aea4fa41551a30e30af803 # v6.1.0",
    "setup-python": "ece7cb06caefa5fff74198d8649806c4678c61a1 # v6.3.0",
    "upload-artifact": "b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0",
    "download-artifact": "37930b1c2abaa49bbe596cd826c3c89aef350131 # v7.0.0",
}
"""GitHub's own actions: the commits of versions that run on Node.js 24."""

by_name = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def jobs(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = load(path)["jobs"]
    return found


def scripts() -> Iterator[tuple[str, str, str]]:
    """Every script of every recipe: where, for which shell, and its text."""
    for path in WORKFLOWS:
        for name, job in jobs(path).items():
            for step in job["steps"]:
                if "run" in step:
                    yield f"{path.name}, {name}", "bash", step["run"]
    for step in load(ACTION)["runs"]["steps"]:
        if "run" in step:
            yield "action.yml", step["shell"], step["run"]
    for name, job in load(GITLAB).items():
        if isinstance(job, dict):
            for key in ("before_script", "script"):
                yield f"GitLab, {name}", "sh", "\n".join(job.get(key, []))
    yield "cron", "sh", CRON.read_text(encoding="utf-8")


def test_these_are_the_recipes() -> None:
    assert [path.name for path in WORKFLOWS] == ["apply.yml", "drift.yml", "plan.yml"]


@by_name
def test_a_workflow_has_no_right_but_what_a_job_asks_for(path: Path) -> None:
    assert load(path)["permissions"] == {}
    for name, job in jobs(path).items():
        rights = job["permissions"]
        assert set(rights.values()) <= {"read", "write"}
        writes = {right for right, level in rights.items() if level == "write"}
        assert writes == WRITES.get((path.stem, name), set())


@by_name
def test_a_workflow_never_runs_code_of_strangers_with_secrets(path: Path) -> None:
    assert "pull_request_target" not in load(path)["on"]
    assert "workflow_run" not in load(path)["on"]


def test_only_a_job_that_forks_do_not_have_names_a_secret_on_a_pull_request() -> None:
    own = "github.event.pull_request.head.repo.full_name == github.repository"
    for name, job in jobs(CI / "github" / "plan.yml").items():
        assert (SECRET in str(job)) == (own in job.get("if", "")) == (name == "plan")


def test_only_production_has_the_key_that_writes() -> None:
    for path in WORKFLOWS:
        for job in jobs(path).values():
            applies = "flashsync apply --plan" in str(job["steps"])
            assert (job.get("environment") == "production") == applies
    for name, job in load(GITLAB).items():
        if isinstance(job, dict):
            applies = "flashsync apply --plan" in str(job.get("script"))
            assert (
                ("environment" in job) == ("resource_group" in job) == applies == (name == "apply")
            )


@by_name
def test_a_secret_reaches_only_the_step_that_needs_it(path: Path) -> None:
    tree = load(path)
    assert SECRET not in str(tree["env"])
    for job in tree["jobs"].values():
        assert SECRET not in str(job.get("env", ""))
        for step in job["steps"]:
            asks = re.search(r"flashsync (?:(?:plan|apply|drift) --|pull$)", step.get("run", ""))
            assert (SECRET in str(step)) == bool(asks)


def test_no_script_contains_an_expression() -> None:
    assert [where for where, _, script in scripts() if "${{" in script] == []


@by_name
def test_a_workflow_ends_and_does_not_run_twice_at_once(path: Path) -> None:
    concurrency = load(path)["concurrency"]
    assert concurrency["cancel-in-progress"] is (path.stem == "plan")
    assert concurrency["group"].startswith(f"flashsync-{path.stem}")
    for job in jobs(path).values():
        assert 0 < job["timeout-minutes"] <= 30


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=lambda path: path.stem)
def test_no_code_of_others_is_used_but_commits_of_github(path: Path) -> None:
    used = re.findall(r"^ +- uses: (.+)$", path.read_text(), re.MULTILINE)
    assert used
    for text in used:
        name, _, commit = text.removeprefix("actions/").partition("@")
        assert commit == ACTIONS[name]


def test_an_image_is_pinned_by_digest() -> None:
    for name, job in load(GITLAB).items():
        if isinstance(job, dict) and "image" in job:
            assert re.fullmatch(r"\w+:[\d.]+@sha256:[0-9a-f]{64}", job["image"]), name


def test_which_flashsync_runs_is_for_the_team_to_say() -> None:
    for path in (*WORKFLOWS, GITLAB):
        tree = load(path)
        settings = tree.get("env", tree.get("variables"))
        assert settings["FLASHSYNC_REPOSITORY"] == "https://github.com/OWNER/flashsync"
        assert settings["FLASHSYNC_COMMIT"] == ""


def test_what_runs_python_does_not_look_for_modules_in_the_checkout() -> None:
    for where, _, script in scripts():
        for line in script.splitlines():
            if not line.lstrip().startswith("#"):
                found = re.findall(r"(?:^|[\s/(])(?:python3?|pip) .*", line)
                assert all(" -P -m " in text for text in found), (where, line)
                assert "-m flashsync" not in line


@by_name
def test_a_workflow_installs_before_it_checks_out(path: Path) -> None:
    for job in jobs(path).values():
        used = [step.get("id", step.get("uses", "").partition("@")[0]) for step in job["steps"]]
        if "install" in used:
            assert used.index("install") < used.index("actions/checkout")
            install = job["steps"][used.index("install")]
            assert install["working-directory"] == "${{ runner.temp }}"


@by_name
def test_a_workflow_keeps_what_it_makes_outside_the_checkout(path: Path) -> None:
    for job in jobs(path).values():
        for step in job["steps"]:
            if "artifact@" in step.get("uses", ""):
                lines = step["with"].get("path", "").splitlines()
                assert all(line.startswith("${{ runner.temp }}/") for line in lines)
            for file in re.findall(
                r"--(?:report|out|check|plan|journal) (\S+)", step.get("run", "")
            ):
                assert file.startswith(
                    ('"$RUNNER_TEMP/', '"markdown=$RUNNER_TEMP/', '"html=$RUNNER_TEMP/')
                ), file


def test_other_parsers_read_the_same() -> None:
    for path in (*WORKFLOWS, GITLAB, ACTION):
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
        if True in tree:  # YAML 1.1 takes `on` for a truth value
            tree["on"] = tree.pop(True)
        assert tree == load(path)


def test_the_shell_finds_nothing_wrong(tmp_path: Path) -> None:
    files = []
    for number, (where, shell, script) in enumerate(scripts()):
        file = tmp_path / f"{number}.{shell}"
        text = (
            script
            if script.startswith("#!")
            else f"#!/usr/bin/env {shell}\n# {where}\nset -e\n{script}"
        )
        file.write_text(text, encoding="utf-8")
        files.append(file)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = shutil.which("shellcheck", path=path)
    assert command is not None, "it comes with the extra `dev`"
    found = subprocess.run((command, *files), capture_output=True, text=True, check=False)
    assert found.stdout == ""
    assert found.returncode == 0
