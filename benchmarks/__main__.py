"""`python -m benchmarks`: measure everything, print the table, and with `--write` keep it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.goals import measure_all
from benchmarks.table import render

_HEADER = """\
# Measured against the goals

Made by `make bench` on {cores} cores. Everything is a ratio within one run, because machines
differ; memory is the largest resident set. A schedule here is a file of about 50 lines: 3 layers of
4 groups, notify. Its peer is octoDNS, YAML to YAML, with zones of 30 records.

"""


def main() -> None:
    """Measure, print, and write down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", metavar="FILE", type=Path, help="also write the table here")
    given = parser.parse_args()
    with TemporaryDirectory(prefix="flashsync-bench-") as folder:
        table = render(measure_all(Path(folder)))
    print(table, end="")
    if given.write:
        header = _HEADER.format(cores=os.cpu_count())
        given.write.write_text(header + table, encoding="utf-8")


if __name__ == "__main__":
    main()
