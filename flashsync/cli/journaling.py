"""Where journals lie: `--journal`, else `.flashsync/journal` beside flashsync.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flashsync.apply.journal import FOLDER, FileJournal, NoJournal
from flashsync.cli import environment
from flashsync.files import find_config

NONE = "none"
"""What `--journal` says to write none."""


def journal_of(
    given: Mapping[str, Any], cwd: Path, command: str, undo_of: str | None = None
) -> NoJournal:
    """The journal of a run that is about to write; `given` are the options of its command line."""
    if given["journal"] == NONE:
        return NoJournal()
    return FileJournal(_beside(given, cwd), _folder(given), command, environment.now, undo_of)


def journal_folder(given: Mapping[str, Any], cwd: Path) -> Path:
    """Where the journals of earlier runs lie; with `none`, which is about this run, the default."""
    return _folder(given) or _beside(given, cwd) / FOLDER


def _folder(given: Mapping[str, Any]) -> Path | None:
    return Path(given["journal"]) if given["journal"] not in (None, NONE) else None


def _beside(given: Mapping[str, Any], cwd: Path) -> Path:
    config = Path(given["config"]) if given["config"] else find_config(cwd)
    return config.absolute().parent if config else cwd
