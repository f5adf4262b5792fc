"""Where output goes: results to stdout, all else to stderr, in the format that was asked for."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from flashsync.errors import Problem, RefusedError
from flashsync.render import problems as problem_formats
from flashsync.render.screen import Screen
from flashsync.render.words import ReadCount

if TYPE_CHECKING:
    from flashsync.api.exchange import Exchange
    from flashsync.cli.planning import Planned
    from flashsync.cli.workspace import Reading
    from flashsync.plan.journal import Journal
    from flashsync.plan.model import Plan
    from flashsync.plan.outcome import Outcome
    from flashsync.render.drift_text import LastWrite
    from flashsync.render.progress import NoProgress

WITHOUT_TERMINAL = 100
"""Columns of an output that goes to a file or a pipe."""


def report(problems: Sequence[Problem], format_: str, color: str = "auto") -> None:
    """Say what is wrong, in the format asked for."""
    if format_ == "json":
        write_json(problem_formats.json(problems))
    elif format_ == "github":
        write(problem_formats.github(problems))
    else:
        write(problem_formats.text(problems, screen_of(sys.stderr, color)), sys.stderr)


def write(text: str, stream: TextIO | None = None) -> None:
    """Write text; what the stream's encoding lacks is escaped, never an error."""
    out = stream or sys.stdout
    encoding = out.encoding or "utf-8"
    out.write(text.encode(encoding, "backslashreplace").decode(encoding))
    out.flush()


def write_json(text: str) -> None:
    """Write JSON to stdout; what its encoding lacks is escaped as JSON does it."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = "".join(one if one.isascii() else json.dumps(one)[1:-1] for one in text)
    write(text)


def screen_of(stream: TextIO, color: str) -> Screen:
    """How output to a stream may look: the terminal's width, and colours where they are wanted."""
    terminal = "COLUMNS" in os.environ or stream.isatty()
    width = shutil.get_terminal_size().columns if terminal else WITHOUT_TERMINAL
    return Screen(width, _colored(color, stream), stream.encoding or "utf-8")


