"""An edit of a rotation that has begun: where its chain is cut, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from flashsync.model import wording
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.schedule import Group, Layer
from flashsync.model.timezone import MINUTE, time_of_week
from flashsync.rotation.rollout.handoffs import (
    HALF_HOUR,
    Handoff,
    bridge,
    bridges,
    is_bridge,
    known_handoffs,
    needs_server,
    next_half_hour,
    on_at,
    on_beat,
)
from flashsync.rotation.rollout.model import EARLIEST, Cut, Link, Note, Refusal, Rolled, Situation
from flashsync.rotation.rollout.normalise import called, duty, in_form_of, like, named, with_handoff
from flashsync.rotation.rollout.takeover import (
    FOLLOWED,
    Takeover,
    keeps_turns,
    monday_after,
    short_turn,
    takeover,
)
from flashsync.rotation.rollout.who_is_next import first, rotated, staying
from flashsync.rotation.turns import computable_layer


def edited(chain: Sequence[Layer], layer: Layer, rollout: Rollout, at: Situation) -> Rolled:
    """What becomes of a chain that has begun. `layer` is the file's, and has not ended."""
    same = like(layer, chain[-1], at.timezone)
    if duty(same) == duty(chain[-1]):
        return in_place(chain, same, at)
    if _bridged_to_its_end(chain[-1], layer):
        return in_place(chain, replace(chain[-1], name=same.name), at)
    return _Edit(chain, layer, rollout, at).rolled()


