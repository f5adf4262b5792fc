"""A sandbox with no schedules, and the loop around it, for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flashsync.sandbox import UNLIMITED, Options, Reply, Sandbox, running, seed
from tests.clock import frozen
from tests.promises.loop import Loop


def schedule(name: str = "Production", **more: Any) -> dict[str, Any]:
    """A small valid schedule document."""
    layer = {
        "layer": "Primary",
        "rotation": "1 week",
        "start": "2026-01-05 10:00",
        "groups": ["alice@example.com", "bob@example.com"],
    }
    return {"schedule": name, "layers": [layer], **more}


def nth(endpoint: str, number: int, then: Callable[[], object]) -> Callable[..., Reply | None]:
    """A hook that does something just before the n-th request to an endpoint is served."""
    seen = 0

    def hook(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        nonlocal seen
        seen += asked == endpoint
        if asked == endpoint and seen == number:
            then()
        return None

    return hook


@pytest.fixture
def server() -> Iterator[Sandbox]:
    with running(seed("empty"), Options(limits=UNLIMITED), now=frozen) as sandbox:
        yield sandbox


@pytest.fixture
def loop(server: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loop]:
    monkeypatch.setenv("TOKEN", "a-token")
    loop = Loop(server, tmp_path)
    with loop.client:
        yield loop
