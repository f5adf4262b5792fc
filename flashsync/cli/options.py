"""The options that commands share, and their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import partial, wraps
from typing import Any, TypeVar, get_type_hints

import click

from flashsync.cli.option_values import (
    Command,
    WholeNumber,
    WordChoice,
    of_short_form,
    parse_checks,
    parse_effects,
    parse_journal,
    parse_length,
    parse_link_base,
    parse_rate,
    parse_reports,
    parse_rollout,
    parse_timezone,
    parse_window,
    short_form,
    stacked,
)
from flashsync.cli.reports import COMMENT, PLAN_VIEWS, SMALLEST, VIEWS, Report
from flashsync.errors import UsageError
from flashsync.operations.options import PlanOptions, SavedPlanOptions, SessionOptions


def formats(*names: str) -> Callable[[Command], Command]:
    """`--format`, with the formats of a command, and `--json`; the first format is the default."""
    return stacked(
        click.option(
            "--format",
            "format_",
            type=WordChoice(names),
            default=names[0],
            show_default=True,
            callback=of_short_form,
            help="How to write the result.",
        ),
        short_form("--json", "--format", "json"),
    )


config_option = click.option("--config", metavar="FILE", help="Path of flashsync.yaml.")

file_options = stacked(
    click.argument("paths", nargs=-1, metavar="[PATH]..."),
    config_option,
    click.option(
        "--only", multiple=True, metavar="NAME|GLOB", help="Only schedules of these names."
    ),
)

screen_options = stacked(
    click.option(
        "--color",
        type=WordChoice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        callback=of_short_form,
        help="When to use colour; NO_COLOR means never.",
    ),
    short_form("--no-color", "--color", "never"),
)


def report_files(*views: str) -> Callable[[Command], Command]:
    """`--report` with these formats, and how Markdown is made."""
    return stacked(
        click.option(
            "--report",
            "reports",
            multiple=True,
            metavar="FORMAT=FILE",
            callback=partial(parse_reports, views),
            help="Also write the result to a file, in this format. May be repeated.",
        ),
        _markdown_options,
    )


_markdown_options = stacked(
    click.option(
        "--link-base",
        default="",
        metavar="URL",
        type=parse_link_base,
        help="In Markdown and HTML, link files to URL/FILE#LLINE.",
    ),
    click.option(
        "--max-bytes",
        type=WholeNumber(SMALLEST),
        default=COMMENT,
        show_default=True,
        metavar="N",
        help="Maximum length of Markdown; the least important is cut first.",
    ),
)

report_options = stacked(formats(*VIEWS), report_files(*VIEWS))
plan_report_options = stacked(formats(*PLAN_VIEWS), report_files(*PLAN_VIEWS))
summary_option = click.option(
    "--summary",
    is_flag=True,
    help="Show only what comes before the details; in text and Markdown.",
)

account_options = stacked(
    click.option(
        "--parallel",
        type=WholeNumber(1, 64),
        metavar="N",
        default=8,
        show_default=True,
        help="Requests at once.",
    ),
    click.option(
        "--rate",
        metavar="PERCENT",
        type=parse_rate,
        default="80%",
        show_default=True,
        help="Share of the account's rate limit to use.",
    ),
    click.option(
        "--timezone",
        metavar="ZONE",
        type=parse_timezone,
        help="Show times in this zone; does not change how files are read.",
    ),
    click.option(
        "-v",
        "verbose",
        count=True,
        help="Show all moves, load and notes, and log each request with its id; -vv adds bodies, "
        "without secrets.",
    ),
)

rollout_options = stacked(
    click.option(
        "--rollout",
        metavar="WHEN",
        type=parse_rollout,
        help="When edits of rotations take effect, this time: next_handoff, now, exact, or a time.",
    ),
    click.option(
        "--effects",
        type=WordChoice(["auto", "server", "local", "none"]),
        callback=parse_effects,
        help="Who computes which shifts move: the platform, this machine, or by default the "
        "platform as far as its limits allow.",
    ),
    click.option(
        "--window",
        type=WholeNumber(1, 44),
        metavar="DAYS",
        callback=parse_window,
        help="Days to look ahead; by default one round of what changes, 14 to 44 days.",
    ),
    click.option(
        "--check-level",
        "checks",
        multiple=True,
        metavar="CHECK=LEVEL",
        callback=parse_checks,
        help="Set a check to off, warn or error for this run.",
    ),
)

planning_options = stacked(
    click.option("--prune", is_flag=True, help="Delete undeclared schedules in `manage` scope."),
    click.option(
        "--max-deletes",
        type=WholeNumber(0),
        metavar="N",
        help="Maximum number of schedules --prune may delete.",
    ),
    click.option(
        "--max-change-percent",
        type=WholeNumber(0, 100),
        metavar="N",
        help="Maximum share of the declared schedules that may change, in percent.",
    ),
    rollout_options,
    click.option(
        "--create-lookalike",
        is_flag=True,
        help="Create a schedule even if an undeclared one looks like it, renamed.",
    ),
)


approve_option = click.option("-y", "--auto-approve", is_flag=True, help="Do not ask.")

at_option = click.option(
    "--at",
    metavar="TIME",
    help="At another moment, on the account's clocks; also tomorrow, 'fri 18:00' or +2h.",
)

journal_option = click.option(
    "--journal",
    type=parse_journal,
    metavar="DIR|none",
    help="Where journals are kept; by default .flashsync/journal next to flashsync.yaml.",
)

fail_fast_option = click.option(
    "--fail-fast", is_flag=True, help="Begin no write after a failed write."
)

age_option = click.option(
    "--max-age",
    metavar="LENGTH",
    type=parse_length,
    help="Refuse a saved plan older than this, such as 1h, 30m or 2d.",
)

without_files_option = click.option(
    "--without-files",
    is_flag=True,
    help="Apply a saved plan without comparing it with the files.",
)

edit_options = stacked(
    click.option(
        "--check", is_flag=True, help="Show the edit without writing it; exit 2 if there is one."
    ),
    click.option("--offline", is_flag=True, help="Do not contact the account or make a plan."),
    config_option,
    formats("text", "json"),
    screen_options,
    account_options,
)

from_option = click.option(
    "--from",
    "from_",
    multiple=True,
    metavar="SCHEDULE[/LAYER]",
    help="Remove only there; with a layer, only from its turns. May be repeated.",
)


# What a command is asked for, once its command line is parsed.


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """The format of the result, and how the terminal shows it; perhaps only its `summary`."""

    format_: str
    color: str = "auto"
    verbose: int = 0
    summary: bool = False


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The files that get the result, too, and how Markdown is made."""

    reports: tuple[Report, ...] = ()
    link_base: str = ""
    max_bytes: int = COMMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCommand:
    """The options of commands that edit files: `check` only shows, `offline` makes no plan."""

    session: SessionOptions
    screen: ScreenOptions
    check: bool = False
    offline: bool = False


