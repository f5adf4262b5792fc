"""`flashsync list`: what the account has, with ids, and which files name it."""

from __future__ import annotations

from dataclasses import dataclass

import click

from flashsync.cli.option_values import WordChoice
from flashsync.cli.options import (
    ScreenOptions,
    account_options,
    config_option,
    formats,
    options_as,
    screen_options,
)
from flashsync.errors import ExitCode
from flashsync.model.command_results import InventoryKind
from flashsync.operations.options import SessionOptions
from flashsync.operations.selection import Selection


@dataclass(frozen=True, slots=True)
class ListCommand:
    """The options of `list`."""

    kind: str
    session: SessionOptions
    selection: Selection
    screen: ScreenOptions
    missing: bool = False


@click.command(name="list")
@click.argument("kind", type=WordChoice([kind.value for kind in InventoryKind]))
@click.option("--missing", is_flag=True, help="Only what is in no file, or not in the account.")
@click.option("--only", multiple=True, metavar="NAME|GLOB", help="Only entries of these names.")
@config_option
@formats("text", "json")
@screen_options
@account_options
@options_as(ListCommand)
def command(options: ListCommand) -> int:
    """List the schedules, people, teams or roles of the account, with ids and files.

    Schedules are listed with who is on call now. Works without any file, too.
    """
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import InventoryResult
    from flashsync.operations.inventory import take_inventory

    output = Output.of(options.screen)
    with open_session(options.session, output) as session:
        kind = InventoryKind(options.kind)
        inventory = take_inventory(session, kind, options.selection, missing=options.missing)
        output.show(InventoryResult(inventory))
    return ExitCode.OK
