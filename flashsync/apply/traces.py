"""How a write went, from the requests that its thread made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.api.tracing import Exchange, instant
from flashsync.model.calendar import Span
from flashsync.model.schedule import Schedule
from flashsync.plan.outcome import Sent, Trace

WRITES = ("/schedule/create", "/schedule/update", "/schedule/delete")


def traced(trace: Trace, back: Schedule | None, exchanges: Sequence[Exchange]) -> Trace:
    """The trace with what was read back, the requests that write, and when that was."""
    writes = [one for one in exchanges if one.endpoint in WRITES]
    requests = tuple(Sent(one.endpoint, one.request_id, one.code) for one in writes)
    return replace(trace, back=back, requests=requests, span=_span(exchanges))


def _span(exchanges: Sequence[Exchange]) -> Span | None:
    """From the answer to the last read before the first write to the answer to the last write.

    In the platform's time, as its answers say it: None where they do not. A write without an answer
    is taken to end with whatever was answered last.
    """
    places = [place for place, one in enumerate(exchanges) if one.endpoint in WRITES]
    if not places or not places[0]:
        return None
    ends = [exchanges[places[-1]], *reversed(exchanges)]
    start = instant(exchanges[places[0] - 1].date)
    end = next((at for one in ends if (at := instant(one.date)) is not None), None)
    return None if start is None or end is None else (int(start), int(end))
