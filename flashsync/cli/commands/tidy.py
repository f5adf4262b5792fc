"""`flashsync tidy`: drop what is over from the account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flashsync.cli.options import (
    account_options,
    file_options,
    journal_option,
    report_options,
    screen_options,
)
from flashsync.errors import ExitCode
from flashsync.model.timezone import DAY

_MOST = 36500


def days(context: click.Context, parameter: click.Parameter, value: str) -> int:
    """A number of days, in seconds, from `90d`."""
    text = value.strip().removesuffix("d").strip()
    if not (text.isascii() and text.isdigit() and int(text) <= _MOST):
        message = f"{value or 'nothing'} is no number of days: write for example 90d"
        raise click.BadParameter(message, context, parameter)
    return int(text) * DAY


@click.command(name="tidy")
@file_options
@click.option(
    "--older-than",
    "tidy",
    metavar="DAYS",
    default="90d",
    show_default=True,
    callback=days,
    help="Leave what ended later.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 2 where there is something.")
@journal_option
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@report_options
@screen_options
@account_options
def command(check: bool, auto_approve: bool, **given: Any) -> int:
    """Drop what is over from the account: ended links of edited layers, past planned overrides.

    A plan like any other: it is shown, asked for, written and read back. Overrides that people made
    in the console are never touched. Exits as `apply` does, and with --check 2 where something is
    to be dropped.
    """
    from flashsync.cli.carry_out import agreed, carry_out
    from flashsync.cli.run import Run

    with Run(given, Path.cwd()) as run:
        planned = run.plan()
        if check:
            run.output.plan(planned)
            return ExitCode.OK if planned.plan.empty else ExitCode.CHANGES
        if not agreed(run, planned, "tidy", ask=not auto_approve):
            return ExitCode.OK
        return carry_out(run, planned, "tidy")
