"""Running sandboxes with a clock that stands still and without rate limits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flashsync.sandbox import UNLIMITED, Options, Sandbox, running, seed
from tests.sandbox.peer import NOW, Peer


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """People and teams, no schedules."""
    with running(seed("empty"), Options(limits=UNLIMITED), now=lambda: NOW) as found:
        yield found


@pytest.fixture
def peer(sandbox: Sandbox) -> Peer:
    """A client with all permissions."""
    return Peer(sandbox)


@pytest.fixture(scope="session")
def shared() -> Iterator[Peer]:
    """One sandbox for all requests that are refused: they change nothing."""
    with running(seed("empty"), Options(limits=UNLIMITED), now=lambda: NOW) as found:
        yield Peer(found)
