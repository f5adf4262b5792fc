"""Formatting: the layout, the order of keys, shorthand and quotes; the meaning stays."""

from __future__ import annotations

import pytest

from flashsync.declared.fields import keys_of
from flashsync.declared.schedule import Expectation, Layer, Schedule
from flashsync.errors import FilesError
from flashsync.files.format import format_text
from flashsync.files.format_rules import EXPECTATION_ORDER, LAYER_ORDER, SCHEDULE_ORDER
from tests.files.helpers import SOURCE

BEFORE = """\
# yaml-language-server: $schema=x.json

# Who is called at night.
team:   SRE
schedule:  2026   # the year
layers:
- groups:
  - members: [alice]
  - [bob]
  - {role: backup, person: erin@example.com}
  # - dave

  - members:
    - carol # in between
    - dave
  start: 2026-01-05 10:00
  layer: on
  days: [mon, tue, wed, thu, fri]
  hours: ["09:00-18:00"]
  rotation:
    1 week
  # end of Primary
# end of the layers
notify: {daily_at: 08:00, before: 5 min}
"""
AFTER = """\
# yaml-language-server: $schema=x.json

schedule: "2026"  # the year
# Who is called at night.
team: SRE
layers:
  - layer: "on"
    rotation: 1 week
    start: 2026-01-05 10:00
    days: mon-fri
    hours: "09:00-18:00"
    groups:
      - alice
      - bob
      - {person: erin@example.com, role: backup}
      # - dave

      - members:
          - carol  # in between
          - dave
    # end of Primary
# end of the layers
notify: {before: 5 min, daily_at: "08:00"}
"""


def formatted(text: str) -> str:
    """The text, formatted; a second time changes nothing."""
    done = format_text(text, SOURCE)
    assert done.kept
    assert format_text(done.text, SOURCE).text == done.text
    return done.text


def test_a_file_gets_the_layout_of_the_examples() -> None:
    assert formatted(BEFORE) == AFTER


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Indentation and spaces
        ("a:   b\n", "a: b\n"),
        ("a:\n    b:\n        - c\n", "a:\n  b:\n    - c\n"),
        ("a:\n- b\n-   c\n", "a:\n  - b\n  - c\n"),
        ("a: [b,c , d]\n", "a: [b, c, d]\n"),
        ("a: { b: c,d: [ e ] }\n", "a: {b: c, d: [e]}\n"),
        ("a:\n  b c\n", "a: b c\n"),
        ("a: b\n  c\n", "a: b\n  c\n"),
        ("a: [\n  b,\n  c,\n]\n", "a: [b, c]\n"),
        ("a: b", "a: b\n"),
        ("\n\na: b\n\n\n", "a: b\n"),
        ("a: b  \nc: d\t\n", "a: b\nc: d\n"),
        ("a:\n-\n  - b\n  - c\n", "a:\n  - - b\n    - c\n"),
        ("---\na: b\n---\nc: d\n", "---\na: b\n---\nc: d\n"),
        ("a:   b\r\n", "a: b\r\n"),
        ("\ufeffa:   b\n", "\ufeffa: b\n"),
        # Comments and blank lines
        ("a: b # c\n", "a: b  # c\n"),
        ("a:   b     # c\n", "a: b       # c\n"),
        ("a: b\n\n\nc: d\n", "a: b\n\n\nc: d\n"),
        ("a: [b,  # first\n  c]  # last\n", "a:  # last\n  - b  # first\n  - c\n"),
        ("a:\n      # c\n    - b\n", "a:\n  # c\n  - b\n"),
        ("a: # c\n  b\n", "a: b  # c\n"),
        ("a:\n- # c\n  b: d\n", "a:\n  # c\n  - b: d\n"),
        ("a:\n- b\n# of c\nc: d\n", "a:\n  - b\n# of c\nc: d\n"),
        ("a:\n  - b\n  # - d\nc: d\n# end\n", "a:\n  - b\n  # - d\nc: d\n# end\n"),
        ('a: "b\n  c"  # d\n', 'a: "b\n  c"  # d\n'),
        # Text of several lines
        ("a: |\n     b\n\n       c\nd: e\n", "a: |\n  b\n\n    c\nd: e\n"),
        ("a: |-  # c\n   b\n", "a: |-  # c\n  b\n"),
        ("a: |4\n      b\n    c\n", "a: |2\n    b\n  c\n"),
        ("a: |+\n   b\n\n\nc: d\n", "a: |+\n  b\n\n\nc: d\n"),
        ("a: >\n   b\n   c\n", "a: >\n  b\n  c\n"),
        # Anchors and aliases
        ("x-a:   &a [b,c]\nd:   *a\n", "x-a: &a [b, c]\nd: *a\n"),
        (
            "x-a: &a\n    b: c\nd:\n   <<:   *a\n   e: f\n",
            "x-a: &a\n  b: c\nd:\n  <<: *a\n  e: f\n",
        ),
        ("a:\n- &x b\n- *x\n", "a:\n  - &x b\n  - *x\n"),
        ("a:\n- &x\n  b: c\n- *x\n", "a:\n  - &x\n    b: c\n  - *x\n"),
        # Quotes where YAML would misread
        ("a: on\n", 'a: "on"\n'),
        ("a: 08:00\n", 'a: "08:00"\n'),
        ("a: 017\n", 'a: "017"\n'),
        ("a: 1_000\n", 'a: "1_000"\n'),
        ("a: 2026-12-01 00:00:00\n", 'a: "2026-12-01 00:00:00"\n'),
        ("on: a\n", '"on": a\n'),
        ("a: [y, 12e3]\n", 'a: ["y", "12e3"]\n'),
        ("team: 7\npeople: {bob: 12}\n", "team: 7\npeople: {bob: 12}\n"),
        ("group: 7\n", 'group: "7"\n'),
        ("a: 2026-12-01 00:00\n", "a: 2026-12-01 00:00\n"),
        ("fair: true\nnotify: off\n", "fair: true\nnotify: off\n"),
        ("checks: {coverage_gap: off}\n", "checks: {coverage_gap: off}\n"),
        ("a: 'b'\n", "a: 'b'\n"),
        ("a: it's\n", "a: it's\n"),
    ],
)
def test_layout(before: str, after: str) -> None:
    assert formatted(before) == after


