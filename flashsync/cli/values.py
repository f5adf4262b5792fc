"""The values of options: what was typed, turned into what it means, or refused."""

from __future__ import annotations

from typing import Any

import click

from flashsync.cli.reports import Report, is_web_address, twice
from flashsync.model.desired import RolloutKind
from flashsync.model.timezone import DAY, zone


def rate(context: click.Context, parameter: click.Parameter, value: str) -> float:
    """A share of the rate limit, 0.01 to 1, from `80%`."""
    text = value.removesuffix("%")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 100):
        message = f"{value} is no share of the rate limit: write 1% to 100%"
        raise click.BadParameter(message, context, parameter)
    return int(text) / 100


def rollout(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A rollout for one run: a word, or a time, which is read once the account's zone is known."""
    words = [kind.value for kind in RolloutKind if kind is not RolloutKind.AT]
    if value is None or value in words or value[:1].isdigit():
        return value
    message = f"{value} is no rollout: write {', '.join(words)} or a time like 2026-12-01 10:00"
    raise click.BadParameter(message, context, parameter)


def effects(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:
    """Who computes effects; imported when it is asked for."""
    del context, parameter
    if value is None:
        return None
    from flashsync.operations.effects import Mode

    return Mode(value)


def window(context: click.Context, parameter: click.Parameter, value: int | None) -> int | None:
    """Days, in seconds."""
    del context, parameter
    return None if value is None else value * DAY


def length(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """A length of time, in seconds."""
    if value is None:
        return None
    from flashsync.declared.command_line import span
    from flashsync.declared.problems import Findings

    try:
        return span(value)
    except Findings as found:
        (finding,) = found.findings
        message = f"{finding.message}: {finding.remedy}"
        raise click.BadParameter(message, context, parameter) from None


def checks(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> dict[str, str]:
    """Levels of checks for one run, each as `coverage_gap=warn`."""
    from flashsync.model.check_names import CHECKS, LEVELS

    found: dict[str, str] = {}
    for text in value:
        name, _, level = text.partition("=")
        if name not in CHECKS:
            message = f"{name} is no check: write one of {', '.join(CHECKS)}"
            raise click.BadParameter(message, context, parameter)
        if level not in LEVELS:
            message = f"{text} gives no level: write {name}=off, {name}=warn or {name}=error"
            raise click.BadParameter(message, context, parameter)
        found[name] = level
    return found


def timezone(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """An IANA zone."""
    try:
        return value and zone(value).key
    except ValueError:
        message = f"{value} is no IANA time zone: write for example Europe/Berlin"
        raise click.BadParameter(message, context, parameter) from None


def reports(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> tuple[Report, ...]:
    """Further views of the run, each as `markdown=plan.md`; refused before anything is done."""
    try:
        found = tuple(map(Report.of, value))
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from None
    if path := twice([one.path for one in found]):
        message = f"{path.name} is given twice: give each report a file of its own"
        raise click.BadParameter(message, context, parameter)
    return found


def journal(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A folder; an empty name, as of a variable that is not set, would be this folder here."""
    if value is not None and not value.strip():
        raise click.BadParameter("give a folder, or none", context, parameter)
    return value


def link_base(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Where files can be read on the web."""
    if value and not is_web_address(value):
        message = f"{value} is no address: write for example https://github.com/o/r/blob/main"
        raise click.BadParameter(message, context, parameter)
    return value
