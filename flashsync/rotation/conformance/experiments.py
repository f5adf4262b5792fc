"""Small schedules, never saved, with shifts that show how the platform reads an open rule.

Every trial needs one person only, who takes turns with themselves: as primary, then as backup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle, pairwise

from flashsync.model.calendar import Shift, merged
from flashsync.model.schedule import (
    BACKUP,
    PRIMARY,
    Group,
    Hours,
    Layer,
    Member,
    Override,
    Rotation,
    Schedule,
    Unit,
)
from flashsync.model.timezone import DAY, HOUR, WEEK, wall
from flashsync.rotation import calendar
from flashsync.rotation.conformance.rules import Final, OpenRule, RuleReading, Trial
from flashsync.rotation.wall_clock import Clock, clock, monday, next_jump

NAME = "flashsync doctor"
"""What the schedules are called; the platform keeps none of them."""

_EVENING, _MORNING = 18 * HOUR, 9 * HOUR
_BROKEN_WEEK = frozenset({1, 2, 3, 5, 6})
"""Without Thursday and Sunday: with two groups, every way of counting the excluded days differs."""
_WORKDAYS = frozenset({1, 2, 3, 4, 5})
_JANUARY = 1

Others = list[tuple[str, "Layer | Final"]]


def trials(person: int, timezone: str, now: int) -> tuple[Trial, ...]:
    """All trials that say something in a zone, from the Monday after `now` (Unix seconds) on."""
    bench = _Bench(person, timezone, now)
    made = [make(bench) for make in _MAKERS]
    return tuple(trial for trial in made if trial is not None)


class _Bench:
    """What all trials are made of: one person, one zone, one Monday."""

    def __init__(self, person: int, timezone: str, now: int) -> None:
        self.timezone, self.now = timezone, now
        self.clock: Clock = clock(timezone)
        self.monday = (monday(self.clock.day(now)) + 7) * DAY
        primary, backup = Member(person, PRIMARY), Member(person, BACKUP)
        self.groups = (Group(frozenset({primary}), "A"), Group(frozenset({backup}), "B"))

    def at(self, wall_seconds: int) -> int:
        """The instant of a wall time."""
        return self.clock.instant(wall_seconds)

    def layer(self, start: int, value: int, unit: Unit, name: str = "Trial") -> Layer:
        """A layer of both groups, from a wall time on; without mask, hours or handoff."""
        return Layer(name, self.at(start), None, Rotation(value, unit), self.groups)

    def final(self, *layers: Layer, start: int, end: int, timezone: str = "") -> Final:
        """The shifts of these layers, in the account's zone or in another."""
        zone = timezone or self.timezone
        return merged(calendar.calendar(layers, (), zone, start, end).final)

    def turns(self, begins: Sequence[int], end: int) -> Final:
        """The shifts of both groups in turn, from instants that are given one by one."""
        edges = [*(begin for begin in begins if begin < end), end]
        members = cycle(group.members for group in self.groups)
        pairs = zip(pairwise(edges), members, strict=False)
        return merged(Shift(begin, until, who) for (begin, until), who in pairs)

    def trial(
        self,
        rules: Sequence[OpenRule],
        layers: Sequence[Layer],
        days: int,
        others: Others,
    ) -> Trial:
        """A trial of a number of days, from the start of its first layer."""
        start = layers[0].start
        end = start + days * DAY
        expected = self.final(*layers, start=start, end=end)
        readings = [
            RuleReading(
                said,
                self.final(other, start=start, end=end) if isinstance(other, Layer) else other,
            )
            for said, other in others
        ]
        telling = tuple(reading for reading in readings if reading.final != expected)
        return Trial(
            tuple(rules), Schedule(NAME, layers=tuple(layers)), start, end, expected, telling
        )


def _excluded_days(bench: _Bench) -> Trial:
    layer = replace(bench.layer(bench.monday, 1, Unit.DAY), days=_BROKEN_WEEK)
    calendar_days = replace(layer, rotation=Rotation(24, Unit.HOUR))
    trial = bench.trial(
        [OpenRule.EXCLUDED_DAYS], [layer], 21, [("excluded days take turns too", calendar_days)]
    )
    utc = bench.final(layer, start=trial.start, end=trial.end, timezone="UTC")
    if utc == trial.expected:
        return trial
    others = (*trial.others, RuleReading("days are cut at midnight of UTC", utc))
    return replace(trial, rules=(*trial.rules, OpenRule.ZONE), others=others)


