"""`flashsync tidy`: remove ended layers and past overrides from the account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flashsync.cli.options import (
    account_options,
    fail_fast_option,
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
        message = f"expected a number of days such as 90d, got {value or 'nothing'}"
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
    help="Keep what ended less than this long ago.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 2 if there is anything to remove.")
@journal_option
@fail_fast_option
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@report_options
@screen_options
@account_options
def command(check: bool, auto_approve: bool, **given: Any) -> int:
    """Remove ended links of edited layers and past declared overrides from the account.

    Shows a plan, asks, writes and reads back, as `apply` does. Never touches overrides that people
    made in the console. Exits as `apply` does; with --check, 2 if there is anything to remove.
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
