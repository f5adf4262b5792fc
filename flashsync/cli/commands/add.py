"""`flashsync add`: somebody joins a rota."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flashsync.cli.options import account_options, edit_options, formats, screen_options


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
@formats("text", "json")
@screen_options
@account_options
def command(person: str, to: tuple[str, ...], after: str | None, **given: Any) -> int:
    """Give PERSON a turn of a layer in the files, and show the plan.

    PERSON is a short name, an address, an id, or a member's exact name, and is written as given.
    Comments and layout of the files stay. Exits 0; 1 on an error or if apply would refuse the plan;
    2 with --check.
    """
    from flashsync.cli.editing import Editing
    from flashsync.declared import people_edits
    from flashsync.declared.people_edits import Edit
    from flashsync.operations.edit_people import EditTarget, asked, find_layers

    new, before = asked("PERSON", person), asked("--after", after) if after else None
    with Editing(given, Path.cwd()) as run:
        targets = find_layers("--to", to, run.files.declared)
        run.ask(new, *([before] if before else []))
        is_new = run.people.staying(new)
        follows = (before.text, run.people.leaving(before)) if before else None

        def make(target: EditTarget, tree: Any) -> list[Edit]:
            return [people_edits.add(tree, target.layer or 0, new.text, is_new, follows)]

        return run.finish(run.edit(targets, make), "")
