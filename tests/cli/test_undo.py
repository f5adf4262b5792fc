"""`flashsync undo`: back to what was there, by the journal of an apply."""

from __future__ import annotations

import json
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flashsync.cli.process import TEST_NOW
from flashsync.model.timezone import unix_seconds
from flashsync.sandbox import UNLIMITED, Options, Reply, refusal, schedule_on_call
from tests.cli.console import Ended, Terminal, layer, schedule

pytestmark = pytest.mark.slow

IN_2033 = 2_000_000_000
HOUR = 3600
THREE = ["alice@example.com", "bob@example.com", "carol@example.com"]
TOKEN = {"type": "dingtalk", "alias": "ops", "token": {"env": "DING_TOKEN"}}


def rota(**more: Any) -> dict[str, Any]:
    return schedule(layers=[layer(*THREE)], **more)


def undo(terminal: Terminal, *arguments: str) -> Ended:
    """Undo without asking; it has to go well."""
    ended = terminal("undo", "--auto-approve", *arguments)
    assert ended.code == 0, ended
    return ended


def words(ended: Ended) -> str:
    """All that was printed, on one line."""
    return " ".join((ended.out + ended.err).split())


def live(terminal: Terminal, name: str = "Production") -> dict[str, Any]:
    found: dict[str, Any] = terminal.sandbox.console.schedule(name)
    return found


def groups(terminal: Terminal) -> list[int]:
    """How many take turns in each link of the rotation."""
    return [len(one["groups"]) for one in live(terminal)["layers"] if one["mode"] == 0]


def journals(terminal: Terminal) -> list[Any]:
    """What `undo --list` tells, the latest first."""
    found: list[Any] = terminal("undo", "--list", "--format", "json").json["journals"]
    return found


def on_call(terminal: Terminal) -> list[frozenset[tuple[int, int]]]:
    """Who is on call at noon of each of the next 40 days."""
    noon = terminal.clock.now // 86400 * 86400 + 4 * 3600
    body = live(terminal)
    days = range(1, 41)
    return [schedule_on_call(body, "Asia/Shanghai", noon + day * 86400) for day in days]


@pytest.fixture
def edited(terminal: Terminal) -> Terminal:
    """A rota that was applied, and then edited."""
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(rota(description="new", team="SRE"))
    terminal.apply()
    return terminal


def test_an_edit_of_a_rota_goes_back_at_the_same_handoff(edited: Terminal) -> None:
    assert groups(edited) == [2, 3]
    ended = undo(edited)
    assert "takes effect" in ended.out
    assert "at the next handoff" in ended.out
    assert "description - new" in words(ended)
    assert "back to what it was before" in ended.out
    assert (live(edited)["description"], live(edited)["team_id"]) == ("", 0)
    edited.declare(schedule())
    assert edited("plan", "--detailed-exitcode").code == 0


def test_an_undo_at_once_keeps_the_position(terminal: Terminal) -> None:
    four = [*THREE, "dave@example.com"]
    terminal.declare(schedule(layers=[layer(*four)]))
    terminal.apply()
    before = on_call(terminal)
    terminal.declare(schedule(layers=[layer("erin@example.com", *reversed(four))]))
    terminal.apply()
    assert on_call(terminal) != before
    undo(terminal)
    assert on_call(terminal) == before


