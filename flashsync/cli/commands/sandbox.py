"""`flashsync sandbox`: a local server that speaks the API, and edits in its console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from flashsync.cli.option_values import WholeNumber
from flashsync.cli.process import clock, environment, render_sandbox_install
from flashsync.errors import ConfigError, ExitCode, UsageError
from flashsync.operations.environment import BASE_URL, KEY

if TYPE_CHECKING:
    from flashsync.sandbox import Faults, Options

DEMO_KEY = "sandbox-key"
DEFAULT_FAULT_PERCENT = 10.0
TEXT_FIELDS = ("schedule_name", "description")
EDIT = "/sandbox/edit"
"""The sandbox's own endpoint for edits in its console."""


@click.group(name="sandbox", invoke_without_command=True)
@click.option(
    "--port",
    type=WholeNumber(0, 65535),
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
    help="demo, recorded, empty, or a number of generated schedules.",
)
@click.option("--strict", is_flag=True, help="Refuse unknown fields, which the service ignores.")
@click.option(
    "--refuse",
    "refusals",
    metavar="ENDPOINT[=CODE]",
    multiple=True,
    help="Refuse an endpoint, such as /oncall/roles; CODE is RouteNotFound by default.",
)
@click.option(
    "--audit-days",
    type=WholeNumber(0),
    metavar="N",
    help="Keep the audit log for N days; without it, forever.",
)
@click.option(
    "--self-shifts/--no-self-shifts",
    default=True,
    help="Whether /schedule/self answers with computed shifts.",
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
@click.pass_context
def command(
    context: click.Context,
    /,
    port: int,
    seed: str,
    day: str | None,
    troubles: tuple[str, ...],
    **switches: Any,
) -> int:
    """Run a local server that speaks the API, with people, teams and schedules in it.

    Keeps its state in memory until the server stops (Ctrl-C). `flashsync sandbox edit` changes it
    from another terminal, as a colleague in the web console would.
    """
    if context.invoked_subcommand:
        return ExitCode.OK
    try:
        from flashsync import sandbox
    except ImportError as missing:
        message = f"the sandbox needs {missing.name}"
        raise ConfigError(message, render_sandbox_install()) from None
    try:
        world = sandbox.seed(seed)
    except ValueError:
        message = f"--seed must be demo, recorded, empty or a number, got {seed}"
        raise UsageError(message, "use a value like --seed demo") from None
    options, faults = _options(**switches), _faults(day, troubles)
    try:
        sandbox.serve(world, port, options, now=clock, faults=faults, ready=_print_address)
    except OSError as error:
        message = f"cannot listen on port {port} ({error.strerror})"
        raise UsageError(message, "choose another --port, or 0 for a free port") from None
    return ExitCode.OK


def _options(
    *, strict: bool, refusals: tuple[str, ...], audit_days: int | None, self_shifts: bool
) -> Options:
    """The sandbox's switches. Raises UsageError."""
    from flashsync.sandbox import CODES, ENDPOINTS, Options

    codes = {}
    for text in refusals:
        endpoint, _, code = text.partition("=")
        codes[endpoint] = code or "RouteNotFound"
        if endpoint not in ENDPOINTS:
            message = f"--refuse names the unknown endpoint {endpoint}"
            raise UsageError(message, f"use one of {', '.join(sorted(ENDPOINTS))}")
        if codes[endpoint] not in CODES:
            message = f"--refuse names the unknown code {code}"
            raise UsageError(message, f"use one of {', '.join(CODES)}")
    return Options(strict=strict, refusals=codes, audit_days=audit_days, self_shifts=self_shifts)


def _faults(day: str | None, troubles: tuple[str, ...]) -> Faults:
    """The faults of --faults and --fault. Raises UsageError."""
    from flashsync.sandbox import BadDay, Fault, Faults

    faults = Faults()
    if day is not None:
        seed, _, percent = day.partition(":")
        share = percent.removesuffix("%")
        if not _is_number(seed) or (percent and not (_is_number(share) and int(share) <= 100)):
            message = f"--faults must be a number with a share of 0 to 100 %, got {day}"
            raise UsageError(message, "use a value like --faults 7:20")
        faults.day = BadDay(int(seed), float(share or DEFAULT_FAULT_PERCENT))
    kinds = [fault.value for fault in Fault]
    for trouble in troubles:
        kind, _, number = trouble.partition("@")
        if kind not in kinds or not _is_number(number) or int(number) < 1:
            message = f"--fault must be KIND@N, got {trouble}"
            remedy = f"N counts requests from 1, and KIND is one of {', '.join(kinds)}"
            raise UsageError(message, remedy)
        faults.at(int(number), Fault(kind))
    return faults


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _print_address(url: str) -> None:
    click.echo(f"The sandbox listens at {url}; Ctrl-C stops it. In another terminal:")
    click.echo(f"  export {BASE_URL}={url} {KEY}={DEMO_KEY}")


@command.group(name="edit", no_args_is_help=False)
@click.option(
    "--by", metavar="PERSON", help="Who edits; by default a colleague of the key's member."
)
@click.pass_context
def edit(context: click.Context, by: str | None) -> None:
    """Edit a running sandbox, as a colleague in the web console would.

    It is found by FLASHDUTY_BASE_URL and FLASHDUTY_APP_KEY.
    """
    context.obj = by


@edit.command(name="set")
@click.argument("schedule")
@click.argument("values", metavar="FIELD=VALUE...", nargs=-1, required=True)
@click.pass_obj
def set_fields(by: str | None, schedule: str, values: tuple[str, ...]) -> int:
    """Set fields of a schedule: schedule_name, description, team_id, status, notify, layers.

    The value of a name or a description is text; other values are JSON.
    """
    fields = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"expected FIELD=VALUE, got {text}", 'use description="Call Bob"')
        fields[name] = value if name in TEXT_FIELDS else _json(name, value)
    return _send(by, "set", schedule=schedule, values=fields)


