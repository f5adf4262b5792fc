"""`flashsync doctor`: what the key may do, and whether offline answers can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flashsync.cli.options import account_options, formats, screen_options
from flashsync.errors import ExitCode


@click.command(name="doctor")
@click.option(
    "--schedules",
    type=click.IntRange(0),
    default=50,
    show_default=True,
    metavar="N",
    help="Compare at most N live schedules with the local engine.",
)
@click.option("--config", metavar="FILE", help="Path of flashsync.yaml.")
@click.option("--only", multiple=True, metavar="NAME|GLOB", help="Compare only these.")
@formats("text", "json")
@screen_options
@account_options
def command(**given: Any) -> int:
    """Check key, permissions, clock and zone, and compare the local engine with the platform.

    Writes nothing and calls no endpoint that writes. Previews some small schedules without saving
    them. Exits 1 if plan and apply cannot work: the key, the account, its zone, or a permission
    that they need. Warnings do not change the exit code.
    """
    from flashsync.cli.diagnosing import DoctorRequest, diagnose
    from flashsync.cli.output import Output, write, write_json
    from flashsync.operations.account import Tuning
    from flashsync.render.doctor.json import render_doctor_json
    from flashsync.render.doctor.text import render_doctor

    output = Output.of(given)
    tuning = Tuning(given["rate"], given["parallel"])
    request = DoctorRequest(given["schedules"], given["only"], given["config"], tuning)
    found = diagnose(request, output, Path.cwd())
    if output.format == "json":
        write_json(render_doctor_json(found.diagnosis, found.directory))
    else:
        verbose, zone = output.verbosity > 0, given["timezone"] or ""
        write(
            render_doctor(
                found.diagnosis, found.directory, output.results, timezone=zone, verbose=verbose
            )
        )
    return ExitCode.OK if found.diagnosis.healthy else ExitCode.ERROR
