"""Edits of files, and what a formatter changes, as lists, unified diffs and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from difflib import unified_diff

from flashsync.model.command_results import EditSummary, FileChange
from flashsync.model.wording import count
from flashsync.render.sanitize import dump
from flashsync.render.terminal import Look, Screen

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LOOKS = {"+": Look.ADDED, "-": Look.REMOVED, "@": Look.CHANGED}
_NO_END = "\\ No newline at end of file"


def render_edits(
    edits: Sequence[EditSummary],
    changes: Sequence[FileChange],
    nothing: str,
    screen: Screen,
    *,
    written: bool,
) -> str:
    """The list of edits once they are written, else a diff, or why no file changes."""
    if not written:
        return _diffs(changes, screen) or f"{screen.safe(nothing)}\n"
    lines = [f"{edit.file}:{edit.line}: {edit.schedule}: {edit.text}" for edit in edits]
    lines.append(f"{count(len(changes), 'file')} written.")
    return "".join(f"{screen.safe(line)}\n" for line in lines)


def render_format(
    changes: Sequence[FileChange],
    unchanged: int,
    unusual: Sequence[str],
    screen: Screen,
    *,
    written: bool,
    diff: bool,
) -> str:
    """What a formatter changes: a diff, or the names of the files, and how many it leaves."""
    if diff:
        return _diffs(changes, screen)
    left = unchanged + len(unusual)
    parts = []
    if changes:
        parts.append(f"{count(len(changes), 'file')} {'formatted' if written else 'to format'}")
    if left or not changes:
        parts.append(f"{count(left, 'file')} unchanged")
    lines = [*(change.file for change in changes), f"{', '.join(parts)}."]
    return "".join(f"{screen.safe(line)}\n" for line in lines)


def _diffs(changes: Sequence[FileChange], screen: Screen) -> str:
    """Unified diffs, in colour if the screen has it."""
    painted = []
    for line in (line for change in changes for line in unified(change)):
        heading = line.startswith(("--- ", "+++ "))
        look = Look.STRONG if heading else _LOOKS.get(line[:1], Look.PLAIN)
        painted.append(f"{screen.paint(screen.safe(line), look)}\n")
    return "".join(painted)


def unified(change: FileChange) -> Iterator[str]:
    """The lines of a unified diff, without line ends."""
    before, after = _LINE.findall(change.before), _LINE.findall(change.after)
    names = f"a/{change.file}", f"b/{change.file}"
    for line in unified_diff(before, after, *names):
        yield line.removesuffix("\n").removesuffix("\r")
        if not line.endswith("\n"):
            yield _NO_END


def render_format_json(
    changes: Sequence[FileChange], unchanged: int, unusual: Sequence[str], *, written: bool
) -> str:
    """The files that a formatter changes as one document, written or not."""
    return dump(
        {
            "written": written,
            "files": _list_diffs(changes),
            "unchanged": unchanged,
            "unusual": list(unusual),
        }
    )


def render_edits_json(
    edits: Sequence[EditSummary],
    changes: Sequence[FileChange],
    notes: Sequence[str],
    plan: object,
    *,
    written: bool,
) -> str:
    """The edits as one document, written or not, and the plan if there is one."""
    return dump(
        {
            "written": written,
            "edits": [asdict(edit) for edit in edits],
            "files": _list_diffs(changes),
            "notes": list(notes),
            "plan": plan,
        }
    )


def _list_diffs(changes: Sequence[FileChange]) -> list[dict[str, str]]:
    return [
        {"file": change.file, "diff": "".join(f"{line}\n" for line in unified(change))}
        for change in changes
    ]
