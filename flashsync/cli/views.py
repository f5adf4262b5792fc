"""What a run shows, and what renders it in each format: one table.

A renderer is named by its module below `flashsync.render`, which is imported when a result is
shown. A new format is a line of the table; a new result is a dataclass, and a line for each of its
formats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from flashsync.render.terminal import Screen

if TYPE_CHECKING:
    from flashsync.errors import Problem
    from flashsync.model.calendar import AskedMoment, CalendarView, Post, ShownCalendar
    from flashsync.model.command_results import ImportSummary, Inventory, RepositorySummary
    from flashsync.model.doctor_report import Diagnosis
    from flashsync.model.people import Directory
    from flashsync.operations.edit_files import FileEdits
    from flashsync.operations.format_files import FormatRun
    from flashsync.operations.planning import Planned
    from flashsync.plan.drift import Drift
    from flashsync.plan.journal.codec import Journal, Journals
    from flashsync.plan.model import Plan
    from flashsync.plan.outcome import Outcome
    from flashsync.plan.saved.staleness import SavedPlanVerdict
    from flashsync.plan.words import Words
    from flashsync.render.markdown import Links
    from flashsync.render.problems import ReadCount
    from flashsync.rotation.explain import ExplainedCase

# The results of runs.


@dataclass(frozen=True, slots=True)
class ProblemsResult:
    """What is wrong: `what` failed, or `read` says how much was read."""

    problems: Sequence[Problem]
    what: str = ""
    read: ReadCount | None = None


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A plan; without `refusals`, the caller shows them."""

    planned: Planned
    refusals: bool = True


@dataclass(frozen=True, slots=True)
class OutcomeResult(PlanResult):
    """The outcome of a plan, perhaps of a saved one."""

    outcome: Outcome = field(kw_only=True)
    saved_plan: bool = False


@dataclass(frozen=True, slots=True)
class DriftResult:
    """What differs from the files."""

    drift: Drift
    words: Words
    foreseen: Plan | None = None


@dataclass(frozen=True, slots=True)
class RepositoryResult:
    """A new repository, written or only shown."""

    summary: RepositorySummary
    written: bool


@dataclass(frozen=True, slots=True)
class InventoryResult:
    """What the account has, and which files name it."""

    inventory: Inventory


@dataclass(frozen=True, slots=True)
class VerdictResult:
    """Whether a saved plan would still be applied."""

    verdict: SavedPlanVerdict


@dataclass(frozen=True, slots=True)
class JournalsResult:
    """The journals of earlier runs, with times in a zone, or each in the zone of its account."""

    journals: Journals
    timezone: str | None


@dataclass(frozen=True, slots=True)
class JournalResult(JournalsResult):
    """One journal, with each of its writes; `journals` has only this one."""

    journal: Journal


@dataclass(frozen=True, slots=True)
class CalendarResult:
    """Calendars, and how they are looked at; with `shifts`, all of them are listed."""

    calendars: Sequence[ShownCalendar]
    view: CalendarView
    shifts: bool = False


@dataclass(frozen=True, slots=True)
class MyShiftsResult(CalendarResult):
    """The calendars of the person who reads them."""


@dataclass(frozen=True, slots=True)
class OncallResult:
    """Who is on call, now and next."""

    posts: Sequence[Post]
    moment: AskedMoment


@dataclass(frozen=True, slots=True)
class ExplanationResult:
    """Why somebody is on call."""

    case: ExplainedCase


@dataclass(frozen=True, slots=True)
class DoctorResult:
    """The findings of doctor, with times in a zone, by default the account's."""

    diagnosis: Diagnosis
    directory: Directory
    timezone: str


