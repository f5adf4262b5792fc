"""`add`, `remove` and `replace`: for somebody who joins, and somebody who leaves."""

from __future__ import annotations

import _thread
import json
from collections.abc import Callable
from typing import Any

import pytest

from flashsync.sandbox import Reply, refusal
from tests.cli.console import NO_SERVER, Ended, Terminal

PEOPLE = {
    "alice": "alice@example.com",
    "bob": {"email": "bob@example.com"},
    "carol": "carol@example.com",
}
ROTA = """\
# Who is woken up at night.
schedule: Production On-Call
layers:
  - layer: Primary
    rotation: 1 week
    start: 2026-01-05 10:00
    groups:
      - alice          # the lead
      - [bob, carol]
  - layer: Second
    rotation: 1 day
    start: 2026-01-05 10:00
    groups: [bob, "Alice@example.com", carol]
"""
OTHER = """\
schedule: Staging
layers:
  - layer: Only
    rotation: 1 week
    start: 2026-01-05 10:00
    groups:
      - {email: alice@example.com}
      - bob
overrides:
  - override: Fair
    from: 2036-01-05 10:00
    to: 2036-01-07 10:00
    people: [alice, bob]
expect:
  - {at: 2036-01-06 12:00, not: [alice], role: backup}
"""


@pytest.fixture
def rota(terminal: Terminal) -> Terminal:
    """Two files with three layers, of which nothing is live yet."""
    terminal.config(people=PEOPLE)
    terminal.write("schedules/prod.yaml", ROTA)
    terminal.write("schedules/staging.yaml", OTHER)
    return terminal


def text(terminal: Terminal, name: str = "prod") -> str:
    return (terminal.folder / f"schedules/{name}.yaml").read_bytes().decode()


def refused(ended: Ended) -> str:
    assert (ended.code, ended.out) == (1, ""), ended
    assert ended.err.count("\n") == 1, ended.err
    return ended.err.removeprefix("error: ").rstrip("\n")


def unchanged(terminal: Terminal) -> bool:
    return (text(terminal), text(terminal, "staging")) == (ROTA, OTHER)


# Joining


def test_a_joiner_is_written_and_planned(rota: Terminal) -> None:
    rota.apply()
    ended = rota(
        "add", "dave@example.com", "--to", "Production On-Call/Primary", "--after", "alice"
    )
    line = "      - alice          # the lead\n"
    assert text(rota) == ROTA.replace(line, line + "      - dave@example.com\n")
    assert text(rota, "staging") == OTHER
    first, second, *_ = ended.out.splitlines()
    assert first == (
        "schedules/prod.yaml:8: Production On-Call: dave@example.com takes turn 2 of Primary"
    )
    assert second == "1 file written."
    assert "~ Production On-Call" in ended.out
    assert "2 files, 2 schedules, 1 not selected" in ended.err


def test_a_new_schedule_is_planned_with_the_joiner(rota: Terminal) -> None:
    ended = rota("add", "Dave Wu", "--to", "Staging")
    assert (ended.code, "+ Staging" in ended.out) == (0, True)
    assert "      - bob\n      - Dave Wu\noverrides:" in text(rota, "staging")
    assert rota.written == []


def test_a_joiner_may_take_several_layers(rota: Terminal) -> None:
    where = ("--to", "Staging/Only", "--to", "Production On-Call/Second", "--to", "Staging")
    ended = rota("add", "dave@example.com", *where)
    assert "2 files written." in ended.out
    assert 'groups: [bob, "Alice@example.com", carol, dave@example.com]\n' in text(rota)
    assert text(rota, "staging").count("dave") == 1


def test_check_shows_the_edit_and_writes_nothing(rota: Terminal) -> None:
    ended = rota("add", "dave@example.com", "--to", "Production On-Call/Primary", "--check")
    assert (ended.code, ended.err, unchanged(rota)) == (2, "", True)
    assert ended.out.splitlines() == [
        "--- a/schedules/prod.yaml",
        "+++ b/schedules/prod.yaml",
        "@@ -7,6 +7,7 @@",
        "     groups:",
        "       - alice          # the lead",
        "       - [bob, carol]",
        "+      - dave@example.com",
        "   - layer: Second",
        "     rotation: 1 day",
        "     start: 2026-01-05 10:00",
    ]


