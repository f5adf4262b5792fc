"""One run that asks the account: from the command line's options to a plan and its outcome."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from flashsync.api.client import Client
from flashsync.api.tracing import Exchange
from flashsync.apply.execute import run as apply_plan
from flashsync.apply.preconditions import objections, with_secrets
from flashsync.apply.write import Writer
from flashsync.cli.options import check_prune
from flashsync.cli.output import Output
from flashsync.cli.process import listening
from flashsync.declared.config import Config
from flashsync.errors import FilesError, Problem, RefusedError, UsageError
from flashsync.model.people import Account, Directory
from flashsync.operations import environment
from flashsync.operations.account import Tuning, check_account, check_same_account, connect
from flashsync.operations.drift import with_last_writes
from flashsync.operations.files import Reading, Settings, read_settings
from flashsync.operations.from_files import FilesComparison, compare_with_files, read_files_of
from flashsync.operations.planning import (
    Files,
    Planned,
    PlanRequest,
    make_plan,
    read_files,
    words_of_account,
)
from flashsync.operations.saved_plan import aged, later, load, overtaken, unfit
from flashsync.operations.secrets import SecretReader
from flashsync.operations.undo import journal_of, plan_back, references_of_journals
from flashsync.plan.drift import Drift, sifted
from flashsync.plan.effects import as_of
from flashsync.plan.journal.model import Journal
from flashsync.plan.model import Plan
from flashsync.plan.outcome import Outcome
from flashsync.plan.safety import foretold
from flashsync.plan.saved.staleness import SavedPlanVerdict, late, pinned, refusals
from flashsync.plan.words import Words
from flashsync.render.progress import NoProgress

Observe = Callable[[Exchange], None]


class Run:
    """The options of one command line, with the client that they lead to."""

    def __init__(self, given: dict[str, Any], cwd: Path) -> None:
        self._given, self._cwd = given, cwd
        self.output = Output.of(given)
        self._client: Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is not None:
            self._client.close()

    def _connected(self, observe: Observe | None = None) -> Client:
        tuning = Tuning(self._given["rate"], self._given["parallel"])
        self._client = self._client or connect(tuning, observe or self.output.observer())
        return self._client

    def _request(self) -> PlanRequest:
        known = PlanRequest.__dataclass_fields__
        given = {name: value for name, value in self._given.items() if name in known}
        return PlanRequest(**{name: value for name, value in given.items() if value is not None})

    def plan(self, **settings: Any) -> Planned:
        """Read files and account, and decide.

        `settings` are fields of the request that the command decides.
        """
        request = replace(self._request(), **settings)
        check_prune(prune=request.prune, paths=request.paths, only=request.only)
        files = read_files(request, self._cwd)
        if request.prune and files.settings.config.manage is None:
            message = "--prune needs `manage` in flashsync.yaml"
            raise UsageError(message, "list there the teams or names that it may delete")
        with self.output.reading() as progress:
            client = self._connected(_counting(self.output.observer(), progress))
            planned = make_plan(files, request, client, progress.expect, self._journaled)
        self.output.read(planned.reading)
        return planned

    def drift(self) -> Drift:
        """Say what differs, who wrote it last, and what is accepted."""
        planned = self.plan(leavers=True, judged=False)
        complete = not (self._given["paths"] or self._given["only"])
        zone = planned.words.timezone
        found = sifted(planned.plan, planned.acceptances, zone, complete=complete)
        with self.output.reading():
            found = with_last_writes(self._connected(), found, planned)
        found = replace(found, plan=foretold(found.plan))
        self.output.drift(found, planned.words)
        return found

    def undo(self, journal: Journal, remarks: Sequence[str] = ()) -> Planned:
        """Read what a journal is about, and decide how to go back; the plan's notes tell `remarks`,
        too."""
        request = self._request()
        settings = read_settings(request.config, self._cwd)
        with self.output.reading() as progress:
            client = self._connected(_counting(self.output.observer(), progress))
            return plan_back(
                journal, request, settings, client, progress.expect, remarks, self._journaled
            )

    def _journaled(self) -> Container[str]:
        """The values of secrets that journals know by reference."""
        return references_of_journals(self._given, self._cwd)

    def saved_plan(self, path: Path) -> Planned:
        """A plan from a file, as it was made, for the account of the key. Raises RefusedError."""
        planned, problems = self._saved(path)
        if problems:
            raise RefusedError(problems)
        return planned

    def verdict(self, path: Path) -> SavedPlanVerdict:
        """Whether `apply --plan` would carry out a saved plan, with all reasons why not."""
        try:
            planned, problems = self._saved(path)
        except RefusedError as refused:
            return SavedPlanVerdict(str(path), None, refused.problems)
        now = environment.now()
        plan, words = pinned(planned.plan, now), planned.words
        problems += refusals(plan, now, words.timezone)
        with self.output.reading():
            try:
                plan_to_send = with_secrets(plan, planned.read)
            except RefusedError as refused:
                problems += refused.problems
            else:
                problems += objections(plan_to_send, self._connected(), words, now)
        return SavedPlanVerdict(str(path), plan, tuple(dict.fromkeys(problems)))

    def _saved(self, path: Path) -> tuple[Planned, list[Problem]]:
        """A plan from a file, and why its zone, its age or the files do not fit.

        Raises RefusedError.
        """
        plan, settings = load(path), self._settings_for_plan()
        account = check_account(self._connected(), settings)
        check_same_account(str(path), plan.account, account, "plan again")
        zone = self._given["timezone"] or account.timezone
        problems = list(unfit(plan, account, path, self._given.get("max_age"), zone))
        files: Files | None = None
        if settings.origin is not None and not self._given["without_files"]:
            try:
                files = read_files_of(plan, self._request(), self._cwd)
            except FilesError as error:
                problems += error.problems
        declared = files.selected if files else ()
        words = words_of_account(self._connected(), settings, account, declared)
        shown = Words(_named(plan, words.directory, by_files=files is not None), zone)
        if files is not None and plan.account.timezone == account.timezone:
            compared = self._compared(plan, path, files, account, shown)
            problems += compared.problems
            plan = replace(compared.plan, notes=(*plan.notes, *compared.notes))
        plan = replace(plan, account=replace(account, timezone=plan.account.timezone))
        limits = read_settings(self._given["config"], self._cwd).config.secrets
        return Planned(plan, shown, Reading(), {}, read=SecretReader(limits)), problems

    def _compared(
        self, plan: Plan, path: Path, files: Files, account: Account, words: Words
    ) -> FilesComparison:
        """Whether a saved plan writes what its files declare."""
        with self.output.reading():
            now, client = environment.now(), self._connected()
            return compare_with_files(plan, str(path), files, client, account, words, now)

    def in_time(self, planned: Planned, *, later_cut: bool) -> Planned:
        """A saved plan as of now, whose cuts can still be made; with `later_cut`, at the next
        handoff.

        Raises RefusedError with the next handoffs where they have passed.
        """
        now = environment.now()
        plan = pinned(planned.plan, now)
        if later_cut and late(plan, now):
            found = later(self._connected(), replace(planned, plan=plan), now)
        elif problems := list(refusals(plan, now, planned.words.timezone)):
            raise RefusedError(problems)
        else:
            current = replace(planned, plan=as_of(plan, now))
            found = overtaken(self._connected(), current, now)
        return replace(found, plan=aged(found.plan, planned.plan, planned.words, now))

    def too_late(self, planned: Planned) -> bool:
        """Whether a cut has passed while somebody was asked."""
        now = environment.now()
        return bool(late(pinned(planned.plan, now), now, least=0))

    def _settings_for_plan(self) -> Settings:
        """The configuration that a saved plan goes by; --without-files looks for none."""
        given = self._given["config"]
        if self._given["without_files"] and not given:
            return Settings(Config(), self._cwd)
        return read_settings(given, self._cwd)

    def apply(self, planned: Planned, command: str, undo_of: str | None = None) -> Outcome:
        """Carry out the plan that was shown, or nothing.

        The journal says by which `command`, and which journal's id it is an `undo_of`.
        """
        plan = with_secrets(pinned(planned.plan, environment.now()), planned.read)
        writer = Writer(
            self._connected(),
            planned.words,
            environment.now,
            plan.account.timezone,
            plan.window and plan.window[1],
            plan.created_at,
            interrupts=listening(),
        )
        journal = journal_of(self._given, self._cwd, command, undo_of)
        with self.output.applying(plan) as observer:
            return apply_plan(plan, writer, observer, journal, fail_fast=self._given["fail_fast"])


def _named(plan: Plan, directory: Directory, *, by_files: bool) -> Directory:
    """People by the names that they had when the plan was made; where its files are there, by
    those of files and account, and the plan's for who is in neither."""
    given = plan.names
    if by_files:
        given = {id: name for id, name in given.items() if id not in directory.people}
    return replace(directory, short_names={**directory.short_names, **given})


def _counting(tell: Observe | None, progress: NoProgress) -> Observe:
    """Moves the progress on for each schedule that was read, and reports notes and warnings."""

    def observe(exchange: Exchange) -> None:
        if tell is not None:
            tell(exchange)
        if exchange.endpoint == "/schedule/info":
            progress.advance()

    return observe
