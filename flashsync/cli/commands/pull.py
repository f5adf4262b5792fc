"""`flashsync pull`: what is live comes into the files."""

from __future__ import annotations

from dataclasses import dataclass

import click

from flashsync.cli.options import (
    ScreenOptions,
    account_options,
    file_options,
    formats,
    options_as,
    screen_options,
)
from flashsync.errors import ExitCode
from flashsync.operations.options import SessionOptions
from flashsync.operations.selection import Selection


@dataclass(frozen=True, slots=True)
class PullCommand:
    """The options of `pull`."""

    session: SessionOptions
    selection: Selection
    screen: ScreenOptions
    check: bool = False
    dry_run: bool = False


@click.command(name="pull")
@file_options
@click.option(
    "--check", is_flag=True, help="Show the changes without writing them; exit 2 if there are any."
)
@click.option("--dry-run", is_flag=True, help="Show the changes without writing them.")
@formats("text", "json")
@screen_options
@account_options
@options_as(PullCommand)
def command(options: PullCommand) -> int:
    """Change the files to what is live, so that a plan is empty.

    Only what differs changes: comments, order, quotes and layout of the files stay, and so does a
    value that means the same. A schedule that the account lacks is marked `absent: true`. All files
    are written, or none. Exits 0; 1 on an error; 2 with --check.
    """
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import EditsResult
    from flashsync.operations.pull import pull_files

    output = Output.of(options.screen)
    with open_session(options.session, output) as session:
        pulled = pull_files(session, options.selection)
        written = bool(pulled.files) and not (options.check or options.dry_run)
        if written:
            pulled.write()
        output.show(EditsResult(pulled, written=written))
    if output.format == "text":
        for note in pulled.notes:
            output.remark(note)
    return ExitCode.CHANGES if options.check and pulled.files else ExitCode.OK
