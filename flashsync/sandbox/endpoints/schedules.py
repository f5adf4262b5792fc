"""The endpoints under `/schedule/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from flashsync.sandbox.answers import Json, computed
from flashsync.sandbox.endpoints import Call, Endpoint, no_member
from flashsync.sandbox.model import Schedule, fill_undocumented
from flashsync.sandbox.protocol import invalid
from flashsync.sandbox.request_fields import read_page, total
from flashsync.sandbox.requests import read_schedule, read_update
from flashsync.sandbox.rotation import final_shifts

DEFAULT_LIMIT: Final = 10
INFO_DAYS = LIST_DAYS = PREVIEW_DAYS = 45
SELF_DAYS: Final = 30


def listing(call: Call) -> Json:
    """`/schedule/list`: `layers` is null; with `start` and `end` the computed shifts come too."""
    page = read_page(call.fields, DEFAULT_LIMIT)
    has_window = any(call.fields.raw(name) is not None for name in ("start", "end"))
    window = call.fields.span(LIST_DAYS) if has_window else None
    matching = _matching(call)
    call.fields.end()
    layers = "list" in call.options.layers_in
    items = [_answer(call, schedule, window, layers=layers) for schedule in page.of(matching)]
    return {"items": items, "total": total(matching)}


def infos(call: Call) -> Json:
    """`/schedule/infos`: `layers` is null here, too. Guess: unknown ids are left out."""
    ids = call.fields.ids("schedule_ids")
    call.fields.end()
    stored = call.account.schedules
    layers = "infos" in call.options.layers_in
    items = [_answer(call, stored[id], None, layers=layers) for id in ids if id in stored]
    return {"items": items}


def info(call: Call) -> Json:
    """`/schedule/info`: a schedule with its layers and the computed shifts of a window."""
    schedule_id = call.fields.integer("schedule_id", low=1)
    window = call.fields.span(INFO_DAYS, below=True)
    call.fields.end()
    return _answer(call, call.account.find(schedule_id), window, layers=True)


def own(call: Call) -> Json:
    """`/schedule/self`: the schedules of the key's member, with layers.

    Guess: these are the schedules with a shift of theirs in the window, and an account-scoped key
    is refused, as it has no member.
    """
    window = call.fields.span(SELF_DAYS)
    call.fields.end()
    if call.person.kind == "account":
        raise no_member(call)
    mine = [schedule for schedule in _stored(call) if _serves(call, schedule, window)]
    items = [_answer(call, schedule, window, layers=True) for schedule in mine]
    if not call.options.self_shifts:
        for item in items:
            final = {**item["final_schedule"], "schedules": None}
            item |= {"schedule_layers": None, "layer_schedules": None, "final_schedule": final}
    return {"items": items}


def preview(call: Call) -> Json:
    """`/schedule/preview`: the computed shifts of a configuration; ids and names are null."""
    window = call.fields.span(PREVIEW_DAYS)
    draft = read_schedule(call.fields, call.context, name="")
    call.fields.end()
    nameless = dict.fromkeys(("id", "schedule_id", "name", "schedule_name", "layers"))
    return {**nameless, **computed(call.answers, draft.layers, call.calendar, window, call.now)}


def create(call: Call) -> Json:
    """`/schedule/create`."""
    draft = read_schedule(call.fields, call.context)
    call.fields.end()
    draft = fill_undocumented(draft) if call.options.future_fields else draft
    created = call.account.create(draft, call.person.person_id, call.now)
    return {"schedule_id": created.schedule_id}


def update(call: Call) -> Json | None:
    """`/schedule/update`: replaces the whole schedule."""
    schedule_id = call.fields.integer("schedule_id", low=1)
    draft = read_update(call.fields, call.context, call.account.find(schedule_id))
    call.fields.end()
    call.account.update(schedule_id, draft, call.person.person_id, call.now)
    return _nothing(call)


def delete(call: Call) -> Json | None:
    """`/schedule/delete`. Guess: none is deleted if one of the ids does not exist."""
    schedule_ids = call.fields.ids("schedule_ids")
    call.fields.end()
    call.account.delete(schedule_ids)
    return _nothing(call)


ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "/schedule/list": Endpoint(listing),
    "/schedule/infos": Endpoint(infos, "schedules_read"),
    "/schedule/info": Endpoint(info, "schedules_read"),
    "/schedule/self": Endpoint(own),
    "/schedule/preview": Endpoint(preview, "schedules_read"),
    "/schedule/create": Endpoint(create, "schedules_manage", writes=True),
    "/schedule/update": Endpoint(update, "schedules_manage", writes=True),
    "/schedule/delete": Endpoint(delete, "schedules_manage", writes=True),
}


def _answer(
    call: Call, schedule: Schedule, window: tuple[int, int] | None, *, layers: bool
) -> Json:
    answers = call.answers
    answer = answers.schedule(schedule, layers=layers)
    if window is not None:
        answer |= computed(answers, schedule.layers, call.calendar, window, call.now)
    return answer


def _stored(call: Call) -> Iterable[Schedule]:
    """Guess: listings are in the order of the ids, which is the order of creation."""
    return sorted(call.account.schedules.values(), key=lambda schedule: schedule.schedule_id)


def _matching(call: Call) -> list[Schedule]:
    """Guess: `query` is a part of the name, in any case."""
    fields = call.fields
    query = fields.text("query", "").lower()
    teams = set(fields.integers("team_ids", low=1))
    if fields.flag("is_my_team") and fields.flag("is_my_manage"):
        raise invalid("is_my_team and is_my_manage exclude each other")
    restricted = bool(teams)
    if fields.flag("is_my_team") or fields.flag("is_my_manage"):
        # Guess: the managed schedules may be edited, and are of the member's teams.
        mine = {
            t.team_id for t in call.account.teams.values() if call.person.person_id in t.person_ids
        }
        teams, restricted = (teams & mine if restricted else mine), True
    return [
        schedule
        for schedule in _stored(call)
        if query in schedule.name.lower() and (not restricted or schedule.team_id in teams)
    ]


def _serves(call: Call, schedule: Schedule, window: tuple[int, int]) -> bool:
    return any(
        call.person.person_id in seat.person_ids
        for shift in final_shifts(schedule.layers, call.calendar, *window)
        for seat in shift.group.seats
    )


def _nothing(call: Call) -> dict[str, Any] | None:
    """The data of a write: `{}` or null, both documented."""
    return None if call.options.form == "null" else {}
