"""The calendars that `show` draws: of the live account, after an apply, or of the files alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flashsync.api.client import Client
from flashsync.api.endpoints.schedules import LONGEST_WINDOW, PREVIEW, preview, read_calendar
from flashsync.api.endpoints.schedules import list_calendars as list_all
from flashsync.api.errors import Failure, Stopped
from flashsync.errors import UsageError
from flashsync.model.calendar import Basis, Calendar, CalendarView, ShownCalendar, Span
from flashsync.model.people import Directory
from flashsync.model.schedule import Schedule
from flashsync.model.timezone import DAY, midnight, wall_seconds_at
from flashsync.operations.account import instant
from flashsync.operations.calendars import (
    MARGIN,
    ShownCalendars,
    days_later,
    directory_of,
    find_person,
    list_calendars,
    match_live,
    read_declared,
    select_live,
    with_people_on,
)
from flashsync.operations.files import Declared, Reading, Settings
from flashsync.operations.options import EffectsMode, PlanOptions
from flashsync.operations.planning import make_plan
from flashsync.operations.selection import ALL, Selection
from flashsync.operations.session import Session
from flashsync.plan.effects import sides_of
from flashsync.plan.fingerprint import is_as_planned
from flashsync.plan.merge import fresh, without_overlaps
from flashsync.plan.model import Action, Create, Delete, Plan, Unchanged, Update
from flashsync.plan.saved.rebuild_calendars import applied_schedule
from flashsync.resolve.names import OfflineNames
from flashsync.resolve.schedule import ResolveContext, resolve
from flashsync.rotation.calendar import calendar as compute
from flashsync.rotation.calendar import computable
from flashsync.rotation.turns import computable_layer

PATIENCE = 20
"""Seconds: a preview that would have to wait longer is computed here instead."""

NOT_LIVE = "not live yet, `flashsync apply` creates it"
MOVED = "shown as it is now, because it changed after the plan and apply would refuse it"
BY_ENGINE = "computed here because the platform gave no preview"
REFUSED = "`apply` would refuse this plan; run `flashsync plan` to see why"


@dataclass(frozen=True, slots=True)
class CalendarOptions:
    """What to draw: which schedules, on what basis, from when (a date or time), for whom.

    `all_` means all schedules of the account.
    """

    days: int
    selection: Selection = ALL
    basis: Basis = Basis.AFTER_APPLY
    all_: bool = False
    start: str | None = None
    person: str | None = None


def read_calendars(session: Session, options: CalendarOptions) -> ShownCalendars:
    """The calendars of an account, of a plan, or of the files."""
    match options.basis:
        case Basis.OFFLINE:
            return _offline(session, options)
        case Basis.LIVE:
            return _live(session, options)
        case Basis.AFTER_APPLY:
            return _after_apply(session, options)


def read_saved_calendars(session: Session, plan: Plan, options: CalendarOptions) -> ShownCalendars:
    """The schedules that a saved plan writes, as they are once it is applied.

    Asks no account. The warnings name schedules whose shifts cannot be computed here.
    """
    timezone = plan.account.timezone
    window = _window(session, options, timezone)
    calendars = saved_calendars(plan, _wider(window))
    warnings = tuple(f"`{one.name}` is left out: {note}" for one in calendars for note in one.notes)
    return _shown(session, options, calendars, plan.directory, timezone, window, warnings)


# The time that is shown.


def _window(session: Session, options: CalendarOptions, timezone: str) -> Span:
    """Whole days of the zone in which they are shown."""
    zone = session.shown_zone(timezone)
    if options.start:
        date_alone = ":" not in options.start  # a day of the chart
        clocks = zone if date_alone else timezone
        start = instant(options.start, "--from", clocks, now=session.now(), date=True)
    else:
        start = midnight(wall_seconds_at(session.now(), zone) // DAY, zone)
    return start, days_later(start, options.days, zone)


def _wider(window: Span) -> Span:
    """What is read: more on both sides, so that shifts have their own ends."""
    start, end = window
    end = min(end, start + LONGEST_WINDOW)
    spare = LONGEST_WINDOW - (end - start)
    before = min(MARGIN, spare // 2)
    return start - before, end + min(MARGIN, spare - before)


def _shown(
    session: Session,
    options: CalendarOptions,
    calendars: list[ShownCalendar],
    directory: Directory,
    timezone: str,
    window: Span,
    warnings: tuple[str, ...] = (),
) -> ShownCalendars:
    person = None
    if options.person is not None:
        person = find_person(options.person, directory, session.settings())
    zone, now = session.shown_zone(timezone), session.now()
    view = CalendarView(window, zone, now, directory, options.basis, person)
    by_name = sorted(calendars, key=lambda one: one.name.casefold())
    return ShownCalendars(by_name, view, warnings)


# The live account.


def _live(session: Session, options: CalendarOptions) -> ShownCalendars:
    settings = session.settings()
    account = session.account(settings)
    window = _window(session, options, account.timezone)
    declared = None if options.all_ else read_declared(session, options.selection)
    wide = _wider(window)
    listed = list_calendars(session, wide)
    if declared:
        calendars = [
            ShownCalendar(pair.name, pair.live.calendar, pair.live.id)
            if pair.live
            else ShownCalendar(pair.name, Calendar(*wide), notes=(NOT_LIVE,))
            for pair in match_live(declared, listed)
        ]
    else:
        calendars = [
            ShownCalendar(one.name, one.calendar, one.id)
            for one in select_live(options.selection, listed)
        ]
    directory = directory_of(session, settings, account, [one.calendar for one in calendars])
    return _shown(session, options, calendars, directory, account.timezone, window)


# After an apply.


def _after_apply(session: Session, options: CalendarOptions) -> ShownCalendars:
    planned = make_plan(session, PlanOptions(options.selection, effects=EffectsMode.NONE))
    plan, timezone = planned.plan, planned.plan.account.timezone
    window = _window(session, options, timezone)
    with session.reporter.reading():
        calendars = _After(session.client, plan, _wider(window), session.now()).read()
    drawn = [one.calendar for one in calendars]
    directory = with_people_on(session.client, planned.words.directory, drawn)
    warnings = (REFUSED,) if plan.refusals else ()
    return _shown(session, options, calendars, directory, timezone, window, warnings)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A schedule as an action leaves it, whose shifts are not known yet."""

    name: str
    id: int | None
    schedule: Schedule

    @property
    def fair(self) -> bool:
        """Whether only the platform can say who is on call."""
        return not computable(self.schedule.layers)


