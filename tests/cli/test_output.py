"""Where output goes and how it looks: streams, JSON, colours, widths, encodings, closed pipes."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.console import Terminal, command, layer, schedule

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[2]
ESCAPE = "\x1b["
CJK = "支付 昼夜值班 第一组 生产环境"


def test_results_go_to_stdout_and_remarks_to_stderr(terminal: Terminal) -> None:
    terminal.declare(schedule())
    ended = terminal("plan")
    assert ended.out.startswith("  + Production")
    assert "\nPlan: 1 to create, 0 to update, 0 to delete. Until " in ended.out
    assert ended.err == "1 file, 1 schedule\n"


def schema(name: str) -> Any:
    return json.loads((ROOT / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))


def test_a_plan_as_json_meets_its_schema(demo: Terminal) -> None:
    demo.config(manage={"names": ["Legacy*"]})
    demo.sandbox.console.remove_rule("Database alerts", "Default")
    demo.declare(schedule(), {"schedule": "Database On-Call", "absent": True})
    ended = demo("plan", "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    jsonschema.validate(ended.json, schema("plan"))
    assert ended.json["summary"]["create"] == ended.json["summary"]["delete"] == 1
    assert ended.json["account"]["name"] == "Acme Corp"


@pytest.mark.parametrize("name", ["schedule", "config", "plan"])
def test_the_schema_command_prints_what_is_kept(terminal: Terminal, name: str) -> None:
    ended = terminal("schema", name)
    assert (ended.code, ended.err, ended.json) == (0, "", schema(name))


def test_apply_as_json_is_one_document(terminal: Terminal) -> None:
    terminal.declare(schedule())
    ended = terminal("apply", "--auto-approve", "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    (result,) = ended.json["results"]
    assert (result["schedule"], result["status"]) == ("Production", "confirmed")
    again = terminal("apply", "--auto-approve", "--format", "json")
    assert (again.code, again.json["results"]) == (0, [])


def test_drift_as_json_is_one_document(terminal: Terminal) -> None:
    terminal.declare(schedule())
    ended = terminal("drift", "--format", "json")
    assert (ended.code, ended.err) == (2, "")
    assert ended.json["actions"][0]["action"] == "create"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("plan --format json --nothing", "no such option"),
        ("plan --nothing --format=json", "no such option"),
        ("plan --format json --rate 0", "expected 1% to 100%, got"),
        ("plan --format json --only Nobody", "matches no schedule of the files"),
        ("plan --format json nowhere.yaml", "no file or directory"),
        ("apply --format json", "cannot ask for approval"),
        ("apply --format json --plan x.json --prune", "--plan cannot be used with --prune"),
        ("validate --format json --config nowhere.yaml", "cannot read the file"),
        ("drift --format json --config nowhere.yaml", "cannot read the file"),
    ],
)
def test_errors_are_json_on_stdout(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, line: str, said: str
) -> None:
    monkeypatch.setattr("flashsync.cli.approval.is_interactive", lambda: False)
    terminal.declare(schedule())
    ended = terminal(*line.split())
    assert (ended.code, ended.err) == (1, "")
    (problem,) = ended.json["errors"]
    assert said in problem["message"]
    assert problem["remedy"]


def test_validate_as_json_tells_places_and_how_much_was_read(terminal: Terminal) -> None:
    terminal.declare({"schedule": "A", "leyers": [layer()]})
    ended = terminal("validate", "--format", "json")
    assert (ended.code, ended.err) == (1, "")
    first = ended.json["errors"][0]
    assert (first["file"], first["line"]) == ("schedules/0.yaml", 1)
    assert ended.json["read"]["files"] == 1


def test_validate_for_github(terminal: Terminal) -> None:
    terminal.declare({"schedule": "A", "leyers": [layer()], "absent": True})
    ended = terminal("validate", "--format", "github")
    assert ended.out == (
        "schedules/0.yaml:1:19: unknown key `leyers`; did you mean `layers`?\n"
        "1 file, 1 schedule: 1 error in 1 file\n"
        "::error file=schedules/0.yaml,line=1,col=19::"
        "unknown key `leyers`; did you mean `layers`?\n"
    )
    wrong = terminal("validate", "--format", "github", "--nothing")
    assert wrong.out.startswith("::error::no such option")


@pytest.mark.parametrize("arguments", ["plan", "schema", "validate", "--help"])
def test_a_closed_pipe_is_not_a_traceback(terminal: Terminal, arguments: str) -> None:
    terminal.declare(*(schedule(f"Rota {number}") for number in range(60)))
    code, said = unheard(*arguments.split())
    assert "Traceback" not in said
    assert "BrokenPipe" not in said
    assert code in (0, 1)


def unheard(*arguments: str) -> tuple[int, str]:
    """A command with a stdout that nobody reads: its exit code and stderr."""
    with subprocess.Popen(
        command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()
    return process.returncode, said


@pytest.mark.parametrize("arguments", ["plan", "validate --format json", "plan --format markdown"])
def test_a_full_disk_is_an_error_like_any_other(terminal: Terminal, arguments: str) -> None:
    terminal.declare(schedule())
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - its kind is the point
        ended = subprocess.run(
            command(*arguments.split()), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        assert subprocess.run(command("nothing"), stderr=full, check=False).returncode == 1


def test_a_closed_stdout(terminal: Terminal) -> None:
    terminal.declare(schedule())
    ended = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command("plan", "--detailed-exitcode")],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (2, "1 file, 1 schedule\n")


def test_what_was_written_counts_though_nobody_hears_of_it(terminal: Terminal) -> None:
    terminal.declare(schedule())
    code, said = unheard("apply", "--auto-approve", "--format", "json")
    assert (code, terminal.names) == (0, ["Production"])
    assert "error: cannot write to stdout (Broken pipe)\n" in said
    assert "Applied: 1 created, 0 updated, 0 deleted; all confirmed." in said


def test_colours(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.declare(schedule())
    assert ESCAPE not in terminal("plan").out
    assert ESCAPE in terminal("plan", "--color", "always").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert ESCAPE in terminal("plan", "--color", "always").out
    assert ESCAPE not in terminal("plan", "--color", "never").out
    assert terminal("plan").out == terminal("plan", "--color", "never").out


def cells(line: str) -> int:
    """How many columns of a terminal a line takes."""
    return sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in line)


@pytest.mark.parametrize("columns", [40, 80, 160])
def test_no_line_is_wider_than_the_terminal(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal.declare(schedule(CJK, description="值" * 300), schedule(description="word " * 90))
    for ended in (terminal("plan"), terminal("drift"), terminal.apply()):
        assert ended.code in (0, 2)
        assert max(cells(line) for line in ended.out.splitlines()) <= columns
        assert "支付" in ended.out


@pytest.mark.parametrize(
    ("line", "code"),
    [("plan", 0), ("drift", 2), ("validate", 0), ("schema", 0), ("apply --auto-approve", 0)],
)
def test_a_terminal_that_knows_only_ascii(terminal: Terminal, line: str, code: int) -> None:
    terminal.declare(schedule(CJK, team="支付团队"))
    ended = terminal.run(*line.split(), env={"PYTHONIOENCODING": "ascii"})
    assert ended.returncode == code, ended
    assert "Traceback" not in ended.stderr
    assert ended.stdout.isascii()


def test_json_stays_json_where_only_ascii_is_known(terminal: Terminal) -> None:
    terminal.declare(schedule("Müller 值 😀", team="支付团队"))
    ended = terminal.run("plan", "--format", "json", env={"PYTHONIOENCODING": "ascii"})
    assert ended.stdout.isascii()
    assert json.loads(ended.stdout)["actions"][0]["schedule"] == "Müller 值 😀"


def test_hostile_names_reach_no_terminal(demo: Terminal) -> None:
    demo.config(manage={"names": ["*"]})
    demo.declare(schedule())
    demo.sandbox.console.rename("Legacy NOC", "\x1b[31mred\u202eback")
    for line in ("plan", "drift", "plan --prune --max-deletes 9", "plan --format json"):
        ended = demo(*line.split(), "--color", "never")
        assert "\x1b" not in ended.out + ended.err
        assert "\u202e" not in ended.out + ended.err


def test_verbose_names_each_request(terminal: Terminal) -> None:
    terminal.declare(schedule())
    once, twice = terminal("plan", "-v"), terminal("plan", "-vv")
    lines = [line for line in once.err.splitlines() if " /" in line]
    assert len(lines) == len(terminal.sandbox.log) / 2
    for line, asked in zip(lines, terminal.sandbox.log, strict=False):
        assert asked.endpoint in line
        assert asked.request_id in line
    assert '"limit"' in twice.err
    assert '"limit"' not in once.err
    assert once.out == twice.out


def test_the_module_and_the_script_are_the_same_program(terminal: Terminal) -> None:
    script = Path(sys.executable).with_name("flashsync")
    ended = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert ended.stdout == terminal("--version").out


def test_the_demo_ends_well(terminal: Terminal) -> None:
    ended = terminal.run("demo")
    assert (ended.returncode, terminal.sandbox.log) == (0, [])
    assert "Imported 3 schedules from Acme Corp into 3 files:" in ended.stdout
    assert "No changes. 3 schedules are as the files say." in ended.stdout
    assert ended.stdout.endswith("loop: import, declare, validate, plan, apply, drift.\n")
