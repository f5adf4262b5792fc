"""The entry point: the table of commands, and the one place where errors become messages."""

from __future__ import annotations

import gc
import os
import re
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from contextvars import copy_context
from importlib import import_module
from keyword import iskeyword
from typing import NoReturn

import click

from flashsync import __version__
from flashsync.cli.process import (
    disable_plugins,
    environment,
    kept,
    opened,
    settle,
    take_term_for_ctrl_c,
)
from flashsync.errors import ExitCode, FlashsyncError, Problem, RefusedError, UsageError

COMMANDS = {
    "init": "Begin a repository: configuration, a first schedule, recipes.",
    "import": "Write files for the schedules that are live.",
    "validate": "Check all files, offline.",
    "plan": "Show what apply would do; write nothing.",
    "apply": "Change the account to match the files.",
    "drift": "Show what differs from the files, and who wrote it last.",
    "pull": "Change the files to what is live.",
    "undo": "Restore what was live before an apply.",
    "tidy": "Remove ended layers and past overrides from the account.",
    "doctor": "Check key, permissions, clock, and the local engine.",
    "oncall": "Show who is on call, now and next.",
    "show": "Draw the calendar, before or after an apply.",
    "serve": "Show the live calendar as a page, on this machine.",
    "explain": "Explain why somebody is on call.",
    "list": "List schedules, people, teams or roles, with ids and files.",
    "add": "Add somebody to a rotation, in the files.",
    "remove": "Remove somebody from the files.",
    "replace": "Replace somebody by another person, in the files.",
    "rename": "Rename schedules or layers, in the files.",
    "fmt": "Format the files; their meaning stays.",
    "schema": "Print a JSON Schema.",
    "sandbox": "Run a local server that speaks the API.",
    "demo": "A guided tour against a throw-away sandbox.",
}
"""Each command is a module of `cli/commands`, imported when it runs."""


def module_of(command: str) -> str:
    """The module of a command; a word that Python keeps for itself has `_` at its end."""
    return f"flashsync.cli.commands.{command}{'_' if iskeyword(command) else ''}"


EXIT_CODES = """\b
Exit codes:
  0    done, or nothing to do; warnings do not change it
  1    an error, a usage error, or apply was refused or declined
  2    there are changes: plan --detailed-exitcode, drift; tidy, pull, fmt and edits with --check
  3    apply wrote something and did not finish or could not confirm it
  130  interrupted before anything was written
"""

_MANY_OBJECTS = 200_000


