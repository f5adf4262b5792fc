"""Chats: which are the same, and which secrets can be compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.model.notify import Notify, Secret, SecretReference, Webhook
from flashsync.plan.webhooks import compare, match
from tests.model import strategies
from tests.model.strategies import steady


def hook(alias: str = "", source: int = 0, token: Secret | None = None, **fields: Any) -> Webhook:
    return Webhook("dingtalk", alias, source, token=token, **fields)


def given_secret(value: str | None, name: str = "TOKEN") -> Secret:
    return Secret(value, SecretReference("env", name))


MASKED = Secret("ab***yz")


@pytest.mark.parametrize(
    ("desired", "live", "pairs"),
    [
        ([hook("ops")], [hook("ops")], {0: 0}),
        ([hook("ops"), hook("dev")], [hook("dev"), hook("ops")], {0: 1, 1: 0}),
        ([hook("", 5), hook("", 6)], [hook("", 6), hook("", 5)], {0: 1, 1: 0}),
        ([hook("ops", 5)], [hook("ops", 6)], {0: 0}),
        ([hook("ops", 5)], [hook("dev", 5)], {0: 0}),
        ([hook("ops")], [hook("dev")], {}),
        ([hook("", 5)], [hook("", 6)], {}),
        ([hook("ops")], [hook()], {0: 0}),
        ([hook("ops", 1), hook("ops", 2)], [hook("ops", 2), hook("ops", 1)], {0: 1, 1: 0}),
        ([hook()], [Webhook("slack")], {}),
        # by token, where it can be read; a chat of which nothing is known takes what is left
        (
            [hook(token=given_secret("a")), hook(token=given_secret("b"))],
            [hook(token=Secret("b")), hook(token=Secret("a"))],
            {0: 1, 1: 0},
        ),
        (
            [hook(token=given_secret(None)), hook(token=given_secret("b"))],
            [hook(token=Secret("b")), hook(token=Secret("a"))],
            {1: 0, 0: 1},
        ),
        ([hook(token=given_secret("a"))], [hook(token=MASKED)], {0: 0}),
        ([hook("x", token=given_secret("a"))], [hook("y", token=Secret("a"))], {0: 0}),
        (
            [hook("ops"), hook(token=given_secret("b"))],
            [hook(token=Secret("b")), hook("ops", chats=frozenset({"c"}))],
            {0: 1, 1: 0},
        ),
    ],
)
def test_chats_are_matched_by_what_tells_them_apart(desired: Any, live: Any, pairs: Any) -> None:
    assert match(desired, live) == pairs


@pytest.mark.parametrize(
    ("want", "have", "same", "uncompared", "masked"),
    [
        (None, None, True, 0, 0),
        (None, Secret("plain"), False, 0, 0),
        (None, MASKED, True, 0, 1),
        (given_secret("plain"), Secret("plain"), True, 0, 0),
        (given_secret("new"), Secret("plain"), False, 0, 0),
        (given_secret("new"), MASKED, True, 1, 0),
        (given_secret("new"), None, True, 1, 0),
        (given_secret(None), Secret("plain"), True, 1, 0),
        (given_secret(""), Secret("plain"), True, 1, 0),
        (given_secret("with*star"), Secret("with*star"), True, 1, 0),
    ],
)
@pytest.mark.parametrize("field", ["token", "verify_token", "sign_secret"])
def test_secrets_that_can_be_compared_and_that_cannot(
    want: Any, have: Any, same: bool, uncompared: int, masked: int, field: str
) -> None:
    desired = Notify(webhooks=(replace(hook("ops"), **{field: want}),))
    live = Notify(webhooks=(replace(hook("ops"), **{field: have}),))
    found = compare(desired, live)
    assert found.same(desired) is same
    place = (f"notify.chats[dingtalk ops].{field}",)
    assert (found.uncompared, found.masked) == (place * uncompared, place * masked)
    missing = f"env: TOKEN ({place[0]})"
    assert found.missing == ((missing,) if want and not want.value else ())


def test_the_secrets_of_another_chat_are_not_in_the_way() -> None:
    desired = Notify(webhooks=(hook("new", token=given_secret("a")),))
    live = Notify(webhooks=(hook("old", token=MASKED, sign_secret=MASKED),))
    found = compare(desired, live)
    assert (found.same(desired), found.masked, found.pairs) == (False, (), ())


def test_nobody_gets_a_notice_on_either_side() -> None:
    assert compare(Notify(), Notify()).same(Notify())
    assert not compare(Notify(before=0), Notify()).same(Notify(before=0))
    assert not compare(Notify(daily_at="08:00"), Notify()).same(Notify(daily_at="08:00"))


@steady
@given(strategies.notifies(strategies.live_secrets), st.randoms(use_true_random=False))
def test_the_order_of_chats_means_nothing(notify: Notify, random: Any) -> None:
    hooks = list(notify.webhooks)
    random.shuffle(hooks)
    shuffled = replace(notify, webhooks=tuple(hooks))
    readable = all(secret.readable for one in hooks for _, secret in one.secrets())
    found = compare(shuffled, notify)
    assert found.same(shuffled)
    assert [theirs for _, theirs in found.pairs] == hooks
    if readable:
        assert found.masked == found.uncompared == ()


@steady
@given(strategies.notifies(strategies.secrets), strategies.notifies(strategies.live_secrets))
def test_what_was_written_reads_back_as_the_same(desired: Notify, live: Notify) -> None:
    """Plain, masked or empty: in whatever form the platform answers."""
    forms: tuple[Callable[[Secret], Secret | None], ...] = (
        lambda secret: secret,
        lambda secret: Secret("***"),
        lambda secret: None,
    )
    for form in forms:
        hooks = tuple(_read_back(one, form) for one in desired.webhooks)
        assert compare(desired, replace(desired, webhooks=hooks)).same(desired)
    compare(desired, live)


def _read_back(one: Webhook, form: Callable[[Secret], Secret | None]) -> Webhook:
    back: dict[str, Any] = {
        name: form(secret) if secret.value else None for name, secret in one.secrets()
    }
    return replace(one, **back)
