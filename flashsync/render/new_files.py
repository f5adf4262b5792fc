"""New files and what to do next: the results of `import` and `init` as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from flashsync.model.command_results import (
    FileFate,
    ImportedFile,
    ImportRemark,
    ImportSummary,
    NeededSecret,
    RepositorySummary,
    TerraformHandover,
)
from flashsync.model.wording import count, first
from flashsync.render.sanitize import dump
from flashsync.render.terminal import Look, Page, Screen

_FEW = 12
"""The most files that are listed without -v."""
_FATES = {FileFate.NEW: "", FileFate.EXTENDED: " (extended)", FileFate.REPLACED: " (replaced)"}


def render_import(
    summary: ImportSummary, screen: Screen, *, written: bool, verbose: bool = False
) -> str:
    """How many, what to look at, which secrets to set, and what to run next."""
    page = Page(screen)
    page.text(_headline(summary, written=written))
    shown = summary.files if verbose or len(summary.files) <= _FEW else summary.files[:_FEW]
    for file in shown:
        fate = _FATES[file.fate]
        page.text(f"{file.file}{fate}: {first(file.schedules, 3)}", indent=2, hang=2)
    if left := len(summary.files) - len(shown):
        page.text(f"and {count(left, 'more file')}; -v lists them", indent=2)
    if summary.config:
        page.text(_config_line(summary.config, summary.people), indent=2, hang=2)
    _list(page, "Have a look", Look.WARNING, summary.remarks)
    _list(page, "Left alone", Look.WARNING, summary.left_alone)
    others = list(_others(summary))
    if others:
        page.blank()
    for line in others:
        page.text(line)
    _list_secrets(page, summary.secrets)
    steps = _hand_over(summary.handover) if summary.handover else ()
    end = Page(screen)
    end.text(_next(summary, written=written))
    return "".join([f"{page}\n", *(f"{screen.safe(line)}\n" for line in steps), str(end)])


def _headline(summary: ImportSummary, *, written: bool) -> str:
    number = len(summary.schedules)
    if not number and not summary.found:
        return f"The account {summary.account} has no schedules."
    if not number:
        return f"Nothing to import from {summary.account}."
    verb = "Imported" if written else "Would import"
    schedules = count(number, "schedule")
    return f"{verb} {schedules} from {summary.account} into {count(len(summary.files), 'file')}:"


def _config_line(config: ImportedFile, people: Sequence[str]) -> str:
    fate = "new" if config.fate is FileFate.NEW else "completed"
    names = f", with {count(len(people), 'short name')}" if people else ""
    return f"{config.file} ({fate}){names}"


def _list(page: Page, title: str, look: Look, remarks: Sequence[ImportRemark]) -> None:
    if not remarks:
        return
    page.blank()
    page.text(f"{title} ({len(remarks)})", look)
    for remark in remarks:
        page.text(f"{remark.schedule}: {remark.text}", indent=2, hang=2)


def _others(summary: ImportSummary) -> Iterator[str]:
    """What is not imported, and why."""
    if summary.declared:
        names = first(summary.declared, 3)
        yield f"{count(len(summary.declared), 'schedule')} skipped, as files have them: {names}"
    if summary.not_selected:
        yield f"{count(summary.not_selected, 'schedule')} not selected"
    if number := summary.console_overrides:
        yield f"{count(number, 'override')} left to the console; --overrides imports them"
    yield from (f"note: {note}" for note in summary.notes)


def _list_secrets(page: Page, secrets: Sequence[NeededSecret]) -> None:
    if not secrets:
        return
    page.blank()
    page.text("Set these variables where you plan and apply:", Look.STRONG)
    for secret in secrets:
        page.text(secret.variable, Look.STRONG, indent=2)
        page.text("; ".join(secret.uses), indent=4, hang=2)
        page.text(secret.source, indent=4, hang=2)


def _hand_over(handover: TerraformHandover) -> Iterator[str]:
    """The steps in Terraform, to be copied: nothing is wrapped."""
    yield "To make Terraform let go of these schedules, without deleting them:"
    if handover.removed:
        yield "  replace their resources in *.tf by these blocks, and apply (Terraform 1.7):"
        yield ""
        for block in handover.removed:
            yield from (f"    {line}" for line in block.splitlines())
        yield ""
    yield "  or remove the resources from *.tf, and run:"
    yield ""
    yield from (f"    {command}" for command in handover.commands)
    yield ""
    yield "  Where Terraform refers to a schedule, write its id:"
    yield ""
    yield from (f"    {one.address}.id: {one.id}" for one in handover.schedules)
    yield ""


def _next(summary: ImportSummary, *, written: bool) -> str:
    if not summary.files:
        return "Next: flashsync plan" if summary.found else "Next: write a schedule file"
    if not written:
        return "Next: the same without --dry-run"
    unset = " (says `not compared` of secrets that are not set)" if summary.secrets else ""
    return f"Next: flashsync plan, which should show no changes{unset}; then commit the files"


def import_json(summary: ImportSummary, *, written: bool) -> str:
    """One document."""
    return dump({"written": written, **asdict(summary)})


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
