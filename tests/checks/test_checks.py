"""Every check fires where it should, and says what a tired reader understands; else it is silent."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flashsync.checks.judge import judge
from flashsync.checks.model import Case, CheckSettings
from flashsync.declared import scalars
from flashsync.errors import Level
from flashsync.model.check_registry import CHECKS
from flashsync.model.notify import By, Notify, Webhook
from flashsync.model.people import Directory, MemberStatus, Person
from flashsync.model.schedule import (
    BACKUP,
    MARK,
    Group,
    Hours,
    Layer,
    Member,
    Override,
    Rotation,
    Unit,
)
from flashsync.model.timezone import DAY, HOUR, WEEK, wall_seconds_at
from flashsync.plan.words import Words
from flashsync.rotation.compare import Gap
from flashsync.rotation.wall_clock import jumps
from tests.checks.cases import (
    ALL_ON,
    HOURLY,
    MIDNIGHT,
    WEEKDAYS,
    case,
    effect,
    move,
    of,
    of_check,
    one_person,
    weekly,
)
from tests.plan.helpers import DAILY, NOW, START, desired, groups, live

DAYTIME = Hours("day", ((9 * HOUR, 18 * HOUR),))
NIGHT = Hours("day", ((18 * HOUR, 9 * HOUR),))
EVENING = Hours("day", ((16 * HOUR, DAY),))
WEEKEND = Hours("week", ((5 * DAY + 9 * HOUR, 9 * HOUR),))
LATE = Hours("day", ((12 * HOUR, 13 * HOUR), (22 * HOUR, 6 * HOUR)))
EVENINGS = Hours("day", ((20 * HOUR, 8 * HOUR),))
OFFICE_DAYS = Hours(
    "week", tuple((day * DAY + 9 * HOUR, day * DAY + 18 * HOUR) for day in range(5))
)
FALLBACK = Group(frozenset({Member(4, BACKUP)}))
CHANNELS = By(channels=frozenset({"email"}))
BERLIN, LONDON, HOWE = "Europe/Berlin", "Europe/London", "Australia/Lord_Howe"


def backups(*people: int) -> tuple[Group, ...]:
    """A turn for each person, as backup."""
    return tuple(Group(frozenset({Member(person, BACKUP)})) for person in people)


RING = tuple(
    Group(frozenset({Member(one), Member(other, BACKUP)})) for one, other in ((1, 2), (2, 3))
)


def changed(**fields: Any) -> Case:
    """An update with such an effect."""
    return case(desired(), live(), effect=effect(**fields))


def created(**fields: Any) -> Case:
    return case(desired(), None, effect=effect(**fields))


def deleted(**fields: Any) -> Case:
    return case(None, live(), effect=effect(**fields))


def among(**people: Any) -> Words:
    """The words of an account in which alice is such a person, and bob is as he was."""
    alice = Person(1, "alice", "alice@example.com", **people)
    return Words(Directory({1: alice, 2: Person(2, "bob")}), "Asia/Shanghai")


def booked(name: str, *shifts: tuple[int, int, int], **more: Any) -> Case:
    """A schedule with these shifts: from and to in hours, and the person."""
    layers = tuple(
        weekly(person, name=f"Shift {at}", start=NOW + start * HOUR, end=NOW + end * HOUR)
        for at, (start, end, person) in enumerate(shifts)
    )
    return case(desired(name, layers=layers), live(name), **more)


def notifying(rotation: Rotation = DAILY, **fields: Any) -> Case:
    layers = (weekly(rotation=rotation),)
    return case(desired(layers=layers, notify=Notify(**fields)))


def cover(name: str, start: int, end: int, *people: int) -> Override:
    return Override(name, start, end, one_person(*people))


def berlin(*args: Any, **fields: Any) -> Case:
    """A layer in a zone where clocks change on 2026-03-29 and 2026-10-25."""
    return of(weekly(*args, **fields), timezone=BERLIN)


FIRES: dict[str, list[tuple[Any, ...]]] = {
    "coverage_gap": [
        (
            changed(gaps=(Gap(NOW + DAY, NOW + 2 * DAY),)),
            ("layers",),
            "this leaves nobody on call Thu 5 Feb 10:00 – Fri 6 Feb 10:00; cover it by a layer or an override",
        ),
        (
            changed(gaps=(Gap(NOW + DAY, NOW + 2 * DAY),) * 3),
            ("layers",),
            "this leaves nobody on call Thu 5 Feb 10:00 – Fri 6 Feb 10:00, and 2 more gaps; cover it by a layer or an override",
        ),
    ],
    "on_call_now": [
        (
            changed(now=move(-3)),
            ("layers",),
            "this changes who is on call right now: alice → bob; tell them before you apply",
        ),
        (
            deleted(now=move(-3, after=None)),
            ("layers",),
            "this changes who is on call right now: alice → nobody; tell them before you apply",
        ),
    ],
    "short_notice": [
        (
            changed(moves=(move(5),)),
            ("layers",),
            "less than 24 h ahead a shift changes hands: Wed 4 Feb 15:00 – Thu 5 Feb 15:00, alice → bob; tell them before you apply",
        ),
        (
            changed(moves=(move(5), move(20, before=None, after=3), move(23), move(24), move(25))),
            ("layers",),
            "less than 24 h ahead a shift changes hands: Wed 4 Feb 15:00 – Thu 5 Feb 15:00, alice → bob, then from Thu 5 Feb 06:00 nobody → carol, and 2 more shifts; tell them before you apply",
        ),
    ],
    "pending_person": [
        (
            of(weekly(1, 2), words=among(status=MemberStatus.PENDING, email_verified=False)),
            ("layers", 0, "groups", 0),
            "alice has not joined the account yet (pending); nobody is paged until they accept the invitation",
        ),
        (
            case(
                desired(overrides=(cover("x" + MARK, NOW, NOW + DAY, 3),)),
                words=Words(Directory({3: Person(3, "kim", status=MemberStatus.PENDING)}), "UTC"),
            ),
            ("overrides", 0, "people"),
            "kim has not joined the account yet (pending); nobody is paged until they accept the invitation",
        ),
    ],
    "unreachable_person": [
        (
            of(weekly(2, 1), words=among(email_verified=False, phone_verified=False)),
            ("layers", 0, "groups", 1),
            "alice has neither a verified e-mail address nor a verified phone; no page reaches them before they verify one",
        ),
        (
            of(weekly(1, 2), words=among(status=MemberStatus.DELETED)),
            ("layers", 0, "groups", 0),
            "alice has left the account; put somebody else there",
        ),
        (
            replace(
                of(weekly(2, 3), words=among(status=MemberStatus.DELETED)),
                after=live(overrides=(cover("swap", NOW, NOW + DAY, 1),)),
            ),
            (),
            "alice, who is on an override made in the console, has left the account; put somebody else there",
        ),
    ],
    "single_person": [
        (
            of(weekly(1)),
            ("layers", 0, "groups"),
            "alice alone has all turns: nobody can take over; add a second person to `groups`",
        ),
        (
            of(weekly(1, 1), weekly(1, name="Night")),
            ("layers",),
            "alice alone has all turns: nobody can take over; add a second person to `groups`",
        ),
        (
            of(weekly(1, 2, hours=DAYTIME, handoff=9 * HOUR), weekly(2, name="Night")),
            ("layers", 1, "groups"),
            "bob alone has all turns of layer `Night`; add a second person to `groups`",
        ),
    ],
    "missing_primary": [
        (
            of(weekly(groups=(*groups(1), *backups(2), *RING[:1]))),
            ("layers", 0, "groups", 1),
            "no primary is on call Wed 4 Feb 10:00 – Mon 9 Feb 10:00, only bob (backup), and 1 more time (checked until Wed 25 Feb 10:00, one full cycle); make somebody primary in this turn",
        ),
        (
            of(weekly(groups=(*groups(*[1] * 20), *backups(2)))),
            ("layers", 0, "groups", 20),
            "no primary is on call Mon 25 May 10:00 – Mon 1 Jun 10:00, only bob (backup) (checked until Wed 1 Jul 10:00, one full cycle); make somebody primary in this turn",
        ),
    ],
    "never_on_call": [
        (
            of(weekly(1, 2, rotation=HOURLY, start=MIDNIGHT + 8 * HOUR, hours=EVENINGS)),
            ("layers", 0, "groups"),
            "alice has no shift in layer `Primary`, because their turns miss its days and hours (checked until Thu 5 Feb 10:00, one full cycle); write `rotation: 1 day`, so that each turn has its hours",
        ),
        (
            of(weekly(*range(1, 7), *[2] * 6, 5, 6, rotation=DAILY, hours=OFFICE_DAYS, start=MIDNIGHT)),
            ("layers", 0, "groups"),
            "frank has no shift in layer `Primary`, because their turns miss its days and hours (checked until Wed 18 Feb 10:00, one full cycle); write `rotation: 1 week`, or `1 day` with `days`, which then counts only these days",
        ),
        (
            of(weekly(*range(1, 7), rotation=Rotation(4, Unit.HOUR), start=MIDNIGHT, days=WEEKDAYS, hours=DAYTIME)),
            ("layers", 0, "groups"),
            "alice, bob and frank have no shift in layer `Primary`, because their turns miss its days and hours (checked until Wed 11 Feb 10:00, one full cycle); write `rotation: 1 day`, which counts only these days",
        ),
        (
            of(weekly(1, 2, 1, 3, 1, 3, 4, 1, 2, 1, 2, 1, 5, 6, rotation=DAILY, hours=OFFICE_DAYS, start=MIDNIGHT + 300 * DAY)),
            ("layers", 0, "groups"),
            "dave and frank have no shift in layer `Primary`, because their turns miss its days and hours (checked until Sun 15 Nov 00:00, one full cycle); write `rotation: 1 week`, or `1 day` with `days`, which then counts only these days",
        ),
    ],
    "double_booked": [
        (
            of(weekly(1, 2), weekly(groups=backups(1, 2), name="Backup")),
            ("layers",),
            "alice and bob are primary and backup at once: Wed 4 Feb 10:00 – Mon 9 Feb 10:00, and 2 more times (checked until Wed 18 Feb 10:00, one full cycle); let somebody else have one of the roles then",
        ),
        (
            of(weekly(1, 2, 3), weekly(groups=backups(4, 1), name="Backup")),
            ("layers",),
            "alice is primary and backup at once: Mon 9 Mar 10:00 – Mon 16 Mar 10:00 (checked until Wed 18 Mar 10:00, one full cycle); let somebody else have one of the roles then",
        ),
        (
            of(weekly(groups=(Group(frozenset({Member(1), Member(1, BACKUP)})), *groups(2)))),
            ("layers",),
            "alice is primary and backup at once: Wed 4 Feb 10:00 – Mon 9 Feb 10:00, and 1 more time (checked until Wed 18 Feb 10:00, one full cycle); let somebody else have one of the roles then",
        ),
        (
            of(weekly(1, 2), weekly(groups=backups(1), name="Backup"), offline=True),
            ("layers",),
            "alice is primary and backup at once: Wed 4 Feb 10:00 – Mon 9 Feb 10:00, and 1 more time (checked until Wed 18 Feb 10:00, one full cycle, counted from `start`); let somebody else have one of the roles then",
        ),
    ],
    "masked_midnight": [
        (
            of(weekly(rotation=DAILY, days=WEEKDAYS)),
            ("layers", 0, "start"),
            "with `days`, turns of layer `Primary` change at 00:00, and not at 10:00 as its `start` suggests; start at 00:00, or add `continuous: true`",
        ),
        (
            of(weekly(rotation=HOURLY, start=MIDNIGHT, days=WEEKDAYS, hours=NIGHT)),
            ("layers", 0, "hours"),
            "`days` end at 24:00, so the window 18:00-09:00 of layer `Primary` loses the morning after the last day; for all nights that begin on these days write `hours: mon-fri 18:00-09:00`, without `days`",
        ),
        (
            of(weekly(rotation=DAILY, start=MIDNIGHT, days=frozenset({0, 6}), hours=LATE)),
            ("layers", 0, "hours"),
            "`days` end at 24:00, so the window 22:00-06:00 of layer `Primary` loses the morning after the last day; for all nights that begin on these days write `hours: [sat 12:00-13:00, sun 12:00-13:00, sat 22:00-06:00, sun 22:00-06:00]`, without `days`; turns then count all days, so others may be on call",
        ),
    ],
    "turn_in_window": [
        (
            of(weekly(rotation=DAILY, hours=DAYTIME)),
            ("layers", 0, "hours"),
            "turns of layer `Primary` change at 10:00, inside its hours 09:00-18:00; let turns change where a window begins",
        ),
        (
            of(weekly(hours=DAYTIME, days=WEEKDAYS)),
            ("layers", 0, "hours"),
            "turns of layer `Primary` change at mon 10:00, inside its hours 09:00-18:00; let turns change where a window begins",
        ),
        (
            of(weekly(start=MIDNIGHT, hours=WEEKEND)),
            ("layers", 0, "hours"),
            "turns of layer `Primary` change at mon 00:00, inside its hours sat 09:00 - mon 09:00; let turns change where a window begins",
        ),
        (
            of(weekly(start=MIDNIGHT, handoff=5 * DAY + 10 * HOUR, hours=WEEKEND)),
            ("layers", 0, "hours"),
            "turns of layer `Primary` change at sat 10:00, inside its hours sat 09:00 - mon 09:00; let turns change where a window begins",
        ),
        (
            of(weekly(rotation=DAILY, start=MIDNIGHT, hours=NIGHT)),
            ("layers", 0, "hours"),
            "turns of layer `Primary` change at 00:00, inside its hours 18:00-09:00; let turns change where a window begins",
        ),
        (
            of(weekly(rotation=DAILY, days=WEEKDAYS, continuous=True, hours=DAYTIME)),
            ("layers", 0, "hours"),
            "turns of layer `Primary` change at 10:00, inside its hours 09:00-18:00; let turns change where a window begins",
        ),
        (
            of(weekly(rotation=Rotation(1, Unit.MONTH), hours=DAYTIME)),
            ("layers", 0, "hours"),
            "turns of layer `Primary` change at 10:00, inside its hours 09:00-18:00; let turns change where a window begins",
        ),
        (
            of(weekly(rotation=Rotation(5, Unit.HOUR), start=MIDNIGHT, hours=DAYTIME)),
            ("layers", 0, "hours"),
            "turns of layer `Primary` change at 10:00, inside its hours 09:00-18:00; let turns change where a window begins",
        ),
    ],
    "wall_clock_shift": [
        (
            berlin(rotation=HOURLY, start=MIDNIGHT + 15 * HOUR),
            ("layers", 0, "rotation"),
            "turns of 12 hours are elapsed time: from Sun 29 Mar 03:00 on, when clocks change in Europe/Berlin, layer `Primary` changes at 09:00 where it did at 08:00; write a layer for each shift, with `rotation: 1 day` and `hours`",
        ),
        (
            berlin(rotation=Rotation(24, Unit.HOUR), start=MIDNIGHT + 15 * HOUR),
            ("layers", 0, "rotation"),
            "turns of 24 hours are elapsed time: from Sun 29 Mar 03:00 on, when clocks change in Europe/Berlin, layer `Primary` changes at 09:00 where it did at 08:00; write `1 day`, which keeps to the wall clock",
        ),
        (
            berlin(rotation=DAILY, start=MIDNIGHT + 9 * HOUR + 1800),
            ("layers", 0, "rotation"),
            "layer `Primary` changes turns at 02:30, which the clocks of Europe/Berlin skip on Sun 29 Mar 03:00; choose another time of day",
        ),
        (
            replace(
                berlin(rotation=DAILY, start=MIDNIGHT + 9 * HOUR + 1800), now=START + 100 * DAY
            ),
            ("layers", 0, "rotation"),
            "layer `Primary` changes turns at 02:30, which the clocks of Europe/Berlin show twice on Sun 25 Oct 02:00; choose another time of day",
        ),
        (
            of(weekly(rotation=DAILY, start=MIDNIGHT + 8 * HOUR, days=WEEKDAYS | {0, 6}), timezone="America/Santiago"),
            ("layers", 0, "rotation"),
            "layer `Primary` changes turns at 00:00, which the clocks of America/Santiago skip on Sun 6 Sep 01:00; choose another time of day",
        ),
    ],
    "idle_notify": [
        (
            notifying(by=CHANNELS),
            ("notify",),
            "`notify` says how to notify people but not when, so nobody gets a notice; add `before` or `daily_at`",
        ),
        (
            notifying(webhooks=(Webhook("slack"),)),
            ("notify",),
            "`notify` says how to notify people but not when, so nobody gets a notice; add `before` or `daily_at`",
        ),
        (
            notifying(before=36 * HOUR, by=CHANNELS),
            ("notify", "before"),
            "a lead of 36 h is longer than a turn of layer `Primary` (1 day); write a shorter lead",
        ),
        (
            notifying(Rotation(1, Unit.HOUR), before=90 * 60),
            ("notify", "before"),
            "a lead of 90 min is longer than a turn of layer `Primary` (1 hour); write a shorter lead",
        ),
    ],
    "unaligned_start": [
        (
            of(weekly(start=START + 600)),
            ("layers", 0, "start"),
            "Mon 5 Jan 10:10 is not a whole half-hour, as the platform wants; write a time that ends in :00 or :30",
        ),
        (
            of(weekly(end=NOW + 60)),
            ("layers", 0, "end"),
            "Wed 4 Feb 10:01 is not a whole half-hour, as the platform wants; write a time that ends in :00 or :30",
        ),
        (
            case(desired(overrides=(cover("x" + MARK, NOW + 60, NOW + 120 * 60, 1),)), live()),
            ("overrides", 0, "from"),
            "Wed 4 Feb 10:01 is not a whole half-hour, as the platform wants; write a time that ends in :00 or :30",
        ),
    ],
}  # fmt: skip

SILENT: dict[str, list[Case]] = {
    "double_booked": [
        of(weekly(1, 2), weekly(groups=backups(2, 1), name="Backup")),
        of(weekly(groups=(*RING, *RING[:1]))),
        of(weekly(1, 2), weekly(1, 2, name="Other")),
        of(weekly(1, 2), weekly(groups=backups(1, 2), name="Backup", fair=True)),
        of(weekly(1, 2), weekly(groups=backups(1, 2), name="Backup", end=NOW)),
        of(weekly(1, 2), weekly(groups=backups(1, 2), name="Backup"), timezone=None),
        of(weekly(1, hours=DAYTIME), weekly(groups=backups(1), name="Backup", hours=NIGHT)),
    ],
    "coverage_gap": [
        changed(old_gaps=(Gap(NOW, NOW + DAY),)),
        created(gaps=(Gap(NOW, NOW + DAY),)),
        deleted(gaps=(Gap(NOW, NOW + DAY),)),
        of(weekly()),
    ],
    "on_call_now": [changed(moves=(move(3),)), created(now=move(-1, before=None))],
    "short_notice": [
        changed(now=move(-3), moves=(move(-3), move(25))),
        created(moves=(move(5),)),
        deleted(now=move(-3, after=None), moves=(move(-3, after=None), move(21, after=None))),
        of(weekly()),
    ],
    "pending_person": [
        of(weekly()),
        of(weekly(1, end=NOW), weekly(2, name="B"), words=among(status=MemberStatus.PENDING)),
        deleted(),
    ],
    "unreachable_person": [
        of(weekly(), words=among(email_verified=False)),
        of(weekly(), words=among(phone_verified=False)),
        of(weekly(8, 9)),
        case(desired(overrides=(cover("x" + MARK, START, NOW, 1),)), words=among()),
        deleted(),
    ],
    "single_person": [
        of(weekly(1, 2)),
        of(weekly("1+2")),
        of(weekly(1, end=NOW), weekly(1, 2, name="B")),
        deleted(),
        # dated cover
        of(weekly(1, 2, hours=DAYTIME), weekly(3, name="New Year", end=NOW + WEEK)),
        of(weekly(1, end=NOW + WEEK)),
        # shadows: others are primary whenever they are on duty
        of(weekly(1, 2), weekly(3, name="Trainee")),
        of(weekly(1, 2), weekly(3, name="Trainee", days=WEEKDAYS, hours=DAYTIME)),
        of(
            weekly(1, 2, days=WEEKDAYS, hours=DAYTIME),
            weekly(3, name="Trainee", days=WEEKDAYS, hours=DAYTIME),
        ),
        # fallbacks: nobody in the layer is primary
        of(weekly(1, 2, hours=DAYTIME), weekly(groups=(FALLBACK,), name="Manager")),
        of(weekly(groups=(FALLBACK,))),
    ],
    "missing_primary": [
        of(weekly(1, 2)),
        of(weekly(groups=RING)),
        of(weekly(groups=backups(1, 2))),
        of(weekly(1, 2, hours=DAYTIME), weekly(groups=backups(3, 4), name="Backup")),
        of(weekly(groups=(*groups(1), *backups(2))), weekly(2, 1, name="Other")),
        of(weekly(groups=(*groups(1), *backups(2)), fair=True)),
        of(weekly(groups=(*groups(1), *backups(2))), timezone=None),
        replace(
            of(weekly(groups=(*groups(1), *backups(2)))),
            effect=effect(gaps=(Gap(NOW, NOW + DAY, 0),)),
        ),
    ],
    "never_on_call": [
        of(weekly(1, 2, rotation=HOURLY)),
        of(weekly(1, 2, rotation=HOURLY, start=MIDNIGHT, hours=NIGHT)),
        of(weekly(*range(1, 14), rotation=DAILY, hours=OFFICE_DAYS)),
        of(weekly(*range(1, 15), rotation=DAILY, start=MIDNIGHT, days=WEEKDAYS, hours=DAYTIME)),
        of(weekly(*range(1, 15), rotation=HOURLY, days=WEEKDAYS, end=NOW + WEEK)),
        of(weekly(1, 2, rotation=DAILY, hours=DAYTIME)),
        of(weekly(1, 2, days=WEEKDAYS, hours=DAYTIME)),
        of(weekly(1, 2, rotation=Rotation(1, Unit.MONTH), hours=DAYTIME)),
        of(weekly(1, 2, rotation=HOURLY, start=MIDNIGHT + 8 * HOUR, hours=EVENINGS, fair=True)),
        of(weekly(1, 2, rotation=HOURLY, start=MIDNIGHT + 8 * HOUR, hours=EVENINGS), timezone=None),
        of(weekly(1, rotation=HOURLY, start=MIDNIGHT + 8 * HOUR, hours=EVENINGS)),
        deleted(),
    ],
    "masked_midnight": [
        of(weekly(rotation=DAILY, start=MIDNIGHT, days=WEEKDAYS)),
        of(weekly(rotation=DAILY, days=WEEKDAYS, hours=DAYTIME)),
        of(weekly(rotation=DAILY, days=WEEKDAYS, continuous=True, hours=NIGHT)),
        of(weekly(rotation=HOURLY, days=WEEKDAYS)),
        of(weekly(days=WEEKDAYS)),
        of(weekly(rotation=Rotation(7, Unit.DAY), days=WEEKDAYS, handoff=10 * HOUR)),
        of(weekly(days=WEEKDAYS, hours=EVENING)),
        of(weekly(rotation=DAILY, hours=NIGHT)),
        of(weekly(start=MIDNIGHT, days=frozenset(range(7)), hours=NIGHT)),
        of(weekly(rotation=DAILY, days=WEEKDAYS, end=NOW)),
        of(weekly(rotation=DAILY, days=WEEKDAYS), timezone=None),
    ],
    "turn_in_window": [
        of(weekly(rotation=DAILY, start=MIDNIGHT, hours=DAYTIME)),
        of(weekly(rotation=DAILY, start=MIDNIGHT + 9 * HOUR, hours=DAYTIME)),
        of(weekly(rotation=DAILY, start=MIDNIGHT + 18 * HOUR, hours=DAYTIME)),
        of(weekly(1, rotation=DAILY, hours=DAYTIME)),
        of(weekly(1, 1, rotation=DAILY, hours=DAYTIME)),
        of(weekly("1+2", "2+1", rotation=DAILY, hours=DAYTIME)),
        of(weekly(rotation=DAILY, hours=NIGHT)),
        of(weekly(handoff=5 * DAY + 10 * HOUR, days=WEEKDAYS, hours=DAYTIME)),
        of(weekly(rotation=DAILY, days=WEEKDAYS, start=MIDNIGHT, hours=NIGHT)),
        of(weekly(hours=WEEKEND)),
        of(weekly(rotation=HOURLY, start=MIDNIGHT + 6 * HOUR, hours=DAYTIME)),
        of(weekly(rotation=DAILY, hours=DAYTIME), timezone=None),
        deleted(),
    ],
    "wall_clock_shift": [
        of(weekly(rotation=HOURLY)),
        berlin(rotation=Rotation(1, Unit.HOUR)),
        berlin(rotation=Rotation(5, Unit.HOUR)),
        berlin(rotation=DAILY),
        berlin(start=MIDNIGHT + 9 * HOUR + 1800),
        berlin(1, rotation=HOURLY),
        berlin(1, 1, rotation=HOURLY, start=MIDNIGHT + 15 * HOUR),
        berlin("1+2", "2+1", rotation=DAILY, start=MIDNIGHT + 9 * HOUR + 1800),
        berlin(rotation=HOURLY, end=START + 40 * DAY),
        of(weekly(rotation=HOURLY), timezone=None),
        deleted(),
    ],
    "idle_notify": [
        notifying(),
        notifying(daily_at="08:00", by=CHANNELS),
        notifying(before=0, by=CHANNELS),
        notifying(before=DAY, by=CHANNELS),
        deleted(),
    ],
    "unaligned_start": [
        of(weekly(start=START + 1800)),
        of(weekly(start=START + 600), before=live(layers=(weekly(start=START + 600),))),
        replace(of(weekly(start=START + 600), before=live()), after=live()),
        of(weekly(start=START + 600, end=NOW)),
        of(weekly(start=START + 900), timezone="Asia/Kathmandu"),
        deleted(),
    ],
}


@pytest.mark.parametrize(
    ("name", "given", "path", "text"),
    [(name, *row) for name, rows in FIRES.items() for row in rows],
)
def test_a_check_fires(name: str, given: Case, path: tuple[Any, ...], text: str) -> None:
    (found,) = of_check(name, given)
    assert (found.path, found.text) == (path, text)
    assert (found.schedule, found.level) == (given.name, CHECKS[name].level)


@pytest.mark.parametrize(
    ("name", "given"), [(name, given) for name, rows in SILENT.items() for given in rows]
)
def test_a_check_stays_silent(name: str, given: Case) -> None:
    assert of_check(name, given) == []


def test_one_person_on_two_schedules_at_once() -> None:
    first, second = booked("A", (0, 10, 1), (20, 30, 1)), booked("B", (8, 22, 1), (22, 40, 2))
    (found,) = of_check("double_booked", first, second)
    assert (found.schedule, found.level) == ("A", Level.WARNING)
    assert found.text == (
        "alice is on call here and on `B` at once: Wed 4 Feb 18:00 – Wed 4 Feb 20:00, and 1 more "
        "time (checked until Wed 18 Feb 10:00, one full cycle); put somebody else on one of them"
    )


def test_two_schedules_are_compared_for_the_longer_of_their_cycles() -> None:
    """Alice has the last week of ten, and every second one: they meet beyond any window."""
    others = (3, 4, 5, 6, 7, 8, 9, 10, 11)
    first = case(desired("A", layers=(weekly(*others, 1),)))
    second = case(desired("B", layers=(weekly(2, 1),)))
    (found,) = of_check("double_booked", first, second)
    assert "Mon 9 Mar 10:00 – Mon 16 Mar 10:00" in found.message


@pytest.mark.parametrize(
    "cases",
    [
        [booked("A", (0, 10, 1)), booked("B", (10, 20, 1), (0, 10, 2))],
        [booked("A", (0, 10, 1), (10, 20, 1))],
        [case(desired("A"), live("A")), booked("B", (0, 10, 2))],
        [booked("A", (0, 10, 1)), case(None, live("B"))],
    ],
)
def test_nobody_is_on_two_schedules_at_once(cases: list[Case]) -> None:
    assert of_check("double_booked", *cases) == []


TWICE = "in every turn, for example Wed 4 Feb 10:00 – Mon 9 Feb 10:00 (checked until Wed 4 Mar 10:00, one full cycle)"
OFFICE = {"hours": DAYTIME, "days": WEEKDAYS}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ((weekly(1, 2),), (weekly(1, 2),), "alice and bob are on call here and on `B` at once " + TWICE),
        ((weekly(1, 2),), (weekly(1, 3),), "alice is on call here and on `B` at once " + TWICE),
        (
            (weekly(1, 2),), (weekly(1, 2, **OFFICE),),
            "alice and bob are on call here and on `B` at once in every turn, for example Wed 4 Feb 10:00 – Wed 4 Feb 18:00 (checked until Wed 4 Mar 10:00, one full cycle)",
        ),
        ((weekly(1, 2),), (weekly(2, 1),), ""),
        ((weekly(1, 2, 3),), (weekly(1, 2),), ""),
        ((weekly(1, 2),), (weekly(3, 4),), ""),
        ((weekly(1, 2),), (weekly(1, 2, fair=True),), ""),
        ((weekly(1, 2, end=NOW),), (weekly(1, 2),), ""),
        ((weekly(*[2] * 9, 1),), (weekly(*[3] * 8, 4, 1),), "alice is on call here and on `B` at once in every turn, for example Mon 9 Mar 10:00 – Mon 16 Mar 10:00 (checked until Wed 15 Apr 10:00, one full cycle)"),
    ],
)  # fmt: skip
def test_by_default_only_what_happens_in_every_turn(
    first: tuple[Layer, ...], second: tuple[Layer, ...], said: str
) -> None:
    cases = [case(desired("A", layers=first)), case(desired("B", layers=second))]
    found = of_check("double_booked", *cases, settings=CheckSettings())
    assert [one.message for one in found] == ([said] if said else [])


def test_a_pool_for_many_schedules_is_meant() -> None:
    cases = [case(desired(f"S{at}", layers=(weekly(1, 2),))) for at in range(9)]
    assert of_check("double_booked", *cases, settings=CheckSettings()) == []
    assert len(of_check("double_booked", *cases[:8], settings=CheckSettings())) == 28
    assert of_check("double_booked", *cases)


def test_an_exception_in_one_of_two_files() -> None:
    off = replace(desired("B"), checks=(("double_booked", None),))
    cases = [case(desired("A")), case(off)]
    assert of_check("double_booked", *cases, settings=CheckSettings()) == []
    assert of_check("double_booked", *cases) == []


WINDOW_END = NOW + 28 * DAY


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        ((NOW + DAY, WINDOW_END), "from Thu 5 Feb 10:00 on"),
        ((NOW + DAY, WINDOW_END + HOUR), "from Thu 5 Feb 10:00 on"),
        ((NOW + DAY, WINDOW_END - HOUR), "Thu 5 Feb 10:00 – Wed 4 Mar 09:00"),
        ((WINDOW_END, WINDOW_END + DAY), "Wed 4 Mar 10:00 – Thu 5 Mar 10:00"),
        ((WINDOW_END + DAY, WINDOW_END + 45 * DAY), "from Thu 5 Mar 10:00 on"),
    ],
)
def test_what_is_followed_no_further_has_no_end(gap: tuple[int, int], said: str) -> None:
    (found,) = of_check("coverage_gap", changed(gaps=(Gap(*gap),)))
    assert found.message == f"this leaves nobody on call {said}"


def test_a_shift_that_changes_hands_for_good() -> None:
    (found,) = of_check("short_notice", changed(moves=(replace(move(5), end=WINDOW_END),)))
    assert found.message == (
        "less than 24 h ahead a shift changes hands: from Wed 4 Feb 15:00 on, alice → bob"
    )


def shown_in(zone: str, given: Case) -> Case:
    """The case for somebody who asked to see times in another zone than the account's."""
    return replace(given, words=replace(given.words, timezone=zone))


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("coverage_gap", changed(gaps=(Gap(NOW + DAY, NOW + 2 * DAY),)), "Thu 5 Feb 03:00 – Fri 6 Feb 03:00"),
        ("short_notice", changed(moves=(move(5), move(7))), "Wed 4 Feb 08:00 – Thu 5 Feb 08:00, alice → bob, then from Wed 4 Feb 10:00"),
    ],
)  # fmt: skip
def test_times_are_in_the_zone_that_is_shown(name: str, given: Case, said: str) -> None:
    (found,) = of_check(name, shown_in(BERLIN, given))
    assert said in found.message


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("wall_clock_shift", berlin(rotation=HOURLY, start=MIDNIGHT + 15 * HOUR)),
        ("wall_clock_shift", berlin(rotation=DAILY, start=MIDNIGHT + 9 * HOUR + 1800)),
        ("turn_in_window", of(weekly(rotation=DAILY, hours=DAYTIME))),
        ("unaligned_start", of(weekly(start=START + 600))),
    ],
)
def test_times_of_a_file_are_in_the_zone_of_the_account(name: str, given: Case) -> None:
    """A file is written in the account's zone, and the clocks of that zone change."""
    (found,), (elsewhere,) = (
        of_check(name, one) for one in (given, shown_in("Asia/Kathmandu", given))
    )
    assert elsewhere == found


