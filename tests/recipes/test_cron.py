"""The script for cron: what it prints is what cron mails."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from tests.recipes.checkout import Ended
from tests.recipes.conftest import CI
from tests.recipes.pip import COMMIT, REPOSITORY
from tests.recipes.team import READER, Team

SCRIPT = CI / "cron" / "flashsync-drift"
PRODUCTION = "Production On-Call"
PROGRAM = f"FLASHSYNC_REPOSITORY={REPOSITORY}\nFLASHSYNC_COMMIT={COMMIT}\n"


@pytest.fixture
def settings(team: Team) -> Path:
    """The file with the key."""
    remote = team.machine.home / "remote.git"
    team.machine.git(team.machine.home, "init", "--quiet", "--bare", str(remote))
    team.start(remote, SCRIPT, "bin/flashsync-drift")
    path = team.machine.home / "flashsync.env"
    path.write_text(f"# The key of Bob\nFLASHDUTY_APP_KEY={READER}\n{PROGRAM}", encoding="utf-8")
    path.chmod(0o600)
    return path


def night(team: Team, settings: Path) -> Ended:
    """What cron does."""
    command = (str(SCRIPT), str(team.clone))
    return team.machine.run(command, team.machine.home, {"FLASHSYNC_ENV": str(settings)})


def test_it_prints_what_is_news(team: Team, settings: Path) -> None:
    assert night(team, settings) == Ended(0, "")
    team.sandbox.console.edit(PRODUCTION, {"description": "Call Bob"}, by="bob@example.com")
    alarm = night(team, settings)
    assert alarm.code == 0
    assert "Call Bob →" in alarm.printed
    assert night(team, settings) == Ended(0, "")
    team.sandbox.console.edit(PRODUCTION, {"description": "Call Carol"}, by="bob@example.com")
    assert "Call Carol →" in night(team, settings).printed
    assert team.flashsync("apply", "--auto-approve").code == 0
    assert night(team, settings) == Ended(0, f"Nothing differs any more in {team.clone}.\n")
    assert night(team, settings) == Ended(0, "")


def test_it_says_every_night_what_keeps_it_from_working(team: Team, settings: Path) -> None:
    (team.clone / "schedules" / "weekly.yaml").write_text("schedule: [")
    for _ in range(2):
        ended = night(team, settings)
        assert ended.code == 1
        assert "schedules/weekly.yaml:2:1: the file ends" in ended.printed
        assert ended.printed.endswith("flashsync-drift: flashsync drift ended with 1\n")


def test_it_does_not_use_a_key_that_others_can_read(team: Team, settings: Path) -> None:
    settings.chmod(0o640)
    ended = night(team, settings)
    assert ended == Ended(
        1, f"flashsync-drift: others can read or change {settings}; chmod 600 it\n"
    )
    settings.unlink()
    assert "is missing; write FLASHDUTY_APP_KEY=" in night(team, settings).printed


def test_it_does_not_run_twice_at_once(team: Team, settings: Path) -> None:
    lock = team.machine.home / ".local/state/flashsync/clone/lock"
    lock.parent.mkdir(parents=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ended = night(team, settings)
    assert ended == Ended(1, "flashsync-drift: the run before this one has not ended yet\n")
