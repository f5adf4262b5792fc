"""When an edit of a begun chain takes effect, and who comes on then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import islice

from flashsync.model.schedule import Group, Layer, Unit
from flashsync.rotation.calendar import computable
from flashsync.rotation.rollout.compare_layer import has_cadence_of, takes_same_turns
from flashsync.rotation.rollout.handoffs import (
    HALF_HOUR,
    Handoff,
    align,
    find_handoffs,
    find_on_call,
    has_own_days,
    is_bridge,
    is_bridge_to,
    next_half_hour,
)
from flashsync.rotation.rollout.model import Edit
from flashsync.rotation.rollout.normalise import (
    add_handoff,
    keeps_cadence,
    measure_days,
    normalise,
)
from flashsync.rotation.rollout.who_is_next import find_first, match_groups, name_groups, rotate
from flashsync.rotation.turns import computable_layer, has_handoff, rhythm
from flashsync.rotation.wall_clock import as_date, clock

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
    TOO_EARLY = auto()
    """An earlier edit waits, and would take effect before its time."""


@dataclass(frozen=True, slots=True)
class Takeover:
    """A new link takes over at `at`, and has the cadence of the file from `begins` on.

    Both are Unix seconds; they differ where the cadence changes. `moved` are the seconds by which
    handoffs move that should not.
    """

    at: int
    begins: int
    moved: int = 0


@dataclass(frozen=True, slots=True)
class CutPlace:
    """Where a chain is cut.

    `at` is the cut, and `takeover` where the new link begins: later than the cut where a bridge of
    the group `bridge` keeps the running turn to its end. `order` has the file's groups as they come
    on from there. `reading` is the index of the live link whose turns are followed, `running` that
    of the link that runs at the cut, and `wanted` the file's layer in the place of `reading`.
    `postponed` says that the rhythm could not go on at an earlier handoff, `joins` that an earlier
    edit waits, and both take effect at its time.
    """

    at: int
    takeover: Takeover
    order: tuple[Group, ...]
    bridge: Group | None
    reading: int
    running: int
    wanted: Layer
    postponed: bool
    joins: bool = False


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
    """Find the first handoff at which the file's layer can take over, or what prevents it.

    Nobody moves before the time of an edit that waits: an edit that names no moment joins it, and
    another one is refused, unless it takes the waiting edit back.
    """
    moment, waiting = edit.at.moment(edit.rollout), find_waiting(edit)
    place = _find_place(edit, moment)
    if isinstance(place, Obstacle) or waiting is None or place.takeover.at >= waiting:
        return place
    if takes_same_turns(place.wanted, edit.chain[place.reading]):
        return place
    if moment is not None:
        return Obstacle.TOO_EARLY
    place = _find_place(edit, waiting)
    return place if isinstance(place, Obstacle) else replace(place, joins=True)


def find_waiting(edit: Edit) -> int | None:
    """The moment for which the latest edit waits, with its bridges; None where none waits."""
    first = len(edit.chain) - 1
    while first and is_bridge_to(edit.chain[first - 1], edit.chain[first]):
        first -= 1
    start = edit.chain[first].start
    return start if first and start > edit.at.now else None


def _find_place(edit: Edit, moment: int | None) -> CutPlace | Obstacle:
    search = _begin_search(edit, moment)
    at, chain = edit.at, edit.chain
    turn_end: Handoff | None = None
    declared = add_handoff(edit.layer, at.timezone)
    handoffs = find_handoffs(search.links, at.computed, at.timezone, search.since, search.running)
    for handoff in islice(handoffs, FOLLOWED):
        turn_end = turn_end or handoff
        wanted = _normalise_after(edit, handoff.link)
        takeover = find_takeover(chain[handoff.link], wanted, declared, handoff, at.timezone)
        if takeover is not None:
            return _choose_groups(edit, search, handoff, turn_end, takeover, wanted)
    if computable(search.links[search.running :]):
        return Obstacle.RHYTHM
    if moment is not None and moment > at.now:
        # A date cuts a fair layer though the end of its turn is not known.
        holder = find_on_call(search.links, at.computed or (), at.timezone, search.since)
        coming = (holder,) if holder else ()
        handoff = Handoff(search.since, search.since, search.running, 0, coming)
        wanted = _normalise_after(edit, search.running)
        begins = _find_start(declared, search.since, at.timezone)
        if begins is not None:
            takeover = Takeover(search.since, begins)
            return _choose_groups(edit, search, handoff, handoff, takeover, wanted)
    return Obstacle.NOT_READ if at.computed is None else Obstacle.NO_HANDOFF


def _begin_search(edit: Edit, moment: int | None) -> _Search:
    """From a moment that is given, or from the earliest one for a handoff."""
    chain, now = edit.chain, edit.at.now
    if moment is None:
        since, before = now + edit.at.earliest, now + 1
    elif moment > now:
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


def _normalise_after(edit: Edit, reading: int) -> Layer:
    """The file's layer in the place of a link: the last one, unless an edit waits."""
    if reading == len(edit.chain) - 1:
        return edit.completed
    return normalise(edit.layer, edit.chain[reading], edit.at.timezone)


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
    coming = (*handoff.coming, *reading.groups)
    order = name_groups(rotate(groups, find_first(coming, groups)), reading.groups)
    bridge = None
    if handoff == turn_end and search.since < takeover.at:
        bridge = _choose_bridge(edit, search, turn_end, coming, order)
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


