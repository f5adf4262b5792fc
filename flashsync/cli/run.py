"""One run that asks the account: from the command line's options to a plan and its outcome."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from flashsync.api.client import Client
from flashsync.api.exchange import Exchange
from flashsync.apply.run import run as apply_plan
from flashsync.apply.secrets import with_secrets
from flashsync.apply.write import Writer
from flashsync.cli import environment
from flashsync.cli.account import Tuning, check_account, connect
from flashsync.cli.journaling import journal_of
from flashsync.cli.later import later
from flashsync.cli.options import check_prune
from flashsync.cli.output import Output
from flashsync.cli.planning import Planned, Request, make_plan, read_files, words_of_account
from flashsync.cli.undoing import plan_back
from flashsync.cli.workspace import Reading, Settings, read_settings
from flashsync.declared.config import Config
from flashsync.errors import RefusedError, UsageError
from flashsync.plan import codec
from flashsync.plan.effects import as_of
from flashsync.plan.journal import Journal
from flashsync.plan.lateness import late, pinned, refusals
from flashsync.plan.model import Plan
from flashsync.plan.outcome import Outcome
from flashsync.plan.view import Words
from flashsync.render.progress import NoProgress
from flashsync.state.clock_words import moment
from flashsync.state.zone import MINUTE

OLD = 10 * MINUTE
"""Seconds from which on the age of a saved plan is worth a word."""

Observe = Callable[[Exchange], None]


class Run:
    """The options of one command line, with the client that they lead to."""

    def __init__(self, given: dict[str, Any], cwd: Path) -> None:
        self._given, self._cwd = given, cwd
        self.output = Output.of(given["format_"], given["color"], given["verbose"])
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

    def _request(self) -> Request:
        known = Request.__dataclass_fields__
        given = {name: value for name, value in self._given.items() if name in known}
        return Request(**{name: value for name, value in given.items() if value is not None})

    def plan(self, **settings: Any) -> Planned:
        """Read files and account, and decide.

        `settings` are fields of the request that the command decides.
        """
        request = replace(self._request(), **settings)
        check_prune(prune=request.prune, paths=request.paths, only=request.only)
        files = read_files(request, self._cwd)
        if request.prune and files.settings.config.manage is None:
            message = "--prune has nothing to go by: flashsync.yaml has no `manage`"
            raise UsageError(message, "say under `manage` which teams or names may be deleted")
        with self.output.reading() as progress:
            client = self._connected(_counting(self.output.observer(), progress))
            planned = make_plan(files, request, client, progress.expect)
        self.output.read(planned.reading)
        return planned

    def undo(self, journal: Journal) -> Planned:
        """Read what a journal is about, and decide how to go back."""
        request = self._request()
        settings = read_settings(request.config, self._cwd)
        with self.output.reading() as progress:
            client = self._connected(_counting(self.output.observer(), progress))
            return plan_back(journal, request, settings, client, progress.expect)

    def saved_plan(self, path: Path) -> Planned:
        """A plan from a file, for the account of the key. Raises RefusedError."""
        plan = codec.load(_text(path), str(path))
        settings = self._settings_for_plan()
        account = check_account(self._connected(), settings)
        if account.id != plan.account.id:
            message = (
                f"{path} was made for the account {plan.account.name} (id {plan.account.id}), "
                f"and the key belongs to {account.name} (id {account.id})"
            )
            raise RefusedError(message, "use the other account's key, or plan again")
        if account.timezone != plan.account.timezone:
            message = (
                f"{path} was made while the account's time zone was {plan.account.timezone}; "
                f"it is {account.timezone} now"
            )
            raise RefusedError(message, "plan again, and look at it")
        words = words_of_account(self._connected(), settings, account.timezone)
        directory = replace(
            words.directory, short_names={**words.directory.short_names, **plan.names}
        )
        words = Words(directory, self._given["timezone"] or account.timezone)
        plan = _as_of_now(replace(plan, account=account), words)
        return Planned(plan, words, Reading(), {})

    def in_time(self, planned: Planned, *, later_cut: bool) -> Planned:
        """A saved plan whose cuts can still be made; with `later_cut`, at the next handoff.

        Raises RefusedError with the next handoffs where they have passed.
        """
        now = environment.now()
        plan = pinned(planned.plan, now)
        if later_cut and late(plan, now):
            return later(self._connected(), replace(planned, plan=plan), now)
        if problems := list(refusals(plan, now, planned.words.timezone)):
            raise RefusedError(problems)
        return replace(planned, plan=plan)

    def too_late(self, planned: Planned) -> bool:
        """Whether a cut has passed while somebody was asked."""
        now = environment.now()
        return bool(late(pinned(planned.plan, now), now, least=0))

    def _settings_for_plan(self) -> Settings:
        """A saved plan is applied without the files: only a configuration that was named counts."""
        given = self._given["config"]
        return read_settings(given, self._cwd) if given else Settings(Config(), self._cwd)

    def apply(self, planned: Planned, command: str, undo_of: str | None = None) -> Outcome:
        """Carry out the plan that was shown, or nothing.

        The journal says by which `command`, and which journal's id it is an `undo_of`.
        """
        plan = with_secrets(pinned(planned.plan, environment.now()), environment.secret)
        writer = Writer(
            self._connected(),
            planned.words,
            environment.now,
            time.sleep,
            plan.account.timezone,
            plan.window and plan.window[1],
        )
        journal = journal_of(self._given, self._cwd, command, undo_of)
        with self.output.applying(plan) as observer:
            return apply_plan(plan, writer, observer, journal)


def _as_of_now(plan: Plan, words: Words) -> Plan:
    """A saved plan with what lies ahead; its age is said, since warnings are of its day."""
    now = environment.now()
    current = as_of(plan, now)
    if now - plan.created_at < OLD:
        return current
    made = moment(plan.created_at, words.timezone, now)
    note = f"this plan was made {made}, and its warnings are of then"
    if plan.window and not current.window:
        note += "; the time that it looked at has passed: plan again to see whose shifts move"
    return replace(current, notes=(*current.notes, note))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        message = f"the plan {path} cannot be read: {reason}"
        raise RefusedError(message, "give a file made by `flashsync plan --out`") from None


def _counting(tell: Observe | None, progress: NoProgress) -> Observe:
    """Moves the progress on for each schedule that was read, and tells what is to be told."""

    def observe(exchange: Exchange) -> None:
        if tell is not None:
            tell(exchange)
        if exchange.endpoint == "/schedule/info":
            progress.advance()

    return observe
