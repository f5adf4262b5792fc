"""When an edit of a begun chain takes effect, and who comes on then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import islice

from flashsync.model.desired import RolloutKind
from flashsync.model.schedule import Group, Layer, Unit
from flashsync.model.timezone import DAY
from flashsync.rotation.cadence import counts_included_days, day_cut, rhythm
from flashsync.rotation.rollout.handoffs import (
    HALF_HOUR,
    Handoff,
    align,
    find_handoffs,
    find_on_call,
    is_bridge,
    is_bridge_to,
    needs_server,
    next_half_hour,
)
from flashsync.rotation.rollout.model import Edit
from flashsync.rotation.rollout.normalise import complete, name_groups
from flashsync.rotation.rollout.who_is_next import find_first, match_groups, rotate
from flashsync.rotation.turns import computable_layer
from flashsync.rotation.wall_clock import Clock, as_date, clock

FOLLOWED = 400
"""Handoffs that are tried for a cut at which the rhythm can go on."""
_TURNS = 12
"""Turns that are compared: calendar months repeat after twelve."""
_EVERY_MONTH = 28
"""Each month has the days up to this one."""


class Obstacle(Enum):
    """Why a chain cannot be cut."""

    RHYTHM = auto()
    """No handoff lets the rhythm go on unmoved."""
    NOT_READ = auto()
    """The layer is fair, and the platform's shifts were not read."""
    NO_HANDOFF = auto()
    """The layer is fair, and the platform's shifts show no handoff."""


@dataclass(frozen=True, slots=True)
class Takeover:
    """A new link begins at `at` (Unix seconds); `moved` are the seconds by which handoffs move."""

    at: int
    moved: int = 0


@dataclass(frozen=True, slots=True)
class CutPlace:
    """Where a chain is cut.

    `at` is the cut, and `takeover` where the new link begins: later than the cut where a bridge of
    the group `bridge` keeps the running turn to its end. `order` has the file's groups as they come
    on from there. `reading` is the index of the live link whose turns are followed, `running` that
    of the link that runs at the cut, and `wanted` the file's layer in the place of `reading`.
    `postponed` says that the rhythm could not go on at an earlier handoff.
    """

    at: int
    takeover: Takeover
    order: tuple[Group, ...]
    bridge: Group | None
    reading: int
    running: int
    wanted: Layer
    postponed: bool


@dataclass(frozen=True, slots=True)
class _Search:
    """From when on a chain may be cut, and its links as far as they count.

    `running` is the index of the link that runs at `since`, `moment` what the rollout names.
    """

    since: int
    moment: int | None
    running: int
    links: Sequence[Layer]


def place_cut(edit: Edit) -> CutPlace | Obstacle:
    """Find the first handoff at which the file's layer can take over, or what prevents it."""
    search = _begin_search(edit)
    at, chain = edit.at, edit.chain
    turn_end: Handoff | None = None
    handoffs = find_handoffs(search.links, at.computed, at.timezone, search.since, search.running)
    for handoff in islice(handoffs, FOLLOWED):
        turn_end = turn_end or handoff
        wanted = _complete_after(edit, handoff.link)
        takeover = find_takeover(chain[handoff.link], wanted, handoff, at.timezone)
        if takeover is not None:
            return _choose_groups(edit, search, handoff, turn_end, takeover, wanted)
    if not needs_server(search.links[search.running :]):
        return Obstacle.RHYTHM
    if search.moment is not None and edit.rollout.kind is RolloutKind.AT:
        # A date cuts a fair layer though the end of its turn is not known.
        holder = find_on_call(search.links, at.computed or (), at.timezone, search.since)
        coming = (holder,) if holder else ()
        handoff = Handoff(search.since, search.since, search.running, 0, coming)
        wanted = _complete_after(edit, search.running)
        return _choose_groups(edit, search, handoff, handoff, Takeover(search.since), wanted)
    return Obstacle.NOT_READ if at.computed is None else Obstacle.NO_HANDOFF


def _begin_search(edit: Edit) -> _Search:
    """From the moment that the rollout names, or from the earliest one for a handoff."""
    chain, now = edit.chain, edit.at.now
    moment = edit.at.moment(edit.rollout)
    if moment is None:
        since, before = now + edit.at.earliest, now + 1
    elif edit.rollout.kind is RolloutKind.AT:
        since = before = moment
    else:  # what an earlier edit began in this half-hour runs now
        since, before = moment, moment + 1
    running = max((index for index, link in enumerate(chain) if link.start < before), default=0)
    links = chain if moment is None else _end_at(chain, running, moment)
    return _Search(since, moment, running, links)


def _end_at(chain: Sequence[Layer], running: int, moment: int) -> Sequence[Layer]:
    """The links that begin before a moment, and, where none runs into it, those after."""
    link, following = chain[running], chain[running + 1 : running + 2]
    gap = link.end is not None and (
        link.end < moment
        or (link.end == moment and bool(following) and following[0].start > moment)
    )
    if link.start >= moment or gap or (following and is_bridge_to(link, following[0])):
        return chain
    return chain[: running + 1]


