"""Members, persons, teams and roles."""

from __future__ import annotations

import pytest

from flashsync.sandbox import Account, Sandbox
from tests.sandbox.peer import ALICE, CAROL, Peer


def test_the_keys_own_member(shared: Peer) -> None:
    found = shared.data("/member/info")
    assert found["member_id"] == ALICE
    assert (found["member_name"], found["email"]) == ("Alice Zhang", "alice@example.com")
    assert (found["account_name"], found["account_time_zone"]) == ("Acme Corp", "Asia/Shanghai")
    assert found["time_zone"] == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("query", "emails"),
    [
        ("CAROL", ["carol@example.com"]),
        ("li wei", ["liwei@example.com", "li.wei2@example.com"]),
        ("小明", ["xiaoming@example.com"]),
        ("nobody@", []),
    ],
)
def test_members_by_part_of_name_or_address(shared: Peer, query: str, emails: list[str]) -> None:
    found = shared.data("/member/list", {"query": query})
    assert [item["email"] for item in found["items"]] == emails
    assert found["total"] == len(emails)


def test_members_of_every_status(shared: Peer) -> None:
    items = shared.data("/member/list", {"limit": 100})["items"]
    status = {item["email"]: item["status"] for item in items}
    assert status["mallory@example.com"] == "pending"
    assert status["oscar@example.com"] == "deleted"
    assert status["alice@example.com"] == "enabled"
    assert len(items) == 22  # the account itself is no member


def test_members_come_in_pages_and_in_order(shared: Peer) -> None:
    first = shared.data("/member/list")
    assert (len(first["items"]), first["total"]) == (20, 22)
    assert len(shared.data("/member/list", {"p": 2})["items"]) == 2
    newest = shared.data("/member/list", {"orderby": "created_at"})["items"][0]
    assert newest["member_name"] == "Tom Baker"
    oldest = shared.data("/member/list", {"orderby": "created_at", "asc": True})["items"][0]
    assert oldest["member_id"] == ALICE


def test_persons(sandbox: Sandbox, peer: Peer) -> None:
    owner = sandbox.world.account.account_id
    items = peer.data("/person/infos", {"person_ids": [CAROL, 7, owner]})["items"]
    assert [(item["person_name"], item["as"]) for item in items] == [
        ("Carol Diaz", "member"),
        ("Acme Corp", "account"),
    ]
    assert items[0]["person_id"] == 2476444212131
    assert items[0]["email_verified"] is True


def test_a_person_may_change(sandbox: Sandbox, peer: Peer) -> None:
    sandbox.world.account.change_person("carol@example.com", status="deleted")
    items = peer.data("/person/infos", {"person_ids": [CAROL]})["items"]
    assert items[0]["status"] == "deleted"
    with pytest.raises(KeyError):
        sandbox.world.account.person("nobody@example.com")


def test_teams(shared: Peer) -> None:
    found = shared.data("/team/list")
    names = [item["team_name"] for item in found["items"]]
    assert names == ["SRE", "Platform", "Payments", "APAC", "EMEA", "Americas", "支付团队"]
    assert found["items"][0]["status"] == "enabled"
    mine = shared.data("/team/list", {"person_id": ALICE})["items"]
    assert [item["team_name"] for item in mine] == ["SRE"]
    assert shared.data("/team/list", {"query": "sr"})["total"] == 1
    ids = [item["team_id"] for item in found["items"]]
    chosen = shared.data("/team/infos", {"team_ids": [ids[2], 7, ids[0]]})["items"]
    assert [item["team_name"] for item in chosen] == ["Payments", "SRE"]
    backwards = shared.data("/team/list", {"orderby": "updated_at", "limit": 1})["items"]
    assert backwards[0]["team_name"] == "支付团队"


def test_roles_in_the_accounts_language(sandbox: Sandbox, shared: Peer) -> None:
    found = shared.http.get("/oncall/roles").json()["data"]
    assert found[:2] == [{"id": 0, "name": "主值班人"}, {"id": 1, "name": "备值班人"}]
    assert found[2]["name"] == "Observer"
    other = Peer(sandbox, "other-account-key").http.get("/oncall/roles").json()["data"]
    assert other == [{"id": 0, "name": "Primary"}, {"id": 1, "name": "Backup"}]


def test_the_first_account_is_the_default(sandbox: Sandbox) -> None:
    assert isinstance(sandbox.world.account, Account)
    assert sandbox.world.account.name == "Acme Corp"


def test_one_team_by_id_or_name(peer: Peer) -> None:
    sre = peer.data("/team/info", {"team_name": "SRE"})
    assert peer.data("/team/info", {"team_id": sre["team_id"]}) == sre
    assert ALICE in sre["person_ids"]
    for body in ({"team_id": 7}, {"team_name": "None"}, {}):
        assert peer.refusal("/team/info", body)[:2] == (400, "ResourceNotFound")


def test_teams_in_the_order_of_their_names(peer: Peer) -> None:
    teams = peer.data("/team/list", {"orderby": "team_name", "asc": True, "limit": 100})["items"]
    names = [team["team_name"] for team in teams]
    assert names == sorted(names)
