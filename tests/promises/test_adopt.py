"""The promise: what is live, once described in a file, leaves nothing to do."""

from __future__ import annotations

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from flashsync.api.endpoints import people, schedules
from flashsync.files.compose import NewDocument, compose_file
from flashsync.model.people import Directory
from flashsync.resolve.describe import WrittenNames, describe
from flashsync.sandbox import UNLIMITED, Options
from tests.clock import NOW
from tests.promises import live_accounts
from tests.promises.live_accounts import NAME
from tests.promises.loop import Loop
from tests.properties import trying

few = trying(30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@few
@given(data=st.data())
def test_a_plan_of_what_is_live_is_empty(loop: Loop, data: st.DataObject) -> None:
    loop.sandbox.options = Options(limits=UNLIMITED, future_fields=True)
    loop.forget()
    account = loop.sandbox.world.account
    live = data.draw(live_accounts.schedules(account, int(NOW)))
    loop.sandbox.console.create({"schedule_name": NAME, "layers": list(live.layers)})
    me = people.me(loop.client)
    (listed,) = schedules.list_schedules(loop.client, me.timezone)
    schedule = schedules.read_schedule_info(loop.client, listed.id, me.timezone, int(NOW))
    directory = Directory(
        {person.id: person for person in people.members(loop.client).items},
        {team.id: team for team in people.teams(loop.client)},
        {role.id: role for role in people.roles(loop.client)},
    )
    names = WrittenNames(directory, {})
    found = describe(schedule, names, me.timezone, int(NOW), lambda hook, field, secret: "TOKEN")
    assert found.refused == found.left_out == ()
    loop.write()
    text = compose_file([NewDocument(found.tree, found.comments)])
    (loop.folder / "schedules" / "imported.yaml").write_text(text, encoding="utf-8")
    plan = loop.plan().plan
    assert [change for write in plan.writes for change in getattr(write, "changes", (write,))] == []
