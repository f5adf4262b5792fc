"""A sandbox in a process of its own, that already holds what the files of a folder declare."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

KEY = "sandbox-key"


@contextmanager
def serving(folder: Path, *, limited: bool) -> Iterator[tuple[str, Connection]]:
    """The URL, and a connection that answers any message with the number of 429s so far."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(folder, limited, there), daemon=True)
    process.start()
    try:
        yield str(here.recv()), here
    finally:
        process.terminate()
        process.join()


def _serve(folder: Path, limited: bool, connection: Connection) -> None:
    from flashsync.sandbox import UNLIMITED, Limits, Options, running, seed

    options = Options(limits=Limits() if limited else UNLIMITED)
    with running(seed("empty"), options) as sandbox:
        for body in _bodies(folder, sandbox.world.account.people):
            sandbox.console.create(body)
        connection.send(sandbox.url)
        while True:
            connection.recv()
            connection.send(sandbox.refused)


def _bodies(folder: Path, people: object) -> Iterator[dict[str, object]]:
    """What an apply of the folder would send."""
    from flashsync.api.wire import write_schedule
    from flashsync.cli.planning import Request, read_files
    from flashsync.plan.layers import settle
    from flashsync.resolve.desired import Context, resolve
    from flashsync.resolve.names import AccountNames
    from flashsync.state.people import Directory, Person, Team

    known = {one.person_id: Person(one.person_id, one.name, one.email) for one in people.values()}  # type: ignore[attr-defined]
    del Team
    names = AccountNames(Directory(known), {})
    zone = "Asia/Shanghai"
    for one in read_files(Request(), folder).declared:
        desired, findings = resolve(one.schedule, one.origin.position, Context(names, zone))
        if desired is None:
            raise AssertionError(findings)
        layers = tuple(settle(desired, None, zone, 0).layers)
        from dataclasses import replace

        yield write_schedule(replace(desired.schedule, layers=layers))
