"""What text and JSON say alike about a look at key, account and platform."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.model.doctor_report import Diagnosis, Mark, Match, Trust, Verdict
from flashsync.model.wording import count


def compared(diagnosis: Diagnosis) -> str:
    """`3 schedules compared: 2 the same, 1 different; 4 not computed`."""
    counts = {match: len(diagnosis.matching(match)) for match in Match}
    words = {Match.NOT_COMPUTED: "not computed", Match.NOT_READ: "not read"}
    parts = [f"{counts[match]} {word}" for match, word in words.items() if counts[match]]
    if diagnosis.left_out:
        parts.append(f"{diagnosis.left_out} left out (--schedules N compares more)")
    return "; ".join([_counted(counts[Match.SAME], counts[Match.DIFFERS]), *parts])


def _counted(same: int, different: int) -> str:
    if not same + different:
        return "no schedule was compared"
    said = f"{count(same + different, 'schedule')} compared"
    return (
        f"{said}: {same} the same, {different} different" if different else f"{said}, no difference"
    )


def verdict(diagnosis: Diagnosis) -> str:
    """Whether offline answers can be trusted, and why, in one sentence without a full stop."""
    doubts = "; ".join(_doubts(diagnosis))
    match diagnosis.trust:
        case Trust.YES:
            return f"Offline answers can be trusted for this account ({_grounds(diagnosis)})"
        case Trust.PARTLY:
            return f"Offline answers can be trusted in part only ({doubts})"
        case Trust.NO:
            return f"Offline answers cannot be trusted for this account ({doubts})"
        case Trust.UNKNOWN:
            return "Whether offline answers can be trusted is not known: nothing was compared"


def _grounds(diagnosis: Diagnosis) -> str:
    """What trust rests on: schedules that were compared, else previews alone."""
    if same := diagnosis.matching(Match.SAME):
        return _all_of(len(same))
    verb = "agrees" if diagnosis.previews == 1 else "agree"
    return f"no schedule was compared, but {count(diagnosis.previews, 'preview')} {verb}"


def _doubts(diagnosis: Diagnosis) -> Iterator[str]:
    """What stands against trust, the gravest first."""
    differing, fair = (
        len(diagnosis.matching(match)) for match in (Match.DIFFERS, Match.NOT_COMPUTED)
    )
    against = [
        rule.title
        for rule in diagnosis.rules
        if rule.shifts and rule.tried and rule.verdict is Verdict.CONTRADICTED
    ]
    if diagnosis.zone is Mark.ERROR:
        yield "flashsync.yaml names another time zone than the account's, and they count in it"
    if differing:
        yield f"{count(differing, 'schedule')} {'differs' if differing == 1 else 'differ'}"
    if against:
        yield f"the platform reads another way: {', '.join(against)}"
    if diagnosis.zone is Mark.OPEN:
        yield "no flashsync.yaml names the time zone in which they count"
    if fair:
        verb = "has" if fair == 1 else "have"
        yield f"{count(fair, 'schedule')} {verb} fair layers, which only the platform computes"


def _all_of(number: int) -> str:
    return (
        "the one schedule compared is the same"
        if number == 1
        else (f"all {number} schedules compared are the same")
    )
