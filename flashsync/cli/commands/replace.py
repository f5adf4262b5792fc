"""`flashsync replace`: somebody takes another's place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flashsync.cli.options import (
    account_options,
    edit_options,
    formats,
    from_option,
    screen_options,
)
from flashsync.errors import UsageError


@click.command(name="replace")
@click.argument("person")
@click.option("--with", "with_", required=True, metavar="PERSON", help="The person who takes over.")
@from_option
@edit_options
@formats("text", "json")
@screen_options
@account_options
def command(person: str, with_: str, from_: tuple[str, ...], **given: Any) -> int:
    """Replace PERSON by another person wherever the files name them, and show the plan.

    Keeps turn and role, and names nobody twice. Reports and keeps an expectation that PERSON is
    `not` on call. Comments and layout of the files stay. Exits 0; 1 on an error or if apply would
    refuse the plan; 2 with --check.
    """
    from flashsync.cli.editing import Editing
    from flashsync.declared import people_edits
    from flashsync.declared.people_edits import Edit
    from flashsync.operations.edit_people import EditTarget, asked, find_parts

    old, new = asked("PERSON", person), asked("--with", with_)
    with Editing(given, Path.cwd()) as run:
        targets = find_parts("--from", from_, run.files.declared)
        run.ask(old, new)
        is_old, is_new = run.people.leaving(old), run.people.staying(new)
        if is_old(new):
            raise UsageError(f"{old.text} and {new.text} are the same person", "name somebody else")

        kept: list[str] = []

        def make(target: EditTarget, tree: Any) -> list[Edit]:
            off = people_edits.kept_off(tree, is_old) if target.layer is None else []
            kept.extend(f"{tree['schedule']}: {one} still has {old.text}" for one in off)
            return people_edits.replace(tree, old.text, is_old, is_new, new.text, target.layer)

        edited = run.edit(run.with_person(targets, is_old), make)
        run.mention_turns(edited, new.text, is_new)
        run.notes += kept
        if not from_ and not kept:
            run.mention(old.text, is_old)
        where = "takes no turn" if kept else "appears nowhere"
        return run.finish(edited, f"Nothing to edit; {old.text} {where} there.")
