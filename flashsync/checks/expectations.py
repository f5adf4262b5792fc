"""Rota tests: whether the calendar is what a file expects of it. What is past is not judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flashsync.checks.finding_text import NOBODY, between, more, people, when, who
from flashsync.checks.model import Case, CheckFinding, CheckSettings
from flashsync.errors import Level
from flashsync.model import wording
from flashsync.model.calendar import Calendar, Shift, Span
from flashsync.model.desired import AtMost, Covered, Expectation, OnCall
from flashsync.model.schedule import MARK, Rotation, Unit
from flashsync.model.timezone import wall_seconds_at
from flashsync.model.wording import count, joined
from flashsync.rotation.compare import gaps, longest

_REMEDY = "change the rota, or what it is expected to be"
_MOMENT = 1


def expectations(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """What the file expects and does not get. Offline, what only the account knows is left out."""
    del settings
    for one, span in asked(case):
        path = ("expect", one.place)
        calendar = case.calendar(*span)
        if calendar is not None:
            yield from _judged(one, calendar, span, case)
        elif not case.offline:
            message = "this expectation was not run: who will be on call is not known"
            yield CheckFinding(
                message, "plan again when the platform can be asked", path, Level.WARNING
            )


def not_run(case: Case) -> int:
    """How many expectations an offline run leaves to the plan."""
    run = sum(case.calendar(start, start + _MOMENT) is not None for _, (start, _) in asked(case))
    return len(_current(case)) - run


def past(case: Case) -> int:
    """How many expectations are not judged, since they are past."""
    return len(_expected(case)) - len(_current(case))


def asked(case: Case) -> Iterator[tuple[Expectation, Span]]:
    """The expectations that can be run, each with the time whose calendar it needs."""
    for one in _current(case):
        if isinstance(one, OnCall):
            if not case.offline:  # whose turn it is is live state
                yield one, (one.at, one.at + _MOMENT)
        elif isinstance(one, Covered):
            yield one, (max(one.start, case.now), one.end)
        else:
            yield one, _around(one, case)


def _around(one: AtMost, case: Case) -> Span:
    """The time that shows whether a limit is kept: as far back as it reaches, and twice ahead.

    Offline it is the window: who was on call before now is live state.
    """
    start, end = case.window
    if case.offline:
        return start, end
    return case.now - one.seconds, max(end, case.now + 2 * one.seconds)


def _current(case: Case) -> list[Expectation]:
    """Those that are not about the past."""
    return [one for one in _expected(case) if not _past(one, case.now)]


def _expected(case: Case) -> Sequence[Expectation]:
    if case.desired is None or case.desired.absent:
        return ()
    return case.desired.expect


def _past(one: Expectation, now: int) -> bool:
    if isinstance(one, OnCall):
        return one.at < now
    return isinstance(one, Covered) and one.end <= now


def _judged(one: Expectation, calendar: Calendar, span: Span, case: Case) -> Iterator[CheckFinding]:
    if isinstance(one, OnCall):
        message = _on_call(one, calendar, case)
    elif isinstance(one, Covered):
        message = _covered(calendar, span, case)
    else:
        message = _at_most(one, calendar, case)
    if message:
        yield CheckFinding(message, _REMEDY, ("expect", one.place))


def _on_call(one: OnCall, calendar: Calendar, case: Case) -> str:
    """`exactly alice is expected Fri 25 Dec 10:00, but bob is on call, by layer `Primary``."""
    shift = calendar.at(one.at)
    members = frozenset(
        member
        for member in (shift.members if shift else ())
        if one.role is None or member.role == one.role
    )
    expected = _failed(one, frozenset(member.person for member in members), case)
    if not expected:
        return ""
    role = "" if one.role is None else f" as {case.words.directory.role(one.role)}"
    verb = "is" if len(members) < 2 else "are"
    actual = f"{who(members, case)} {verb} on call"
    if not members and shift:
        others = who(shift.members, case)
        actual = f"{NOBODY} is, only {others}"
    return f"{expected} expected{role} {when(one.at, case)}, but {actual}{_why(calendar, one.at)}"


def _failed(one: OnCall, found: frozenset[int], case: Case) -> str:
    """The part that does not hold, as far as the word `expected`."""
    if one.exactly is not None and found != one.exactly:
        return f"exactly {people(one.exactly, case)} {_be(len(one.exactly))}"
    if one.any_of and not found & one.any_of:
        return f"{people(one.any_of, case, 'or')} is"
    if unwanted := found & one.none_of:
        return f"{people(unwanted, case)} {_be(len(unwanted))} not"
    return ""


def _be(count: int) -> str:
    return "is" if count < 2 else "are"


def _why(calendar: Calendar, instant: int) -> str:
    """`, by layer `Primary``: the override that holds then, else the layers that have duty."""
    running = [
        lane
        for lane in calendar.lanes
        if any(shift.start <= instant < shift.end for shift in lane.shifts)
    ]
    covers = [lane.name for lane in running if lane.override]
    if covers:
        named = joined([f"`{name.removesuffix(MARK)}`" for name in dict.fromkeys(covers)])
        return f", by the override {named}"
    if running:
        named = joined([f"`{name}`" for name in dict.fromkeys(lane.name for lane in running)])
        return f", by {'layer' if len(running) == 1 else 'the layers'} {named}"
    return ", as no layer has duty then"


def _covered(calendar: Calendar, span: Span, case: Case) -> str:
    """The first time in which nobody is on call, and after whom."""
    start, end = span
    open_ = gaps(calendar.final, start, end)
    if not open_:
        return ""
    first = open_[0]
    last = next((shift for shift in calendar.final if shift.end == first[0]), None)
    after = ""
    if last:
        after = f", after {who(last.members, case)}{_why(calendar, last.end - 1)}"
    text = f"nobody is on call {between(first, case)}{after}{more(len(open_) - 1, 'gap')}"
    return f"{text}, in a time that is expected to be covered"


def _at_most(one: AtMost, calendar: Calendar, case: Case) -> str:
    """The longest time on end that is too long, and who else has one."""
    over = {
        person: span
        for person, span in longest(_not_over(calendar.final, case.now)).items()
        if _length(span, one, case) > one.seconds
    }
    if not over:
        return ""
    person = min(over, key=lambda id: (-_length(over[id], one, case), over[id], id))
    span = over[person]
    limit = wording.rotation(Rotation(one.value, one.unit))
    goes_on = span[0] <= calendar.start or span[1] >= calendar.end
    length = _lasting(span, one, case) + (" or more" if goes_on else "")
    others = people(over.keys() - {person}, case)
    return (
        f"at most {limit} in a row are expected, but {people([person], case)} is on call "
        f"{between(span, case)}, {length}" + (f", and too long as well: {others}" if others else "")
    )


def _not_over(final: Sequence[Shift], now: int) -> list[Shift]:
    """The shifts that end after now, and before them those of whoever has been on call since."""
    found = [shift for shift in final if shift.end > now]
    if not found:
        return []
    edge, still = found[0].start, found[0].people
    for shift in reversed(final[: -len(found)]):
        members = frozenset(one for one in shift.members if one.person in still)
        if shift.end != edge or not members:
            break
        found.insert(0, replace(shift, members=members))
        edge, still = shift.start, found[0].people
    return found


def _lasting(span: Span, one: AtMost, case: Case) -> str:
    """`14 days`, `30 hours`, to the hour."""
    hours = _length(span, one, case) // 3600
    days, rest = divmod(hours, 24)
    parts = [count(days, "day")] if days else []
    parts += [f"{rest} h"] if rest else []
    return joined(parts)


def _length(span: Span, one: AtMost, case: Case) -> int:
    """Elapsed time for hours, else time of the wall clock."""
    start, end = span
    if one.unit is Unit.HOUR:
        return end - start
    return wall_seconds_at(end, case.zone) - wall_seconds_at(start, case.zone)
