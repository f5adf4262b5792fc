"""Times that a command line gives, on the account's clocks."""

from __future__ import annotations

from flashsync.declared.command_line import moment, suggest_time, time_away, time_near
from flashsync.declared.problems import Findings
from flashsync.declared.scalars import Moment
from flashsync.errors import UsageError
from flashsync.model.timezone import instants, offset, wall_seconds_at
from flashsync.model.wording import wall_time


def instant(
    text: str, option: str, timezone: str, *, now: int | None = None, date: bool = False
) -> int:
    """The moment (Unix seconds) that an option names on the account's clocks.

    With `now`, it may be relative to it: `tomorrow`, `fri 18:00`, `+2h`. With `date`, a day alone
    is its beginning. Raises UsageError.
    """
    stripped = text.strip()
    try:
        if now is not None:
            away = time_away(stripped)
            if away is not None and not date:
                return now + away
            shown = wall_seconds_at(now + (away or 0), timezone)
            given = time_near(stripped if away is None else "today", shown, date=date)
            if given is not None:
                return _instant(given, option, timezone)
        given = moment(f"{stripped} 00:00" if date and _is_date(stripped) else stripped)
    except Findings as wrong:
        (finding,) = wrong.findings
        remedy = finding.remedy
        if now is not None and finding.message.startswith("expected a time,"):
            remedy = suggest_time(stripped)
        raise UsageError(f"{option}: {finding.message}", remedy) from None
    return _instant(given, option, timezone)


def _is_date(text: str) -> bool:
    return len(text) == len("2026-01-05") and text.count("-") == 2


def _instant(given: Moment, option: str, timezone: str) -> int:
    if given.offset is not None:
        return given.wall - given.offset
    candidates = instants(given.wall, timezone)
    if len(candidates) == 1:
        return candidates[0]
    written = wall_time(given.wall)
    if not candidates:
        message = f"{option}: {timezone} skips {written}, when its clocks change"
        raise UsageError(message, "give a time before or after, or add an offset")
    both = " or ".join(f"'{written} {offset(at, timezone)}'" for at in candidates)
    message = f"{option}: {timezone} has {written} twice, when its clocks change"
    raise UsageError(message, f"write {both}")
