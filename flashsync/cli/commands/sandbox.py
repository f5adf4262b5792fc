"""`flashsync sandbox`: a local server that speaks the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flashsync.cli.extras import render_sandbox_install
from flashsync.errors import ConfigError, ExitCode, UsageError
from flashsync.operations.environment import BASE_URL, KEY, clock

if TYPE_CHECKING:
    from flashsync.sandbox import Faults

DEMO_KEY = "sandbox-key"
PERCENT = 10.0
"""The share of requests that go wrong on a bad day, where nobody says otherwise."""


@click.command(name="sandbox")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    metavar="N",
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--seed",
    metavar="WORLD",
    default="demo",
    show_default=True,
    help="demo, empty, or a number of generated schedules.",
)
@click.option(
    "--faults",
    "day",
    metavar="SEED[:PERCENT]",
    help="Make a share of requests fail, by default 10 %; the same seed repeats the same failures.",
)
@click.option(
    "--fault",
    "troubles",
    metavar="KIND@N",
    multiple=True,
    help="Make the N-th request fail, such as gateway-after@7; an unknown KIND lists all kinds.",
)
def command(port: int, seed: str, day: str | None, troubles: tuple[str, ...]) -> int:
    """Run a local server that speaks the API, with people, teams and schedules in it.

    Keeps its state in memory until the server stops (Ctrl-C).
    """
    try:
        from flashsync import sandbox
    except ImportError as missing:
        message = f"the sandbox needs {missing.name}"
        raise ConfigError(message, render_sandbox_install()) from None
    try:
        world = sandbox.seed(seed)
    except ValueError:
        message = f"--seed must be demo, empty or a number, got {seed}"
        raise UsageError(message, "use a value like --seed demo") from None
    try:
        sandbox.serve(world, port, now=clock, faults=_faults(day, troubles), ready=_tell)
    except OSError as error:
        message = f"cannot listen on port {port} ({error.strerror})"
        raise UsageError(message, "choose another --port, or 0 for a free port") from None
    return ExitCode.OK


def _faults(day: str | None, troubles: tuple[str, ...]) -> Faults:
    """What the options ask for. Raises UsageError."""
    from flashsync.sandbox import BadDay, Faults

    faults = Faults()
    if day is not None:
        seed, _, percent = day.partition(":")
        share = _share(percent.removesuffix("%")) if percent else PERCENT
        if not _number(seed) or share is None:
            message = f"--faults must be a number with a share of 0 to 100 %, got {day}"
            raise UsageError(message, "use a value like --faults 7:20")
        faults.day = BadDay(int(seed), share)
    for trouble in troubles:
        _plan(faults, trouble)
    return faults


def _plan(faults: Faults, trouble: str) -> None:
    from flashsync.sandbox import Fault

    kind, _, number = trouble.partition("@")
    kinds = [fault.value for fault in Fault]
    if kind not in kinds or not _number(number) or int(number) < 1:
        message = f"--fault must be KIND@N, got {trouble}"
        raise UsageError(
            message, f"N counts requests from 1, and KIND is one of {', '.join(kinds)}"
        )
    faults.at(int(number), Fault(kind))


def _share(text: str) -> float | None:
    return float(text) if _number(text) and int(text) <= 100 else None


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _tell(url: str) -> None:
    click.echo(f"The sandbox listens at {url}; Ctrl-C stops it. In another terminal:")
    click.echo(f"  export {BASE_URL}={url} {KEY}={DEMO_KEY}")
