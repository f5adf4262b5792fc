"""`flashsync remove`: somebody leaves."""

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


@click.command(name="remove")
@click.argument("person")
@from_option
@edit_options
@formats("text", "json")
@screen_options
@account_options
def command(person: str, from_: tuple[str, ...], **given: Any) -> int:
    """Remove PERSON from the files, under every name they have there, and show the plan.

    Removes turns that were theirs alone; shared turns keep the other people. A layer, override or
    expectation without anybody left is an error; past overrides and expectations are removed.
    Comments and layout of the files stay. Exits 0; 1 on an error or if apply would refuse the plan;
    2 with --check.
    """
    from flashsync.cli.editing import Editing
    from flashsync.declared import people_edits
    from flashsync.declared.command_line import is_past as over
    from flashsync.declared.people_edits import Edit
    from flashsync.operations import environment
    from flashsync.operations.edit_people import EditTarget, asked, find_parts

    old = asked("PERSON", person)
    with Editing(given, Path.cwd()) as run:
        targets = find_parts("--from", from_, run.files.declared)
        run.ask(old)
        is_old = run.people.leaving(old)
        now = environment.now()

        def is_past(time: str) -> bool:
            return over(time, now)

        def make(target: EditTarget, tree: Any) -> list[Edit]:
            return people_edits.remove(tree, old.text, is_old, target.layer, is_past)

        edited = run.edit(run.with_person(targets, is_old), make)
        if not from_:
            run.mention(old.text, is_old)
        return run.finish(edited, f"Nothing to edit; {old.text} appears nowhere there.")
