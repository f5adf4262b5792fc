"""The views of a run: one a format, each of which can show every result that a run has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from flashsync.errors import Problem
from flashsync.render.sanitize import ReadCount
from flashsync.render.terminal import Screen

if TYPE_CHECKING:
    from flashsync.operations.planning import Planned
    from flashsync.plan.drift import Drift
    from flashsync.plan.journal.model import Journal, Journals
    from flashsync.plan.outcome import Outcome
    from flashsync.plan.saved.staleness import SavedPlanVerdict
    from flashsync.plan.words import Words
    from flashsync.render.markdown import Links


class View(Protocol):
    """Turns the results of a run into text."""

    def plan(self, planned: Planned, *, refusals: bool = True) -> str:
        """What `plan` says; without `refusals` those are left to the caller."""

    def drift(self, drift: Drift, words: Words) -> str:
        """What `drift` says, with who wrote schedules last, and what is accepted."""

    def outcome(self, outcome: Outcome, planned: Planned, *, saved_plan: bool = False) -> str:
        """What became of a plan."""

    def verdict(self, verdict: SavedPlanVerdict) -> str:
        """Whether a saved plan would still be carried out."""

    def journals(self, found: Journals, timezone: str | None) -> str:
        """The journals of earlier runs, with times in a zone, or each in that of its account."""

    def journal(self, found: Journal, timezone: str | None) -> str:
        """One of them, and what became of each of its writes."""

    def problems(
        self, problems: Sequence[Problem], what: str = "", read: ReadCount | None = None
    ) -> str:
        """What is wrong: `what` failed, or so much was read."""


Result: TypeAlias = Callable[[View], str]
"""A result of a run, to be seen through any view."""


@dataclass(frozen=True, slots=True)
class Text:
    """For people, on a screen."""

    screen: Screen
    verbose: bool = False

    def plan(self, planned: Planned, *, refusals: bool = True) -> str:
        """The actions, and the counts."""
        from flashsync.render.plan.text import render_plan

        return render_plan(
            planned.plan, self.screen, planned.words, verbose=self.verbose, refusals=refusals
        )

    def drift(self, drift: Drift, words: Words) -> str:
        """What differs, and the counts."""
        from flashsync.render.plan.drift import render_drift

        return render_drift(drift, self.screen, words, verbose=self.verbose)

    def outcome(self, outcome: Outcome, planned: Planned, *, saved_plan: bool = False) -> str:
        """A line a write, and the verdict."""
        from flashsync.render.plan.outcome import render_outcome

        del planned
        return render_outcome(outcome, self.screen, saved_plan=saved_plan)

    def verdict(self, verdict: SavedPlanVerdict) -> str:
        """The reasons, a line each, and the verdict."""
        from flashsync.render.plan.saved_check import render_saved_check

        return render_saved_check(verdict, self.screen)

    def journals(self, found: Journals, timezone: str | None) -> str:
        """What cannot be read, and a line a journal."""
        from flashsync.render.journals import render_journals

        return render_journals(found, self.screen, timezone)

    def journal(self, found: Journal, timezone: str | None) -> str:
        """A line, and one a write."""
        from flashsync.render.journals import render_journal

        return render_journal(found, self.screen, timezone)

    def problems(
        self, problems: Sequence[Problem], what: str = "", read: ReadCount | None = None
    ) -> str:
        """A line a problem, and the counts where so much was read."""
        from flashsync.render.problems import render_problems, summary

        del what
        return render_problems(problems, self.screen) + (summary(problems, read) if read else "")


@dataclass(frozen=True, slots=True)
class Json:
    """For programs: one document."""

    def plan(self, planned: Planned, *, refusals: bool = True) -> str:
        """The plan, by its schema."""
        from flashsync.render.plan.json import render_plan_json

        del refusals
        return render_plan_json(planned.plan, planned.words.directory)

    def drift(self, drift: Drift, words: Words) -> str:
        """The plan, and who wrote last."""
        from flashsync.render.plan.json import render_drift_json

        return render_drift_json(drift, words.directory)

    def outcome(self, outcome: Outcome, planned: Planned, *, saved_plan: bool = False) -> str:
        """The plan, and what became of it."""
        from flashsync.render.plan.outcome import render_outcome_json

        del saved_plan
        return render_outcome_json(outcome, planned.words.directory)

    def verdict(self, verdict: SavedPlanVerdict) -> str:
        """Yes or no, and the reasons."""
        from flashsync.render.plan.saved_check import saved_check_json

        return saved_check_json(verdict)

    def journals(self, found: Journals, timezone: str | None) -> str:
        """All of them; times have no zone but UTC."""
        from flashsync.render.journals import journals_json

        del timezone
        return journals_json(found)

    def journal(self, found: Journal, timezone: str | None) -> str:
        """A list of one."""
        from flashsync.plan.journal.model import Journals

        return self.journals(Journals((found,)), timezone)

    def problems(
        self, problems: Sequence[Problem], what: str = "", read: ReadCount | None = None
    ) -> str:
        """Errors and warnings."""
        from flashsync.render.problems import problems_json

        del what
        return problems_json(problems, read)


@dataclass(frozen=True, slots=True)
class Markdown:
    """For a comment on a pull request, of at most `most` bytes."""

    links: Links
    most: int

    def plan(self, planned: Planned, *, refusals: bool = True) -> str:
        """The verdict, the effect, and folded details."""
        from flashsync.render.plan.markdown import render_plan_markdown

        return render_plan_markdown(
            planned.plan,
            planned.words,
            self.links,
            self.most,
            warnings=planned.reading.warnings,
            refusals=refusals,
        )

    def drift(self, drift: Drift, words: Words) -> str:
        """The verdict, a table, and folded details."""
        from flashsync.render.plan.drift import render_drift_markdown

        return render_drift_markdown(drift, words, self.links, self.most)

    def outcome(self, outcome: Outcome, planned: Planned, *, saved_plan: bool = False) -> str:
        """The verdict, what became of each write, and the plan."""
        from flashsync.render.plan.outcome import render_outcome_markdown

        return render_outcome_markdown(
            outcome,
            planned.words,
            self.links,
            self.most,
            saved_plan=saved_plan,
            warnings=planned.reading.warnings,
        )

    def verdict(self, verdict: SavedPlanVerdict) -> str:
        """The verdict, and the reasons as a list."""
        from flashsync.render.plan.saved_check import render_saved_check_markdown

        return render_saved_check_markdown(verdict, self.links, self.most)

    def journals(self, found: Journals, timezone: str | None) -> str:
        """What cannot be read, and a row a journal."""
        from flashsync.render.journals import render_journals_markdown

        return render_journals_markdown(found, self.links, self.most, timezone)

    def journal(self, found: Journal, timezone: str | None) -> str:
        """How it ended, and a row a write."""
        from flashsync.render.journals import render_journal_markdown

        return render_journal_markdown(found, self.most, timezone)

    def problems(
        self, problems: Sequence[Problem], what: str = "", read: ReadCount | None = None
    ) -> str:
        """The verdict, and a list."""
        from flashsync.render.problems import render_problems_markdown

        return render_problems_markdown(problems, self.links, self.most, what=what, read=read)


@dataclass(frozen=True, slots=True)
class Github:
    """Marks at the lines of a pull request."""

    def plan(self, planned: Planned, *, refusals: bool = True) -> str:
        """Refusals, warnings, and what changes."""
        from flashsync.render.github import plan

        del refusals
        return plan(planned.plan, planned.reading.warnings)

    def drift(self, drift: Drift, words: Words) -> str:
        """What differs."""
        from flashsync.render.github import drift as marks

        del words
        return marks(drift)

    def outcome(self, outcome: Outcome, planned: Planned, *, saved_plan: bool = False) -> str:
        """What went wrong, and the verdict."""
        from flashsync.render.github import outcome as marks

        del planned, saved_plan
        return marks(outcome)

    def verdict(self, verdict: SavedPlanVerdict) -> str:
        """A mark a reason."""
        from flashsync.render.github import problems as marks

        return marks(verdict.problems)

    def journals(self, found: Journals, timezone: str | None) -> str:
        """A mark for each that cannot be read."""
        from flashsync.render.github import problems as marks

        del timezone
        return marks(found.broken)

    def journal(self, found: Journal, timezone: str | None) -> str:
        """Nothing to mark."""
        del found, timezone
        return ""

    def problems(
        self, problems: Sequence[Problem], what: str = "", read: ReadCount | None = None
    ) -> str:
        """A mark a problem."""
        from flashsync.render.github import problems as marks

        del what, read
        return marks(problems)
