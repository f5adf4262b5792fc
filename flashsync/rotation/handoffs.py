"""The handoffs of a live chain to come, link after link, and the grid on which layers begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashsync.model.schedule import Group, Layer
from flashsync.model.timezone import DAY, MINUTE
from flashsync.rotation.bridge import bridges, is_bridge
from flashsync.rotation.clock import clock
from flashsync.rotation.rhythm import day_cut, rhythm
from flashsync.rotation.succession import rotated

HALF_HOUR = 30 * MINUTE
_LONG = 1000 * DAY


@dataclass(frozen=True, slots=True)
class Handoff:
    """A turn begins at `at` and ends at `until` (Unix seconds), by the `link` of that place.

    It is turn `number` of the link, read as if the link had no end. `coming` are its groups in the
    order in which their turns come from then on.
    """

    at: int
    until: int
    link: int
    number: int
    coming: tuple[Group, ...]


def on_grid(instant: int, timezone: str) -> bool:
    """Whether an instant is a whole half-hour, of the wall clock or of UTC."""
    return not instant % HALF_HOUR or not clock(timezone).wall(instant) % HALF_HOUR


def half_hour(instant: int, timezone: str) -> int:
    """The start of the half-hour that runs at an instant."""
    if on_grid(instant, timezone):
        return instant
    return instant - clock(timezone).wall(instant) % HALF_HOUR


def next_half_hour(instant: int, timezone: str) -> int:
    """The first whole half-hour that is not before an instant."""
    if on_grid(instant, timezone):
        return instant
    return half_hour(instant + HALF_HOUR, timezone)


def aligned(layer: Layer, instant: int, timezone: str) -> int:
    """The first moment from an instant on at which a link can take over the layer's duty.

    That is a whole half-hour; the days of a continuous mask begin at the time of day of the link's
    start (rule 4), so there it has that time of day.
    """
    moment = next_half_hour(instant, timezone)
    if not (layer.continuous and layer.days):
        return moment
    there = clock(timezone)
    cut = day_cut(layer, there.wall(layer.start))
    wall = there.wall(moment)
    found = there.instant(wall + (cut - wall) % DAY)
    return found if on_grid(found, timezone) else moment


def handoffs(chain: Sequence[Layer], timezone: str, since: int, place: int) -> Iterator[Handoff]:
    """The handoffs from an instant (Unix seconds) on, from the link of a place on, in order.

    A link that follows another at a handoff takes over from it: the handoff is read from the one
    before. The start of a bridge is none. The last link is read as if it had no end.
    """
    taken = False
    for at in range(place, len(chain)):
        link, following = chain[at], chain[at + 1] if at + 1 < len(chain) else None
        if bridges(link, following):
            taken = False
            continue
        if following is None and is_bridge(link):  # the layer ends with it
            yield from _after_bridge(chain, at, timezone, since)
            return
        for found in _of_link(link, at, timezone, since):
            if following is not None and found.at > following.start:
                break
            if following is not None and link.end != following.start and link.ended(found.at):
                break  # nothing runs until the next link begins
            if found.number or not taken:
                yield found
        taken = following is not None and _takes_over(link, following, timezone)


def _of_link(link: Layer, place: int, timezone: str, since: int) -> Iterator[Handoff]:
    """The turns of one link that begin at an instant or later; turns without length are none."""
    beat = rhythm(link, clock(timezone))
    number = beat.number(max(since, link.start))
    at = beat.begin(number)
    while True:
        until = beat.begin(number + 1)
        if since <= at < until:
            yield Handoff(at, until, place, number, rotated(link.groups, number))
        number, at = number + 1, until


def _after_bridge(
    chain: Sequence[Layer], place: int, timezone: str, since: int
) -> Iterator[Handoff]:
    """The handoffs after a bridge that no link follows: those of the link whose turn it keeps."""
    last, before = chain[place], place
    while before and is_bridge(chain[before]) and chain[before - 1].end == chain[before].start:
        before -= 1
    if not is_bridge(chain[before]):
        yield from _of_link(chain[before], before, timezone, max(since, last.start))
    elif last.end is not None:
        yield Handoff(max(since, last.end), last.end + _LONG, place, 1, last.groups)


def _takes_over(link: Layer, following: Layer, timezone: str) -> bool:
    """Whether a link begins where a handoff of the one before it was cut."""
    if link.end != following.start:
        return False
    beat = rhythm(link, clock(timezone))
    at = beat.begin(beat.number(following.start))
    return following.start in (at, next_half_hour(at, timezone), aligned(link, at, timezone))