class _After:
    """What an apply leaves: the platform's shifts where nothing moves, else its preview."""

    def __init__(self, client: Client, plan: Plan, window: Span, now: int) -> None:
        self._client, self._plan, self._window = client, plan, window
        self._zone, self._now = plan.account.timezone, now

    def read(self) -> list[ShownCalendar]:
        """The calendar of each schedule that exists then."""
        live: dict[int, Calendar] = {}
        if any(isinstance(one, Unchanged) and one.id for one in self._plan.actions):
            live = {one.id: one.calendar for one in list_all(self._client, *self._window)}
        results = self._client.each(lambda action: self._result(action, live), self._plan.actions)
        kept = [result for result in results if result is not None]
        room = self._client.room(PREVIEW, PATIENCE)
        drafts = [result for result in kept if isinstance(result, _Draft)]
        spared = {id(draft) for draft in drafts[max(room, 0) :] if not draft.fair}
        return self._client.each(
            lambda result: (
                result
                if isinstance(result, ShownCalendar)
                else self._preview(result, id(result) in spared)
            ),
            kept,
        )

    def _result(
        self, action: Action, live: Mapping[int, Calendar]
    ) -> ShownCalendar | _Draft | None:
        match action:
            case Delete():
                return None
            case Unchanged():
                calendar = live.get(action.id or 0)
                return None if calendar is None else ShownCalendar(action.name, calendar, action.id)
            case Create():
                return _Draft(action.name, None, fresh(action.target, self._now))
            case Update():
                now = read_calendar(self._client, action.id, self._zone, *self._window)
                if not is_as_planned(action, now.schedule):
                    name = now.schedule.name
                    return ShownCalendar(name, now.calendar, action.id, notes=(MOVED,))
                sides = sides_of(action, {action.id: now.schedule}, self._now)
                if sides.after is None or not sides.moved:
                    return ShownCalendar(action.name, now.calendar, action.id)
                return _Draft(action.name, action.id, sides.after)

    def _preview(self, draft: _Draft, spared: bool) -> ShownCalendar:
        """Previewed by the platform, or computed where its limits say no."""
        if not spared:
            try:
                calendar = preview(self._client, draft.schedule, *self._window, patient=draft.fair)
                return ShownCalendar(draft.name, calendar, draft.id)
            except Stopped:
                raise
            except Failure:
                if draft.fair:
                    raise
        computed = compute(
            draft.schedule.layers, draft.schedule.overrides, self._zone, *self._window
        )
        return ShownCalendar(draft.name, computed, draft.id, notes=(BY_ENGINE,))


