"""`jq` as a command: the library of that name, with the options that the recipes use."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import jq  # type: ignore[import-not-found]


def main() -> int:
    """Run one filter over one file."""
    parser = argparse.ArgumentParser(prog="jq", allow_abbrev=False)
    parser.add_argument("-r", action="store_true", dest="raw")
    parser.add_argument("--arg", nargs=2, action="append", default=[])
    parser.add_argument("--argjson", nargs=2, action="append", default=[])
    parser.add_argument("filter")
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    arguments = {**dict(given.arg), **{name: json.loads(text) for name, text in given.argjson}}
    for line in lines(
        given.filter, given.file.read_text(encoding="utf-8"), arguments, raw=given.raw
    ):
        print(line)  # noqa: T201
    return 0


def lines(
    filter_: str, text: str, arguments: dict[str, Any] | None = None, *, raw: bool
) -> list[str]:
    """What jq prints for a text of JSON: texts without quotes where `raw`."""
    found = jq.compile(filter_, args=arguments or {}).input_text(text).all()
    return [one if raw and isinstance(one, str) else json.dumps(one) for one in found]


if __name__ == "__main__":
    sys.exit(main())
