"""What hands type that know other tools, and what it is called here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import click

_DELETE = "write `absent: true` in the file of the schedule, then flashsync apply"
_KEY = "no option takes the APP key; set FLASHDUTY_APP_KEY"
_PATHS = "name files without an option, as in flashsync plan schedules/prod.yaml"

COMMAND_HABITS: Mapping[str, str] = {
    "diff": "did you mean plan?",
    "preview": "did you mean plan?",
    "dry-run": "did you mean plan?",
    "up": "did you mean apply?",
    "deploy": "did you mean apply?",
    "push": "did you mean apply?",
    "sync": "did you mean apply?",
    "create": "did you mean apply?",
    "update": "did you mean apply?",
    "destroy": _DELETE,
    "delete": _DELETE,
    "rm": _DELETE,
    "down": _DELETE,
    "prune": "write flashsync apply --prune",
    "state": "the account is the state; flashsync list shows what it has",
    "refresh": "did you mean drift?",
    "status": "did you mean drift?",
    "audit": "did you mean drift?",
    "rollback": "did you mean undo?",
    "revert": "did you mean undo?",
    "restore": "did you mean undo?",
    "history": "write flashsync undo --list",
    "log": "write flashsync undo --list",
    "clean": "did you mean tidy?",
    "cleanup": "did you mean tidy?",
    "gc": "did you mean tidy?",
    "lint": "did you mean validate?",
    "check": "did you mean validate?",
    "test": "did you mean validate?",
    "format": "did you mean fmt?",
    "get": "did you mean list?",
    "ls": "did you mean list?",
    "adopt": "did you mean import?",
    "export": "did you mean import?",
    "dump": "did you mean import?",
    "fetch": "did you mean pull?",
    "clone": "did you mean pull?",
    "mv": "did you mean rename?",
    "new": "did you mean init?",
    "cal": "did you mean show?",
    "calendar": "did you mean show?",
    "describe": "did you mean explain?",
    "why": "did you mean explain?",
    "who": "did you mean oncall?",
    "now": "did you mean oncall?",
    "on-call": "did you mean oncall?",
    "whoami": "did you mean doctor?",
    "login": _KEY.replace("no option takes the APP key; set", "set the APP key as"),
    "auth": _KEY.replace("no option takes the APP key; set", "set the APP key as"),
    "edit": "edit the file of the schedule, then flashsync plan",
    "join": "did you mean add?",
    "leave": "did you mean remove?",
    "swap": "did you mean replace?",
    "server": "did you mean serve?",
    "web": "did you mean serve?",
    "dashboard": "did you mean serve?",
    "watch": "write flashsync show --watch",
    "version": "write flashsync --version",
    "help": "write flashsync --help",
}
"""Commands of other tools, each with what to do instead."""

OPTION_HABITS: Mapping[str, tuple[str, ...]] = {
    "--yes": ("--auto-approve",),
    "--approve": ("--auto-approve",),
    "--assume-yes": ("--auto-approve",),
    "--force": ("--auto-approve",),
    "--target": ("--only",),
    "--filter": ("--only",),
    "--name": ("--only",),
    "--schedule": ("--only",),
    "-n": ("--only",),
    "--output": ("--out", "--format"),
    "-o": ("--json",),
    "--save": ("--out",),
    "--concurrency": ("--parallel",),
    "--parallelism": ("--parallel",),
    "--jobs": ("--parallel",),
    "-j": ("--parallel",),
    "--debug": ("-vv",),
    "--verbose": ("-v",),
    "--colour": ("--color",),
    "--no-colour": ("--no-color",),
    "--tz": ("--timezone",),
    "--zone": ("--timezone",),
    "--when": ("--at",),
    "--time": ("--at",),
    "--on": ("--at",),
    "--since": ("--from",),
    "--start": ("--from",),
    "--exit-code": ("--detailed-exitcode", "--check"),
    "--dry-run": ("--check",),
    "--me": ("--mine",),
    "--user": ("--person",),
    "--local": ("--offline",),
}
"""Options of other tools, each with the options here that may be meant."""

_EXPLAINED_OPTIONS: Mapping[str, str] = {
    "--dry-run": "flashsync plan shows the changes and writes nothing",
    "--refresh-only": "flashsync drift shows what differs",
    "--destroy": _DELETE,
    "--file": _PATHS,
    "--filename": _PATHS,
    "-f": _PATHS,
    "--app-key": _KEY,
    "--api-key": _KEY,
    "--key": _KEY,
    "--token": _KEY,
}


def suggest_command(name: str, commands: Collection[str]) -> str:
    """What to type instead of an unknown command; empty if that is anybody's guess."""
    from difflib import get_close_matches

    word = name.lower()
    if word in COMMAND_HABITS:
        return COMMAND_HABITS[word]
    near = get_close_matches(word, commands, n=1)
    return f"did you mean {near[0]}?" if near else ""


def suggest_option(name: str, command: click.Command) -> str:
    """What to type instead of an unknown option of a command, or empty."""
    from difflib import get_close_matches

    known = _options_of(command)
    if "-v" in known:
        known.append("-vv")
    meant = next((other for other in OPTION_HABITS.get(name, ()) if other in known), None)
    plans = command.name in ("plan", "apply")
    if name in _EXPLAINED_OPTIONS and (plans or meant is None):
        return _EXPLAINED_OPTIONS[name]
    if meant is None and name.startswith("--"):
        near = get_close_matches(name, [one for one in known if one.startswith("--")], n=1)
        meant = near[0] if near else None
    return f"did you mean {meant}?" if meant else ""


def find_single_dash(command: click.Command, arguments: Sequence[str]) -> str | None:
    """A long option with one dash, as Terraform takes them: `-out=FILE`."""
    known = _options_of(command)
    for argument in arguments:
        if argument == "--":
            return None
        name = argument.partition("=")[0]
        if name.startswith("-") and not name.startswith("--") and f"-{name}" in known:
            return name
    return None


def _options_of(command: click.Command) -> list[str]:
    return [
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
    ]
