"""`flashsync rename`: schedules and layers get other names, and keep what they are."""

from __future__ import annotations

from dataclasses import dataclass

import click

from flashsync.cli.options import (
    EditCommand,
    edit_options,
    options_as,
)
from flashsync.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameCommand(EditCommand):
    """The options of `rename`."""

    names: tuple[str, ...] = ()


@click.command(name="rename")
@click.argument("names", nargs=-1, required=True, metavar="OLD NEW [OLD NEW]...")
@edit_options
@options_as(RenameCommand)
def command(options: RenameCommand) -> int:
    """Rename schedules or layers in the files, and show the plan.

    OLD is SCHEDULE or SCHEDULE/LAYER. The live schedule keeps its id: the file gets `renamed_from`,
    which may go once the rename is applied. Several pairs are one edit: names can be exchanged, and
    the schedules are then pinned by `id`. Exits 0; 1 on an error or if apply would refuse the plan;
    2 with --check.
    """
    from flashsync.cli.editing import run_edit
    from flashsync.operations.edit_names import rename

    if len(options.names) % 2:
        raise UsageError(f"{options.names[-1]} has no new name", "give names in pairs: OLD NEW")
    pairs = list(zip(options.names[::2], options.names[1::2], strict=True))

    return run_edit(
        options,
        lambda session: rename(session, pairs, offline=options.offline),
    )
