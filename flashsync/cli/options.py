"""Options that several commands share, each group defined once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from flashsync.cli import values
from flashsync.cli.reports import COMMENT, SMALLEST, VIEWS
from flashsync.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])


def stacked(*decorators: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """Several decorators as one, the first on top."""

    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def formats(*names: str) -> Callable[[Command], Command]:
    """`--format`, with the names that a command knows; the first is the default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="How to write the result.",
    )


file_options = stacked(
    click.argument("paths", nargs=-1, metavar="[PATH]..."),
    click.option("--config", metavar="FILE", help="Use this flashsync.yaml."),
    click.option(
        "--only", multiple=True, metavar="NAME|GLOB", help="Only schedules of these names."
    ),
)

screen_options = stacked(
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="When to colour; NO_COLOR means never.",
    ),
)


report_file_options = stacked(
    click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT=FILE",
        callback=values.reports,
        help="Write the result to a file, too, in this format. May be repeated.",
    ),
    click.option(
        "--link-base",
        default="",
        metavar="URL",
        callback=values.link_base,
        help="In Markdown, link files to URL/FILE#LLINE.",
    ),
    click.option(
        "--max-bytes",
        type=click.IntRange(SMALLEST),
        default=COMMENT,
        show_default=True,
        metavar="N",
        help="Keep Markdown below this length; the least important is cut first.",
    ),
)

report_options = stacked(formats(*VIEWS), report_file_options)

account_options = stacked(
    click.option(
        "--parallel",
        type=click.IntRange(1, 64),
        metavar="N",
        default=8,
        show_default=True,
        help="Requests at once.",
    ),
    click.option(
        "--rate",
        metavar="PERCENT",
        callback=values.rate,
        default="80%",
        show_default=True,
        help="Share of the account's rate limit to use.",
    ),
    click.option(
        "--timezone",
        metavar="ZONE",
        callback=values.timezone,
        help="Show times in this zone; changes no meaning.",
    ),
    click.option(
        "-v",
        "verbose",
        count=True,
        help="Name each request with its id; -vv shows bodies without secrets.",
    ),
)

rollout_options = stacked(
    click.option(
        "--rollout",
        metavar="WHEN",
        callback=values.rollout,
        help="When edits of rotations take effect, this time: next_handoff, now, exact, or a time.",
    ),
    click.option(
        "--effects",
        type=click.Choice(["auto", "server", "local", "none"]),
        callback=values.effects,
        help="Who computes whose shifts move: the platform, this machine, or, by default, the "
        "platform as far as its limits allow.",
    ),
    click.option(
        "--window",
        type=click.IntRange(1, 44),
        metavar="DAYS",
        callback=values.window,
        help="Look so far ahead; by default one round of what changes, 14 to 44 days.",
    ),
    click.option(
        "--check-level",
        "checks",
        multiple=True,
        metavar="CHECK=LEVEL",
        callback=values.checks,
        help="For this run, a check is off, warn or error.",
    ),
)

planning_options = stacked(
    click.option("--prune", is_flag=True, help="Delete what is in `manage` scope and undeclared."),
    click.option(
        "--max-deletes", type=click.IntRange(0), metavar="N", help="Let --prune delete so many."
    ),
    click.option(
        "--max-change-percent",
        type=click.IntRange(0, 100),
        metavar="N",
        help="Let so many percent of what is declared change.",
    ),
    rollout_options,
    click.option(
        "--create-lookalike",
        is_flag=True,
        help="Create a schedule although an undeclared one has the same rotation.",
    ),
)


journal_option = click.option(
    "--journal",
    callback=values.journal,
    metavar="DIR|none",
    help="Where journals are kept; by default in .flashsync/journal beside flashsync.yaml.",
)

age_option = click.option(
    "--max-age",
    metavar="LENGTH",
    callback=values.length,
    help="Refuse a saved plan that is older, as 1h, 30m or 2d.",
)

without_files_option = click.option(
    "--without-files",
    is_flag=True,
    help="Take a saved plan as it is, whatever the files declare.",
)

edit_options = stacked(
    click.option("--check", is_flag=True, help="Show the edit; write no file. Exits 2 if any."),
    click.option("--offline", is_flag=True, help="Ask no account, and make no plan."),
    click.option("--config", metavar="FILE", help="Use this flashsync.yaml."),
)

from_option = click.option(
    "--from",
    "from_",
    multiple=True,
    metavar="SCHEDULE[/LAYER]",
    help="Only there; a layer means its turns alone. May be repeated.",
)


def check_prune(*, prune: bool, paths: tuple[str, ...], only: tuple[str, ...]) -> None:
    """`--prune` means all files: with some of them, all others would look undeclared."""
    if prune and (paths or only):
        given = "paths" if paths else "--only"
        raise UsageError(f"--prune does not go with {given}", "run it over all files")
