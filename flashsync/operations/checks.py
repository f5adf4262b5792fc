"""The checks of a plan: their cases, their levels, and the facts that they read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from flashsync.api.client import Client
from flashsync.api.endpoints import escalations
from flashsync.api.errors import Closed, Unread, read_if_possible
from flashsync.checks.expectations import count_past
from flashsync.checks.judge import judge, judge_double_booking
from flashsync.checks.model import Case, CheckResult, CheckSettings
from flashsync.checks.open_incidents import find_relieved
from flashsync.checks.references import needs_rules
from flashsync.errors import Level, Position, Problem
from flashsync.model.check_registry import (
    CHECKS,
    DOUBLE_BOOKED,
    OPEN_INCIDENTS,
    REFERENCES,
    Needs,
)
from flashsync.model.desired import Desired
from flashsync.model.escalations import Incident, Reference
from flashsync.model.schedule import Schedule
from flashsync.operations.effects import Foreseen
from flashsync.operations.files import Declared, Reading
from flashsync.plan.effects import Sides, sides_of
from flashsync.plan.model import Action, Caution, Delete, Effect, EffectSource, Plan, Unchanged
from flashsync.plan.words import Words
from flashsync.rotation.calendar import computable

ALWAYS = frozenset(id for id, spec in CHECKS.items() if spec.needs is Needs.PEOPLE)
"""The checks of unchanged schedules, next to expectations: people leave while files stay."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where schedules are declared, by their names."""

    declared: Mapping[str, Declared]
    reading: Reading

    def position(self, result: CheckResult, action: Action) -> Position | None:
        """The position of a finding, by default of its schedule.

        A deleted schedule has none of its own: another schedule may have its name in the files.
        """
        deleted = isinstance(action, Delete)
        declared = None if deleted else self.declared.get(result.schedule)
        if declared is None or not result.path:
            return action.source
        return self.reading.locator.locate(declared.origin, result.path)


# In all that follows, an index is the place of an action in its plan.


def need_calendars(
    plan: Plan, desired: Mapping[str, Desired], settings: CheckSettings
) -> Collection[int]:
    """The actions that need a calendar although no shift moves.

    These are schedules with expectations, and if people may not be on two schedules at once, those
    whose turns only the platform knows.
    """
    booked = settings.is_set(DOUBLE_BOOKED) and settings.level(DOUBLE_BOOKED)
    return [
        index
        for index, action in enumerate(plan.actions)
        if action.name in desired
        and (
            desired[action.name].expect
            or (booked and not computable(desired[action.name].schedule.layers))
        )
    ]


def make_cases(
    foreseen: Foreseen,
    desired: Mapping[str, Desired],
    live: Mapping[int, Schedule],
    words: Words,
) -> dict[int, Case]:
    """The case of each action with known sides."""
    plan = foreseen.plan
    return {
        index: _make_case(foreseen, index, _declared(action, desired), sides, words)
        for index, action in enumerate(plan.actions)
        if (sides := sides_of(action, live, plan.created_at)).known
    }


def _declared(action: Action, desired: Mapping[str, Desired]) -> Desired | None:
    """The declared schedule of an action; a deleted schedule has none."""
    return None if isinstance(action, Delete) else desired.get(action.name)


def _make_case(
    foreseen: Foreseen, index: int, desired: Desired | None, sides: Sides, words: Words
) -> Case:
    plan, action = foreseen.plan, foreseen.plan.actions[index]
    case = Case(
        action.name,
        desired,
        sides.before,
        sides.after,
        words,
        plan.created_at,
        plan.account.timezone,
        None if isinstance(action, Unchanged) else action.effect,
        window=plan.window or (plan.created_at, plan.created_at),
    )
    lookup = foreseen.calendars.get(index)
    if lookup is None:
        return case
    effect = case.effect or Effect(EffectSource.LOCAL)
    if effect.after is None and sides.after is not None:  # no shift moves
        case = replace(case, effect=replace(effect, after=lookup(*case.window)))
    return replace(case, calendar=lookup)


