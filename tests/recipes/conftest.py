"""An account, a team, and the hosts that run its recipes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from flashsync.cli.process import TEST_NOW
from flashsync.sandbox import UNLIMITED, Options, Sandbox, World, running, seed
from tests.clock import frozen
from tests.recipes import pip, prefork
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
        yield {**prefork.scripts(place), **pip.scripts(tmp_path_factory.mktemp("pip"))}
        server.kill()


def at_work(home: Path, programs: dict[str, str], sandbox: Sandbox) -> Team:
    """A team with a machine of its own, without a clone."""
    kept = {"GH_STATE": str(home / "github.json"), "GLAB_STATE": str(home / "gitlab.json")}
    kept |= {"FLASHDUTY_BASE_URL": sandbox.url, TEST_NOW: str(int(frozen()))}
    machine = Machine.made(home, programs, **kept)
    return Team(machine, home / "clone", sandbox)


@pytest.fixture(scope="session")
def applied(programs: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> World:
    """An account that is as the files of a team say."""
    with running(seed("empty"), Options(limits=UNLIMITED), now=frozen) as sandbox:
        team = at_work(tmp_path_factory.mktemp("applied") / "home", programs, sandbox)
        team.declare()
        assert team.flashsync("apply", "--auto-approve").code == 0
        return sandbox.world


@pytest.fixture
def team(applied: World, programs: dict[str, str], tmp_path: Path) -> Iterator[Team]:
    """A team with an account that matches its files, and no clone yet."""
    with running(deepcopy(applied), Options(limits=UNLIMITED), now=frozen) as sandbox:
        yield at_work(tmp_path / "home", programs, sandbox)


@pytest.fixture
def github(team: Team) -> GitHub:
    """A repository on GitHub with the recipes in it, as the team keeps it."""
    found = GitHub.made(team.machine, team.machine.home / "github.json")
    team.start(found.remote, CI / "github", ".github/workflows")
    return found


@pytest.fixture
def actions(team: Team, github: GitHub) -> Actions:
    """Its runners: a key that reads for all jobs, and a key that writes for `production`."""
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
