"""The calendars that `show` draws: of the live account, after an apply, or of the files alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flashsync.api.client import Client
from flashsync.api.endpoints.shifts import PREVIEW, list_calendars, preview, read_calendar
from flashsync.api.errors import Failure, Stopped
from flashsync.cli.calendars import Rota, live_of, narrowed, with_people_on
from flashsync.errors import UsageError
from flashsync.model.calendar import Calendar, Span
from flashsync.model.people import Directory
from flashsync.model.schedule import Schedule, override_of
from flashsync.operations import environment
from flashsync.operations.files import Declared, Reading, Settings
from flashsync.plan.effects import sides_of
from flashsync.plan.fingerprint import fingerprint
from flashsync.plan.merge import fresh, merged
from flashsync.plan.model import Action, Create, Delete, Plan, Unchanged, Update
from flashsync.plan.overrides import without_overlaps
from flashsync.render.calendar.model import ShownCalendar
from flashsync.resolve.names import OfflineNames
from flashsync.resolve.schedule import ResolveContext, resolve
from flashsync.rotation.calendar import calendar as counted
from flashsync.rotation.calendar import computable
from flashsync.rotation.turns import computable_layer

PATIENCE = 20
"""Seconds: a preview that would have to wait longer is computed here instead."""

NOT_LIVE = "not live yet, `flashsync apply` creates it"
MOVED = "shown as it is now, because it changed after the plan and apply would refuse it"
BY_ENGINE = "computed here because the platform gave no preview"


@dataclass(frozen=True, slots=True)
class Found:
    """The calendars, and everyone on them."""

    shown: list[ShownCalendar]
    directory: Directory


def live(run: Rota, settings: Settings, only: Sequence[str], *, all_: bool, window: Span) -> Found:
    """The account as it is: the declared schedules, or all."""
    chosen, others = ([], []) if all_ else run.declared(settings)
    account = run.account(settings)
    listed = run.listed(window)
    if all_:
        shown = [ShownCalendar(one.name, one.calendar, one.id) for one in narrowed(listed, only)]
    else:
        shown = [
            ShownCalendar(name, one.calendar, one.id)
            if one
            else ShownCalendar(name, Calendar(*window), notes=(NOT_LIVE,))
            for name, one in live_of(chosen, others, listed)
        ]
    directory = run.directory(settings, account, [one.calendar for one in shown])
    return Found(shown, directory)


def after_apply(run: Rota, plan: Plan, directory: Directory, window: Span) -> Found:
    """The schedules of a plan as they are once it is applied."""
    client = run.connected()
    with run.output.reading():
        shown = _After(client, plan, window).all()
    return Found(shown, with_people_on(client, directory, [one.calendar for one in shown]))


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

    def __init__(self, client: Client, plan: Plan, window: Span) -> None:
        self._client, self._plan, self._window = client, plan, window
        self._zone, self._now = plan.account.timezone, environment.now()

    def all(self) -> list[ShownCalendar]:
        """Each schedule that there is then."""
        live = self._live()
        found = [
            one
            for one in self._client.each(lambda action: self._one(action, live), self._plan.actions)
            if one is not None
        ]
        room = self._client.room(PREVIEW, PATIENCE)
        drafts = [one for one in found if isinstance(one, _Draft)]
        spared = {id(one) for one in drafts[max(room, 0) :] if not one.fair}
        return self._client.each(
            lambda one: (
                one if isinstance(one, ShownCalendar) else self._drawn(one, id(one) in spared)
            ),
            found,
        )

    def _live(self) -> dict[int, Calendar]:
        """The calendars of all live schedules, where an unchanged one is to be shown."""
        if not any(isinstance(one, Unchanged) and one.id for one in self._plan.actions):
            return {}
        return {one.id: one.calendar for one in list_calendars(self._client, *self._window)}

    def _one(self, action: Action, live: Mapping[int, Calendar]) -> ShownCalendar | _Draft | None:
        match action:
            case Delete():
                return None
            case Unchanged():
                found = live.get(action.id or 0)
                return None if found is None else ShownCalendar(action.name, found, action.id)
            case Create():
                return _Draft(action.name, None, fresh(action.target, self._now))
            case Update():
                return self._updated(action)

    def _updated(self, action: Update) -> ShownCalendar | _Draft:
        found = read_calendar(self._client, action.id, self._zone, *self._window)
        if fingerprint(found.schedule) != action.fingerprint:
            return ShownCalendar(found.schedule.name, found.calendar, action.id, notes=(MOVED,))
        if not sides_of(action, {action.id: found.schedule}, self._now).moved:
            return ShownCalendar(action.name, found.calendar, action.id)
        return _Draft(action.name, action.id, merged(action.target, found.schedule, self._now))

    def _drawn(self, draft: _Draft, spared: bool) -> ShownCalendar:
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
        computed = counted(
            draft.schedule.layers, draft.schedule.overrides, self._zone, *self._window
        )
        return ShownCalendar(draft.name, computed, draft.id, notes=(BY_ENGINE,))


def of_saved(plan: Plan, window: Span) -> Found:
    """The schedules that a saved plan writes, as they are once it is applied, computed here.

    The console's overrides are those that there were when it was made.
    """
    drafts = [_planned(one) for one in plan.writes if not isinstance(one, Delete)]
    shown = [_counted(one, plan.account.timezone, window) for one in drafts]
    return Found(shown, plan.directory)


def _planned(action: Create | Update) -> Schedule:
    schedule = action.target.schedule
    if isinstance(action, Create):
        return without_overlaps(schedule)
    kept = filter(None, map(override_of, action.kept))
    both = replace(schedule, id=action.id, overrides=(*schedule.overrides, *kept))
    return without_overlaps(both)


def offline(declared: Sequence[Declared], settings: Settings, window: Span) -> Found:
    """The files alone, every layer counted from its `start`. Raises FilesError."""
    schedules, directory = resolved(declared, settings)
    timezone = zone_of(settings)
    return Found([_counted(one, timezone, window) for one in schedules], directory)


def resolved(declared: Sequence[Declared], settings: Settings) -> tuple[list[Schedule], Directory]:
    """The schedules of the files, and everyone whom they name. Raises FilesError."""
    names = OfflineNames(settings.config.people)
    context = ResolveContext(names, zone_of(settings), settings.config.defaults)
    reading = Reading()
    found: list[Schedule] = []
    for one in declared:
        desired, findings = resolve(one.schedule, one.origin.position, context)
        reading.note(one.origin, findings)
        if desired is not None:
            found.append(without_overlaps(desired.schedule))
    reading.stop_on_errors()
    return found, names.directory


def _counted(schedule: Schedule, timezone: str, window: Span) -> ShownCalendar:
    known = [layer for layer in schedule.layers if computable_layer(layer)]
    fair = tuple(layer.name for layer in schedule.layers if not computable_layer(layer))
    found = counted(known, schedule.overrides, timezone, *window)
    notes = tuple(f"{name} is `fair`, so only the platform knows whose turn it is" for name in fair)
    if fair:
        found = replace(found, final=())
    return ShownCalendar(schedule.name, found, schedule.id, fair, notes)


def zone_of(settings: Settings) -> str:
    """The account's zone, as flashsync.yaml says it. Raises UsageError."""
    if settings.config.timezone:
        return settings.config.timezone
    message = "--offline needs `timezone` in flashsync.yaml"
    raise UsageError(message, "set it to the account's zone")