def test_a_diff_has_colours_where_they_are_wanted(rota: Terminal) -> None:
    options = ("--check", "--color", "always")
    ended = rota("add", "dave@example.com", "--to", "Staging", *options)
    assert "\x1b[1;32m+      - dave@example.com\x1b[0m\n" in ended.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "dave@example.com --to Prodction",
            "--to: no file has the schedule or layer Prodction; did you mean Production On-Call?",
        ),
        (
            "dave@example.com --to Nothing-like-it",
            (
                "--to: no file has the schedule or layer Nothing-like-it; "
                "write SCHEDULE or SCHEDULE/LAYER, as in the files"
            ),
        ),
        (
            "dave@example.com --to Production_On-Call/Primry",
            (
                "--to: the schedule Production On-Call has no layer Primry; "
                "did you mean Production On-Call/Primary?"
            ),
        ),
        (
            "dave@example.com --to Production_On-Call",
            (
                "--to: Production On-Call has 2 layers; "
                "name a layer, Production On-Call/Primary, Production On-Call/Second"
            ),
        ),
        (
            "bob@example.com --to Production_On-Call/Primary",
            (
                "schedules/prod.yaml:9:10: `bob@example.com` is already in turn 2 of Primary; "
                "nothing to add"
            ),
        ),
        (
            "dave@example.com --to Staging --after carol",
            (
                "schedules/staging.yaml:7:7: `carol` has no turn in the layer `Only`; "
                "name somebody with a turn, or remove --after"
            ),
        ),
        ("Dvae_Wu --to Staging", "nobody in the account is `Dvae Wu`; did you mean Dave Wu?"),
        (
            "Li_Wei --to Staging",
            "2 people are named `Li Wei`; write li.wei2@example.com or liwei@example.com",
        ),
        ("dave@example.com --to Staging --after daev", "nobody in the account is `daev`; "),
    ],
)
def test_a_joiner_is_refused(rota: Terminal, line: str, said: str) -> None:
    ended = rota("add", *(word.replace("_", " ") for word in line.split()))
    assert refused(ended).startswith(said)
    assert unchanged(rota)


def test_after_somebody_with_several_turns(rota: Terminal) -> None:
    rota.write("schedules/prod.yaml", ROTA.replace("[bob, carol]", "alice"))
    ended = rota(
        "add", "dave@example.com", "--to", "Production On-Call/Primary", "--after", "alice"
    )
    assert refused(ended) == (
        "schedules/prod.yaml:8:7: `alice` has several turns in the layer `Primary` (1, 2); "
        "name somebody with one turn, or edit the file by hand"
    )


def test_a_name_that_may_be_a_schedule_or_a_layer(rota: Terminal) -> None:
    rota.write("schedules/x.yaml", OTHER.replace("Staging", "Staging/Only"))
    assert refused(rota("add", "dave@example.com", "--to", "Staging/Only")) == (
        "--to: Staging/Only names a schedule, and a layer of another one; edit the file by hand"
    )


def test_a_schedule_that_is_to_go_has_no_layers(rota: Terminal) -> None:
    rota.write("schedules/x.yaml", "schedule: Gone\nabsent: true\n")
    said = refused(rota("add", "dave@example.com", "--to", "Gone"))
    assert said == "--to: Gone is `absent: true` and has no layers; name another"


def test_one_list_for_two_layers(rota: Terminal) -> None:
    shared = ROTA.replace("groups: [bob", "groups: *team #").replace("groups:\n", "groups: &team\n")
    rota.write("schedules/prod.yaml", shared)
    ended = rota("add", "dave@example.com", "--to", "Production On-Call/Second", "--check")
    assert ended.code == 2
    assert "+      - dave@example.com" in ended.out
    assert ended.err == (
        "note: schedules/prod.yaml:9: this text is written once and used in the layer Primary and "
        "the layer Second: all of them change\n"
    )


# Leaving


def test_a_leaver_goes_from_everywhere_however_named(rota: Terminal) -> None:
    ended = rota("remove", "alice")
    assert "alice" not in (text(rota) + text(rota, "staging")).casefold()
    assert text(rota) == ROTA.replace("      - alice          # the lead\n", "").replace(
        '"Alice@example.com", ', ""
    )
    assert text(rota, "staging") == OTHER.replace(
        "      - {email: alice@example.com}\n", ""
    ).replace("people: [alice, bob]", "people: [bob]").replace(
        "expect:\n  - {at: 2036-01-06 12:00, not: [alice], role: backup}\n", ""
    )
    assert ended.out.splitlines()[:6] == [
        "schedules/prod.yaml:8: Production On-Call: remove turn 1 of Primary, which was alice's",
        "schedules/prod.yaml:13: Production On-Call: remove turn 2 of Second, which was alice's",
        "schedules/staging.yaml:7: Staging: remove turn 1 of Only, which was alice's",
        "schedules/staging.yaml:13: Staging: remove alice from the override Fair",
        (
            "schedules/staging.yaml:14: Staging: remove expectation 1, "
            "which only kept alice off call; remove `expect`, which is then empty"
        ),
        "2 files written.",
    ]
    assert "alice is still under `people` as `alice`" in ended.err
    assert (ended.code, "2 to create" in ended.out) == (0, True)


