"""`flashsync doctor`: key, permissions, clock, open rules, and the engine against the platform."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from flashsync.operations.diagnose import describe_source
from flashsync.operations.environment import VENDOR_FILE
from flashsync.sandbox import Options, Reply, refusal
from tests.cli.console import NO_SERVER, WRITES, Ended, Terminal
from tests.clock import Clock, frozen

pytestmark = pytest.mark.slow

READS = {
    "/member/info",
    "/schedule/list",
    "/schedule/info",
    "/schedule/preview",
    "/schedule/self",
    "/member/list",
    "/person/infos",
    "/team/list",
    "/oncall/roles",
    "/incident/list",
    "/audit/search",
    "/channel/list",
    "/channel/escalate/rule/list",
}
MOST_PREVIEWS = 12

Act = Callable[[], Reply]


def diagnose(terminal: Terminal, *arguments: str, code: int = 0) -> Any:
    ended = terminal("doctor", "--format", "json", "--rate", "100%", *arguments)
    assert ended.code == code, ended
    assert terminal.written == []
    return ended.json


def permissions(found: Any) -> dict[str, str]:
    return {one["endpoint"]: one["access"] for one in found["permissions"]}


def rules(found: Any) -> dict[str, str]:
    return {one["id"]: one["verdict"] for one in found["rules"]}


def key(found: Any, id: str) -> Any:
    return next(one for one in found["key"] if one["id"] == id)


def schedules(found: Any) -> dict[str, str]:
    return {one["schedule"]: one["match"] for one in found["engine"]["schedules"]}


def test_a_good_key(demo: Terminal) -> None:
    found = diagnose(demo)
    assert found["healthy"] is True
    assert found["offline"]["trusted"] == "yes"
    assert {one["mark"] for one in found["key"]} == {"ok"}
    assert set(permissions(found)) == READS
    assert schedules(found) == {
        "Database On-Call": "same",
        "支付 昼夜值班": "same",
        "Legacy NOC": "same",
    }


def test_it_only_reads(demo: Terminal) -> None:
    diagnose(demo)
    asked = demo.sandbox.counts
    assert set(asked) <= READS
    assert not set(asked) & set(WRITES)
    assert asked["/schedule/preview"] <= MOST_PREVIEWS
    assert len(demo.names) == 3


def test_an_empty_account_settles_rules_by_previews(terminal: Terminal) -> None:
    found = diagnose(terminal)
    assert found["offline"]["trusted"] == "yes"
    assert "(no schedule was compared, but " in found["offline"]["said"]
    assert schedules(found) == {}
    verdicts = rules(found)
    for rule in ("zone", "excluded_days", "continuous", "month_end", "hours_over_midnight"):
        assert verdicts[rule] == "settled"
    assert verdicts["daylight_saving_days"] == "open"
    assert verdicts["secrets_read_back"] == "open"


def test_clock_changes_where_the_account_has_them(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "other-account-key")
    terminal.config(account="Other Inc", timezone="Europe/Berlin")
    verdicts = rules(diagnose(terminal))
    assert verdicts["daylight_saving_days"] == verdicts["daylight_saving_hours"] == "settled"


def test_live_schedules_show_rules(demo: Terminal) -> None:
    found = diagnose(demo)
    by_id = {one["id"]: one for one in found["rules"]}
    assert by_id["hours_over_midnight"]["agreeing"] == ["支付 昼夜值班"]
    assert by_id["excluded_days"]["agreeing"] == ["Legacy NOC"]
    assert "settled by the preview and 1 schedule" in by_id["excluded_days"]["seen"]
    assert by_id["no_team"]["seen"] == "here: 0 (1)"
    assert by_id["secrets_read_back"]["seen"] == "here: plain (2)"
    assert by_id["member_ids"]["verdict"] == "settled"


@pytest.mark.parametrize(("secrets", "seen"), [("masked", "masked (2)"), ("empty", "empty (1)")])
def test_secrets_that_do_not_read_back(demo: Terminal, secrets: Any, seen: str) -> None:
    demo.sandbox.options = replace(demo.sandbox.options, secrets=secrets)
    found = diagnose(demo)
    by_id = {one["id"]: one for one in found["rules"]}
    assert by_id["secrets_read_back"]["seen"] == f"here: {seen}"


@pytest.mark.parametrize("form", ["null", "empty", "missing"])
def test_every_form_of_nothing(demo: Terminal, form: Any) -> None:
    demo.sandbox.options = replace(demo.sandbox.options, form=form, layers_in=frozenset({"list"}))
    found = diagnose(demo)
    assert found["offline"]["trusted"] == "yes"


def test_a_reader(demo: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "sandbox-reader-key")
    found = diagnose(demo)
    assert permissions(found)["/schedule/info"] == "allowed"
    assert permissions(found)["/audit/search"] == "denied"


def test_a_key_without_permissions(demo: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "sandbox-nobody-key")
    found = diagnose(demo, code=1)
    denied = [name for name, access in permissions(found).items() if access == "denied"]
    assert denied == [
        "/schedule/info",
        "/schedule/preview",
        "/incident/list",
        "/audit/search",
        "/channel/list",
    ]
    assert found["offline"]["trusted"] == "unknown"
    assert schedules(found) == {}
    assert demo.sandbox.counts["/schedule/preview"] == 1
    text = demo("doctor").out
    assert "no permission, so plan, apply and drift cannot read schedules" in " ".join(text.split())


def test_what_a_server_does_not_know(demo: Terminal) -> None:
    demo.sandbox.hook = lambda endpoint, body, act: (
        refusal("RouteNotFound") if endpoint in ("/incident/list", "/channel/list") else None
    )
    found = diagnose(demo)
    assert permissions(found)["/incident/list"] == "unknown_there"
    assert permissions(found)["/channel/escalate/rule/list"] == "not_asked"


def test_what_guards_ask_for_is_missed_and_no_more(
    demo: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it plan and apply work, and say each time what they did not check."""
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "sandbox-reader-key")
    found = diagnose(demo)
    assert found["healthy"] is True
    missed = {one["endpoint"]: one for one in found["permissions"] if one["mark"] == "warning"}
    assert set(missed) == {"/incident/list", "/audit/search", "/channel/list"}
    assert missed["/incident/list"]["message"] == (
        "no permission, so plan and apply do not say who handles an incident (open_incidents)"
    )
    assert missed["/channel/list"]["message"] == (
        "no permission, so plan and apply do not check what escalation rules page (references)"
    )
    assert all("role with this permission" in one["remedy"] for one in missed.values())


