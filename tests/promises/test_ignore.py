"""The promise: what is left to the console stays as it is, whatever is written."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, event, given
from hypothesis import strategies as st

from flashsync.api.endpoints.schedules import read_schedule_info
from flashsync.errors import RefusedError
from flashsync.model.desired import IGNORABLE
from flashsync.plan.outcome import WriteStatus
from flashsync.sandbox import UNLIMITED, Options
from tests.promises.loop import Loop
from tests.promises.strategies import PEOPLE
from tests.promises.test_adopt import descriptions, notifies
from tests.properties import trying

few = trying(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAME = "Rota"


def rota(*groups: str, **more: Any) -> dict[str, Any]:
    start = "2026-01-05 10:00"
    layer = {"layer": "P", "rotation": "1 week", "start": start, "groups": list(groups)}
    return {"schedule": NAME, "layers": [layer], **more}


def edit_in_console(loop: Loop, data: st.DataObject, fields: set[str]) -> None:
    """Somebody changes some of these fields."""
    values: dict[str, Any] = {
        "description": data.draw(descriptions, label="description"),
        "team": data.draw(st.sampled_from([0, *loop.sandbox.world.account.teams]), label="team"),
        "notify": data.draw(notifies(), label="notify"),
    }
    keys = {"team": "team_id"}
    changed = {keys.get(key, key): value for key, value in values.items() if key in fields}
    loop.sandbox.console.edit(NAME, lambda body: body.update(changed))


def left_alone(loop: Loop, fields: set[str]) -> dict[str, Any]:
    """What the account has in these fields, secrets included."""
    loop.sandbox.options = Options(limits=UNLIMITED)
    world = loop.sandbox.world.account
    id, zone = world.schedule(NAME).schedule_id, world.time_zone
    live = read_schedule_info(loop.client, id, zone, loop.session.now())
    return {key: getattr(live, key) for key in fields}


@few
@given(data=st.data())
def test_an_edit_keeps_what_is_left_to_the_console(loop: Loop, data: st.DataObject) -> None:
    """The console edits it before the plan, and once more before the write."""
    fields: set[str] = set(data.draw(st.sets(st.sampled_from(IGNORABLE), min_size=1)))
    masks = data.draw(st.booleans(), label="secrets are masked")
    people = data.draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=4, unique=True))
    loop.sandbox.options = Options(limits=UNLIMITED)
    loop.forget()
    loop.write(rota(*people))
    loop.apply(loop.plan())
    edit_in_console(loop, data, fields)
    loop.sandbox.options = Options(limits=UNLIMITED, secrets="masked" if masks else "plain")
    loop.write(rota(*people[1:], ignore=sorted(fields)))
    planned = loop.plan()
    loop.sandbox.options = Options(limits=UNLIMITED)
    edit_in_console(loop, data, fields)
    before = left_alone(loop, fields)
    loop.sandbox.options = Options(limits=UNLIMITED, secrets="masked" if masks else "plain")
    try:
        done = [result.status for result in loop.apply(planned).results]
    except RefusedError:
        done = []
    event(f"{done or 'refused'}")
    assert left_alone(loop, fields) == before
    assert done == [WriteStatus.CONFIRMED] or (masks and "notify" in fields)
