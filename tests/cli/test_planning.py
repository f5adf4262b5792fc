"""What a run is about: paths, --only, --prune, safety, scope, identity and rollout."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.sandbox import UNLIMITED, Options, running, seed
from tests.cli.console import Terminal, layer, schedule
from tests.clock import frozen

WEEKLY = layer(
    "alice@example.com", "bob@example.com", "carol@example.com", layer="X", handoff="mon 10:00"
)


def words(text: str) -> str:
    """Text without its line breaks."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("pattern", "names"),
    [("prod-a", ["prod-a"]), ("prod-*", ["prod-a", "prod-b"]), ("*", ["dev", "prod-a", "prod-b"])],
)
def test_only_narrows_the_plan(terminal: Terminal, pattern: str, names: list[str]) -> None:
    terminal.declare(schedule("prod-a"), schedule("prod-b"), schedule("dev"))
    ended = terminal("apply", "--auto-approve", "--only", pattern)
    left = f", {3 - len(names)} not selected" if len(names) < 3 else ""
    assert ended.err == f"3 files, 3 schedules{left}\n"
    assert sorted(terminal.names) == names


def test_only_that_matches_nothing(terminal: Terminal) -> None:
    terminal.declare(schedule("prod-a"))
    ended = terminal("plan", "--only", "prod-a", "--only", "pord-*")
    assert (ended.code, terminal.sandbox.log) == (1, [])
    assert ended.err == (
        "error: --only pord-* matches no schedule of the files; "
        "check the name; a glob like 'prod-*' needs quotes in the shell\n"
    )


def test_all_files_are_checked_whatever_only_says(terminal: Terminal) -> None:
    terminal.declare(schedule("prod-a"), {"schedule": "dev", "leyers": []})
    ended = terminal("plan", "--only", "prod-a")
    assert (ended.code, terminal.sandbox.log) == (1, [])
    assert "unknown key `leyers`" in ended.err


def test_somebody_who_left_stops_all_but_only_applies_the_rest(terminal: Terminal) -> None:
    terminal.declare(schedule("prod-a"), schedule("dev", layers=[layer("oscar@example.com")]))
    assert terminal("apply", "--auto-approve").code == 1
    assert terminal.written == []
    assert terminal("apply", "--auto-approve", "--only", "prod-a").code == 0


def test_paths_replace_the_globs(terminal: Terminal) -> None:
    terminal.declare(schedule("One"), schedule("Two"))
    assert terminal("plan", "schedules/1.yaml").err == "1 file, 1 schedule\n"
    assert terminal("plan", "schedules").err == "2 files, 2 schedules\n"
    ended = terminal("plan", "nowhere.yaml")
    assert ended.err == "error: no file or directory `nowhere.yaml`; check the spelling\n"


def test_flashsync_yaml_is_found_upward(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.declare(schedule())
    (terminal.folder / "deep/deeper").mkdir(parents=True)
    monkeypatch.chdir(terminal.folder / "deep/deeper")
    assert terminal("plan").err == "1 file, 1 schedule\n"
    assert "../../schedules/0.yaml:1" in terminal("plan").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("schedules", "--prune cannot be used with paths; run it over all files"),
        ("--only X", "--prune cannot be used with --only; run it over all files"),
        (
            "",
            (
                "--prune needs `manage` in flashsync.yaml; "
                "list there the teams or names that it may delete"
            ),
        ),
    ],
)
def test_prune_is_refused(terminal: Terminal, arguments: str, said: str) -> None:
    terminal.declare(schedule("X"))
    ended = terminal("plan", "--prune", *arguments.split())
    assert (ended.code, ended.err, terminal.sandbox.log) == (1, f"error: {said}\n", [])


def test_prune_deletes_what_is_in_scope_as_far_as_safety_goes(demo: Terminal) -> None:
    demo.sandbox.console.remove_rule("Database alerts", "Default")
    demo.config(manage={"names": ["*a*", "支付*"]})
    demo.declare(schedule("Kept", layers=[layer("dave@example.com")]))
    ended = demo("apply", "--auto-approve", "--prune")
    assert (ended.code, demo.written) == (1, [])
    assert "would delete 3 schedules (" in ended.err
    assert "and 0 may be deleted in one run; look at each, then pass --max-deletes 3" in ended.err
    assert demo("apply", "--auto-approve", "--prune", "--max-deletes", "2").code == 1
    assert demo("apply", "--auto-approve", "--prune", "--max-deletes", "3").code == 0
    assert demo.names == ["Kept"]


@pytest.mark.parametrize(
    ("manage", "found"),
    [
        ({"teams": ["SRE"]}, ["Database On-Call"]),
        ({"names": ["Legacy*"]}, ["Legacy NOC"]),
        ({"teams": ["SRE"], "names": ["Legacy*"]}, []),
        ({"teams": ["none"]}, ["Legacy NOC"]),
    ],
)
def test_scope(demo: Terminal, manage: Any, found: list[str]) -> None:
    demo.config(manage=manage)
    demo.declare(schedule("Kept", layers=[layer("dave@example.com")]))
    planned = demo("plan", "--format", "json").json
    assert planned["undeclared"] == found
    assert planned["summary"]["delete"] == 0
    pruned = demo("plan", "--format", "json", "--prune", "--max-deletes", "9").json
    assert [one["schedule"] for one in pruned["actions"] if one["action"] == "delete"] == found


def test_undeclared_schedules_are_listed_only_by_a_run_over_all_files(demo: Terminal) -> None:
    demo.config(manage={"names": ["Legacy*"]})
    demo.declare(schedule("Kept", layers=[layer("dave@example.com")]))
    demo.apply()
    assert demo("drift").code == 2
    assert "Legacy NOC" in demo("drift").out
    assert demo("drift", "schedules").code == 0
    assert demo("drift", "--only", "Kept").code == 0
    demo.config()
    assert demo("drift").code == 0