def _bridged_to_its_end(last: Layer, layer: Layer) -> bool:
    """Whether the layer ends within a bridge, so that no link follows it."""
    staff = [group.members for group in layer.groups]
    return (
        layer.end is not None
        and is_bridge(last)
        and last.end == layer.end
        and (last.groups[0].members in staff)
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a chain is cut: the handoff, and how the wanted layer takes over there.

    `turn_end` is the first handoff that came into question: the end of the turn that runs then.
    """

    handoff: Handoff
    takeover: Takeover
    wanted: Layer
    turn_end: Handoff


class _Edit:
    """One edit. `since` is the earliest moment of the cut, `part` the chain as far as it counts."""

    def __init__(
        self, chain: Sequence[Layer], layer: Layer, rollout: Rollout, at: Situation
    ) -> None:
        self.chain, self.layer, self.at = chain, layer, at
        moment = at.moment(rollout)
        self.asked = moment is not None
        self.dated = self.asked and rollout.kind is RolloutKind.AT
        self.since = at.now + at.earliest if moment is None else moment
        before = at.now + 1 if moment is None else moment
        if self.asked and not self.dated:  # what an earlier edit began in this half-hour runs now
            before += 1
        begun = [place for place, one in enumerate(chain) if one.start < before]
        self.running = begun[-1] if begun else 0
        self.part = chain if moment is None else self._until(moment)

    def _until(self, moment: int) -> Sequence[Layer]:
        """The links that begin before a moment, and, where none runs into it, those after."""
        link = self.chain[self.running]
        following = self.chain[self.running + 1 : self.running + 2]
        gap = link.end is not None and (
            link.end < moment
            or (link.end == moment and bool(following) and following[0].start > moment)
        )
        if link.start >= moment or gap or (following and bridges(link, following[0])):
            return self.chain
        return self.chain[: self.running + 1]

    def rolled(self) -> Rolled:
        """The chain with the edit."""
        place = self._place()
        if place is None:
            kept = tuple(Link(one, number) for number, one in enumerate(self.chain))
            return Rolled(kept, refusals=(self._refusal(),), shown=self._shown())
        return self._cut(place)

    @property
    def _fair(self) -> bool:
        return needs_server(self.part[self.running :])

    def _handoffs(self) -> Iterator[Handoff]:
        there = self.at
        return known_handoffs(self.part, there.computed, there.timezone, self.since, self.running)

    def _place(self) -> _Place | None:
        turn_end: Handoff | None = None
        for handoff in islice(self._handoffs(), FOLLOWED):
            turn_end = turn_end or handoff
            reading = self.part[handoff.link]
            wanted = self._wanted(reading)
            if computable_layer(reading) or on_beat(reading, handoff, self.at.timezone):
                found = takeover(reading, wanted, handoff, self.at.timezone)
            else:
                found = Takeover(next_half_hour(handoff.at, self.at.timezone))
            if found is not None:
                return _Place(handoff, found, wanted, turn_end)
        if self._fair and self.dated:
            return self._at_the_date()
        return None

    def _at_the_date(self) -> _Place:
        """A date cuts a fair layer though the end of its turn is not known."""
        on = self._fair_holder()
        coming = (on,) if on else ()
        handoff = Handoff(self.since, self.since, self.running, 0, coming)
        wanted = self._wanted(self.part[self.running])
        return _Place(handoff, Takeover(self.since), wanted, handoff)

    def _wanted(self, reading: Layer) -> Layer:
        """The file's layer, with a handoff: that of the link it follows, or of the last."""
        timezone = self.at.timezone
        wanted = with_handoff(self.layer, timezone, reading, self.chain[-1])
        there = in_form_of(reading, replace(wanted, start=reading.start), timezone)
        return replace(wanted, handoff=there.handoff)

    def _refusal(self) -> Refusal:
        name = self.layer.name
        if not self._fair:
            return Refusal(
                f"layers[{name}] cannot be cut at any handoff so that its rhythm goes on unmoved",
                "change `rotation`, or pass --rollout exact to deal all turns anew",
            )
        if self.at.computed is None:
            why = "is `fair`, and whose turn it is only the server knows, which was not asked"
        else:
            why = "is `fair`, and the 44 days that the server tells have no handoff to cut it at"
        return Refusal(
            f"layers[{name}] {why}", "give a date and time as its `rollout`, to be cut there"
        )

    def _cut(self, place: _Place) -> Rolled:
        coming = (*place.handoff.coming, *self.part[place.handoff.link].groups)
        wanted = self.layer.groups
        reading = self.part[place.handoff.link]
        order = named(rotated(wanted, first(coming, wanted)), reading.groups)
        onto = self._bridged(place, order)
        at = place.takeover.at if onto is None else self.since
        if self.layer.end is not None and at >= self.layer.end:
            return self._without_effect(at, order[0])
        base = self._base(at, place.handoff.link)
        kept = base[-1].layer if base and base[-1].origin == place.handoff.link else None
        again = like(self.layer, kept, self.at.timezone) if kept else None
        if kept and again and onto is None and duty(again) == duty(kept):
            links, first_turn = [*base[:-1], replace(base[-1], layer=again)], None
        else:
            new, first_turn = self._new(place, order)
            if onto is not None:
                end = _earlier(place.takeover.at, self.layer.end)
                runs = self.part[self.running]
                new.insert(0, bridge(runs, onto, at, end, self.at.timezone))
            origin = base[-1].origin if base else place.handoff.link
            links = [*base, *(Link(called(one, self.layer.name), origin) for one in new)]
        cut = Cut(
            self.layer.name,
            at,
            order[0] if onto is None else onto,
            None if onto is None else _earlier(place.takeover.at, self.layer.end),
            first_turn,
            fair=onto is None and not computable_layer(self.layer),
        )
        return Rolled(tuple(links), (cut,), tuple(self._notes(place)), (), self._shown())

    def _base(self, at: int, reading: int) -> list[Link]:
        """The links that begin before the cut; the one that runs then ends at it."""
        links = [Link(one, place) for place, one in enumerate(self.chain) if one.start < at]
        base = renamed(links, self.layer.name, self.at)
        if not base:
            return []
        last = base[-1].layer
        kept_on = len(base) == len(self.chain) and is_bridge(last)  # to the end of its turn
        if base[-1].origin == reading or kept_on or last.end is None or last.end > at:
            base[-1] = replace(base[-1], layer=replace(last, end=at))
        return base

    def _new(self, place: _Place, order: tuple[Group, ...]) -> tuple[list[Layer], int | None]:
        """The link in the new order, and the end of its first turn where that is short."""
        at, end = place.takeover.at, self.layer.end
        if end is not None and at >= end:
            return [], None
        new = replace(place.wanted, start=at, groups=order)
        timezone = self.at.timezone
        if new.handoff == 0 and not time_of_week(at, timezone):
            new = with_handoff(new, timezone)
        elif new.handoff == 0:
            # A handoff of 0 only counts where a link starts then (api.md, `handoff_time`).
            monday = monday_after(at, timezone)
            until, later = _earlier(monday, end), with_handoff(replace(new, start=monday), timezone)
            lead = bridge(later, order[0], at, until, timezone)
            return [
                lead,
                *([replace(later, groups=rotated(order, 1))] if until != end else []),
            ], until
        if keeps_turns(self.part[place.handoff.link], new):
            return [new], None
        return [new], short_turn(new, timezone)

    def _bridged(self, place: _Place, order: Sequence[Group]) -> Group | None:
        """The group that keeps the running turn to its end, where that is not the one on it now."""
        holder = self._holder(place.turn_end)
        if holder is None or place.handoff != place.turn_end:
            return None
        if self.since >= place.takeover.at:
            return None
        reading = self.part[place.handoff.link]
        live = (holder, *place.handoff.coming, *reading.groups)
        # By the names that the file gives: those in `order` may be letters of our own.
        stays = staying(live, self.layer.groups).get(holder.members)
        if stays is None:
            return order[0]
        if stays.members == holder.members:
            return None
        return next(one for one in order if one.members == stays.members)

    def _holder(self, turn_end: Handoff) -> Group | None:
        """The group whose turn the moment asked for cuts in two."""
        link = self.part[self.running]
        if not self.asked or link.start > self.since or turn_end.at <= self.since:
            return None
        if not computable_layer(link):
            return self._fair_holder()
        if turn_end.link == self.running:
            return link.groups[(turn_end.number - 1) % len(link.groups)]
        return link.groups[0] if is_bridge(link) else None

    def _fair_holder(self) -> Group | None:
        return on_at(self.part, self.at.computed or (), self.at.timezone, self.since)

    def _without_effect(self, at: int, comes: Group) -> Rolled:
        """The layer ends before the cut: at most its end and its name change."""
        links = [Link(one, place) for place, one in enumerate(self.chain)]
        left = ending(renamed(links, self.layer.name, self.at), self.layer.end, self.at)
        when = wording.time(at, self.at.timezone)
        note = Note(
            f"layers[{self.layer.name}]: the edit will not take effect: it would at {when}, and "
            "the layer has ended by then"
        )
        return Rolled(tuple(left), (Cut(self.layer.name, at, comes, effective=False),), (note,))

    def _notes(self, place: _Place) -> Iterator[Note]:
        reading = self.part[place.handoff.link]
        name, at = f"layers[{self.layer.name}]", wording.time(place.takeover.at, self.at.timezone)
        for one in self.chain:
            if one.start > max(self.at.now, place.takeover.at):
                when = wording.time(one.start, self.at.timezone)
                yield Note(f"{name}: the edit that waits for {when} takes effect with this one")
        if place.handoff != place.turn_end:
            yield Note(f"{name} is cut at {at}: only there can its rhythm go on unmoved")
        if place.takeover.moved:
            yield Note(
                f"{name}: its handoffs are off the half-hour, and move to it with the cut, by "
                f"{-(-place.takeover.moved // MINUTE)} min"
            )
        if not (computable_layer(reading) and computable_layer(self.layer)):
            yield Note(f"{name} is `fair`: the server counts fairness anew from the cut on")

    def _shown(self) -> tuple[Layer, Layer]:
        """The edit as a plan shows it: both sides in the file's order as far as they agree."""
        last = self.chain[-1]
        wanted = replace(
            self._wanted(last),
            start=last.start,
            name=called(last, self.layer.name).name,
            groups=named(self.layer.groups, last.groups),
        )
        groups = rotated(last.groups, first(wanted.groups, last.groups))
        return replace(last, groups=groups), wanted


def _earlier(at: int, end: int | None) -> int:
    return at if end is None else min(at, end)


# What changes in a chain without a cut: its `end`, and names.


def in_place(chain: Sequence[Layer], same: Layer, at: Situation) -> Rolled:
    """A change of `end` or of names alone is made in the last link, without a cut."""
    links = [Link(one, place) for place, one in enumerate(chain)]
    links[-1] = Link(replace(same, end=chain[-1].end), len(chain) - 1)
    return Rolled(tuple(ending(renamed(links, same.name, at), same.end, at)))


def renamed(links: Sequence[Link], name: str, at: Situation) -> list[Link]:
    """The links under the file's name; those that are over keep theirs."""
    return [
        one if one.layer.ended(at.now) else replace(one, layer=called(one.layer, name))
        for one in links
    ]


def ending(links: Sequence[Link], end: int | None, at: Situation) -> list[Link]:
    """The links with the end of the layer; those that would begin by then go."""
    left = [one for one in links if end is None or one.layer.start < end or one.layer.ended(at.now)]
    if not left or left[-1].layer.end == end:
        return left
    last = left[-1].layer
    if len(left) == len(links) or not last.ended(at.now):
        left[-1] = replace(left[-1], layer=replace(last, end=end))
    return left


# A file's layer whose `end` has passed, while its live chain still runs: it ends now.
#
# Only what comes is changed. The end that the file gives would take shifts out of the calendar's
# past, so the chain ends at the first half-hour after the write instead, whatever the rollout.


def soonest_end(now: int, timezone: str) -> int:
    """When a layer that should have ended can end: a whole half-hour that a write comes before."""
    return next_half_hour(now + EARLIEST, timezone)


def end_now(chain: Sequence[Layer], layer: Layer, at: Situation) -> Rolled:
    """End a chain that still runs, and drop its links that have not begun.

    A chain that ends as soon anyway is no difference; nothing else of the layer is compared.
    """
    links = [Link(one, place) for place, one in enumerate(chain)]
    last = chain[-1].end
    if last is not None and last <= at.now + EARLIEST + HALF_HOUR:
        return Rolled(tuple(links))
    end = soonest_end(at.now, at.timezone)
    begun = [one for one in links if one.layer.start < end]
    if not begun or begun[-1].layer.ended(at.now):
        return Rolled(tuple(begun))
    left = renamed(begun, layer.name, at)
    running = left[-1].layer
    if running.end is None or running.end > end:
        left[-1] = replace(left[-1], layer=replace(running, end=end))
    cut = Cut(layer.name, end, None, how=RolloutKind.NOW, past_end=True)
    return Rolled(tuple(left), (cut,), (_note(layer, end, at),))


def _note(layer: Layer, end: int, at: Situation) -> Note:
    declared, ends = (wording.time(one, at.timezone) for one in (layer.end or 0, end))
    return Note(
        f"layers[{layer.name}].end, {declared}, has passed while the layer runs: it ends at "
        f"{ends}, and who was on call until then stays as it is"
    )
