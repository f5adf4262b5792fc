"""Whether the calendar is what `expect` of a file says. Past expectations are not judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flashsync.checks.model import (
    NOBODY,
    Case,
    CheckFinding,
    CheckSettings,
    between,
    more,
    people,
    when,
    who,
)
from flashsync.errors import Level
from flashsync.model import wording
from flashsync.model.calendar import Calendar, Shift, Span
from flashsync.model.desired import AtMost, Covered, Expectation, OnCall
from flashsync.model.schedule import MARK, Rotation, Unit
from flashsync.model.timezone import DAY, HOUR, wall_seconds_at
from flashsync.model.wording import count, joined
from flashsync.rotation.compare import Gap, find_gaps, gaps, longest

_REMEDY = "change the rota, or what it is expected to be"
_MOMENT = 1


def expectations(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds expectations that fail. Offline, expectations that need the account are left out."""
    for expected, span in list_runnable(case):
        path = ("expect", expected.place)
        calendar = case.calendar(*span)
        if calendar is not None:
            if isinstance(expected, OnCall):
                message = _explain_on_call(expected, calendar, case)
            elif isinstance(expected, Covered):
                message = _explain_gap(expected, calendar, span, case)
            else:
                message = _explain_length(expected, calendar, case)
            if message:
                yield CheckFinding(message, _REMEDY, path)
        elif not case.offline:
            message = "this expectation was not run: who will be on call is not known"
            remedy = "plan again when the platform can be asked"
            yield CheckFinding(message, remedy, path, Level.WARNING)


def count_not_run(case: Case) -> int:
    """How many expectations an offline run leaves to the plan."""
    current = sum(not _is_past(expected, case.now) for expected in _list_declared(case))
    spans = (span for _, span in list_runnable(case))
    return current - sum(case.calendar(start, start + _MOMENT) is not None for start, _ in spans)


def count_past(case: Case) -> int:
    """How many expectations are past and not judged."""
    return sum(_is_past(expected, case.now) for expected in _list_declared(case))


def list_runnable(case: Case) -> Iterator[tuple[Expectation, Span]]:
    """The expectations that can be run, each with the span of the calendar it needs."""
    for expected in _list_declared(case):
        if _is_past(expected, case.now):
            continue
        if isinstance(expected, OnCall):
            if not case.offline:  # the position is live state
                yield expected, (expected.at, expected.at + _MOMENT)
        elif isinstance(expected, Covered):
            if expected.start is None or expected.end is None:
                yield expected, (case.now, case.cycle_end())
            else:
                yield expected, (max(expected.start, case.now), expected.end)
        else:
            yield expected, _find_span(expected, case)


def _find_span(limit: AtMost, case: Case) -> Span:
    """The span that shows whether a limit is kept: its length back, and ahead one full cycle.

    At least twice its length ahead, and no less than the window.

    Offline it is the window: who was on call before now is live state.
    """
    start, end = case.window
    if case.offline:
        return start, end
    ahead = max(end, case.now + 2 * limit.seconds, case.cycle_end())
    return case.now - limit.seconds, ahead


def _list_declared(case: Case) -> Sequence[Expectation]:
    return () if case.desired is None or case.desired.absent else case.desired.expect


def _is_past(expected: Expectation, now: int) -> bool:
    if isinstance(expected, OnCall):
        return expected.at < now
    return isinstance(expected, Covered) and expected.end is not None and expected.end <= now


# How the calendar differs from an expectation; "" where it does not.


def _explain_on_call(expected: OnCall, calendar: Calendar, case: Case) -> str:
    """`exactly alice is expected Fri 25 Dec 10:00, but bob is on call, by layer `Primary``."""
    shift = calendar.at(expected.at)
    on_call = shift.members if shift else frozenset()
    in_role = frozenset(
        member for member in on_call if expected.role is None or member.role == expected.role
    )
    unmet = _explain_people(expected, frozenset(member.person for member in in_role), case)
    if not unmet:
        return ""
    role = "" if expected.role is None else f" as {case.words.directory.role(expected.role)}"
    if on_call and not in_role:
        actual = f"{NOBODY} is, only {who(on_call, case)}"
    else:
        actual = f"{who(in_role, case)} {_be(len(in_role))} on call"
    at = when(expected.at, case)
    return f"{unmet} expected{role} {at}, but {actual}{_explain_cause(calendar, expected.at)}"


