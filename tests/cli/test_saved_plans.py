"""`plan --out` and `apply --plan`: what was looked at is carried out, or nothing."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flashsync.plan.saved import plan_file
from flashsync.sandbox import UNLIMITED, Options, running, seed
from tests.cli.console import Terminal, layer, schedule
from tests.clock import frozen

IN_2033 = 2_000_000_000


def saved(terminal: Terminal, *arguments: str, code: int = 0) -> Path:
    ended = terminal("plan", "--out", "plan.json", *arguments)
    assert ended.code == code, ended
    how = "apply it with flashsync apply --plan plan.json"
    how = "apply --plan plan.json would refuse it too" if code else how
    assert ended.err.endswith(f"Saved; {how}\n")
    return terminal.folder / "plan.json"


def apply_plan(terminal: Terminal, *arguments: str) -> Any:
    return terminal("apply", "--auto-approve", "--plan", "plan.json", *arguments)


def refused(terminal: Terminal, said: str) -> None:
    """The saved plan is refused whole, with this line."""
    before = list(terminal.written)
    ended = apply_plan(terminal)
    assert ended.code == 1
    assert ended.err == f"error: {said}\n" or ended.err == f"{said}\n"
    assert terminal.written == before


def test_it_needs_no_files_and_is_shown_as_it_was(terminal: Terminal) -> None:
    terminal.config(people={"al": "alice@example.com"})
    terminal.declare(schedule())
    shown = terminal("plan").out
    saved(terminal)
    shutil.rmtree(terminal.folder / "schedules")
    (terminal.folder / "flashsync.yaml").unlink()
    ended = apply_plan(terminal)
    assert ended.code == 0
    assert ended.out.startswith(shown)
    assert terminal.names == ["Production"]


def test_it_is_readable_by_its_owner_only_and_replaces_an_older_one(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.write("plan.json", "old")
    path = saved(terminal)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in terminal.folder.iterdir() if one.name.startswith(".")] == []
    assert json.loads(path.read_text())["format_version"] == "1.1"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            lambda plan: plan.update(format_version="1.0"),
            "plan.json has the plan format 1.0, and this flashsync reads 1.1",
        ),
        (
            lambda plan: plan.update(format_version="2.0"),
            "plan.json has the plan format 2.0, and this flashsync reads 1.1",
        ),
        (
            lambda plan: plan["actions"][0].update(approved=True),
            "`actions[0].approved` of plan.json is not in the plan format 1.1",
        ),
        (
            lambda plan: plan["actions"][0]["source"].pop("line"),
            "`actions[0].source.line` of plan.json is missing",
        ),
    ],
)
def test_a_plan_of_another_format_is_refused(
    terminal: Terminal, edit: Callable[[Any], object], said: str
) -> None:
    """Also where somebody has made its checksum anew."""
    terminal.declare(schedule())
    path = saved(terminal)
    document = json.loads(path.read_text())
    edit(document)
    del document["checksum"]
    path.write_text(json.dumps({**document, "checksum": plan_file._checksum(document)}))
    said = f"{said}; plan again with `flashsync plan --out FILE`"
    refused(terminal, said)
    checked = terminal("plan", "--check", "plan.json")
    assert (checked.code, said in " ".join((checked.out + checked.err).split())) == (1, True)


def test_where_it_cannot_be_written_the_older_one_stays(terminal: Terminal) -> None:
    terminal.declare(schedule())
    (terminal.folder / "there").mkdir()
    ended = terminal("plan", "--out", "there")
    assert (ended.code, list((terminal.folder / "there").iterdir())) == (1, [])
    assert ended.err.endswith("there is not a regular file; give another path\n")
    ended = terminal("plan", "--out", "nowhere/plan.json")
    assert ended.err.endswith("(No such file or directory); give another path\n")


def test_the_second_time_it_is_refused(terminal: Terminal) -> None:
    terminal.declare(schedule())
    saved(terminal)
    assert apply_plan(terminal).code == 0
    ended = apply_plan(terminal)
    assert ended.code == 1
    assert ended.err.startswith(
        "schedules/0.yaml:1:1: `Production` is the name of another schedule (id 5789640530410) "
        "by now; written since by Alice Zhang on "
    )
    assert ended.err.endswith("; plan again\n")


def test_an_update_the_second_time_is_refused(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(description="new"))
    saved(terminal)
    assert apply_plan(terminal).code == 0
    ended = apply_plan(terminal)
    assert ended.code == 1
    assert ended.err.startswith(
        "schedules/0.yaml:1:1: `Production` has changed since the plan was made, in description; "
        "written since by Alice Zhang on "
    )


def test_it_is_refused_whole_when_one_of_two_has_moved(terminal: Terminal) -> None:
    terminal.declare(schedule(), schedule("Second"))
    terminal.apply()
    terminal.declare(schedule(description="new"), schedule("Second", description="new"))
    saved(terminal)
    terminal.sandbox.console.edit("Second", {"description": "mine"})
    before = len(terminal.written)
    ended = apply_plan(terminal)
    assert (ended.code, len(terminal.written)) == (1, before)
    assert "`Second` has changed since the plan was made, in description; written" in ended.err
    assert "by Bob Martin on " in ended.err
    assert ended.err.count("\n") == 1


def test_an_override_from_the_console_does_not_stop_it_and_is_kept(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(description="new"))
    saved(terminal)
    terminal.sandbox.console.add_override(
        "Production", ["carol@example.com"], IN_2033, IN_2033 + 3600, "Swap"
    )
    ended = apply_plan(terminal)
    assert ended.code == 0
    assert "kept an override made in the console since the plan: Swap" in ended.out
    layers = terminal.sandbox.console.schedule("Production")["layers"]
    assert "Swap" in [one["layer_name"] for one in layers]


NO_PLAN = "plan.json is not a plan, or is incomplete; plan again with `flashsync plan --out FILE`"
CHANGES: dict[str, tuple[Callable[[str], str], str]] = {
    "cut": (
        lambda text: text[: len(text) // 2],
        NO_PLAN,
    ),
    "altered": (
        lambda text: text.replace("Production", "Productive"),
        "plan.json was altered since it was saved; plan again with `flashsync plan --out FILE`",
    ),
    "empty": (lambda text: "", NO_PLAN),
    "a list": (
        lambda text: "[]",
        "plan.json is not a flashsync plan; give a file made by `plan --out`",
    ),
}


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES)
def test_it_is_refused_when_it_was_changed(
    terminal: Terminal, change: Callable[[str], str], said: str
) -> None:
    terminal.declare(schedule())
    path = saved(terminal)
    path.write_text(change(path.read_text()))
    refused(terminal, said)


def test_a_file_that_is_not_there(terminal: Terminal) -> None:
    refused(
        terminal,
        (
            "cannot read the plan plan.json (No such file or directory); "
            "use a file made by `flashsync plan --out`"
        ),
    )


def test_for_another_account(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.declare(schedule())
    saved(terminal)
    (terminal.folder / "flashsync.yaml").unlink()
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "other-account-key")
    refused(
        terminal,
        (
            "plan.json was made for the account Acme Corp (id 2476444212001), and the key belongs "
            "to Other Inc (id 3311020457001); use the other account's key, or plan again"
        ),
    )


def test_when_the_zone_of_the_account_has_changed(terminal: Terminal) -> None:
    terminal.write("flashsync.yaml", "version: 1\n")
    terminal.declare(schedule())
    saved(terminal)
    terminal.sandbox.world.account.time_zone = "Asia/Tokyo"
    refused(
        terminal,
        (
            "plan.json was made while the account's time zone was Asia/Shanghai; "
            "it is Asia/Tokyo now; plan again"
        ),
    )


def test_secrets_stand_in_it_as_references_and_are_read_when_it_is_applied(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = {"type": "dingtalk", "alias": "ops", "token": {"env": "OPS_TOKEN"}}
    terminal.declare(schedule(notify={"chats": [chat]}))
    monkeypatch.setenv("OPS_TOKEN", "very-secret")
    assert "very-secret" not in saved(terminal).read_text()
    monkeypatch.delenv("OPS_TOKEN")
    ended = apply_plan(terminal)
    assert (ended.code, terminal.written) == (1, [])
    assert "`Production` needs secrets that are not there: env: OPS_TOKEN" in ended.err
    monkeypatch.setenv("OPS_TOKEN", "another-secret")
    assert apply_plan(terminal).code == 0
    (hook,) = terminal.sandbox.console.schedule("Production")["notify"]["webhooks"]
    assert hook["settings"]["token"] == "another-secret"


def test_a_plan_that_was_refused_stays_refused(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(layers=[layer(end="2036-01-01 00:00")]))
    saved(terminal, code=1)
    ended = apply_plan(terminal)
    assert ended.code == 1
    assert "(coverage_gap)" in ended.err


@pytest.mark.parametrize(
    "flag",
    [
        "schedules",
        "--only Production",
        "--prune",
        "--max-deletes 3",
        "--max-deletes 0",
        "--max-change-percent 9",
        "--rollout exact",
        "--create-lookalike",
        "--send-secrets",
    ],
)
def test_what_was_decided_when_it_was_made(terminal: Terminal, flag: str) -> None:
    name = "paths" if flag == "schedules" else flag.split()[0]
    ended = terminal("apply", "--plan", "plan.json", *flag.split())
    assert (ended.code, terminal.sandbox.log) == (1, [])
    assert ended.err == (
        f"error: --plan cannot be used with {name} "
        "because a saved plan is applied as it was shown; "
        "plan again with it, or remove it\n"
    )


def test_an_empty_plan_is_applied_without_a_question(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    saved(terminal)
    ended = terminal("apply", "--plan", "plan.json")
    assert (ended.code, terminal.written) == (0, ["create"])


def test_the_cheaper_answer_gives_the_same_plan(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ("--rollout", "exact", "--max-change-percent", "100", "--effects", "none")
    with running(seed(20), Options(limits=UNLIMITED), now=frozen) as sandbox:
        monkeypatch.setenv("FLASHDUTY_BASE_URL", sandbox.url)
        terminal.config(manage={"names": ["*"]})
        names = [one["schedule_name"] for one in sandbox.console.schedules()]
        terminal.declare(*(schedule(name) for name in names))
        usual = terminal("plan", *options)
        asked = sandbox.counts["/schedule/info"]
        sandbox.log.clear()
        sandbox.options = Options(limits=UNLIMITED, layers_in=frozenset({"list"}))
        cheaper = terminal("plan", *options)
        assert (asked, sandbox.counts["/schedule/info"]) == (20, 0)
        assert cheaper == usual
        assert usual.code == 0
