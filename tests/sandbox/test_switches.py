"""Switches for what may be missing: endpoints, shifts, the audit log, the member of a key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flashsync.sandbox import UNLIMITED, Options, Sandbox
from tests.sandbox.peer import DAY, NOW, Peer


@pytest.mark.parametrize(
    ("code", "status"), [("RouteNotFound", 404), ("AccessDenied", 403), ("NoLicense", 400)]
)
def test_an_endpoint_is_refused(sandbox: Sandbox, peer: Peer, code: str, status: int) -> None:
    sandbox.options = Options(limits=UNLIMITED, refusals={"/oncall/roles": code})
    answer = peer.http.get("/oncall/roles")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    peer.data("/member/info")


def test_an_account_scoped_key_has_no_member(sandbox: Sandbox) -> None:
    account = Peer(sandbox, "sandbox-account-key")
    assert account.refusal("/member/info")[:2] == (403, "AccessDenied")
    assert account.refusal("/schedule/self", {"start": NOW, "end": NOW + 1})[0] == 403
    about = account.data("/account/info")
    acme = sandbox.world.account
    assert (about["account_id"], about["account_name"]) == (acme.account_id, "Acme Corp")
    assert about["time_zone"] == "Asia/Shanghai"
    schedule = account.info(account.create())
    assert schedule["create_by"] == acme.account_id


def test_a_members_key_may_ask_about_the_account(peer: Peer) -> None:
    assert peer.data("/account/info")["account_name"] == "Acme Corp"


def test_own_schedules_without_computed_shifts(sandbox: Sandbox, peer: Peer) -> None:
    peer.create()
    window = {"start": NOW, "end": NOW + DAY}
    shifts = peer.data("/schedule/self", window)["items"][0]
    assert shifts["final_schedule"]["schedules"]
    sandbox.options = Options(limits=UNLIMITED, self_shifts=False)
    bare = peer.data("/schedule/self", window)["items"][0]
    assert bare["layers"] == shifts["layers"]
    assert bare["schedule_layers"] is None
    assert bare["final_schedule"]["schedules"] is None


@pytest.mark.parametrize(("days", "entries"), [(None, 2), (30, 2), (10, 1), (0, 0)])
def test_the_audit_log_reaches_back_some_days(
    sandbox: Sandbox, peer: Peer, days: int | None, entries: int
) -> None:
    for age in (20, 3):
        sandbox.console.create({"schedule_name": f"{age} days old", "layers": []})
        log = sandbox.world.account.audit
        log[-1] = replace(log[-1], created_at=(NOW - age * DAY) * 1000)
    sandbox.options = Options(limits=UNLIMITED, audit_days=days)
    window = {"start_time": NOW - 60 * DAY, "end_time": NOW}
    assert len(peer.data("/audit/search", window)["docs"]) == entries