def saved_calendars(plan: Plan, window: Span) -> list[ShownCalendar]:
    """The schedules that a saved plan writes, as they are once it is applied, computed here.

    Overrides of the console are as they were when it was made.
    """
    targets = [applied_schedule(one) for one in plan.writes if not isinstance(one, Delete)]
    return [_computed(one, plan.account.timezone, window) for one in targets]


# The files alone.


def _offline(session: Session, options: CalendarOptions) -> ShownCalendars:
    """Every layer counted from its `start`. Raises FilesError."""
    declared = read_declared(session, options.selection)
    timezone = offline_zone(declared.settings)
    window = _window(session, options, timezone)
    resolved = resolve_offline(declared.chosen, declared.settings)
    wide = _wider(window)
    calendars = [_computed(schedule, timezone, wide) for schedule in resolved.schedules]
    return _shown(session, options, calendars, resolved.directory, timezone, window)


@dataclass(frozen=True, slots=True)
class ResolvedFiles:
    """The schedules of the files, and everyone whom they name."""

    schedules: list[Schedule]
    directory: Directory


def resolve_offline(declared: Sequence[Declared], settings: Settings) -> ResolvedFiles:
    """Resolve the names of the files among themselves. Raises FilesError."""
    names = OfflineNames(settings.config.people)
    context = ResolveContext(names, offline_zone(settings), settings.config.defaults)
    reading = Reading()
    schedules: list[Schedule] = []
    for one in declared:
        desired, findings = resolve(one.schedule, one.origin.position, context)
        reading.note(one.origin, findings)
        if desired is not None:
            schedules.append(without_overlaps(desired.schedule))
    reading.stop_on_errors()
    return ResolvedFiles(schedules, names.directory)


def _computed(schedule: Schedule, timezone: str, window: Span) -> ShownCalendar:
    known = [layer for layer in schedule.layers if computable_layer(layer)]
    fair = tuple(layer.name for layer in schedule.layers if not computable_layer(layer))
    calendar = compute(known, schedule.overrides, timezone, *window)
    notes = tuple(f"{name} is `fair`, so only the platform knows whose turn it is" for name in fair)
    if fair:
        calendar = replace(calendar, final=())
    return ShownCalendar(schedule.name, calendar, schedule.id, fair, notes)


def offline_zone(settings: Settings) -> str:
    """The account's zone, as flashsync.yaml says it. Raises UsageError."""
    if settings.config.timezone:
        return settings.config.timezone
    message = "--offline needs `timezone` in flashsync.yaml"
    raise UsageError(message, "set it to the account's zone")
