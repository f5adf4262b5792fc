"""Guards before a write, over real HTTP: what rules page, and who handles an incident."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.sandbox import Options, Reply, refusal
from tests.cli.console import Ended, Terminal, layer, schedule

pytestmark = pytest.mark.slow

CHANNELS, RULES, INCIDENTS = "/channel/list", "/channel/escalate/rule/list", "/incident/list"
EXTRA = (CHANNELS, RULES, INCIDENTS)
ALICE, BOB, CAROL = "alice@example.com", "bob@example.com", "carol@example.com"
BACKUP = {"members": [{"person": CAROL, "role": "backup"}, {"person": ALICE, "role": "primary"}]}
GONE = {"schedule": "Production", "absent": True}
NOW = ("--rollout", "now")
HOSTILE = "\x1b[31mDB\x1b[0m down\n::error::x `y` <script> @team |"
BUSY = "sandbox-writer-key"
"""A key that may write schedules, and read neither channels nor incidents."""


@pytest.fixture
def rota(terminal: Terminal) -> Terminal:
    """Alice alone is on call, on a schedule that is live."""
    terminal.declare(schedule(layers=[layer(ALICE)]))
    terminal.apply()
    terminal.sandbox.log.clear()
    return terminal


@pytest.fixture
def paged(terminal: Terminal) -> Terminal:
    """A schedule with a primary and a backup, both of which a rule pages."""
    terminal.declare(schedule(layers=[layer(BACKUP)]))
    terminal.apply()
    console = terminal.sandbox.console
    console.add_rule("Web", "Default", {"Production": [0]}, {"Production": [1]})
    terminal.sandbox.log.clear()
    return terminal


def hand_over(rota: Terminal, *arguments: str) -> Ended:
    """Plan that Bob takes over at once."""
    rota.declare(schedule(layers=[layer(BOB)]))
    return rota("plan", *NOW, *arguments)


def asked(terminal: Terminal) -> list[str]:
    """What was asked for guards alone."""
    return [entry.endpoint for entry in terminal.sandbox.log if entry.endpoint in EXTRA]


def flat(text: str) -> str:
    return " ".join(text.split())


def writer(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, *more: Any) -> None:
    """Go on with a key that may write schedules, and read what else is named."""
    world = terminal.sandbox.world
    world.add_key(BUSY, world.account, ALICE, ["schedules_read", "schedules_manage", *more])
    monkeypatch.setenv("FLASHDUTY_APP_KEY", BUSY)


def test_a_delete_of_a_paged_schedule_is_refused_before_a_write(paged: Terminal) -> None:
    paged.declare(GONE)
    planned = paged("plan")
    assert planned.code == 1
    assert (
        "schedules/0.yaml:1:1: 1 escalation rule pages `Production`: `Default` of channel `Web` "
        "(level 1: primary, level 2: backup), so the platform refuses the delete (references); "
        "remove it from these rules first, or pass --check-level references=warn"
    ) in flat(planned.out)
    applied = paged("apply", "--auto-approve")
    assert applied.code == 1
    assert "1 escalation rule pages `Production`" in flat(applied.err)
    assert paged.written == []
    paged.sandbox.console.remove_rule("Web", "Default")
    paged.apply()
    assert paged.names == []


def test_so_is_one_by_prune(paged: Terminal) -> None:
    paged.config(manage={"names": ["*"]})
    paged.declare(schedule("Other"))
    planned = paged(
        "plan", "--prune", "--max-deletes", "1", "--create-lookalike", "--format", "json"
    )
    assert planned.code == 1
    (refused,) = planned.json["refusals"]
    assert "pages `Production`: `Default` of channel `Web`" in refused["message"]
    assert (refused["file"], refused["line"]) == (None, None)


def test_a_role_that_disappears_is_refused_at_its_line(paged: Terminal) -> None:
    paged.declare(schedule(layers=[layer(ALICE)]))
    planned = paged("plan", "--format", "json")
    assert planned.code == 1
    (refused,) = planned.json["refusals"]
    assert "on nobody is `backup`, and 1 escalation rule pages `Production`: " in refused["message"]
    assert "`Default` of channel `Web` (level 2: backup) (references)" in refused["message"]
    assert refused["remedy"].endswith("or pass --check-level references=warn")
    assert refused["file"] == "schedules/0.yaml"
    allowed = paged("plan", "--check-level", "references=warn")
    assert allowed.code == 0
    assert "(references)" in allowed.out
    paged.apply("--check-level", "references=warn")
    assert "\nNo changes. " in paged("plan").out


def test_a_role_that_somebody_else_takes_asks_for_nothing(paged: Terminal) -> None:
    backup = {"members": [{"person": BOB, "role": "backup"}, ALICE]}
    paged.declare(schedule(layers=[layer(backup)]))
    assert paged("plan").code == 0
    assert asked(paged) == []


def test_the_server_s_own_refusal_is_explained_in_the_same_words(paged: Terminal) -> None:
    """A saved plan, and a rule that was written after it."""
    console = paged.sandbox.console
    console.remove_rule("Web", "Default")
    paged.declare(GONE)
    assert paged("plan", "--out", "plan.json").code == 0
    console.add_rule("Web", "New\x1b[31m", {"Production": [0]})
    applied = paged("apply", "--auto-approve", "--plan", "plan.json")
    assert applied.code == 1
    said = flat(applied.out)
    assert "/schedule/delete, ReferenceExist, request " in said
    assert (
        "1 escalation rule pages `Production`: `New` of channel `Web` (level 1: primary); "
        "remove it from these rules first"
    ) in said
    assert "\x1b" not in applied.out
    assert paged.names == ["Production"]


def test_a_refusal_without_a_rule_shows_the_server_s_message(paged: Terminal) -> None:
    console = paged.sandbox.console
    console.remove_rule("Web", "Default")
    paged.declare(GONE, schedule("New"))
    refs = {"refs": [{"name": "a status page"}]}
    paged.sandbox.fail_next(refusal("ReferenceExist", "no", refs), "/schedule/delete")
    applied = paged("apply", "--auto-approve")
    assert applied.code == 3
    assert "remove these references first: a status page" in flat(applied.out)


def test_without_the_permission_the_server_says_what_it_says(
    paged: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer(paged, monkeypatch)
    paged.declare(GONE)
    planned = paged("plan", "--format", "json")
    assert planned.code == 0
    assert planned.json["notes"] == [
        "the key may not read channels and their escalation rules, so references was not checked",
        "the key may not read incidents, so open_incidents was not checked",
    ]
    applied = paged("apply", "--auto-approve")
    assert applied.code == 1
    assert "remove these references first: escalate rule `Default`" in flat(applied.out)


def test_who_handles_an_incident_is_named_before_they_go(rota: Terminal) -> None:
    console = rota.sandbox.console
    link = "https://console.example/incident/1"
    first = console.add_incident("Disk full", [ALICE], detail_url=link)
    console.add_incident("Slow", [BOB], [ALICE], severity="Info", progress="Processing")
    console.close_incident(console.add_incident("Over", [ALICE]).incident_id)
    planned = hand_over(rota)
    assert planned.code == 0
    said = flat(planned.out)
    assert (
        "Alice Zhang goes off call right now and handles 2 open incidents: "
        f"{first.num} `Disk full` (Critical, {link}) and "
    ) in said
    assert "`Slow` (Info); let them hand over before you apply (open_incidents)" in said
    assert "Bob Martin goes off call" not in said
    as_json = hand_over(rota, "--format", "json").json
    assert any(one["check"] == "open_incidents" for one in as_json["actions"][0]["warnings"])


def test_it_refuses_where_the_configuration_says_so(rota: Terminal) -> None:
    rota.sandbox.console.add_incident("Disk full", [ALICE])
    rota.config(checks={"open_incidents": "error"})
    refused = hand_over(rota)
    assert refused.code == 1
    assert "or pass --check-level open_incidents=warn" in flat(refused.out)
    assert hand_over(rota, "--check-level", "open_incidents=warn").code == 0
    rota.declare(GONE)
    deleting = rota("plan", "--format", "json")
    assert deleting.code == 1
    assert deleting.json["refusals"][0]["file"] == "schedules/0.yaml"


def test_who_is_relieved_at_the_next_handoff_is_not_named(rota: Terminal) -> None:
    rota.sandbox.console.add_incident("Disk full", [ALICE])
    rota.declare(schedule(layers=[layer(BOB)]))
    planned = rota("plan")
    assert planned.code == 0
    assert "open_incidents" not in planned.out
    assert asked(rota) == []


def test_an_ordinary_plan_asks_for_nothing_more(rota: Terminal) -> None:
    rota.declare(schedule(layers=[layer(ALICE, BOB)]), schedule("New"))
    assert rota("plan").code == 0
    rota.apply()
    assert rota("plan").code == 0
    assert rota("drift").code == 0
    assert asked(rota) == []


def test_one_that_only_relieves_asks_for_incidents_alone(rota: Terminal) -> None:
    assert hand_over(rota).code == 0
    assert asked(rota) == [INCIDENTS]


def test_without_effects_nothing_is_claimed(rota: Terminal) -> None:
    rota.sandbox.console.add_incident("Disk full", [ALICE])
    planned = hand_over(rota, "--effects", "none")
    assert planned.code == 0
    assert "open_incidents and rota tests were not judged" in flat(planned.out)
    assert "goes off call" not in planned.out
    assert asked(rota) == []


def test_what_is_off_is_not_read(paged: Terminal) -> None:
    paged.sandbox.console.add_incident("Disk full", [ALICE])
    paged.config(checks={"references": "off", "open_incidents": "off"})
    paged.declare(GONE)
    assert paged("plan").code == 0
    assert asked(paged) == []


def test_incidents_come_in_three_pages(rota: Terminal) -> None:
    for number in range(201):
        rota.sandbox.console.add_incident(f"No. {number}", [ALICE] if number == 200 else [],
                                          age=60 + number)  # fmt: skip
    planned = hand_over(rota)
    assert "`No. 200` (Critical)" in flat(planned.out)
    assert rota.sandbox.counts[INCIDENTS] == 3


def test_so_many_incidents_are_looked_at(rota: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flashsync.api.endpoints.escalations.MOST", 100)
    for number in range(101):
        rota.sandbox.console.add_incident("x", age=60 + number)
    said = "note: open_incidents looked at 100 open incidents; there may be more"
    assert said in hand_over(rota).out


def test_names_of_the_account_do_no_harm(paged: Terminal) -> None:
    console = paged.sandbox.console
    console.add_incident(HOSTILE, [ALICE], detail_url="javascript:alert(1)")
    console.add_rule(f"Channel {HOSTILE}", f"Rule {HOSTILE}", {"Production": []})
    paged.declare(GONE)
    for extra in ((), ("--color", "always"), ("--format", "markdown")):
        said = paged("plan", *extra).out
        assert "\x1b[31mDB" not in said
        assert not any(line.lstrip().startswith("::") for line in said.splitlines())
        assert "javascript" not in said
    assert not [part for part in ("<script>", "@team", " |`") if part in said]
    as_json = paged("plan", "--format", "json").json
    (warning,) = (
        one for one in as_json["actions"][0]["warnings"] if one["check"] == "open_incidents"
    )
    assert "`DB down ::error::x 'y' <script> @team |` (Critical);" in warning["message"]


CLOSED = {
    "403 AccessDenied": (refusal("AccessDenied"), "the key may not read"),
    "400 NoLicense": (refusal("NoLicense"), "the account's subscription does not cover"),
    "402 BalanceNotEnough": (refusal("BalanceNotEnough"), "the account's subscription does not"),
    "404 RouteNotFound": (refusal("RouteNotFound"), "this server cannot be asked for"),
    "404 of a gateway": (Reply(404, b"<html>not here</html>"), "this server cannot be asked for"),
}


@pytest.mark.parametrize("how", CLOSED)
@pytest.mark.parametrize(
    ("endpoint", "what"),
    [
        (CHANNELS, "channels and their escalation rules, so references"),
        (RULES, "channels and their escalation rules, so references"),
        (INCIDENTS, "incidents, so open_incidents"),
    ],
)
def test_what_cannot_be_read_at_all_is_a_note_of_plan_and_a_warning_of_doctor(
    paged: Terminal, endpoint: str, what: str, how: str
) -> None:
    reply, why = CLOSED[how]
    paged.sandbox.hook = lambda asked, body, act: reply if asked == endpoint else None
    paged.declare(GONE)
    planned = paged("plan", "--format", "json", "--check-level", "references=warn")
    assert planned.code == 0
    (note,) = planned.json["notes"]
    assert note.startswith(why)
    assert note.endswith(f"{what} was not checked")
    doctor = paged("doctor", "--format", "json")
    marks = {one["endpoint"]: one["mark"] for one in doctor.json["permissions"]}
    assert (doctor.code, marks[endpoint]) == (0, "warning")


def test_a_key_that_is_not_valid_any_more_stops_a_plan(paged: Terminal) -> None:
    paged.sandbox.hook = lambda asked, body, act: (
        refusal("Unauthorized") if asked == CHANNELS else None
    )
    paged.declare(GONE)
    planned = paged("plan")
    assert planned.code == 1
    assert "the APP key is missing or not valid" in flat(planned.err)


def test_a_key_that_may_not_read_them_is_noted_once(
    paged: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    paged.declare(schedule(layers=[layer(BACKUP)]), schedule("Second", layers=[layer(ALICE)]))
    paged.apply()
    writer(paged, monkeypatch)
    paged.declare(GONE, {"schedule": "Second", "absent": True})
    said = paged("plan").out
    note = "note: the key may not read"
    assert said.count(note) == 2
    assert f"{note} incidents, so open_incidents was not checked" in said
    assert f"{note} channels and their escalation rules, so references was not" in flat(said)
    writer(paged, monkeypatch, "incidents_read", "channels_read")
    assert note not in paged("plan").out


@pytest.mark.parametrize("code", ["InternalError", "BadRequest"])
@pytest.mark.parametrize(
    ("endpoint", "check"),
    [(CHANNELS, "references"), (RULES, "references"), (INCIDENTS, "open_incidents")],
)
def test_other_trouble_leaves_the_check_out(
    paged: Terminal, hurried: None, endpoint: str, check: str, code: str
) -> None:
    paged.sandbox.fail_next(refusal(code, "no"), endpoint, times=9)
    paged.declare(GONE)
    planned = flat(paged("plan").out)
    assert "could not be read (the platform " in planned
    assert f"so {check} was not checked" in planned


def test_a_page_of_another_shape_leaves_it_out_too(rota: Terminal) -> None:
    rota.sandbox.fail_next(Reply(content={"data": {"items": [5]}}), INCIDENTS)
    planned = hand_over(rota)
    assert planned.code == 0
    assert "items[0] should be an object" in flat(planned.out)
    assert "so open_incidents was not checked" in flat(planned.out)


@pytest.mark.parametrize("form", ["empty", "missing"])
def test_every_form_of_nothing(paged: Terminal, form: Any) -> None:
    paged.sandbox.options = Options(form=form)
    paged.sandbox.console.add_incident("Nobody's")
    paged.declare(GONE)
    planned = paged("plan")
    assert planned.code == 1
    assert "(references)" in flat(planned.out)
    assert "(open_incidents)" not in planned.out


def test_validate_knows_their_names_and_needs_no_account(terminal: Terminal) -> None:
    terminal.config(checks={"references": "warn", "open_incidents": "error"})
    terminal.declare(schedule(), {"schedule": "Old", "absent": True})
    assert terminal("validate").code == 0
    assert terminal.sandbox.log == []


def test_a_finding_names_the_schedule_that_is_deleted(paged: Terminal) -> None:
    """Another one takes its name in the same run, and has nothing to do with the rules."""
    heir = schedule("Heir", layers=[layer(BOB)])
    paged.declare(schedule(layers=[layer(BACKUP)]), heir)
    paged.apply()
    paged.sandbox.console.add_incident("Disk full", [ALICE])
    ids = {one["schedule_name"]: one["schedule_id"] for one in paged.sandbox.console.schedules()}
    gone = {"schedule": "Old", "id": ids["Production"], "absent": True}
    paged.declare(gone, {**heir, "schedule": "Production", "id": ids["Heir"]})
    planned = paged("plan", "--format", "json", "--check-level", "open_incidents=error")
    assert planned.code == 1
    told = {(one["file"], "(references)" in one["message"]) for one in planned.json["refusals"]}
    assert told == {("schedules/0.yaml", True), ("schedules/0.yaml", False)}
    assert len(planned.json["refusals"]) == 2