Options = TypeVar("Options")


def options_as(kind: type[Options]) -> Callable[[Callable[[Options], int]], Callable[..., int]]:
    """Give a command its options as one value of a frozen dataclass, and not by name."""

    def decorate(run: Callable[[Options], int]) -> Callable[..., int]:
        @wraps(run)
        def command(**given: Any) -> int:
            return run(_build(kind, given))

        return command

    return decorate


def _build(kind: type[Options], given: Mapping[str, Any]) -> Options:
    """The value of a dataclass: its fields are options by name, or again dataclasses of options.

    An option that the command does not have is left to the dataclass's default.
    """
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # a dataclass
        hint = hints[field.name]
        if isinstance(hint, type) and is_dataclass(hint):
            values[field.name] = _build(hint, given)
        elif field.name in given:
            values[field.name] = given[field.name]
    return kind(**values)


_DECIDED = {
    "prune": "--prune",
    "max_deletes": "--max-deletes",
    "max_change_percent": "--max-change-percent",
    "rollout": "--rollout",
    "effects": "--effects",
    "checks": "--check-level",
    "window": "--window",
    "create_lookalike": "--create-lookalike",
    "send_secrets": "--send-secrets",
}
"""Options that decide when a plan is made."""


def check_alone(flag: str, plan: PlanOptions, why: str, *, out: str | None = None) -> None:
    """Refuse options that would have changed a saved plan. Raises UsageError."""
    usual = PlanOptions()
    conflicts = [
        option for name, option in _DECIDED.items() if getattr(plan, name) != getattr(usual, name)
    ]
    if plan.selection.only:
        conflicts.insert(0, "--only")
    if plan.selection.paths:
        conflicts.insert(0, "paths")
    if out:
        conflicts.append("--out")
    if conflicts:
        message = f"{flag} cannot be used with {conflicts[0]} because {why}"
        raise UsageError(message, "plan again with it, or remove it")


def check_summary(screen: ScreenOptions) -> None:
    """Refuse a summary in a format that has none. Raises UsageError."""
    if screen.summary and screen.format_ not in ("text", "markdown"):
        message = f"--summary cannot be used with --format {screen.format_}"
        raise UsageError(message, "use text or markdown, or remove it")


def check_saved_only(flag: str, saved: SavedPlanOptions, *, later_cut: bool = False) -> None:
    """Refuse options that need a saved plan, which `flag` names. Raises UsageError."""
    needing = {
        "--later-cut": later_cut,
        "--max-age": saved.max_age is not None,
        "--without-files": saved.without_files,
    }
    for option, given in needing.items():
        if given:
            raise UsageError(f"{option} needs {flag}", "without it, every plan is new")