def _masked_turns(bench: _Bench) -> Trial:
    start = bench.monday + 2 * DAY
    layer = replace(
        bench.layer(start, 1, Unit.WEEK), days=_WORKDAYS, handoff=(start - bench.monday) % WEEK
    )
    sevens = replace(layer, rotation=Rotation(7, Unit.DAY), handoff=None)
    return bench.trial(
        [OpenRule.MASKED_TURNS], [layer], 28, [("a week is seven days of duty", sevens)]
    )


def _continuous(bench: _Bench) -> Trial:
    layer = bench.layer(bench.monday + _EVENING, 1, Unit.DAY)
    layer = replace(layer, days=_BROKEN_WEEK, continuous=True)
    others: Others = [
        ("days are cut at 00:00 all the same", replace(layer, continuous=False)),
        ("excluded days take turns too", replace(layer, rotation=Rotation(24, Unit.HOUR))),
    ]
    return bench.trial([OpenRule.CONTINUOUS], [layer], 21, others)


def _month_end(bench: _Bench) -> Trial:
    start = _last_of_january(bench)
    layer = bench.layer(start, 1, Unit.MONTH)
    end = layer.start + 75 * DAY
    february = _last_of_february(bench, start)
    spilled = [start, start + 31 * DAY, february + 31 * DAY]
    stays = [start, february, february + (february - start)]
    others: Others = [
        ("a turn of a month is 30 days", bench.layer(start, 30, Unit.DAY)),
        ("missing days spill into March", bench.turns([bench.at(at) for at in spilled], end)),
        ("the earlier day stays from then on", bench.turns([bench.at(at) for at in stays], end)),
    ]
    trial = bench.trial([OpenRule.MONTH_END], [layer], 75, others)
    return _clipped(trial, bench.at(start + 20 * DAY), bench.at(start + 63 * DAY))