def run_checks(
    plan: Plan, cases: Mapping[int, Case], settings: CheckSettings, places: Places
) -> Plan:
    """The plan with the results of checks: warnings on its actions, errors among its refusals."""
    of_unchanged = _only(settings, ALWAYS)
    unchanged = [isinstance(action, Unchanged) for action in plan.actions]
    results = {
        index: [*judge([case], of_unchanged if unchanged[index] else settings)]
        for index, case in cases.items()
    }
    changed_first = sorted(cases, key=unchanged.__getitem__)
    ordered = [cases[index] for index in changed_first]
    changed = range(len(cases) - sum(unchanged[index] for index in cases))
    for number, result in judge_double_booking(ordered, settings, changed):
        results[changed_first[number]].append(result)
    return _with_results(plan, results, _note_expired(cases), places)


def _only(settings: CheckSettings, names: Collection[str]) -> CheckSettings:
    """The levels with all other checks off."""
    others = {name: None for name in CHECKS if name not in names}
    return replace(settings, run={**settings.run, **others})


def _note_expired(cases: Mapping[int, Case]) -> dict[int, str]:
    """A note for each case with past expectations."""
    counts = {index: count_past(case) for index, case in cases.items()}
    return {
        index: f"{number} of its expectations {'is' if number == 1 else 'are'} past and not run"
        for index, number in counts.items()
        if number
    }


def _with_results(
    plan: Plan,
    results: Mapping[int, list[CheckResult]],
    expired: Mapping[int, str],
    places: Places,
) -> Plan:
    actions: list[Action] = []
    refusals = list(plan.refusals)
    for index, action in enumerate(plan.actions):
        own = results.get(index, [])
        warnings = [
            Caution(result.text, result.check) for result in own if result.level is Level.WARNING
        ]
        notes = [expired[index]] if index in expired else []
        remarks = action.remarks.and_notes(*notes).and_warnings(*warnings)
        actions.append(replace(action, remarks=remarks) if warnings or notes else action)
        refusals += [
            Problem(
                f"{result.message} ({result.check})",
                _remedy(result),
                places.position(result, action),
            )
            for result in own
            if result.level is Level.ERROR
        ]
    return replace(plan, actions=tuple(actions), refusals=tuple(refusals))


def _remedy(result: CheckResult) -> str:
    """What to do; an expectation has no level that could let it pass."""
    if result.check not in CHECKS:
        return result.remedy
    return f"{result.remedy}, or pass --check-level {result.check}=warn"


# Facts other than schedules, read only if a change needs them.

_WHY = {
    Closed.DENIED: "the key may not read {what}",
    Closed.NOT_SUBSCRIBED: "the account's subscription does not cover {what}",
    Closed.UNKNOWN: "this server cannot be asked for {what}",
}
"""How a note begins if the facts of a check cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Guards:
    """Escalation rules and open incidents, if they are needed; `notes` say what is missing."""

    references: tuple[Reference, ...] = ()
    incidents: tuple[Incident, ...] = ()
    notes: tuple[str, ...] = ()

    def add_to(self, case: Case) -> Case:
        """The case with these facts."""
        return replace(case, references=self.references, incidents=self.incidents)


def read_guards(
    client: Client, settings: CheckSettings, cases: Collection[Case], now: int
) -> Guards:
    """Read the facts that the cases need, unless their check is off.

    If they cannot be read, the check is left out, and a note says so, as `doctor` does. Raises a
    Failure that all other calls would meet, too.
    """
    rules: tuple[Reference, ...] | Unread = ()
    handled: tuple[Incident, ...] | Unread = ()
    if settings.level(REFERENCES) and any(needs_rules(case) for case in cases):
        rules = read_if_possible(lambda: escalations.references(client))
    if settings.level(OPEN_INCIDENTS) and any(find_relieved(case) for case in cases):
        handled = read_if_possible(lambda: escalations.open_incidents(client, now))
    notes = [
        f"{_why(facts, what)}, so {check} was not checked"
        for facts, what, check in (
            (rules, "channels and their escalation rules", REFERENCES),
            (handled, "incidents", OPEN_INCIDENTS),
        )
        if isinstance(facts, Unread)
    ]
    rules = () if isinstance(rules, Unread) else rules
    handled = () if isinstance(handled, Unread) else handled
    if len(handled) >= escalations.MOST:
        notes.append(f"{OPEN_INCIDENTS} looked at {len(handled)} open incidents; there may be more")
    return Guards(rules, handled, tuple(notes))


def _why(facts: Unread, what: str) -> str:
    if facts.why is None:
        return f"{what} could not be read ({facts.reason})"
    return _WHY[facts.why].format(what=what)
