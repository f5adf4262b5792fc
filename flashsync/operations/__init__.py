"""What a command does, without the command line: the Python API of flashsync.

    from flashsync.operations import Session, apply_plan, make_plan

docs/python.md has an example. Each name is imported when it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flashsync.operations.carry_out import apply_plan
    from flashsync.operations.drift import find_drift
    from flashsync.operations.import_files import ImportOptions, prepare_import
    from flashsync.operations.options import (
        ConnectionOptions,
        EffectsMode,
        PlanOptions,
        SavedPlanOptions,
        SessionOptions,
    )
    from flashsync.operations.planning import make_plan
    from flashsync.operations.pull import pull_files
    from flashsync.operations.saved_plan import check_saved_plan, open_saved_plan
    from flashsync.operations.selection import Selection
    from flashsync.operations.session import Reporter, Session, SilentReporter
    from flashsync.operations.undo import UndoneRun, find_run, plan_undo
    from flashsync.operations.validate import check_files

__all__ = [
    "ConnectionOptions",
    "EffectsMode",
    "ImportOptions",
    "PlanOptions",
    "Reporter",
    "SavedPlanOptions",
    "Selection",
    "Session",
    "SessionOptions",
    "SilentReporter",
    "UndoneRun",
    "apply_plan",
    "check_files",
    "check_saved_plan",
    "find_drift",
    "find_run",
    "make_plan",
    "open_saved_plan",
    "plan_undo",
    "prepare_import",
    "pull_files",
]

_MODULES = {
    "ConnectionOptions": "options",
    "EffectsMode": "options",
    "ImportOptions": "import_files",
    "PlanOptions": "options",
    "Reporter": "session",
    "SavedPlanOptions": "options",
    "Selection": "selection",
    "Session": "session",
    "SessionOptions": "options",
    "SilentReporter": "session",
    "UndoneRun": "undo",
    "apply_plan": "carry_out",
    "check_files": "validate",
    "check_saved_plan": "saved_plan",
    "find_drift": "drift",
    "find_run": "undo",
    "make_plan": "planning",
    "open_saved_plan": "saved_plan",
    "plan_undo": "undo",
    "prepare_import": "import_files",
    "pull_files": "pull",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