def _complete_after(edit: Edit, reading: int) -> Layer:
    """The file's layer in the place of a link: the last one, unless an edit waits."""
    if reading == len(edit.chain) - 1:
        return edit.completed
    return complete(edit.layer, edit.chain[reading], edit.at.timezone, edit.chain[-1])


def _choose_groups(
    edit: Edit,
    search: _Search,
    handoff: Handoff,
    turn_end: Handoff,
    takeover: Takeover,
    wanted: Layer,
) -> CutPlace:
    """The cut, with the group that begins, and that of a bridge up to the end of the turn."""
    reading, groups = edit.chain[handoff.link], edit.layer.groups
    begins = find_first((*handoff.coming, *reading.groups), groups)
    order = name_groups(rotate(groups, begins), reading.groups)
    bridge = None
    if handoff == turn_end and search.since < takeover.at:
        holder = _find_holder(edit, search, turn_end)
        if holder is not None:
            bridge = _choose_bridge(holder, (*handoff.coming, *reading.groups), edit, order)
    return CutPlace(
        at=takeover.at if bridge is None else search.since,
        takeover=takeover,
        order=order,
        bridge=bridge,
        reading=handoff.link,
        running=search.running,
        wanted=wanted,
        postponed=handoff != turn_end,
    )


def _find_holder(edit: Edit, search: _Search, turn_end: Handoff) -> Group | None:
    """The group whose turn the moment that the rollout names cuts in two."""
    link = edit.chain[search.running]
    if search.moment is None or link.start > search.since or turn_end.at <= search.since:
        return None
    if not computable_layer(link):
        return find_on_call(search.links, edit.at.computed or (), edit.at.timezone, search.since)
    if turn_end.link == search.running:
        return link.groups[(turn_end.number - 1) % len(link.groups)]
    return link.groups[0] if is_bridge(link) else None


def _choose_bridge(
    holder: Group, coming: Sequence[Group], edit: Edit, order: Sequence[Group]
) -> Group | None:
    """The group that keeps the running turn to its end; None where its holder stays as it is."""
    # By the names in the file: those in `order` may be letters of our own.
    stays = match_groups((holder, *coming), edit.layer.groups).get(holder.members)
    if stays is None:
        return order[0]
    if stays.members == holder.members:
        return None
    return next(group for group in order if group.members == stays.members)


# Where a new link can take over from a live one, so that the rhythm goes on unmoved.


def find_takeover(live: Layer, wanted: Layer, handoff: Handoff, timezone: str) -> Takeover | None:
    """Where the wanted layer can begin at a handoff of the live one; None where it cannot.

    A rhythm that changes begins at the cut. An unchanged rhythm must not move, but for handoffs off
    the half-hour, which the platform's grid moves by less than that. At a handoff that the platform
    computed off the rhythm of a fair layer, any layer can begin.
    """
    there = clock(timezone)
    if not computable_layer(live) and rhythm(live, there).begin(handoff.number) != handoff.at:
        return Takeover(next_half_hour(handoff.at, timezone))
    if not keeps_turns(live, wanted):
        at = next_half_hour(handoff.at, timezone)
        return Takeover(at) if at < handoff.until else None
    masked = live.continuous and (live.days, live.continuous) == (wanted.days, wanted.continuous)
    at = align(live, handoff.at, timezone) if masked else next_half_hour(handoff.at, timezone)
    if at >= handoff.until or not _is_on_its_day(live, handoff.at, there):
        return None
    new = replace(wanted, start=at)
    moved = _measure_handoffs(live, new, handoff.number, there)
    if masked:
        moved = max(moved, _measure_days(live, new, there))
    return Takeover(at, moved) if moved < HALF_HOUR else None


def keeps_turns(live: Layer, wanted: Layer) -> bool:
    """Whether turns begin by the same rule: a mask decides only where its days are counted."""
    if (live.rotation, live.handoff) != (wanted.rotation, wanted.handoff):
        return False
    return not counts_included_days(live) or (live.days, live.continuous) == (
        wanted.days,
        wanted.continuous,
    )


def _is_on_its_day(live: Layer, at: int, there: Clock) -> bool:
    """A monthly layer begun on day 29 to 31 is cut only at a handoff on that day."""
    if live.rotation.unit is not Unit.MONTH:
        return True
    day = as_date(there.day(live.start)).day
    return day <= _EVERY_MONTH or as_date(there.day(at)).day == day


def _measure_handoffs(live: Layer, new: Layer, number: int, there: Clock) -> int:
    """By how many seconds handoffs would move, at most."""
    old, beat = rhythm(live, there), rhythm(new, there)
    return max(abs(beat.begin(turn) - old.begin(number + turn)) for turn in range(1, _TURNS + 1))


def _measure_days(live: Layer, new: Layer, there: Clock) -> int:
    """By how many seconds the days of a continuous mask would move."""
    old, cut = (day_cut(layer, there.wall(layer.start)) for layer in (live, new))
    return min((cut - old) % DAY, (old - cut) % DAY)
