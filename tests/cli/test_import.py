"""`flashsync import`: from a console full of schedules to files with an empty plan."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from flashsync.sandbox import Options
from tests.cli.console import Ended, Terminal

DAY = 86400
START = 1767582000
"""Mon 5 Jan 2026 11:00 in Shanghai."""


def live_layer(terminal: Terminal, *people: str, **fields: Any) -> dict[str, Any]:
    account = terminal.sandbox.world.account
    groups = [
        {
            "group_name": "",
            "members": [{"role_id": 0, "person_ids": [account.person(who).person_id]}],
        }
        for who in people or ("alice@example.com", "bob@example.com")
    ]
    return {
        "layer_name": "Primary",
        "mode": 0,
        "layer_start": START,
        "rotation_unit": "week",
        "rotation_value": 1,
        "groups": groups,
        **fields,
    }


def build(terminal: Terminal, name: str, *people: str, **fields: Any) -> None:
    """Somebody makes a schedule in the console."""
    layers = fields.pop("layers", None) or [live_layer(terminal, *people)]
    terminal.sandbox.console.create({"schedule_name": name, "layers": layers, **fields})


def team_id(terminal: Terminal, name: str) -> int:
    teams = terminal.sandbox.world.account.teams.values()
    return next(team.team_id for team in teams if team.name == name)


def fresh(terminal: Terminal) -> Terminal:
    """A new folder without flashsync.yaml."""
    (terminal.folder / "flashsync.yaml").unlink()
    return terminal


def files(terminal: Terminal) -> list[str]:
    paths = (path for path in terminal.folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(terminal.folder)) for path in paths)


def text(terminal: Terminal, name: str) -> str:
    return (terminal.folder / name).read_text(encoding="utf-8")


def imported(terminal: Terminal, *arguments: str) -> Ended:
    ended = terminal("import", *arguments)
    assert ended.code == 0, ended
    return ended


def check_empty_plan(terminal: Terminal) -> None:
    plan = terminal("plan", "--detailed-exitcode")
    assert plan.code == 0, plan
    assert terminal("drift").code == 0


def refused(ended: Ended) -> str:
    assert (ended.code, ended.out) == (1, ""), ended
    assert ended.err.count("\n") == 1, ended.err
    return ended.err.removeprefix("error: ").rstrip("\n")


# The way in


def test_a_console_full_of_schedules_is_in_files_in_one_command(demo: Terminal) -> None:
    fresh(demo)
    ended = imported(demo)
    assert files(demo) == [
        "flashsync.yaml",
        "schedules/database-on-call.yaml",
        "schedules/legacy-noc.yaml",
        "schedules/支付-昼夜值班.yaml",
    ]
    assert ended.out.splitlines()[:6] == [
        "Imported 3 schedules from Acme Corp into 3 files:",
        "  schedules/database-on-call.yaml: Database On-Call",
        "  schedules/legacy-noc.yaml: Legacy NOC",
        "  schedules/支付-昼夜值班.yaml: 支付 昼夜值班",
        "  flashsync.yaml (new), with 9 short names",
        "",
    ]
    assert "  Legacy NOC: not on a full or half hour in the account either" in ended.out
    assert "1 override left to the console; --overrides imports them" in ended.out
    assert "\n  DINGTALK_PAY_OPS_TOKEN\n    支付 昼夜值班: dingtalk pay-ops, token\n" in ended.out
    assert "Next: flashsync plan, which should show no changes" in ended.out
    check_empty_plan(demo)
    assert demo.written == []
    assert "not compared" in demo("plan", "-v").out
    assert demo("validate").code == 0
    formatted = demo("fmt", "--check")
    assert formatted.code == 0, formatted.out
    pulled = demo("pull", "--check")
    assert pulled.code == 0, pulled.out


def test_a_file_reads_like_a_rota(terminal: Terminal) -> None:
    fresh(terminal)
    backup = {
        "role_id": 1,
        "person_ids": [terminal.sandbox.world.account.person("carol@example.com").person_id],
    }
    rota = live_layer(terminal, day_mask={"repeat": [1, 2, 3, 4, 5]}, rotation_unit="day")
    rota["layer_start"] = START - 11 * 3600
    rota["groups"][1]["members"].append(backup)
    build(terminal, "Prod", layers=[rota], team_id=team_id(terminal, "SRE"), description="Ours")
    imported(terminal)
    assert text(terminal, "schedules/prod.yaml") == (
        "schedule: Prod\n"
        "description: Ours\n"
        "team: SRE\n"
        "layers:\n"
        "  - layer: Primary\n"
        "    rotation: 1 day\n"
        "    start: 2026-01-05 00:00\n"
        "    days: mon-fri\n"
        "    groups:\n"
        "      - alice\n"
        "      - [bob, {person: carol, role: backup}]\n"
    )
    assert text(terminal, "flashsync.yaml") == (
        "version: 1\n"
        "# A key of another account is refused.\n"
        "account: Acme Corp\n"
        "# The account's zone; all times in the files are in it.\n"
        "timezone: Asia/Shanghai\n"
        "# Short names for the files.\n"
        "people:\n"
        "  alice: alice@example.com\n"
        "  bob: bob@example.com\n"
        "  carol: carol@example.com\n"
    )
    check_empty_plan(terminal)


def test_an_account_without_schedules(terminal: Terminal) -> None:
    ended = imported(fresh(terminal))
    assert ended.out == (
        "The account Acme Corp has no schedules.\n"
        "  flashsync.yaml (new)\n\nNext: write a schedule file\n"
    )
    assert files(terminal) == ["flashsync.yaml"]


# What is imported


def test_only_some_schedules(terminal: Terminal) -> None:
    sre = team_id(terminal, "SRE")
    for name, team in (("prod-a", sre), ("prod-b", 0), ("stage", sre)):
        build(terminal, name, team_id=team)
    ended = imported(terminal, "--only", "prod-*", "--team", "SRE")
    assert files(terminal) == ["flashsync.yaml", "schedules/prod-a.yaml"]
    assert "2 schedules not selected" in ended.out
    imported(terminal, "--team", str(sre))
    assert files(terminal)[1:] == ["schedules/prod-a.yaml", "schedules/stage.yaml"]


def test_a_second_import_adds_only_what_is_new(terminal: Terminal) -> None:
    build(terminal, "Prod")
    imported(terminal)
    kept = text(terminal, "schedules/prod.yaml") + "# ours\n"
    terminal.write("schedules/prod.yaml", kept)
    build(terminal, "New", "dave@example.com")
    ended = imported(terminal)
    assert files(terminal) == ["flashsync.yaml", "schedules/new.yaml", "schedules/prod.yaml"]
    assert "1 schedule skipped, as files have them: Prod" in ended.out
    assert text(terminal, "schedules/prod.yaml") == kept
    assert '"people": ' not in text(terminal, "flashsync.yaml")  # JSON, without quotes
    check_empty_plan(terminal)
    before = {name: text(terminal, name) for name in files(terminal)}
    assert "Nothing to import from Acme Corp.\n" in imported(terminal).out
    assert {name: text(terminal, name) for name in files(terminal)} == before


@pytest.mark.parametrize(
    "keys",
    ["schedule: Prod", "schedule: Renamed\nrenamed_from: Prod", "schedule: Other\nid: ID"],
    ids=["by name", "with a new name", "by id"],
)
def test_what_files_declare_in_any_way_is_skipped(terminal: Terminal, keys: str) -> None:
    build(terminal, "Prod")
    id = terminal.sandbox.console.schedule("Prod")["schedule_id"]
    layer = (
        "layers: [{layer: A, rotation: 1 week, start: 2026-01-05 10:00, groups: [Bob Martin]}]\n"
    )
    terminal.write("schedules/mine.yml", f"{keys.replace('ID', str(id))}\n{layer}")
    assert "1 schedule skipped" in imported(terminal).out
    assert files(terminal) == ["flashsync.yaml", "schedules/mine.yml"]


def test_the_file_of_another_schedule_is_never_taken(terminal: Terminal) -> None:
    build(terminal, "Prod")
    layer = (
        "layers: [{layer: A, rotation: 1 week, start: 2026-01-05 10:00, groups: [Bob Martin]}]\n"
    )
    terminal.write("schedules/prod.yaml", f"schedule: Different\n{layer}")
    imported(terminal)
    assert files(terminal)[1:] == ["schedules/prod-2.yaml", "schedules/prod.yaml"]


def test_hostile_names_stay_text(terminal: Terminal) -> None:
    account = terminal.sandbox.world.account
    evil = "Eve\x1b[31m\nlayers: []\u2028#"
    account.change_person("dave@example.com", name=evil, email="")
    build(terminal, "../../etc/passwd", str(evil), description="a: &b\n---\n- *b")
    build(terminal, "${HOME} #1 'x' \"y\": {z}")
    account.change_person(evil, status="deleted")
    ended = imported(terminal)
    assert files(terminal)[1:] == ["schedules/etc-passwd.yaml", "schedules/home-1-x-y-z.yaml"]
    assert "\x1b" not in ended.out + text(terminal, "schedules/etc-passwd.yaml")
    check_empty_plan(terminal)


# How the files are laid out


def test_one_file_for_all_and_one_for_each_team(terminal: Terminal) -> None:
    build(terminal, "A", team_id=team_id(terminal, "SRE"))
    build(terminal, "B", team_id=team_id(terminal, "支付团队"))
    build(terminal, "C")
    imported(terminal, "--by-team", "--dir", "teams", "--dry-run")
    assert files(terminal) == ["flashsync.yaml"]
    imported(terminal, "--single-file", "--only", "[AB]")
    assert text(terminal, "schedules/schedules.yaml").count("\n---\n") == 1
    imported(terminal, "--single-file")
    assert text(terminal, "schedules/schedules.yaml").count("\n---\n") == 2
    assert files(terminal) == ["flashsync.yaml", "schedules/schedules.yaml"]
    check_empty_plan(terminal)


def test_a_file_for_each_team_grows(terminal: Terminal) -> None:
    sre = team_id(terminal, "SRE")
    build(terminal, "A", team_id=sre)
    imported(terminal, "--by-team")
    build(terminal, "B", team_id=sre)
    build(terminal, "C")
    ended = imported(terminal, "--by-team")
    assert files(terminal)[1:] == ["schedules/no-team.yaml", "schedules/sre.yaml"]
    assert "  schedules/sre.yaml (extended): B\n" in ended.out
    check_empty_plan(terminal)


def test_another_folder_is_found_by_the_next_plan(terminal: Terminal) -> None:
    build(terminal, "Prod")
    fresh(terminal)
    imported(terminal, "--dir", "oncall/rotas")
    assert 'schedules: ["oncall/rotas/**/*.yaml"]\n' in text(terminal, "flashsync.yaml")
    check_empty_plan(terminal)
    build(terminal, "More")
    imported(terminal)
    assert files(terminal)[1:] == ["oncall/rotas/more.yaml", "oncall/rotas/prod.yaml"]


def test_globs_of_the_user_are_not_edited(terminal: Terminal) -> None:
    build(terminal, "Prod")
    terminal.config(schedules=["rotas/*.yaml"])
    ended = imported(terminal, "--dir", "elsewhere")
    assert "note: flashsync.yaml does not read the new files; add elsewhere/**/*.yaml" in ended.out


# What is live and odd


def test_what_needs_a_look_is_listed(terminal: Terminal) -> None:
    build(terminal, "Off")
    build(terminal, "Left", "dave@example.com", "alice@example.com")
    terminal.sandbox.console.disable("Off")
    terminal.sandbox.console.leave("dave@example.com")
    ended = imported(terminal)
    assert "Have a look (2)\n" in ended.out
    assert "  Off: disabled in the console; pages nobody until it is enabled there\n" in ended.out
    assert "  Left: Dave Wu, who has left the account (turn 1 of Primary)\n" in ended.out
    assert "# Dave Wu, who has left the account\n      - 2476444212141\n" in (
        text(terminal, "schedules/left.yaml")
    )
    plan = terminal("plan", "--detailed-exitcode")
    assert plan.code == 0, plan
    assert "warning: `2476444212141` (Dave Wu) has left the account" in plan.err


def test_the_account_itself_is_on_call(terminal: Terminal) -> None:
    build(terminal, "Prod", "Acme Corp", "alice@example.com")
    imported(terminal)
    assert "- owner\n" in text(terminal, "schedules/prod.yaml")
    check_empty_plan(terminal)


def test_overrides_are_taken_in_when_asked(terminal: Terminal) -> None:
    build(terminal, "Prod")
    now = terminal.clock.now // 3600 * 3600
    terminal.sandbox.console.add_override("Prod", ["carol@example.com"], now, now + 2 * DAY, "Swap")
    ended = imported(terminal, "--overrides")
    assert "left to the console" not in ended.out
    assert "  - override: Swap\n" in text(terminal, "schedules/prod.yaml")
    check_empty_plan(terminal)


def test_defaults_of_the_settings_do_not_change_what_is_live(terminal: Terminal) -> None:
    terminal.config(defaults={"team": "SRE", "notify": {"before": "30 min"}})
    build(terminal, "Ours", team_id=team_id(terminal, "SRE"))
    build(terminal, "Nobodys")
    imported(terminal)
    assert "team:" not in text(terminal, "schedules/ours.yaml")
    assert "team: none\n" in text(terminal, "schedules/nobodys.yaml")
    check_empty_plan(terminal)


def notify(token: str, alias: str = "ops") -> dict[str, Any]:
    return {"webhooks": [{"type": "dingtalk", "settings": {"token": token, "alias": alias}}]}


@pytest.mark.parametrize("secrets", ["plain", "masked", "empty"])
def test_secrets_are_never_in_a_file_or_on_the_screen(
    terminal: Terminal, secrets: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.sandbox.options = Options(limits=terminal.sandbox.options.limits, secrets=secrets)
    build(terminal, "Prod", notify=notify("very-secret-token"))
    runs = [imported(terminal, *more) for more in (["--dry-run", "--format", "json"], ["-vv"])]
    said = "".join(run.out + run.err for run in runs)
    assert "very-secret-token" not in said + text(terminal, "schedules/prod.yaml")
    assert "token: {env: DINGTALK_OPS_TOKEN}" in text(terminal, "schedules/prod.yaml")
    source = "shown in the schedule's notifications" if secrets == "plain" else "hidden by"
    assert source in said
    check_empty_plan(terminal)
    assert "not compared" in terminal("plan", "-v").out
    monkeypatch.setenv("DINGTALK_OPS_TOKEN", "very-secret-token")
    check_empty_plan(terminal)


def test_a_new_secret_does_not_take_the_variable_of_another(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(terminal, "One", notify=notify("first-token"))
    imported(terminal)
    monkeypatch.setenv("DINGTALK_OPS_TOKEN", "first-token")
    build(terminal, "Same", notify=notify("first-token", "other"))
    build(terminal, "Two", notify=notify("second-token"))
    imported(terminal)
    assert "{env: DINGTALK_OPS_TOKEN}" in text(terminal, "schedules/same.yaml")
    assert "{env: DINGTALK_OPS_TOKEN_2}" in text(terminal, "schedules/two.yaml")


def test_what_no_file_can_say_stays_with_the_console(terminal: Terminal) -> None:
    gone = team_id(terminal, "SRE")
    build(terminal, "Odd", team_id=gone)
    build(terminal, "Plain", notify=notify("token-of-ops"))
    del terminal.sandbox.world.account.teams[gone]
    ended = imported(terminal)
    assert "  Odd: team is left to the console; the account has no team" in ended.out
    assert "ignore: [team]\n" in text(terminal, "schedules/odd.yaml")
    check_empty_plan(terminal)


def test_a_field_is_left_to_the_console_on_request(terminal: Terminal) -> None:
    build(terminal, "Prod", notify=notify("token-of-ops"), description="Ours")
    ended = imported(terminal, "--ignore", "notify", "--ignore", "description")
    assert "Set these variables" not in ended.out
    assert "ignore: [description, notify]\n" in text(terminal, "schedules/prod.yaml")
    check_empty_plan(terminal)


# flashsync.yaml


def test_comments_of_flashsync_yaml_stay(terminal: Terminal) -> None:
    build(terminal, "Prod", "alice@example.com", "carol@example.com")
    terminal.write(
        "flashsync.yaml",
        "# ours\nversion: 1\npeople:  # by hand\n  al: alice@example.com  # lead\nchecks: {}\n",
    )
    ended = imported(terminal)
    assert "  flashsync.yaml (completed), with 1 short name\n" in ended.out
    assert text(terminal, "flashsync.yaml") == (
        "# ours\nversion: 1\naccount: Acme Corp\ntimezone: Asia/Shanghai\n"
        "people:  # by hand\n  al: alice@example.com  # lead\n  carol: carol@example.com\n"
        "checks: {}\n"
    )
    assert "      - al\n      - carol\n" in text(terminal, "schedules/prod.yaml")
    check_empty_plan(terminal)


# What is refused, and what goes wrong


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "nope"], "--only nope matches no schedule of the account; check the name"),
        (["--team", "sre"], "--team: the account has no team `sre`; did you mean SRE?"),
        (["--single-file", "--by-team"], "--single-file cannot be used with --by-team; choose"),
        (["--config", "none.yaml"], "none.yaml:1:1: cannot read the file (no such file"),
        (["--dir", "flashsync.yaml"], "flashsync.yaml/prod.yaml:1:1: cannot write the file (not a"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_one_line_and_writes_nothing(
    terminal: Terminal, arguments: list[str], said: str
) -> None:
    build(terminal, "Prod")
    assert refused(terminal("import", *arguments)).startswith(said)
    assert files(terminal) == ["flashsync.yaml"]


def test_a_broken_file_stops_an_import(terminal: Terminal) -> None:
    build(terminal, "Prod")
    terminal.write("schedules/broken.yaml", "schedule: [\n")
    assert terminal("import").code == 1
    assert files(terminal) == ["flashsync.yaml", "schedules/broken.yaml"]


def test_the_key_of_another_account(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "other-account-key")
    assert "the key belongs to the account Other Inc" in refused(terminal("import"))


def test_force_replaces_the_files_of_what_is_imported(terminal: Terminal) -> None:
    build(terminal, "Prod")
    imported(terminal)
    before = text(terminal, "schedules/prod.yaml")
    terminal.write("schedules/prod.yaml", before.replace("alice", "carol@example.com  # wrong"))
    ended = imported(terminal, "--force")
    assert "  schedules/prod.yaml (replaced): Prod\n" in ended.out
    assert text(terminal, "schedules/prod.yaml") == before


def test_force_does_not_lose_other_schedules(terminal: Terminal) -> None:
    build(terminal, "A")
    build(terminal, "B")
    imported(terminal, "--single-file")
    before = text(terminal, "schedules/schedules.yaml")
    line = before[: before.index("schedule: B")].count("\n") + 1
    assert refused(terminal("import", "--force", "--only", "A")) == (
        f"schedules/schedules.yaml:{line}:1: --force would lose `B`, which is not imported; "
        "move it to another file, or import without --force"
    )
    assert text(terminal, "schedules/schedules.yaml") == before


def test_an_interrupted_import_leaves_nothing_behind(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("A", "B", "C"):
        build(terminal, name)
    terminal.write("flashsync.yaml", "version: 1\n")

    def interrupted(source: str, target: str) -> None:
        if target.endswith("b.yaml"):
            raise KeyboardInterrupt
        link(source, target)

    link = os.link
    monkeypatch.setattr(os, "link", interrupted)
    assert terminal("import").code == 130
    assert files(terminal) == ["flashsync.yaml"]
    assert text(terminal, "flashsync.yaml") == "version: 1\n"
    assert not (terminal.folder / "schedules").exists()


# For programs


def test_json_has_all_of_it(terminal: Terminal) -> None:
    build(terminal, "Prod", notify=notify("t0ken-of-ops"))
    result = imported(terminal, "--dry-run", "--format", "json").json
    assert (result["written"], result["account"], result["found"]) == (False, "Acme Corp", 1)
    (file,) = result["files"]
    assert (file["file"], file["fate"], file["schedules"]) == (
        "schedules/prod.yaml",
        "new",
        ["Prod"],
    )
    assert file["text"].startswith("schedule: Prod\n")
    assert [one["variable"] for one in result["secrets"]] == ["DINGTALK_OPS_TOKEN"]
    assert json.dumps(result).count("t0ken-of-ops") == 0
    assert result["handover"] is None
