"""The promise: whatever the files say and whatever is live, after a pull a plan is empty."""

from __future__ import annotations

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from flashsync.errors import ExitCode
from flashsync.operations.pull import PulledFiles, pull_files
from flashsync.sandbox import UNLIMITED, Options
from tests.clock import NOW
from tests.files.commented import comments, texts
from tests.promises import live_accounts
from tests.promises.live_accounts import NAME
from tests.promises.loop import Loop
from tests.promises.strategies import Tree, schedules
from tests.properties import trying

few = trying(8, suppress_health_check=[HealthCheck.function_scoped_fixture])


def pull(loop: Loop, data: st.DataObject, tree: Tree) -> PulledFiles:
    """Write a file in any layout, and pull; nothing is left to do and no comment is lost."""
    loop.write()
    path = loop.folder / "schedules" / "pulled.yaml"
    text = data.draw(texts({key: part for key, part in tree.items() if part}))
    path.write_text(text, encoding="utf-8")
    pulled = pull_files(loop.session)
    pulled.write()
    after = path.read_text(encoding="utf-8")
    assert set(comments(text)) <= set(comments(after)), after
    left = loop.plan(leavers=True).plan
    if "cannot say in a file" in "".join(pulled.notes):
        return pulled
    changes = [change for write in left.writes for change in getattr(write, "changes", (write,))]
    assert changes == [], (text, after, pulled.notes)
    return pulled


@few
@given(data=st.data(), live=schedules(), tree=schedules())
def test_a_plan_after_a_pull_of_another_file_is_empty(
    loop: Loop, data: st.DataObject, live: Tree, tree: Tree
) -> None:
    loop.sandbox.options = Options(limits=UNLIMITED, future_fields=True)
    loop.forget()
    loop.write(live)
    assert loop.apply(loop.plan()).exit_code is ExitCode.OK
    pull(loop, data, tree | {"schedule": live["schedule"]})


@few
@given(data=st.data(), tree=schedules())
def test_a_plan_after_a_pull_of_any_live_schedule_is_empty(
    loop: Loop, data: st.DataObject, tree: Tree
) -> None:
    loop.sandbox.options = Options(limits=UNLIMITED, future_fields=True)
    loop.forget()
    account = loop.sandbox.world.account
    live = data.draw(live_accounts.schedules(account, int(NOW)))
    loop.sandbox.console.create({"schedule_name": NAME, "layers": list(live.layers)})
    first = live_accounts.file_of(live, account)
    tree = data.draw(st.sampled_from([first, tree, {**tree, "layers": first["layers"]}]))
    pull(loop, data, tree | {"schedule": NAME})
