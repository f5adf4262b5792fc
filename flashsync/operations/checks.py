"""The checks of a plan: whom they judge, by which levels, and the facts they read for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from flashsync.api.client import Client
from flashsync.api.endpoints import escalations, incidents
from flashsync.api.errors import Closed, Failure, closed
from flashsync.checks.expectations import count_past
from flashsync.checks.judge import judge, judge_double_booking
from flashsync.checks.model import Case, CheckResult, CheckSettings
from flashsync.checks.open_incidents import find_relieved
from flashsync.checks.references import needs_rules
from flashsync.errors import Level, Position, Problem, ServiceError
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

ALWAYS = frozenset(id for id, spec in CHECKS.items() if spec.needs is Needs.PEOPLE)
"""The checks of unchanged schedules, next to expectations: people leave while files stay."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where schedules are declared, by their names."""

    declared: Mapping[str, Declared]
    reading: Reading

    def position(self, judged: CheckResult, action: Action) -> Position | None:
        """Where a finding is written; the schedule's own place where it has none.

        The name of one that goes may be another's in the files.
        """
        one = None if isinstance(action, Delete) else self.declared.get(judged.schedule)
        if one is None or not judged.path:
            return action.source
        return self.reading.locator.locate(one.origin, judged.path)


def wanted(plan: Plan, desired: Mapping[str, Desired], settings: CheckSettings) -> Collection[int]:
    """The places of the actions whose calendars are needed though nothing moves.

    Those with rota tests; and all, where the configuration asks who is on two schedules at once.
    """
    if settings.level(DOUBLE_BOOKED):
        return range(len(plan.actions))
    return [
        place
        for place, one in enumerate(plan.actions)
        if one.name in desired and desired[one.name].expect
    ]


def cases(
    foreseen: Foreseen,
    desired: Mapping[str, Desired],
    live: Mapping[int, Schedule],
    words: Words,
) -> dict[int, Case]:
    """What is judged, by the place of the action."""
    plan = foreseen.plan
    return {
        place: _case(foreseen, place, _desired(one, desired), sides, words)
        for place, one in enumerate(plan.actions)
        if (sides := sides_of(one, live, plan.created_at)).known
    }


def judged(plan: Plan, cases: Mapping[int, Case], settings: CheckSettings, places: Places) -> Plan:
    """The plan with what the checks say: warnings on its actions, errors among its refusals."""
    changed = _only(settings, CHECKS.keys() - {DOUBLE_BOOKED})
    same = _only(settings, ALWAYS)
    unchanged = [isinstance(action, Unchanged) for action in plan.actions]
    told = {
        place: [*judge([case], same if unchanged[place] else changed)]
        for place, case in cases.items()
    }
    changed_first = {place: cases[place] for place in sorted(cases, key=unchanged.__getitem__)}
    for place, one in _doubled(changed_first, settings):
        told[place].append(one)
    return _told(plan, told, _expired(cases), places)


def _desired(action: Action, desired: Mapping[str, Desired]) -> Desired | None:
    """What a file asks for; of one that goes nothing, though another may take its name."""
    return None if isinstance(action, Delete) else desired.get(action.name)


def _expired(cases: Mapping[int, Case]) -> dict[int, str]:
    """What is to be said of rota tests that are past, by the place of the action."""
    counts = {place: count_past(case) for place, case in cases.items()}
    return {
        place: f"{number} of its expectations {'is' if number == 1 else 'are'} past and not run"
        for place, number in counts.items()
        if number
    }


def _doubled(
    cases: Mapping[int, Case], settings: CheckSettings
) -> Iterator[tuple[int, CheckResult]]:
    """People who are on call on two schedules at once, each with the place of an action."""
    places = list(cases)
    for index, result in judge_double_booking(list(cases.values()), settings):
        yield places[index], result


def _case(
    foreseen: Foreseen, place: int, desired: Desired | None, sides: Sides, words: Words
) -> Case:
    plan, action = foreseen.plan, foreseen.plan.actions[place]
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
    lookup = foreseen.calendars.get(place)
    if lookup is None:
        return case
    effect = case.effect or Effect(EffectSource.LOCAL)
    if effect.after is None and sides.after is not None:  # nothing moves: it is as it was
        case = replace(case, effect=replace(effect, after=lookup(*case.window)))
    return replace(case, calendar=lookup)