def _colored(choice: str, stream: TextIO) -> bool:
    """What the user chose, else what NO_COLOR says, else whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


@dataclass(frozen=True, slots=True)
class Output:
    """The output of one run: its format, and how results and remarks may look."""

    format: str
    results: Screen
    remarks: Screen
    verbosity: int = 0

    @classmethod
    def of(cls, format_: str, color: str, verbosity: int = 0) -> Output:
        """The output that the command line asks for."""
        results, remarks = screen_of(sys.stdout, color), screen_of(sys.stderr, color)
        return cls(format_, results, remarks, verbosity)

    def observer(self) -> Callable[[Exchange], None] | None:
        """What is told of every request, for -v and -vv."""
        from flashsync.cli.verbose import teller

        return teller(self.verbosity)

    def _progress(self, label: str, total: int | None = None) -> NoProgress:
        from flashsync.render.progress import LiveProgress, NoProgress

        if self.verbosity or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
            return NoProgress()
        return LiveProgress(sys.stderr, self.remarks, label, total)

    def reading(self) -> NoProgress:
        """Shows that the account is being read."""
        return self._progress("Reading the account")

    def applying(self, plan: Plan) -> NoProgress:
        """Shows the writes as they happen."""
        return self._progress("Writing", len(plan.writes))

    def validated(self, reading: Reading) -> None:
        """The result of `validate`."""
        problems, read = reading.sorted, counted(reading)
        if self.format == "json":
            write_json(problem_formats.json(problems, read))
        elif self.format == "github":
            write(problem_formats.github(problems))
            write(problem_formats.summary(problems, read), sys.stderr)
        else:
            write(problem_formats.text(problems, self.results))
            write(problem_formats.summary(problems, read))

    def read(self, reading: Reading) -> None:
        """How much was read, and the warnings about it, before the result."""
        if self.format == "text":
            write(problem_formats.text(reading.warnings, self.remarks), sys.stderr)
            write(f"{counted(reading)}\n", sys.stderr)

    def plan(self, planned: Planned, *, refusals: bool = True) -> None:
        """The result of `plan`."""
        from flashsync.render import plan_json

        if self.format == "json":
            write_json(plan_json.render(planned.plan, planned.words.directory))
        else:
            self._plan_text(planned, self.results, sys.stdout, refusals=refusals)

    def _plan_text(
        self, planned: Planned, screen: Screen, stream: TextIO, *, refusals: bool = True
    ) -> None:
        from flashsync.render import plan_text

        verbose = self.verbosity > 0
        text = plan_text.render(
            planned.plan, screen, planned.words, verbose=verbose, refusals=refusals
        )
        write(text, stream)

    def plan_to_apply(self, planned: Planned) -> None:
        """The plan before apply asks; as JSON it comes with the outcome, in one document."""
        from flashsync.plan.outcome import Outcome

        if self.format == "text":
            self.plan(planned, refusals=False)
        elif planned.plan.empty:
            self.outcome(Outcome(planned.plan), planned)

    def drift(self, planned: Planned, written: dict[int, LastWrite]) -> None:
        """The result of `drift`."""
        from flashsync.render import drift_text, plan_json

        if self.format == "json":
            write_json(plan_json.render_drift(planned.plan, written))
            return
        verbose, zone = self.verbosity > 0, planned.words.timezone
        screen = self.results
        write(drift_text.render(planned.plan, written, screen, timezone=zone, verbose=verbose))

    def outcome(self, outcome: Outcome, planned: Planned, *, saved_plan: bool = False) -> None:
        """The result of `apply`."""
        from flashsync.render import outcome_json, outcome_text

        if self.format == "json":
            write_json(outcome_json.render(outcome, planned.words.directory))
        else:
            write("\n" + outcome_text.render(outcome, self.results, saved_plan=saved_plan))

    def journals(self, found: Sequence[Journal], timezone: str | None) -> None:
        """The result of `undo --list`; times in a zone, or each in that of its account."""
        from flashsync.render import journals

        if self.format == "json":
            write_json(journals.json(found))
        else:
            write(journals.text(found, self.results, timezone))

    def journal(self, found: Journal, timezone: str | None) -> None:
        """The result of `undo --list ID`."""
        from flashsync.render import journals

        if self.format == "json":
            write_json(journals.json([found]))
        else:
            write(journals.one(found, self.results, timezone))

    def saved(self, planned: Planned, path: Path) -> None:
        """Save the plan, whole or not at all."""
        from flashsync.cli.saving import save_text
        from flashsync.plan import codec

        plan = planned.plan
        save_text(path, codec.save(plan, planned.words.directory))
        where = self.remarks.safe(str(path))
        how = f"carry it out with: flashsync apply --plan {where}"
        if plan.refusals:
            how = f"apply --plan {where} would refuse it, too"
        write(f"Saved; {how}\n", sys.stderr)

    def again(self) -> None:
        """A handoff has passed while somebody was asked: the plan is made again."""
        write("A handoff has passed meanwhile, so this is planned again.\n\n", sys.stderr)

    def ask(self, planned: Planned) -> None:
        """Ask whether to go on. Raises RefusedError where nobody can or will say yes."""
        from flashsync.cli import environment

        if not environment.interactive():
            message = "nobody can be asked: this is no terminal, and nothing was written"
            raise RefusedError(message, "pass --auto-approve to apply without asking")
        if self.format == "json":  # stdout is for the one document, and comes later
            self._plan_text(planned, self.remarks, sys.stderr)
        write("Apply this plan? Only `yes` does it: ", sys.stderr)
        if sys.stdin.readline().strip() != "yes":
            raise RefusedError("declined; nothing was written")


def counted(reading: Reading) -> ReadCount:
    """How much a run has read."""
    return ReadCount(
        reading.files, reading.schedules, reading.not_selected, reading.not_run, reading.past
    )