@dataclass(frozen=True, slots=True)
class EditsResult:
    """Edits of files, written or not, and the document of the plan that was made for them."""

    edits: FileEdits
    written: bool
    plan: object = None


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The files of an import, written or not."""

    summary: ImportSummary
    written: bool


@dataclass(frozen=True, slots=True)
class FormatResult:
    """What a formatter changes in files, written or not; as a `diff`, or by name."""

    run: FormatRun
    written: bool
    diff: bool


# How they look.


@dataclass(frozen=True)
class Style:
    """The screen for text, for Markdown the base of links and the length in bytes, and how much."""

    screen: Screen
    verbose: bool = False
    link_base: str = ""
    most: int = 65_000
    summary: bool = False

    @cached_property
    def links(self) -> Links:
        """Where Markdown links to."""
        links: Links = load("markdown:Links")(self.link_base)
        return links


class Renderer(NamedTuple):
    """A function by its path, and what it takes, by names in the result, else in the style.

    A keyword has the last part of its name.
    """

    function: str
    arguments: str
    keywords: str = ""


def render(result: object, format_: str, style: Style) -> str:
    """The text of a result in a format."""
    renderer = RENDERERS[type(result), format_]

    def find(name: str) -> Any:
        owner = result if hasattr(result, name.partition(".")[0]) else style
        return attrgetter(name)(owner)

    keywords = {name.rpartition(".")[2]: find(name) for name in renderer.keywords.split()}
    arguments = map(find, renderer.arguments.split())
    text: str = load(renderer.function)(*arguments, **keywords)
    return text


def load(path: str) -> Any:
    """What a path such as `plan.text:render_plan` names below `flashsync.render`."""
    module, _, name = path.partition(":")
    return getattr(import_module(f"flashsync.render.{module}"), name)


_ICS = Renderer("calendar.ics:render_ics", "calendars view")
_CALENDAR_JSON = Renderer("calendar.json:render_calendar_json", "calendars view")
_GITHUB_JOURNALS = Renderer("github:problems", "journals.broken")
_JOURNALS_JSON = Renderer("journals:journals_json", "journals")

RENDERERS: dict[tuple[type, str], Renderer] = {
    (ProblemsResult, "text"): Renderer("problems:render_problems", "problems screen", "read"),
    (ProblemsResult, "json"): Renderer("problems:problems_json", "problems read"),
    (ProblemsResult, "markdown"): Renderer(
        "problems:render_problems_markdown", "problems links most", "what read"
    ),
    (ProblemsResult, "github"): Renderer("github:problems", "problems"),
    (ProblemsResult, "html"): Renderer(
        "html.problems:render_problems_html", "problems links", "what"
    ),
    (PlanResult, "text"): Renderer(
        "plan.text:render_plan", "planned.plan screen planned.words", "verbose refusals summary"
    ),
    (PlanResult, "json"): Renderer(
        "plan.json:render_plan_json", "planned.plan planned.words.directory"
    ),
    (PlanResult, "markdown"): Renderer(
        "plan.markdown:render_plan_markdown",
        "planned.plan planned.words links most",
        "planned.reading.warnings refusals summary",
    ),
    (PlanResult, "github"): Renderer("github:plan", "planned.plan planned.reading.warnings"),
    (PlanResult, "html"): Renderer(
        "plan.html:render_plan_html",
        "planned.plan planned.words links",
        "planned.reading.warnings refusals",
    ),
    (OutcomeResult, "text"): Renderer(
        "plan.outcome:render_outcome", "outcome screen", "saved_plan"
    ),
    (OutcomeResult, "json"): Renderer(
        "plan.outcome:render_outcome_json", "outcome planned.words.directory"
    ),
    (OutcomeResult, "markdown"): Renderer(
        "plan.outcome:render_outcome_markdown",
        "outcome planned.words links most",
        "saved_plan planned.reading.warnings",
    ),
    (OutcomeResult, "github"): Renderer("github:outcome", "outcome"),
    (OutcomeResult, "html"): Renderer(
        "plan.html:render_outcome_html",
        "outcome planned.words links",
        "saved_plan planned.reading.warnings",
    ),
    (DriftResult, "text"): Renderer(
        "plan.drift:render_drift", "drift screen words", "verbose summary"
    ),
    (DriftResult, "json"): Renderer("plan.json:render_drift_json", "drift words.directory"),
    (DriftResult, "markdown"): Renderer(
        "plan.drift:render_drift_markdown", "drift words links most", "summary"
    ),
    (DriftResult, "github"): Renderer("github:drift", "drift"),
    (DriftResult, "html"): Renderer("plan.html:render_drift_html", "drift foreseen words links"),
    (VerdictResult, "text"): Renderer("problems:render_saved_check", "verdict screen"),
    (VerdictResult, "json"): Renderer("problems:saved_check_json", "verdict"),
    (VerdictResult, "markdown"): Renderer(
        "problems:render_saved_check_markdown", "verdict links most"
    ),
    (VerdictResult, "github"): Renderer("github:problems", "verdict.problems"),
    (VerdictResult, "html"): Renderer("html.problems:render_saved_check_html", "verdict links"),
    (JournalsResult, "text"): Renderer("journals:render_journals", "journals screen timezone"),
    (JournalsResult, "json"): _JOURNALS_JSON,
    (JournalsResult, "markdown"): Renderer(
        "journals:render_journals_markdown", "journals links most timezone"
    ),
    (JournalsResult, "github"): _GITHUB_JOURNALS,
    (JournalResult, "text"): Renderer("journals:render_journal", "journal screen timezone"),
    (JournalResult, "json"): _JOURNALS_JSON,
    (JournalResult, "markdown"): Renderer(
        "journals:render_journal_markdown", "journal most timezone"
    ),
    (JournalResult, "github"): _GITHUB_JOURNALS,
    (CalendarResult, "text"): Renderer(
        "calendar.text:render_calendar", "calendars view screen", "shifts"
    ),
    (CalendarResult, "json"): _CALENDAR_JSON,
    (CalendarResult, "ics"): _ICS,
    (CalendarResult, "html"): Renderer("calendar.html:render_calendar_html", "calendars view"),
    (MyShiftsResult, "text"): Renderer("calendar.oncall:render_my_shifts", "calendars view screen"),
    (MyShiftsResult, "json"): _CALENDAR_JSON,
    (MyShiftsResult, "ics"): _ICS,
    (OncallResult, "text"): Renderer("calendar.oncall:render_oncall", "posts moment screen"),
    (OncallResult, "json"): Renderer("calendar.oncall:render_oncall_json", "posts moment"),
    (OncallResult, "ics"): Renderer("calendar.ics:render_oncall_ics", "posts moment"),
    (ExplanationResult, "text"): Renderer("calendar.explain:render_explanation", "case screen"),
    (ExplanationResult, "json"): Renderer("calendar.explain:render_explanation_json", "case"),
    (DoctorResult, "text"): Renderer(
        "diagnosis:render_doctor", "diagnosis directory screen", "timezone verbose"
    ),
    (DoctorResult, "json"): Renderer("diagnosis:render_doctor_json", "diagnosis directory"),
    (RepositoryResult, "text"): Renderer(
        "new_files:render_repository", "summary screen", "written"
    ),
    (RepositoryResult, "json"): Renderer("new_files:render_repository_json", "summary", "written"),
    (InventoryResult, "text"): Renderer("inventory:render_inventory", "inventory screen"),
    (InventoryResult, "json"): Renderer("inventory:render_inventory_json", "inventory"),
    (EditsResult, "text"): Renderer(
        "edits:render_edits", "edits.summaries edits.changes edits.nothing screen", "written"
    ),
    (EditsResult, "json"): Renderer(
        "edits:render_edits_json", "edits.summaries edits.changes edits.notes plan", "written"
    ),
    (ImportResult, "text"): Renderer(
        "new_files:render_import", "summary screen", "written verbose"
    ),
    (ImportResult, "json"): Renderer("new_files:import_json", "summary", "written"),
    (FormatResult, "text"): Renderer(
        "edits:render_format", "run.changes run.unchanged run.unusual screen", "written diff"
    ),
    (FormatResult, "json"): Renderer(
        "edits:render_format_json", "run.changes run.unchanged run.unusual", "written"
    ),
}
"""The renderer of each result in each format that a command offers for it."""
