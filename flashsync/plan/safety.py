"""What a run may do and what speaks against it: deletions, the limits, masked and missing
secrets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from flashsync.errors import Position, Problem
from flashsync.model.wording import count, first
from flashsync.plan.match import Known
from flashsync.plan.model import Action, Caution, Create, Delete, Plan, Reason, Update

JUDGED_FROM = 10
"""Below this number of declared live schedules, a share in percent says nothing."""
ALL = 100
"""Percent: with this limit nothing is refused, though --prune can delete more than is declared."""


def too_much(actions: Sequence[Action], safety: Safety) -> Iterator[Problem]:
    """More deletes, or more changes, than one run may make.

    Updates and deletes are counted against the declared schedules that are live.
    """
    pruned = [act for act in actions if isinstance(act, Delete) and act.reason is Reason.PRUNED]
    if len(pruned) > safety.max_deletes:
        names = first([f"`{delete.name}`" for delete in pruned], 5)
        message = (
            f"--prune would delete {count(len(pruned), 'schedule')} ({names}), "
            f"and {safety.max_deletes} may be deleted in one run"
        )
        yield Problem(message, f"look at each, then pass --max-deletes {len(pruned)}")
    live = sum(
        not isinstance(action, Create) and action.source is not None and action.id is not None
        for action in actions
    )
    changed = sum(isinstance(action, Update | Delete) for action in actions)
    most = safety.max_change_percent
    if live >= JUDGED_FROM and most < ALL and changed * ALL > most * live:
        percent = min(ALL, -(-changed * ALL // live))
        message = (
            f"{count(changed, 'schedule')} would be changed or deleted, against {live} declared "
            f"ones that are live: {percent} %, and {most} % may be in one run"
        )
        yield Problem(message, f"look at each, then pass --max-change-percent {percent}")


def warn_of_refusals(plan: Plan) -> Plan:
    """The plan with warnings at creates that apply will refuse, for a run that does not apply."""
    actions: list[Action] = []
    for action in plan.actions:
        if isinstance(action, Create):
            refused = (why for why in plan.refusals if why.position == action.source)
            cautions = (Caution(refusal.text) for refusal in refused)
            action = replace(action, remarks=action.remarks.and_warnings(*cautions))
        actions.append(action)
    return replace(plan, actions=tuple(actions))


def masked(
    paths: Sequence[str], name: str, source: Position, ignored: Sequence[str] = ()
) -> Problem:
    """A write would lose a secret that the platform shows masked.

    `ignored` are the fields that the file leaves to the console.
    """
    message = f"{', '.join(paths)} of `{name}` reads back masked, so a write would lose it"
    remedy = "give the secret in the file, as {env: NAME} or {file: PATH}"
    if "notify" in ignored:
        remedy = (
            "declare `notify` in the file, with the secret as {env: NAME} or {file: PATH}, or edit "
            "the schedule in the console"
        )
    return Problem(message, remedy, source)


def missing_secrets(references: Sequence[str], name: str, source: Position) -> Problem:
    """A write has to send a secret that is not there."""
    message = f"`{name}` needs secrets that are not there: {', '.join(references)}"
    return Problem(message, "set the variable or write the file, then run again", source)


def warn_of_missing(references: Sequence[str]) -> Iterator[Caution]:
    """The warning of a plan: only apply has to have the secrets, perhaps on another machine."""
    if references:
        names = ", ".join(references)
        yield Caution(f"secrets that are not there, and that apply will need: {names}")


# What a run may do: deletions, safety limits, and what was allowed on the command line.


@dataclass(frozen=True, slots=True)
class Scope:
    """What --prune may delete: schedules that meet every key given. Team ids, name patterns."""

    teams: frozenset[int] | None = None
    names: tuple[str, ...] | None = None

    def holds(self, known: Known) -> bool:
        """Whether a live schedule is in scope; without any key, nothing is."""
        if self.teams is None and self.names is None:
            return False
        in_team = self.teams is None or known.team in self.teams
        named = self.names is None or any(fnmatchcase(known.name, name) for name in self.names)
        return in_team and named


@dataclass(frozen=True, slots=True)
class Safety:
    """How much one run may delete by --prune, and change in percent."""

    max_deletes: int = 0
    max_change_percent: int = 50


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What one run may do. `complete` is a run over all files, without paths or --only.

    With `tidy_before` (Unix seconds), it only drops what ended by then.
    """

    scope: Scope = field(default_factory=Scope)
    safety: Safety = field(default_factory=Safety)
    prune: bool = False
    create_lookalike: bool = False
    send_secrets: bool = False
    complete: bool = True
    tidy_before: int | None = None
