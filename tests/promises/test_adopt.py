"""The promise: what is live, once imported, leaves nothing to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, event, given
from hypothesis import strategies as st

from flashsync.files.document import Source
from flashsync.files.format import format_text
from flashsync.operations.import_files import ImportOptions, prepare_import
from flashsync.sandbox import UNLIMITED, Options
from tests.clock import NOW
from tests.promises import live_accounts
from tests.promises.live_accounts import DAY, NAME, Raw
from tests.promises.loop import Loop
from tests.promises.strategies import PEOPLE
from tests.properties import trying

few = trying(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
ROBOTS = ("dingtalk", "feishu", "wecom", "slack", "telegram", "zoom")
tokens = st.sampled_from(["token-1", "token-2", "https://example.com/hook?key=3"])
descriptions = st.sampled_from(["", "Ours", '# Who\n\n- *all* of us: "yes"\n', "  x ", "值班\ttab"])


@st.composite
def webhooks(draw: st.DrawFn) -> Raw:
    """A chat that the platform accepts."""
    if draw(st.booleans()):
        settings: Raw = {"token": draw(tokens), "alias": draw(st.sampled_from(["", "ops", "值班"]))}
        if draw(st.booleans()):
            settings["sign_secret"] = draw(tokens)
        return {"type": draw(st.sampled_from(ROBOTS)), "settings": settings}
    chats = draw(st.lists(st.sampled_from(["oc_1", "oc_2"]), min_size=1, unique=True))
    settings = {"data_source_id": draw(st.integers(1, 3)), "chat_ids": chats}
    if draw(st.booleans()):
        settings["verify_token"] = draw(tokens)
    return {"type": draw(st.sampled_from(["feishu_app", "slack_app"])), "settings": settings}


@st.composite
def notifies(draw: st.DrawFn) -> Raw:
    """Who gets a notice, in each form."""
    notify: Raw = {"webhooks": draw(st.lists(webhooks(), max_size=2))}
    if draw(st.booleans()):
        notify["advance_in_time"] = draw(st.sampled_from([0, 300, 1800, 86400]))
    if draw(st.booleans()):
        notify["fixed_time"] = {"cycle": "day", "start": "08:00"}
    by = draw(st.sampled_from([None, True, ["email"], ["email", "sms", "feishu_app:1"]]))
    if by:
        channels = [] if by is True else by
        notify["by"] = {"follow_preference": by is True, "personal_channels": channels}
    return notify


@st.composite
def planned_covers(draw: st.DrawFn, loop: Loop) -> list[Raw]:
    """Overrides that an apply has written, one after the other."""
    account, start, found = loop.sandbox.world.account, int(NOW) - 2 * DAY, []
    for _ in range(draw(st.integers(0, 3))):
        start += draw(st.integers(0, 48)) * 1800
        end = start + draw(st.integers(1, 96)) * 1800
        person = account.person(draw(st.sampled_from(PEOPLE))).person_id
        group = {"group_name": "A", "members": [{"role_id": 0, "person_ids": [person]}]}
        name = draw(st.sampled_from(["Cover", "on", "值班: 1"]))
        found.append(
            {
                "layer_name": f"{name} [flashsync]",
                "mode": 1,
                "layer_start": start,
                "layer_end": end,
                "groups": [group],
            }
        )
        start = end
    return found


@contextmanager
def account_of(data: st.DataObject, loop: Loop) -> Iterator[None]:
    """An account in another zone, in which somebody has left."""
    account = loop.sandbox.world.account
    people, teams, zone = dict(account.people), dict(account.teams), account.time_zone
    account.time_zone = data.draw(st.sampled_from(ZONES), label="zone")
    try:
        yield
    finally:
        account.people, account.teams, account.time_zone = people, teams, zone


def make_live(data: st.DataObject, loop: Loop) -> None:
    """A schedule as people may leave it in the console."""
    account, console = loop.sandbox.world.account, loop.sandbox.console
    layers = list(data.draw(live_accounts.schedules(account, int(NOW)), label="live").layers)
    own = data.draw(planned_covers(loop), label="covers")
    if own:
        layers = [one for one in layers if one["mode"] == 0] + own
    if data.draw(st.booleans(), label="the account is on call"):
        layers[0]["groups"].append(
            {"members": [{"role_id": 0, "person_ids": [account.account_id]}]}
        )
    team = data.draw(st.sampled_from([0, *account.teams]), label="team")
    fields = {
        "schedule_name": NAME,
        "description": data.draw(descriptions, label="description"),
        "team_id": team,
        "notify": data.draw(notifies(), label="notify"),
        "layers": layers,
    }
    console.create(fields)
    odd = data.draw(
        st.sampled_from(["", "", "", "disabled", "leaver", "chat type", "team"]), label="odd"
    )
    event(odd)
    stored = account.schedule(NAME)
    match odd:
        case "disabled":
            console.disable(NAME)
        case "leaver":
            console.leave(data.draw(st.sampled_from(PEOPLE), label="who left"))
        case "chat type":
            chats = tuple(replace(one, type="pigeon") for one in stored.notify.webhooks)
            notify = replace(stored.notify, webhooks=chats)
            account.schedules[stored.schedule_id] = replace(stored, notify=notify)
        case "team":
            account.teams.pop(team, None)


def forget(loop: Loop) -> None:
    loop.forget()
    shutil.rmtree(loop.folder / "schedules", ignore_errors=True)
    (loop.folder / "flashsync.yaml").unlink(missing_ok=True)


@few
@given(data=st.data())
def test_a_plan_of_what_is_live_is_empty(loop: Loop, data: st.DataObject) -> None:
    secrets: Any = data.draw(st.sampled_from(["plain", "masked", "empty"]), label="secrets")
    loop.sandbox.options = Options(limits=UNLIMITED, future_fields=True, secrets=secrets)
    forget(loop)
    with account_of(data, loop):
        make_live(data, loop)
        options = ImportOptions(
            overrides=data.draw(st.booleans(), label="overrides"),
            ignore=tuple(data.draw(st.sets(st.sampled_from(["notify", "team"])), label="ignore")),
        )
        prepared = prepare_import(loop.session, options)
        assert prepared.summary.left_alone == ()
        prepared.write()
        for file in prepared.summary.files:
            assert format_text(file.text, Source(file.file, file.file, 0, 0)).text == file.text
        plan = loop.plan().plan
        changes = [one for write in plan.writes for one in getattr(write, "changes", (write,))]
        assert (changes, plan.refusals) == ([], ())
        assert prepare_import(loop.session, options).files == ()
