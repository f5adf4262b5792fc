"""What the sandbox needs beyond flashsync itself, and how to install it."""

from __future__ import annotations

import shlex
import sys

SANDBOX = ("starlette>=0.46,<2", "uvicorn>=0.34,<1")
"""The extra `sandbox` of pyproject.toml; a test compares the two."""


def render_sandbox_install() -> str:
    """The command that installs the extra where this program runs, however it came there.

    It names the packages and not the extra: on the package index the name `flashsync` is that of
    somebody else's program.
    """
    return shlex.join((sys.executable, "-m", "pip", "install", *SANDBOX))
