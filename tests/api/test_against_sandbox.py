"""The client over real HTTP against a server that is as strict as the platform."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest

from flashsync.api.client import Client
from flashsync.api.credentials import Credentials
from flashsync.api.endpoints import people, schedules
from flashsync.api.errors import (
    AccessDenied,
    Failure,
    Invalid,
    Locked,
    NotFound,
    TimedOut,
    TooFrequent,
    Unauthorized,
    Unclear,
)
from flashsync.model.notify import Notify, Secret, Webhook
from flashsync.model.people import Person, Role
from flashsync.model.schedule import (
    BACKUP,
    Group,
    Hours,
    Layer,
    Member,
    Override,
    Rotation,
    Schedule,
    Unit,
)
from flashsync.sandbox import UNLIMITED, Limits, Options, Reply, Sandbox, refusal, running, seed
from flashsync.sandbox.options import Form, Secrets
from tests.api.peers import Clock
from tests.clock import frozen

NOW = 1767542400
FORMS = list(itertools.product(get_args(Form), (False, True), (False, True)))


def connect(box: Sandbox, key: str = "sandbox-key", **options: Any) -> Client:
    """A client that waits for no time, unless the options say so."""
    clock = Clock()
    settings: dict[str, Any] = {
        "rate": 1,
        "sleep": clock.sleep,
        "monotonic": clock.now,
        "jitter": lambda: 0.0,
    }
    return Client(Credentials(Secret(key), box.url), **(settings | options))


@pytest.fixture(scope="module")
def demo() -> Iterator[Sandbox]:
    with running(seed("demo"), Options(limits=UNLIMITED), now=frozen) as box:
        yield box


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with running(seed("demo"), Options(limits=UNLIMITED), now=frozen) as box:
        yield box


def read_all(flashduty: Client) -> dict[int, Schedule]:
    zone = people.me(flashduty).timezone
    listed = schedules.list_schedules(flashduty, zone)
    return schedules.read_many(flashduty, [one.id for one in listed], zone, NOW)


def rich(person: int, role: int) -> Schedule:
    """A schedule that uses every declarable field."""
    members = frozenset({Member(person), Member(person, role)})
    return Schedule(
        name="Everything",
        description="all of it",
        layers=(
            Layer(
                name="Nights",
                start=NOW,
                end=NOW + 10**8,
                rotation=Rotation(3, Unit.DAY),
                groups=(Group(members, "A"), Group(frozenset({Member(person)}))),
                days=frozenset({0, 6}),
                continuous=True,
                hours=Hours("day", ((64800, 32400),)),
                fair=True,
            ),
            Layer(
                name="Weekly",
                start=NOW,
                end=None,
                rotation=Rotation(1, Unit.WEEK),
                groups=(Group(members, "A"),),
                handoff=0,
                hours=Hours("week", ((0, 1000), (600000, 5))),
            ),
        ),
        overrides=(Override("Away [flashsync]", NOW, NOW + 7200, frozenset({Member(person)})),),
        notify=Notify(
            before=0,
            daily_at="08:00",
            webhooks=(Webhook("dingtalk", "ops", token=Secret("ding-token-1")),),
        ),
    )


def test_people_teams_and_roles(demo: Sandbox) -> None:
    with connect(demo) as flashduty:
        account = people.me(flashduty)
        members = people.members(flashduty)
        persons = people.persons(flashduty, [one.id for one in members.items] + [424242])
        teams = people.teams(flashduty)
        assert account.timezone == "Asia/Shanghai"
        assert members.complete
        assert account.member in persons
        assert {one.id for one in members.items} == set(persons)
        assert [one.email for one in people.find_members(flashduty, "alice@example.com")] == [
            "alice@example.com"
        ]
        assert people.team_infos(flashduty, [one.id for one in teams]) == {
            one.id: one for one in teams
        }
        assert {role.id for role in people.roles(flashduty)} >= {0, BACKUP}
        assert all(isinstance(role, Role) for role in people.roles(flashduty))
        assert all(isinstance(person, Person) for person in persons.values())


@pytest.mark.slow
@pytest.mark.parametrize(("form", "padded", "future"), FORMS)
def test_every_answer_form_reads_alike_and_is_taken_back(
    box: Sandbox, form: Form, padded: bool, future: bool
) -> None:
    box.options = replace(box.options, future_fields=future)
    with connect(box) as flashduty:
        plain = read_all(flashduty)
        box.options = replace(box.options, form=form, padded=padded)
        again = read_all(flashduty)
        assert again == plain
        for schedule in again.values():
            schedules.update(flashduty, schedule)
        # What an update without `status` does is open (api.md), and ours never sends it.
        sent = [entry.body for entry in box.log if entry.endpoint == "/schedule/update"]
        assert all("status" not in body and "disabled" not in body for body in sent)
        box.options = Options(limits=UNLIMITED, future_fields=future)
        assert read_all(flashduty) == plain
        before = [carried(schedule) for schedule in plain.values()]
        assert [carried(schedule) for schedule in read_all(flashduty).values()] == before


@pytest.mark.parametrize("secrets", get_args(Secrets))
def test_secrets_are_read_back(demo: Sandbox, secrets: Secrets) -> None:
    with connect(demo) as flashduty:
        account = people.me(flashduty)
        name = f"Secrets {secrets}"
        id = schedules.create(flashduty, replace(rich(account.member, BACKUP), name=name))
        demo.options = replace(demo.options, secrets=secrets)
        live = schedules.read_schedule_info(flashduty, id, account.timezone, NOW)
        demo.options = replace(demo.options, secrets="plain")
    token = live.notify.webhooks[0].token
    assert (token is None) is (secrets == "empty")
    assert (token is not None and token.readable) is (secrets == "plain")


def carried(schedule: Schedule) -> list[Any]:
    """What users cannot declare, without the stamps of the server."""
    parts = [schedule.carried, schedule.notify.carried]
    parts += [webhook.carried for webhook in schedule.notify.webhooks]
    parts += [layer.carried for layer in schedule.layers]
    parts += [group.carried for layer in schedule.layers for group in layer.groups]
    stamps = ("create_at", "create_by", "update_at", "update_by", "im")
    return [{key: part[key] for key in part if key not in stamps} for part in parts]


@pytest.mark.parametrize("form", get_args(Form))
def test_every_declarable_field_is_created_emptied_and_deleted(box: Sandbox, form: Form) -> None:
    box.options = replace(box.options, form=form)
    with connect(box) as flashduty:
        account = people.me(flashduty)
        wanted = rich(account.member, BACKUP)
        id = schedules.create(flashduty, wanted)
        live = schedules.read_schedule_info(flashduty, id, account.timezone, NOW)
        assert replace(live, id=None) == wanted
        (layer, _) = live.layers
        plain = replace(layer, end=None, days=None, continuous=False, hours=None, fair=False)
        emptied = replace(
            live, description="", layers=(plain,), overrides=(), notify=Notify(), name="夜班"
        )
        schedules.update(flashduty, emptied)
        assert schedules.read_schedule_info(flashduty, id, account.timezone, NOW) == emptied
        found = schedules.find_by_name(flashduty, "夜班", account.timezone)
        assert found is not None
        assert found.id == id
        schedules.delete(flashduty, id)
        with pytest.raises(NotFound):
            schedules.read_schedule_info(flashduty, id, account.timezone, NOW)
        assert schedules.find_by_name(flashduty, "夜班", account.timezone) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layers_in", "asked"),
    [
        (frozenset({"list"}), {"/schedule/list"}),
        (frozenset(), {"/schedule/list", "/schedule/info"}),
    ],
)
@pytest.mark.parametrize("form", get_args(Form))
def test_a_cheaper_answer_is_used(layers_in: Any, asked: set[str], form: Form) -> None:
    options = Options(limits=UNLIMITED, layers_in=layers_in, form=form)
    with running(seed(12), options, now=frozen) as box, connect(box) as flashduty:
        zone = people.me(flashduty).timezone
        box.log.clear()
        listed = schedules.list_schedules(flashduty, zone)
        missing = [one.id for one in listed if one.schedule is None]
        found = schedules.read_many(flashduty, missing, zone, NOW)
        assert len(found) + sum(one.schedule is not None for one in listed) == 12
        assert set(box.counts) <= asked
        one_by_one = {
            id: schedules.read_schedule_info(flashduty, id, zone, NOW)
            for id in [one.id for one in listed]
        }
        cheap = {one.id: one.schedule for one in listed if one.schedule} | found
        assert cheap == one_by_one


@pytest.mark.slow
@pytest.mark.parametrize("count", [99, 100, 101, 1000, 1150])
def test_all_pages(count: int) -> None:
    with (
        running(seed(count), Options(limits=UNLIMITED), now=frozen) as box,
        connect(box) as flashduty,
    ):
        listed = schedules.list_schedules(flashduty, "Asia/Shanghai")
        assert len({one.id for one in listed}) == count


def test_no_second_is_refused_at_full_rate() -> None:
    with (
        running(seed("empty"), now=frozen) as box,
        connect(box, sleep=None, monotonic=time.monotonic) as flashduty,
    ):
        started = time.monotonic()
        flashduty.each(lambda _: flashduty.call("/member/info"), range(110))
        assert box.refused == 0
        assert 2 <= time.monotonic() - started < 4


def test_a_minute_of_another_program_is_outlasted() -> None:
    """429 without Retry-After: the waits are long enough for the window of a minute."""
    clock = Clock()
    limits = Limits(per_second=None, per_minute=3)
    options = Options(limits=limits, retry_after=False)
    with running(seed("empty"), options, monotonic=clock.now, now=frozen) as box:
        with connect(box) as other:
            for _ in range(3):
                other.call("/member/info")
        with connect(box, sleep=clock.sleep, monotonic=clock.now) as flashduty:
            flashduty.call("/member/info")
        assert box.refused == 3
        clock.sleep(10_000)
        with connect(box) as hasty:
            assert [hasty.call("/member/info") is None for _ in range(3)] == [False] * 3
            with pytest.raises(TooFrequent):
                hasty.call("/member/info")


@pytest.mark.parametrize(
    ("key", "call", "kind"),
    [
        ("wrong-key", people.me, Unauthorized),
        ("sandbox-nobody-key", read_all, AccessDenied),
        ("sandbox-key", lambda flashduty: flashduty.call("/schedule/lists"), Failure),
        ("sandbox-key", lambda flashduty: flashduty.call("/member/list", {"odd": 1}), Invalid),
        ("sandbox-reader-key", lambda flashduty: schedules.delete(flashduty, 1), AccessDenied),
    ],
)
def test_refusals(
    demo: Sandbox, key: str, call: Callable[[Client], Any], kind: type[Failure]
) -> None:
    with connect(demo, key) as flashduty, pytest.raises(kind) as caught:
        call(flashduty)
    assert caught.value.request_id
    assert caught.value.request_id in {entry.request_id for entry in demo.log}
    assert key not in str(caught.value)


def test_a_lock_is_not_tried_again(box: Sandbox) -> None:
    box.fail_next(refusal("RequestLocked"))
    with connect(box) as flashduty, pytest.raises(Locked):
        people.me(flashduty)
    assert len(box.log) == 1


@pytest.mark.parametrize("acted", [True, False])
@pytest.mark.parametrize("fault", [refusal("InternalError"), Reply(drop=True)])
def test_a_create_in_doubt_can_be_looked_up(box: Sandbox, acted: bool, fault: Reply) -> None:
    box.fail_next(fault, "/schedule/create", acted=acted)
    with connect(box) as flashduty:
        account = people.me(flashduty)
        wanted = rich(account.member, BACKUP)
        with pytest.raises(Unclear):
            schedules.create(flashduty, wanted)
        assert box.counts["/schedule/create"] == 1
        found = schedules.find_by_name(flashduty, wanted.name, account.timezone)
        assert (found is not None) is acted


@pytest.mark.parametrize(
    "fault", [refusal("ServiceUnavailable"), refusal("RequestTooFrequently"), Reply(drop=True)]
)
def test_an_update_and_a_delete_are_sent_once(box: Sandbox, fault: Reply) -> None:
    with connect(box) as flashduty:
        one = next(iter(read_all(flashduty).values()))
        for endpoint in ("/schedule/update", "/schedule/delete"):
            box.fail_next(fault, endpoint)
        with pytest.raises(Failure):
            schedules.update(flashduty, replace(one, description="changed"))
        with pytest.raises(Failure):
            schedules.delete(flashduty, one.id or 0)
        assert (box.counts["/schedule/update"], box.counts["/schedule/delete"]) == (1, 1)


def test_an_answer_that_comes_too_late(box: Sandbox) -> None:
    box.options = replace(box.options, latency=0.3)
    with connect(box, read_timeout=0.02) as flashduty, pytest.raises(TimedOut):
        people.me(flashduty)
