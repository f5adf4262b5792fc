"""`python -m flashsync`."""

from flashsync.cli.main import run

run()
