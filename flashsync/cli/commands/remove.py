"""`flashsync remove`: somebody leaves."""

from __future__ import annotations

from dataclasses import dataclass

import click

from flashsync.cli.options import (
    EditOptions,
    ScreenOptions,
    account_options,
    edit_options,
    formats,
    from_option,
    options_as,
    screen_options,
)
from flashsync.operations.options import SessionOptions


@dataclass(frozen=True, slots=True)
class RemoveCommand:
    """The options of `remove`."""

    session: SessionOptions
    screen: ScreenOptions
    edit: EditOptions
    person: str
    from_: tuple[str, ...] = ()
    promote: bool = False


@click.command(name="remove")
@click.argument("person")
@from_option
@click.option(
    "--promote", is_flag=True, help="Make the backup primary in turns left without a primary."
)
@edit_options
@formats("text", "json")
@screen_options
@account_options
@options_as(RemoveCommand)
def command(options: RemoveCommand) -> int:
    """Remove PERSON from the files, under every name they have there, and show the plan.

    Removes turns that were theirs alone; shared turns keep the other people. Where each backup is
    the next turn's primary, their neighbours become a pair. A layer, override or expectation
    without anybody left and a turn without a primary are errors; past overrides and expectations
    are removed. Comments and layout of the files stay. Exits 0; 1 on an error or if apply would
    refuse the plan; 2 with --check.
    """
    from flashsync.cli.editing import run_edit
    from flashsync.operations.edit_files import FileEdits
    from flashsync.operations.edit_people import remove_person
    from flashsync.operations.session import Session

    def edit(session: Session) -> FileEdits:
        offline = options.edit.offline
        return remove_person(
            session, options.person, options.from_, offline=offline, promote=options.promote
        )

    return run_edit(options.session, options.screen, options.edit, edit)