@edit.command(name="add")
@click.argument("schedule")
@click.argument("person")
@click.option("--layer", metavar="NAME", help="The layer; by default the first rotation.")
@click.pass_obj
def add(by: str | None, /, **fields: Any) -> int:
    """Add a person to a rotation, with the last turn."""
    return _send(by, "add", **fields)


@edit.command(name="override")
@click.argument("schedule")
@click.argument("people", metavar="PERSON...", nargs=-1, required=True)
@click.option(
    "--from", metavar="TIME", help="When it starts, in the account's zone; now by default."
)
@click.option("--hours", type=WholeNumber(1), metavar="N", help="How long it lasts; 8 by default.")
@click.option("--name", metavar="TEXT", help="What it is called.")
@click.pass_obj
def override(by: str | None, /, **fields: Any) -> int:
    """Put people on call for some hours, instead of all others."""
    return _send(by, "override", **fields)


@edit.command(name="delete")
@click.argument("schedule")
@click.pass_obj
def delete(by: str | None, schedule: str) -> int:
    """Delete a schedule."""
    return _send(by, "delete", schedule=schedule)


@edit.command(name="leave")
@click.argument("person")
@click.pass_obj
def leave(by: str | None, person: str) -> int:
    """Let a member leave the account."""
    return _send(by, "leave", person=person)


def _json(name: str, value: str) -> Any:
    import json

    try:
        return json.loads(value)
    except ValueError:
        message = f"{name} must be JSON, got {value}"
        raise UsageError(message, "use a value like team_id=0") from None


def _send(by: str | None, action: str, **fields: Any) -> int:
    """Send an edit to the sandbox, and print what was done. Raises UsageError."""
    from flashsync.api.errors import Invalid, NotFound, ReferenceExist
    from flashsync.operations.account import connect
    from flashsync.operations.environment import credentials
    from flashsync.operations.options import ConnectionOptions

    host = credentials(environment()).host
    if host not in ("127.0.0.1", "localhost", "::1"):
        message = f"{host} is not a sandbox on this machine"
        raise UsageError(message, f"set {BASE_URL} to the address that `flashsync sandbox` prints")
    body = {"action": action, "by": by, **fields}
    try:
        with connect(environment(), ConnectionOptions(rate=1), None) as client:
            click.echo(client.call(EDIT, body, once=True)["done"])
    except (Invalid, NotFound, ReferenceExist) as refused:
        raise UsageError(refused.detail, "see flashsync sandbox edit --help") from None
    return ExitCode.OK