def test_the_account_knows_more_names_of_a_leaver(rota: Terminal) -> None:
    rota.write("schedules/prod.yaml", ROTA.replace("- alice ", "- {name: Alice Zhang}"))
    rota("remove", "alice@example.com")
    assert "Alice" not in text(rota)


def test_a_leaver_from_one_layer_or_schedule(rota: Terminal) -> None:
    ended = rota("remove", "bob", "--from", "Production On-Call/Primary")
    assert text(rota) == ROTA.replace("[bob, carol]", "[carol]")
    assert "people" not in ended.err
    rota("remove", "alice", "--from", "Staging")
    assert "alice" not in text(rota, "staging")
    assert "alice" in text(rota)


def test_nobody_is_left(rota: Terminal) -> None:
    rota.write(
        "schedules/staging.yaml",
        OTHER.replace("      - bob\n", "").replace("[alice, bob]", "[alice]"),
    )
    before = text(rota, "staging")
    ended = rota("remove", "alice")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines() == [
        (
            "schedules/staging.yaml:7:7: this would leave the layer `Only` without turns; "
            "name somebody else (`replace alice --with …`), or remove the layer by hand"
        ),
        (
            "schedules/staging.yaml:12:13: this would leave the override Fair without people; "
            "name somebody else there, or remove the override by hand"
        ),
    ]
    assert (text(rota), text(rota, "staging")) == (ROTA, before)


def test_expectations_of_a_leaver(rota: Terminal) -> None:
    rota.write(
        "schedules/staging.yaml",
        OTHER.replace("not: [alice]", "any_of: [bob, alice], not: [alice]")
        + "  - {at_most: 9 days}\n",
    )
    rota("remove", "alice")
    assert (
        "  - {at: 2036-01-06 12:00, any_of: [bob], role: backup}\n  - {at_most: 9 days}\n"
        in text(rota, "staging")
    )
    rota.write("schedules/staging.yaml", OTHER.replace("not: [alice]", "on_call: [alice]"))
    said = refused(rota("remove", "alice"))
    assert said == (
        "schedules/staging.yaml:15:37: this would leave `on_call` of expectation 1 without people; "
        "name who is expected then, or remove the expectation by hand"
    )
    rota.write("schedules/staging.yaml", OTHER + "  - {at_most: 9 days}\n")
    rota("remove", "alice")
    assert text(rota, "staging").endswith("expect:\n  - {at_most: 9 days}\n")


def test_what_is_past_may_go_whole(rota: Terminal) -> None:
    times = "    from: 2026-01-05 10:00\n    to: 2026-01-06 10:00\n"
    past = "  - override: Old\n" + times + "    people: [alice]\n"
    test = "  - {at: 2026-01-06 12:00, on_call: [alice]}\n"
    whole = OTHER.replace("expect:\n", past + "expect:\n" + test)
    rota.write("schedules/staging.yaml", whole.replace("not: [alice]", "not: [carol]"))
    ended = rota("remove", "alice")
    assert ended.code == 0
    assert (
        "schedules/staging.yaml:14: Staging: remove the override Old, which is past\n" in ended.out
    )
    assert "schedules/staging.yaml:19: Staging: remove expectation 1, which is past\n" in ended.out
    assert "2026-01-06" not in text(rota, "staging")
    only = past.replace("10:00\n    people", "10:00+08:00\n    people")
    rota.write("schedules/staging.yaml", OTHER[: OTHER.index("overrides")] + "overrides:\n" + only)
    rota("remove", "alice")
    assert text(rota, "staging").endswith("- bob\n")


def test_somebody_who_is_in_no_file(rota: Terminal) -> None:
    for check in ((), ("--check",)):
        ended = rota("remove", "dave@example.com", *check)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out == "Nothing to edit; dave@example.com appears nowhere there.\n"
    assert refused(rota("remove", "daev@example.com")).startswith("nobody in the account is")
    assert refused(rota("remove", "alcie", "--offline")) == (
        "no person `alcie` in the files; did you mean alice?"
    )
    assert refused(rota("remove", "xyz", "--offline")) == (
        "no person `xyz` in the files; write the name as the files have it"
    )
    assert rota("remove", "dave@example.com", "--offline").code == 0


