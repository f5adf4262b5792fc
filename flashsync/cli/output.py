"""Where output goes: results to stdout, all else to stderr, in the format that was asked for."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from flashsync.errors import Problem, RefusedError
from flashsync.render.problems import (
    problems_github,
    problems_json,
    problems_text,
    validated_text,
)
from flashsync.render.screen import Screen
from flashsync.render.words import ReadCount, clean

if TYPE_CHECKING:
    from flashsync.api.exchange import Exchange
    from flashsync.cli.planning import Planned
    from flashsync.cli.workspace import Reading
    from flashsync.plan.model import Plan
    from flashsync.plan.outcome import Outcome
    from flashsync.render.drift_text import Written
    from flashsync.render.progress import Live

WITHOUT_TERMINAL = 100
"""Columns of an output that goes to a file or a pipe."""


def report(problems: Sequence[Problem], format_: str) -> None:
    """Say what is wrong, in the format asked for."""
    if format_ == "json":
        write(problems_json(problems))
    elif format_ == "github":
        write(problems_github(problems))
    else:
        write(problems_text(problems, color=colored("auto", sys.stderr)), sys.stderr)


def write(text: str, stream: TextIO | None = None) -> None:
    """Write text; what the stream's encoding lacks is escaped, never an error."""
    out = stream or sys.stdout
    encoding = out.encoding or "utf-8"
    out.write(text.encode(encoding, "backslashreplace").decode(encoding))
    out.flush()


def colored(choice: str, stream: TextIO) -> bool:
    """Whether to colour: what the user chose, else NO_COLOR, else whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


@dataclass(frozen=True, slots=True)
class Output:
    """The output of one run."""

    format: str
    screen: Screen
    verbosity: int = 0

    @classmethod
    def of(cls, format_: str, color: str, verbosity: int = 0) -> Output:
        """The output that the command line asks for."""
        terminal = "COLUMNS" in os.environ or sys.stdout.isatty()
        width = shutil.get_terminal_size().columns if terminal else WITHOUT_TERMINAL
        return cls(format_, Screen(width, colored(color, sys.stdout)), verbosity)

    def observer(self) -> Callable[[Exchange], None] | None:
        """What is told of every request, for -v and -vv."""
        from flashsync.cli.verbose import teller

        return teller(self.verbosity)

    def _tell(self, text: str) -> None:
        write(text, sys.stderr)

    def _live(self, words: str, total: int | None = None) -> Live:
        from flashsync.render.progress import Live

        quiet = self.verbosity or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"
        return Live(None if quiet else sys.stderr, total, words)

    def reading(self) -> Live:
        """Shows that the account is being read."""
        return self._live("Reading schedules")

    def applying(self, plan: Plan) -> Live:
        """Shows the writes as they happen."""
        return self._live("Writing", len(plan.writes))

    def validated(self, reading: Reading) -> None:
        """The result of `validate`."""
        problems, read = reading.problems, counted(reading)
        if self.format == "json":
            numbers = {"files": read.files, "schedules": read.schedules}
            write(problems_json(problems, read=numbers))
        elif self.format == "github":
            write(problems_github(problems))
            self._tell(validated_text(read, problems))
        else:
            write(problems_text(problems, color=self.screen.color))
            write(validated_text(read, problems))

    def read(self, reading: Reading) -> None:
        """How much was read, and the warnings about it, before the result."""
        if self.format == "text":
            color = colored("auto", sys.stderr)
            self._tell(problems_text(reading.warnings, color=color))
            self._tell(f"{counted(reading)}\n")

    def plan(self, planned: Planned) -> None:
        """The result of `plan`."""
        from flashsync.render.documents import plan_json
        from flashsync.render.plan_text import plan_text

        if self.format == "json":
            write(plan_json(planned.plan))
        else:
            write(plan_text(planned.plan, self.screen, verbose=self.verbosity > 0))

    def plan_to_apply(self, planned: Planned) -> None:
        """The plan before apply asks; as JSON it comes with the outcome, in one document."""
        from flashsync.plan.outcome import Outcome

        if self.format == "text":
            self.plan(planned)
        elif planned.plan.empty:
            self.outcome(Outcome(planned.plan))

    def refused(self, plan: Plan) -> RefusedError:
        """Why apply does not run a plan; as text, the reasons were just shown with it."""
        if self.format != "text":
            return RefusedError(plan.refusals)
        return RefusedError("apply refuses this plan, for the reasons above; nothing was written")

    def drift(self, planned: Planned, written: dict[int, Written], now: int) -> None:
        """The result of `drift`."""
        from flashsync.render.documents import drift_json
        from flashsync.render.drift_text import drift_text

        if self.format == "json":
            write(drift_json(planned.plan, written))
        else:
            zone = planned.words.timezone
            write(drift_text(planned.plan, written, self.screen, zone, now))

    def outcome(self, outcome: Outcome) -> None:
        """The result of `apply`."""
        from flashsync.render.documents import outcome_json
        from flashsync.render.outcome_text import outcome_text

        text = self.format == "text"
        write(outcome_text(outcome, self.screen) if text else outcome_json(outcome))

    def saved(self, plan: Plan, path: Path) -> None:
        """Save the plan, whole or not at all."""
        from flashsync.cli.saving import save_text
        from flashsync.plan import codec

        save_text(path, codec.save(plan))
        self._tell(f"Saved; carry it out with: flashsync apply --plan {clean(str(path))}\n")

    def ask(self) -> None:
        """Ask whether to go on. Raises RefusedError where nobody can or will say yes."""
        from flashsync.cli import environment

        if not environment.interactive():
            message = "nobody can be asked: this is no terminal, and nothing was written"
            raise RefusedError(message, "pass --auto-approve to apply without asking")
        self._tell("Apply this plan? Only `yes` does it: ")
        if sys.stdin.readline().strip() != "yes":
            raise RefusedError("declined; nothing was written")


def counted(reading: Reading) -> ReadCount:
    """How much a run has read."""
    return ReadCount(reading.files, reading.schedules, reading.not_selected)
