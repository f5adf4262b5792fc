"""`python -m flashsync`."""

from flashsync.cli.entry import main

main()
