"""`flashsync sandbox`: a local server that speaks the API."""

from __future__ import annotations

import click

from flashsync.cli.environment import BASE_URL, KEY
from flashsync.errors import ConfigError, ExitCode, UsageError

DEMO_KEY = "sandbox-key"


@click.command(name="sandbox")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True)
@click.option(
    "--seed",
    default="demo",
    show_default=True,
    help="demo, empty, or a number of schedules to make up.",
)
def command(port: int, seed: str) -> int:
    """Run a local server that speaks the API, with people, teams and schedules in it.

    State is kept in memory, and gone when the server stops (Ctrl-C).
    """
    try:
        from flashsync import sandbox
    except ImportError as missing:
        message = f"the sandbox needs {missing.name}"
        raise ConfigError(message, "pip install 'flashsync[sandbox]'") from None
    try:
        world = sandbox.seed(seed)
    except ValueError:
        message = f"--seed {seed} is neither demo nor empty nor a number"
        raise UsageError(message, "write for example --seed demo") from None
    try:
        sandbox.serve(world, port, ready=_tell)
    except OSError as error:
        message = f"port {port} cannot be used ({error.strerror})"
        raise UsageError(message, "choose another with --port, or 0 for any free one") from None
    return ExitCode.OK


def _tell(url: str) -> None:
    click.echo(f"The sandbox listens at {url}; Ctrl-C stops it. In another terminal:")
    click.echo(f"  export {BASE_URL}={url} {KEY}={DEMO_KEY}")