def test_every_check_has_a_test_of_both_kinds() -> None:
    others = {"references", "open_incidents"}  # those have tests of their own
    assert set(FIRES) == set(SILENT) == set(CHECKS) - others


def test_a_level_is_what_the_configuration_says() -> None:
    given = of(weekly(1))
    assert of_check("single_person", given, settings=CheckSettings({"single_person": None})) == []
    grave = CheckSettings({"single_person": Level.ERROR})
    (found,) = of_check("single_person", given, settings=grave)
    assert found.level is Level.ERROR


def test_short_notice_is_as_short_as_the_configuration_says() -> None:
    given = changed(moves=(move(5),))
    assert of_check("short_notice", given, settings=CheckSettings(within=4 * HOUR)) == []
    (found,) = of_check("short_notice", given, settings=CheckSettings(within=90 * 60 * 10))
    assert found.message.startswith("less than 15 h ahead")


def test_findings_come_case_by_case() -> None:
    cases = of(weekly(5)), replace(changed(now=move(-1)), name="Other")
    assert [one.schedule for one in judge(cases, ALL_ON)] == ["Production", "Other"]


@pytest.mark.parametrize("timezone", [BERLIN, LONDON, HOWE, "America/Santiago", "Asia/Shanghai"])
def test_a_jump_is_where_the_clock_jumps(timezone: str) -> None:
    found = jumps(timezone, NOW // DAY)
    assert len(found) == (0 if timezone == "Asia/Shanghai" else 2)
    for jump in found:
        before, at = (wall_seconds_at(jump.at - step, timezone) for step in (1, 0))
        assert at - before == 1 + jump.by


@pytest.mark.parametrize(
    ("layer", "midnight"),
    [
        (weekly(days=WEEKDAYS, hours=NIGHT), MIDNIGHT + 33 * DAY),
        (weekly(days=frozenset({0, 6}), hours=LATE), MIDNIGHT + 35 * DAY),
    ],
)
def test_the_remedy_for_lost_mornings_keeps_them(layer: Layer, midnight: int) -> None:
    """It can be pasted: it gives the duty that there was, and the morning that was lost."""
    (found,) = of_check("masked_midnight", of(layer))
    written = found.remedy.split("`")[1].removeprefix("hours: ").strip("[]")
    mended = of(replace(layer, days=None, hours=scalars.parse_hours(written.split(", "))))
    assert of_check("masked_midnight", mended) == []

    def people(one: Case, instant: int) -> list[frozenset[int]]:
        found = one.calendar(instant, instant + 1)
        return [shift.people for shift in found.final] if found else []

    evening, morning = midnight - HOUR, midnight + 5 * HOUR
    assert people(of(layer), evening) == people(mended, evening) == people(mended, morning) != []
    assert people(of(layer), morning) == []
