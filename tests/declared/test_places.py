"""Findings and the file: each points at the very text that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from flashsync.declared.parse import read_schedule
from flashsync.declared.problems import Findings
from flashsync.files import Locator, load_file

TEXT = """\
schedule: Production
colour: red
layers:
  - layer: Primary
    rotation: 1 day
    start: 2026-01-05 10:00
    handoff: mon 10:00
    groups: [alice, [bob, ""], {alice: backup}]
  - layer: Night
    rotation: 1 week
    start: 2026-01-05
    hours: [18:00-09:00, late]
    groups:
      - alice
      - group: Crew
        members:
          - dave
          - role: backup
"""


def test_each_finding_is_at_the_position_of_the_wrong_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(TEXT, encoding="utf-8")
    origin = load_file(str(path), "a.yaml").documents[0]
    locator = Locator()
    with pytest.raises(Findings) as found:
        read_schedule(origin.tree)
    places = {
        (position.line, position.column): one.message
        for one in found.value.findings
        for position in [locator.locate(origin.origin, one.path, key=one.at_key)]
    }
    assert places == {
        (2, 1): "unknown key `colour`",
        (8, 27): "a person must not be empty",
        (8, 32): "expected a person, found the mapping `alice: backup`",
        (11, 12): "`2026-01-05` is a date without a time",
        (12, 26): "expected a window of hours, got `late`",
        (18, 13): "`role: backup` has no person",
    }
