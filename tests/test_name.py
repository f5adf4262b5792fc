"""On the package index the name `flashsync` is somebody else's: nothing here installs by it."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.source import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
_NAME = r"(?:flashduty[-_.])?flashsync"
_EXTRAS_OR_VERSION = r"(?:\[[\w, -]*\])?(?:\s*[=<>~!]=?\s*[\w.*]+)?"
_OPTIONS = r"(?:\s+-[-\w]+(?:=\S+)?)*"
_INSTALLER = re.compile(
    r"(?:\bpip[\d.]*\s+(?:install|download|wheel)|\bpipx\s+(?:install|run|upgrade|inject)"
    r"|\buv\s+(?:tool\s+(?:install|run)|pip\s+install|add)|\buvx|\bpoetry\s+add"
    r"|\badditional_dependencies\s*:|\bpip_install\s*\()"
    rf"(?P<rest>{_OPTIONS}.*)"
)
_BY_NAME = re.compile(rf"(?<![\w./@+-]){_NAME}{_EXTRAS_OR_VERSION}(?![\w./-])(?!\s*@)", re.I)
_REQUIREMENT = re.compile(rf"^\s*[\"']?{_NAME}(?:\[[\w, -]*\])?\s*(?:==|~=|>=).*$", re.I)
"""A line of a list of requirements: only an index has versions to choose from."""


def find_installs(text: str) -> list[str]:
    """The lines of a text that install this program by its name, from an index."""
    return [
        line
        for line in text.replace("\\\n", " ").splitlines()
        if ((found := _INSTALLER.search(line)) and _BY_NAME.search(found["rest"]))
        or _REQUIREMENT.match(line)
    ]


@pytest.mark.parametrize(
    "line",
    [
        "pip install flashsync",
        "To install: `pip install flashsync`, or more.",
        "pip install 'flashsync[sandbox]'",
        'python -m pip install "flashsync==$VERSION"',
        "python3 -P -m pip install --quiet --user flashduty-flashsync",
        "pip3 install -U flashduty_flashsync>=0.1",
        "pip install \\\n  flashsync",
        "pipx install flashsync",
        "pipx run flashsync validate",
        "uv tool install flashduty-flashsync",
        "uvx flashsync plan",
        'additional_dependencies: ["flashsync==0.1.0"]',
        "flashsync==0.1.0",
        "flashduty-flashsync[sandbox]~=0.1",
    ],
)
def test_an_install_by_name_is_found(line: str) -> None:
    assert find_installs(line)


@pytest.mark.parametrize(
    "line",
    [
        "pip install ./flashsync",
        "pip install './flashsync[sandbox]'",
        "pip install -e '.[dev]'",
        'python -P -m pip install "$GITHUB_ACTION_PATH"',
        'pip install "flashduty-flashsync @ git+$FLASHSYNC_REPOSITORY@$FLASHSYNC_COMMIT"',
        "pip install git+https://github.com/OWNER/flashsync@0123",
        "pip install 'starlette>=0.46,<2' 'uvicorn>=0.34,<1'",
        "flashsync plan --out plan.json",
    ],
)
def test_an_install_from_elsewhere_is_none(line: str) -> None:
    assert find_installs(line) == []


def test_no_file_installs_it_by_name() -> None:
    listed = subprocess.run(
        ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    if not paths:  # no git: what a source archive holds
        paths = [path for path in ROOT.rglob("*") if ".venv" not in path.parts]
    found = {
        str(path.relative_to(ROOT)): lines
        for path in paths
        if path.is_file() and path != Path(__file__)
        if (lines := find_installs(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert found == {}


def test_the_distribution_has_a_name_of_its_own() -> None:
    assert PYPROJECT["project"]["name"] == "flashduty-flashsync"
    assert list(PYPROJECT["project"]["scripts"]) == ["flashsync"]
    extras = PYPROJECT["project"]["optional-dependencies"]
    names = [one for extra in extras.values() for one in extra if "flashsync" in one]
    assert names == ["flashduty-flashsync[sandbox]"]
    assert distribution("flashduty-flashsync").metadata["Name"] == "flashduty-flashsync"
