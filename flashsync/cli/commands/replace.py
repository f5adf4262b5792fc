"""`flashsync replace`: somebody takes another's place."""

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
class ReplaceCommand:
    """The options of `replace`."""

    session: SessionOptions
    screen: ScreenOptions
    edit: EditOptions
    person: str
    with_: str
    from_: tuple[str, ...] = ()


@click.command(name="replace")
@click.argument("person")
@click.option("--with", "with_", required=True, metavar="PERSON", help="The person who takes over.")
@from_option
@edit_options
@formats("text", "json")
@screen_options
@account_options
@options_as(ReplaceCommand)
def command(options: ReplaceCommand) -> int:
    """Replace PERSON by another person wherever the files name them, and show the plan.

    Keeps turn and role, and names nobody twice. Reports and keeps an expectation that PERSON is
    `not` on call. Comments and layout of the files stay. Exits 0; 1 on an error or if apply would
    refuse the plan; 2 with --check.
    """
    from flashsync.cli.editing import run_edit
    from flashsync.operations.edit_files import FileEdits
    from flashsync.operations.edit_people import replace_person
    from flashsync.operations.session import Session

    def edit(session: Session) -> FileEdits:
        offline = options.edit.offline
        return replace_person(
            session, options.person, options.with_, options.from_, offline=offline
        )

    return run_edit(options.session, options.screen, options.edit, edit)
