"""`pull`: a change that somebody made in the console at night is a clean diff in the morning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.console import Ended, Terminal

PEOPLE = {
    "alice": "alice@example.com",
    "bob": {"email": "bob@example.com"},
    "carol": "carol@example.com",
    "dave": "dave@example.com",
}
ROTA = """\
# Who is woken up at night.
schedule: Production   # pages the phone
description: >
  Primary
  rotation
team: SRE

layers:
  - layer: Primary
    rotation: weekly
    start: 2026-01-05T10:00   # a Monday
    groups:
      - alice          # the lead
      - [bob, "carol"]
      # dave joins in spring
  - layer: Office hours
    rotation: 1 day
    days: [mon, tue-fri]
    hours: 09:00-18:00
    start: 2026-01-05 00:00
    groups: [carol@example.com, alice]
overrides:
  - override: Alice away   # her wedding
    from: 2036-12-01 00:00
    to: 2036-12-03 00:00
    people: [bob]
notify:
  before: 5 min
  by: preference
"""


@pytest.fixture
def rota(terminal: Terminal) -> Terminal:
    """A file that has been applied."""
    terminal.config(people=PEOPLE)
    terminal.write("schedules/prod.yaml", ROTA)
    terminal.apply()
    return terminal


def text(terminal: Terminal, name: str = "prod") -> str:
    return (terminal.folder / f"schedules/{name}.yaml").read_bytes().decode()


def diff(before: str, after: str) -> list[str]:
    """The lines that go and come."""
    from difflib import ndiff

    lines = ndiff(before.split("\n"), after.split("\n"))
    return [line.rstrip() for line in lines if line[0] in "+-"]


def pulled(terminal: Terminal, *arguments: str) -> Ended:
    """A pull that goes well, after which a plan is empty."""
    ended = terminal("pull", *arguments)
    assert ended.code == 0, ended
    plan = terminal("plan", "--detailed-exitcode")
    assert plan.code == 0, (plan, ended, text(terminal))
    return ended


def live(terminal: Terminal) -> dict[str, Any]:
    """The schedule as the console has it."""
    (schedule,) = terminal.sandbox.console.schedules()
    return schedule


def rotations(terminal: Terminal) -> list[dict[str, Any]]:
    return [one for one in live(terminal)["layers"] if one["mode"] == 0]


def layer(terminal: Terminal, name: str, **changes: Any) -> None:
    """Change a layer in the console."""
    layers = live(terminal)["layers"]
    for one in layers:
        if one["layer_name"] == name:
            one.update(changes)
    terminal.sandbox.console.edit("Production", {"layers": layers})


def seat(terminal: Terminal, *people: str, role: int = 0) -> dict[str, Any]:
    account = terminal.sandbox.world.account
    return {
        "group_name": "",
        "members": [
            {"role_id": role, "person_ids": [account.person(one).person_id for one in people]}
        ],
    }


LATER = 1_999_999_800
ALICE, BOB, CAROL, DAVE = (f"{one}@example.com" for one in ("alice", "bob", "carol", "dave"))

CHANGES: dict[str, tuple[Callable[[Terminal], object], list[str]]] = {
    "the description": (
        lambda t: t.sandbox.console.edit("Production", {"description": "Call Bob"}),
        ["- description: >", "-   Primary", "-   rotation", "+ description: Call Bob"],
    ),
    "no description any more": (
        lambda t: t.sandbox.console.edit("Production", {"description": ""}),
        ["- description: >", "-   Primary", "-   rotation"],
    ),
    "no team any more": (
        lambda t: t.sandbox.console.edit("Production", {"team_id": 0}),
        ["- team: SRE"],
    ),
    "somebody joins": (
        lambda t: layer(
            t,
            "Primary",
            groups=[seat(t, ALICE), seat(t, BOB, CAROL), seat(t, DAVE)],
        ),
        ["+       - dave"],
    ),
    "somebody takes over, and the cycle was turned": (
        lambda t: layer(t, "Primary", groups=[seat(t, BOB, CAROL), seat(t, DAVE)]),
        ["-       - alice          # the lead", "+       - dave          # the lead"],
    ),
    "somebody shares a turn": (
        lambda t: layer(t, "Primary", groups=[seat(t, ALICE), seat(t, BOB, CAROL, DAVE)]),
        ['-       - [bob, "carol"]', '+       - [bob, "carol", dave]'],
    ),
    "other hours": (
        lambda t: layer(
            t,
            "Office hours",
            restrict_periods=[{"restrict_start": 8 * 3600, "restrict_end": 17 * 3600}],
        ),
        ["-     hours: 09:00-18:00", "+     hours: 08:00-17:00"],
    ),
    "a longer turn": (
        lambda t: layer(t, "Office hours", rotation_value=2),
        ["-     rotation: 1 day", "+     rotation: 2 days"],
    ),
    "a layer ends": (
        lambda t: layer(t, "Office hours", layer_end=LATER, expire_time=LATER),
        ["+     end: 2033-05-18 11:30"],
    ),
    "no days any more": (
        lambda t: layer(t, "Office hours", day_mask={"repeat": []}),
        ["-     days: [mon, tue-fri]"],
    ),
    "another lead": (
        lambda t: t.sandbox.console.edit(
            "Production", {"notify": {"advance_in_time": 600, "by": {"follow_preference": True}}}
        ),
        ["-   before: 5 min", "+   before: 10 min"],
    ),
    "no notices any more": (
        lambda t: t.sandbox.console.edit("Production", {"notify": {}}),
        ["- notify:", "-   before: 5 min", "-   by: preference"],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_in_the_console_is_a_clean_diff(rota: Terminal, name: str) -> None:
    change, expected = CHANGES[name]
    change(rota)
    pulled(rota)
    assert sorted(diff(ROTA, text(rota))) == sorted(expected)


def test_nothing_to_pull_touches_nothing(rota: Terminal) -> None:
    before = (rota.folder / "schedules/prod.yaml").stat()
    ended = pulled(rota)
    assert ended.out == "Nothing to pull; the files say what is live.\n"
    assert (rota.folder / "schedules/prod.yaml").stat() == before


def test_an_override_that_was_deleted_leaves_its_comment(rota: Terminal) -> None:
    layers = rotations(rota)
    rota.sandbox.console.edit("Production", {"layers": layers})
    pulled(rota)
    assert "overrides" not in text(rota)
    assert "# her wedding" in text(rota)


def test_a_layer_made_in_the_console_is_added(rota: Terminal) -> None:
    layers = live(rota)["layers"]
    new = {**rotations(rota)[0], "layer_name": "Night", "groups": [seat(rota, DAVE)]}
    rota.sandbox.console.edit("Production", {"layers": [new, *layers]})
    pulled(rota)
    assert diff(ROTA, text(rota)) == [
        "+   - layer: Night",
        "+     rotation: 1 week",
        "+     start: 2026-01-05 10:00",
        "+     groups:",
        "+       - dave",
    ]


def test_check_shows_the_diff_and_writes_nothing(rota: Terminal) -> None:
    rota.sandbox.console.edit("Production", {"team_id": 0})
    ended = rota("pull", "--check")
    assert (ended.code, text(rota)) == (2, ROTA)
    assert "\n-team: SRE\n" in ended.out
    ended = rota("pull", "--dry-run")
    assert (ended.code, text(rota)) == (0, ROTA)
    assert rota("pull", "--format", "json").json["edits"] == [
        {
            "file": "schedules/prod.yaml",
            "line": 2,
            "schedule": "Production",
            "text": "team as it is live",
        }
    ]
    assert rota("pull", "--check").code == 0


def test_a_schedule_that_is_gone_is_marked_absent(rota: Terminal) -> None:
    rota.sandbox.console.delete("Production")
    pulled(rota)
    assert diff(ROTA, text(rota)) == ["+ absent: true"]


def test_only_and_paths_leave_other_files_alone(rota: Terminal) -> None:
    rota.write("schedules/other.yaml", ROTA.replace("Production", "Other"))
    rota.apply()
    for name in ("Production", "Other"):
        rota.sandbox.console.edit(name, {"team_id": 0})
    assert rota("pull", "--only", "Other").code == 0
    assert (text(rota), "team" in text(rota, "other")) == (ROTA, False)
    assert rota("pull", "schedules/prod.yaml").code == 0
    assert "team" not in text(rota)


def test_a_default_is_changed_for_the_schedule_that_differs(rota: Terminal) -> None:
    rota.config(people=PEOPLE, defaults={"team": "SRE", "notify": {"before": "5 min"}})
    rota.write("schedules/prod.yaml", ROTA.replace("team: SRE\n", "").split("notify:")[0])
    rota.apply()
    rota.sandbox.console.edit("Production", {"team_id": 0, "notify": {}})
    pulled(rota)
    assert "\nteam: none\n" in text(rota)
    assert text(rota).endswith('notify: "off"\n')


def test_a_rename_in_the_console_of_a_pinned_schedule(rota: Terminal) -> None:
    id = live(rota)["schedule_id"]
    rota.write("schedules/prod.yaml", ROTA.replace("\ndesc", f"\nid: {id}\ndesc"))
    rota.sandbox.console.edit("Production", {"schedule_name": "Prod"})
    pulled(rota)
    assert "schedule: Prod   # pages" in text(rota)


def test_a_rename_that_is_done_needs_no_old_name_any_more(rota: Terminal) -> None:
    renamed = ROTA.replace("schedule: Production", "schedule: Prod\nrenamed_from: Production")
    rota.write("schedules/prod.yaml", renamed)
    rota.apply()
    pulled(rota)
    assert "renamed_from" not in text(rota)


def test_what_is_in_no_file_is_a_note(rota: Terminal) -> None:
    rota.write("schedules/other.yaml", ROTA.replace("Production", "Other"))
    rota.apply()
    (rota.folder / "schedules/other.yaml").unlink()
    note = "note: 1 schedule of the account is in no file; `flashsync import` adds them\n"
    assert note in rota("pull").err


SHARED = """\
x-people: &people [alice, bob]
schedule: Production
layers:
  - &base
    layer: Primary
    rotation: 1 week
    start: 2026-01-05 10:00
    groups: *people
  - {<<: *base, layer: Second, hours: 09:00-18:00}
