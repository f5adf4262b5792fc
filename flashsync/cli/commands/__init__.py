"""One file per command: its options, one call, and the exit code."""
