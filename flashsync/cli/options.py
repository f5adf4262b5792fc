"""Options that several commands share, each group defined once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from flashsync.errors import UsageError
from flashsync.state.rollout import Rollout, RolloutKind
from flashsync.state.zone import zone

Command = TypeVar("Command", bound=Callable[..., Any])
Decorator = Callable[[Command], Command]


def stacked(*decorators: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """Several decorators as one, the first on top."""

    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def formats(*names: str) -> Callable[[Command], Command]:
    """`--format`, with the names that a command knows; the first is the default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="How to write the result.",
    )


class RateType(click.ParamType):
    """A share of the rate limit: `80%`."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The share, 0.01 to 1."""
        if isinstance(value, float):
            return value
        text = str(value).removesuffix("%")
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 100):
            self.fail(f"{value} is no share of the rate limit: write 1% to 100%", param, ctx)
        return int(text) / 100


class RolloutType(click.ParamType):
    """A rollout for one run. A time needs the account's zone, so only words are taken."""

    name = "rollout"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The rollout."""
        words = {kind.value: kind for kind in RolloutKind if kind is not RolloutKind.AT}
        if isinstance(value, Rollout):
            return value
        if value not in words:
            self.fail(f"{value} is no rollout: write {', '.join(words)}", param, ctx)
        return Rollout(words[value])


class ZoneType(click.ParamType):
    """An IANA zone."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The zone's name."""
        try:
            zone(str(value))
        except ValueError:
            self.fail(f"{value} is no IANA time zone: write for example Europe/Berlin", param, ctx)
        return value


file_options = stacked(
    click.argument("paths", nargs=-1, metavar="[PATH]..."),
    click.option("--config", metavar="FILE", help="Use this flashsync.yaml."),
    click.option("--only", multiple=True, metavar="NAME|GLOB", help="Narrow the run to these."),
)

screen_options = stacked(
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="NO_COLOR means never.",
    ),
)

account_options = stacked(
    click.option(
        "--parallel",
        type=click.IntRange(1, 64),
        default=8,
        show_default=True,
        help="Requests at once.",
    ),
    click.option(
        "--rate",
        type=RateType(),
        default="80%",
        show_default=True,
        help="Share of the account's rate limit to use.",
    ),
    click.option("--timezone", type=ZoneType(), help="Show times in this zone; changes no meaning."),
    click.option(
        "-v",
        "verbose",
        count=True,
        help="Name each request with its id; -vv shows bodies without secrets.",
    ),
)

planning_options = stacked(
    click.option("--prune", is_flag=True, help="Delete what is in `manage` scope and undeclared."),
    click.option("--max-deletes", type=click.IntRange(0), metavar="N", help="Allow more, once."),
    click.option(
        "--max-change-percent", type=click.IntRange(0, 100), metavar="N", help="Allow more, once."
    ),
    click.option(
        "--rollout",
        type=RolloutType(),
        help="When edits of rotations take effect, for this run: exact, next_handoff or now.",
    ),
    click.option(
        "--create-lookalike",
        is_flag=True,
        help="Create a schedule although an undeclared one has the same rotation.",
    ),
)


def check_prune(*, prune: bool, paths: tuple[str, ...], only: tuple[str, ...]) -> None:
    """`--prune` means all files: with some of them, all others would look undeclared."""
    if prune and (paths or only):
        given = "paths" if paths else "--only"
        raise UsageError(f"--prune does not go with {given}", "run it over all files")
