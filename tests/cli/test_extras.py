"""The message without the extra `sandbox`."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tomllib

import pytest

from flashsync.cli.process import SANDBOX
from tests.source import ROOT

WITHOUT = """
import sys
sys.modules[sys.argv.pop(1)] = None
from flashsync.cli.entry import main
sys.exit(main())
"""


def test_the_packages_match_the_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert list(SANDBOX) == project["optional-dependencies"]["sandbox"]


@pytest.mark.parametrize(
    ("command", "package"),
    [("sandbox", "uvicorn"), ("demo", "starlette"), ("serve", "uvicorn"), ("serve", "starlette")],
)
def test_the_remedy_is_a_command_for_the_environment_that_it_runs_in(
    command: str, package: str
) -> None:
    done = subprocess.run(
        (sys.executable, "-c", WITHOUT, package, command),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    message, _, remedy = done.stderr.strip().partition("; ")
    assert f"{command} needs {package}" in message
    assert shlex.split(remedy) == [sys.executable, "-m", "pip", "install", *SANDBOX]