def _explain_people(expected: OnCall, on_call: frozenset[int], case: Case) -> str:
    """The unmet part, up to the word `expected`: `exactly alice is`."""
    if expected.exactly is not None and on_call != expected.exactly:
        return f"exactly {people(expected.exactly, case)} {_be(len(expected.exactly))}"
    if expected.any_of and not on_call & expected.any_of:
        return f"{people(expected.any_of, case, 'or')} is"
    if unwanted := on_call & expected.none_of:
        return f"{people(unwanted, case)} {_be(len(unwanted))} not"
    return ""


def _be(count: int) -> str:
    return "is" if count < 2 else "are"


def _explain_cause(calendar: Calendar, instant: int) -> str:
    """`, by layer `Primary``: the override that decides then, else the layers on duty."""
    running = [
        lane
        for lane in calendar.lanes
        if any(shift.start <= instant < shift.end for shift in lane.shifts)
    ]
    overrides = [lane.name.removesuffix(MARK) for lane in running if lane.override]
    names = joined([f"`{name}`" for name in dict.fromkeys(overrides)])
    if names:
        return f", by the override {names}"
    names = joined([f"`{name}`" for name in dict.fromkeys(lane.name for lane in running)])
    if names:
        return f", by {'layer' if len(running) == 1 else 'the layers'} {names}"
    return ", as no layer has duty then"


def _explain_gap(expected: Covered, calendar: Calendar, span: Span, case: Case) -> str:
    """The first gap, and who is on call in another role, or whose shift it follows."""
    open_gaps = find_gaps(calendar.final, *span)
    if expected.role is not None:
        open_gaps = tuple(
            Gap(*gap, expected.role) for gap in gaps(calendar.final, *span, expected.role)
        )
    if not open_gaps:
        return ""
    first = open_gaps[0]
    nobody = NOBODY if first.role is None else f"no {case.words.directory.role(first.role)}"
    text = f"{nobody} is on call {between(first.span, case)}{_explain_rest(first, calendar, case)}"
    text += more(len(open_gaps) - 1, "gap")
    if expected.end is None:
        text += f" (checked until {when(span[1], case)}, one full cycle)"
    return f"{text}, in a time that is expected to be covered"


def _explain_rest(gap: Gap, calendar: Calendar, case: Case) -> str:
    """`, only bob (backup), by layer `Primary``, or `, after alice, by layer `Primary``."""
    if shift := calendar.at(gap.start):
        return f", only {who(shift.members, case)}{_explain_cause(calendar, gap.start)}"
    last = next((shift for shift in calendar.final if shift.end == gap.start), None)
    if last is None:
        return ""
    return f", after {who(last.members, case)}{_explain_cause(calendar, last.end - 1)}"


def _explain_length(limit: AtMost, calendar: Calendar, case: Case) -> str:
    """Who is on call for longest without a break, and who else for too long."""
    lengths = {
        person: (_measure(span, limit, case), span)
        for person, span in longest(_list_current_shifts(calendar.final, case.now)).items()
    }
    over = {person: found for person, found in lengths.items() if found[0] > limit.seconds}
    if not over:
        return ""
    person = min(over, key=lambda id: (-over[id][0], over[id][1], id))
    length, span = over[person]
    days, hours = divmod(length // HOUR, DAY // HOUR)
    parts = [count(days, "day")] if days else []
    parts += [f"{hours} h"] if hours else []
    goes_on = " or more" if span[0] <= calendar.start or span[1] >= calendar.end else ""
    others = people(over.keys() - {person}, case)
    return (
        f"at most {wording.rotation(Rotation(limit.value, limit.unit))} in a row are expected, "
        f"but {people([person], case)} is on call {between(span, case)}, {joined(parts)}{goes_on}"
        + (f", and too long as well: {others}" if others else "")
    )


def _list_current_shifts(final: Sequence[Shift], now: int) -> list[Shift]:
    """Shifts that end after now, and the earlier ones of people on call ever since."""
    current = [shift for shift in final if shift.end > now]
    if not current:
        return []
    edge, people_since = current[0].start, current[0].people
    for shift in reversed(final[: -len(current)]):
        members = frozenset(member for member in shift.members if member.person in people_since)
        if shift.end != edge or not members:
            break
        current.insert(0, replace(shift, members=members))
        edge, people_since = shift.start, current[0].people
    return current


def _measure(span: Span, limit: AtMost, case: Case) -> int:
    """The length in seconds: elapsed for a limit in hours, else by the wall clock."""
    start, end = span
    if limit.unit is Unit.HOUR:
        return end - start
    return wall_seconds_at(end, case.zone) - wall_seconds_at(start, case.zone)
