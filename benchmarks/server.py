"""A sandbox in a process of its own, that already holds what the files of a folder declare."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flashsync.sandbox.protocol import Logged

KEY = "sandbox-key"


@dataclass(frozen=True)
class Asked:
    """What the sandbox was asked since it started: requests, and how many of them met a limit."""

    requests: int
    refused: int


class Served:
    """The sandbox as seen from here."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.url = str(connection.recv())

    @property
    def environ(self) -> dict[str, str]:
        """What leads flashsync to it."""
        return {"FLASHDUTY_APP_KEY": KEY, "FLASHDUTY_BASE_URL": self.url}

    def asked(self) -> Asked:
        """What it was asked so far."""
        self._connection.send("asked")
        found = self._connection.recv()
        assert isinstance(found, Asked)
        return found

    def gaps(self) -> tuple[float, ...]:
        """Of each update that followed a read of its schedule: seconds between the two."""
        self._connection.send("gaps")
        found = self._connection.recv()
        assert isinstance(found, tuple)
        return found


@contextmanager
def serving(
    folder: Path, *, listing_has_layers: bool = False, latency: float = 0.0
) -> Iterator[Served]:
    """A sandbox with its exact rate limits on, whose answers take `latency` seconds more."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    given = (folder, listing_has_layers, latency, there)
    process = context.Process(target=_serve, args=given, daemon=True)
    process.start()
    there.close()
    try:
        yield Served(here)
    finally:
        process.terminate()
        process.join()


def _serve(folder: Path, listing_has_layers: bool, latency: float, connection: Connection) -> None:
    from flashsync.cli.process import clock
    from flashsync.sandbox import Options, running, seed

    layers_in: frozenset[Any] = frozenset({"list"} if listing_has_layers else ())
    options = Options(layers_in=layers_in, latency=latency)
    held = bodies(folder)
    with running(seed("empty"), options, now=clock) as sandbox:
        console = sandbox.console
        for body in held:
            console.create(body)
        connection.send(sandbox.url)
        while True:
            wanted = connection.recv()
            if wanted == "gaps":
                connection.send(_gaps(sandbox.log))
            else:
                connection.send(Asked(len(sandbox.log), sandbox.refused))


def _gaps(log: Sequence[Logged]) -> tuple[float, ...]:
    read: dict[int, float] = {}
    gaps = []
    for entry in log:
        if entry.endpoint == "/schedule/info":
            read[entry.body["schedule_id"]] = entry.at
        elif entry.endpoint == "/schedule/update" and entry.body["schedule_id"] in read:
            gaps.append(entry.at - read.pop(entry.body["schedule_id"]))
    return tuple(gaps)


def bodies(folder: Path) -> list[dict[str, Any]]:
    """What an apply of the folder would send, planned against another sandbox that is empty."""
    from flashsync.api.client import Client
    from flashsync.api.codec.schedule import write_schedule
    from flashsync.api.credentials import Credentials
    from flashsync.cli.process import clock
    from flashsync.model.notify import Secret
    from flashsync.operations.options import PlanOptions
    from flashsync.operations.planning import make_plan
    from flashsync.operations.session import Session
    from flashsync.plan.model import Create
    from flashsync.sandbox import running, seed

    with (
        running(seed("empty"), now=clock) as sandbox,
        Client(Credentials(Secret(KEY), sandbox.url)) as client,
    ):
        session = Session({}, clock, folder, client=client)
        plan = make_plan(session, PlanOptions(judged=False)).plan
    return [
        write_schedule(action.target.schedule)
        for action in plan.actions
        if isinstance(action, Create)
    ]
