"""The values of options: what was typed becomes a value, or is refused.

Functions without a context are types of options: click calls them only for what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from flashsync.cli.reports import Report, find_duplicate, is_web_address
from flashsync.model.desired import RolloutKind
from flashsync.model.timezone import DAY, zone
from flashsync.operations.options import EffectsMode

Command = TypeVar("Command", bound=Callable[..., Any])


class WordChoice(click.Choice[str]):
    """A closed set of words; suggests the nearest."""

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:
        """What is wrong, then what to do."""
        del ctx
        words = [str(word) for word in self.choices]
        return f"{value}; {suggest_word(str(value), words)}"


class WholeNumber(click.IntRange):
    """A whole number within a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; what does not fit is refused with the range and the value."""
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            most = "or more" if self.max is None else f"to {self.max}"
            self.fail(f"must be {self.min} {most}, got {value}", param, ctx)


def suggest_word(text: str, words: Iterable[str]) -> str:
    """The remedy for a word that is not one of these."""
    from difflib import get_close_matches

    words = list(words)
    near = get_close_matches(text.lower(), words, n=1)
    return f"did you mean {near[0]}?" if near else f"use one of {', '.join(words)}"


def short_form(flag: str, option: str, value: str) -> Callable[[Command], Command]:
    """A flag that is short for an option with a value, which `of_short_form` reads."""

    def remember(context: click.Context, parameter: click.Parameter, given: bool) -> None:
        del parameter
        if given:
            context.meta[f"flashsync {option}"] = (flag, value)

    return click.option(
        flag,
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=remember,
        help=f"Short for {option} {value}.",
    )


def of_short_form(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """The value of an option, or of its short form if that is given instead."""
    option = parameter.opts[0]
    flag, meant = context.meta.get(f"flashsync {option}", ("", value))
    given = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
    if given and meant != value:
        raise click.UsageError(f"{flag} cannot be used with {option} {value}; remove one", context)
    return str(meant)


def stacked(*decorators: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """Several decorators as one, the first on top."""

    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


# One option each.


def parse_rate(value: str) -> float:
    """A share of the rate limit, 0.01 to 1, from `80%`."""
    text = value.removesuffix("%")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 100):
        message = f"expected 1% to 100%, got {value}"
        raise click.BadParameter(message)
    return int(text) / 100


def parse_rollout(value: str) -> str:
    """A rollout for one run: a word, or a time, which is read once the account's zone is known."""
    words = [kind.value for kind in RolloutKind if kind is not RolloutKind.AT]
    if value in words or value[:1].isdigit():
        return value
    message = f"unknown rollout {value}; use {', '.join(words)} or a time like 2026-12-01 10:00"
    raise click.BadParameter(message)


def parse_effects(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> EffectsMode | None:
    """Who computes effects."""
    del context, parameter
    return None if value is None else EffectsMode(value)


def parse_window(
    context: click.Context, parameter: click.Parameter, value: int | None
) -> int | None:
    """Days, in seconds."""
    del context, parameter
    return None if value is None else value * DAY


def parse_length(value: str) -> int:
    """A length of time, in seconds."""
    from flashsync.declared.command_line import span
    from flashsync.declared.problems import Findings

    try:
        return span(value)
    except Findings as wrong:
        (finding,) = wrong.findings
        message = f"{finding.message}; {finding.remedy}"
        raise click.BadParameter(message) from None


LEAST_INTERVAL = 10
"""Seconds between two reads of an account, at least."""


def parse_interval(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> int | None:
    """Seconds between two reads."""
    if value is None:
        return None
    text = value.removesuffix("s")
    if not (text.isascii() and text.isdecimal() and LEAST_INTERVAL <= int(text) <= DAY):
        message = f"expected seconds, {LEAST_INTERVAL} or more, got {value}"
        if parameter.opts[0] == "--watch":
            message = f"{message}; write paths before --watch"
        raise click.BadParameter(message, context, parameter)
    return int(text)


def parse_checks(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> dict[str, str]:
    """Levels of checks for one run, each as `coverage_gap=warn`."""
    from flashsync.model.check_registry import CHECKS, LEVELS

    checks: dict[str, str] = {}
    for text in value:
        name, _, level = text.partition("=")
        if name not in CHECKS:
            message = f"unknown check {name}; {suggest_word(name, CHECKS)}"
            raise click.BadParameter(message, context, parameter)
        if level not in LEVELS:
            message = (
                f"missing or unknown level in {text}; use {name}=off, {name}=warn or {name}=error"
            )
            raise click.BadParameter(message, context, parameter)
        checks[name] = level
    return checks


def parse_timezone(value: str) -> str:
    """An IANA zone."""
    try:
        return value and zone(value).key
    except ValueError:
        message = f"unknown IANA time zone {value}; use a name like Europe/Berlin"
        raise click.BadParameter(message) from None


def parse_reports(
    views: Sequence[str],
    context: click.Context,
    parameter: click.Parameter,
    value: tuple[str, ...],
) -> tuple[Report, ...]:
    """Reports, each as `markdown=plan.md`; wrong ones are refused before anything is done."""
    try:
        reports = tuple(Report.of(text, views) for text in value)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from None
    if path := find_duplicate([report.path for report in reports]):
        message = f"two reports write {path.name}; use a file for each"
        raise click.BadParameter(message, context, parameter)
    return reports


def parse_journal(value: str) -> str:
    """A folder, or none; an empty name, as of an unset variable, is refused."""
    if not value.strip():
        raise click.BadParameter("expected a folder or none, got an empty name")
    return value


def parse_link_base(value: str) -> str:
    """The web address of the files."""
    if value and not is_web_address(value):
        message = f"expected an address like https://github.com/o/r/blob/main, got {value}"
        raise click.BadParameter(message)
    return value
