"""`flashsync add`: somebody joins a rota."""

from __future__ import annotations

from dataclasses import dataclass

import click

from flashsync.cli.options import (
    EditCommand,
    edit_options,
    options_as,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCommand(EditCommand):
    """The options of `add`."""

    person: str
    to: tuple[str, ...]
    after: str | None = None


@click.command(name="add")
@click.argument("person")
@click.option(
    "--to",
    multiple=True,
    required=True,
    metavar="SCHEDULE/LAYER",
    help="The layer; a schedule alone where it has one. May be repeated.",
)
@click.option(
    "--after", metavar="PERSON", help="Insert the turn after this person's instead of at the end."
)
@edit_options
@options_as(AddCommand)
def command(options: AddCommand) -> int:
    """Give PERSON a turn of a layer in the files, and show the plan.

    PERSON is a short name, an address, an id, or a member's exact name, and is written as given.
    Where each backup is the next turn's primary, the new turn is such a pair, too. Comments and
    layout of the files stay. Exits 0; 1 on an error or if apply would refuse the plan; 2 with
    --check.
    """
    from flashsync.cli.editing import run_edit
    from flashsync.operations.edit_people import add_person

    return run_edit(
        options,
        lambda session: add_person(
            session, options.person, options.to, options.after, offline=options.offline
        ),
    )
