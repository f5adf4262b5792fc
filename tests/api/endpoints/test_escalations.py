"""What escalation rules page: every level of every rule of every channel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flashsync.api.endpoints import escalations
from flashsync.api.errors import AccessDenied, Failure, NotTheService
from flashsync.model.escalations import Reference
from flashsync.sandbox import UNLIMITED, Options, Reply, Sandbox
from tests.api.test_against_sandbox import connect

RULES = "/channel/escalate/rule/list"


def read(sandbox: Sandbox, key: str = "sandbox-key") -> tuple[Reference, ...]:
    with connect(sandbox, key) as client:
        return escalations.references(client)


@pytest.mark.parametrize("form", ["null", "empty", "missing"])
def test_levels_with_their_roles(sandbox: Sandbox, form: Any) -> None:
    sandbox.options = Options(form=form, limits=UNLIMITED)
    account, console = sandbox.world.account, sandbox.console
    database = account.schedule("Database On-Call").schedule_id
    legacy = account.schedule("Legacy NOC").schedule_id
    console.add_rule("Web", "Off", {}, {"Legacy NOC": (), "Database On-Call": (0, 1)},
                     enabled=False)  # fmt: skip
    default, *others = (replace(one, rule_id="") for one in read(sandbox))
    assert default == Reference("Database alerts", "Default", 1, database, frozenset({0}))
    assert set(others) == {
        Reference("Web", "Off", 2, legacy, frozenset(), enabled=False),
        Reference("Web", "Off", 2, database, frozenset({0, 1}), enabled=False),
    }


def test_every_page_of_channels(empty_sandbox: Sandbox) -> None:
    for number in range(101):
        empty_sandbox.world.account.add_channel(f"Channel {number}")
    empty_sandbox.world.account.add_rule("Channel 100", "Last", [])
    assert read(empty_sandbox) == ()
    assert empty_sandbox.counts == {"/channel/list": 2, RULES: 101}


def test_more_channels_than_are_listed(
    empty_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is behind the last page cannot be judged, so nothing is."""
    monkeypatch.setattr("flashsync.api.paging.LAST_PAGE", 1)
    full = [{"channel_id": id, "channel_name": "x"} for id in range(1, 101)]
    page = Reply(content={"data": {"items": full, "total": 100}})
    empty_sandbox.hook = lambda endpoint, body, act: page
    with pytest.raises(Failure, match="the account has more than 100 channels"):
        read(empty_sandbox)


def test_names_do_no_harm(sandbox: Sandbox) -> None:
    sandbox.console.add_rule("a\x1b[31m\nb", "\u202e" + "r" * 200, {"Legacy NOC": (0,)})
    sandbox.console.add_rule("a", "\x1b[0m", {"Legacy NOC": (0,)})
    *_, named, nameless = read(sandbox)
    assert named.channel == "a b"
    assert len(named.rule) == 80
    assert nameless.rule == nameless.rule_id != ""


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ([{"target": {"schedule_to_role_ids": {"x": [0]}}}], "with ids of schedules as keys"),
        ([{"target": {"schedule_to_role_ids": {"5": ["0"]}}}], "schedule_to_role_ids.5[0] should"),
        ([{"target": "everybody"}], "items[0].layers[0].target should be an object"),
        ("none", "items[0].layers should be a list"),
    ],
)
def test_an_answer_of_another_shape(sandbox: Sandbox, layers: Any, said: str) -> None:
    rule = {"rule_name": "x", "layers": layers}
    sandbox.hook = lambda endpoint, body, act: (
        Reply(content={"data": {"items": [rule]}}) if endpoint == RULES else None
    )
    with pytest.raises(NotTheService) as caught:
        read(sandbox)
    assert said in str(caught.value)


def test_a_key_that_may_not_read_them(sandbox: Sandbox) -> None:
    with pytest.raises(AccessDenied):
        read(sandbox, "sandbox-reader-key")
