"""`ignore:` leaves fields of a schedule to the console."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest

from flashsync.sandbox import UNLIMITED, Options
from tests.cli.console import Ended, Terminal, layer, schedule

THREE = ["alice@example.com", "bob@example.com", "carol@example.com"]
CHAT = {"type": "dingtalk", "settings": {"alias": "ops", "token": "of-the-console"}}
FIELDS = ["description", "team", "notify"]


def rota(**more: Any) -> dict[str, Any]:
    """An edit of the rotation that leaves all it can to the console."""
    return schedule(layers=[layer(*THREE)], ignore=FIELDS, **more)


def configure(terminal: Terminal, name: str = "Production", text: str = "by hand") -> None:
    """Somebody gives it a description, a team and a chat in the console."""
    teams = terminal.sandbox.world.account.teams

    def change(body: dict[str, Any]) -> None:
        body["description"] = text
        body["team_id"] = next(iter(teams))
        body["notify"] = {"advance_in_time": 600, "webhooks": [CHAT]}

    terminal.sandbox.console.edit(name, change)


def by_hand(terminal: Terminal, name: str = "Production") -> tuple[Any, ...]:
    """What configure() wrote, as it is now: description, team, lead and secret."""
    body = terminal.sandbox.console.schedule(name)
    hooks = body["notify"].get("webhooks") or [{"settings": {}}]
    lead = body["notify"].get("advance_in_time")
    return body["description"], body["team_id"], lead, hooks[0]["settings"].get("token")


def words(ended: Ended) -> str:
    """All that was printed, on one line."""
    return " ".join((ended.out + ended.err).split())


@pytest.fixture
def configured(terminal: Terminal) -> Terminal:
    """A schedule of a file, with a description, a team and a chat of the console."""
    terminal.declare(schedule())
    terminal.apply()
    configure(terminal)
    return terminal


def test_what_is_left_to_the_console_is_no_difference_and_a_note_says_so(
    configured: Terminal,
) -> None:
    configured.declare(schedule(ignore=FIELDS))
    plan = configured("plan", "-v", "--detailed-exitcode")
    assert plan.code == 0
    assert "left to the console: description, team, notify" in words(plan)
    assert configured("drift").code == 0


def test_every_write_keeps_what_the_console_has(configured: Terminal) -> None:
    before = by_hand(configured)
    configured.declare(rota())
    plan = configured("plan", "--format", "json").json
    (action,) = plan["actions"]
    assert [change["path"] for change in action["changes"]] == ["layers[Primary].groups"]
    assert action["target"]["ignored"] == FIELDS
    assert "of-the-console" not in json.dumps(plan)
    assert action["warnings"] == []
    configured.apply()
    assert by_hand(configured) == before
    assert configured("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    ("ignore", "fields"),
    [("notify", {"description", "team"}), (["team", "notify"], {"description"}), ("none", None)],
)
def test_other_fields_are_compared(configured: Terminal, ignore: Any, fields: Any) -> None:
    configured.declare(schedule(ignore=ignore))
    (action,) = configured("plan", "--format", "json").json["actions"]
    paths = {change["path"].split(".")[0].split("[")[0] for change in action["changes"]}
    assert paths == (fields or {"description", "team", "notify"})


def test_defaults_leave_a_field_to_the_console_and_a_schedule_takes_it_back(
    configured: Terminal,
) -> None:
    configured.config(defaults={"ignore": FIELDS, "team": "SRE"})
    configured.declare(schedule())
    assert configured("plan", "--detailed-exitcode").code == 0
    configured.declare(schedule(ignore="none"))
    assert configured("plan", "--detailed-exitcode").code == 2


def test_a_saved_plan_stays_good_while_the_console_edits_what_it_may(configured: Terminal) -> None:
    configured.declare(rota())
    assert configured("plan", "--out", "plan.json").code == 0
    configure(configured, text="another")
    assert configured("plan", "--check", "plan.json").code == 0
    done = configured("apply", "--plan", "plan.json", "--auto-approve")
    assert done.code == 0, done
    assert by_hand(configured)[0] == "another"


def test_a_saved_plan_is_refused_once_the_file_leaves_less_to_the_console(
    configured: Terminal,
) -> None:
    configured.declare(rota())
    assert configured("plan", "--out", "plan.json").code == 0
    configured.declare({**rota(), "ignore": "notify"})
    done = configured("apply", "--plan", "plan.json", "--auto-approve")
    assert done.code == 1
    assert "the file of `Production` has changed since the plan was made, in " in words(done)
    assert "ignore" in words(done)


def test_a_new_schedule_has_nothing_in_what_is_left_to_the_console(terminal: Terminal) -> None:
    terminal.config(defaults={"team": "SRE"})
    terminal.declare(rota())
    said = words(terminal("plan"))
    assert "left to the console: description, team, notify; it begins without them" in said
    terminal.apply()
    assert by_hand(terminal) == ("", 0, None, None)


def test_undo_leaves_it_alone_too(configured: Terminal) -> None:
    configured.declare(rota())
    configured.apply()
    configure(configured, text="since then")
    done = configured("undo", "--auto-approve")
    assert done.code == 0, done
    assert by_hand(configured)[0] == "since then"
    live = configured.sandbox.console.schedule("Production")
    assert all(len(one["groups"]) == 2 for one in live["layers"])


def test_undo_of_a_create_does_not_delete_what_the_console_added(terminal: Terminal) -> None:
    terminal.declare(rota())
    terminal.apply()
    configure(terminal)
    done = terminal("undo", "--auto-approve")
    assert done.code == 1
    assert "`Production` has changed since it was written then, in description" in words(done)
    assert terminal.names == ["Production"]


def test_tidy_keeps_it(configured: Terminal) -> None:
    before = by_hand(configured)
    configured.declare(rota())
    configured.apply()
    configured.clock.advance(400 * 86400)
    assert configured("tidy", "--auto-approve").code == 0
    assert configured.written[-1] == "update"
    assert by_hand(configured) == before


def test_names_that_are_exchanged_keep_what_each_schedule_has(terminal: Terminal) -> None:
    terminal.declare(schedule("One"), schedule("Two"))
    terminal.apply()
    configure(terminal, "One", "first")
    configure(terminal, "Two", "second")
    terminal.declare(
        schedule("Two", renamed_from="One", ignore=FIELDS),
        schedule("One", renamed_from="Two", ignore=FIELDS),
    )
    ids = {name: terminal.sandbox.console.schedule(name)["schedule_id"] for name in terminal.names}
    terminal.declare(
        schedule("Two", id=ids["One"], ignore=FIELDS),
        schedule("One", id=ids["Two"], ignore=FIELDS),
    )
    terminal.apply()
    assert (by_hand(terminal, "Two")[0], by_hand(terminal, "One")[0]) == ("first", "second")


def test_a_masked_secret_refuses_an_edit_and_says_what_to_do(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    configure(terminal)
    terminal.sandbox.options = Options(secrets="masked", limits=UNLIMITED)
    terminal.declare(schedule(ignore="notify", description="by hand", team="SRE"))
    plan = terminal("plan", "-v", "--detailed-exitcode")
    assert plan.code == 0
    assert "so flashsync cannot write this schedule without losing it" in words(plan)
    terminal.declare(schedule(layers=[layer(*THREE)], ignore=FIELDS))
    done = terminal("apply", "--auto-approve")
    assert done.code == 1
    assert "notify.chats[dingtalk ops].token of `Production` reads back masked" in words(done)
    assert "declare `notify` in the file, with the secret as {env: NAME}" in words(done)
    assert "edit the schedule in the console" in words(done)


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ({"ignore": "layers"}, "unknown field `layers`; use one of description, team, notify"),
        ({"ignore": "notfiy"}, "unknown field `notfiy`; did you mean notify?"),
        ({"ignore": ["team", "team"]}, "`team` appears twice; remove one"),
        (
            {"ignore": "team", "team": "SRE"},
            "`team` is left to the console by `ignore`; remove one of the two",
        ),
    ],
)
def test_what_cannot_be_left_to_the_console(
    terminal: Terminal, tree: dict[str, Any], said: str
) -> None:
    terminal.declare(schedule(**tree))
    ended = terminal("validate")
    assert ended.code == 1
    assert said in words(ended)


def test_a_key_that_the_defaults_leave_to_the_console_is_refused_with_the_way_out(
    terminal: Terminal,
) -> None:
    terminal.config(defaults={"ignore": "team"})
    terminal.declare(schedule(team="SRE"))
    ended = terminal("validate")
    assert ended.code == 1
    said = "`team` is left to the console by `ignore` of `defaults`; remove it, or write"
    assert f"{said} `ignore: none` here" in words(ended)


@pytest.mark.parametrize("at_read", [1, 2, 3])
def test_what_the_console_edits_while_apply_runs_is_kept(
    configured: Terminal, at_read: int
) -> None:
    """The reads of one schedule are those of the plan, of the check, and right before the write."""
    configured.declare(rota())
    reads = count(1)

    def edit(endpoint: str, body: Any, act: Any) -> None:
        del body, act
        if endpoint == "/schedule/info" and next(reads) == at_read:
            configure(configured, text="in between")

    configured.sandbox.hook = edit
    configured.apply()
    assert next(reads) > at_read
    assert by_hand(configured)[0] == "in between"
    assert configured("plan", "--detailed-exitcode").code == 0


def test_drift_looks_at_other_fields_only(configured: Terminal) -> None:
    configured.declare(schedule(ignore=["team", "notify"]))
    drift = configured("drift", "--format", "json")
    assert drift.code == 2
    paths = [change["path"] for one in drift.json["actions"] for change in one["changes"]]
    assert paths == ["description"]


def test_a_token_that_reads_back_empty_is_not_sent_away(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    configure(terminal)
    terminal.sandbox.options = Options(secrets="empty", limits=UNLIMITED)
    terminal.declare(rota())
    done = terminal("apply", "--auto-approve")
    assert done.code == 1
    assert "notify.chats[dingtalk ops].token of `Production` reads back masked" in words(done)
    terminal.sandbox.options = Options(limits=UNLIMITED)
    assert by_hand(terminal)[3] == "of-the-console"
