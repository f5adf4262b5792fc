"""Reads the shifts that move back out of the text of a plan: nothing of the renderer is used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from math import inf
from zoneinfo import ZoneInfo

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FAR_AWAY = 1 << 40
_DAY = r"\d{1,2} [A-Z][a-z]{2}(?: \d{4})?"
_MOMENT = rf"(?:now|[A-Z][a-z]{{2}} {_DAY} \d\d:\d\d)"
_SINGLE = re.compile(rf"({_MOMENT}) +– ({_MOMENT}) +(\S.*)")
_OF_A_DAY = re.compile(rf"(?P<day>[A-Z][a-z]{{2}} {_DAY}) (\d\d:\d\d)–(\d\d:\d\d) +(\S.*)")
_ENDLESS = re.compile(rf"from ({_MOMENT}) on +(\S.*)")
_FOLDED = re.compile(
    rf"(daily|every (?P<step>\d+) days|every (?P<weeks>\d+) weeks on (?P<on>\w{{3}})"
    rf"|every (?P<mask>\w{{3}}(?:[-,] ?\w{{3}})*)) "
    rf"(?:from )?(?P<hours>\d\d:\d\d(?:–\d\d:\d\d)?)"
    rf"(?: for (?:(?P<for>\d+) days|24 hours)|, (?P<later>\d+) days? later)?"
    rf", (?P<first>{_DAY}) – (?P<last>{_DAY}) +(?P<who>\S.*), (?P<times>\d+) times"
)


@dataclass(frozen=True, order=True)
class ReadMove:
    """From a start to an end, in Unix seconds; None where it goes on."""

    start: int
    end: int | None
    who: str


def unfold(text: str, timezone: str, now: int) -> list[ReadMove]:
    """All shifts that the lines of a text name, in order."""
    reader = _Reader(ZoneInfo(timezone), now)
    return sorted(move for line in text.splitlines() for move in reader.line(line))


@dataclass(frozen=True)
class Hands:
    """From a start to an end, by name: who was on call, and who is; an end of None goes on."""

    start: int
    end: int | None
    before: frozenset[str]
    after: frozenset[str]

    @property
    def stop(self) -> float:
        """The end, or infinity."""
        return inf if self.end is None else self.end


_STAYING = re.compile(r"(?P<what>.*?)(?:, (?:with|leaving) (?P<stays>.*))?")


def check_moves(read: Sequence[ReadMove], moves: Sequence[Hands]) -> None:
    """The lines name at each instant who goes and who comes, and who stays, and nothing more."""
    lines = sorted(read)
    for line, following in pairwise(lines):
        assert line.end is not None
        assert line.end <= following.start
    for move in moves:
        (line,) = (one for one in lines if one.start <= move.start < (one.end or inf))
        assert move.stop <= (line.end or inf)
        _check_people(line.who, move)
    covered = sum((line.end or FAR_AWAY) - line.start for line in lines)
    assert covered == sum((move.end or FAR_AWAY) - move.start for move in moves)


def _check_people(who: str, move: Hands) -> None:
    found = _STAYING.fullmatch(who)
    assert found
    goes, comes = _sides(found["what"])
    assert (goes, comes) == (move.before - move.after, move.after - move.before)
    staying = move.before & move.after
    if found["stays"] == "others":
        assert staying
    else:
        names, _, more = (found["stays"] or "").partition(" and ")
        named = {name for name in names.split(", ") if name}
        assert named <= staying
        assert len(named) + int(more.partition(" ")[0] or 0) == len(staying)


def _sides(what: str) -> tuple[frozenset[str], frozenset[str]]:
    if what.startswith("+ "):
        return frozenset(), _people(what[2:])
    if what.startswith("- "):
        return _people(what[2:]), frozenset()
    goes, _, comes = what.partition(" → ")
    return _people(goes), _people(comes)


def _people(names: str) -> frozenset[str]:
    return frozenset(() if names == "nobody" else names.strip("[]").split(", "))


@dataclass(frozen=True)
class _Reader:
    zone: ZoneInfo
    now: int

    def line(self, line: str) -> Iterator[ReadMove]:
        if found := _FOLDED.search(line):
            yield from self._folded(found)
        elif found := _SINGLE.search(line):
            yield ReadMove(self._moment(found[1]), self._moment(found[2]), found[3])
        elif found := _OF_A_DAY.search(line):
            start, end = (self._moment(f"{found['day']} {found[part]}") for part in (2, 3))
            yield ReadMove(start, end, found[4])
        elif found := _ENDLESS.search(line):
            yield ReadMove(self._moment(found[1]), None, found[2])

    def _folded(self, found: re.Match[str]) -> Iterator[ReadMove]:
        begin, _, finish = found["hours"].partition("–")
        days = list(self._days(found, self._date(found["first"]), self._date(found["last"])))
        assert len(days) == int(found["times"]), found[0]
        for day in days:
            after = int(found["for"] or found["later"] or (not finish or finish <= begin))
            start, end = self._at(day, begin), self._at(day + timedelta(after), finish or begin)
            yield ReadMove(start, end, found["who"])

    def _days(self, found: re.Match[str], first: date, last: date) -> Iterator[date]:
        step = 7 * int(found["weeks"]) if found["weeks"] else int(found["step"] or 1)
        weekdays = _chosen(found["mask"]) if found["mask"] else set(range(7))
        if found["on"]:
            assert WEEKDAYS[first.weekday()] == found["on"]
        day = first
        while day <= last:
            if day.weekday() in weekdays:
                yield day
            day += timedelta(step)

    def _moment(self, text: str) -> int:
        if text == "now":
            return self.now
        weekday, *day, clock = text.split(" ")
        on = self._date(" ".join(day))
        assert WEEKDAYS[on.weekday()] == weekday, text
        return self._at(on, clock)

    def _date(self, text: str) -> date:
        number, month, *year = text.split(" ")
        present = datetime.fromtimestamp(self.now, UTC).astimezone(self.zone).year
        return date(int(year[0]) if year else present, MONTHS.index(month) + 1, int(number))

    def _at(self, day: date, clock: str) -> int:
        return int(datetime.combine(day, time.fromisoformat(clock), self.zone).timestamp())


def _chosen(mask: str) -> set[int]:
    """`Mon-Fri, Sun` as weekdays from Monday 0."""
    days: set[int] = set()
    for part in mask.split(", "):
        first, _, last = part.partition("-")
        days |= set(range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1))
    return days
