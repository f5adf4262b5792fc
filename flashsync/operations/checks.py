"""Judges a plan: its effects, then its checks, with the facts that these read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from flashsync.api.client import Client
from flashsync.api.endpoints import escalations
from flashsync.api.errors import Closed, Unread, read_if_possible
from flashsync.checks.expectations import count_past
from flashsync.checks.judge import judge, judge_double_booking
from flashsync.checks.model import Case, CheckResult, CheckSettings, quoted
from flashsync.checks.open_incidents import find_relieved
from flashsync.checks.references import needs_rules
from flashsync.errors import Level, Problem
from flashsync.model.account_records import Incident, Reference
from flashsync.model.check_registry import (
    CHECKS,
    DOUBLE_BOOKED,
    OPEN_INCIDENTS,
    REFERENCES,
    Needs,
)
from flashsync.model.desired import Desired
from flashsync.model.schedule import Schedule
from flashsync.operations.effects import Foreseen, foresee
from flashsync.operations.files import Files, levels
from flashsync.operations.options import EffectsMode, PlanOptions
from flashsync.operations.session import Session
from flashsync.plan.model import Caution, Delete, Effect, EffectSource, Plan, Unchanged
from flashsync.plan.words import Words
from flashsync.rotation.calendar import computable

ALWAYS = frozenset(id for id, spec in CHECKS.items() if spec.needs is Needs.PEOPLE)
"""The checks of unchanged schedules, next to expectations: people leave while files stay."""


def judge_plan(
    session: Session,
    plan: Plan,
    desired: Sequence[Desired],
    live: Mapping[int, Schedule],
    words: Words,
    files: Files,
    options: PlanOptions,
) -> Plan:
    """The plan with its effects and the results of the checks."""
    by_name = {one.name: one for one in desired}
    settings = levels(files.settings.config, options.checks)
    foreseen = foresee(
        plan,
        live,
        session.client,
        options.effects or EffectsMode.AUTO,
        seconds=options.window,
        least=settings.within,
        also=_need_calendars(plan, by_name, settings),
        lanes=options.lanes,
    )
    cases = _make_cases(foreseen, by_name, words)
    guards = read_guards(session.client, settings, cases.values(), session.now())
    cases = {
        index: replace(case, references=guards.references, incidents=guards.incidents)
        for index, case in cases.items()
    }
    results = _run_checks(foreseen.plan, cases, settings)
    plan = _with_results(foreseen.plan, cases, results, files)
    return replace(plan, notes=(*plan.notes, *guards.notes))


# In all that follows, an index is the place of an action in its plan.


def _need_calendars(
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
        if (declared := desired.get(action.name))
        and (declared.expect or (booked and not computable(declared.schedule.layers)))
    ]


def _make_cases(
    foreseen: Foreseen, desired: Mapping[str, Desired], words: Words
) -> dict[int, Case]:
    """The case of each action with known sides."""
    plan, cases = foreseen.plan, {}
    window = plan.window or (plan.created_at, plan.created_at)
    for index, sides in foreseen.sides.items():
        action, lookup = plan.actions[index], foreseen.calendars.get(index)
        effect = None if isinstance(action, Unchanged) else action.effect
        if lookup and sides.after is not None and (effect is None or effect.after is None):
            effect = replace(effect or Effect(EffectSource.LOCAL), after=lookup(*window))
        case = Case(
            action.name,
            None if isinstance(action, Delete) else desired.get(action.name),
            sides.before,
            sides.after,
            words,
            plan.created_at,
            plan.account.timezone,
            effect,
            window=window,
        )
        cases[index] = replace(case, calendar=lookup) if lookup else case
    return cases


def _run_checks(
    plan: Plan, cases: Mapping[int, Case], settings: CheckSettings
) -> dict[int, list[CheckResult]]:
    """What the checks find; of unchanged schedules, only a few run."""
    others = {name: None for name in CHECKS if name not in ALWAYS}
    of_unchanged = replace(settings, run={**settings.run, **others})
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
    return results


def _with_results(
    plan: Plan,
    cases: Mapping[int, Case],
    results: Mapping[int, Sequence[CheckResult]],
    files: Files,
) -> Plan:
    """The plan with warnings and past expectations on its actions, and errors as refusals."""
    declared = {one.schedule.schedule: one for one in files.selected}
    actions, refusals = list(plan.actions), list(plan.refusals)
    for index, case in cases.items():
        action, warnings, notes = actions[index], [], []
        if number := count_past(case):
            verb = "is" if number == 1 else "are"
            notes.append(f"{number} of its expectations {verb} past and not run")
        for result in results[index]:
            if result.level is Level.WARNING:
                warnings.append(Caution(result.text, result.check))
                continue
            # Another schedule may have the name of a deleted one in the files.
            source = None if isinstance(action, Delete) else declared.get(result.schedule)
            position = action.source
            if source is not None and result.path:
                position = files.reading.locator.locate(source.origin, result.path)
            remedy = result.remedy
            if result.check in CHECKS:  # an expectation has no level that could let it pass
                remedy = f"{remedy}, or pass --check-level {result.check}=warn"
            name = quoted(result.schedule)
            message = result.message if name in result.message else f"{name}: {result.message}"
            refusals.append(Problem(f"{message} ({result.check})", remedy, position))
        if warnings or notes:
            remarks = action.remarks.and_notes(*notes).and_warnings(*warnings)
            actions[index] = replace(action, remarks=remarks)
    return replace(plan, actions=tuple(actions), refusals=tuple(refusals))


# Facts other than schedules, read only if a change needs them.

_WHY = {
    Closed.DENIED: "the key may not read {what}",
    Closed.NOT_SUBSCRIBED: "the account's subscription does not cover {what}",
    Closed.UNKNOWN: "this server cannot be asked for {what}",
    None: "{what} could not be read ({reason})",
}
"""How a note begins if the facts of a check cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Guards:
    """Escalation rules and open incidents, if they are needed; `notes` say what is missing."""

    references: tuple[Reference, ...] = ()
    incidents: tuple[Incident, ...] = ()
    notes: tuple[str, ...] = ()


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
        f"{_WHY[facts.why].format(what=what, reason=facts.reason)}, so {check} was not checked"
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