def test_a_team_of_the_scope_that_is_not_there(demo: Terminal) -> None:
    demo.write("flashsync.yaml", "version: 1\nmanage: {teams: [SRX]}\n")
    demo.declare(schedule())
    ended = demo("plan")
    assert ended.err == ("flashsync.yaml:2:18: the account has no team `SRX`; did you mean SRE?\n")


def test_too_many_changes_are_refused_from_ten_schedules_up(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(
        seed(10), Options(limits=UNLIMITED, layers_in=frozenset({"list"})), now=frozen
    ) as sandbox:
        monkeypatch.setenv("FLASHDUTY_BASE_URL", sandbox.url)
        names = [one["schedule_name"] for one in sandbox.console.schedules()]
        terminal.declare(*({"schedule": name, "absent": True} for name in names))
        ended = terminal("plan")
        assert ended.code == 1
        assert (
            "10 schedules would be changed or deleted, against 10 declared ones that are live: "
            "100 %, and 50 % may be in one run; look at each, then pass --max-change-percent 100"
        ) in words(ended.out)
        assert terminal("plan", "--max-change-percent", "100").code == 0
        nine = [{"schedule": name, "absent": True} for name in names[:9]]
        terminal.declare(*nine)
        assert terminal("plan").code == 0


def test_absent_deletes_and_counts_for_no_limit(demo: Terminal) -> None:
    demo.declare({"schedule": "Legacy NOC", "absent": True})
    demo.apply()
    assert "Legacy NOC" not in demo.names
    assert demo("plan", "--detailed-exitcode").code == 0


def test_a_rename_keeps_the_schedule(terminal: Terminal) -> None:
    terminal.declare(schedule("Old"))
    terminal.apply()
    (before,) = terminal.sandbox.console.schedules()
    terminal.declare(schedule("New", renamed_from="Old"))
    assert "Old → New" in terminal("plan").out
    terminal.apply()
    (after,) = terminal.sandbox.console.schedules()
    assert (after["schedule_name"], after["schedule_id"]) == ("New", before["schedule_id"])
    assert terminal("plan", "--detailed-exitcode").code == 0


def test_names_that_go_round(terminal: Terminal) -> None:
    terminal.declare(schedule("A"), schedule("B", description="b"))
    terminal.apply()
    ids = {one["schedule_name"]: one["schedule_id"] for one in terminal.sandbox.console.schedules()}
    terminal.declare(schedule("B", id=ids["A"]), schedule("A", description="b", id=ids["B"]))
    terminal.apply()
    now = {one["schedule_name"]: one["schedule_id"] for one in terminal.sandbox.console.schedules()}
    assert now == {"A": ids["B"], "B": ids["A"]}


def test_an_unknown_id_is_not_a_create(terminal: Terminal) -> None:
    terminal.declare(schedule(id=123456))
    ended = terminal("apply", "--auto-approve")
    assert (ended.code, terminal.written) == (1, [])
    assert ended.err == (
        "schedules/0.yaml:1:1: the account has no schedule with the id 123456; "
        "correct `id`, or leave it out to go by the name\n"
    )


def test_what_looks_renamed_in_the_console_is_not_created_again(demo: Terminal) -> None:
    demo.declare({"schedule": "DB", "layers": [WEEKLY]})
    ended = demo("apply", "--auto-approve")
    assert (ended.code, demo.written) == (1, [])
    assert ended.err == (
        "1 file, 1 schedule\n"
        "Refused; nothing was written:\n"
        "schedules/0.yaml:1:1: `DB` would be created, but `Database On-Call` (id 5789640530410), "
        "which no file declares, has the same rotation, so it looks renamed; "
        "write `renamed_from: Database On-Call` or `id: 5789640530410`, "
        "or pass --create-lookalike\n"
    )
    assert demo("apply", "--auto-approve", "--create-lookalike").code == 0


@pytest.mark.parametrize("rollout", ["", "now", "next_handoff", "exact"])
def test_a_rotation_that_has_begun_is_changed_at_a_cut(terminal: Terminal, rollout: str) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(layers=[layer("bob@example.com", "carol@example.com")]))
    arguments = ["--rollout", rollout] if rollout else []
    (action,) = terminal("plan", "--format", "json", *arguments).json["actions"]
    assert [change["path"] for change in action["changes"]] == ["layers[Primary].groups"]
    assert len(action["cuts"]) == (rollout != "exact")
    ended = terminal("apply", "--auto-approve", *arguments)
    assert (ended.code, terminal.written) == (0, ["create", "update"])
    assert ("past ones too, are counted from `start`" in words(ended.out)) is (rollout == "exact")
    for again in (arguments, []):
        assert terminal("plan", "--detailed-exitcode", *again).code == 0


def test_drift_shows_who_wrote_last(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.sandbox.console.edit("Production", {"description": "Ask Bob"}, by="bob@example.com")
    ended = terminal("drift")
    assert (ended.code, ended.err) == (2, "1 file, 1 schedule\n")
    assert "Bob Martin" in ended.out
    terminal.apply()
    terminal.declare(schedule(description="newer"))
    assert "probably not applied yet" in words(terminal("drift").out)


def test_timezone_changes_only_what_is_shown(terminal: Terminal) -> None:
    terminal.declare(schedule())
    there = terminal("plan", "--timezone", "Europe/Berlin", "--format", "json").json
    here = terminal("plan", "--format", "json").json
    assert there["actions"] == here["actions"]
    assert "2026-01-05 10:00" in terminal("plan", "--timezone", "Europe/Berlin").out
