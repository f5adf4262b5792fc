"""Where the program begins: shows the version without loading what parses a command line."""

from __future__ import annotations

import sys

from flashsync import __version__


def main() -> None:
    """Run the command line of this process."""
    if sys.argv[1:] == ["--version"]:
        try:
            print(f"flashsync {__version__}", flush=True)  # noqa: T201
        except OSError:
            pass  # it cannot be written: the way below ends as it should
        else:
            return
    from flashsync.cli.main import run

    run()
