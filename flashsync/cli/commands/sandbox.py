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
    help="Where to listen; 0 is any that is free.",
)
@click.option(
    "--seed",
    metavar="WORLD",
    default="demo",
    show_default=True,
    help="demo, empty, or a number of schedules to make up.",
)
@click.option(
    "--faults",
    "day",
    metavar="SEED[:PERCENT]",
    help="A bad day: so many requests go wrong, 10 % unless told; a seed is the same day again.",
)
@click.option(
    "--fault",
    "troubles",
    metavar="KIND@N",
    multiple=True,
    help="The N-th request goes wrong, for example gateway-after@7; a wrong KIND lists them.",
)
def command(port: int, seed: str, day: str | None, troubles: tuple[str, ...]) -> int:
    """Run a local server that speaks the API, with people, teams and schedules in it.

    State is kept in memory, and gone when the server stops (Ctrl-C).
    """
    try:
        from flashsync import sandbox
    except ImportError as missing:
        message = f"the sandbox needs {missing.name}"
        raise ConfigError(message, render_sandbox_install()) from None
    try:
        world = sandbox.seed(seed)
    except ValueError:
        message = f"--seed {seed} is neither demo nor empty nor a number"
        raise UsageError(message, "write for example --seed demo") from None
    try:
        sandbox.serve(world, port, now=clock, faults=_faults(day, troubles), ready=_tell)
    except OSError as error:
        message = f"port {port} cannot be used ({error.strerror})"
        raise UsageError(message, "choose another with --port, or 0 for any free one") from None
    return ExitCode.OK


def _faults(day: str | None, troubles: tuple[str, ...]) -> Faults:
    """What the options ask for. Raises UsageError."""
    from flashsync.sandbox import BadDay, Faults

    faults = Faults()
    if day is not None:
        seed, _, percent = day.partition(":")
        share = _share(percent.removesuffix("%")) if percent else PERCENT
        if not _number(seed) or share is None:
            message = f"--faults {day} is no number with a share of 0 to 100 %"
            raise UsageError(message, "write for example --faults 7:20")
        faults.day = BadDay(int(seed), share)
    for trouble in troubles:
        _plan(faults, trouble)
    return faults


def _plan(faults: Faults, trouble: str) -> None:
    from flashsync.sandbox import Fault

    kind, _, number = trouble.partition("@")
    kinds = [fault.value for fault in Fault]
    if kind not in kinds or not _number(number) or int(number) < 1:
        message = f"--fault {trouble} is no KIND@N"
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
