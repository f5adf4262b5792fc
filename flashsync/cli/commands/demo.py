"""`flashsync demo`: a guided tour against a throw-away sandbox, with commands that really run."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from flashsync.cli.commands.sandbox import DEMO_KEY
from flashsync.cli.main import main
from flashsync.cli.process import clock, render_sandbox_install
from flashsync.errors import ConfigError, ExitCode
from flashsync.operations.environment import BASE_URL, KEY

if TYPE_CHECKING:
    from flashsync.sandbox import Sandbox

SECRETS = {"DING_TOKEN": "demo-token", "DING_SIGN_SECRET": "demo-secret"}
"""Stand-ins for the secrets of the examples."""


@dataclass(frozen=True, slots=True)
class ExampleEdit:
    """A change of an example file: the first `old` becomes `new`."""

    file: str
    old: str
    new: str


@click.command(name="demo")
def command() -> int:
    """Import the schedules of a throw-away sandbox, apply the examples, then change both sides.

    It works in a temporary directory and reads no real account.
    """
    try:
        from flashsync.sandbox import UNLIMITED, Options, running, seed
    except ImportError as missing:
        message = f"the demo needs {missing.name}"
        raise ConfigError(message, render_sandbox_install()) from None
    with TemporaryDirectory(prefix="flashsync-demo-") as folder:
        shutil.copy(examples() / CONFIG, folder)
        with running(seed("demo"), Options(limits=UNLIMITED), now=clock) as sandbox:
            variables = {BASE_URL: sandbox.url, KEY: DEMO_KEY, **SECRETS}
            with _inside(Path(folder), variables):
                return Tour(sandbox).take()


def examples() -> Path:
    """The examples: next to the package in a checkout, inside the package once installed."""
    package = Path(__file__).parents[2]
    inside = package / "examples"
    return inside if inside.is_dir() else package.parent / "examples"


@contextmanager
def _inside(folder: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Work in a folder with environment variables set, and restore both."""
    before, home = dict(os.environ), Path.cwd()
    os.environ.update(variables)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(home)
        os.environ.clear()
        os.environ.update(before)


class Tour:
    """Steps with a heading, what happens, and real commands with their real output."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._step = 0

    def take(self) -> int:
        """Take all steps; AssertionError if a command does not end as expected."""
        self._heading("Three schedules that people built in the console, and no file yet")
        self._run("import")
        self._run("plan --detailed-exitcode", ExitCode.OK)
        self._heading("Six more schedules in YAML, which the account lacks")
        shutil.copytree(examples() / SCHEDULES, SCHEDULES, dirs_exist_ok=True)
        self._run("validate")
        self._run("apply --auto-approve")
        self._heading("Somebody adds a name to a rota: whose shifts move?")
        self._edit(JOINER)
        self._run("plan --rollout exact --only 'Production*'")
        click.echo(
            "\nWritten at once, it would reshuffle everyone. At the next handoff, nobody moves:"
        )
        self._run("apply --auto-approve --only 'Production*'")
        self._run("plan --detailed-exitcode", ExitCode.OK)
        self._heading("Somebody edits a file: a longer warning before each shift, planned cover")
        for edit in EDITS:
            self._edit(edit)
        self._run("plan --detailed-exitcode", ExitCode.CHANGES)
        self._run("show --days 7 --only 'Production*'")
        self._heading("Meanwhile two colleagues use the console, behind git's back")
        self._console()
        self._run("drift", ExitCode.CHANGES)
        self._heading("Apply makes the account what the files say, and keeps the swap")
        self._run("apply --auto-approve")
        self._show_override()
        self._heading("Nothing is left to do")
        self._run("plan --detailed-exitcode", ExitCode.OK)
        self._heading("Who is on call, and why")
        self._run("oncall")
        self._run(f"explain '{SWAPPED}'")
        click.echo("\nThat is the whole loop: import, declare, validate, plan, apply, drift.")
        return ExitCode.OK

    def _heading(self, text: str) -> None:
        self._step += 1
        click.echo(f"\n── {self._step}. {text} ──")

    def _run(self, line: str, expected: ExitCode = ExitCode.OK) -> None:
        click.echo(f"\n$ flashsync {line}")
        sys.stdout.flush()
        code = main(shlex.split(line))
        sys.stderr.flush()
        if code != expected:
            message = f"`flashsync {line}` ended with {code}, expected {int(expected)}"
            raise AssertionError(message)

    def _edit(self, edit: ExampleEdit) -> None:
        path = Path(edit.file)
        text = path.read_text(encoding="utf-8")
        if edit.old not in text:
            raise AssertionError(f"{edit.file} has no {edit.old!r}")
        path.write_text(text.replace(edit.old, edit.new, 1), encoding="utf-8")
        click.echo(f"\n{edit.file}")
        for sign, part in (("-", edit.old), ("+", edit.new)):
            for line in part.splitlines():
                click.echo(f"  {sign} {line}")

    def _console(self) -> None:
        console = self._sandbox.console
        console.edit(CONSOLE_EDITED, {"description": "Call Bob first!"}, by="bob@example.com")
        start = int(clock()) // WEEK * WEEK + WEEK
        people, name = ["dave@example.com"], "Swap with Dave"
        console.add_override(SWAPPED, people, start, start + WEEK // 14, layer_name=name)
        click.echo(f"\nBob writes a new description for {CONSOLE_EDITED}.")
        click.echo(f"Somebody swaps a night on {SWAPPED}: an override made by hand.")

    def _show_override(self) -> None:
        schedule = self._sandbox.console.schedule(SWAPPED)
        names = [layer["layer_name"] for layer in schedule["layers"] if layer["mode"] == 1]
        click.echo(f"\nOverrides on {SWAPPED} now: {', '.join(names)}")
        if "Swap with Dave" not in names:
            raise AssertionError("the override that was made in the console is gone")


CONFIG, SCHEDULES = "flashsync.yaml", "schedules"
WEEK = 7 * 24 * 3600
JOINER = ExampleEdit(
    "schedules/weekly.yaml",
    "groups: [alice, bob, carol, dave]",
    "groups: [alice, bob, carol, dave, grace]",
)
EDITS = (
    ExampleEdit(
        "schedules/weekly.yaml",
        "    groups: [alice, bob, carol, dave, grace]\n",
        "    groups: [alice, bob, carol, dave, grace]\nnotify: {before: 1 h, by: preference}\n",
    ),
    ExampleEdit(
        "schedules/planned-cover.yaml",
        "    people: [carol, dave]\n",
        """    people: [carol, dave]
  - {override: Exam week, from: 2030-06-03 08:00, to: 2030-06-07 08:00, people: [grace]}
""",
    ),
)
CONSOLE_EDITED = "Data Pipelines"
SWAPPED = "Production On-Call"
