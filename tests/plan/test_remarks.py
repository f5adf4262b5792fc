"""What a plan says of secrets and records that go for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from flashsync.model.notify import Notify, Secret, SecretReference, Webhook
from flashsync.model.schedule import MARK, Layer, Member, Override, Schedule
from flashsync.plan.build import build
from flashsync.plan.journal.codec import Written
from flashsync.plan.match import match
from flashsync.plan.model import Facts, Plan
from flashsync.plan.safety import RunOptions, Scope
from flashsync.plan.undo import notify_back
from flashsync.rotation.rollout.handoffs import LENGTH
from tests.plan.helpers import (
    ACCOUNT,
    DAY,
    NOW,
    WORDS,
    desired,
    file_layer,
    known,
    live,
    live_layer,
    plan_of,
)

EVERYTHING = Scope(None, ("*",))


def chat(type: str = "dingtalk", **fields: Any) -> Webhook:
    secrets = {name: value for name, value in fields.items() if isinstance(value, str)}
    secrets.pop("alias", None)
    given = {name: Secret(value) for name, value in secrets.items()}
    return Webhook(type, **{**fields, **given})


def given(value: str | None, name: str = "TOKEN") -> Secret:
    """A secret of a file."""
    return Secret(value, SecretReference("env", name))


OPS = chat(alias="ops", token="t1", sign_secret="s1")
TOKEN = "notify.chats[dingtalk ops].token"
BOTH = f"{TOKEN} and notify.chats[dingtalk ops].sign_secret"
GONE = f"{BOTH} of `Production` are deleted, and no file and no journal can restore them"
REPLACED = (
    f"{TOKEN} of `Production` is replaced, and no file and no journal can restore the old value"
)


def deleted(path: str) -> str:
    return f"{path} of `Production` is deleted, and no file and no journal can restore it"


def losses(plan: Plan) -> list[str]:
    return [one.message for action in plan.actions for one in action.remarks.warnings]


def update(*hooks: Webhook, had: Sequence[Webhook] = (OPS,)) -> list[str]:
    """What the plan says if the chats of the file replace live ones."""
    wanted = desired(notify=Notify(webhooks=hooks), description="new")
    return losses(plan_of([wanted], [live(notify=Notify(webhooks=tuple(had)))]))


FILE = chat(alias="ops", token=given("t1"), sign_secret=given("s1", "SIGN"))


@pytest.mark.parametrize(
    ("hooks", "had", "said"),
    [
        pytest.param([], [OPS], [GONE], id="a chat that is deleted"),
        pytest.param([FILE], [OPS], [], id="a chat that stays"),
        pytest.param([replace(FILE, chats=frozenset("c"))], [OPS], [], id="with other chats"),
        pytest.param(
            [replace(FILE, alias="other", token=given("t2"), sign_secret=None)],
            [OPS],
            [GONE],
            id="another alias is another chat",
        ),
        pytest.param([replace(FILE, type="slack")], [OPS], [], id="its secrets are in the file"),
        pytest.param(
            [replace(FILE, type="slack", sign_secret=None)],
            [OPS],
            [deleted("notify.chats[dingtalk ops].sign_secret")],
            id="another type, and one of its secrets",
        ),
        pytest.param(
            [chat("feishu_app", data_source=6)],
            [chat("feishu_app", data_source=5, verify_token="v")],
            [deleted("notify.chats[feishu_app 5].verify_token")],
            id="another data source",
        ),
        pytest.param(
            [replace(FILE, token=given("t2"))],
            [OPS],
            [REPLACED],
            id="another secret",
        ),
        pytest.param(
            [replace(FILE, sign_secret=None)],
            [OPS],
            [deleted("notify.chats[dingtalk ops].sign_secret")],
            id="a secret that the file leaves out",
        ),
        pytest.param(
            [],
            [chat(alias="ops", token="***")],
            [deleted(TOKEN)],
            id="a masked one",
        ),
        pytest.param(
            [],
            [chat(alias="ops")],
            [deleted(TOKEN)],
            id="a token that does not show",
        ),
        pytest.param([], [chat("feishu_app", data_source=5)], [], id="a chat without secrets"),
        pytest.param(
            [replace(FILE, sign_secret=None)],
            [chat(alias="ops", token="***")],
            [],
            id="a masked one that the file gives is what it was, as far as anybody knows",
        ),
    ],
)
def test_secrets_that_a_change_takes_away(
    hooks: list[Webhook], had: list[Webhook], said: list[str]
) -> None:
    assert update(*hooks, had=had) == said


def test_a_missing_reference_is_not_taken_for_another_secret() -> None:
    assert not [one for one in update(replace(FILE, token=given(None))) if "replaced" in one]


PAST = Override("Swap", NOW - 2 * DAY, NOW - DAY, frozenset({Member(3)}))
OURS = replace(PAST, name=f"Away{MARK}")
AHEAD = replace(PAST, name="Holiday", start=NOW + DAY, end=NOW + 2 * DAY)
WHOLE = live(notify=Notify(webhooks=(OPS,)), overrides=(PAST, OURS, AHEAD))
RECORD = (
    "the record of 2 past overrides of `Production` is deleted (`Swap`, `Away [flashsync]`), and "
    "nothing can restore it"
)


def pruned(*more: Any, journaled: frozenset[str] = frozenset()) -> Plan:
    """The plan that prunes it, with what other files declare."""
    alive = {5: WHOLE}
    facts = Facts(ACCOUNT, alive, WORDS, NOW, journaled=lambda: journaled)
    options = RunOptions(scope=EVERYTHING, prune=True, create_lookalike=True)
    return build(match(list(more), known(WHOLE)), facts, options)


@pytest.mark.parametrize("how", ["absent", "prune"])
def test_what_goes_with_a_schedule(how: str) -> None:
    plan = plan_of([desired(absent=True)], [WHOLE]) if how == "absent" else pruned()
    assert losses(plan) == [GONE, RECORD]
    (action,) = plan.actions
    assert action.remarks.notes == ("with it go overrides made in the console: `Holiday`",)


def test_what_another_file_or_a_journal_gives_is_not_lost() -> None:
    other = desired("Other", notify=Notify(webhooks=(replace(FILE, sign_secret=None),)))
    assert losses(pruned(other))[0].startswith("notify.chats[dingtalk ops].sign_secret of")
    assert losses(pruned(other, journaled=frozenset({"s1"}))) == [RECORD]


def test_journals_are_read_only_where_something_would_be_lost() -> None:
    def read() -> frozenset[str]:
        raise AssertionError("nothing is lost here")

    def plan(wanted: Any, alive: Schedule) -> Plan:
        facts = Facts(ACCOUNT, {5: alive}, WORDS, NOW, journaled=read)
        return build(match([wanted], known(alive)), facts, RunOptions())

    same = live(notify=Notify(webhooks=(OPS,)))
    wanted = desired(notify=Notify(webhooks=(FILE,)), description="new")
    assert losses(plan(wanted, same)) == []
    assert losses(plan(desired(absent=True), live())) == []


def test_tidying_says_that_the_record_goes() -> None:
    have = live(layers=(live_layer(1, 2),), overrides=(PAST, OURS))
    wanted = desired(layers=(file_layer(1, 2),))
    (said,) = losses(plan_of([wanted], [have], RunOptions(tidy_before=NOW)))
    assert said.startswith("the record of 1 past override of `Production` is deleted (`Away ")


def test_an_undo_does_not_wipe_a_masked_secret_that_nobody_has() -> None:
    masked = Notify(webhooks=(chat("feishu_app", data_source=5, verify_token="***"),))
    before = Notify(webhooks=(replace(masked.webhooks[0], verify_token=Secret()),))
    found = notify_back(Written("update", "Production", 5), before, masked, lambda given: None)
    assert found.masked == ("notify.chats[feishu_app 5].verify_token",)
    assert found.unrestored == ()


# The rota that runs until a cut is compared with no file.

CUT = NOW + 5 * DAY
"""A Monday, 10:00: the next handoff."""
AFTER = live_layer(1, 2, start=CUT)


def notes_of(*layers: Layer, now: int = NOW, description: str = "") -> tuple[str, ...]:
    """The notes of a plan whose file has the last link, and perhaps a new description."""
    wanted = desired(layers=(file_layer(1, 2, start=CUT),), description=description)
    return plan_of([wanted], [live(layers=layers)], now=now).notes


BEFORE = "`Production`: until Mon 9 Feb 10:00 an earlier rota of layers[Primary] runs"
EARLIER: dict[str, tuple[Sequence[Layer], str | None]] = {
    "somebody less": ((live_layer(1, 2, 3, end=CUT), AFTER), "alice, bob, carol; bob has the turn"),
    "others": ((live_layer("5+6", 4, end=CUT), AFTER), "[erin, frank], dave; [erin, frank] have"),
    "somebody alone": ((live_layer(6, end=CUT), AFTER), "frank"),
    "another order": ((live_layer(2, 1, end=CUT), AFTER), None),
    "a bridge": (
        (live_layer(1, rotation=LENGTH, start=NOW, end=CUT), AFTER),
        None,
    ),
    "nothing waits": ((live_layer(1, 2),), None),
}


@pytest.mark.parametrize("description", ["", "new"])
@pytest.mark.parametrize(("layers", "rota"), EARLIER.values(), ids=EARLIER)
def test_a_rota_that_runs_until_a_cut_is_named(
    layers: Sequence[Layer], rota: str | None, description: str
) -> None:
    notes = notes_of(*layers, description=description)
    assert [note.startswith(f"{BEFORE}: {rota}") for note in notes] == ([True] if rota else [])


def test_after_the_cut_it_is_not_named() -> None:
    assert notes_of(live_layer(3, end=CUT), AFTER, now=CUT) == ()


def test_many_rotas_that_run_until_a_cut_are_one_note() -> None:
    names = [f"S{number}" for number in range(6)]
    wanted = [desired(name, layers=(file_layer(1, 2, start=CUT),)) for name in names]
    layers = (live_layer(3, end=CUT), AFTER)
    plan = plan_of(wanted, [live(name, id, layers=layers) for id, name in enumerate(names, 1)])
    named = "`S0`, `S1`, `S2`, `S3`, `S4` and 1 more"
    assert plan.notes == (f"an earlier rota runs until its cut on 6 schedules: {named}",)
