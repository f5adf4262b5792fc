"""A look at key, account and platform, as text and as JSON."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from flashsync.model.doctor_report import (
    Access,
    Comparison,
    Diagnosis,
    DoctorFinding,
    EngineMatch,
    Mark,
    Permission,
    RuleFinding,
    Skew,
    Stretch,
    Trust,
    Verdict,
)
from flashsync.model.people import Account, Directory, Person
from flashsync.model.schedule import BACKUP, Member
from flashsync.model.timezone import DAY
from flashsync.render.diagnosis import (
    FORMAT_VERSION,
    explain_trust,
    render_doctor,
    render_doctor_json,
)
from flashsync.render.terminal import Screen
from tests.render.looks import check_fits, check_golden, check_harmless, plain

NOW = 1795399200  # Monday 2026-11-23 10:00 in Asia/Shanghai
ALICE, BOB, EVE = Member(1), Member(2), Member(3, BACKUP)
DIRECTORY = Directory(
    {
        1: Person(1, "Alice Zhang", "alice@example.com"),
        2: Person(2, "王小明", "xiaoming@example.com"),
        3: Person(3, "Eve\u202e\x1b[31m", "eve@example.com"),
    }
)
WEEK = 7 * DAY


def stretch(number: int, *engine: Member) -> Stretch:
    start = NOW + number * WEEK
    return Stretch(start, start + WEEK, frozenset({ALICE}), frozenset(engine))


def rule(
    verdict: Verdict = Verdict.SETTLED, title: str = "excluded days", seen: str = ""
) -> RuleFinding:
    seen = seen or "settled by the preview and 2 schedules"
    decision = "they do not count in turns of days"
    return RuleFinding(title.replace(" ", "_"), title, decision, verdict, seen, tried=True)


def zone(mark: Mark) -> DoctorFinding:
    return DoctorFinding("timezone", mark, "what it says of the zone")


FAIR = Comparison("Fair", 9, EngineMatch.NOT_COMPUTED, message="not computed: a layer is fair")
SAME = Comparison("Database On-Call", 7, EngineMatch.SAME)
DIFFERENT = Comparison(
    "支付 昼夜值班",
    8,
    EngineMatch.DIFFERS,
    (stretch(0, BOB), stretch(1, BOB, EVE), stretch(2), stretch(3, BOB)),
    frozenset({"excluded_days"}),
)
FULL = Diagnosis(
    at=NOW,
    window=(NOW, NOW + 44 * DAY),
    account=Account(1, "Acme Corp", "Asia/Shanghai"),
    skew=Skew(41.9, 42.4),
    key=(
        DoctorFinding(
            "key_source", Mark.OK, "the key comes from the environment (FLASHDUTY_APP_KEY)"
        ),
        DoctorFinding(
            "account_pinned", Mark.OPEN, "no flashsync.yaml names the account", "write it"
        ),
        DoctorFinding(
            "timezone",
            Mark.ERROR,
            "flashsync.yaml:2:1: it says Europe/Berlin, and the account's is Asia/Shanghai",
            "write `timezone: Asia/Shanghai`",
        ),
    ),
    permissions=(
        Permission("/member/info", "the key's member", Access.ALLOWED, Mark.OK),
        Permission(
            "/schedule/info",
            "reads a schedule",
            Access.DENIED,
            Mark.ERROR,
            "no permission, so plan, apply and drift cannot read schedules",
            "give the member a role with this permission",
            "0af1",
        ),
        Permission(
            "/channel/escalate/rule/list",
            "escalation rules",
            Access.UNKNOWN_THERE,
            Mark.OPEN,
            "this server does not know it",
        ),
    ),
    rules=(
        rule(),
        rule(Verdict.CONTRADICTED, "hours over the week's end", "in the preview, no duty at all"),
        rule(Verdict.OPEN, "secrets", "nothing that was read shows it"),
        rule(Verdict.OPEN, "no team", "nothing that was read shows it"),
    ),
    comparisons=(
        SAME,
        DIFFERENT,
        FAIR,
        Comparison("Gone", 10, EngineMatch.NOT_READ, message="not read: it is not there"),
    ),
    left_out=12,
)
HEALTHY = replace(
    FULL,
    key=FULL.key[:1],
    skew=Skew(-0.3, 0.2),
    permissions=FULL.permissions[:1],
    rules=FULL.rules[:1],
    comparisons=(SAME,),
    left_out=0,
)


@pytest.mark.parametrize("width", [40, 80, 160])
def test_all_that_a_look_can_find(width: int) -> None:
    text = render_doctor(FULL, DIRECTORY, Screen(width))
    check_fits(text, width)
    check_golden(f"doctor-{width}", text)
    assert plain(render_doctor(FULL, DIRECTORY, Screen(width, color=True))) == text


def test_verbose_shows_every_stretch() -> None:
    text = render_doctor(FULL, DIRECTORY, Screen(160), verbose=True)
    assert text.count("platform: Alice") == 4
    assert "more (-v" not in text


def test_another_zone_for_the_times() -> None:
    text = render_doctor(FULL, DIRECTORY, Screen(100), timezone="Europe/Berlin")
    assert "44 days from Mon 23 Nov 03:00" in text


def test_many_that_agree_are_a_number() -> None:
    many = tuple(Comparison(f"Schedule {number}", number, EngineMatch.SAME) for number in range(20))
    found = replace(HEALTHY, comparisons=many)
    text = render_doctor(found, DIRECTORY, Screen(100))
    assert "  ✓ 20 schedules: the same shifts (-v names them)\n" in text
    verbose = render_doctor(found, DIRECTORY, Screen(100), verbose=True)
    assert "  ✓ Schedule 19: the same shifts\n" in verbose


def test_all_is_well() -> None:
    text = render_doctor(HEALTHY, DIRECTORY, Screen(100))
    assert text.endswith(
        "  ✓ 1 schedule compared, no difference\n\n"
        "✓ Offline answers can be trusted for this account (the one schedule compared is the "
        "same).\n✓ 0 errors, 0 warnings; nothing was written.\n"
    )
    assert "  ✓ this machine's clock agrees with the server's\n" in text


def test_signs_that_an_encoding_lacks() -> None:
    text = render_doctor(FULL, DIRECTORY, Screen(80, encoding="ascii"))
    check_fits(text, 80)
    assert text.isascii()
    assert "  ok /member/info" in text
    assert "  x /schedule/info" in text


def test_a_key_that_leads_nowhere() -> None:
    refused = DoctorFinding(
        "answers", Mark.ERROR, "the APP key is missing or not valid", "check FLASHDUTY_APP_KEY"
    )
    found = Diagnosis(NOW, (NOW, NOW + DAY), key=(refused,))
    assert render_doctor(found, Directory(), Screen(80)) == (
        "Key\n"
        "  ✗ the APP key is missing or not valid; check FLASHDUTY_APP_KEY\n"
        "\n"
        "✗ Nothing else could be asked: 1 error, 0 warnings; nothing was written.\n"
    )
    document = json.loads(render_doctor_json(found, Directory()))
    assert (document["healthy"], document["account"]) == (False, None)


@pytest.mark.parametrize(
    ("skew", "mark", "said"),
    [
        (None, Mark.OPEN, "no answer had the time"),
        (Skew(-0.5, 0.5), Mark.OK, "agrees with the server's"),
        (Skew(2.0, 3.0), Mark.OK, "2.0 s behind the server's"),
        (Skew(42.0, 43.0), Mark.WARNING, "42.0 s behind the server's"),
        (Skew(-90.0, -89.0), Mark.WARNING, "89.0 s ahead of the server's"),
    ],
)
def test_the_clock(skew: Skew | None, mark: Mark, said: str) -> None:
    clock = replace(FULL, skew=skew).clock
    assert clock.mark is mark
    assert said in clock.message


@pytest.mark.parametrize(
    ("comparisons", "rules", "trust"),
    [
        ((SAME,), (rule(),), Trust.YES),
        ((), (rule(),), Trust.YES),
        ((SAME, DIFFERENT), (), Trust.PARTLY),
        ((SAME,), (rule(Verdict.CONTRADICTED),), Trust.PARTLY),
        ((DIFFERENT,), (), Trust.NO),
        ((DIFFERENT,), (rule(),), Trust.NO),
        ((), (rule(Verdict.CONTRADICTED),), Trust.NO),
        ((), (rule(Verdict.OPEN),), Trust.UNKNOWN),
        ((SAME,), (replace(rule(Verdict.CONTRADICTED), shifts=False),), Trust.YES),
        ((SAME, FAIR), (), Trust.PARTLY),
        ((FAIR,), (rule(),), Trust.PARTLY),
        ((FAIR,), (), Trust.UNKNOWN),
        ((FAIR, DIFFERENT), (rule(),), Trust.NO),
    ],
)
def test_whether_offline_answers_can_be_trusted(
    comparisons: tuple[Comparison, ...], rules: tuple[RuleFinding, ...], trust: Trust
) -> None:
    found = replace(HEALTHY, comparisons=comparisons, rules=rules)
    assert found.trust is trust
    assert "trusted" in explain_trust(found)
    assert found.healthy


@pytest.mark.parametrize(
    ("mark", "comparisons", "trust"),
    [
        (Mark.OK, (SAME,), Trust.YES),
        (Mark.OPEN, (SAME,), Trust.PARTLY),
        (Mark.OPEN, (), Trust.UNKNOWN),
        (Mark.OPEN, (DIFFERENT,), Trust.NO),
        (Mark.ERROR, (SAME,), Trust.NO),
        (Mark.ERROR, (), Trust.NO),
    ],
)
def test_offline_answers_count_in_the_zone_of_the_configuration(
    mark: Mark, comparisons: tuple[Comparison, ...], trust: Trust
) -> None:
    found = replace(HEALTHY, key=(zone(mark),), rules=(), comparisons=comparisons)
    assert found.trust is trust


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"comparisons": ()}, "can be trusted for this account (no schedule was compared, but 1 preview agrees)"),
        ({"comparisons": (), "rules": (rule(), rule(title="b"), rule(Verdict.OPEN))}, "can be trusted for this account (no schedule was compared, but 2 previews agree)"),
        ({"comparisons": (SAME, FAIR)}, "can be trusted in part only (1 schedule has fair layers, which only the platform computes)"),
        ({"comparisons": (SAME, FAIR, FAIR), "key": (zone(Mark.OPEN),)}, "can be trusted in part only (no flashsync.yaml names the time zone in which they count; 2 schedules have fair layers, which only the platform computes)"),
        ({"key": (zone(Mark.ERROR),)}, "cannot be trusted for this account (flashsync.yaml names another time zone than the account's, and they count in it)"),
    ],
)  # fmt: skip
def test_the_evidence_for_trust_is_shown(fields: dict[str, Any], said: str) -> None:
    assert explain_trust(replace(HEALTHY, **fields)) == f"Offline answers {said}"


def test_json_has_every_key() -> None:
    text = render_doctor_json(FULL, DIRECTORY)
    check_harmless(text)
    document = json.loads(text)
    assert document["format_version"] == FORMAT_VERSION
    assert document["healthy"] is False
    assert document["offline"]["trusted"] == "no"
    assert document["clock"]["seconds_behind"] == 41.9
    assert [one["access"] for one in document["permissions"]] == [
        "allowed",
        "denied",
        "unknown_there",
    ]
    assert [one["verdict"] for one in document["rules"]][:2] == ["settled", "contradicted"]
    different = document["engine"]["schedules"][1]
    assert different["rules"] == ["excluded_days"]
    assert different["differences"][0] == {
        "start": "2026-11-23T02:00:00Z",
        "end": "2026-11-30T02:00:00Z",
        "platform": [{"person": "Alice Zhang", "email": "alice@example.com", "role": "primary"}],
        "engine": [{"person": "王小明", "email": "xiaoming@example.com", "role": "primary"}],
    }
