"""`show`: the calendar after an apply, of the account, of the files alone."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from flashsync.sandbox import refusal
from tests.cli.console import Terminal, layer, schedule
from tests.clock import NOW
from tests.render.calendars import at
from tests.render.html.reading import data_of, rfc
from tests.render.looks import check_fits

pytestmark = pytest.mark.at(NOW)  # the texts hold dates

FROM = ("--from", "2026-11-23", "--days", "7")
"""A week from a Monday on."""
PEOPLE = {name: f"{name}@example.com" for name in ("alice", "bob", "carol", "dave", "heidi")}


@pytest.fixture
def named(demo: Terminal) -> Terminal:
    """The demo's account, with short names and a terminal of 80 columns."""
    demo.config(people=PEOPLE)
    return demo


@pytest.fixture
def planned(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A live schedule of alice and bob, and a file that adds carol from the start."""
    monkeypatch.setenv("COLUMNS", "80")
    terminal.config(people=PEOPLE)
    terminal.declare(schedule(layers=[layer("alice", "bob")]))
    terminal.apply()
    return terminal


def rows(text: str) -> dict[str, str]:
    """The rows of the first chart by their names."""
    lines = [line[2:].split("  ", 1) for line in text.splitlines() if line.startswith("  ")]
    return {parts[0]: parts[1] for parts in reversed(lines) if len(parts) == 2}


def test_the_account_as_it_is(named: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ended = named("show", "--live", "--all", *FROM)
    assert ended.code == 0
    check_fits(ended.out, 80)
    assert ended.out.splitlines()[0].startswith(
        "Mon 23 Nov 00:00 – Mon 30 Nov 00:00, Asia/Shanghai, as the account is now"
    )
    ended = named("show", "--live", "--all", "--only", "Data*", *FROM)
    assert ended.out.splitlines()[2:] == [
        "Database On-Call",
        "           Mon 23   Tue 24   Wed 25   Thu 26   Fri 27   Sat 28   Sun 29",
        f"  Primary  ─al─│bob {'─' * 54}",
        f"  on call  ─al─│bob {'─' * 54}",
        "",
        "  Mon 16 Nov 10:00 – Mon 23 Nov 10:00  alice",
        "  Mon 23 Nov 10:00 – Mon 30 Nov 10:00  bob",
        "",
        "  al = alice",
    ]


def test_declared_schedules_as_they_are_live(named: Terminal) -> None:
    named.declare(schedule("Database On-Call"), schedule("New"))
    ended = named("show", "--live", *FROM)
    assert "Database On-Call" in ended.out
    assert "Legacy" not in ended.out
    assert "note: not live yet, `flashsync apply` creates it" in ended.out


def test_a_change_is_seen_before_it_is_applied(planned: Terminal) -> None:
    later = {"start": "2027-02-01 10:00"}
    planned.declare(schedule("Later", layers=[layer("alice", "bob", **later)]))
    planned.apply("--create-lookalike")
    planned.declare(schedule("Later", layers=[layer("alice", "carol", **later)]))
    week = ("--from", "2027-02-08", "--days", "7")
    before, after = (planned("show", *more, *week) for more in (["--live"], []))
    assert "│bob " in rows(before.out)["on call"]
    assert "│carol " in rows(after.out)["on call"]
    assert "as it is after an apply of the files" in " ".join(after.out.split())
    assert planned.written == ["create", "create"]


def test_the_console_keeps_its_overrides(planned: Terminal) -> None:
    start = at("2036-11-25 00:00")
    planned.sandbox.console.add_override(
        "Production", ["dave@example.com"], start, start + 86400, "Swap"
    )
    cover = {"override": "Away", "from": "2036-11-27 00:00", "to": "2036-11-28 00:00"}
    planned.declare(
        schedule(
            layers=[layer("alice", "bob")], overrides=[{**cover, "people": ["heidi"]}], team="SRE"
        )
    )
    for arguments in ((), ("--format", "json")):
        ended = planned("show", "--from", "2036-11-24", "--days", "7", *arguments)
        assert ended.code == 0, ended
    layers = {one["layer"]: one for one in ended.json["schedules"][0]["layers"]}
    assert ended.json["basis"] == "after_apply"
    assert layers["Swap"]["shifts"][0]["people"][0]["person"] == "dave"
    assert layers["Away"]["shifts"][0]["people"][0]["person"] == "heidi"
    assert planned.written == ["create"]


def test_a_new_schedule_is_previewed(terminal: Terminal) -> None:
    terminal.config(people=PEOPLE)
    terminal.declare(schedule("New", layers=[layer("alice", "bob")]))
    ended = terminal("show", *FROM, "--format", "json")
    (found,) = ended.json["schedules"]
    assert (found["schedule"], found["schedule_id"]) == ("New", None)
    assert {one["people"][0]["person"] for one in found["on_call"]} == {"alice", "bob"}
    assert "/schedule/preview" in [entry.endpoint for entry in terminal.sandbox.log]


def test_a_plan_that_apply_would_refuse(planned: Terminal) -> None:
    lookalike = schedule("Renamed by hand", layers=[layer("alice", "bob")])
    planned.declare(lookalike)
    ended = planned("show", *FROM)
    assert ended.code == 0
    assert "warning: `apply` would refuse this plan; run `flashsync plan` to see why" in ended.err


def test_a_deleted_schedule_is_gone(planned: Terminal) -> None:
    planned.declare(schedule(absent=True))
    ended = planned("show", *FROM)
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "No schedule to show.")


def test_what_is_edited_while_it_is_read(planned: Terminal) -> None:
    more = layer("carol", layer="More", start="2027-02-01 10:00")
    planned.declare(schedule(layers=[layer("alice", "bob"), more]))
    asked: list[str] = []

    def meddle(endpoint: str, body: object, act: object) -> None:
        asked.append(endpoint)
        if asked.count("/schedule/info") == 2 and endpoint == "/schedule/info":
            planned.sandbox.console.edit("Production", {"description": "edited"})

    planned.sandbox.hook = meddle
    ended = planned("show", *FROM)
    assert ended.code == 0
    assert "it changed after the plan" in " ".join(ended.out.split())
    assert "More" not in ended.out


def test_previews_that_the_platform_refuses_are_computed_here(planned: Terminal) -> None:
    planned.declare(schedule("New", layers=[layer("alice", "bob")]))
    expected = planned("show", *FROM).out
    planned.sandbox.fail_next(refusal("AccessDenied"), "/schedule/preview", times=9)
    ended = planned("show", *FROM)
    assert rows(ended.out)["on call"] == rows(expected)["on call"]
    assert "computed here because the platform gave no preview" in ended.out
    fair = layer("alice", "bob", fair=True)
    planned.declare(schedule("New", layers=[fair]))
    ended = planned("show", *FROM)
    assert (ended.code, ended.out) == (1, "")


def test_the_files_alone(terminal: Terminal) -> None:
    terminal.config(people=PEOPLE)
    terminal.declare(schedule(layers=[layer("alice", "bob", fair=True), layer("carol", layer="B")]))
    ended = terminal("show", "--offline", *FROM)
    assert ended.code == 0
    assert "counted from `start`: the live position may differ" in " ".join(ended.out.split())
    assert "not known offline" in rows(ended.out)["on call"]
    assert "note: Primary is `fair`, so only the platform knows whose turn it is" in ended.out
    assert terminal.sandbox.log == []
    document = terminal("show", "--offline", *FROM, "--format", "json").json
    assert document["schedules"][0]["on_call"] is None


def test_offline_needs_a_zone(terminal: Terminal) -> None:
    terminal.write("flashsync.yaml", "version: 1\n")
    terminal.declare(schedule())
    ended = terminal("show", "--offline")
    assert ended.code == 1
    assert ended.err.splitlines()[-1] == (
        "error: --offline needs `timezone` in flashsync.yaml; set it to the account's zone"
    )


def test_offline_and_live_draw_the_same_for_what_was_just_created(planned: Terminal) -> None:
    offline, live = (planned("show", mode, *FROM).out for mode in ("--offline", "--live"))
    assert rows(offline)["on call"] == rows(live)["on call"]


def test_a_person(named: Terminal) -> None:
    for name in ("heidi", "HEIDI@example.com", "Heidi Bauer"):
        ended = named("show", "--live", "--all", "--person", name, *FROM)
        assert ended.code == 0, ended
        assert "heidi only" in ended.out
        assert "Legacy NOC" in ended.out
        assert "Database" not in ended.out
    ended = named("show", "--live", "--all", "--person", "heidy", *FROM)
    assert ended.code == 1
    assert "error: --person: nobody in the account is `heidy`; did you mean heidi?" in ended.err


def test_ics_per_schedule_and_per_person(named: Terminal) -> None:
    ended = named("show", "--live", "--all", *FROM, "--format", "ics")
    events = Calendar.from_ical(ended.out).walk("VEVENT")
    assert {str(one["summary"]).partition(":")[0] for one in events} == {
        "Database On-Call",
        "Legacy NOC",
        "支付 昼夜值班",
    }
    mine = named("show", "--live", "--all", "--person", "bob", *FROM, "--format", "ics")
    summaries = [str(one["summary"]) for one in Calendar.from_ical(mine.out).walk("VEVENT")]
    assert summaries == ["Database On-Call: bob"]


def test_the_same_shift_has_the_same_id_on_another_day(named: Terminal) -> None:
    def ids(start: str) -> set[str]:
        ended = named("show", "--live", "--all", "--from", start, "--format", "ics")
        events = Calendar.from_ical(ended.out).walk("VEVENT")
        return {str(one["uid"]) for one in events if str(one["summary"]).startswith("Data")}

    assert len(ids("2026-11-23") & ids("2026-11-25")) == 2


def test_a_page_of_the_account(named: Terminal) -> None:
    page = named("show", "--live", "--all", *FROM, "--format", "html").out
    assert page.startswith("<!doctype html>\n")
    assert page.endswith("</html>\n")
    document = named("show", "--live", "--all", *FROM, "--format", "json").json
    data = data_of(page)
    assert [one["name"] for one in data["schedules"]] == [
        one["schedule"] for one in document["schedules"]
    ]
    assert (rfc(data["start"]), rfc(data["end"])) == tuple(document["window"].values())
    assert (data["zone"], rfc(data["now"])) == ("Asia/Shanghai", document["now"])


def test_a_page_after_an_apply_of_the_files_and_of_a_saved_plan(planned: Terminal) -> None:
    planned.declare(schedule(layers=[layer("alice", "bob", "carol")]))
    assert planned("plan", "--out", "plan.json").code == 0
    pages = [
        planned("show", *arguments, "--format", "html", "--timezone", "Europe/Berlin")
        for arguments in (("--days", "28"), ("--plan", "plan.json"))
    ]
    for ended in (*pages, planned("show", "--offline", "--format", "html", "--days", "28")):
        assert ended.code == 0
        side = data_of(ended.out)["schedules"][0]["sides"][-1]
        assert [one["name"] for one in side["lanes"]] == ["Primary", "on call"]
        assert ">carol</bdi>" in ended.out
    assert {data_of(ended.out)["zone"] for ended in pages} == {"Europe/Berlin"}


def test_a_page_of_one_person(named: Terminal) -> None:
    page = named("show", "--live", "--all", "--person", "alice", *FROM, "--format", "html").out
    data = data_of(page)
    assert data["people"][data["person"]][0] == "alice"
    assert "<bdi>alice</bdi> only" in page


def test_another_zone_and_a_time_to_begin_at(named: Terminal) -> None:
    ended = named(
        "show", "--live", "--all", "--from", "2026-11-23 10:00", "--timezone", "Europe/Berlin"
    )
    assert ended.out.startswith("Mon 23 Nov 03:00 – Mon 30 Nov 03:00, Europe/Berlin")


def test_a_date_alone_is_a_day_of_the_zone_that_is_shown(named: Terminal) -> None:
    for mode in (("--live", "--all"), ("--offline",)):
        named.declare(schedule())
        ended = named("show", *mode, *FROM, "--timezone", "Europe/Berlin")
        assert ended.out.startswith("Mon 23 Nov 00:00 – Mon 30 Nov 00:00, Europe/Berlin")
        offset = ("--from", "2026-11-23 10:00+08:00", "--timezone", "Europe/Berlin")
        assert named("show", *mode, *offset).out.startswith("Mon 23 Nov 03:00")


def test_a_wide_terminal_has_two_weeks(named: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    ended = named("show", "--live", "--all", "--from", "2026-11-23")
    check_fits(ended.out, 160)
    assert ended.out.startswith("Mon 23 Nov 00:00 – Mon 7 Dec 00:00")


def test_the_longest_window(named: Terminal) -> None:
    ended = named("show", "--live", "--all", "--days", "44", "--from", "2026-03-01")
    assert ended.code == 0
    assert named("show", "--live", "--all", "--days", "45").code == 1


def test_hostile_names_do_no_harm(demo: Terminal) -> None:
    demo.sandbox.console.rename("Legacy NOC", "\x1b[31mred\u202eback")
    for format_ in ("text", "json", "ics", "html"):
        ended = demo("show", "--live", "--all", *FROM, "--format", format_, "--color", "never")
        assert ended.code == 0
        assert "\x1b" not in ended.out + ended.err
        assert "\u202e" not in ended.out + ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--live", "--offline"),
        ("--live", "--plan", "plan.json"),
        ("--all",),
        ("--live", "--all", "schedules"),
        ("--plan", "plan.json", "--only", "A"),
        ("--plan", "no-such.json"),
        ("--plan", "plan.json", "schedules"),
        ("--plan", "plan.json", "--offline"),
        ("--plan", "plan.json", "--days", "3"),
        ("--plan", "plan.json", "--config", "flashsync.yaml"),
        ("--report", "markdown=show.md"),
        ("--plan", "plan.json", "--format", "ics", "--report", "json=show.json"),
        ("--report", "html=show.html"),
        ("--live", "--all", "--from", "someday"),
    ],
)
def test_options_that_make_no_sense(demo: Terminal, arguments: tuple[str, ...]) -> None:
    ended = demo("show", *arguments)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.count("\n") == 1


def test_errors_of_files_stop_it(terminal: Terminal) -> None:
    terminal.declare(schedule(layers=[layer("alice@example.com", start="2026-13-01 00:00")]))
    for arguments in ((), ("--live",), ("--offline",)):
        ended = terminal("show", *arguments)
        assert (ended.code, ended.out) == (1, "")
        assert "schedules/0.yaml:1:" in ended.err


def test_schedules_come_by_name(terminal: Terminal) -> None:
    terminal.declare(schedule("beta"), schedule("Gamma"), schedule("Alpha"))
    shown = terminal("show", "--offline", "--json").json["schedules"]
    assert [one["schedule"] for one in shown] == ["Alpha", "beta", "Gamma"]