"""


def test_an_anchor_changes_for_all_its_uses_or_only_where_it_differs(rota: Terminal) -> None:
    rota.sandbox.console.delete("Production")
    rota.write("schedules/prod.yaml", SHARED)
    rota.apply()
    groups = [seat(rota, ALICE), seat(rota, DAVE)]
    layer(rota, "Primary", groups=groups)
    layer(rota, "Second", groups=groups)
    pulled(rota)
    assert text(rota) == SHARED.replace("[alice, bob]", "[alice, dave]")
    layer(rota, "Second", groups=[seat(rota, CAROL)])
    pulled(rota)
    changed = "{<<: *base, layer: Second, hours: 09:00-18:00, groups: [carol]}"
    assert changed in text(rota)
    assert "&people [alice, dave]" in text(rota)


def test_an_override_of_the_console_stays_there(rota: Terminal) -> None:
    rota.sandbox.console.add_override("Production", [BOB], LATER, LATER + 3600)
    assert pulled(rota).out == "Nothing to pull; the files say what is live.\n"


def test_a_chat_made_in_the_console_names_variables_and_not_secrets(rota: Terminal) -> None:
    hook = {"type": "dingtalk", "settings": {"alias": "ops", "token": "t0p-secret-token"}}
    notify = {**live(rota)["notify"], "webhooks": [hook]}
    rota.sandbox.console.edit("Production", {"notify": notify})
    ended = pulled(rota)
    assert "{type: dingtalk, alias: ops, token: {env: DINGTALK_OPS_TOKEN}}" in text(rota)
    assert "note: set DINGTALK_OPS_TOKEN to the token of the chat dingtalk ops\n" in ended.err
    assert "t0p-secret-token" not in text(rota) + ended.out + ended.err


def test_a_variable_of_another_file_stands_for_its_own_secret(
    rota: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next apply would send the other chat's secret."""
    monkeypatch.setenv("DINGTALK_OPS_TOKEN", "the-token-of-another-chat")
    other = ROTA.replace("Production ", "Other ").split("overrides:")[0]
    chat = "notify:\n  chats: [{type: dingtalk, alias: ops, token: {env: DINGTALK_OPS_TOKEN}}]\n"
    rota.write("schedules/other.yaml", other + chat)
    rota.apply()
    hook = {"type": "dingtalk", "settings": {"alias": "ops", "token": "t0p-secret-token"}}
    rota.sandbox.console.edit("Production", {"notify": {"webhooks": [hook]}})
    ended = rota("pull")
    assert "token: {env: DINGTALK_OPS_TOKEN_2}" in text(rota)
    assert "note: set DINGTALK_OPS_TOKEN_2 to the token of the chat dingtalk ops\n" in ended.err


def test_another_secret_is_a_note_with_its_place(
    rota: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPS", "the-first-token")
    rota.write(
        "schedules/prod.yaml",
        ROTA + "  chats:\n    - {type: dingtalk, alias: ops, token: {env: OPS}}\n",
    )
    rota.apply()
    before = text(rota)
    monkeypatch.setenv("OPS", "another-token-by-now")
    ended = rota("pull")
    assert (ended.code, text(rota)) == (0, before)
    assert (
        "note: schedules/prod.yaml:2:1: notify.chats[dingtalk ops].token of Production is not the "
        "secret that is live; give its reference the live value, or run `flashsync apply`\n"
    ) in ended.err