class Commands(click.Group):
    """The commands by name; listing them imports none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of learning them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(module_of(cmd_name)).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; suggest the nearest name for an unknown one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from flashsync.cli.habits import suggest_command

            remedy = suggest_command(args[0], COMMANDS) or "see flashsync --help"
            raise UsageError(f"no command {args[0]}", remedy)
        name, command, rest = super().resolve_command(ctx, args)
        if command and any(_SINGLE_DASH.match(argument) for argument in rest):
            from flashsync.cli.habits import find_single_dash

            if option := find_single_dash(command, rest):  # `-out` would be read as `-o ut`
                raise UsageError(f"no such option {option}", f"did you mean -{option}?")
        return name, command, rest


_SINGLE_DASH = re.compile("-[a-z]{2}")


@click.command(
    cls=Commands,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="flashsync %(version)s")
def group() -> None:
    """On-call schedules as code for Flashduty: YAML in git, plan and apply."""


def main(arguments: Sequence[str]) -> int:
    """Run a command line within this process, and return its exit code."""
    from flashsync.model.mask import begin

    with kept():
        context = copy_context()  # of its own: the next run hides other secrets
        context.run(begin)
        return context.run(_run, list(arguments))


def _run(arguments: list[str]) -> int:
    """Run a command line, report its failure, and return its exit code."""
    try:
        result = group.main(arguments, prog_name="flashsync", standalone_mode=False)
        sys.stdout.flush()
        return int(result or 0)
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.format_message())
        return ExitCode.OK
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.Abort, KeyboardInterrupt):
        problems = [Problem("interrupted; nothing was written")]
        return _report(problems, arguments, ExitCode.INTERRUPTED, "was interrupted")
    except click.ClickException as error:
        return _report([_usage_problem(error, arguments)], arguments, ExitCode.ERROR)
    except FlashsyncError as error:
        said = "was refused" if isinstance(error, RefusedError) else "failed"
        return _report(error.problems, arguments, error.exit_code, said)
    except BrokenPipeError:  # the reader of the output has gone (`| head`)
        settle()
        return ExitCode.ERROR
    except OSError as error:  # a full disk, or the like
        where = f" ({error.filename})" if error.filename else ""
        reason = error.strerror or str(error)
        message = f"{reason[:1].lower()}{reason[1:]}{where}"
        problem = Problem(message, "fix the cause and run again")
        return _report([problem], arguments, ExitCode.ERROR)
    except Exception:
        return _bug(arguments)


def run() -> NoReturn:
    """Run the program: the command line of this process, which ends with it."""
    # Nothing here makes cycles, and the collector would take half of the time of a large run.
    gc.set_threshold(_MANY_OBJECTS, 50, 50)
    disable_plugins()
    take_term_for_ctrl_c()
    sys.stdout, sys.stderr = opened(sys.stdout), opened(sys.stderr)
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:  # while the end was reported
        code = ExitCode.INTERRUPTED
    settle()
    if threading.active_count() > 1:  # after a second Ctrl-C, requests under way are abandoned
        os._exit(code)
    sys.exit(code)


def _usage_problem(error: click.ClickException, arguments: Sequence[str]) -> Problem:
    """The message of click, with where to read on."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else _command(arguments)
    message = " ".join(error.format_message().split()).rstrip(".")
    message, _, remedy = message.partition("; ")
    if isinstance(error, click.BadOptionUsage):
        message = message.removeprefix("Option ").replace(
            f"'{error.option_name}'", error.option_name
        )
    if isinstance(error, click.NoSuchOption) and context:
        from flashsync.cli.habits import suggest_option

        message = f"no such option {error.option_name}"
        remedy = suggest_option(error.option_name, context.command)
    return Problem(message[:1].lower() + message[1:], remedy or f"see {path} --help")


def _report(
    problems: Sequence[Problem], arguments: Sequence[str], code: int, said: str = "failed"
) -> int:
    """Report problems in the format of the command line, even if that is wrong."""
    from flashsync.cli.output import report
    from flashsync.cli.reports import Reports, find_values

    format_ = [*find_values(arguments, "--format"), "text"][0]
    if "--json" in arguments:
        format_ = "json"
    color = [*find_values(arguments, "--color"), "auto"][0]
    if "--no-color" in arguments:
        color = "never"
    what = f"{_command(arguments)} {said}"
    try:
        report(problems, format_, Reports.find(arguments), what, color)
    except OSError:
        settle()
    return code


def _command(arguments: Sequence[str]) -> str:
    """The command of a command line, as far as it is known."""
    return " ".join(["flashsync", *[word for word in arguments if word in COMMANDS][:1]])


def _bug(arguments: Sequence[str]) -> int:
    """Report an unexpected exception as a bug, with its traceback.

    The reports get it, too, so that nobody takes old reports for this run's.
    """
    import traceback

    from flashsync.cli.output import write
    from flashsync.cli.reports import Reports
    from flashsync.cli.views import ProblemsResult
    from flashsync.operations.environment import learn_keys

    learn_keys(environment())
    said = f"This is a bug in flashsync {__version__}; please report these lines:"
    write(f"{said}\n{traceback.format_exc()}\n", sys.stderr)
    problem = Problem(f"this is a bug in flashsync {__version__}", "report what the log says")
    what = f"{_command(arguments)} failed"
    with suppress(Exception):
        Reports.find(arguments).save(ProblemsResult([problem], what))
    return ExitCode.ERROR
