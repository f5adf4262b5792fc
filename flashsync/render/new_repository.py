"""A new repository: its files, and what to do next, as text and JSON."""

from __future__ import annotations

from dataclasses import asdict

from flashsync.model.command_results import RepositorySummary
from flashsync.model.wording import count
from flashsync.render.sanitize import dump
from flashsync.render.terminal import Page, Screen


def render_repository(summary: RepositorySummary, screen: Screen, *, written: bool) -> str:
    """A line for each file, the notes, and the next steps."""
    page = Page(screen)
    verb = "Wrote" if written else "Would write"
    page.text(f"{verb} {count(len(summary.files), 'file')} for {summary.account}:")
    for file in summary.files:
        page.text(file, indent=2, hang=2)
    for note in summary.notes:
        page.text(f"note: {note}", hang=2)
    page.text("")
    page.text("Next:")
    for number, step in enumerate(summary.steps, 1):
        page.text(f"{number}. {step}", indent=2, hang=3)
    return str(page)


def render_repository_json(summary: RepositorySummary, *, written: bool) -> str:
    """The same as one document."""
    return dump({"written": written, **asdict(summary)})
