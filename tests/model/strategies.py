"""Values of `model` in their canonical form, as files and the platform give rise to them."""

from __future__ import annotations

from hypothesis import strategies as st

from flashsync.model.notify import By, Notify, Secret, SecretReference, Webhook
from flashsync.model.schedule import (
    MARK,
    Group,
    Hours,
    Layer,
    Member,
    Override,
    Rotation,
    Schedule,
    Unit,
    canonical_description,
    canonical_hours,
    canonical_name,
)
from flashsync.model.timezone import DAY, WEEK
from tests.properties import trying

steady = trying(20)
"""The same examples in every run."""
few = trying(10)
"""For whole plans, which take their time."""

ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
zones = st.sampled_from(ZONES)
people = st.integers(1, 6)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=5)
names = texts.map(canonical_name).filter(bool)
instants = st.integers(1_700_000_000, 2_000_000_000)
rotations = st.builds(Rotation, st.integers(1, 30), st.sampled_from(Unit))
groups = st.builds(
    Group,
    st.frozensets(st.builds(Member, people, st.integers(0, 3)), min_size=1, max_size=3),
    st.none() | st.sampled_from(["A", "B", "Night", "夜"]),
)


def windows(period: int, step: int = 300) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Windows of duty that begin and end on whole steps."""
    ends = st.integers(0, period // step - 1).map(lambda number: number * step)
    pairs = st.tuples(ends, ends.map(lambda end: end or period)).filter(
        lambda pair: pair[0] != pair[1] % period or pair == (0, period)
    )
    return st.lists(pairs, min_size=1, max_size=4)


hours: st.SearchStrategy[Hours] = st.one_of(
    windows(DAY).map(lambda found: canonical_hours("day", found)),
    windows(WEEK).map(lambda found: canonical_hours("week", found)),
).filter(lambda found: found is not None)  # type: ignore[assignment]


@st.composite
def layers(draw: st.DrawFn, name: str = "") -> Layer:
    """A rotation layer with nothing left open but the names of groups."""
    rotation = draw(rotations)
    start = draw(instants)
    days = draw(st.none() | st.frozensets(st.integers(0, 6), min_size=1))
    return Layer(
        name=name or draw(st.sampled_from(["Primary", "Backup", "Night"])),
        start=start,
        end=draw(st.none() | st.integers(start + 1, start + 10**8)),
        rotation=rotation,
        groups=tuple(draw(st.lists(groups, min_size=1, max_size=4))),
        handoff=draw(st.integers(0, WEEK - 1)) if rotation.weekly else None,
        days=days,
        continuous=days is not None and draw(st.booleans()),
        hours=draw(st.none() | hours),
        fair=draw(st.booleans()),
    )


@st.composite
def overrides(draw: st.DrawFn, mark: str = MARK) -> Override:
    """Cover."""
    start = draw(instants)
    length = draw(st.integers(1, 10**6))
    staff = draw(st.frozensets(people, min_size=1, max_size=2))
    return Override(draw(names) + mark, start, start + length, frozenset(map(Member, staff)))


references = st.builds(
    SecretReference, st.sampled_from(["env", "file"]), st.sampled_from(["TOKEN", "/run/x"])
)
secrets = st.none() | st.builds(Secret, st.sampled_from([None, "", "plain", "other"]), references)
live_secrets = st.none() | st.builds(Secret, st.sampled_from(["plain", "other", "pl***n"]))


def webhooks(held: st.SearchStrategy[Secret | None]) -> st.SearchStrategy[Webhook]:
    """Chats with such secrets."""
    return st.builds(
        Webhook,
        type=st.sampled_from(["dingtalk", "slack"]),
        alias=st.sampled_from(["", "ops", "dev"]),
        data_source=st.integers(0, 2),
        chats=st.frozensets(st.sampled_from(["oc_1", "oc_2"])),
        token=held,
        verify_token=held,
        sign_secret=held,
    )


def notifies(held: st.SearchStrategy[Secret | None]) -> st.SearchStrategy[Notify]:
    """Who gets a notice."""
    return st.builds(
        Notify,
        before=st.sampled_from([None, 0, 300, 3600]),
        daily_at=st.sampled_from([None, "08:00"]),
        by=st.builds(By, st.booleans(), st.frozensets(st.sampled_from(["email", "sms"]))),
        webhooks=st.lists(webhooks(held), max_size=3).map(tuple),
    )


@st.composite
def schedules(draw: st.DrawFn, *, live: bool = False) -> Schedule:
    """A schedule of a file, with marked overrides; or a live one, with the console's too."""
    marks = st.sampled_from([MARK, ""]) if live else st.just(MARK)
    cover = draw(st.lists(marks.flatmap(lambda mark: overrides(mark)), max_size=3))
    return Schedule(
        name=draw(names),
        description=draw(texts.map(canonical_description)),
        team=draw(st.integers(0, 3)),
        layers=tuple(draw(st.lists(layers(), min_size=1, max_size=3))),
        overrides=tuple(cover),
        notify=draw(notifies(live_secrets if live else secrets)),
        id=draw(st.integers(1, 2**53)) if live else None,
    )