def test_escalation_rules_of_the_first_channel(demo: Terminal) -> None:
    def hook(endpoint: str, body: Any, act: Act) -> Reply | None:
        if endpoint == "/channel/list":
            return Reply(content={"data": {"items": [{"channel_id": 77}], "total": 1}})
        if endpoint == "/channel/escalate/rule/list":
            assert body == {"channel_id": 77}
            return Reply(content={"data": {"items": []}})
        return None

    demo.sandbox.hook = hook
    found = diagnose(demo)
    assert permissions(found)["/channel/escalate/rule/list"] == "allowed"


def test_a_gateway_that_does_not_know_an_address(demo: Terminal) -> None:
    demo.sandbox.hook = lambda endpoint, body, act: (
        Reply(404, b"<html>no</html>") if endpoint == "/schedule/preview" else None
    )
    found = diagnose(demo)
    assert permissions(found)["/schedule/preview"] == "unknown_there"
    assert rules(found)["continuous"] == "open"


def test_a_wrong_key(demo: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "not-the-key-4711")
    found = diagnose(demo, code=1)
    assert "missing or not valid" in key(found, "answers")["message"]
    assert found["permissions"] == []
    assert demo.sandbox.counts == {"/member/info": 1}


def test_no_key(demo: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLASHDUTY_APP_KEY")
    found = diagnose(demo, code=1)
    assert key(found, "credentials")["remedy"] == "set FLASHDUTY_APP_KEY"


@pytest.mark.usefixtures("hurried")
def test_a_server_that_is_down(demo: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_BASE_URL", NO_SERVER)
    found = diagnose(demo, code=1)
    assert "cannot connect" in key(found, "answers")["message"]


def test_the_vendors_file(demo: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLASHDUTY_APP_KEY")
    path = Path(VENDOR_FILE).expanduser()
    path.parent.mkdir()
    path.write_text("app_key: sandbox-key\n", encoding="utf-8")
    found = diagnose(demo)
    assert VENDOR_FILE in key(found, "key_source")["message"]


def test_a_proxy_without_its_password(demo: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_BASE_URL", "https://flashduty.invalid")
    monkeypatch.setenv("HTTPS_PROXY", "http://joe:s3cret@127.0.0.1:9")
    said = describe_source(os.environ)[1].message
    assert said == "the base URL is https://flashduty.invalid, asked through the proxy 127.0.0.1:9"


@pytest.mark.parametrize("arguments", [(), ("--format", "json"), ("-vv",)])
def test_the_key_never_shows(demo: Terminal, arguments: tuple[str, ...]) -> None:
    ended = demo("doctor", *arguments)
    for text in (ended.out, ended.err):
        assert "sandbox-key" not in text
        assert "dt-4f1c9a7e2b" not in text


def test_another_account_and_another_zone_are_findings(demo: Terminal) -> None:
    demo.config(account="Other Inc", timezone="Europe/Berlin")
    found = diagnose(demo, code=1)
    assert key(found, "account_pinned")["mark"] == "error"
    assert key(found, "timezone")["remedy"] == "write `timezone: Asia/Shanghai`"
    assert "flashsync.yaml:1:" in key(found, "timezone")["message"]
    assert found["offline"]["trusted"] == "no"
    assert len(schedules(found)) == 3


def test_without_a_configuration(demo: Terminal) -> None:
    (demo.folder / "flashsync.yaml").unlink()
    found = diagnose(demo)
    assert key(found, "account_pinned")["remedy"] == "write `account: Acme Corp`"
    assert key(found, "account_pinned")["mark"] == key(found, "timezone")["mark"] == "open"
    assert found["offline"]["trusted"] == "partly"


def test_a_broken_configuration_is_a_finding(demo: Terminal) -> None:
    demo.write("flashsync.yaml", "version: 1\nacount: Acme\n")
    found = diagnose(demo, code=1)
    assert key(found, "config")["message"].startswith("flashsync.yaml:2:1: ")
    assert len(schedules(found)) == 3


def at_server_time(clock: Clock, ahead: float) -> Callable[[str, Any, Act], Reply]:
    def hook(endpoint: str, body: Any, act: Act) -> Reply:
        reply = act()
        date = formatdate(clock() + ahead, usegmt=True)
        return replace(reply, headers={**reply.headers, "Date": date})

    return hook


@pytest.mark.parametrize(("ahead", "mark"), [(0, "ok"), (120, "warning"), (-120, "warning")])
def test_the_clock(demo: Terminal, ahead: int, mark: str) -> None:
    demo.sandbox.hook = at_server_time(demo.clock, ahead)
    clock = diagnose(demo)["clock"]
    assert clock["mark"] == mark
    assert abs(clock["seconds_behind"] - ahead) < 1.5


def test_a_slow_answer_is_not_a_skew(demo: Terminal) -> None:
    demo.sandbox.options = Options(limits=demo.sandbox.options.limits, latency=0.05)
    demo.sandbox.hook = at_server_time(demo.clock, 0)
    assert diagnose(demo)["clock"]["seconds_behind"] == 0


def test_without_a_date_the_clock_is_not_known(demo: Terminal) -> None:
    def hook(endpoint: str, body: Any, act: Act) -> Reply:
        reply = act()
        return replace(reply, headers={**reply.headers, "Date": "soon"})

    demo.sandbox.hook = hook
    clock = diagnose(demo)["clock"]
    assert (clock["mark"], clock["seconds_behind"]) == ("open", None)


def test_the_clock_is_read_from_every_answer(demo: Terminal) -> None:
    assert diagnose(demo)["clock"]["mark"] == "ok"


def swapped(endpoint: str, body: Any, act: Act) -> Reply | None:
    """The platform puts somebody else on call in the first shift of each schedule."""
    if endpoint != "/schedule/info":
        return None
    reply = act()
    if reply.status != 200:
        return reply
    shifts = reply.content["data"]["final_schedule"]["schedules"] or []
    for shift in shifts[:1]:
        shift["group"]["members"] = [{"role_id": 0, "person_ids": [2476444212161]}]
    return reply


def test_a_difference_of_the_engine_is_a_warning(demo: Terminal) -> None:
    demo.sandbox.hook = swapped
    found = diagnose(demo, "--only", "Database*")
    assert schedules(found) == {"Database On-Call": "differs"}
    assert found["healthy"] is True
    assert found["offline"]["trusted"] == "no"
    different = found["engine"]["schedules"][0]["differences"][0]
    assert different["platform"][0]["person"] == "Frank Müller"
    text = demo("doctor", "--only", "Database*", "--rate", "100%").out
    assert "  ! Database On-Call: other people in 1 stretch\n" in text
    assert "platform: Frank Müller; engine: " in " ".join(text.split())
    assert "Offline answers cannot be trusted for this account (1 schedule differs)" in text


def test_a_platform_that_reads_a_rule_another_way(terminal: Terminal) -> None:
    def hook(endpoint: str, body: Any, act: Act) -> Reply | None:
        nights = body["layers"][0].get("restrict_mode") == 1 if "layers" in (body or {}) else False
        if endpoint != "/schedule/preview" or not nights:
            return None
        reply = act()
        reply.content["data"]["final_schedule"]["schedules"] = []
        return reply

    terminal.sandbox.hook = hook
    found = diagnose(terminal)
    rule = next(one for one in found["rules"] if one["id"] == "hours_over_midnight")
    assert rule["verdict"] == "contradicted"
    assert rule["seen"] == "in the preview, nobody is on duty"
    assert found["offline"]["trusted"] == "partly"
    assert "hours over midnight" in found["offline"]["said"]


def test_a_platform_that_takes_a_turn_for_nobody(terminal: Terminal) -> None:
    """It computes the shifts of the others, and nobody is on call in between."""

    def hook(endpoint: str, body: Any, act: Act) -> Reply | None:
        groups = [] if endpoint != "/schedule/preview" else body["layers"][0]["groups"]
        if all(group["members"] for group in groups):
            return None
        groups[1]["members"] = [{"role_id": 9, "person_ids": groups[0]["members"][0]["person_ids"]}]
        reply = act()
        for shifts in (lane["schedules"] for lane in reply.content["data"]["schedule_layers"]):
            shifts[:] = [one for one in shifts if one["group"]["members"][0]["role_id"] != 9]
        final = reply.content["data"]["final_schedule"]["schedules"]
        final[:] = [one for one in final if one["group"]["members"][0]["role_id"] != 9]
        return reply

    terminal.sandbox.world.account.roles[9] = "Nobody"
    terminal.sandbox.hook = hook
    ended = terminal("doctor", "--format", "json")
    (rule,) = (rule for rule in ended.json["rules"] if rule["id"] == "turns_for_nobody")
    assert (rule["verdict"], rule["seen"]) == (
        "contradicted",
        "in the preview, nobody is on call in it",
    )


def test_a_preview_that_is_refused_settles_nothing(terminal: Terminal) -> None:
    def hook(endpoint: str, body: Any, act: Act) -> Reply | None:
        if endpoint == "/schedule/preview" and body["layers"][0]["rotation_unit"] == "month":
            return refusal("InvalidParameter", "no months, please")
        return None

    terminal.sandbox.hook = hook
    found = diagnose(terminal)
    rule = next(one for one in found["rules"] if one["id"] == "month_end")
    assert (rule["verdict"], rule["previewed"]) == ("open", False)
    assert "no months, please" in rule["seen"]


def test_fair_layers_are_not_computed(demo: Terminal) -> None:
    def fair(schedule: dict[str, Any]) -> None:
        schedule["layers"][0]["fair_rotation"] = True

    demo.sandbox.console.edit("Legacy NOC", fair)
    found = diagnose(demo)
    assert schedules(found)["Legacy NOC"] == "not_computed"
    assert found["offline"]["trusted"] == "partly"
    assert (
        "1 schedule has fair layers, which only the platform computes" in found["offline"]["said"]
    )


def test_one_schedule_that_fails_ends_nothing(demo: Terminal) -> None:
    def hook(endpoint: str, body: Any, act: Act) -> Reply | None:
        if endpoint == "/schedule/info" and body["end"] - body["start"] > 40 * 86400:
            reply = act()
            if reply.content["data"]["schedule_name"] == "Legacy NOC":
                return refusal("ResourceNotFound", "it is gone")
        return None

    demo.sandbox.hook = hook
    found = diagnose(demo)
    assert schedules(found)["Legacy NOC"] == "not_read"
    assert schedules(found)["Database On-Call"] == "same"


def test_at_most_n_schedules(demo: Terminal) -> None:
    found = diagnose(demo, "--schedules", "1")
    assert len(schedules(found)) == 1
    assert found["engine"]["left_out"] == 2
    assert (
        "2 left out (--schedules N compares more)"
        in demo("doctor", "--schedules", "1", "--rate", "100%").out
    )


def test_only_what_is_named(demo: Terminal) -> None:
    assert list(schedules(diagnose(demo, "--only", "Legacy NOC"))) == ["Legacy NOC"]
    ended: Ended = demo("doctor", "--only", "Nope")
    assert ended.code == 1
    assert "--only Nope matches no schedule of the account" in ended.err


def test_many_schedules_of_every_kind(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generated layer has two people a turn, roles, odd starts, days, weeks and half days."""
    from flashsync.sandbox import UNLIMITED, running, seed

    with running(seed(30), Options(limits=UNLIMITED), now=frozen) as sandbox:
        monkeypatch.setenv("FLASHDUTY_BASE_URL", sandbox.url)
        found = diagnose(terminal)
    assert set(schedules(found).values()) == {"same"}
    by_id = {one["id"]: one for one in found["rules"]}
    assert len(by_id["layers_add_up"]["agreeing"]) == 30


@pytest.mark.parametrize("width", ["80", "160"])
def test_no_line_is_too_long(demo: Terminal, monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    from tests.render.looks import check_fits

    monkeypatch.setenv("COLUMNS", width)
    check_fits(demo("doctor").out, int(width))


@pytest.mark.parametrize(
    ("endpoint", "code", "access"),
    [
        ("/schedule/list", "AccessDenied", "denied"),
        ("/person/infos", "BadRequest", "failed"),
        ("/member/list", "RequestLocked", "failed"),
    ],
)
def test_what_plan_needs_and_does_not_get(
    demo: Terminal, endpoint: str, code: str, access: str
) -> None:
    def hook(asked: str, body: Any, act: Act) -> Reply | None:
        return refusal(code, "no") if asked == endpoint else swapped(asked, body, act)

    demo.sandbox.hook = hook
    found = diagnose(demo, "--only", "Legacy NOC", code=1)
    assert permissions(found)[endpoint] == access
    assert [one["mark"] for one in found["permissions"]].count("error") == 1
    wrong = next(one for one in found["permissions"] if one["endpoint"] == endpoint)
    assert (wrong["request_id"] == "") is False


def test_a_listing_that_breaks_off_is_a_finding(demo: Terminal) -> None:
    answered = list[str]()

    def hook(endpoint: str, body: Any, act: Act) -> Reply | None:
        answered.append(endpoint)
        return refusal("BadRequest", "no more") if answered.count("/schedule/list") > 1 else None

    demo.sandbox.hook = hook
    found = diagnose(demo, code=1)
    assert "no more" in key(found, "schedules")["message"]
    assert schedules(found) == {}
