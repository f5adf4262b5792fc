"""The documented table of checks is the program's."""

from __future__ import annotations

import re

from flashsync.checks.registry import CHECKS, FILE_CHECKS
from tests.readme import DOCS

WORDS = {None: "off", "warning": "warn", "error": "error"}


def test_each_check_has_its_default_and_a_sentence() -> None:
    text = (DOCS / "checks.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)`( †)? \| (off|warn|error) \| (.+) \|$", text, re.MULTILINE)
    assert {name: level for name, _, level, _ in rows} == {
        name: WORDS[level] for name, level in CHECKS.items()
    }
    assert {name for name, mark, *_ in rows if not mark} == set(FILE_CHECKS)
