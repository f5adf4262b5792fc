"""Which flashsync a recipe runs: that of a commit, whatever lies in the repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.recipes.actions import Actions
from tests.recipes.checkout import Ended
from tests.recipes.conftest import CI
from tests.recipes.github import GitHub
from tests.recipes.gitlab import GitLab
from tests.recipes.pip import COMMIT, REPOSITORY, REQUIREMENT, installed
from tests.recipes.team import READER, Team
from tests.recipes.test_action import workflow
from tests.recipes.test_github import DRIFT, PLAN, WEEKLY, proposed
from tests.source import ROOT

CRON = CI / "cron" / "flashsync-drift"
POSES = ("pip.py", "venv.py", "click.py", "sitecustomize.py", "flashsync/__init__.py")
"""Files that Python would take for modules where it looks into the checkout."""
TRAP = 'from pathlib import Path\nPath.home().joinpath("trapped").touch()\n'


def pose(folder: Path) -> None:
    """Write a trap to each of these files."""
    for name in POSES:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(TRAP, encoding="utf-8")


def pose_on_main(team: Team) -> None:
    """Commit the traps to main."""
    team.pull()
    pose(team.clone)
    team.git("add", "--all")
    team.git("commit", "--quiet", "--message", "Pose as modules")
    team.git("push", "--quiet", "origin", "main")


def assert_not_trapped(team: Team, *arguments: str) -> None:
    """Nothing of the repository was run, and all that was installed is this, from elsewhere."""
    assert not (team.machine.home / "trapped").exists()
    runs = installed(team.machine.home)
    assert {run[1:] for run in runs} == {arguments}
    for run in runs:
        assert not [name for name in POSES if Path(run[0], name).exists()]


def test_no_file_of_the_repository_poses_as_a_module_on_github(
    team: Team, github: GitHub, actions: Actions
) -> None:
    pose_on_main(team)
    number = proposed(team, github, "grace", "carol, dave]", "carol, dave, grace]")
    assert actions.run(PLAN, github.of_pull(number)).green
    assert actions.run(DRIFT, github.at_night()).green
    assert_not_trapped(team, "install", REQUIREMENT)


def test_no_file_of_the_repository_poses_as_a_module_for_the_action(
    team: Team, github: GitHub, actions: Actions, tmp_path: Path
) -> None:
    pose_on_main(team)
    assert actions.run(workflow(tmp_path, "validate"), github.pushed()).green
    assert_not_trapped(team, "install", str(ROOT))


def test_no_file_of_the_repository_poses_as_a_module_on_gitlab(team: Team, gitlab: GitLab) -> None:
    pose_on_main(team)
    assert gitlab.of_main("schedule").green
    assert_not_trapped(team, "install", "--quiet", REQUIREMENT)


def test_no_file_in_the_folder_that_it_runs_in_poses_as_a_module_of_flashsync(
    tmp_path: Path,
) -> None:
    pose(tmp_path)
    command = (str(Path(sys.executable).parent / "flashsync"), "schema", "config")
    done = subprocess.run(
        command, cwd=tmp_path, env={"HOME": str(tmp_path)}, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert not (tmp_path / "trapped").exists()


WRONG_COMMITS = ("", "v0.1.0", COMMIT[:39], f"{COMMIT}0", COMMIT.upper())


@pytest.mark.parametrize("commit", WRONG_COMMITS)
def test_a_recipe_installs_a_whole_commit_or_nothing(
    team: Team, github: GitHub, actions: Actions, commit: str
) -> None:
    actions.settings = {"FLASHSYNC_REPOSITORY": REPOSITORY, "FLASHSYNC_COMMIT": commit}
    run = actions.run(DRIFT, github.at_night())
    assert run.results == {"drift": "failure", "pull": "skipped"}
    assert "::error::FLASHSYNC_COMMIT must be the 40 hex digits of a commit" in run.printed
    assert not (team.machine.home / "pip.log").exists()


@pytest.mark.parametrize("commit", WRONG_COMMITS)
def test_a_pipeline_installs_a_whole_commit_or_nothing(
    team: Team, gitlab: GitLab, commit: str
) -> None:
    gitlab.settings = {"FLASHSYNC_REPOSITORY": REPOSITORY, "FLASHSYNC_COMMIT": commit}
    pipeline = gitlab.of_main("schedule")
    assert pipeline.results == {"drift": "failed", "issue": "skipped"}
    assert "FLASHSYNC_COMMIT must be the 40 hex digits of a commit" in pipeline.printed
    assert not (team.machine.home / "pip.log").exists()


def night(team: Team, commit: str, repository: str = REPOSITORY) -> Ended:
    """What cron does, with these settings."""
    settings = team.machine.home / "flashsync.env"
    lines = (f"FLASHDUTY_APP_KEY={READER}", f"FLASHSYNC_REPOSITORY={repository}")
    settings.write_text("\n".join([*lines, f"FLASHSYNC_COMMIT={commit}", ""]), encoding="utf-8")
    settings.chmod(0o600)
    environment = {"FLASHSYNC_ENV": str(settings)}
    return team.machine.run((str(CRON), str(team.clone)), team.clone, environment)


def test_cron_installs_a_commit_once(team: Team) -> None:
    team.declare()
    pose(team.clone)
    assert night(team, COMMIT) == Ended(0, "")
    assert_not_trapped(team, "install", "--quiet", REQUIREMENT)
    assert night(team, COMMIT) == Ended(0, "")
    assert len(installed(team.machine.home)) == 1
    other = COMMIT[::-1]
    assert night(team, other) == Ended(0, "")
    assert [run[-1] for run in installed(team.machine.home)] == [
        REQUIREMENT,
        REQUIREMENT.replace(COMMIT, other),
    ]


@pytest.mark.parametrize("commit", WRONG_COMMITS)
def test_cron_installs_a_whole_commit_or_nothing(team: Team, commit: str) -> None:
    team.declare()
    ended = night(team, commit)
    assert ended.code == 1
    assert "FLASHSYNC_COMMIT must be the 40 hex digits of a commit; set it in" in ended.printed
    assert "FLASHSYNC_REPOSITORY is missing" in night(team, COMMIT, repository="").printed
    assert not (team.machine.home / "pip.log").exists()


def test_a_repository_that_has_the_folder_of_the_pipeline_is_refused(
    team: Team, gitlab: GitLab
) -> None:
    team.pull()
    (team.clone / "flashsync-ci").symlink_to("schedules")
    team.git("add", "--all")
    team.edit(WEEKLY, "carol, dave]", "carol, dave, grace]")
    assert gitlab.of_main("schedule").results == {"drift": "failed", "issue": "skipped"}
    pipeline = gitlab.of_main("push")
    assert pipeline.results["reviewed"] == "failed"
    assert pipeline.results["apply"] == "skipped"