def _only(settings: CheckSettings, names: Collection[str]) -> CheckSettings:
    """The levels with all other checks off."""
    others = {name: None for name in CHECKS if name not in names}
    return replace(settings, levels={**settings.levels, **others})


def _told(
    plan: Plan, told: Mapping[int, list[CheckResult]], expired: Mapping[int, str], places: Places
) -> Plan:
    actions: list[Action] = []
    refusals = list(plan.refusals)
    for place, action in enumerate(plan.actions):
        found = told.get(place, [])
        warnings = [Caution(one.text, one.check) for one in found if one.level is Level.WARNING]
        notes = [expired[place]] if place in expired else []
        remarks = action.remarks.and_notes(*notes).and_warnings(*warnings)
        actions.append(replace(action, remarks=remarks) if warnings or notes else action)
        refusals += [
            Problem(f"{one.message} ({one.check})", _remedy(one), places.position(one, action))
            for one in found
            if one.level is Level.ERROR
        ]
    return replace(plan, actions=tuple(actions), refusals=tuple(refusals))


def _remedy(one: CheckResult) -> str:
    """What to do; a rota test has no level that could let it pass."""
    if one.check not in CHECKS:
        return one.remedy
    return f"{one.remedy}, or pass --check-level {one.check}=warn"


# What guards need to know beside the schedules, read only where a change calls for it.

Facts = TypeVar("Facts")

_WHY = {
    Closed.DENIED: "the key may not read {what}",
    Closed.NOT_SUBSCRIBED: "the account's subscription does not cover {what}",
    Closed.UNKNOWN: "this server cannot be asked for {what}",
}
"""How a note begins, where what a check needs cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Guards:
    """Escalation rules and open incidents; none where nobody asked, or they cannot be read at all.

    `notes` say what was not read.
    """

    references: tuple[Reference, ...] = ()
    incidents: tuple[Incident, ...] = ()
    notes: tuple[str, ...] = ()

    def known_to(self, case: Case) -> Case:
        """A case that is judged by them."""
        return replace(case, references=self.references, incidents=self.incidents)


def read_guards(
    client: Client, settings: CheckSettings, cases: Collection[Case], now: int
) -> Guards:
    """Read what the cases call for, as far as its check is not off.

    What a key may not read, the subscription does not cover or the server does not know is no
    failure: the check is left out, and a note says so, as `doctor` does. Raises ServiceError for
    all else: a plan is never made of halves.
    """
    rules: tuple[Reference, ...] | Closed = ()
    found: tuple[Incident, ...] | Closed = ()
    if settings.level(REFERENCES) and any(needs_rules(one) for one in cases):
        rules = _read(lambda: escalations.references(client), REFERENCES)
    if settings.level(OPEN_INCIDENTS) and any(find_relieved(one) for one in cases):
        found = _read(lambda: incidents.open_incidents(client, now), OPEN_INCIDENTS)
    notes = [
        f"{_WHY[facts].format(what=what)}, so {check} was not checked"
        for facts, what, check in (
            (rules, "channels and their escalation rules", REFERENCES),
            (found, "incidents", OPEN_INCIDENTS),
        )
        if isinstance(facts, Closed)
    ]
    rules = () if isinstance(rules, Closed) else rules
    found = () if isinstance(found, Closed) else found
    if len(found) >= incidents.MOST:
        notes.append(f"{OPEN_INCIDENTS} looked at {len(found)} open incidents; there may be more")
    return Guards(rules, found, tuple(notes))


def _read(read: Callable[[], Facts], check: str) -> Facts | Closed:
    """What was read, or why it cannot be read at all."""
    try:
        return read()
    except Failure as failure:
        if why := closed(failure):
            return why
        (problem,) = failure.problems
        remedy = f"{problem.remedy}, or do without, by --check-level {check}=off"
        raise ServiceError(replace(problem, remedy=remedy)) from None
