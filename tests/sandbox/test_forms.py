"""The switches of the answers: every form says the same, and may be sent back."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.sandbox import UNLIMITED, Options, Sandbox, running, seed
from flashsync.sandbox.options import Form
from tests.clock import frozen
from tests.sandbox.endpoints.test_schedules import sent_back
from tests.sandbox.peer import ALICE, NOW, Json, Peer, group, layer, schedule

SETTINGS = {"token": "abcdefyz", "alias": "ops", "sign_secret": "x"}
NOTIFY: Json = {
    "by": {"follow_preference": True},
    "webhooks": [{"type": "dingtalk", "settings": SETTINGS}],
}


def settings_of(answer: Json) -> Json:
    found: Json = answer["notify"]["webhooks"][0]["settings"]
    return found


def options(**changes: Any) -> Options:
    return Options(limits=UNLIMITED, **changes)


@pytest.mark.parametrize(
    ("form", "layer_empty", "notify_empty"),
    [
        (
            "null",
            {"layer_end": None, "restrict_periods": None, "day_mask": {"repeat": None}},
            {"fixed_time": None, "im": None},
        ),
        (
            "empty",
            {"layer_end": None, "restrict_periods": [], "day_mask": {"repeat": []}},
            {"fixed_time": {}, "im": {}},
        ),
        ("missing", {}, {}),
    ],
)
def test_forms_of_emptiness(
    sandbox: Sandbox, peer: Peer, form: Form, layer_empty: Json, notify_empty: Json
) -> None:
    schedule_id = peer.create(notify=NOTIFY)
    bare = peer.create(schedule_name="Bare", layers=[])
    sandbox.options = options(form=form)
    found = peer.info(schedule_id)
    optional = ("layer_end", "restrict_periods", "day_mask")
    stored = found["layers"][0]
    assert {name: stored[name] for name in optional if name in stored} == layer_empty
    notify = found["notify"]
    assert {k: notify[k] for k in ("fixed_time", "im") if k in notify} == notify_empty
    assert "advance_in_time" not in notify
    channels: Any = {"null": None, "empty": [], "missing": "-"}[form]
    assert notify["by"].get("personal_channels", "-") == channels
    emptied = peer.info(bare)
    expected: Any = {"null": (None, None), "empty": ([], {}), "missing": ("-", "-")}[form]
    assert (emptied.get("layers", "-"), emptied.get("notify", "-")) == expected
    nothing: Any = None if form == "null" else {}
    body = {**sent_back(emptied), "layers": []}
    assert peer.data("/schedule/update", body) == nothing
    peer.data("/schedule/update", sent_back(found))
    assert peer.info(schedule_id) == found


@pytest.mark.parametrize("form", ["null", "empty", "missing"])
def test_teams_and_shifts_without_anybody(sandbox: Sandbox, peer: Peer, form: Form) -> None:
    account = sandbox.world.account
    for team in list(account.teams.values()):
        account.add_team(type(team)(team.team_id, team.name, ()))
    sandbox.options = options(form=form)
    empty: Any = None if form == "null" else []
    assert peer.data("/team/list")["items"][0]["person_ids"] == empty
    found = peer.info(peer.create(layers=[layer(layer_start=NOW + 9999)]))
    assert found["final_schedule"]["schedules"] == empty


@pytest.mark.parametrize(
    ("secrets", "token", "signature"),
    [("plain", "abcdefyz", "x"), ("masked", "ab****yz", "****"), ("empty", "", "")],
)
def test_secrets(sandbox: Sandbox, peer: Peer, secrets: Any, token: str, signature: str) -> None:
    schedule_id = peer.create(notify=NOTIFY)
    sandbox.options = options(secrets=secrets)
    found = settings_of(peer.info(schedule_id))
    assert (found["token"], found["sign_secret"], found["alias"]) == (token, signature, "ops")
    assert found["verify_token"] == ""
    stored = sandbox.console.schedule("Production On-Call")
    assert settings_of(stored)["token"] == "abcdefyz"


def test_a_masked_secret_that_is_sent_back_is_stored(sandbox: Sandbox, peer: Peer) -> None:
    schedule_id = peer.create(notify=NOTIFY)
    sandbox.options = options(secrets="masked")
    peer.data("/schedule/update", sent_back(peer.info(schedule_id)))
    assert settings_of(sandbox.console.schedule("Production On-Call"))["token"] == "ab****yz"


def test_padding(sandbox: Sandbox, peer: Peer) -> None:
    schedule_id = peer.create(notify=NOTIFY)
    padded = settings_of(peer.info(schedule_id))
    assert padded == {"data_source_id": 0, "chat_ids": None, "verify_token": "", **SETTINGS}
    sandbox.options = options(padded=False)
    assert settings_of(peer.info(schedule_id)) == SETTINGS


FUTURE = "future_field"


def futures(answer: Json) -> list[Any]:
    """The undocumented field in all its places."""
    layers = answer["layers"]
    places = [answer, layers[0], layers[0]["groups"][0], settings_of(answer)]
    return [place[FUTURE] for place in places]


def test_unknown_fields_are_kept_where_they_are_sent_back() -> None:
    with running(seed("demo"), options(future_fields=True), now=lambda: NOW) as sandbox:
        peer = Peer(sandbox)
        name = "Database On-Call"
        before = sandbox.console.schedule(name)
        assert all(futures(before))
        body = sent_back(peer.info(before["schedule_id"]))
        peer.data("/schedule/update", {**body, FUTURE: before[FUTURE]})
        assert futures(sandbox.console.schedule(name)) == futures(before)
        groups = [{**item, FUTURE: None} for item in body["layers"][0]["groups"]]
        layers = [{**body["layers"][0], "groups": groups}]
        peer.data("/schedule/update", {**body, "layers": layers})
        after = sandbox.console.schedule(name)
        assert futures(after)[0] is None
        assert futures(after)[1] == before["layers"][0][FUTURE]
        assert futures(after)[2] is None


def test_unknown_fields_are_given_to_what_is_new() -> None:
    with running(seed("empty"), options(future_fields=True), now=frozen) as sandbox:
        own = schedule(notify=NOTIFY, layers=[layer(future_field="own")])
        Peer(sandbox).data("/schedule/create", own)
        made = sandbox.console.schedule("Production On-Call")
        assert made["layers"][0][FUTURE] == "own"
        assert all(futures(made))
        other = schedule(schedule_name="Other", notify=NOTIFY)
        assert all(futures(sandbox.console.create(other)))


def test_unknown_fields_are_refused_without_the_switch(peer: Peer) -> None:
    body = layer(groups=[{**group(ALICE), FUTURE: 1}])
    message = peer.invalid("/schedule/create", schedule(layers=[body]))
    assert "groups[0].future_field is not a known field" in message


def test_latency(sandbox: Sandbox, peer: Peer) -> None:
    sandbox.options = options(latency=0.05)
    assert peer.post("/member/info").elapsed.total_seconds() >= 0.05