def test_somebody_who_has_left_the_account(rota: Terminal) -> None:
    rota.write("schedules/staging.yaml", OTHER.replace("bob", "oscar@example.com"))
    ended = rota("replace", "oscar@example.com", "--with", "bob")
    assert (ended.code, text(rota, "staging")) == (0, OTHER)
    said = refused(rota("replace", "bob", "--with", "oscar@example.com"))
    assert said == "`oscar@example.com` has left the account; name somebody else"
    said = refused(rota("add", "2476444212241", "--to", "Staging"))
    assert said == "`2476444212241` (Oscar Lind) has left the account; name somebody else"


# Taking somebody's place


def test_a_replacement_keeps_place_and_role(rota: Terminal) -> None:
    rota.write(
        "schedules/prod.yaml",
        ROTA.replace("[bob, carol]", "[{person: alice, role: backup}, carol]"),
    )
    ended = rota("replace", "alice", "--with", "dave@example.com")
    assert ended.code == 0
    dave = "dave@example.com"
    assert text(rota) == ROTA.replace("- alice", f"- {dave}").replace(
        "[bob, carol]", f"[{{person: {dave}, role: backup}}, carol]"
    ).replace("Alice@example.com", dave)
    assert text(rota, "staging") == OTHER.replace("{email: alice@example.com}", dave).replace(
        "[alice, bob]", f"[{dave}, bob]"
    )


def test_a_not_in_expect_names_only_that_person(rota: Terminal) -> None:
    ended = rota("replace", "alice", "--with", "dave@example.com")
    assert "not: [alice], role: backup" in text(rota, "staging")
    assert ended.err.startswith("note: Staging: `not` of expectation 1 still has alice\n")
    assert "is still under `people`" not in ended.err
    again = rota("replace", "alice", "--with", "dave@example.com", "--check")
    assert (again.code, again.out) == (0, "Nothing to edit; alice takes no turn there.\n")


def test_a_replacement_is_not_doubled(rota: Terminal) -> None:
    groups = "[{person: bob, role: backup}, alice, {person: alice, role: backup}]"
    rota.write("schedules/prod.yaml", ROTA.replace("[bob, carol]", groups))
    ended = rota("replace", "alice", "--with", "bob", "--from", "Production On-Call/Primary")
    assert text(rota) == ROTA.replace("- alice", "- bob").replace("[bob, carol]", "[bob]")
    assert ended.err.startswith("note: Production On-Call: bob has 2 turns of Primary now\n")
    rota.write("schedules/prod.yaml", ROTA)
    rota("replace", "bob", "--with", "carol", "--from", "Production On-Call/Primary")
    assert text(rota) == ROTA.replace("[bob, carol]", "[carol]")


def test_nobody_takes_their_own_place(rota: Terminal) -> None:
    said = refused(rota("replace", "alice", "--with", "alice@example.com"))
    assert said == "alice and alice@example.com are the same person; name somebody else"


# The account, formats, and what stops a run


