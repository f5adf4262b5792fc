"""Who may import whom: the rooms of the package, and the one home of each library."""

from __future__ import annotations

import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from benchmarks.corpus import write_schedules
from flashsync.cli.main import COMMANDS, module_of
from tests.source import MODULES, Module

ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "model": {"errors"},
    "declared": {"model", "errors"},
    "files": {"declared", "errors"},
    "api": {"model", "errors"},
    "rotation": {"model", "errors"},
    "resolve": {"declared", "rotation", "model", "errors"},
    "plan": {"model", "rotation", "errors"},
    "checks": {"plan", "rotation", "model", "errors"},
    "apply": {"checks", "plan", "rotation", "api", "model", "errors"},
    "render": {"checks", "plan", "rotation", "model", "errors"},
    "operations": {
        "apply",
        "checks",
        "plan",
        "resolve",
        "files",
        "declared",
        "rotation",
        "api",
        "model",
        "errors",
    },
    "sandbox": set(),
}
"""A room, and the rooms it may import. What is not in the table is not allowed."""

EVERYTHING = {"cli"}
"""Rooms that may import all others, and that only `python -m flashsync` imports."""

HOMES: dict[str, set[str]] = {
    "annotated_types": {"declared"},
    "click": {"cli"},
    "deepdiff": {"plan"},
    "httpx": {"api"},
    "icalendar": {"render"},
    "jinja2": {"render"},
    "platformdirs": {"cli"},
    "pydantic": {"declared", "plan", "api"},
    "pydantic_core": {"declared"},
    "rich": {"render", "cli"},
    "ruamel": {"files"},
    "starlette": {"sandbox", "cli"},  # `serve` answers browsers as `sandbox` answers clients
    "tenacity": {"api"},
    "typing_extensions": {"declared", "plan"},
    "uvicorn": {"sandbox"},
    "yaml": {"files"},
}
"""A library, and the rooms that may use it: its types do not leave them."""

HEAVY = {
    "deepdiff",
    "httpx",
    "icalendar",
    "jinja2",
    "pydantic",
    "pydantic_core",
    "rich",
    "ruamel",
    "tenacity",
    "yaml",
}
"""What takes long to import, and what a command therefore imports when it runs."""


def ours(module: Module) -> set[str]:
    """The other rooms that a module imports; "" is the package itself."""
    parts = [name.split(".") for name in module.imports()]
    rooms = {part[1] if len(part) > 1 else "" for part in parts if part[0] == "flashsync"}
    return {"" if room.startswith("__") else room for room in rooms} - {module.room}


def theirs(module: Module) -> set[str]:
    """The third-party libraries that a module imports."""
    tops = {name.partition(".")[0] for name in module.imports()}
    return tops - sys.stdlib_module_names - {"flashsync", "__future__"}


def allowed(module: Module) -> set[str]:
    """The rooms that a module may import; "" is the package itself, with the version."""
    if module.name == "flashsync.__main__":
        return EVERYTHING
    if module.room in EVERYTHING:
        return {*ROOMS, ""}
    if module.room in ("", "sandbox"):
        return set()
    return {*ROOMS[module.room], ""}


def test_each_room_is_in_the_table() -> None:
    assert {module.room for module in MODULES} <= {*ROOMS, *EVERYTHING, ""}


def test_each_room_imports_only_what_the_table_allows() -> None:
    wrong = [
        f"{module.shown_as} imports {', '.join(sorted(rooms))}"
        for module in MODULES
        if (rooms := ours(module) - allowed(module))
    ]
    assert wrong == []


def test_each_library_is_used_in_its_own_rooms_only() -> None:
    wrong = [
        f"{module.shown_as} imports {library}"
        for module in MODULES
        for library in sorted(theirs(module))
        if module.room not in HOMES.get(library, ())
    ]
    assert wrong == []


def test_no_room_reaches_itself_through_others() -> None:
    tuple(TopologicalSorter(ROOMS).static_order())


def test_no_module_reaches_itself_through_others() -> None:
    names = {module.name for module in MODULES}
    graph = {
        module.name: {_module_of(name, names) for name in module.imports()} for module in MODULES
    }
    tuple(
        TopologicalSorter({name: others & names for name, others in graph.items()}).static_order()
    )


def _module_of(name: str, names: set[str]) -> str:
    """The module behind `from a.b import c`: a.b.c where that is a module, else a.b."""
    return name if name in names else name.rpartition(".")[0]


@pytest.fixture
def new_repository(tmp_path: Path) -> Path:
    """A folder with one schedule, in which nothing is wrong."""
    write_schedules(tmp_path, 1)
    return tmp_path


def modules_loaded_by(*arguments: str, folder: Path | None = None) -> set[str]:
    """The modules that Python loads for a command line."""
    command = [sys.executable, "-X", "importtime", *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=True
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


def loaded_by(*arguments: str) -> set[str]:
    """The libraries that Python loads for a command line."""
    return {module.partition(".")[0] for module in modules_loaded_by(*arguments)}


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_starting_up_loads_nothing_heavy(argument: str) -> None:
    loaded = loaded_by("-m", "flashsync", argument)
    assert "flashsync" in loaded
    assert loaded & HEAVY == set()


def test_help_loads_nothing_that_shows_results() -> None:
    found = {one for one in modules_loaded_by("-m", "flashsync", "--help") if "flashsync" in one}
    assert {one for one in found if one.startswith("flashsync.cli.")} == {
        "flashsync.cli.entry",
        "flashsync.cli.process",
        "flashsync.cli.main",
    }
    rooms = {name.split(".")[1] for name in found if "." in name}
    assert rooms == {"cli", "errors"}


def test_validate_loads_nothing_of_plans(new_repository: Path) -> None:
    found = modules_loaded_by("-m", "flashsync", "validate", folder=new_repository)
    assert "flashsync.operations.validate" in found
    assert found.isdisjoint({"flashsync.plan.model", "flashsync.plan.drift"})
    assert not [name for name in found if name.startswith("flashsync.render.plan")]


def test_the_client_loads_no_command_line_of_httpx() -> None:
    assert loaded_by("-c", "import flashsync.api.client").isdisjoint({"rich", "pygments", "click"})


def test_a_command_imports_what_it_needs_when_it_runs() -> None:
    modules = ", ".join(map(module_of, COMMANDS))
    assert loaded_by("-c", f"import {modules}") & HEAVY == set()