LAYER = "schedule: S\nlayers:\n  - layer: L\n    rotation: 1 week\n    start: 2026-01-05 10:00\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    groups:\n      - {members: [a, b]}\n", "    groups:\n      - [a, b]\n"),
        ("    groups:\n      - members: [a]\n", "    groups:\n      - a\n"),
        (
            "    groups:\n      - members:\n        - a\n        - b\n",
            "    groups:\n      - [a, b]\n",
        ),
        ("    groups: [[a], [b, {person: c}]]\n", "    groups: [a, [b, c]]\n"),
        ("    groups: [{person: a}]\n", "    groups: [a]\n"),
        (
            "    groups: [{members: [a], group: G}]\n",
            "    groups: [{group: G, members: [a]}]\n",
        ),
        (
            "    groups:\n      - members: [a]  # lead\n",
            "    groups:\n      - members: [a]  # lead\n",
        ),
        ("    groups: [&x [a], *x]\n", "    groups: [&x [a], *x]\n"),
        ("    days: [mon]\n    groups: [a]\n", "    days: mon\n    groups: [a]\n"),
        (
            "    days: [sun, mon, tue, wed]\n    groups: [a]\n",
            "    days: [mon-wed, sun]\n    groups: [a]\n",
        ),
        ("    days: [sat, sun]\n    groups: [a]\n", "    days: [sat, sun]\n    groups: [a]\n"),
        (
            "    hours: [09:00-18:00]\n    groups: [a]\n",
            "    hours: 09:00-18:00\n    groups: [a]\n",
        ),
    ],
)
def test_shorthand(before: str, after: str) -> None:
    assert formatted(LAYER + before) == LAYER + after


def test_what_the_schema_refuses_gets_a_layout_only() -> None:
    before = LAYER + "    colour:   red\n    groups:   [{members: [a]}]\n"
    after = LAYER + "    colour: red\n    groups: [{members: [a]}]\n"
    assert formatted(before) == after


def test_a_key_of_the_user_stays_behind_the_key_before_it() -> None:
    before = "x-first: 1\nteam: SRE\nx-of-team: 2\nschedule: S\n"
    assert formatted(before) == "x-first: 1\nschedule: S\nteam: SRE\nx-of-team: 2\n"


def test_an_anchor_stays_before_its_alias() -> None:
    text = "team: &name SRE\nschedule: *name\n"
    assert formatted(text) == text


@pytest.mark.parametrize(
    "text",
    ["%YAML 1.2\n---\na:   b\n", "a:   b\n...\n", "- a\n--- text\n", "a:   b\u2028c\n"],
)
def test_an_unusual_file_keeps_its_layout(text: str) -> None:
    done = format_text(text, SOURCE)
    assert (done.kept, done.text) == (False, text)


@pytest.mark.parametrize("text", ["a: [\n", "a:\n", "a: b\na:  c\n", "a: !x  y\n", ""])
def test_a_file_that_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(FilesError):
        format_text(text, SOURCE)


@pytest.mark.parametrize(
    ("model", "order"),
    [(Schedule, SCHEDULE_ORDER), (Layer, LAYER_ORDER), (Expectation, EXPECTATION_ORDER)],
)
def test_every_key_has_its_place(model: type, order: tuple[str, ...]) -> None:
    assert set(keys_of(model)) <= set(order)


def test_a_long_list_is_written_in_lines() -> None:
    names = [f"person-{number}@example.com" for number in range(6)]
    lines = "".join(f"  - {name}\n" for name in names)
    assert formatted(f"a: [{', '.join(names)}]\n") == f"a:\n{lines}"
