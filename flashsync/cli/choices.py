"""Options of a closed set of words, and flags that are short for one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click
from click.core import ParameterSource

Command = TypeVar("Command", bound=Callable[..., Any])


class WordChoice(click.Choice[str]):
    """A closed set of words; suggests the nearest."""

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:
        """What is wrong, then what to do."""
        del ctx
        words = [str(word) for word in self.choices]
        return f"{value}; {suggest_word(str(value), words)}"


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
