"""What a command says against what the service did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.soak.network import WRITES, Served
from benchmarks.soak.program import KEY, Office, Ran
from flashsync.errors import ExitCode

NOT_WRITTEN = ("failed", "not_started")
WRITTEN = ("confirmed", "unconfirmed", "differs")
_ENDPOINTS = dict(zip(("create", "update", "delete"), WRITES, strict=True))


def written(ran: Ran) -> list[Served]:
    """The writes that the service has carried out."""
    return [one for one in ran.served if one.acted and one.endpoint in WRITES]


def doubled(ran: Ran) -> int:
    """Creates that were sent although the schedule was there: only its name stopped them."""
    return sum(one.endpoint == WRITES[0] and one.code == "InvalidParameter" for one in ran.log)


def untold(ran: Ran, office: Office, *, alone: bool) -> list[str]:
    """What a command that came to its end says wrongly, or should not have shown.

    `alone`: nobody else wrote, and one request at most met trouble: then nothing may stay unclear.
    """
    found = list(_shown(ran))
    if ran.code is None:
        return found
    results = ran.results
    if results is None:
        wrote = [one.endpoint for one in written(ran)]
        if wrote:
            found.append(f"exit {ran.code} and not a word of {', '.join(wrote)}")
        return found
    found += [problem for one in results for problem in _of_result(one, ran, office, alone=alone)]
    found += _of_exit(ran.code, [one["status"] for one in results], wiped=ran.wiped)
    return found


def _shown(ran: Ran) -> Iterator[str]:
    text = ran.out + ran.err
    for wrong in ("Traceback", "bug in flashsync", KEY):
        if wrong in text:
            yield f"the output has {'the key' if wrong == KEY else wrong}: {text[-800:]}"


def _of_result(told: dict[str, Any], ran: Ran, office: Office, *, alone: bool) -> Iterator[str]:
    status, what = told["status"], f"{told['action']} {told['schedule']}"
    acted = _acts(told, written(ran))
    if status in NOT_WRITTEN and acted:
        yield f"{what} is {status}, and was written"
    if status in WRITTEN and not acted:
        yield f"{what} is {status}, and was never written"
    if status == "unclear" and (alone or not _in_doubt(told, ran)):
        yield f"{what} is unclear, and could have been known: {told['problem']}"
    if status == "confirmed" and not _there(told, office):
        yield f"{what} is confirmed, and the account has it otherwise"


def _in_doubt(told: dict[str, Any], ran: Ran) -> bool:
    """Whether one of its own writes met trouble: reading alone leaves nothing unclear."""
    return any(one.fault for one in _acts(told, ran.served))


def _acts(told: dict[str, Any], served: Sequence[Served]) -> list[Served]:
    """Which of the writes are of this result."""
    mine = [one for one in served if one.endpoint == _ENDPOINTS[told["action"]]]
    if told["action"] == "create":
        return [one for one in mine if one.body["schedule_name"] == told["schedule"]]
    return [one for one in mine if one.schedule_id == told["schedule_id"]]


def _there(told: dict[str, Any], office: Office) -> bool:
    held = office.world.account.schedules
    if told["action"] == "delete":
        return told["schedule_id"] not in held
    id = told["schedule_id"]
    return id in held and held[id].name == told["schedule"]


def _of_exit(code: int, statuses: Sequence[str], *, wiped: bool) -> Iterator[str]:
    """The exit code, from the table in the README."""
    if wiped:
        wanted = ExitCode.UNFINISHED
    elif all(one == "confirmed" for one in statuses):
        wanted = ExitCode.OK
    elif all(one in NOT_WRITTEN for one in statuses):
        wanted = ExitCode.ERROR
    else:
        wanted = ExitCode.UNFINISHED
    if code != wanted:
        yield f"exit {code} for {', '.join(statuses)}"
