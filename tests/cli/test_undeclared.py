"""Schedules that no file declares are counted, and a plan says who comes on call now."""

from __future__ import annotations

import pytest

from tests.cli.console import Ended, Terminal, layer, schedule
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)  # Sat 21 Nov 2026

HERS = {"manage": {"names": ["Hers"]}}
OTHER = layer("dave@example.com", rotation="1 day")


def flat(ended: Ended) -> str:
    return " ".join(ended.out.split())


@pytest.fixture
def grown(terminal: Terminal) -> Terminal:
    """Three schedules, of which a file declares one."""
    others = (schedule(name, layers=[OTHER]) for name in ("Hers", "His"))
    terminal.declare(schedule(), *others)
    terminal.apply()
    terminal.declare(schedule())
    return terminal


@pytest.mark.parametrize(
    ("settings", "arguments", "said"),
    [
        ({}, (), "2 schedules of the account are in no file; `flashsync import` adds them"),
        (HERS, (), "1 schedule of the account is in no file and outside `manage` scope"),
        ({"manage": {"names": ["*"]}}, (), ""),
        ({}, ("--only", "Production"), ""),
        ({}, ("schedules/0.yaml",), ""),
    ],
)
@pytest.mark.parametrize("command", ["plan", "drift"])
def test_they_are_counted_by_a_run_over_all_files(
    grown: Terminal,
    command: str,
    settings: dict[str, object],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    grown.config(**settings)
    text = flat(grown(command, *arguments))
    assert said in text if said else "in no file" not in text
    assert text.count("in no file") == (said != "")
    notes = grown(command, *arguments, "--format", "json").json["notes"]
    assert [note for note in notes if "in no file" in note] == ([notes[-1]] if said else [])


def test_a_prune_counts_what_it_leaves(grown: Terminal) -> None:
    grown.config(**HERS)
    text = flat(grown("plan", "--prune", "--max-deletes", "1"))
    assert "1 schedule of the account is in no file and outside `manage` scope" in text


def test_they_are_no_drift(grown: Terminal) -> None:
    assert grown("drift").code == 0
    grown.config(**HERS)
    assert grown("drift").code == 2


def test_an_account_that_the_files_declare_whole_has_no_line(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    assert "in no file" not in flat(terminal("plan")) + flat(terminal("drift"))
    terminal.declare(schedule(), {"schedule": "Old", "absent": True})
    assert "in no file" not in flat(terminal("plan"))


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_what_nobody_declares_is_not_about_to_be_applied(grown: Terminal, form: str) -> None:
    """The key's own member made them, in the console."""
    grown.config(**HERS)
    text = flat(grown("drift", "--format", form))
    assert "by Alice Zhang" in text
    assert "probably not applied yet" not in text
    grown.declare(schedule(description="new"))
    assert "probably not applied yet" in flat(grown("drift", "--format", form))


NOBODY = "nobody on call now changes"


@pytest.mark.parametrize(("form", "who"), [("text", "Alice Zhang"), ("markdown", "1 person")])
def test_a_create_says_who_comes_on_call_now(terminal: Terminal, form: str, who: str) -> None:
    terminal.declare(schedule("New", layers=[layer("alice@example.com")]))
    text = flat(terminal("plan", "--format", form))
    assert f"{who} comes on call now, on New." in text
    assert NOBODY not in text


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_one_that_begins_later_puts_nobody_on_call_now(terminal: Terminal, form: str) -> None:
    terminal.declare(schedule("New", layers=[layer(start="2026-12-01 10:00")]))
    assert NOBODY in flat(terminal("plan", "--format", form))


def test_a_create_next_to_an_edit(terminal: Terminal) -> None:
    terminal.declare(schedule(layers=[layer("carol@example.com", "bob@example.com")]))
    terminal.apply()
    terminal.declare(
        schedule(layers=[layer("dave@example.com")], rollout="now"),
        schedule("New", layers=[layer("alice@example.com")]),
        schedule("Newer", layers=[layer(["dave@example.com", "alice@example.com"])]),
    )
    text = flat(terminal("plan"))
    assert (
        "who is on call right now changes on Production, "
        "and Alice Zhang and Dave Wu come on call now, on New and Newer."
    ) in text
