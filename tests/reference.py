"""Writes docs/commands.md from the command line's own help, with an example of each command.

`python -m tests.reference` brings the page up to date; `test_docs.py` tests that it is.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator, Mapping

import click

from flashsync.cli.main import COMMANDS, group
from tests.readme import DOCS

PAGE = DOCS / "commands.md"
SHARED_BY = 5
"""Options with the same help in this many commands have a table of their own."""
EXAMPLES = {
    "init": "flashsync init --schedule Production --people alice@example.com,bob@example.com",
    "import": 'flashsync import --team SRE --only "prod-*" --by-team',
    "validate": "flashsync validate --format github",
    "plan": "flashsync plan schedules/prod --out plan.json",
    "apply": "flashsync apply --plan plan.json --max-age 24h",
    "drift": 'flashsync drift --only "prod-*"',
    "pull": 'flashsync pull --check --only "prod-*"',
    "undo": 'flashsync undo --only "Production On-Call"',
    "tidy": "flashsync tidy --older-than 30d --check",
    "doctor": "flashsync doctor --schedules 200",
    "oncall": 'flashsync oncall --at "2026-12-24 20:00"',
    "show": "flashsync show --person alice --from 2026-12-01 --days 14",
    "serve": "flashsync serve --port 8000 --every 120",
    "explain": 'flashsync explain "Production On-Call" --at "2026-12-24 20:00"',
    "list": "flashsync list schedules --missing",
    "add": 'flashsync add dave --to "Production On-Call/Primary" --after bob',
    "remove": "flashsync remove alice --check",
    "replace": 'flashsync replace alice --with bob --from "Production On-Call"',
    "rename": 'flashsync rename "Production On-Call" "Web On-Call"',
    "fmt": "flashsync fmt --check --diff",
    "schema": "flashsync schema config",
    "sandbox": "flashsync sandbox --seed 50 --faults 7:20",
    "demo": "flashsync demo",
}
HEAD = """# Commands

Every command and option, as `--help` shows them. The exit codes are in the
[README](../README.md#commands).

## Options of several commands

"""

Options = Mapping[str, str]
"""Help by option, as click writes both."""


def render_page() -> str:
    """The page with the options that the program has now."""
    root = click.Context(group, info_name="flashsync")
    commands = {name: group.get_command(root, name) for name in COMMANDS}
    options = {name: list_options(command, root) for name, command in commands.items() if command}
    uses = Counter(item for found in options.values() for item in found.items())
    shared = dict(
        item
        for item, number in uses.items()
        if number >= SHARED_BY and not item[0].startswith("--format")  # its choices differ
    )
    parts = [HEAD, table(shared)]
    for name, command in commands.items():
        assert command is not None
        parts.append(f"\n## {name}\n\n{describe(command)}\n\n```sh\n{EXAMPLES[name]}\n```\n")
        own = {key: text for key, text in options[name].items() if shared.get(key) != text}
        if own:
            parts.append(f"\n{table(own)}")
        if isinstance(command, click.Group):
            lines = "".join(f"- {line}\n" for line in describe_parts(command, root, name))
            parts.append(f"\nIts commands; `--help` of each shows its options:\n\n{lines}")
    return "".join(parts)


def list_options(command: click.Command | None, parent: click.Context) -> Options:
    """The options of a command, without `--help` and arguments."""
    assert command is not None
    context = click.Context(command, parent=parent)
    records = (
        parameter.get_help_record(context)
        for parameter in command.get_params(context)
        if isinstance(parameter, click.Option) and "--help" not in parameter.opts
    )
    return dict(record for record in records if record)


def describe(command: click.Command) -> str:
    """The first paragraph of its help, on one line."""
    return " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split())


def describe_parts(command: click.Group, root: click.Context, name: str) -> Iterator[str]:
    """A line for each command of a group, and of the groups in it."""
    for part, inner in sorted(command.commands.items()):
        if isinstance(inner, click.Group):
            yield from describe_parts(inner, root, f"{name} {part}")
        else:
            yield f"`{name} {part}`: {describe(inner)}"


def table(options: Options) -> str:
    """A row for each option."""
    rows = (f"| `{cell(key)}` | {cell(text)} |\n" for key, text in options.items())
    return "| option | does |\n|---|---|\n" + "".join(rows)


def cell(text: str) -> str:
    """A text that does not end its cell."""
    return text.replace("|", "\\|").replace("  [", " [")


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