def test_without_a_key_no_plan_is_made(rota: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLASHDUTY_APP_KEY")
    ended = rota("remove", "alice")
    assert (ended.code, "2 files written." in ended.out) == (0, True)
    assert ended.err.endswith(
        "No plan was made: no APP key; set FLASHDUTY_APP_KEY, then run `flashsync plan`.\n"
    )
    assert "alice" not in text(rota).casefold()


def test_offline_asks_no_account(rota: Terminal) -> None:
    ended = rota("add", "anybody", "--to", "Staging", "--offline")
    assert (ended.code, rota.sandbox.log) == (0, [])
    assert ended.err == (
        "No plan was made: --offline does not contact the account; remove it, "
        "then run `flashsync plan`.\n"
    )


@pytest.mark.usefixtures("hurried")
def test_an_account_that_does_not_answer_stops_before_the_write(
    rota: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASHDUTY_BASE_URL", NO_SERVER)
    assert rota("remove", "alice").code == 1
    assert unchanged(rota)


def test_a_plan_that_cannot_be_made_leaves_the_edit(rota: Terminal) -> None:
    rota.sandbox.fail_next(refusal("InvalidParameter", "no"), "/schedule/list")
    ended = rota("remove", "alice")
    assert (ended.code, "2 files written." in ended.out) == (1, True)
    assert "alice" not in text(rota).casefold()


def test_json(rota: Terminal) -> None:
    ended = rota("add", "dave@example.com", "--to", "Staging", "--check", "--format", "json")
    assert (ended.code, ended.json["written"], ended.json["plan"]) == (2, False, None)
    assert "+      - dave@example.com\n" in ended.json["files"][0]["diff"]
    ended = rota("add", "dave@example.com", "--to", "Staging", "--format", "json")
    assert ended.json["edits"] == [
        {
            "file": "schedules/staging.yaml",
            "line": 8,
            "schedule": "Staging",
            "text": "dave@example.com takes turn 3 of Only",
        }
    ]
    assert ended.json["written"] is True
    assert ended.json["plan"]["summary"]["create"] == 1
    ended = rota("add", "dave@example.com", "--to", "Staging", "--format", "json")
    assert ended.code == 1
    assert "already" in ended.json["errors"][0]["message"]
    again = rota("remove", "erin@example.com", "--format", "json").json
    assert (again["written"], again["edits"]) == (False, [])


def test_an_invalid_file_stops_all(rota: Terminal) -> None:
    rota.write("schedules/x.yaml", "schedule: X\nlayers: 3\n")
    assert refused(rota("remove", "alice")).startswith("schedules/x.yaml:2:9: ")
    assert unchanged(rota)


def test_a_file_that_cannot_be_edited_stops_all(rota: Terminal) -> None:
    odd = ROTA.replace("Production On-Call", "Odd").replace("- alice ", "- &a alice ")
    rota.write("schedules/odd.yaml", odd.replace('"Alice@example.com"', "*a, erin@example.com"))
    ended = rota("remove", "alice", "--from", "Odd/Primary", "--from", "Staging")
    assert refused(ended) == (
        "schedules/odd.yaml:8:9: this edit removes the anchor `&a`, which line 13 refers to; "
        "write out the value on line 13, and run again"
    )
    assert unchanged(rota)


def test_several_schedules_of_one_file(rota: Terminal) -> None:
    (rota.folder / "schedules/staging.yaml").unlink()
    rota.write("schedules/prod.yaml", f"{ROTA}---\n# none\n---\n{OTHER}")
    ended = rota("remove", "bob", "--from", "Staging", "--from", "Production On-Call/Second")
    assert "1 file written." in ended.out
    first = ROTA.replace('[bob, "', '["')
    second = OTHER.replace("      - bob\n", "").replace("[alice, bob]", "[alice]")
    assert text(rota) == f"{first}---\n# none\n---\n{second}"
    assert "schedules/prod.yaml:24: Staging: remove turn 2 of Only" in ended.out


def test_after_somebody_who_has_left_the_account(rota: Terminal) -> None:
    rota.write("schedules/staging.yaml", OTHER.replace("- bob", "- oscar@example.com"))
    ended = rota("add", "bob", "--to", "Staging", "--after", "oscar@example.com", "--check")
    assert (ended.code, "+      - bob" in ended.out) == (2, True)


def test_an_interrupted_plan_leaves_the_edit(rota: Terminal) -> None:
    def ctrl_c(endpoint: str, body: Any, act: Callable[[], Reply]) -> None:
        if endpoint == "/schedule/list":
            rota.sandbox.hook = None
            _thread.interrupt_main()

    rota.sandbox.hook = ctrl_c
    ended = rota("remove", "alice")
    assert ended.code == 130
    assert ended.err.endswith("Interrupted. The files keep the edit, and no plan was made.\n")
    assert "alice" not in text(rota).casefold()


def test_the_edit_keeps_windows_files(rota: Terminal) -> None:
    windows = "\ufeff" + ROTA.replace("\n", "\r\n")
    rota.write("schedules/prod.yaml", windows)
    ended = rota("add", "dave@example.com", "--to", "Production On-Call/Primary")
    assert ended.code == 0
    assert text(rota) == windows.replace("carol]\r\n", "carol]\r\n      - dave@example.com\r\n", 1)


def test_json_is_edited_as_yaml(rota: Terminal) -> None:
    layer = {
        "layer": "P",
        "rotation": "1 week",
        "start": "2026-01-05 10:00",
        "groups": ["alice", "bob"],
    }
    rota.declare({"schedule": "Production", "layers": [layer]})
    rota("add", "dave@example.com", "--to", "Production")
    found = json.loads((rota.folder / "schedules/0.yaml").read_text())
    assert found["layers"][0]["groups"] == ["alice", "bob", "dave@example.com"]
