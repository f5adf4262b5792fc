"""`flashsync remove`: somebody leaves."""

from __future__ import annotations

from dataclasses import dataclass

import click

from flashsync.cli.options import (
    EditCommand,
    edit_options,
    from_option,
    options_as,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveCommand(EditCommand):
    """The options of `remove`."""

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
    from flashsync.operations.edit_people import remove_person

    return run_edit(
        options,
        lambda session: remove_person(
            session,
            options.person,
            options.from_,
            offline=options.offline,
            promote=options.promote,
        ),
    )
