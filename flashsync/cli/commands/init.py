"""`flashsync init`: a new repository from the key."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import click

from flashsync.cli.option_values import WordChoice
from flashsync.cli.options import (
    ScreenOptions,
    account_options,
    formats,
    options_as,
    screen_options,
)
from flashsync.errors import ExitCode, RefusedError, UsageError
from flashsync.operations.options import SessionOptions

if TYPE_CHECKING:
    from flashsync.operations.begin_repository import FirstSchedule, Survey

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class FirstScheduleOptions:
    """What is asked about the first schedule, as far as options answer it."""

    schedule: str | None = None
    people: str | None = None
    handoff: str | None = None

    @property
    def given(self) -> bool:
        """Whether any option is about a first schedule."""
        return any((self.schedule, self.people, self.handoff))


@dataclass(frozen=True, slots=True)
class InitCommand:
    """The options of `init`."""

    session: SessionOptions
    screen: ScreenOptions
    first: FirstScheduleOptions = field(default_factory=FirstScheduleOptions)
    import_: bool | None = None
    ci: str | None = None
    dry_run: bool = False


@click.command(name="init")
@click.option("--schedule", metavar="NAME", help="The name of a first schedule.")
@click.option("--people", metavar="A,B,…", help="Who takes turns of a week, in order.")
@click.option("--handoff", metavar="TIME", help="When turns change; by default mon 10:00.")
@click.option(
    "--import/--no-import",
    "import_",
    default=None,
    help="Whether to write files for the schedules that the account has.",
)
@click.option(
    "--ci",
    type=WordChoice(["github", "gitlab", "none"]),
    help="The CI recipes to copy; by default for the host of the repository.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@formats("text", "json")
@screen_options
@account_options
@options_as(InitCommand)
def command(options: InitCommand) -> int:
    """Begin a repository in this folder, for the account of the key.

    Writes flashsync.yaml, a first schedule or files for all that are live, schemas for editors, a
    hook for pre-commit, and recipes for CI. Asks in a terminal what no option says. Overwrites
    nothing, and writes nothing to the account.
    """
    from flashsync.cli.output import Output
    from flashsync.cli.process import is_interactive
    from flashsync.cli.run import open_session
    from flashsync.cli.views import RepositoryResult
    from flashsync.model.command_results import CiHost
    from flashsync.operations.begin_repository import new_repository, survey

    if options.import_ and options.first.given:
        raise UsageError("--import cannot be used with a first schedule", "choose one of them")
    output = Output.of(options.screen)
    with open_session(options.session, output) as session:
        begun = survey(session)
        questions = _Questions(begun, asks=is_interactive())
        imports = questions.import_live(options)
        first = None if imports else questions.first_schedule(options.first)
        ci = CiHost(options.ci) if options.ci else None
        new = new_repository(session, begun, first, import_live=imports, ci=ci)
        if not options.dry_run:
            new.write()
        output.show(RepositoryResult(new.summary, written=not options.dry_run))
    return ExitCode.OK


@dataclass(frozen=True, slots=True)
class _Questions:
    """Asks what no option says, where somebody can answer."""

    begun: Survey
    asks: bool

    def import_live(self, options: InitCommand) -> bool:
        """Whether the live schedules are imported."""
        if options.import_ is not None:
            return options.import_
        if not self.begun.live or options.first.given or not self.asks:
            return False
        from flashsync.model.wording import count

        live = count(len(self.begun.live), "schedule")
        question = f"The account {self.begun.account.name} has {live}. Import them now? [Y/n] "
        return _ask(question, _read_yes)

    def first_schedule(self, given: FirstScheduleOptions) -> FirstSchedule | None:
        """The first schedule; None where nobody wants one. Raises UsageError."""
        from flashsync.operations.begin_repository import (
            DEFAULT_HANDOFF,
            FirstSchedule,
            read_handoff,
            read_name,
        )

        if not given.given and not self.asks:
            return None
        name = self._answer(
            "--schedule",
            given.schedule,
            "Name of the first schedule (empty for none): ",
            lambda text: read_name(text) if text else "",
        )
        if not name:
            return None
        people = self._answer(
            "--people",
            given.people,
            "Who takes turns of a week, in order (addresses or names, with commas): ",
            self._read_people,
        )
        handoff = given.handoff or (None if self.asks else DEFAULT_HANDOFF)
        handoff = self._answer(
            "--handoff",
            handoff,
            f"When do turns change? [{DEFAULT_HANDOFF}] ",
            lambda text: text if text and read_handoff(text) >= 0 else DEFAULT_HANDOFF,
        )
        return FirstSchedule(name, people, handoff)

    def _answer(
        self, option: str, given: str | None, question: str, read: Callable[[str], Answer]
    ) -> Answer:
        if given is not None:
            try:
                return read(given.strip())
            except UsageError as error:
                problem = error.problems[0]
                raise UsageError(f"{option}: {problem.message}", problem.remedy) from None
        if not self.asks:
            raise UsageError(f"{option} is missing", "a first schedule needs --schedule, --people")
        return _ask(question, read)

    def _read_people(self, text: str) -> tuple[str, ...]:
        people = tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())
        if not people:
            raise UsageError("nobody is named", "write an address or a name")
        ids = [self.begun.find_person(person) for person in people]
        if len(set(ids)) < len(ids):
            raise UsageError("somebody is named twice", "name each person once")
        return people


def _ask(question: str, read: Callable[[str], Answer]) -> Answer:
    """Ask until the answer can be read. Raises RefusedError at the end of the input."""
    from flashsync.cli.output import write

    while True:
        write(question, sys.stderr)
        line = sys.stdin.readline()
        if not line:
            raise RefusedError("no answer; nothing was written")
        try:
            return read(line.strip())
        except UsageError as error:
            write(f"{error.problems[0].text}\n", sys.stderr)


def _read_yes(text: str) -> bool:
    if text.casefold() not in ("", "y", "yes", "n", "no"):
        raise UsageError("expected y or n")
    return text.casefold() in ("", "y", "yes")
