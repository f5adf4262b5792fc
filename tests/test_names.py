"""One thing, one name: classes and files that share theirs with another are listed here."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.source import MODULES

DECLARED, SANDBOX = "declared", "sandbox"
"""Rooms that have their own form of the same noun: `declared.Layer`, `model.Layer`."""

SHARED_CLASSES: set[str] = set()
"""Classes that have the name of another and are not the same noun. This list only gets shorter."""

SHARED_FILES = {
    "audit",
    "calendar",
    "document",
    "drift",
    "effects",
    "errors",
    "escalations",
    "explain",
    "html",
    "import_files",
    "inventory",
    "json",
    "markdown",
    "model",
    "notify",
    "oncall",
    "options",
    "outcome",
    "people",
    "problems",
    "pull",
    "schedule",
    "schedules",
    "secrets",
    "text",
    "undo",
    "validate",
}
"""File names in more than one room: each means the same in all. This list only gets shorter."""


def test_a_class_has_a_name_of_its_own() -> None:
    rooms = defaultdict(list)
    for module in MODULES:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                rooms[node.name].append(module.room)
    shared = set()
    for name, found in rooms.items():
        ours = [room for room in found if room != SANDBOX]
        across_border = len(ours) == 2 and ours.count(DECLARED) == 1
        if found.count(SANDBOX) > 1 or (len(ours) > 1 and not across_border):
            shared.add(name)
    assert shared == SHARED_CLASSES


def test_a_private_class_has_a_name_of_its_own() -> None:
    files = defaultdict(set)
    for module in MODULES:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and node.name.startswith("_"):
                files[node.name].add(module.path)
    assert {name for name, paths in files.items() if len(paths) > 1} == set()


def test_a_file_name_means_the_same_in_each_room() -> None:
    folders = defaultdict(set)
    for module in MODULES:
        if not module.path.stem.startswith("__"):
            folders[module.path.stem].add(module.path.parent)
    assert {name for name, found in folders.items() if len(found) > 1} == SHARED_FILES
