"""The documentation is true: commands, outputs, options and exit codes."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from click import Command, Group
from click.testing import CliRunner

from flashsync.cli.main import COMMANDS, Commands, group, main, module_of
from flashsync.declared.parse import read_config, read_schedule
from flashsync.errors import ExitCode
from flashsync.files import Source, load_text
from flashsync.sandbox import Fault
from tests.readme import DOCS, PAGES, README, fresh
from tests.reference import EXAMPLES, PAGE, render_page
from tests.source import PACKAGE, ROOT

TEXT = README.read_text(encoding="utf-8")
ALL = "".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.processes
def test_the_session_prints_what_the_readme_says() -> None:
    assert fresh(TEXT) == TEXT, "run `make readme`"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_in_the_readme_and_has_help(name: str) -> None:
    assert f"| `{name}" in TEXT
    assert isinstance(group, Commands)
    result = CliRunner().invoke(group, [name, "--help"])
    assert (result.exit_code, "Usage: " in result.output) == (0, True)
    assert COMMANDS[name] in CliRunner().invoke(group, ["--help"]).output


def test_the_page_of_commands_is_the_help() -> None:
    assert PAGE.read_text(encoding="utf-8") == render_page(), "run `make readme`"
    assert set(EXAMPLES) == set(COMMANDS)


def test_each_exit_code_is_in_the_readme_and_in_the_help() -> None:
    help_text = CliRunner().invoke(group, ["--help"]).output
    for code in ExitCode:
        assert re.search(rf"^\| {int(code)} \| ", TEXT, re.MULTILINE)
        assert re.search(rf"^ +{int(code)} +\w", help_text, re.MULTILINE)


def helps() -> list[str]:
    """The help of every command, and of the commands inside it."""
    return [
        CliRunner().invoke(group, [*path, "--help"]).output
        for name in COMMANDS
        for path in paths(import_module(module_of(name)).command, (name,))
    ]


def paths(command: Command, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The words that lead to a command and to the commands inside it."""
    inside = command.commands.items() if isinstance(command, Group) else ()
    return [path, *(deeper for name, one in inside for deeper in paths(one, (*path, name)))]


def yaml_blocks() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def test_the_configuration_in_the_readme_is_valid() -> None:
    (document,) = load_text(yaml_blocks()[0], Source("flashsync.yaml", "flashsync.yaml", 0, 0))
    assert read_config(document.tree).account == "Acme Corp"


def test_the_schedule_in_the_readme_is_valid_and_has_every_key() -> None:
    from dataclasses import fields

    from flashsync.declared.schedule import Layer, Schedule

    (document,) = load_text(yaml_blocks()[1], Source("a.yaml", "a.yaml", 0, 0))
    schedule = read_schedule(document.tree)
    assert isinstance(document.tree, dict)
    assert set(document.tree) == {field.name for field in fields(Schedule)} - {"absent", "rollout"}
    layers = document.tree["layers"]
    assert isinstance(layers, list)
    keys = {key for layer in layers if isinstance(layer, dict) for key in layer}
    assert keys == {field.name for field in fields(Layer)}
    assert schedule.id == 5789640530410


def test_every_option_that_the_documentation_names_exists() -> None:
    named = set(re.findall(r"(--[a-z][a-z-]+)", ALL))
    known = "".join(helps())
    assert {option for option in named if option not in known} == set()


def test_every_kind_of_trouble_is_documented() -> None:
    text = (DOCS / "ci.md").read_text(encoding="utf-8")
    about = text.partition("\n## On a bad day\n")[2]
    named = set(re.findall(r"`([a-z0-9-]+)`", about))
    kinds = {fault.value for fault in Fault}
    after = {f"{kind}-after" for kind in named if f"{kind}-after" in kinds}
    assert kinds <= named | after


def anchors(page: Path) -> set[str]:
    """What a link can lead to on a page, as GitHub names its headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


def test_every_link_leads_somewhere() -> None:
    others = (README.with_name("CONTRIBUTING.md"), ROOT / "examples" / "ci" / "README.md")
    links = [
        (page, path, anchor)
        for page in (*PAGES, *others)
        for path, anchor in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", page.read_text("utf-8"))
        if "://" not in path
    ]
    assert len(links) > len(PAGES)
    assert [link for link in links if not leads_somewhere(*link)] == []


def leads_somewhere(page: Path, path: str, anchor: str) -> bool:
    """Whether a file is there, and the heading in it."""
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


def test_the_table_of_contributing_names_paths_of_the_package() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("| you look for | open |\n")[2].partition("\n\n")[0]
    paths = re.findall(r"`([a-z_/]+(?:/|\.py))`", table)
    assert len(paths) > len(table.splitlines())
    assert [path for path in paths if not (PACKAGE / path).exists()] == []


def test_every_page_is_linked_from_the_readme() -> None:
    assert [page.name for page in PAGES[1:] if f"(docs/{page.name})" not in TEXT] == []


def test_every_option_is_documented() -> None:
    options = {
        one for text in helps() for one in re.findall(r"^  (?:-\w, )?(--[a-z-]+)", text, re.M)
    }
    assert options - {"--help"} - set(re.findall(r"(--[a-z][a-z-]+)", ALL)) == set()


def test_a_wrong_command_line_ends_with_1() -> None:
    assert main(["plan", "--no-such-option"]) == ExitCode.ERROR
