"""Whom a name means: the order, and the errors if it means nobody or several."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.declared.people import NamedBy, PersonName
from flashsync.errors import Level
from flashsync.model.people import Directory, MemberStatus, Person, Role, Team
from flashsync.resolve.names import AccountNames, Doubt, OfflineNames, confirm, kind
from tests.properties import trying

DIRECTORY = Directory(
    people={
        person.id: person
        for person in [
            Person(1, "Alice Wu", "Alice@Example.com"),
            Person(2, "Bob", "bob@example.com"),
            Person(3, "Sam", "sam@example.com"),
            Person(4, "Sam", "sam.two@example.com"),
            Person(5, "Kim", "kim@example.com", MemberStatus.PENDING),
            Person(6, "Kim", "kim.old@example.com", MemberStatus.DELETED),
            Person(7, "Gone", "gone@example.com", MemberStatus.DELETED),
            Person(8, "Back", "back@example.com", MemberStatus.DELETED),
            Person(9, "Back", "back@example.com"),
            Person(10, "12", "twelve@example.com"),
            Person(11, "carol", "carol@example.com"),
            Person(12, "Twin", ""),
            Person(13, "Twin", ""),
            Person(14, "Ren\u00e9", ""),
            Person(15, "Odd", "odd@example.com", MemberStatus.UNKNOWN),
        ]
    },
    teams={1: Team(1, "SRE"), 2: Team(2, "Payments"), 3: Team(3, "77")},
    roles={0: Role(0, "主值班人"), 1: Role(1, "primary"), 5: Role(5, "shadow")},
)
SHORT = {
    "alice": PersonName("alice@example.com"),
    "bob": PersonName("carol"),
    "carol": PersonName("Bob"),
    "me": PersonName("2"),
    "dave": PersonName("Alice Wu", NamedBy.NAME),
    "loop": PersonName("me"),
    "left": PersonName("gone@example.com"),
}
NAMES = AccountNames(DIRECTORY, SHORT)


def refused(name: str, by: NamedBy = NamedBy.ANY) -> str:
    with pytest.raises(Doubt) as found:
        NAMES.person(PersonName(name, by))
    assert found.value.level is Level.ERROR
    return f"{found.value.message}; {found.value.remedy}"


@pytest.mark.parametrize(
    ("text", "by", "person"),
    [
        ("2", NamedBy.ANY, 2),
        ("002", NamedBy.ANY, 2),
        ("12", NamedBy.ANY, 12),
        ("12", NamedBy.NAME, 10),
        ("BOB@example.COM", NamedBy.ANY, 2),
        ("alice@example.com", NamedBy.EMAIL, 1),
        ("alice", NamedBy.ANY, 1),
        ("me", NamedBy.ANY, 2),
        ("dave", NamedBy.ANY, 1),
        # short names are not followed from one to the next: these are names of members
        ("bob", NamedBy.ANY, 11),
        ("carol", NamedBy.ANY, 2),
        # outright, a short name means nothing
        ("carol", NamedBy.NAME, 11),
        ("Alice Wu", NamedBy.ANY, 1),
        ("Rene\u0301", NamedBy.ANY, 14),
        # of those who share a name or an address, who can be on call
        ("Kim", NamedBy.ANY, 5),
        ("Back", NamedBy.ANY, 9),
        ("back@example.com", NamedBy.ANY, 9),
        ("Odd", NamedBy.ANY, 15),
    ],
)
def test_who_is_meant(text: str, by: NamedBy, person: int) -> None:
    assert NAMES.person(PersonName(text, by)) == person


@pytest.mark.parametrize(
    ("text", "by", "said"),
    [
        ("99", NamedBy.ANY, "nobody in the account is `99`"),
        ("alcie", NamedBy.ANY, "nobody in the account is `alcie`; did you mean alice?"),
        ("ALICE", NamedBy.ANY, "nobody in the account is `ALICE`; did you mean alice?"),
        ("alice wu", NamedBy.ANY, "nobody in the account is `alice wu`; did you mean Alice Wu?"),
        ("bob@exmaple.com", NamedBy.ANY, "nobody in the account is `bob@exmaple.com`; did you mean bob@example.com?"),
        ("alice", NamedBy.NAME, "nobody in the account is `alice`; write alice without `name:`, as it is a short name"),
        ("Zebedee", NamedBy.ANY, "nobody in the account is `Zebedee`; use an address, a short name from `people`, or an exact name"),
        ("loop", NamedBy.ANY, "nobody in the account is `me`, which `people` gives for `loop`; use an address, a short name from `people`, or an exact name"),
        ("Sam", NamedBy.ANY, "2 people are named `Sam`; write sam.two@example.com or sam@example.com"),
        ("Twin", NamedBy.ANY, "2 people are named `Twin`; write 12 or 13"),
        ("Gone", NamedBy.ANY, "`Gone` has left the account; run `flashsync replace Gone --with NAME`, or apply the rest with --only"),
        ("left", NamedBy.ANY, "`left` (Gone) has left the account; run `flashsync replace left --with NAME`, or apply the rest with --only"),
        ("²", NamedBy.ANY, "nobody in the account is `²`"),
    ],
)  # fmt: skip
def test_who_is_not_found(text: str, by: NamedBy, said: str) -> None:
    assert refused(text, by).startswith(said)


@pytest.mark.parametrize(("text", "by"), [("7", NamedBy.ANY), ("7", NamedBy.ID)])
def test_an_id_names_somebody_who_has_left_with_a_warning(text: str, by: NamedBy) -> None:
    name = PersonName(text, by)
    assert NAMES.person(name) == 7
    warning = NAMES.warning(name, 7)
    assert warning
    assert warning.level is Level.WARNING
    assert warning.message == "`7` (Gone) has left the account"
    assert warning.remedy == "run `flashsync replace 7 --with NAME`"
    with pytest.raises(Doubt, match="has left the account"):
        NAMES.present(name)


def test_the_account_knows_nobody() -> None:
    names = AccountNames(Directory(), {})
    for find in (names.team, names.role):
        with pytest.raises(Doubt) as found:
            find("x")
        assert found.value.remedy


@pytest.mark.parametrize(("name", "team"), [("none", 0), ("SRE", 1), ("2", 2), ("3", 3)])
def test_teams(name: str, team: int) -> None:
    assert NAMES.team(name) == team


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("77", "the account has no team 77; write the team's exact name"),
        ("sre", "the account has no team `sre`; did you mean SRE?"),
        ("Marketing", "the account has no team `Marketing`; known: 77, Payments, SRE"),
        ("²", "the account has no team `²`; known: 77, Payments, SRE"),
    ],
)
def test_teams_that_are_none(name: str, said: str) -> None:
    with pytest.raises(Doubt) as found:
        NAMES.team(name)
    assert f"{found.value.message}; {found.value.remedy}" == said


@pytest.mark.parametrize(
    ("name", "role"),
    [("primary", 0), ("backup", 1), ("0", 0), ("1", 1), ("5", 5), ("shadow", 5), ("主值班人", 0)],
)
def test_roles(name: str, role: int) -> None:
    assert NAMES.role(name) == role
    assert AccountNames(Directory(), {}).role("1") == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("6", "the account has no role 6; write the role's exact name"),
        ("Shadows", "the account has no role `Shadows`; did you mean shadow?"),
        ("x", "the account has no role `x`; known: backup, primary, shadow, 主值班人"),
    ],
)
def test_roles_that_are_none(name: str, said: str) -> None:
    with pytest.raises(Doubt) as found:
        NAMES.role(name)
    assert f"{found.value.message}; {found.value.remedy}" == said


def test_many_known_names_are_not_listed() -> None:
    teams = {id: Team(id, f"team {id} of many") for id in range(9)}
    with pytest.raises(Doubt) as found:
        AccountNames(Directory(teams=teams), {}).team("zzz")
    assert found.value.remedy == "write its exact name"


@trying(25)
@given(st.text(min_size=1, max_size=8), st.sampled_from([NamedBy.ANY, NamedBy.NAME]))
def test_any_text_means_somebody_or_gives_a_doubt(text: str, by: NamedBy) -> None:
    person = PersonName(text, by)
    offline = OfflineNames(SHORT)
    assert offline.warning(person, offline.person(person)) is None or kind(person) is NamedBy.NAME
    for find in (lambda name: NAMES.person(PersonName(name, by)), NAMES.team, NAMES.role):
        with suppress(Doubt):
            assert find(text) >= 0
    assert offline.team(text) >= 0
    assert offline.role(text) >= 0


def test_offline_all_names_are_believed_and_short_names_tie_ways_together() -> None:
    names = OfflineNames(SHORT)
    alice = names.person(PersonName("alice"))
    assert names.person(PersonName("ALICE@example.com")) == alice
    assert names.person(PersonName("alice@example.com", NamedBy.EMAIL)) == alice
    assert names.person(PersonName("Alice")) not in (alice, names.person(PersonName("alIce")))
    agent = names.person(PersonName("007"))
    assert names.person(PersonName("007")) == agent != names.person(PersonName("008"))
    assert (names.team("none"), names.team("A"), names.team("A")) == (0, 1, 1)
    assert (names.role("backup"), names.role("x"), names.role("primary")) == (1, 2, 0)
    zoe = names.person(PersonName("Zoe"))
    assert names.person(PersonName("7", NamedBy.ID)) == names.person(PersonName("007"))
    directory = names.directory
    assert directory.person(alice) == "alice"
    assert (directory.team(1), directory.role(2)) == ("A", "x")
    assert directory.person(zoe) == "Zoe"


def test_offline_a_slip_of_a_short_name_is_worth_a_warning() -> None:
    names = OfflineNames(SHORT)
    doubt = names.warning(PersonName("alcie"), 1)
    assert doubt is not None
    assert (doubt.level, doubt.remedy) == (Level.WARNING, "did you mean alice?")
    assert doubt.message == "`alcie` is not a short name in `people`, so it must be a member's name"
    for fine in ("alice", "Zebedee", "alice@example.org", "12"):
        assert names.warning(PersonName(fine), 1) is None
    assert names.warning(PersonName("alcie", NamedBy.NAME), 1) is None


# Ids of persons are confirmed before they are used.

ALICE = Person(1, "Alice", "alice@example.com")


@pytest.mark.parametrize(
    ("member", "person"),
    [
        (ALICE, ALICE),
        (ALICE, Person(1, "Alice Wu", "ALICE@example.com")),
        (Person(1, "Alice", ""), Person(1, " Alice", "other@example.com")),
        (Person(1, "Alice", "alice@example.com"), Person(1, "Alice", "")),
        (None, ALICE),
    ],
)
def test_the_same_person(member: Person | None, person: Person) -> None:
    assert confirm([1, 1], {1: member} if member else {}, {1: person}) == []


@pytest.mark.parametrize(
    ("member", "person", "said"),
    [
        (ALICE, Person(1, "Bob", "bob@example.com"), "Alice <alice@example.com> has the member id 1, but person 1 is Bob <bob@example.com>"),
        (Person(1, "Alice", ""), Person(1, "Bob", ""), "Alice has the member id 1, but person 1 is Bob"),
        (Person(1, "", "a@b"), Person(1, "", "c@d"), "a@b has the member id 1, but person 1 is c@d"),
        (ALICE, None, "Alice <alice@example.com> has the member id 1, but no person has it"),
        (None, None, "nobody in the account has the id 1"),
    ],
)  # fmt: skip
def test_somebody_else_or_nobody(member: Person | None, person: Person | None, said: str) -> None:
    listed, confirmed = {1: member} if member else {}, {1: person} if person else {}
    (problem,) = confirm([1], listed, confirmed)
    assert problem.message == said
    assert problem.remedy


def test_one_problem_a_person_in_a_stable_order() -> None:
    found = confirm([9, 3, 9, 1], {1: ALICE}, {1: ALICE})
    assert ["id 3" in found[0].message, "id 9" in found[1].message] == [True, True]
    assert len(found) == 2
