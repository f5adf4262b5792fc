"""Every format that a command offers is in the table of views, and renders."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields

import click
import pytest

from flashsync.cli.main import COMMANDS, group
from flashsync.cli.reports import PLAN_VIEWS, VIEWS
from flashsync.cli.views import (
    RENDERERS,
    CalendarResult,
    DoctorResult,
    DriftResult,
    EditsResult,
    ExplanationResult,
    FormatResult,
    ImportResult,
    InventoryResult,
    JournalResult,
    JournalsResult,
    MyShiftsResult,
    OncallResult,
    OutcomeResult,
    PlanResult,
    ProblemsResult,
    Renderer,
    RepositoryResult,
    Style,
    VerdictResult,
    load,
)
from tests.cli.console import Terminal, schedule

RESULTS: dict[str, set[type]] = {
    "validate": {ProblemsResult},
    "plan": {ProblemsResult, PlanResult, VerdictResult},
    "apply": {ProblemsResult, PlanResult, OutcomeResult},
    "drift": {ProblemsResult, DriftResult},
    "undo": {ProblemsResult, PlanResult, OutcomeResult, JournalsResult, JournalResult},
    "tidy": {ProblemsResult, PlanResult, OutcomeResult},
    "doctor": {DoctorResult},
    "oncall": {OncallResult, MyShiftsResult},
    "explain": {ExplanationResult},
    "add": {EditsResult},
    "remove": {EditsResult},
    "replace": {EditsResult},
    "list": {InventoryResult},
    "import": {ImportResult},
    "fmt": {FormatResult},
    "pull": {EditsResult},
    "init": {RepositoryResult},
}
"""What a command shows, in each of its formats."""
OF_A_CALENDAR = ("text", "json", "ics", "html")
LINES = {
    "validate": VIEWS,
    "plan": PLAN_VIEWS,
    "plan --check plan.json": PLAN_VIEWS,
    "apply --auto-approve": PLAN_VIEWS,
    "drift": PLAN_VIEWS,
    "tidy --check": VIEWS,
    "undo --list": VIEWS,
    "undo --list 2": VIEWS,
    "undo --auto-approve": VIEWS,
    "show": ("text", "json", "ics", "html"),
    "show --plan plan.json": ("text", "json", "markdown", "github", "ics", "html"),
    "oncall": ("text", "json", "ics"),
    "oncall --mine": ("text", "json", "ics"),
    "explain Production": ("text", "json"),
    "doctor": ("text", "json"),
    "list schedules": ("text", "json"),
    "import --dry-run": ("text", "json"),
    "add dave@example.com --to Production --check": ("text", "json"),
    "remove bob@example.com": ("text", "json"),
    "replace bob@example.com --with dave@example.com --check": ("text", "json"),
    "fmt --check": ("text", "json"),
}
"""Command lines that show each result, with the formats that they offer."""


def offered(command: str) -> set[str]:
    """The formats of a command; none if it has no `--format`."""
    parser = group.get_command(click.Context(group), command)
    assert parser is not None
    types = [option.type for option in parser.params if option.name == "format_"]
    return {str(one) for kind in types if isinstance(kind, click.Choice) for one in kind.choices}


def pairs(command: str) -> set[tuple[type, str]]:
    """Each result that a command shows, in each format that it offers."""
    if command == "show":
        of_plans = {(PlanResult, format_) for format_ in PLAN_VIEWS}
        return of_plans | {(CalendarResult, format_) for format_ in OF_A_CALENDAR}
    results = RESULTS.get(command, set())
    return {(result, format_) for result in results for format_ in offered(command)}


def test_each_format_that_a_command_offers_is_in_the_table() -> None:
    assert set().union(*map(pairs, COMMANDS)) == RENDERERS.keys()
    assert offered("show") == {format_ for _, format_ in pairs("show")}


@pytest.mark.parametrize(
    ("result", "format_"), RENDERERS, ids=lambda key: getattr(key, "__name__", key)
)
def test_each_renderer_exists_and_takes_what_it_is_given(result: type, format_: str) -> None:
    renderer: Renderer = RENDERERS[result, format_]
    arguments, keywords = renderer.arguments.split(), renderer.keywords.split()
    by_name = {name.rpartition(".")[2]: None for name in keywords}
    inspect.signature(load(renderer.function)).bind(*arguments, **by_name)
    known = {"links", *(one.name for kind in (result, Style) for one in fields(kind))}
    assert {name.partition(".")[0] for name in (*arguments, *keywords)} <= known


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "format_"), [(line, one) for line, formats in LINES.items() for one in formats]
)
def test_each_result_is_shown_in_each_format(terminal: Terminal, line: str, format_: str) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(description="new"))
    assert terminal("plan", "--out", "plan.json").code == 0
    ended = terminal(*line.split(), "--format", format_)
    assert ended.code in (0, 2), ended
    match format_:
        case "json":
            assert isinstance(ended.json, dict)
        case "ics":
            assert ended.out.startswith("BEGIN:VCALENDAR")
        case "html":
            assert ended.out.startswith("<!doctype html>")
        case "markdown":
            assert re.search(r"^(#|\*\*|\|)", ended.out, re.M)
        case _:
            assert ended.out.strip()
