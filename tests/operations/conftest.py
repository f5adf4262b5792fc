"""Operations are tried where commands are: in a folder, on a sandbox."""

from __future__ import annotations

from tests.cli.conftest import demo, terminal

__all__ = ["demo", "terminal"]
