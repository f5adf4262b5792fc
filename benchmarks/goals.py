"""The rows of the table, each measured beside its peer."""

from __future__ import annotations

import compileall
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import flashsync
from benchmarks.corpus import write_schedules, write_zones
from benchmarks.engine import engine_cost
from benchmarks.gap import LATENCY, measure_gap
from benchmarks.measure import Cost, best, run
from benchmarks.server import Served, serving
from benchmarks.table import Row

_PYTHON = sys.executable
_BIN = Path(sysconfig.get_path("scripts"))
_FLASHSYNC = str(_BIN / "flashsync")
_PLAN = [_FLASHSYNC, "plan", "--rate", "100%", "--detailed-exitcode"]
"""It ends with 2 where there are changes, and that would stop the benchmark."""

_HEAVY = frozenset(
    {
        "deepdiff",
        "httpx",
        "importlib.metadata",
        "jinja2",
        "pydantic",
        "rich",
        "ruamel.yaml",
        "tenacity",
        "yaml",
    }
)
_BARE_CLICK = """\
import click

@click.group()
def group():
    "A program with nothing in it."

@group.command()
def command():
    "Does nothing."

group(["--help"])
"""


def measure_all(folder: Path) -> list[Row]:
    """All rows, in the order of the goals; `folder` is filled with what is measured on."""
    _compile()
    thousand = write_schedules(folder / "thousand", 1000)
    zones = write_zones(folder / "zones", 1000)
    return [
        *start_up(folder),
        *validate(folder, thousand, zones),
        *plan(folder, thousand, zones),
        *effects(folder),
        *pages(thousand),
        *gap(folder),
        Row("1,000 random fault runs: damage done", None, 0, "", "`make soak`: see SOAK.md"),
    ]


def _compile() -> None:
    """Start-up is measured with compiled files at hand: that is how a program is installed."""
    compileall.compile_dir(Path(flashsync.__file__).parent, quiet=2)
    compileall.compile_dir(sysconfig.get_path("purelib"), quiet=2, workers=0)


def start_up(folder: Path) -> Iterator[Row]:
    """`--version` and `--help`, and what they import."""
    _say("start-up")
    nothing = best(15, [_PYTHON, "-c", "pass"], folder)
    version = best(15, [_FLASHSYNC, "--version"], folder)
    bare = best(15, [_PYTHON, "-c", _BARE_CLICK], folder)
    usage = best(15, [_FLASHSYNC, "--help"], folder)
    note = f"a bare click program takes {bare.cpu / nothing.cpu:.1f} ×"
    yield Row("`--version` / `python -c pass`, CPU time", version.cpu / nothing.cpu, 2.5, note=note)
    yield Row("`--help` / a bare click program, CPU time", usage.cpu / bare.cpu, 1.3)
    heavy = sorted(_imported("--version") | _imported("--help"))
    yield Row("heavy modules that these import", len(heavy), 0, "", ", ".join(heavy))


