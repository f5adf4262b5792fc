"""The benchmarks are run by hand: what they measure on has to stay valid meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.corpus import write_schedules, write_zones
from benchmarks.engine import engine_cost
from benchmarks.gap import measure_gap
from benchmarks.goals import floor
from benchmarks.measure import run
from benchmarks.server import serving
from benchmarks.table import Row, render
from flashsync import __version__
from flashsync.cli.main import main

pytestmark = pytest.mark.processes


def test_corpus_validates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write_schedules(tmp_path, 3))
    assert main(["validate"]) == 0
    assert "3 files, 3 schedules: no problems" in capsys.readouterr().out


def test_sandbox_has_what_the_corpus_declares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write_schedules(tmp_path, 3))
    with serving(tmp_path) as sandbox:
        for name, value in sandbox.environ.items():
            monkeypatch.setenv(name, value)
        assert main(["plan", "--detailed-exitcode"]) == 0, capsys.readouterr().out
        assert sandbox.asked().requests >= 4
        assert sandbox.asked().refused == 0


def test_a_swapped_corpus_changes_each_schedule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write_schedules(tmp_path, 2))
    with serving(tmp_path) as sandbox:
        write_schedules(tmp_path, 2, swapped=True)
        for name, value in sandbox.environ.items():
            monkeypatch.setenv(name, value)
        assert main(["plan", "--effects", "local", "--rollout", "exact"]) == 0
    assert "2 to update" in capsys.readouterr().out


def test_the_gap_before_an_update_is_measured(tmp_path: Path) -> None:
    found = measure_gap(tmp_path, 2, latency=0.1)
    assert len(found.gaps) == 2
    assert found.round_trips
    assert min(found.gaps) >= 0.1
    assert 0 < found.median <= found.longest


def test_the_engine_is_measured(tmp_path: Path) -> None:
    cost = engine_cost(tmp_path, times=2)
    assert 0 < cost.side < cost.effect < 1


def test_zones_have_thirty_records(tmp_path: Path) -> None:
    write_zones(tmp_path, 2)
    (zone,) = (tmp_path / "source").glob("zone00001*")
    assert zone.read_text().count("type: A") == 30


def test_cost_is_measured(tmp_path: Path) -> None:
    # In a process of its own: a child's largest size counts its parent's too, as it is begun.
    program = (
        "import sys, pathlib; from benchmarks.measure import best; "
        "cost = best(2, [sys.executable, '-c', 'pass'], pathlib.Path.cwd()); "
        "print(cost.cpu, cost.wall, cost.memory)"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    cpu, wall, memory = (float(number) for number in done.stdout.split())
    assert cpu > 0
    assert wall > 0
    assert 1 < memory < 200


def test_version_is_printed_without_a_parser(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "flashsync", "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == f"flashsync {__version__}\n"
    assert "| click" not in done.stderr


def test_failing_program_is_not_a_measurement(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 1: sorry"):
        run([sys.executable, "-c", "import sys; sys.exit('sorry')"], tmp_path)


@pytest.mark.parametrize(
    ("requests", "seconds"), [(1, 1), (50, 1), (101, 2), (1000, 19), (1001, 60), (1051, 61)]
)
def test_floor_of_the_rate_limit(requests: int, seconds: float) -> None:
    assert floor(requests) == seconds


def test_table() -> None:
    rows = [Row("speed", 0.05, 0.1), Row("memory", 70.4, 65, "MiB", "too much"), Row("x", None, 1)]
    assert render(rows).splitlines() == [
        "| what   | measured | goal      |            | how, and what holds it back |",
        "|--------|----------|-----------|------------|-----------------------------|",
        "| speed  | 0.050 ×  | ≤ 0.100 × | met        |                             |",
        "| memory | 70 MiB   | ≤ 65 MiB  | **missed** | too much                    |",
        "| x      | –        | ≤ 1 ×     | later      |                             |",
    ]
