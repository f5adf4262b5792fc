"""Random layers, edits and moments, and what is live after a rollout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from flashsync.model.calendar import Shift
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.schedule import (
    Group,
    Layer,
    Member,
    Rotation,
    Unit,
    canonical_handoff,
    canonical_hours,
)
from flashsync.model.timezone import DAY, HOUR, WEEK
from flashsync.rotation.calendar import calendar
from flashsync.rotation.rollout.model import Rolled

HALF = HOUR // 2
NEXT = Rollout()
NOW = Rollout(RolloutKind.NOW)
EXACT = Rollout(RolloutKind.EXACT)


def on_date(instant: int) -> Rollout:
    """A date and time."""
    return Rollout(RolloutKind.AT, instant)


def read_back(rolled: Rolled, timezone: str) -> list[Layer]:
    """The links as the platform gives them back: by start, each with the handoff it has."""
    links = [link.layer for link in rolled.links]
    for one in links:
        assert one.end is None or one.start < one.end, one
    return sorted(
        (
            replace(
                one,
                handoff=canonical_handoff(
                    one.rotation, one.handoff, one.start, timezone, cuts_days=one.cuts_days
                ),
            )
            for one in links
        ),
        key=lambda one: one.start,
    )


def duty(chain: Sequence[Layer], timezone: str, start: int, end: int) -> tuple[Shift, ...]:
    """Who is on call by a chain in a window."""
    return calendar(chain, (), timezone, start, end).final


ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
)
# Around clock changes of these zones.
begins = st.sampled_from([1_318_000_000, 1_520_000_000, 1_760_000_000])
people = st.integers(1, 6)
groups = st.builds(
    Group,
    st.frozensets(st.builds(Member, people, st.integers(0, 1)), min_size=1, max_size=2),
    st.none() | st.sampled_from(["Night", "Day"]),
)
rotas = st.lists(groups, min_size=1, max_size=4).map(tuple)
rotations = st.builds(Rotation, st.integers(1, 3) | st.just(7), st.sampled_from(Unit))
masks = st.none() | st.frozensets(st.integers(0, 6), min_size=1, max_size=6)
clocks = st.integers(0, 23).map(lambda hour: hour * HOUR)
hours = st.none() | st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]).map(
    lambda pair: canonical_hours("day", [pair])
)


@st.composite
def layers(draw: st.DrawFn, around: int, *, off_grid: bool = False) -> Layer:
    """A layer of a file that begins some weeks before an instant."""
    rotation = draw(rotations)
    start = around - around % HALF + draw(st.integers(-60 * 48, 5 * 48)) * HALF
    if off_grid:
        start += draw(st.sampled_from([0, 0, 0, 7, 600]))
    days = draw(masks)
    return Layer(
        name="Primary",
        start=start,
        end=draw(st.none() | st.none() | st.integers(1, 60).map(lambda n: start + n * DAY)),
        rotation=rotation,
        groups=draw(rotas),
        handoff=draw(st.none() | st.integers(1, WEEK // HOUR - 1).map(lambda n: n * HOUR))
        if rotation.weekly
        else None,
        days=days,
        continuous=days is not None and draw(st.booleans()),
        hours=draw(hours),
    )


@st.composite
def rota_edits(draw: st.DrawFn, rota: tuple[Group, ...]) -> tuple[Group, ...]:
    """Somebody comes or goes, takes another's place, or another order."""
    staff = list(rota)
    place = draw(st.integers(0, len(staff) - 1))
    match draw(st.sampled_from(["add", "remove", "reorder", "swap", "again", "share", "turn"])):
        case "add":
            staff.insert(place, draw(groups))
        case "remove" if len(staff) > 1:
            del staff[place]
        case "reorder":
            staff = draw(st.permutations(staff))
        case "swap":
            staff[place] = draw(groups)
        case "again":
            staff.append(staff[place])
        case "share":
            more = staff[place].members | {Member(draw(people))}
            staff[place] = replace(staff[place], members=more)
        case _:
            staff = staff[place:] + staff[:place]
    return tuple(staff)


def starts(start: int) -> st.SearchStrategy[int]:
    """Where people move a start: by hours, days, or weeks, in both directions."""
    hours = st.integers(-30, 30).map(lambda n: start + n * HALF)
    days = st.integers(-20, 40).map(lambda n: start + n * DAY)
    return hours | days | st.integers(-30, 60).map(lambda n: start + n * WEEK)


@st.composite
def edits(draw: st.DrawFn, layer: Layer) -> Layer:
    """The layer of the file after one edit, as people make them."""
    kinds = ["hours", "days", "length", "handoff", "end", "nothing"]
    match draw(st.sampled_from(["rota"] * 6 + ["start"] * 3 + ["start and rota"] + kinds)):
        case "rota":
            return replace(layer, groups=draw(rota_edits(layer.groups)))
        case "start and rota":
            moved = replace(layer, start=draw(starts(layer.start)), end=None)
            return replace(moved, groups=draw(rota_edits(layer.groups)))
        case "hours":
            return replace(layer, hours=draw(hours))
        case "days":
            days = draw(masks)
            return replace(layer, days=days, continuous=days is not None and draw(st.booleans()))
        case "length":
            return replace(layer, rotation=draw(rotations), handoff=None)
        case "handoff" if layer.rotation.weekly:
            time = st.none() | st.integers(0, 167).map(lambda n: n * HOUR)
            return replace(layer, handoff=draw(time))
        case "end":
            length = draw(st.none() | st.integers(1, 120).map(lambda n: n * DAY))
            return replace(layer, end=length and layer.start + length)
        case "start":
            return replace(layer, start=draw(starts(layer.start)), end=None)
    return layer
