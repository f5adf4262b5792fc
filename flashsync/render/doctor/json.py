"""The result of `doctor` as JSON."""

from __future__ import annotations

from collections.abc import Iterable

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
from flashsync.model.timezone import rfc3339
from flashsync.render.doctor.text import explain_trust
from flashsync.render.sanitize import dump

FORMAT_VERSION = "1.0"


def render_doctor_json(diagnosis: Diagnosis, directory: Directory) -> str:
    """All findings; keys are stable across versions."""
    account, skew = diagnosis.account, diagnosis.skew
    start, end = diagnosis.window
    document = {
        "format_version": FORMAT_VERSION,
        "healthy": diagnosis.healthy,
        "offline": {"trusted": diagnosis.trust.value, "said": explain_trust(diagnosis)},
        "account": account
        and {"id": account.id, "name": account.name, "timezone": account.timezone},
        "key": [_finding(finding) for finding in diagnosis.key],
        "clock": {
            **_finding(diagnosis.clock),
            "seconds_behind": skew and round(skew.seconds, 3),
        },
        "permissions": [_permission(part) for part in diagnosis.permissions],
        "rules": [_rule(rule) for rule in diagnosis.rules],
        "engine": {
            "window": {"start": rfc3339(start), "end": rfc3339(end)},
            "left_out": diagnosis.left_out,
            "schedules": [_comparison(part, directory) for part in diagnosis.comparisons],
        },
    }
    return dump(document)


def _finding(finding: DoctorFinding) -> dict[str, object]:
    return {
        "id": finding.id,
        "mark": finding.mark.value,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def _permission(permission: Permission) -> dict[str, object]:
    return {
        "endpoint": permission.endpoint,
        "use": permission.use,
        "access": permission.access.value,
        "mark": permission.mark.value,
        "message": permission.message,
        "remedy": permission.remedy,
        "request_id": permission.request_id,
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


def _comparison(comparison: Comparison, directory: Directory) -> dict[str, object]:
    return {
        "schedule": comparison.schedule,
        "schedule_id": comparison.id,
        "match": comparison.match.value,
        "message": comparison.message,
        "rules": sorted(comparison.rules),
        "differences": [_stretch(part, directory) for part in comparison.stretches],
    }


def _stretch(stretch: Stretch, directory: Directory) -> dict[str, object]:
    return {
        "start": rfc3339(stretch.start),
        "end": rfc3339(stretch.end),
        "platform": _people(stretch.platform, directory),
        "engine": _people(stretch.engine, directory),
    }


def _people(members: Iterable[Member], directory: Directory) -> list[dict[str, str]]:
    people = ((member, directory.people.get(member.person)) for member in sorted(members))
    return [
        {
            "person": directory.person(member.person),
            "email": person.email if person else "",
            "role": directory.role(member.role),
        }
        for member, person in people
    ]
