"""Rules about the source that no linter holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.source import MODULES, PACKAGE, ROOT, Module

LONGEST_FUNCTION = 45
LONGEST_FILE = 450
MAY_PRINT = {"cli"}
READS_THE_CLOCK = "flashsync/cli/process.py:"
READS_THE_ENVIRONMENT = {"flashsync/cli/process.py", "flashsync/cli/commands/demo.py"}
"""The demo sets variables for the commands that it runs."""
CLOCKS = re.compile(
    r"\b(time\.(time|time_ns|localtime|ctime)|datetime\.(now|today|utcnow)|date\.today)\b"
)
SEES_OPTIONS_BY_NAME = {"flashsync/cli/options.py", "flashsync/cli/commands/sandbox.py"}
"""`sandbox edit` sends its options as the body of a request."""
UNTYPED = {"dict[str, Any]", "Mapping[str, Any]"}
ZONELESS = {"utcnow", "utcfromtimestamp", "today"}
NEEDS_A_ZONE = {"now": 1, "fromtimestamp": 2}
"""Methods of datetime, and how many arguments they have with a zone."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | Function


def functions(module: Module) -> Iterator[Function]:
    """All functions and methods, nested ones too."""
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """All calls, with what is called as it is written: `datetime.now`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def calls_of(names: set[str], rooms: set[str]) -> list[str]:
    """Where one of these is called outside these rooms."""
    return [
        f"{module.shown_as}:{call.lineno} {name}"
        for module in MODULES
        if module.room not in rooms
        for call, name in calls(module)
        if name in names
    ]


def public(node: ast.Module | ast.ClassDef, name: str) -> Iterator[tuple[str, Documented]]:
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


def test_a_function_fits_on_one_screen() -> None:
    assert [
        f"{module.shown_as}:{function.lineno} {function.name}"
        for module in MODULES
        for function in functions(module)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ] == []


def test_a_file_is_read_in_one_sitting() -> None:
    lengths = {module.shown_as: len(module.text.splitlines()) for module in MODULES}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_what_others_use_says_what_it_is() -> None:
    parts = [part for module in MODULES for part in public(module.tree, module.name)]
    assert [name for name, node in parts if not ast.get_docstring(node)] == []


def test_only_the_command_line_prints() -> None:
    streams = {"print", "sys.stdout.write", "sys.stderr.write"}
    assert calls_of(streams, MAY_PRINT) == []


def test_no_time_is_without_its_zone() -> None:
    assert [
        f"{module.shown_as}:{call.lineno} {name}"
        for module in MODULES
        for call, name in calls(module)
        if _zoneless(call, name)
    ] == []


def _zoneless(call: ast.Call, name: str) -> bool:
    owner, _, method = name.rpartition(".")
    if owner.rpartition(".")[2] not in ("datetime", "date"):
        return False
    given = len(call.args) + len(call.keywords)
    return method in ZONELESS or given < NEEDS_A_ZONE.get(method, 0)


def test_one_place_reads_the_machine_s_clock() -> None:
    """Everything else is handed the time, tests too: they give the same result on any date."""
    assert [found for found in clock_readers() if not found.startswith(READS_THE_CLOCK)] == []


def test_one_place_reads_the_environment_of_the_process() -> None:
    """Everything else is handed a mapping, so that a script can give its own."""
    readers = {
        module.shown_as
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    }
    assert readers == READS_THE_ENVIRONMENT


def test_options_are_typed_once_they_are_parsed() -> None:
    """`cli/options.py` makes them a value of a dataclass; nothing else sees them by name."""
    untyped = [
        f"{module.shown_as}:{node.lineno}"
        for module in MODULES
        if module.room in ("cli", "operations") and module.shown_as not in SEES_OPTIONS_BY_NAME
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Subscript) and ast.unparse(node) in UNTYPED)
        or (isinstance(node, ast.FunctionDef) and node.args.kwarg is not None)
    ]
    assert untyped == []


def clock_readers() -> Iterator[str]:
    """Where the package or a test asks the machine what time it is."""
    for path in sorted([*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Attribute():
                    name = ast.unparse(node)
                case ast.ImportFrom(module="time"):
                    name = ",".join(f"time.{one.name}" for one in node.names)
                case _:
                    continue
            if CLOCKS.search(name):
                yield f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {name}"


def test_the_rule_finds_readers() -> None:
    assert any(found.startswith(READS_THE_CLOCK) for found in clock_readers())
