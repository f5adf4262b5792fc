"""`drift` for a nightly job: who wrote what by which request, and what is accepted for a time."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from flashsync.sandbox.world import PERMISSIONS
from tests.cli.console import Ended, Terminal, schedule

DAY = 86_400
FOREVER = "2037-01-01 00:00"


@pytest.fixture
def clean(terminal: Terminal) -> Terminal:
    """Two schedules that are as their files say."""
    terminal.declare(schedule(), schedule("Second"))
    terminal.apply()
    return terminal


def accepting(terminal: Terminal, *entries: dict[str, str], **more: Any) -> None:
    """flashsync.yaml with these entries, one a line from the second on."""
    found = [
        {"schedule": "Production", "reason": "agreed in the retro", "until": FOREVER, **one}
        for one in entries
    ]
    lines = ",\n".join(f"  {json.dumps(one)}" for one in found)
    settings = json.dumps({"version": 1, "account": "Acme Corp", **more})
    terminal.write("flashsync.yaml", f'{settings[:-1]}, "accept": [\n{lines}\n]}}')


def drift(terminal: Terminal, code: int, *arguments: str) -> Ended:
    """Its end, with single spaces."""
    ended = terminal("drift", *arguments)
    assert ended.code == code, ended
    return Ended(ended.code, " ".join(ended.out.split()), ended.err)


def audited(terminal: Terminal) -> int:
    """How often the log was asked."""
    return terminal.sandbox.counts["/audit/search"]


def edit(terminal: Terminal, name: str = "Production", by: str = "bob@example.com") -> None:
    terminal.sandbox.console.edit(name, {"description": f"by {by}"}, by=by)


def test_the_log_is_read_only_where_something_differs(clean: Terminal) -> None:
    drift(clean, 0)
    assert audited(clean) == 0
    edit(clean)
    drift(clean, 2)
    assert audited(clean) == 1


def test_who_wrote_by_which_request(clean: Terminal) -> None:
    edit(clean, by="carol@example.com")
    edit(clean)
    edit(clean, "Second")
    out = drift(clean, 2).out
    overview, first, second = out.split("~ Second")
    assert first.count("/schedule/update, request console") == 2
    assert first.index("Bob Martin: /schedule/update") < first.index("Carol Diaz: /schedule/")
    assert second.count("/schedule/update, request console") == 1
    assert "~ Production description by Bob Martin, " in overview
    found = clean("drift", "--format", "json").json["last_written"]
    assert [one["schedule"] for one in found] == ["Production", "Second"]
    writes = found[0]["writes"]
    assert [one["by"] for one in writes][:2] == ["Bob Martin", "Carol Diaz"]
    assert {one["request_id"] for one in writes[:2]} == {"console"}
    assert "/schedule/update, request console" in drift(clean, 2, "--format", "markdown").out


def test_the_log_is_read_back_as_far_as_needed(clean: Terminal) -> None:
    edit(clean)
    drift(clean, 2)
    clean.sandbox.console.delete("Production")
    drift(clean, 2)
    asked = [one.body for one in clean.sandbox.log if one.endpoint == "/audit/search"]
    spans = [body["end_time"] - body["start_time"] for body in asked]
    assert 7 * DAY <= spans[0] <= 7 * DAY + 600
    assert spans[1] == 89 * DAY


def test_without_the_permission_it_says_so_once(
    clean: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(clean)
    edit(clean, "Second")
    world = clean.sandbox.world
    world.add_key("no-audit", world.account, "alice@example.com", PERMISSIONS - {"audit_read"})
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "no-audit")
    out = drift(clean, 2).out
    assert out.count("the key may not read the audit log") == 1
    assert out.count("description by Bob Martin, ") == 2
    assert out.count("last written: by Bob Martin, ") == 1
    assert "request console" not in out


def test_a_log_that_does_not_answer_stops_nothing(clean: Terminal) -> None:
    from flashsync.sandbox import refusal

    edit(clean)
    clean.sandbox.fail_next(refusal("InvalidParameter"), "/audit/search", times=9)
    assert "the audit log was not read (" in drift(clean, 2).out


@pytest.mark.parametrize("days", [0, 10])
def test_an_empty_log_is_not_taken_for_nobody_wrote(clean: Terminal, days: int) -> None:
    edit(clean)
    clean.clock.advance(20 * 24 * 3600)
    clean.sandbox.options = replace(clean.sandbox.options, audit_days=days)
    out = " ".join(drift(clean, 2).out.split())
    assert "; it may not reach back that far" in out
    assert out.count("the audit log has no write of `") == 1
    assert "last written by Bob Martin, " in out


def test_who_created_a_schedule_that_was_not_written_since(clean: Terminal) -> None:
    clean.declare(schedule(description="new in the file"), schedule("Second", absent=True))
    out = drift(clean, 2).out
    assert "the audit log has no write of" not in out
    assert out.count("/schedule/create, request ") == 2
    found = clean("drift", "--format", "json").json["last_written"]
    assert [[one["operation"] for one in last["writes"]] for last in found] == (
        [["/schedule/create"]] * 2
    )


def test_who_deleted_a_schedule(clean: Terminal) -> None:
    edit(clean)
    clean.sandbox.console.delete("Production", by="carol@example.com")
    out = drift(clean, 2).out
    assert "last written by Carol Diaz, " in out
    assert "Carol Diaz: /schedule/delete, request console" in out


def test_who_made_a_schedule_that_no_file_declares(clean: Terminal) -> None:
    clean.config(manage={"names": ["*"]})
    body = clean.sandbox.console.schedule("Production")
    keys = ("description", "layers", "notify", "team_id")
    clean.sandbox.console.create({"schedule_name": "Mine"} | {key: body[key] for key in keys})
    out = drift(clean, 2).out
    assert "no file declares it last written by Bob Martin, " in out
    assert "Bob Martin, " in drift(clean, 2, "--format", "markdown").out


@pytest.mark.parametrize("field", [{"field": "description"}, {}])
def test_an_accepted_difference_does_not_alarm(clean: Terminal, field: dict[str, str]) -> None:
    accepting(clean, {"schedule": "Prod*", **field})
    edit(clean)
    ended = drift(clean, 0)
    assert "No drift. 1 schedule is as the files say, 1 as accepted." in ended.out
    assert (
        "accepted: Production, description: - by bob@example.com; until Thu 1 Jan 2037 00:00: "
        "agreed in the retro (flashsync.yaml:2:3)"
    ) in ended.out
    assert audited(clean) == 0
    (found,) = clean("drift", "--format", "json").json["accepted"]
    assert found == {
        "schedule": "Production",
        "path": "description",
        "text": "- by bob@example.com",
        "reason": "agreed in the retro",
        "until": "2036-12-31T16:00:00Z",
        "source": {"file": "flashsync.yaml", "line": 2},
    }
    assert "agreed in the retro" in drift(clean, 0, "--format", "markdown").out


def test_what_else_differs_alarms(clean: Terminal) -> None:
    accepting(clean, {"field": "layers[Primary].groups"}, {"field": "notify"})
    edit(clean)

    def drop(found: dict[str, Any]) -> None:
        found["layers"][0]["groups"].pop()

    clean.sandbox.console.edit("Production", drop)
    out = drift(clean, 2).out
    alarm, quiet = out.split("accepted: ")
    assert "description - by bob@example.com" in alarm
    assert "layers[Primary].groups" not in alarm
    assert quiet.startswith("Production, layers[Primary].groups: + ")
    assert "flashsync.yaml:3:3: accept `Production`, notify: nothing differs there any more" in out


def test_it_alarms_again_when_it_expires(clean: Terminal) -> None:
    accepting(clean, {"until": "2036-01-01 00:00"})
    edit(clean)
    drift(clean, 0)
    clean.clock.set(2_082_729_600)  # 2036-01-01 00:00 +08:00
    out = drift(clean, 2).out
    assert (
        "warning was accepted until Tue 1 Jan 00:00 (flashsync.yaml:2:3): agreed in the retro; "
        "that is over"
    ) in out
    clean.clock.set(2_082_729_599)
    drift(clean, 0)


def test_missing_absent_and_undeclared_ones_may_be_accepted(clean: Terminal) -> None:
    body = clean.sandbox.console.schedule("Production")
    keys = ("description", "layers", "notify", "team_id")
    clean.sandbox.console.create({"schedule_name": "Mine"} | {key: body[key] for key in keys})
    clean.sandbox.console.delete("Production")
    clean.declare(schedule(), schedule("Second", absent=True))
    manage = {"names": ["*"]}
    accepting(clean, {"field": "layers"}, {"schedule": "Mine", "field": "team"}, manage=manage)
    assert "2 of 2 schedules differ. 1 live schedule is declared by no file" in drift(clean, 2).out
    accepting(clean, {}, {"schedule": "Second"}, {"schedule": "Mine"}, manage=manage)
    out = drift(clean, 0).out
    assert "accepted: Production: missing; until " in out
    assert "accepted: Second: live, although the file says `absent: true`; until " in out
    assert "accepted: Mine: declared by no file; until " in out
    assert "No drift. 0 schedules are as the files say, 2 as accepted." in out


def test_an_undeclared_schedule_that_has_ended(clean: Terminal) -> None:
    accepting(clean, {"schedule": "Second", "until": "2025-01-01 00:00"}, manage={"names": ["*"]})
    clean.declare(schedule())
    assert "note: Second: was accepted until Wed 1 Jan 2025 00:00 (" in drift(clean, 2).out


def test_an_unused_entry_is_named_in_a_run_over_all_files(clean: Terminal) -> None:
    accepting(clean, {}, {"schedule": "Nobody's"})
    out = drift(clean, 0).out
    assert "flashsync.yaml:2:3: accept `Production`: nothing differs there any more" in out
    assert "flashsync.yaml:3:3: accept `Nobody's`: nothing differs there any more" in out
    assert "nothing differs there" not in drift(clean, 0, "--only", "Second").out


def test_plan_and_apply_undo_it_and_say_so(clean: Terminal) -> None:
    accepting(clean, {"field": "description"})
    edit(clean)
    ended = clean("plan")
    assert ended.code == 0
    assert (
        "accepted in drift until Thu 1 Jan 2037 00:00 (flashsync.yaml:2:3): agreed in the retro; "
        "this plan undoes it"
    ) in " ".join(ended.out.split())
    clean.apply()
    assert clean.sandbox.console.schedule("Production")["description"] == ""


def test_names_and_times_are_checked_offline(clean: Terminal) -> None:
    accepting(clean, {"schedule": "Prodution"}, {"schedule": "Se*"}, timezone="Asia/Shanghai")
    ended = clean("validate")
    assert ended.code == 0
    assert ended.out.splitlines()[0] == (
        "flashsync.yaml:2:16: warning: no file declares a schedule `Prodution`; did you mean "
        "`Production`?"
    )
    assert ended.out.count("no file declares") == 1
    assert "no file declares" not in clean("validate", "schedules/0.yaml").out
    accepting(
        clean,
        {"schedule": "Mine"},
        {"until": "2026-03-29 02:30"},
        timezone="Europe/Berlin",
        manage={"names": ["*"]},
    )
    ended = clean("validate")
    assert ended.code == 1
    assert "Europe/Berlin skips 2026-03-29 02:30" in ended.out
    assert "Mine" not in ended.out
    clean.sandbox.world.account.time_zone = "Europe/Berlin"
    assert drift(clean, 1).err.startswith("flashsync.yaml:3:")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"until": "2026-12-01"}, "write 2026-12-01 00:00; the end is not included"),
        ({"field": "groups"}, "unknown field `groups`; write layers[NAME].groups"),
        ({"field": "layers[Primary].grops"}, "did you mean `groups`?"),
        ({"reason": ""}, "a text must not be empty"),
        ({"untill": "x"}, "did you mean `until`?"),
    ],
)
def test_entries_that_are_wrong(clean: Terminal, entry: dict[str, str], said: str) -> None:
    accepting(clean, entry)
    for command in ("validate", "plan", "drift"):
        ended = clean(command)
        assert ended.code == 1
        assert said in ended.out + ended.err


def test_a_field_that_cannot_differ_is_an_error_at_its_position(clean: Terminal) -> None:
    accepting(clean, {"field": "layers[Primary].grops"})
    (line,) = (one for one in clean("validate").out.splitlines() if "grops" in one)
    assert line == (
        "flashsync.yaml:2:101: unknown field `layers[Primary].grops`; did you mean `groups`?"
    )


def test_what_is_missing_was_not_forgotten_to_be_applied(clean: Terminal) -> None:
    """This key's own member made them; what became of them since, the log may not say."""
    clean.sandbox.console.rename("Production", "Prod", by="bob@example.com")
    out = drift(clean, 2).out
    assert "missing: the file declares it" in out
    assert "deleted or renamed since" in out
    assert "probably not applied yet" not in out
    assert "`Prod` (id" in out
    assert "so it looks renamed; write `renamed_from: Prod`" in out
    (last,) = clean("drift", "--format", "json").json["last_written"]
    assert (last["by"], last["own"]) == ("Alice Zhang", False)
