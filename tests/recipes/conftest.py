"""An account, a team, and the hosts that run its recipes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flashsync.sandbox import Sandbox
from tests.recipes import prefork
from tests.recipes.actions import Actions
from tests.recipes.checkout import Machine
from tests.recipes.github import GitHub
from tests.recipes.gitlab import GitLab
from tests.recipes.team import EXAMPLES, READER, WRITER, Team
from tests.source import ROOT

CI = EXAMPLES / "ci"


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The scripts that run flashsync, and what stands in for other commands."""
    place = tmp_path_factory.mktemp("programs") / "socket"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.recipes.prefork", str(place)], cwd=ROOT, env=clean
    ) as server:
        while not place.exists() and server.poll() is None:
            time.sleep(0.01)
        yield prefork.scripts(place)
        server.kill()


@pytest.fixture
def team(empty_sandbox: Sandbox, tmp_path: Path, programs: dict[str, str]) -> Team:
    """A team whose account has no schedules, and whose clone is not made yet."""
    home = tmp_path / "home"
    machine = Machine.made(
        home,
        programs,
        FLASHDUTY_BASE_URL=empty_sandbox.url,
        GH_STATE=str(home / "github.json"),
        GLAB_STATE=str(home / "gitlab.json"),
    )
    return Team(machine, home / "clone", empty_sandbox)


@pytest.fixture
def github(team: Team) -> GitHub:
    """A repository on GitHub with the recipes in it, as the team keeps it."""
    found = GitHub.made(team.machine, team.machine.home / "github.json")
    team.start(found.remote, CI / "github", ".github/workflows")
    return found


@pytest.fixture
def actions(team: Team, github: GitHub) -> Actions:
    """Its runners: a key that reads for all jobs, and one that writes for `production`."""
    return Actions(
        github,
        team.machine,
        secrets={"FLASHDUTY_APP_KEY": READER},
        environments={"production": {"FLASHDUTY_APP_KEY": WRITER}},
    )


@pytest.fixture
def gitlab(team: Team) -> GitLab:
    """A project on GitLab with the recipe in it, as the team keeps it."""
    recipe = CI / "gitlab" / ".gitlab-ci.yml"
    found = GitLab.made(team.machine, team.machine.home / "gitlab.json", recipe)
    team.start(found.remote, recipe, ".gitlab-ci.yml")
    return found


@pytest.fixture
def applied(team: Team, request: pytest.FixtureRequest) -> None:
    """The account is as the default branch says."""
    request.getfixturevalue("gitlab" if "gitlab" in request.fixturenames else "github")
    assert team.flashsync("apply", "--auto-approve").code == 0