def _choose_bridge(
    edit: Edit,
    search: _Search,
    turn_end: Handoff,
    coming: Sequence[Group],
    order: Sequence[Group],
) -> Group | None:
    """The group that keeps the turn which the moment of the rollout cuts in two, to its end.

    None where no turn is cut, or its holder is not known, or stays as it is.
    """
    link, at = edit.chain[search.running], edit.at
    if search.moment is None or link.start > search.since or turn_end.at <= search.since:
        return None
    holder = link.groups[0] if is_bridge(link) else None
    if not computable_layer(link):
        holder = find_on_call(search.links, at.computed or (), at.timezone, search.since)
    elif turn_end.link == search.running:
        holder = link.groups[(turn_end.number - 1) % len(link.groups)]
    if holder is None:
        return None
    # By the names in the file: those in `order` may be letters of our own.
    stays = match_groups((holder, *coming), edit.layer.groups).get(holder.members)
    if stays is None:
        return order[0]
    if stays.members == holder.members:
        return None
    return next(group for group in order if group.members == stays.members)


# Where a new link can take over from a live one, in the cadence of the file.


def find_takeover(
    live: Layer, wanted: Layer, declared: Layer, handoff: Handoff, timezone: str
) -> Takeover | None:
    """Where the wanted layer can begin at a handoff of the live one; None where it cannot.

    `wanted` is completed from `live`; `declared` has the cadence as the file gives it. An unchanged
    rhythm must not move, but for handoffs off the half-hour, which the platform's grid moves by
    less than that. A cadence that changes is the file's from its first handoff after the cut on. At
    a handoff that the platform computed off the rhythm of a fair layer, any layer can begin.
    """
    there = clock(timezone)
    dealt = not computable_layer(live) and rhythm(live, there).begin(handoff.number) != handoff.at
    if not dealt and has_cadence_of(wanted, live):
        kept = _keep_rhythm(live, wanted, handoff, timezone)
        if kept is None or keeps_cadence(declared, replace(wanted, start=kept.at), timezone):
            return kept
    at = next_half_hour(handoff.at, timezone)
    begins = _find_start(declared, at, timezone)
    if begins is None or (at >= handoff.until and not dealt):
        return None
    return Takeover(at, begins)


def _keep_rhythm(live: Layer, wanted: Layer, handoff: Handoff, timezone: str) -> Takeover | None:
    """Where the wanted layer can begin so that no later handoff moves; None where it cannot."""
    there = clock(timezone)
    at = align(wanted, handoff.at, timezone)
    if at >= handoff.until:
        return None
    if live.rotation.unit is Unit.MONTH:
        # Begun on day 29 to 31, it is cut only at a handoff on that day.
        day = as_date(there.day(live.start)).day
        if day > _EVERY_MONTH and as_date(there.day(handoff.at)).day != day:
            return None
    new = replace(wanted, start=at)
    old_turns, new_turns = rhythm(live, there), rhythm(new, there)
    moved = max(
        abs(new_turns.begin(turn) - old_turns.begin(handoff.number + turn))
        for turn in range(1, _TURNS + 1)
    )
    if has_own_days(wanted):
        moved = max(moved, measure_days(wanted, new, timezone))
    return Takeover(at, at, moved) if moved < HALF_HOUR else None


def _find_start(wanted: Layer, at: int, timezone: str) -> int | None:
    """The first moment from an instant on at which a link can begin with the wanted layer's
    cadence.

    None where the link would not keep it: a day 31 is lost in a short month.
    """
    if has_handoff(wanted):
        start = align(wanted, at, timezone)
    else:
        handoff = next(rhythm(wanted, clock(timezone)).handoffs(at - HALF_HOUR + 1))
        start = max(at, next_half_hour(handoff, timezone))
    link = replace(wanted, start=start)
    return start if keeps_cadence(wanted, link, timezone) else None
