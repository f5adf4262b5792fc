"""`flashsync fmt`: one layout for all files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from flashsync.cli.options import ScreenOptions, formats, options_as, screen_options
from flashsync.errors import ExitCode, UsageError
from flashsync.operations.options import SessionOptions

if TYPE_CHECKING:
    from flashsync.cli.output import Output
    from flashsync.operations.format_files import FormatRun

STDIN = "-"


@dataclass(frozen=True, slots=True)
class FmtCommand:
    """The options of `fmt`."""

    session: SessionOptions
    screen: ScreenOptions
    paths: tuple[str, ...] = ()
    check: bool = False
    diff: bool = False


@click.command(name="fmt")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--config", metavar="FILE", help="Path of flashsync.yaml.")
@click.option("--check", is_flag=True, help="Write nothing; exit 2 if a file is not formatted.")
@click.option("--diff", is_flag=True, help="Show what would change without writing it.")
@formats("text", "json")
@screen_options
@options_as(FmtCommand)
def command(options: FmtCommand) -> int:
    """Format the files: indentation, order of keys, shorthand, and quotes where YAML would misread.

    Without PATH, formats flashsync.yaml and all schedule files; with `-`, standard input. Comments,
    anchors and empty lines stay, and so does the meaning: each file is read again and compared
    before it is written. Exits 0; 1 on an error, when no file is written; 2 with --check.
    """
    from flashsync.cli.output import Output, write_utf8
    from flashsync.cli.process import read_stdin
    from flashsync.cli.run import open_session
    from flashsync.cli.views import FormatResult
    from flashsync.operations.format_files import format_files, format_standard_input

    output = Output.of(options.screen)
    shown = options.check or options.diff
    if STDIN in options.paths:
        if len(options.paths) > 1:
            raise UsageError("`-` cannot be used with other paths", "remove one of them")
        data = read_stdin()
        run = format_standard_input(data)
        if not shown and output.format == "text":
            write_utf8(run.files[0].after if run.files else data.decode("utf-8"))
            _note_unusual(output, run)
            return ExitCode.OK
        shown = True
    else:
        with open_session(options.session, output) as session:
            run = format_files(session, options.paths)
        if not shown:
            run.write()
    output.show(FormatResult(run, written=not shown, diff=options.diff))
    _note_unusual(output, run)
    return ExitCode.CHANGES if options.check and run.files else ExitCode.OK


def _note_unusual(output: Output, run: FormatRun) -> None:
    if output.format == "text":
        for file in run.unusual:
            output.remark(f"{file} keeps its layout, which has parts that fmt does not write")
