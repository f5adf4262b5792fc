"""The whole way against a sandbox of its own, which the examples of one file share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flashsync.sandbox import UNLIMITED, Options, running, seed
from tests.clock import frozen
from tests.promises.loop import Loop


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loop]:
    """With the secrets that schedules refer to."""
    patch = pytest.MonkeyPatch()
    for name in ("PROMISES_TOKEN", "PROMISES_SECRET"):
        patch.setenv(name, f"value-of-{name.lower()}")
    with running(seed("empty"), Options(limits=UNLIMITED), now=frozen) as sandbox:
        loop = Loop(sandbox, tmp_path_factory.mktemp("promises"))
        with loop.client:
            yield loop
    patch.undo()
