"""Problems as Markdown: why there is no plan, or what is wrong with the files."""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.errors import Level, Problem
from flashsync.model.wording import count
from flashsync.render import markdown as md
from flashsync.render.budget import Rank, fitted, paragraph
from flashsync.render.details import list_of
from flashsync.render.words import ReadCount


def render(
    problems: Sequence[Problem],
    links: md.Links,
    most: int,
    *,
    what: str = "",
    read: ReadCount | None = None,
) -> str:
    """The verdict, the errors and the warnings, each with its place. At most so many bytes.

    `what` failed: a verdict like "`plan` failed"; `read` is how much was read without failing.
    """
    errors = [one for one in problems if one.level is Level.ERROR]
    warnings = [one for one in problems if one.level is Level.WARNING]
    said = what or f"flashsync validate: {read}"
    return fitted(
        [
            paragraph(f"### {_verdict(said, len(errors), len(warnings))}", Rank.VERDICT),
            list_of([(links.problem(one), Rank.ERRORS) for one in errors], ("error", "errors"), ""),
            list_of(
                [(links.problem(one), Rank.WARNINGS) for one in warnings],
                ("warning", "warnings"),
                "**Warnings**\n\n",
            ),
        ],
        most,
    )


def _verdict(said: str, errors: int, warnings: int) -> str:
    if errors:
        return f"⛔ {said}: {count(errors, 'error')}"
    if warnings:
        return f"⚠️ {said}: {count(warnings, 'warning')}"
    return f"✅ {said}: no problems"
