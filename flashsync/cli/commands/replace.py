"""`flashsync replace`: somebody takes another's place."""

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
class ReplaceCommand(EditCommand):
    """The options of `replace`."""

    person: str
    with_: str
    from_: tuple[str, ...] = ()


@click.command(name="replace")
@click.argument("person")
@click.option("--with", "with_", required=True, metavar="PERSON", help="The person who takes over.")
@from_option
@edit_options
@options_as(ReplaceCommand)
def command(options: ReplaceCommand) -> int:
    """Replace PERSON by another person wherever the files name them, and show the plan.

    Keeps turn and role, and names nobody twice. Reports and keeps an expectation that PERSON is
    `not` on call. Comments and layout of the files stay. Exits 0; 1 on an error or if apply would
    refuse the plan; 2 with --check.
    """
    from flashsync.cli.editing import run_edit
    from flashsync.operations.edit_people import replace_person

    return run_edit(
        options,
        lambda session: replace_person(
            session, options.person, options.with_, options.from_, offline=options.offline
        ),
    )