def test_half_an_undo_says_how_to_go_on(terminal: Terminal) -> None:
    """Without the id, the next one would undo what was undone."""
    terminal.declare(schedule(), schedule("Second"))
    terminal.apply()
    terminal.declare(schedule(description="new"), schedule("Second", description="new"))
    terminal.apply()
    (meant, *_) = journals(terminal)

    def refuse(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        del act
        second = endpoint == "/schedule/update" and body["schedule_name"] == "Second"
        return refusal("InvalidParameter") if second else None

    terminal.sandbox.hook = refuse
    ended = terminal("undo", "--auto-approve", "--parallel", "1", "--format", "markdown")
    assert ended.code == 3, ended
    assert ended.out.startswith("### ⛔ flashsync undo. Not finished: ")
    assert f"Run `flashsync undo {meant['id']}`: it goes on" in ended.out
    terminal.sandbox.hook = None
    undo(terminal, meant["id"])
    assert {live(terminal, name)["description"] for name in terminal.names} == {""}


def test_half_a_swap_of_names_stays(terminal: Terminal) -> None:
    terminal.declare(schedule("A"), schedule("B"))
    terminal.apply()
    ids = [live(terminal, name)["schedule_id"] for name in ("A", "B")]
    terminal.declare(schedule("B", id=ids[0]), schedule("A", id=ids[1]))
    terminal.apply()
    ended = terminal("undo", "--only", "A")
    assert ended.code == 1
    assert "undo both by omitting --only" in words(ended)


def test_an_empty_name_of_a_folder_is_none(edited: Terminal) -> None:
    """`--journal "$JOURNAL"`, where that is not set."""
    ended = edited("undo", "--journal", "")
    assert (ended.code, "expected a folder or none, got an empty name" in ended.err) == (1, True)


def test_exact_gives_back_the_links_as_they_were(edited: Terminal) -> None:
    undo(edited, "--rollout", "exact")
    assert groups(edited) == [2]
    assert live(edited)["layers"][0]["layer_end"] is None


def test_a_create_and_a_delete(terminal: Terminal) -> None:
    terminal.declare(schedule("Old"))
    terminal.apply()
    id = live(terminal, "Old")["schedule_id"]
    people = ["erin@example.com"]
    terminal.sandbox.console.add_override("Old", people, IN_2033, IN_2033 + HOUR, "Swap")
    terminal.sandbox.console.add_override("Old", people, 1_700_000_000, 1_700_003_600, "Past")
    terminal.declare({"schedule": "Old", "absent": True}, schedule("New", layers=[layer(*THREE)]))
    terminal.apply()
    ended = undo(terminal)
    assert terminal.names == ["Old"]
    assert f"created again, with another id than {id}" in words(ended)
    names = [one["layer_name"] for one in live(terminal, "Old")["layers"] if one["mode"] == 1]
    assert names == ["Swap"]


def test_a_journal_of_format_1_0_is_undone_too(edited: Terminal) -> None:
    """Which had the times of schedules in Unix seconds."""
    paths = (edited.folder / ".flashsync/journal").glob("*.jsonl")
    (path,) = (path for path in paths if '"update":1' in path.read_text())
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[0]["format_version"] == "1.1"
    lines[0]["format_version"] = "1.0"
    for state in filter(None, (line.get("state") for line in lines)):
        for part in (*state["layers"], *state["overrides"]):
            part |= {key: part[key] and unix_seconds(part[key]) for key in ("start", "end")}
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    undo(edited)
    assert (live(edited)["description"], live(edited)["team_id"]) == ("", 0)


def test_an_undo_is_undone_only_by_its_name(edited: Terminal) -> None:
    undo(edited)
    (own, *_) = journals(edited)
    again = edited("undo", "--auto-approve")
    assert again.code == 1
    assert "the last run that wrote was itself an undo" in again.err
    assert f"`flashsync undo {own['id']}` brings that change back" in words(again)
    assert live(edited)["description"] != "new"
    undo(edited, own["id"])
    assert live(edited)["description"] == "new"
    assert edited("plan", "--detailed-exitcode").code == 0
    last, first, *_ = journals(edited)
    assert (last["command"], last["undo_of"], first["command"]) == ("undo", first["id"], "undo")


def test_an_override_made_since_stays_and_a_removed_one_stays_away(edited: Terminal) -> None:
    console, people = edited.sandbox.console, ["erin@example.com"]
    console.add_override("Production", people, IN_2033, IN_2033 + HOUR, "Old")
    edited.declare(rota(description="newer"))
    edited.apply()
    rotations = [one for one in live(edited)["layers"] if one["mode"] == 0]
    console.edit("Production", {"layers": rotations})
    console.add_override("Production", people, IN_2033, IN_2033 + HOUR, "Fresh")
    undo(edited)
    names = [one["layer_name"] for one in live(edited)["layers"] if one["mode"] == 1]
    assert names == ["Fresh"]


def test_a_new_name_of_a_schedule_and_of_a_layer_goes_back(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    renamed = layer(layer="Main", renamed_from="Primary")
    terminal.declare(schedule("Platform", renamed_from="Production", layers=[renamed]))
    terminal.apply()
    undo(terminal)
    (one,) = live(terminal)["layers"]
    assert (one["layer_name"], one["layer_end"]) == ("Primary", None)


def test_names_that_were_swapped_are_swapped_back(terminal: Terminal) -> None:
    terminal.declare(schedule("One"), schedule("Two", description="two"))
    terminal.apply()
    one, two = (live(terminal, name)["schedule_id"] for name in ("One", "Two"))
    terminal.declare(schedule("Two", id=one), schedule("One", id=two, description="two"))
    terminal.apply()
    undo(terminal)
    assert live(terminal, "One")["schedule_id"] == one
    assert live(terminal, "Two")["description"] == "two"


def test_what_has_moved_since_is_refused_with_its_writer(terminal: Terminal) -> None:
    terminal.declare(schedule("One"), schedule("Two"))
    terminal.apply()
    terminal.declare(schedule("One", description="new"), schedule("Two", description="new"))
    terminal.apply()
    terminal.sandbox.console.edit("Two", {"description": "by hand"}, by="bob@example.com")
    terminal.sandbox.log.clear()
    ended = terminal("undo", "--auto-approve")
    assert (ended.code, terminal.written) == (1, [])
    assert (
        "`Two` has changed since it was written then, in description; written since by Bob"
        in words(ended)
    )
    assert "--only" in ended.err
    undo(terminal, "--only", "One")
    assert live(terminal, "One")["description"] == ""
    assert live(terminal, "Two")["description"] == "by hand"


@pytest.mark.parametrize("ahead", [-100, 100])
def test_the_writer_is_named_though_the_clocks_differ(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    monkeypatch.setenv(TEST_NOW, str(terminal.clock.now + ahead))
    terminal.declare(schedule("One"))
    terminal.apply()
    terminal.sandbox.console.edit("One", {"description": "before"}, by="carol@example.com")
    terminal.declare(schedule("One", description="new"))
    terminal.apply()
    terminal.sandbox.console.edit("One", {"description": "by hand"}, by="bob@example.com")
    said = words(terminal("undo", "--auto-approve"))
    assert (
        "`One` has changed since it was written then, in description; written since by Bob" in said
    )
    assert "Carol" not in said


def test_what_is_gone_since_is_refused_and_a_create_is_not(terminal: Terminal) -> None:
    terminal.declare(schedule("One"))
    terminal.apply()
    terminal.declare(schedule("One", description="new"), schedule("Two", layers=[layer(*THREE)]))
    terminal.apply()
    terminal.sandbox.console.delete("One")
    terminal.sandbox.console.delete("Two")
    ended = terminal("undo", "--auto-approve")
    assert (ended.code, "is gone: somebody deleted it since" in ended.err) == (1, True)
    ended = undo(terminal, "--only", "Two")
    assert "`Two` is gone already" in ended.out
    assert "No changes." in ended.out


def test_a_name_that_is_taken_again_is_refused(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(absent=True))
    terminal.apply()
    terminal.declare(rota())
    terminal.apply("--journal", "none")
    ended = terminal("undo", "--auto-approve")
    assert (ended.code, "there is a schedule `Production` again (id " in ended.err) == (1, True)


def test_a_second_time_there_is_nothing_to_do(edited: Terminal) -> None:
    first = journals(edited)[0]["id"]
    undo(edited, "--rollout", "exact")
    ended = undo(edited, first)
    assert "`Production` is as it was before already" in ended.out
    assert len(journals(edited)) == 3


def test_it_asks_like_apply_does(edited: Terminal) -> None:
    ended = edited("undo")
    assert (ended.code, live(edited)["description"]) == (1, "new")
    assert "pass --auto-approve" in ended.err


def test_json_is_that_of_an_apply(edited: Terminal) -> None:
    document = undo(edited, "--format", "json").json
    assert document["complete"] is True
    (action,) = document["plan"]["actions"]
    assert (action["reason"], action["source"]["line"]) == ("undone", 2)
    assert document["plan"]["notes"][0].startswith("this undoes the apply of ")


def test_another_account_is_refused(edited: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "other-account-key")
    (edited.folder / "flashsync.yaml").unlink()
    ended = edited("undo", "--auto-approve")
    assert ended.code == 1
    assert "was made for the account Acme Corp (id " in words(ended)
    assert "use the other account's key" in words(ended)


def test_another_time_zone_is_refused(edited: Terminal) -> None:
    edited.sandbox.world.account.time_zone = "Europe/Berlin"
    edited.write("flashsync.yaml", "{version: 1}")
    ended = edited("undo", "--auto-approve")
    assert ended.code == 1
    assert "time zone was Asia/Shanghai; it is Europe/Berlin now" in words(ended)


def test_who_has_left_since_does_not_go_on_call_again(terminal: Terminal) -> None:
    terminal.declare(rota())
    terminal.apply()
    terminal.declare(schedule())
    terminal.apply("--rollout", "exact")
    leave(terminal, "carol@example.com")
    ended = terminal("undo", "--auto-approve")
    assert ended.code == 1
    assert "would have Carol Diaz on call, who has left the account" in words(ended)


def leave(terminal: Terminal, email: str) -> None:
    """Somebody is taken out of the account."""
    people = terminal.sandbox.world.account.people
    id = next(id for id, one in people.items() if one.email == email)
    people[id] = replace(people[id], status="deleted")


@pytest.mark.parametrize("secrets", ["plain", "masked", "empty"])
def test_secrets_stay_as_they_are(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, secrets: Any
) -> None:
    """Secrets that read back, as they read; others by the reference of the file."""
    terminal.sandbox.options = Options(limits=UNLIMITED, secrets=secrets)
    monkeypatch.setenv("DING_TOKEN", "the-token")
    terminal.declare(schedule(notify={"chats": [TOKEN]}))
    terminal.apply()
    terminal.declare(schedule(notify={"chats": [TOKEN]}, description="new"))
    terminal.apply()
    ended = undo(terminal, "-vv")
    found = live(terminal)
    assert found["description"] == ""
    assert found["notify"]["webhooks"][0]["settings"]["token"] == "the-token"
    assert "the-token" not in ended.out + ended.err


def test_a_changed_secret_stays_changed_and_is_named(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("old", "new"):
        monkeypatch.setenv("DING_TOKEN", f"{text}-token")
        terminal.declare(schedule(notify={"chats": [TOKEN]}, description=text))
        terminal.apply()
    ended = undo(terminal)
    said = (
        "notify.chats[dingtalk ops].token of `Production`, which keeps the value that was written"
    )
    assert f"not restored: {said} then" in words(ended)
    assert live(terminal)["notify"]["webhooks"][0]["settings"]["token"] == "new-token"


def chats(terminal: Terminal, name: str = "Production") -> dict[str, dict[str, Any]]:
    """The settings of the chats, by their types."""
    hooks = live(terminal, name)["notify"]["webhooks"] or ()
    return {one["type"]: one["settings"] for one in hooks}


def by_hand(terminal: Terminal, *hooks: dict[str, Any], name: str = "Production") -> None:
    """Somebody sets chats in the console, secrets and all."""
    terminal.sandbox.console.edit(name, {"notify": {"webhooks": list(hooks)}})


DING = {"type": "dingtalk", "settings": {"alias": "ops", "token": "console-token"}}
FEISHU = {
    "type": "feishu_app",
    "settings": {"data_source_id": 5, "chat_ids": ["oc_1"], "verify_token": "console-verify"},
}


def test_what_no_journal_can_restore_is_listed_and_all_else_comes_back(
    terminal: Terminal,
) -> None:
    """A chat that is nothing without its token stays away; others come back without a secret."""
    terminal.declare(schedule(), schedule("Other"))
    terminal.apply()
    by_hand(terminal, DING, FEISHU)
    terminal.declare(schedule(description="new"), schedule("Other", description="new"))
    terminal.apply()
    ended = undo(terminal, "--format", "json")
    paths = (
        "[dingtalk ops] of `Production`, as its token is not known",
        "[feishu_app 5].verify_token of `Production`",
    )
    remedy = "no journal keeps secrets: give it in the file, and apply"
    lost = tuple(f"not restored: notify.chats{path}; {remedy}" for path in paths)
    assert tuple(ended.json["unrestored"]) == lost
    warned = {one["schedule"]: one["warnings"] for one in ended.json["plan"]["actions"]}
    assert tuple(one["message"] for one in warned["Production"][:2]) == lost
    (kept,) = chats(terminal).values()
    assert (kept["data_source_id"], kept["chat_ids"], kept["verify_token"]) == (5, ["oc_1"], "")
    assert [live(terminal, name)["description"] for name in terminal.names] == ["", ""]


def test_a_deleted_schedule_comes_back_without_what_nobody_has(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    by_hand(terminal, DING, FEISHU)
    start = 1_700_000_000
    terminal.sandbox.console.add_override("Production", THREE[:1], start, start + HOUR, "Old swap")
    terminal.declare(schedule(absent=True))
    terminal.apply()
    ended = undo(terminal)
    assert list(chats(terminal)) == ["feishu_app"]
    assert "not restored: 1 past override of `Production` (`Old swap`)" in words(ended)
    end = ended.out[ended.out.index("Applied:") :]
    assert " ".join(end.split()).count("not restored:") == 3


def test_a_secret_comes_back_by_the_reference_of_an_earlier_run(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its value is compared before it goes, so that the reference is known to have it."""
    monkeypatch.setenv("DING_TOKEN", "the-token")
    terminal.declare(schedule(notify={"chats": [TOKEN]}))
    terminal.apply()
    terminal.declare(schedule())
    assert "no file and no journal" not in words(terminal.apply())
    assert chats(terminal) == {}
    ended = undo(terminal)
    assert chats(terminal)["dingtalk"]["token"] == "the-token"
    assert "not restored" not in ended.out
    kept = (terminal.folder / ".flashsync/journal").glob("*")
    assert not any("the-token" in path.read_text() for path in kept)


def test_another_reference_goes_back_to_the_old_one(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DING_OLD", "DING_NEW"):
        monkeypatch.setenv(name, f"value of {name}")
        terminal.declare(schedule(notify={"chats": [{**TOKEN, "token": {"env": name}}]}))
        assert "no file and no journal" not in words(terminal.apply())
    undo(terminal)
    assert chats(terminal)["dingtalk"]["token"] == "value of DING_OLD"


def test_an_override_of_a_deleted_schedule_keeps_what_no_file_declares(
    terminal: Terminal,
) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.sandbox.console.add_override("Production", THREE[:1], IN_2033, IN_2033 + HOUR, "Swap")

    def heavier(body: dict[str, Any]) -> None:
        (one,) = (one for one in body["layers"] if one["mode"] == 1)
        one["groups"][0].update(group_name="Night crew", name="Night crew")
        one.update(weight=7, hidden=1)

    terminal.sandbox.console.edit("Production", heavier)

    def kept() -> tuple[Any, ...]:
        (one,) = (one for one in live(terminal)["layers"] if one["mode"] == 1)
        return one["groups"][0]["group_name"], one["weight"], one["hidden"], one["layer_name"]

    before = kept()
    assert before[0] == "Night crew"
    terminal.declare(schedule(absent=True))
    terminal.apply()
    undo(terminal)
    assert kept() == before


def test_the_list_and_what_one_wrote(edited: Terminal) -> None:
    latest, first = journals(edited)
    ended = edited("undo", "--list")
    assert ended.out.splitlines()[0].startswith(latest["name"])
    assert "apply of Acme Corp: 1 updated; finished" in words(ended)
    assert "apply of Acme Corp: 1 created; finished" in words(ended)
    ended = edited("undo", "--list", first["name"])
    assert "✓ create Production (id " in ended.out
    (write,) = latest["writes"]
    assert (write["fate"], len(write["request_ids"])) == ("done", 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("zzz",), "begins with zzz; see `flashsync undo --list`"),
        (("2",), "2 journals begin with 2"),
        (("--only", "nothing"), "--only nothing matches no schedule of"),
        (("--journal", "nowhere"), "no journal in nowhere has a write"),
    ],
)
def test_which_one_is_meant(edited: Terminal, arguments: tuple[str, ...], said: str) -> None:
    ended = edited("undo", *arguments)
    assert ended.code == 1
    assert said in words(ended)


def test_the_last_that_wrote_is_meant(edited: Terminal) -> None:
    """Not a run that failed before its first write, nor a run killed in its header."""
    edited.sandbox.fail_next(Reply(400, {"error": {"code": "NoLicense"}}), "/schedule/update")
    edited.declare(rota(description="newest"))
    assert edited("apply", "--auto-approve").code == 1
    edited.write(".flashsync/journal/99991231T000000Z-aaaaaa.jsonl", '{"event":"head')
    undo(edited)
    assert live(edited)["description"] == ""


BROKEN = (
    (
        "20200101T000000Z-aaaaaa.jsonl",
        "[]\n",
        "jsonl:1 is not a line of a journal; undo that run by",
    ),
    ("20200101T000000Z-bbbbbb.jsonl", "\udcff\n", "it is not UTF-8 text; remove the file from its"),
    (
        "notes.jsonl",
        '{"a": 1}\n',
        "notes.jsonl:1 is not a line of a journal; undo that run by hand",
    ),
)


@pytest.mark.parametrize(("name", "holds", "said"), BROKEN)
def test_a_broken_journal_is_listed_with_the_others(
    edited: Terminal, name: str, holds: str, said: str
) -> None:
    whole = journals(edited)
    broken(edited, name, holds)
    lines = edited("undo", "--list").out.splitlines()
    assert lines[0].startswith(f"warning: .flashsync/journal/{name}")
    assert said in lines[0]
    assert [line.split()[0] for line in lines[1:]] == [one["name"] for one in whole]
    document = edited("undo", "--list", "--format", "json").json
    assert document["journals"] == whole
    assert [one["level"] for one in document["warnings"]] == ["warning"]
    assert document["errors"] == []


def broken(terminal: Terminal, name: str, holds: str = "[]\n") -> None:
    folder = terminal.folder / ".flashsync/journal"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(holds.encode(errors="surrogateescape"))


def test_the_list_in_every_format(edited: Terminal) -> None:
    broken(edited, "notes.jsonl")
    latest, first = journals(edited)
    ended = edited("undo", "--list", "--format", "markdown", "--report", "json=run.json")
    assert ended.out.startswith("### ⚠️ flashsync undo: 2 journals, 1 that cannot be read\n")
    rows = [line for line in ended.out.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [latest["name"], first["name"]]
    assert json.loads((edited.folder / "run.json").read_text())["journals"] == [latest, first]
    ended = edited("undo", "--list", "--format", "github")
    assert ended.out.splitlines()[1].startswith(latest["name"])
    assert ended.out.splitlines()[-1].startswith("::warning::.flashsync/journal/notes.jsonl:1 is")


def test_one_of_the_list_in_every_format(edited: Terminal) -> None:
    latest, _ = journals(edited)
    arguments = ("undo", latest["id"], "--list", "--format")
    document = edited(*arguments, "json").json
    assert document == {"journals": [latest], "errors": [], "warnings": []}
    ended = edited(*arguments, "markdown", "--report", "github=marks")
    assert ended.out.startswith(f"### flashsync undo: `{latest['name']}`\n")
    assert "| update | Production (id " in ended.out.replace("✓ ", "")
    assert (edited.folder / "marks").read_text() == ""
    assert edited(*arguments, "github").out == edited(*arguments, "text").out


def test_only_broken_ones(terminal: Terminal) -> None:
    broken(terminal, "notes.jsonl")
    (terminal.folder / ".flashsync/journal/20200101T000000Z-aaaaaa.jsonl").symlink_to("nowhere")
    ended = terminal("undo", "--list")
    assert ended.code == 0
    assert "aaaaaa.jsonl cannot be read: No such file" in ended.out.splitlines()[0]
    assert ended.out.splitlines()[2:] == ["No journals."]
    assert "aaaaaa.jsonl cannot be read" in words(terminal("undo"))


def test_what_is_far_too_large_is_not_read(terminal: Terminal) -> None:
    broken(terminal, "notes.jsonl")
    os.truncate(terminal.folder / ".flashsync/journal/notes.jsonl", 2**30)  # takes no room
    said = "notes.jsonl is too large for a journal; remove the file from its folder"
    assert said in terminal("undo", "--list").out


def test_what_may_be_the_last_run_is_not_passed_over(edited: Terminal) -> None:
    latest, _ = journals(edited)
    broken(edited, "99991231T000000Z-aaaaaa.jsonl")
    ended = edited("undo", "--auto-approve")
    assert ended.code == 1
    (line,) = ended.err.splitlines()
    assert line.startswith(
        "error: .flashsync/journal/99991231T000000Z-aaaaaa.jsonl:1 is not a line"
    )
    assert "that run may be the last that wrote; name an older one by its ID" in line
    undo(edited, latest["id"])


def test_a_broken_one_from_before_the_last_run_is_in_nobodys_way(edited: Terminal) -> None:
    broken(edited, "20200101T000000Z-aaaaaa.jsonl")
    assert "not a line of a journal" not in words(undo(edited))


def test_a_copy_of_an_older_journal_is_not_the_last_run(edited: Terminal) -> None:
    latest, first = journals(edited)
    copy = edited.folder / ".flashsync/journal/old.jsonl"
    copy.write_bytes((edited.folder / first["file"]).read_bytes())
    said = words(undo(edited))
    assert f"({latest['name']})" in said
    assert "ignored because no run names a journal like this, .flashsync/journal/old.jsonl" in said


def test_what_no_run_calls_its_journal_is_left_aside(edited: Terminal) -> None:
    broken(edited, "notes.jsonl")
    said = words(undo(edited))
    assert (
        "ignored because no run names a journal like this, .flashsync/journal/notes.jsonl:1" in said
    )


def test_without_any_journal(terminal: Terminal) -> None:
    ended = terminal("undo", "--list")
    assert (ended.code, ended.out) == (0, "No journals.\n")
    assert terminal("undo").code == 1


def test_where_it_lies(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Next to flashsync.yaml; where --journal says; nowhere with `none`, or without a write."""
    terminal.declare(schedule())
    terminal("plan")
    terminal.apply("--journal", "none")
    terminal.apply()
    assert not (terminal.folder / ".flashsync").exists()
    terminal.declare(rota())
    below = terminal.folder / "schedules"
    monkeypatch.chdir(below)
    terminal.apply()
    assert len(list((terminal.folder / ".flashsync/journal").iterdir())) == 1
    undo(terminal, "--journal", "none")
    assert len(list((terminal.folder / ".flashsync/journal").iterdir())) == 1
    monkeypatch.chdir(terminal.folder)
    terminal.apply("--journal", "mine")
    assert len(list(Path("mine").iterdir())) == 1
    undo(terminal, "--journal", "mine")
    assert len(list(Path("mine").iterdir())) == 2


def test_one_that_cannot_be_written_stops_the_run_before_it_writes(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.write("mine", "a file")
    ended = terminal("apply", "--auto-approve", "--journal", "mine")
    assert (ended.code, terminal.written) == (1, [])
    said = "error: the journal mine cannot be written: File exists; fix the cause, pass --journal"
    assert said in ended.err


def test_a_disk_that_is_full_in_the_middle(terminal: Terminal) -> None:
    terminal.declare(*(schedule(f"Rota {number:02d}") for number in range(8)))

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))

    ended = terminal.run("apply", "--auto-approve", "--parallel", "1", preexec_fn=small_files)
    assert ended.returncode == 3, ended
    assert 0 < len(terminal.names) < 8
    said = " ".join(ended.stdout.split())
    assert "cannot be written: File too large" in said
    assert "--journal none to write without a journal" in said
    assert f"{len(terminal.names)} done" in said


@pytest.mark.parametrize("acted", [True, False])
def test_after_a_kill_the_journal_tells_what_was_done(terminal: Terminal, acted: bool) -> None:
    names = [f"Rota {number}" for number in range(4)]
    terminal.declare(*map(schedule, names))
    terminal.apply("--journal", "none")
    terminal.declare(*(schedule(name, description="new") for name in names))
    killed = kill_at_the_second_update(terminal, acted=acted)
    (journal,) = journals(terminal)
    assert [one["fate"] for one in journal["writes"]] == ["done", "unknown", *2 * ["not_done"]]
    assert journal["exit_code"] is None
    told = words(terminal("undo", "--list"))
    assert "1 updated, 1 unknown; it was killed, 2 writes not done" in told
    ended = undo(terminal)
    assert [live(terminal, name)["description"] for name in names] == ["", "", "", ""]
    assert ("`Rota 1` is as it was before already" in ended.out) == (not acted)
    assert killed == -signal.SIGKILL


def kill_at_the_second_update(terminal: Terminal, *, acted: bool) -> int:
    """Apply in a process that is killed while it waits for an answer; how it ended."""
    seen: list[str] = []

    def hook(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        seen.extend([endpoint] if endpoint == "/schedule/update" else [])
        if endpoint != "/schedule/update" or len(seen) != 2:
            return None
        reply = act() if acted else Reply(503, {})
        os.kill(process.pid, signal.SIGKILL)
        return reply

    terminal.sandbox.hook = hook
    process = terminal.start("apply", "--auto-approve", "--parallel", "1")
    process.communicate(timeout=30)
    terminal.sandbox.hook = None
    return process.returncode


def test_a_create_of_unknown_end_is_found_by_its_name(terminal: Terminal) -> None:
    """The journal ends before the answer to it came."""
    terminal.declare(schedule())
    terminal.apply()
    (path,) = (terminal.folder / ".flashsync/journal").iterdir()
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:3]))
    undo(terminal)
    assert terminal.names == []
    assert json.loads(lines[3])["event"] == "after"


def test_what_nobody_knows_is_left_alone(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    (path,) = (terminal.folder / ".flashsync/journal").iterdir()
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:3]))
    terminal.sandbox.console.edit("Production", {"description": "by hand"}, by="bob@example.com")
    ended = terminal("undo", "--auto-approve")
    assert (ended.code, terminal.names) == (1, ["Production"])
    assert "may or may not have been written then, and is something else now" in words(ended)


def test_tidy_is_undone_too(edited: Terminal) -> None:
    edited.clock.advance(120 * 86400)
    assert edited("tidy", "--auto-approve").code == 0
    assert groups(edited) == [3]
    assert journals(edited)[0]["command"] == "tidy"
    undo(edited, "--rollout", "exact")
    assert groups(edited) == [2, 3]
