"""The program: `flashsync`, or `python -m flashsync`."""

import sys

from flashsync import __version__


def main() -> None:
    """Run the command line; the version is said without loading what parses one."""
    if sys.argv[1:] == ["--version"]:
        try:
            print(f"flashsync {__version__}", flush=True)  # noqa: T201
        except OSError:
            pass  # nobody reads it: the way below ends as it should
        else:
            return
    from flashsync.cli.main import run

    run()


if __name__ == "__main__":
    main()
