"""`flashsync import`: files for the schedules that are live."""

from __future__ import annotations

from dataclasses import dataclass

import click

from flashsync.cli.option_values import WordChoice
from flashsync.cli.options import (
    ScreenOptions,
    account_options,
    formats,
    options_as,
    screen_options,
)
from flashsync.errors import UsageError
from flashsync.operations.options import SessionOptions
from flashsync.operations.selection import Selection


@dataclass(frozen=True, slots=True)
class ImportCommand:
    """The options of `import`."""

    session: SessionOptions
    selection: Selection
    screen: ScreenOptions
    teams: tuple[str, ...] = ()
    folder: str | None = None
    single_file: bool = False
    by_team: bool = False
    overrides: bool = False
    ignore: tuple[str, ...] = ()
    force: bool = False
    dry_run: bool = False
    terraform: str | None = None


@click.command(name="import")
@click.option("--config", metavar="FILE", help="Path of flashsync.yaml.")
@click.option("--only", multiple=True, metavar="NAME|GLOB", help="Only schedules of these names.")
@click.option("--team", "teams", multiple=True, metavar="TEAM", help="Only schedules of this team.")
@click.option(
    "--dir",
    "folder",
    metavar="DIR",
    help="Folder for new files; by default the one in which flashsync.yaml looks for schedules.",
)
@click.option("--single-file", is_flag=True, help="Write all schedules to one file.")
@click.option("--by-team", is_flag=True, help="Write a file for each team.")
@click.option(
    "--overrides",
    is_flag=True,
    help="Also declare the overrides that people made in the console and that are not past.",
)
@click.option(
    "--ignore",
    multiple=True,
    type=WordChoice(["description", "team", "notify"]),
    help="Leave this field to the console. May be repeated.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Also import schedules that files declare already, and replace these files.",
)
@click.option(
    "--from-terraform",
    "terraform",
    metavar="DIR|FILE",
    help="Only schedules in this state of Terraform, or output of `terraform show -json`; pins "
    "their ids, and shows how Terraform lets go of them.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@formats("text", "json")
@screen_options
@account_options
@options_as(ImportCommand)
def command(options: ImportCommand) -> int:
    """Write a file for each live schedule, and complete flashsync.yaml.

    The next plan shows no changes. Schedules that files declare already are skipped, and no file is
    overwritten. Secrets become references to variables. What a file cannot declare is listed.
    """
    from flashsync.cli.output import Output
    from flashsync.cli.run import open_session
    from flashsync.cli.views import ImportResult
    from flashsync.operations.import_files import ImportOptions, prepare_import

    if options.single_file and options.by_team:
        raise UsageError("--single-file cannot be used with --by-team", "choose one of them")
    wanted = ImportOptions(
        options.selection,
        options.teams,
        options.folder,
        options.single_file,
        options.by_team,
        options.overrides,
        options.ignore,
        options.force,
        options.terraform,
    )
    output = Output.of(options.screen)
    with open_session(options.session, output) as session:
        prepared = prepare_import(session, wanted)
        if not options.dry_run:
            prepared.write()
        output.show(ImportResult(prepared.summary, written=not options.dry_run))
    return 0
