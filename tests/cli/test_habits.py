"""Short forms that hands expect, and suggestions for what hands of other tools type."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from flashsync.cli.habits import COMMAND_HABITS, OPTION_HABITS
from flashsync.cli.main import COMMANDS
from flashsync.declared.command_line import time_away, time_near
from flashsync.declared.problems import Findings
from flashsync.declared.scalars import parse_moment
from flashsync.model.wording import wall_time
from tests.cli.console import Ended, Terminal, schedule
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)  # Sat 21 Nov 2026 16:33:20 in Shanghai


@pytest.fixture
def rota(terminal: Terminal) -> Terminal:
    """One schedule, which is live."""
    terminal.declare(schedule())
    terminal.apply()
    return terminal


def error(ended: Ended) -> str:
    assert (ended.code, ended.out) == (1, ""), ended
    return ended.err.removeprefix("error: ").rstrip("\n")


def in_shanghai(text: str) -> str:
    at = datetime.fromisoformat(text).astimezone(ZoneInfo("Asia/Shanghai"))
    return f"{at:%Y-%m-%d %H:%M}"


# Short forms


def test_the_bare_command_prints_help(terminal: Terminal) -> None:
    bare, help_ = terminal(), terminal("--help")
    assert (bare.code, bare.out, bare.err) == (0, help_.out, "")
    assert bare.out.startswith("Usage: flashsync ")


def test_a_bare_group_of_commands_prints_help(terminal: Terminal) -> None:
    ended = terminal("sandbox", "edit", "set")
    assert ended.code in (0, 1)


def test_a_plan_is_saved_with_o_and_applied_with_y(terminal: Terminal) -> None:
    terminal.declare(schedule())
    assert terminal("plan", "-o", "plan.json").code == 0
    assert (terminal.folder / "plan.json").exists()
    assert terminal("apply", "-y").code == 0
    assert terminal("undo", "-y").code == 0


@pytest.mark.parametrize("line", ["validate", "plan", "drift", "oncall", "show", "fmt --check"])
def test_json_is_short_for_the_format(rota: Terminal, line: str) -> None:
    short, long = rota(*line.split(), "--json"), rota(*line.split(), "--format", "json")
    assert (short.code, short.out) == (long.code, long.out)
    assert json.loads(short.out) is not None
    assert rota(*line.split(), "--json", "--format", "json").out == long.out


def test_json_is_for_errors_too(terminal: Terminal) -> None:
    assert "no such option" in terminal("plan", "--json", "--nothing").json["errors"][0]["message"]


def test_two_formats_are_an_error(rota: Terminal) -> None:
    ended = rota("validate", "--json", "--format", "github")
    assert ended.json["errors"][0]["message"] == "--json cannot be used with --format github"


def test_no_color_is_short_for_never(rota: Terminal) -> None:
    assert rota("plan", "--no-color") == rota("plan", "--color", "never")
    ended = rota("plan", "--no-color", "--color", "always")
    assert error(ended) == "--no-color cannot be used with --color always; remove one"


def test_the_name_of_a_format_is_not_a_file_for_a_plan(rota: Terminal) -> None:
    assert error(rota("plan", "-o", "json")) == (
        "--out takes a file for the plan, got the format json; "
        "write --format json, or ./json for a file of this name"
    )


# Times, on a clock that shows Sat 2026-11-21 16:33:20

MOMENTS = [
    ("now", "2026-11-21 16:33"),
    ("today", "2026-11-21 16:33"),
    ("tomorrow", "2026-11-22 16:33"),
    ("Tomorrow", "2026-11-22 16:33"),
    ("tomorrow 09:00", "2026-11-22 09:00"),
    ("today 09:00", "2026-11-21 09:00"),
    ("yesterday 18:00", "2026-11-20 18:00"),
    ("18:00", "2026-11-21 18:00"),
    ("9:00", "2026-11-22 09:00"),
    ("fri 18:00", "2026-11-27 18:00"),
    ("Friday  18:00", "2026-11-27 18:00"),
    ("sat 18:00", "2026-11-21 18:00"),
    ("sat 16:00", "2026-11-28 16:00"),
    ("mon", "2026-11-23 16:33"),
    ("+2h", "2026-11-21 18:33"),
    ("+ 2 hours", "2026-11-21 18:33"),
    ("-30m", "2026-11-21 16:03"),
    ("+7 days", "2026-11-28 16:33"),
    ("2026-12-24 20:00", "2026-12-24 20:00"),
]


@pytest.mark.parametrize(("text", "moment"), MOMENTS)
def test_a_time_may_be_relative(rota: Terminal, text: str, moment: str) -> None:
    ended = rota("explain", "Production", "--at", text, "--json")
    assert ended.code == 0, ended
    assert in_shanghai(ended.json["at"]) == moment


DAYS = [
    ("today", "2026-11-21"),
    ("tomorrow", "2026-11-22"),
    ("fri", "2026-11-27"),
    ("sat", "2026-11-21"),
    ("+3d", "2026-11-24"),
    ("2026-12-01", "2026-12-01"),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_day_may_be_relative(rota: Terminal, text: str, day: str) -> None:
    ended = rota("show", "--offline", "--from", text, "--json")
    assert ended.code == 0, ended
    assert in_shanghai(ended.json["window"]["start"]) == f"{day} 00:00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tomorow", "--at: expected a time, got `tomorow`; did you mean tomorrow?"),
        ("firday 18:00", "--at: expected a time, got `firday 18:00`; did you mean friday?"),
        (
            "soon",
            "--at: expected a time, got `soon`; use 2026-01-05 10:00, tomorrow, 'fri 18:00' or +2h",
        ),
        ("fri 25:00", "--at: no such time in `25:00`; use 00:00 to 24:00"),
        ("+2 parsecs", "--at: expected a length of time, got `2 parsecs`; use a value like 24h"),
        ("2026-12-24", "--at: `2026-12-24` is a date without a time; write 2026-12-24 00:00"),
    ],
)
def test_a_wrong_time_gets_the_right_hint(rota: Terminal, text: str, said: str) -> None:
    assert error(rota("explain", "Production", "--at", text)) == said


def test_a_time_that_clocks_skip_is_an_error(terminal: Terminal) -> None:
    shown = parse_moment("2026-03-28 12:00").wall
    assert wall_time(time_near("tomorrow 02:30", shown).wall) == "2026-03-29 02:30"  # type: ignore[union-attr]
    assert time_near("2026-03-28", shown) is None
    assert time_away("tomorrow") is None
    with pytest.raises(Findings):
        time_away("+soon")


# Other tools' words

COMMAND_LINES = [
    ("diff", "no command diff; did you mean plan?"),
    ("vaidate", "no command vaidate; did you mean validate?"),
    ("plans", "no command plans; did you mean plan?"),
    ("Plan", "no command Plan; did you mean plan?"),
    (
        "rm",
        "no command rm; write `absent: true` in the file of the schedule, then flashsync apply",
    ),
    (
        "state list",
        "no command state; the account is the state; flashsync list shows what it has",
    ),
    ("rollback", "no command rollback; did you mean undo?"),
    ("lint", "no command lint; did you mean validate?"),
    ("get schedules", "no command get; did you mean list?"),
    ("help plan", "no command help; write flashsync --help"),
    ("xyzzy", "no command xyzzy; see flashsync --help"),
    ("plan --ot plan.json", "no such option --ot; did you mean --out?"),
    ("plan -out=plan.json", "no such option -out; did you mean --out?"),
    ("plan -out plan.json", "no such option -out; did you mean --out?"),
    ("apply -auto-approve", "no such option -auto-approve; did you mean --auto-approve?"),
    ("apply --yes", "no such option --yes; did you mean --auto-approve?"),
    (
        "apply --dry-run",
        "no such option --dry-run; flashsync plan shows the changes and writes nothing",
    ),
    ("remove alice --dry-run", "no such option --dry-run; did you mean --check?"),
    ("plan --target prod", "no such option --target; did you mean --only?"),
    (
        "plan -f a.yaml",
        "no such option -f; name files without an option, as in flashsync plan schedules/prod.yaml",
    ),
    ("drift -o json", "no such option -o; did you mean --json?"),
    (
        "plan --app-key x",
        "no such option --app-key; no option takes the APP key; set FLASHDUTY_APP_KEY",
    ),
    ("plan --xyzzy", "no such option --xyzzy; see flashsync plan --help"),
    ("plan --format jsno", "invalid value for '--format': jsno; did you mean json?"),
    (
        "plan --color maybe",
        "invalid value for '--color': maybe; use one of auto, always, never",
    ),
    (
        "plan --check-level coverage=warn",
        "invalid value for '--check-level': unknown check coverage; did you mean coverage_gap?",
    ),
    (
        "plan --window 365",
        "invalid value for '--window': must be 1 to 44, got 365; see flashsync plan --help",
    ),
    (
        "doctor --schedules -1",
        "invalid value for '--schedules': must be 0 or more, got -1; see flashsync doctor --help",
    ),
    (
        "plan --parallel two",
        "invalid value for '--parallel': must be 1 to 64, got two; see flashsync plan --help",
    ),
    ("plan --only", "--only requires an argument; see flashsync plan --help"),
    ("drift --summary=no", "--summary does not take a value; see flashsync drift --help"),
    ("schema plna", "invalid value for '[schedule|config|plan]': plna; did you mean plan?"),
]


@pytest.mark.parametrize(("line", "said"), COMMAND_LINES)
def test_a_wrong_command_line_gets_the_right_hint(terminal: Terminal, line: str, said: str) -> None:
    assert error(terminal(*line.split())) == said


def test_a_habit_is_not_a_command_of_this_program() -> None:
    assert not COMMAND_HABITS.keys() & COMMANDS.keys()
    named = {hint.split()[3].rstrip("?") for hint in COMMAND_HABITS.values() if "mean" in hint}
    assert named <= COMMANDS.keys()
    assert all(option.startswith("-") for option in OPTION_HABITS)
