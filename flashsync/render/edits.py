"""Edits of files as lists, unified diffs and JSON."""

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


def listing(edits: Sequence[EditSummary], files: int, screen: Screen) -> str:
    """A line for each edit, and how many files were written."""
    lines = [f"{edit.file}:{edit.line}: {edit.schedule}: {edit.text}" for edit in edits]
    return "".join(
        f"{screen.safe(line)}\n" for line in [*lines, f"{count(files, 'file')} written."]
    )


def diffs(changes: Sequence[FileChange], screen: Screen) -> str:
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


def formatted_files(
    changes: Sequence[FileChange], unchanged: int, screen: Screen, *, written: bool
) -> str:
    """The names of the files that a formatter changes, and how many it leaves."""
    lines = [change.file for change in changes]
    parts = []
    if changes:
        parts.append(f"{count(len(changes), 'file')} {'formatted' if written else 'to format'}")
    if unchanged or not changes:
        parts.append(f"{count(unchanged, 'file')} unchanged")
    return "".join(f"{screen.safe(line)}\n" for line in [*lines, f"{', '.join(parts)}."])


def formatted_json(
    changes: Sequence[FileChange], unchanged: int, unusual: Sequence[str], *, written: bool
) -> str:
    """One document: the files that a formatter changes, written or not."""
    return dump(
        {
            "written": written,
            "files": _diffs(changes),
            "unchanged": unchanged,
            "unusual": list(unusual),
        }
    )


def json(
    edits: Sequence[EditSummary],
    changes: Sequence[FileChange],
    notes: Sequence[str],
    plan: object,
    *,
    written: bool,
) -> str:
    """One document: the edits, written or not, and the plan if there is one."""
    return dump(
        {
            "written": written,
            "edits": [asdict(edit) for edit in edits],
            "files": _diffs(changes),
            "notes": list(notes),
            "plan": plan,
        }
    )


def _diffs(changes: Sequence[FileChange]) -> list[dict[str, str]]:
    return [
        {"file": change.file, "diff": "".join(f"{line}\n" for line in unified(change))}
        for change in changes
    ]