def _last_of_january(bench: _Bench) -> int:
    """The wall time at which the 31st of the next January begins."""
    day = bench.clock.day(bench.now) + 1
    while True:
        shown = wall(bench.at(day * DAY + DAY // 2), bench.timezone)
        if (shown.month, shown.day) == (_JANUARY, 31):
            return day * DAY
        day += 1


def _last_of_february(bench: _Bench, january: int) -> int:
    """The wall time at which the last day of February begins, after the 31st of January."""
    leap = wall(bench.at(january + 29 * DAY + DAY // 2), bench.timezone).month == 2
    return january + (29 if leap else 28) * DAY


def _clipped(trial: Trial, start: int, end: int) -> Trial:
    """The trial in a part of its window."""

    def clip(final: Final) -> Final:
        return merged(
            replace(shift, start=max(shift.start, start), end=min(shift.end, end))
            for shift in final
        )

    others = tuple(replace(reading, final=clip(reading.final)) for reading in trial.others)
    return replace(trial, start=start, end=end, expected=clip(trial.expected), others=others)


def _clock_change_days(bench: _Bench) -> Trial | None:
    start = _before_clock_change(bench)
    if start is None:
        return None
    layer = bench.layer(start, 1, Unit.DAY)
    elapsed = bench.layer(start, 24, Unit.HOUR)
    return bench.trial([OpenRule.DST_DAYS], [layer], 6, [("a day is always 24 hours", elapsed)])


def _clock_change_hours(bench: _Bench) -> Trial | None:
    start = _before_clock_change(bench)
    if start is None:
        return None
    layer = bench.layer(start, 12, Unit.HOUR)
    end = layer.start + 6 * DAY
    begins = [bench.at(start + number * 12 * HOUR) for number in range(14)]
    others: Others = [("turns of hours keep the wall clock", bench.turns(begins, end))]
    return bench.trial([OpenRule.DST_HOURS], [layer], 6, others)


def _before_clock_change(bench: _Bench) -> int | None:
    """The wall time 10:00, two days before clocks change; None where they do not."""
    jump = next_jump(bench.timezone, bench.at(bench.monday) + 3 * DAY)
    if jump is None:
        return None
    return (bench.clock.day(jump.at) - 2) * DAY + 10 * HOUR


def _handoff_zero(bench: _Bench) -> Trial:
    start = bench.monday + 2 * DAY + 10 * HOUR
    layer = replace(bench.layer(start, 1, Unit.WEEK), handoff=0)
    end = layer.start + 21 * DAY
    mondays = [bench.at(bench.monday + number * WEEK) for number in range(1, 4)]
    others: Others = [("it is Monday 00:00", bench.turns([layer.start, *mondays], end))]
    return bench.trial([OpenRule.HANDOFF_ZERO], [layer], 21, others)


def _overnight(bench: _Bench) -> Trial:
    layer = bench.layer(bench.monday, 1, Unit.DAY)
    layer = replace(layer, hours=Hours("day", ((_EVENING, _MORNING),)))
    others: Others = [
        ("nobody is on duty", ()),
        ("it ends at midnight", replace(layer, hours=Hours("day", ((_EVENING, DAY),)))),
        (
            "start and end change places",
            replace(layer, hours=Hours("day", ((_MORNING, _EVENING),))),
        ),
        ("turns change with the window, not in it", _nights(bench, layer.start + 7 * DAY)),
    ]
    return bench.trial([OpenRule.OVERNIGHT], [layer], 7, others)


def _nights(bench: _Bench, end: int) -> Final:
    """Whole nights in turn, from the first evening on."""
    members = cycle(group.members for group in bench.groups)
    evenings = [bench.monday + day * DAY + _EVENING for day in range(7)]
    return merged(
        Shift(bench.at(evening), min(bench.at(evening + 15 * HOUR), end), who)
        for evening, who in zip(evenings, members, strict=False)
    )


def _over_week_end(bench: _Bench) -> Trial:
    opens = 4 * DAY + _EVENING
    layer = replace(
        bench.layer(bench.monday, 1, Unit.DAY), hours=Hours("week", ((opens, _MORNING),))
    )
    others: Others = [
        ("nobody is on duty", ()),
        ("it ends with the week", replace(layer, hours=Hours("week", ((opens, WEEK),)))),
        ("start and end change places", replace(layer, hours=Hours("week", ((_MORNING, opens),)))),
    ]
    return bench.trial([OpenRule.OVER_WEEKEND], [layer], 15, others)


def _union(bench: _Bench) -> Trial:
    layer = bench.layer(bench.monday, 1, Unit.DAY)
    first, second = (
        replace(layer, name=f"Trial {group.name}", groups=(group,)) for group in bench.groups
    )
    others: Others = [("the first layer wins", first), ("the last layer wins", second)]
    return bench.trial([OpenRule.UNION], [first, second], 3, others)


def _overrides(bench: _Bench) -> Trial:
    layer = replace(bench.layer(bench.monday, 1, Unit.DAY), groups=bench.groups[:1])
    start = layer.start
    primary, backup = (group.members for group in bench.groups)
    covers = (
        Override("Trial cover 1", start + DAY, start + 3 * DAY, backup),
        Override("Trial cover 2", start + 2 * DAY, start + 4 * DAY, primary),
    )
    end = start + 5 * DAY

    def final(middle: frozenset[Member]) -> Final:
        parts = [(0, primary), (1, backup), (2, middle), (3, primary), (4, primary)]
        return merged(Shift(start + n * DAY, start + (n + 1) * DAY, who) for n, who in parts)

    expected = merged(calendar.calendar([layer], covers, bench.timezone, start, end).final)
    return Trial(
        (OpenRule.OVERRIDES,),
        Schedule(NAME, layers=(layer,), overrides=covers),
        start,
        end,
        expected,
        (
            RuleReading("the first one wins", final(backup)),
            RuleReading("the last one wins", final(primary)),
        ),
    )


def _empty_group(bench: _Bench) -> Trial:
    layer = bench.layer(bench.monday, 1, Unit.DAY)
    layer = replace(layer, groups=(bench.groups[0], Group(frozenset(), "B")))
    trial = bench.trial([OpenRule.EMPTY_GROUP], [layer], 4, [])
    kept = tuple(shift for shift in trial.expected if shift.members)
    return replace(
        trial, expected=(), others=(RuleReading("nobody is on call in it", kept),), refused=True
    )


_MAKERS: tuple[Callable[[_Bench], Trial | None], ...] = (
    _excluded_days,
    _masked_turns,
    _continuous,
    _month_end,
    _clock_change_days,
    _clock_change_hours,
    _handoff_zero,
    _overnight,
    _over_week_end,
    _union,
    _overrides,
    _empty_group,
)
