"""Folds what repeats: moves at the same time of day, and sentences that differ in one name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from flashsync.model import wording
from flashsync.model.schedule import Member
from flashsync.model.timezone import DAY
from flashsync.model.wording import joined
from flashsync.rotation.compare import Move
from flashsync.rotation.wall_clock import clock

FEWEST = 3
"""Handovers that are folded into one line; two are as short as they are."""
WEEK_DAYS = 7
_NEIGHBOURS = 7
"""Later handovers of the same hours and people with distances that are tried, for each move."""
_MOST_STEPS = 4
"""Distances that are tried, next to a day and a week."""
_MONDAY_FIRST = 3  # 1970-01-01 was a Thursday


@dataclass(frozen=True, slots=True)
class Handover:
    """From `start` to `end` some people go and others come; None for `stays`: those change."""

    start: int
    end: int
    goes: frozenset[Member]
    comes: frozenset[Member]
    stays: frozenset[Member] | None = frozenset()

    @classmethod
    def of(cls, move: Move) -> Handover:
        """What differs in a move, and who is on call before and after."""
        before, after = move.before, move.after
        return cls(move.start, move.end, before - after, after - before, before & after)

    @property
    def difference(self) -> _WhoDiffers:
        """Who goes and comes, and whether anybody stays: nobody → alice is not + alice."""
        return _WhoDiffers(self.goes, self.comes, self.stays != frozenset())


class _WhoDiffers(NamedTuple):
    goes: frozenset[Member]
    comes: frozenset[Member]
    accompanied: bool


class _Slot(NamedTuple):
    """What the handovers of a pattern share: hours on the wall clock (seconds), and people."""

    time_of_day: int
    length: int
    difference: _WhoDiffers


@dataclass(frozen=True, slots=True)
class Pattern:
    """Handovers with the same hours and people, one a day, in order; one alone has no step.

    They come every `step` days, or in each week on some `weekdays` (Monday is 0), without an
    exception between the first and the last of `days`, counted from 1970. `time_of_day` and
    `length` are of the wall clock, in seconds.
    """

    handovers: tuple[Handover, ...]
    step: int = 0
    weekdays: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    time_of_day: int = 0
    length: int = 0

    @property
    def first(self) -> Handover:
        """The first handover, or the only one."""
        return self.handovers[0]

    @property
    def people(self) -> Handover:
        """The first handover; without `stays`, if those change."""
        same = len({handover.stays for handover in self.handovers}) == 1
        return self.first if same else replace(self.first, stays=None)


def join_moves(moves: Sequence[Move]) -> list[Handover]:
    """The moves as handovers; where they touch and differ only in who stays, they are one."""
    handovers: list[Handover] = []
    for following in map(Handover.of, moves):
        last = handovers[-1] if handovers else None
        if last and (last.end, last.difference) == (following.start, following.difference):
            stays = last.stays if last.stays == following.stays else None
            handovers[-1] = replace(last, end=following.end, stays=stays)
        else:
            handovers.append(following)
    return handovers


def fold_moves(moves: Sequence[Move], timezone: str, whole: Sequence[Move] = ()) -> list[Pattern]:
    """The patterns and single handovers, by their first starts: as few as possible.

    The moves in `whole` are never folded. Where daylight saving shifts the hours of a handover, it
    is in no pattern.
    """
    handovers = join_moves(moves)
    slots, single = _sort_into_slots(handovers, timezone, whole)
    many = {slot: days for slot, days in slots.items() if len(days) >= FEWEST}
    if not many:
        return [Pattern((handover,)) for handover in handovers]
    best: list[Pattern] = []
    for step in _steps(slots):
        folded = [part for slot, days in many.items() for part in _fold_slot(slot, days, step)]
        if not best or len(folded) < len(best):
            best = folded
    single += (one for slot, days in slots.items() if slot not in many for one in days.values())
    singles = [Pattern((handover,)) for handover in single]
    return sorted([*best, *singles], key=lambda pattern: pattern.first.start)


_Slots = Mapping[_Slot, Mapping[int, Handover]]


def _sort_into_slots(
    handovers: Sequence[Handover], timezone: str, whole: Sequence[Move]
) -> tuple[_Slots, list[Handover]]:
    """Handovers by their hours and people, and by day; and handovers that no wall clock gives."""
    there = clock(timezone)
    slots: dict[_Slot, dict[int, Handover]] = defaultdict(dict)
    single = []
    for handover in handovers:
        start, end = there.wall(handover.start), there.wall(handover.end)
        exact = (there.instant(start), there.instant(end)) == (handover.start, handover.end)
        kept = any(handover.start <= move.start < handover.end for move in whole)
        day, time_of_day = divmod(start, DAY)
        if exact and not kept:
            slots[_Slot(time_of_day, end - start, handover.difference)][day] = handover
        else:
            single.append(handover)
    return slots, single


def _steps(slots: _Slots) -> list[int]:
    """The distances between moves, in days, that may fold most of them; the shortest first."""
    distances: Counter[int] = Counter()
    for days in map(list, slots.values()):
        for place, day in enumerate(days):
            distances.update(later - day for later in days[place + 1 : place + 1 + _NEIGHBOURS])
    common = [step for step, number in distances.most_common(_MOST_STEPS) if number >= FEWEST - 1]
    return sorted({1, WEEK_DAYS, *common})


def _fold_slot(slot: _Slot, handovers: Mapping[int, Handover], step: int) -> Iterator[Pattern]:
    """The patterns of handovers that share hours and people, at a distance of days."""
    days = list(handovers)
    weekdays = tuple(sorted({(day + _MONDAY_FIRST) % WEEK_DAYS for day in days}))
    if step == WEEK_DAYS and len(weekdays) > 1 and _each_came_twice(days):
        span = range(days[0], days[-1] + 1)
        if days == [day for day in span if (day + _MONDAY_FIRST) % WEEK_DAYS in weekdays]:
            yield _pattern(slot, handovers, days, step, weekdays)
            return
    for remainder in sorted({day % step for day in days}):
        for run in _runs([day for day in days if day % step == remainder], step):
            if len(run) >= FEWEST:
                weekday = ((run[0] + _MONDAY_FIRST) % WEEK_DAYS,)
                yield _pattern(slot, handovers, run, step, () if step % WEEK_DAYS else weekday)
            else:
                yield from (Pattern((handovers[day],)) for day in run)


def _each_came_twice(days: Sequence[int]) -> bool:
    """Whether no weekday of these days came only once: a single week shows no pattern."""
    return min(Counter(day % WEEK_DAYS for day in days).values()) > 1


def _runs(days: Sequence[int], step: int) -> Iterator[list[int]]:
    """The days in runs in which each comes one step after the one before."""
    run = [days[0]]
    for before, day in pairwise(days):
        if day - before != step:
            yield run
            run = []
        run.append(day)
    yield run


def _pattern(
    slot: _Slot,
    handovers: Mapping[int, Handover],
    days: Sequence[int],
    step: int,
    weekdays: tuple[int, ...],
) -> Pattern:
    return Pattern(
        tuple(handovers[day] for day in days),
        step,
        weekdays,
        tuple(days),
        slot.time_of_day,
        slot.length,
    )


# Patterns in words.


def describe_pattern(pattern: Pattern, timezone: str, now: int) -> str:
    """`every 3 days 08:00–16:00, 22 Nov – 19 Dec`: the last day is that of the last start."""
    first, last = (
        wording.day(handover.start, timezone, now)
        for handover in (pattern.first, pattern.handovers[-1])
    )
    return f"{_cadence(pattern)} {_hours_of(pattern)}, {first} – {last}"


def times(pattern: Pattern) -> str:
    """`, 15 times`; nothing for a handover alone."""
    return f", {len(pattern.handovers)} times" if pattern.step else ""


def _cadence(pattern: Pattern) -> str:
    """`daily`, `every Mon-Fri`, `every 2 weeks on Mon`, `every 3 days`."""
    days = wording.day_ranges(frozenset((one + 1) % WEEK_DAYS for one in pattern.weekdays))
    weekdays = ", ".join("-".join(map(str.title, part.split("-"))) for part in days)
    match pattern.step:
        case 1:
            return "daily"
        case _ if not weekdays:
            return f"every {pattern.step} days"
        case step if step > WEEK_DAYS:
            return f"every {step // WEEK_DAYS} weeks on {weekdays}"
    return f"every {weekdays}"


def _hours_of(pattern: Pattern) -> str:
    """`08:00–09:00`, `22:00–06:00`, `from 10:00 for 24 hours`, `from 10:00 for 7 days`."""
    start, end = pattern.time_of_day, pattern.time_of_day + pattern.length
    days = wording.count(end // DAY - start // DAY, "day")
    if start == end % DAY:
        length = "24 hours" if pattern.length == DAY else days
        return f"from {wording.time_of_day(start)} for {length}"
    hours = f"{wording.time_of_day(start)}–{wording.time_of_day(end % DAY)}"
    return hours if pattern.length < DAY else f"{hours}, {days} later"


@dataclass
class _Sentence:
    """Parts between backticks, at odd places names; at one `place`, several of them."""

    parts: list[str]
    place: int | None = None
    names: list[str] = field(default_factory=list)

    def take(self, parts: Sequence[str]) -> bool:
        """Whether other parts differ in one name only, which is then taken over."""
        if len(parts) != len(self.parts):
            return False
        pairs = enumerate(zip(self.parts, parts, strict=True))
        differing = [place for place, (ours, theirs) in pairs if ours != theirs]
        if len(differing) != 1 or differing[0] % 2 == 0 or self.place not in (None, *differing):
            return False
        (self.place,) = differing
        self.names = [*(self.names or [self.parts[self.place]]), parts[self.place]]
        return True

    def __str__(self) -> str:
        if self.place is None:
            return "`".join(self.parts)
        names = joined([f"`{name}`" for name in self.names])
        before, after = self.parts[: self.place], self.parts[self.place + 1 :]
        return "`".join(before) + names + "`".join(after)


def fold_texts(texts: Sequence[str]) -> list[str]:
    """`on `A` …` and `on `B` …` as `on `A` and `B` …`; other texts as they are."""
    sentences: list[_Sentence] = []
    for text in texts:
        parts = text.split("`")
        if not any(sentence.take(parts) for sentence in sentences):
            sentences.append(_Sentence(parts))
    return list(map(str, sentences))
