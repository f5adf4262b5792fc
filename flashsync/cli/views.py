"""What a run shows, and what renders it in each format: one table.

A renderer is named by its module below `flashsync.render`, which is imported when a result is
shown. A new format is a line of the table; a new result is a dataclass, and a line for each of its
formats.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

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

    @property
    def plan(self) -> Plan:
        """The plan itself."""
        return self.planned.plan

    @property
    def words(self) -> Words:
        """Names and times in words."""
        return self.planned.words

    @property
    def directory(self) -> Directory:
        """The people of the plan."""
        return self.planned.words.directory

    @property
    def warnings(self) -> Sequence[Problem]:
        """Warnings about the files."""
        return self.planned.reading.warnings


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

    @property
    def directory(self) -> Directory:
        """The people in it."""
        return self.words.directory


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

    @property
    def problems(self) -> Sequence[Problem]:
        """Why not."""
        return self.verdict.problems


@dataclass(frozen=True, slots=True)
class JournalsResult:
    """The journals of earlier runs, with times in a zone, or each in the zone of its account."""

    journals: Journals
    timezone: str | None

    @property
    def problems(self) -> Sequence[Problem]:
        """Journals that cannot be read."""
        return self.journals.broken


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


@dataclass(frozen=True, slots=True)
class Renderer:
    """A function, by path or as it is, and what it takes: names in the result or in the style."""

    function: str | Callable[..., str]
    arguments: str
    keywords: str = ""

    def __call__(self, result: object, style: Style) -> str:
        function = load(self.function) if isinstance(self.function, str) else self.function
        names = {"result": result, "style": style}

        def find(name: str) -> Any:
            if name in names:
                return names[name]
            return getattr(result if hasattr(result, name) else style, name)

        keywords = {name: find(name) for name in self.keywords.split()}
        text: str = function(*map(find, self.arguments.split()), **keywords)
        return text


def load(path: str) -> Any:
    """What a path such as `plan.text:render_plan` names below `flashsync.render`."""
    module, _, name = path.partition(":")
    return getattr(import_module(f"flashsync.render.{module}"), name)


def render(result: object, format_: str, style: Style) -> str:
    """The text of a result in a format."""
    return RENDERERS[type(result), format_](result, style)


def _problems(result: ProblemsResult, style: Style) -> str:
    """A line for each problem, and the counts if files were read."""
    text: str = load("problems:render_problems")(result.problems, style.screen)
    if result.read is None:
        return text
    return f"{text}{load('problems:summary')(result.problems, result.read)}"


def _edits(result: EditsResult, style: Style) -> str:
    """The list of edits once they are written, else a diff, or why no file changes."""
    edits, screen = result.edits, style.screen
    if result.written:
        listing: str = load("edits:listing")(edits.summaries, len(edits.files), screen)
        return listing
    diffs: str = load("edits:diffs")(edits.changes, screen)
    return diffs or f"{screen.safe(edits.nothing)}\n"


def _edits_json(result: EditsResult) -> str:
    edits, written = result.edits, result.written
    text: str = load("edits:json")(
        edits.summaries, edits.changes, edits.notes, result.plan, written=written
    )
    return text


def _format(result: FormatResult, style: Style) -> str:
    """A diff, or the names of the files and their number."""
    run, screen = result.run, style.screen
    if result.diff:
        diffs: str = load("edits:diffs")(run.changes, screen)
        return diffs
    text: str = load("edits:formatted_files")(
        run.changes, run.unchanged + len(run.unusual), screen, written=result.written
    )
    return text


def _format_json(result: FormatResult) -> str:
    run = result.run
    text: str = load("edits:formatted_json")(
        run.changes, run.unchanged, run.unusual, written=result.written
    )
    return text


def _oncall_ics(result: OncallResult) -> str:
    calendars = load("calendar.oncall:to_calendars")(result.posts, result.moment)
    text: str = load("calendar.ics:render_ics")(*calendars)
    return text


_ICS = Renderer("calendar.ics:render_ics", "calendars view")
_CALENDAR_JSON = Renderer("calendar.json:render_calendar_json", "calendars view")
_GITHUB_PROBLEMS = Renderer("github:problems", "problems")
_JOURNALS_JSON = Renderer("journals:journals_json", "journals")

RENDERERS: dict[tuple[type, str], Renderer] = {
    (ProblemsResult, "text"): Renderer(_problems, "result style"),
    (ProblemsResult, "json"): Renderer("problems:problems_json", "problems read"),
    (ProblemsResult, "markdown"): Renderer(
        "problems:render_problems_markdown", "problems links most", "what read"
    ),
    (ProblemsResult, "github"): _GITHUB_PROBLEMS,
    (ProblemsResult, "html"): Renderer(
        "html.problems:render_problems_html", "problems links", "what"
    ),
    (PlanResult, "text"): Renderer(
        "plan.text:render_plan", "plan screen words", "verbose refusals summary"
    ),
    (PlanResult, "json"): Renderer("plan.json:render_plan_json", "plan directory"),
    (PlanResult, "markdown"): Renderer(
        "plan.markdown:render_plan_markdown", "plan words links most", "warnings refusals summary"
    ),
    (PlanResult, "github"): Renderer("github:plan", "plan warnings"),
    (PlanResult, "html"): Renderer(
        "plan.html:render_plan_html", "plan words links", "warnings refusals"
    ),
    (OutcomeResult, "text"): Renderer(
        "plan.outcome:render_outcome", "outcome screen", "saved_plan"
    ),
    (OutcomeResult, "json"): Renderer("plan.outcome:render_outcome_json", "outcome directory"),
    (OutcomeResult, "markdown"): Renderer(
        "plan.outcome:render_outcome_markdown", "outcome words links most", "saved_plan warnings"
    ),
    (OutcomeResult, "github"): Renderer("github:outcome", "outcome"),
    (OutcomeResult, "html"): Renderer(
        "plan.html:render_outcome_html", "outcome words links", "saved_plan warnings"
    ),
    (DriftResult, "text"): Renderer(
        "plan.drift:render_drift", "drift screen words", "verbose summary"
    ),
    (DriftResult, "json"): Renderer("plan.json:render_drift_json", "drift directory"),
    (DriftResult, "markdown"): Renderer(
        "plan.drift:render_drift_markdown", "drift words links most", "summary"
    ),
    (DriftResult, "github"): Renderer("github:drift", "drift"),
    (DriftResult, "html"): Renderer("plan.html:render_drift_html", "drift foreseen words links"),
    (VerdictResult, "text"): Renderer("plan.saved_check:render_saved_check", "verdict screen"),
    (VerdictResult, "json"): Renderer("plan.saved_check:saved_check_json", "verdict"),
    (VerdictResult, "markdown"): Renderer(
        "plan.saved_check:render_saved_check_markdown", "verdict links most"
    ),
    (VerdictResult, "github"): _GITHUB_PROBLEMS,
    (VerdictResult, "html"): Renderer("html.problems:render_saved_check_html", "verdict links"),
    (JournalsResult, "text"): Renderer("journals:render_journals", "journals screen timezone"),
    (JournalsResult, "json"): _JOURNALS_JSON,
    (JournalsResult, "markdown"): Renderer(
        "journals:render_journals_markdown", "journals links most timezone"
    ),
    (JournalsResult, "github"): _GITHUB_PROBLEMS,
    (JournalResult, "text"): Renderer("journals:render_journal", "journal screen timezone"),
    (JournalResult, "json"): _JOURNALS_JSON,
    (JournalResult, "markdown"): Renderer(
        "journals:render_journal_markdown", "journal most timezone"
    ),
    (JournalResult, "github"): _GITHUB_PROBLEMS,
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
    (OncallResult, "ics"): Renderer(_oncall_ics, "result"),
    (ExplanationResult, "text"): Renderer("calendar.explain:render_explanation", "case screen"),
    (ExplanationResult, "json"): Renderer("calendar.explain:render_explanation_json", "case"),
    (DoctorResult, "text"): Renderer(
        "doctor.text:render_doctor", "diagnosis directory screen", "timezone verbose"
    ),
    (DoctorResult, "json"): Renderer("doctor.json:render_doctor_json", "diagnosis directory"),
    (RepositoryResult, "text"): Renderer(
        "new_repository:render_repository", "summary screen", "written"
    ),
    (RepositoryResult, "json"): Renderer(
        "new_repository:render_repository_json", "summary", "written"
    ),
    (InventoryResult, "text"): Renderer("inventory:render_inventory", "inventory screen"),
    (InventoryResult, "json"): Renderer("inventory:render_inventory_json", "inventory"),
    (EditsResult, "text"): Renderer(_edits, "result style"),
    (EditsResult, "json"): Renderer(_edits_json, "result"),
    (ImportResult, "text"): Renderer(
        "import_files:render_import", "summary screen", "written verbose"
    ),
    (ImportResult, "json"): Renderer("import_files:import_json", "summary", "written"),
    (FormatResult, "text"): Renderer(_format, "result style"),
    (FormatResult, "json"): Renderer(_format_json, "result"),
}
"""The renderer of each result in each format that a command offers for it."""
