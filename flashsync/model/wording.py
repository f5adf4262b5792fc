"""Values in words: `1 week`, `mon 10:00`, `[bob, carol]`, `Mon 7 Dec 10:00`, `2 schedules`.

The inverse of `declared/scalars.py`, for plans and written files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flashsync.model.people import Directory
from flashsync.model.schedule import PRIMARY, Group, Hours, Member, Rotation
from flashsync.model.timezone import (
    DAY,
    HOUR,
    MINUTE,
    WEEK,
    instants,
    offset,
    wall,
    wall_seconds_at,
)

if TYPE_CHECKING:
    from flashsync.model.calendar import Span

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def rotation(value: Rotation) -> str:
    """`1 week`, `12 hours`."""
    return count(value.value, value.unit)


def time_of_week(seconds: int) -> str:
    """`mon 10:00`, from seconds since Monday 00:00."""
    return f"{WEEKDAYS[seconds // DAY % 7]} {_clock(seconds % DAY)}"


def time_of_day(seconds: int) -> str:
    """`10:00`, from seconds since any midnight."""
    return _clock(seconds % DAY)


def _clock(seconds: int) -> str:
    text = f"{seconds // HOUR:02}:{seconds % HOUR // MINUTE:02}"
    return f"{text}:{seconds % MINUTE:02}" if seconds % MINUTE else text


def time(instant: int, timezone: str) -> str:
    """`2026-01-05 10:00`, with the offset where the zone shows that time twice.

    An instant outside all calendars, which a live schedule may have, is shown in Unix seconds.
    """
    try:
        seconds = wall_seconds_at(instant, timezone)
        twice = len(instants(seconds, timezone)) > 1
    except (ValueError, OverflowError, OSError):
        return f"second {instant}"
    text = wall_time(seconds)
    return f"{text} {offset(instant, timezone)}" if twice else text


def wall_time(seconds: int) -> str:
    """`2026-01-05 10:00`, from wall-clock seconds as if they were UTC's."""
    at = datetime.fromtimestamp(seconds, UTC)
    return at.replace(tzinfo=None).isoformat(" ", "seconds" if at.second else "minutes")


def lead(seconds: int) -> str:
    """`5 min`."""
    return f"{seconds // MINUTE} min"


def days(mask: frozenset[int]) -> str:
    """`mon-fri`, `sat, sun`: a mask with Sunday 0, from Monday on."""
    return ", ".join(day_ranges(mask))


def day_ranges(mask: frozenset[int]) -> list[str]:
    """`["mon-fri"]`, `["sat", "sun"]`: the parts of `days`."""
    return list(_ranges(sorted((day - 1) % 7 for day in mask)))


def _ranges(chosen: list[int]) -> Iterable[str]:
    """Runs of three weekdays or more as a range, others one by one."""
    runs: list[list[int]] = []
    for day in chosen:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    for run in runs:
        if len(run) > 2:
            yield f"{WEEKDAYS[run[0]]}-{WEEKDAYS[run[-1]]}"
        else:
            yield from (WEEKDAYS[day] for day in run)


def hours(value: Hours) -> str:
    """`09:00-18:00`, `mon-fri 09:00-18:00`, `mon 09:00 - fri 18:00`, several with commas."""
    return ", ".join(windows(value))


def windows(value: Hours) -> list[str]:
    """The parts of `hours`, in words."""
    if value.every == "day":
        return [f"{_clock(start)}-{_clock(end)}" for start, end in value.windows]
    each_day: dict[str, list[int]] = {}
    others: list[str] = []
    for start, end in value.windows:
        length = (end - start) % WEEK
        if 0 < length < DAY or (length == DAY and start % DAY == 0):
            text = f"{_clock(start % DAY)}-{_clock(end % DAY or DAY)}"
            each_day.setdefault(text, []).append(start // DAY % 7)
        else:
            midnight = f"{WEEKDAYS[(end // DAY - 1) % 7]} 24:00"  # of the day before
            others.append(f"{time_of_week(start)} - {time_of_week(end) if end % DAY else midnight}")
    daily = [f"{days} {text}" for text, on in each_day.items() for days in _ranges(sorted(on))]
    return [*daily, *others]


def member(value: Member, directory: Directory) -> str:
    """`alice`, `erin (backup)`."""
    name = directory.person(value.person)
    return name if value.role == PRIMARY else f"{name} ({directory.role(value.role)})"


def sort_members(value: Iterable[Member], directory: Directory) -> list[Member]:
    """Members by role, then by name."""
    return sorted(value, key=lambda member: (member.role, directory.person(member.person)))


def name_members(value: Iterable[Member], directory: Directory) -> list[str]:
    """`alice`, `erin (backup)`: by role, then by name."""
    return [member(one, directory) for one in sort_members(value, directory)]


def members(value: Iterable[Member], directory: Directory) -> str:
    """`alice`, `[bob, carol]`: by role, then by name."""
    names = name_members(value, directory)
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def group(value: Group, directory: Directory) -> str:
    """`alice`, `[bob, carol]`: the people of a turn."""
    return members(value.members, directory)


# Times as people say them: `Mon 7 Dec 10:00`, `Mon 7 Dec 10:00 – Mon 14 Dec 10:00`.

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(instant: int, timezone: str, now: int) -> str:
    """`Mon 23 Nov 10:00` in a zone; with the year where it differs from that of `now`.

    An instant outside all calendars, which a live schedule may have, is shown in Unix seconds.
    """
    try:
        at = wall(instant, timezone)
    except (ValueError, OverflowError, OSError):
        return f"second {instant}"
    return f"{_WEEKDAYS[at.weekday()]} {day(instant, timezone, now)} {at.hour:02}:{at.minute:02}"


def day(instant: int, timezone: str, now: int) -> str:
    """`14 Dec` in a zone; with the year where it differs from that of `now`."""
    at = wall(instant, timezone)
    year = "" if at.year == wall(now, timezone).year else f" {at.year}"
    return f"{at.day} {_MONTHS[at.month - 1]}{year}"


def duration(seconds: int) -> str:
    """`45 seconds`, `90 minutes`, `2 hours`, `3 days`: rounded down to at least two of a unit."""
    for unit, size in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}s"
    return count(seconds, "second")


def span(value: Span, timezone: str, now: int) -> str:
    """`Mon 7 Dec 10:00 – Mon 14 Dec 10:00`."""
    start, end = value
    return f"{moment(start, timezone, now)} – {moment(end, timezone, now)}"


def short_span(value: Span, timezone: str, now: int) -> str:
    """`Mon 7 Dec 10:00–18:00` within a day, else as `span` has it."""
    start, end = (moment(instant, timezone, now) for instant in value)
    day, _, clock = end.rpartition(" ")
    return f"{start}–{clock}" if start.startswith(f"{day} ") else f"{start} – {end}"


# Numbers and lists as people say them: `2 schedules`, `a, b and c`, `a, b and 3 more`.


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 schedule`, `2 schedules`, `0 entries`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def joined(parts: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def first(parts: Sequence[str], most: int) -> str:
    """`a, b`, or `a, b and 3 more` where there are more than `most`."""
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return ", ".join(parts[:most]) + more