def _imported(*arguments: str) -> frozenset[str]:
    """The heavy modules that a command line imports."""
    command = [_PYTHON, "-X", "importtime", "-m", "flashsync", *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return _HEAVY.intersection(re.findall(r"\| +(\S+)$", said, re.MULTILINE))


def validate(folder: Path, thousand: Path, zones: Path) -> Iterator[Row]:
    """Time and memory of `validate`."""
    _say("validate")
    command = [_FLASHSYNC, "validate"]
    many = write_schedules(folder / "ten-thousand", 10_000)
    peer = best(2, [str(_BIN / "octodns-validate"), "--config-file", "octodns.yaml"], zones)
    small, large = best(5, command, thousand), best(2, command, many)
    fixed = best(5, command, write_schedules(folder / "one", 1)).cpu
    yield Row(
        "`validate` 1,000 / `octodns-validate` 1,000 zones, CPU time",
        small.cpu / peer.cpu,
        0.10,
        note=f"start-up is {fixed / small.cpu:.0%} of it, and a third of the rest is libyaml",
    )
    yield Row("`validate` 10,000 / 1,000, CPU time", large.cpu / small.cpu, 8)
    run([_FLASHSYNC, "fmt"], thousand)
    formatted = best(5, [_FLASHSYNC, "fmt", "--check"], thousand)
    yield Row(
        "`fmt --check` / `validate`, 1,000 formatted files, CPU time", formatted.cpu / small.cpu, 2
    )
    yield Row("`validate` 1,000, memory", small.memory, 65, "MiB")
    yield Row("`validate` 10,000, memory", large.memory, 250, "MiB")


def plan(folder: Path, thousand: Path, zones: Path) -> Iterator[Row]:
    """Time and memory of a `plan` without changes, against a sandbox with its limits on."""
    _say("octodns-sync")
    peer = run([str(_BIN / "octodns-sync"), "--config-file", "octodns.yaml"], zones)
    _say("plan 1,000 (a minute: the rate limit)")
    with serving(thousand) as sandbox:
        cost = run(_PLAN, thousand, sandbox.environ)
        yield Row(
            "`plan` 1,000 / `octodns-sync` dry run 1,000 zones, CPU time",
            cost.cpu / peer.cpu,
            0.15,
            note="with the start-up; about 40 % is one HTTP request a schedule",
        )
        yield from _against_limits("1,000", cost, sandbox)
    _say("plan 900 (20 s: the rate limit)")
    fewer = write_schedules(folder / "fewer", 900)
    with serving(fewer) as sandbox:
        yield from _against_limits("900", run(_PLAN, fewer, sandbox.environ), sandbox)
    _say("plan 9,900")
    most = write_schedules(folder / "most", 9900)
    with serving(most, listing_has_layers=True) as sandbox:
        cost = run(_PLAN, most, sandbox.environ)
    note = (
        "the sandbox's listing has the layers, else it takes 10 min; no more than 9,900 are listed"
    )
    yield Row("`plan` 9,900, memory", cost.memory, 400, "MiB", note)


def effects(folder: Path) -> Iterator[Row]:
    """The local engine alone, and a `plan` of changes with it and without effects."""
    _say("local effects")
    nothing = best(15, [_PYTHON, "-c", "pass"], folder).cpu
    cost = engine_cost(folder)
    for what, seconds, why in (
        ("its shifts computed once", cost.side, ""),
        ("computed before and after, and judged", cost.effect, ": twice the row above, and moves"),
    ):
        yield Row(
            f"local effects of a schedule, 14 days: {what}, CPU time",
            1000 * seconds,
            0.15,
            "ms",
            f"1,000 of these take {1000 * seconds / nothing:.1f} × `python -c pass`{why}",
        )
    _say("plan 1,000 changed (three minutes: the rate limit)")
    none, local = (_plan_of_changes(folder / "changed", mode) for mode in ("none", "local"))
    yield Row(
        "`plan` 1,000 changed, `--effects local` / `none`, CPU time",
        local.cpu / none.cpu,
        2,
        note="the shifts of each schedule are read in a request of their own, and written out",
    )


def _plan_of_changes(folder: Path, mode: str) -> Cost:
    """Each schedule differs from the live one in one layer, and no request was made before."""
    with serving(write_schedules(folder, 1000)) as sandbox:
        write_schedules(folder, 1000, swapped=True)
        command = [*_PLAN[:-1], "--effects", mode, "--rollout", "exact"]
        return run([*command, "--max-change-percent", "100"], folder, sandbox.environ)


def pages(thousand: Path) -> Iterator[Row]:
    """The calendar as a page, and as JSON."""
    _say("show --format html")
    command = [_FLASHSYNC, "show", "--offline", "--from", "2026-11-23", "--days", "42", "--format"]
    page, document = (best(2, [*command, format_], thousand) for format_ in ("html", "json"))
    yield Row(
        "`show --format html` / `json`, 1,000 schedules, 6 weeks, offline, CPU time",
        page.cpu / document.cpu,
        3,
        note="start-up, files and the engine are in both",
    )


def gap(folder: Path) -> Iterator[Row]:
    """The moment in which an override of the console can be lost."""
    _say("the gap between the last read and the update (a minute and a half: the rate limit)")
    found = measure_gap(folder / "gap", 250)
    one, longest = 1000 * found.round_trip, 1000 * max(found.round_trips)
    what = "gap between last read and update, 250 updates / one round trip"
    note = f"an update's own round trip takes {one:.0f} ms, {1000 * LATENCY:.0f} of these made"
    yield Row(f"{what}, median", found.median, 2, note=note)
    note = f"the longest round trip of the same run took {longest:.0f} ms"
    yield Row(f"{what}, maximum", found.longest, 2, note=note)


def _against_limits(count: str, cost: Cost, sandbox: Served) -> Iterator[Row]:
    asked = sandbox.asked()
    note = f"{asked.requests} requests, which take at least {floor(asked.requests):.0f} s"
    ratio = cost.wall / floor(asked.requests)
    yield Row(f"`plan` {count} / the floor of the rate limit, wall time", ratio, 1.12, note=note)
    yield Row(f"`plan` {count}, requests refused", asked.refused, 0, "")


def floor(requests: int) -> float:
    """Seconds that so many requests take at least, at 50 a second and 1,000 a minute."""
    minutes, rest = divmod(requests - 1, 1000)
    return max(1.0, 60 * minutes + rest // 50)


def _say(what: str) -> None:
    print(f"measuring {what} ...", file=sys.stderr, flush=True)
