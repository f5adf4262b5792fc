"""A look at key, account and platform, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from flashsync.model.doctor_report import (
    Comparison,
    Diagnosis,
    DoctorFinding,
    Permission,
    RuleFinding,
    Stretch,
)
from flashsync.model.people import Directory
from flashsync.model.schedule import Member
from flashsync.render.doctor.text import verdict
from flashsync.render.sanitize import dump

FORMAT_VERSION = "1.0"


def render_doctor_json(diagnosis: Diagnosis, directory: Directory) -> str:
    """All findings; the keys stay the same from version to version."""
    account, skew = diagnosis.account, diagnosis.skew
    start, end = diagnosis.window
    document = {
        "format_version": FORMAT_VERSION,
        "healthy": diagnosis.healthy,
        "offline": {"trusted": diagnosis.trust.value, "said": verdict(diagnosis)},
        "account": account
        and {"id": account.id, "name": account.name, "timezone": account.timezone},
        "key": [_finding(one) for one in diagnosis.key],
        "clock": {
            **_finding(diagnosis.clock),
            "seconds_behind": skew and round(skew.seconds, 3),
        },
        "permissions": [_permission(one) for one in diagnosis.permissions],
        "rules": [_rule(one) for one in diagnosis.rules],
        "engine": {
            "window": {"start": _instant(start), "end": _instant(end)},
            "left_out": diagnosis.left_out,
            "schedules": [_comparison(one, directory) for one in diagnosis.comparisons],
        },
    }
    return dump(document)


def _finding(found: DoctorFinding) -> dict[str, object]:
    return {
        "id": found.id,
        "mark": found.mark.value,
        "message": found.said,
        "remedy": found.remedy,
    }


def _permission(one: Permission) -> dict[str, object]:
    return {
        "endpoint": one.endpoint,
        "use": one.use,
        "access": one.access.value,
        "mark": one.mark.value,
        "message": one.said,
        "remedy": one.remedy,
        "request_id": one.request_id,
    }


def _rule(rule: RuleFinding) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "assumed": rule.decision,
        "verdict": rule.verdict.value,
        "seen": rule.seen,
        "previewed": rule.tried,
        "agreeing": list(rule.agreeing),
        "differing": list(rule.differing),
    }


def _comparison(one: Comparison, directory: Directory) -> dict[str, object]:
    return {
        "schedule": one.schedule,
        "schedule_id": one.id,
        "match": one.match.value,
        "message": one.said,
        "rules": sorted(one.rules),
        "differences": [_stretch(part, directory) for part in one.stretches],
    }


def _stretch(part: Stretch, directory: Directory) -> dict[str, object]:
    return {
        "start": _instant(part.start),
        "end": _instant(part.end),
        "platform": _people(part.platform, directory),
        "engine": _people(part.engine, directory),
    }


def _people(members: Iterable[Member], directory: Directory) -> list[dict[str, str]]:
    found = []
    for member in sorted(members):
        person = directory.people.get(member.person)
        found.append(
            {
                "person": directory.person(member.person),
                "email": person.email if person else "",
                "role": directory.role(member.role),
            }
        )
    return found


def _instant(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
