"""Rules about the source that no linter holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.source import MODULES, Module

LONGEST_FUNCTION = 60
LONGEST_FILE = 400
MAY_PRINT = {"cli"}
MAY_ASK_THE_TIME = {"cli", "sandbox", "api"}
ZONELESS = {"utcnow", "utcfromtimestamp", "today"}
NEEDS_A_ZONE = {"now": 1, "fromtimestamp": 2}
"""Methods of datetime, and how many arguments they have with a zone."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)


def functions(module: Module) -> Iterator[Function]:
    """All functions and methods, nested ones too."""
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """All calls, with what is called as it is written: `datetime.now`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def public(node: ast.Module | ast.ClassDef, name: str) -> Iterator[tuple[str, ast.AST]]:
    """What others may use of a module or class, itself included; not what overloads say twice."""
    yield name, node
    for part in node.body:
        if isinstance(part, ast.ClassDef | Function) and not part.name.startswith("_"):
            if isinstance(part, ast.ClassDef):
                yield from public(part, f"{name}.{part.name}")
            elif not _repeats(part):
                yield f"{name}.{part.name}", part


def _repeats(function: Function) -> bool:
    marks = {ast.unparse(decorator).rpartition(".")[2] for decorator in function.decorator_list}
    return bool(marks & {"overload", "setter", "override"})


@every_module
def test_a_function_fits_on_one_screen(module: Module) -> None:
    for function in functions(module):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        assert length <= LONGEST_FUNCTION, f"{module.shown_as}:{function.lineno} {function.name}"


@every_module
def test_a_file_is_read_in_one_sitting(module: Module) -> None:
    assert len(module.text.splitlines()) <= LONGEST_FILE


@every_module
def test_what_others_use_says_what_it_is(module: Module) -> None:
    parts = public(module.tree, module.name)
    assert [name for name, node in parts if not ast.get_docstring(node)] == []  # type: ignore[arg-type]


@every_module
def test_only_the_command_line_prints(module: Module) -> None:
    if module.room not in MAY_PRINT:
        streams = ("print", "sys.stdout.write", "sys.stderr.write")
        assert [call.lineno for call, name in calls(module) if name in streams] == []


@every_module
def test_no_time_is_without_its_zone(module: Module) -> None:
    for call, name in calls(module):
        owner, _, method = name.rpartition(".")
        if owner.rpartition(".")[2] in ("datetime", "date"):
            where = f"{module.shown_as}:{call.lineno} {name}"
            assert method not in ZONELESS, where
            given = len(call.args) + len(call.keywords)
            assert given >= NEEDS_A_ZONE.get(method, 0), where


@every_module
def test_the_clock_is_handed_in(module: Module) -> None:
    if module.room not in MAY_ASK_THE_TIME:
        clocks = ("time.time", "time.time_ns", "datetime.now", "datetime.datetime.now")
        assert [call.lineno for call, name in calls(module) if name in clocks] == []
        assert not {"time.time", "time.time_ns"} & set(module.imports())
