"""The main loop in one object: write files, plan and apply over real HTTP."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flashsync.api.client import Client
from flashsync.api.credentials import Credentials
from flashsync.apply.execute import run
from flashsync.apply.journal import FileJournal, NoJournal, read_journal
from flashsync.apply.preconditions import with_secrets
from flashsync.apply.write import Writer
from flashsync.model.notify import Secret
from flashsync.model.people import Directory
from flashsync.operations.options import PlanOptions
from flashsync.operations.planning import Planned, make_plan
from flashsync.operations.saved_plan import compare_with_files, read_files_of
from flashsync.operations.secrets import SecretReader
from flashsync.operations.session import Session
from flashsync.operations.undo import UndoneRun, plan_undo
from flashsync.plan.fingerprint import basis_of
from flashsync.plan.model import Plan, Write
from flashsync.plan.outcome import Outcome, Result
from flashsync.plan.saved import plan_file
from flashsync.render.plan.changes import change_text
from flashsync.sandbox import Sandbox
from tests.clock import frozen

KEY = "sandbox-key"


class Silent:
    """Watches writes and says nothing."""

    def started(self, action: Write) -> None:
        """A write begins."""

    def finished(self, result: Result) -> None:
        """A write has ended."""


class Pace:
    """A clock that waits move forward: the rate limit is kept, and costs no time."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        """Seconds."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Wait without waiting."""
        self._now += seconds


def _saved(plan: Plan) -> Plan:
    return plan_file.load(plan_file.save(plan, Directory(), change_text), "plan.json")


class Loop:
    """One folder of files and one sandbox."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox, self.folder = sandbox, folder
        self.journals = folder / "journals"
        pace = Pace()
        credentials = Credentials(Secret(KEY), sandbox.url)
        self.client = Client(credentials, parallel=4, sleep=pace.sleep, monotonic=pace.now)
        self.session = Session(os.environ, frozen, folder, client=self.client)

    def write(self, *trees: Mapping[str, Any]) -> None:
        """The files of the next plan: one document each. JSON is YAML."""
        schedules = self.folder / "schedules"
        schedules.mkdir(exist_ok=True)
        for old in schedules.iterdir():
            old.unlink()
        for number, tree in enumerate(trees):
            path = schedules / f"{number}.yaml"
            path.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")

    def plan(self, **request: Any) -> Planned:
        """A plan of the files against the sandbox."""
        options = PlanOptions(checks={"coverage_gap": "warn"}, **request)
        return make_plan(self.session, options)

    def apply(
        self, planned: Planned, journal: NoJournal | None = None, *, fail_fast: bool = False
    ) -> Outcome:
        """Carry out a plan, as it comes back from a saved file."""
        saved = replace(planned, plan=_saved(planned.plan))
        return self.carry_out(saved, journal, fail_fast=fail_fast)

    def objections_of_files(self, planned: Planned) -> list[str]:
        """Why a plan, once saved, does not fit the files: an honest one always does."""
        basis = basis_of(planned.plan, planned.desired, planned.rollout)
        plan = _saved(replace(planned.plan, basis=basis))
        files = read_files_of(self.session, plan)
        words, now = planned.words, self.session.now()
        found = compare_with_files(plan, "plan.json", files, self.client, plan.account, words, now)
        return [str(problem) for problem in found.problems]

    def carry_out(
        self, planned: Planned, journal: NoJournal | None = None, *, fail_fast: bool = False
    ) -> Outcome:
        """Carry out a plan as it is."""
        plan = planned.plan
        timezone = plan.account.timezone
        writer = Writer(
            self.client,
            planned.words,
            self.session.now,
            timezone,
            plan.window and plan.window[1],
        )
        plan = with_secrets(plan, SecretReader(os.environ))
        return run(plan, writer, Silent(), journal, fail_fast=fail_fast)

    def journal(self, command: str = "apply") -> FileJournal:
        """A journal of its own in a folder that is emptied before."""
        for old in self.journals.glob("*"):
            old.unlink()
        return FileJournal(self.folder, self.journals, command, self.session.now)

    def undo(self, **request: Any) -> Planned:
        """The plan that undoes what the journal tells."""
        (path,) = self.journals.glob("*")
        options = PlanOptions(checks={"coverage_gap": "warn"}, **request)
        return plan_undo(self.session, UndoneRun(read_journal(path, path.name)), options)

    def forget(self) -> None:
        """Empty the account."""
        self.sandbox.world.account.schedules.clear()
