"""What text and JSON say alike about a look at key, account and platform."""

from __future__ import annotations

from flashsync.render.words import count
from flashsync.state.diagnosis import Diagnosis, Match, Trust, Verdict


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
    same, differing = diagnosis.matching(Match.SAME), diagnosis.matching(Match.DIFFERS)
    against = [
        rule.title
        for rule in diagnosis.rules
        if rule.shifts and rule.tried and rule.verdict is Verdict.CONTRADICTED
    ]
    doubts = [f"{count(len(differing), 'schedule')} {_differ(len(differing))}"] if differing else []
    doubts += [f"the platform reads another way: {', '.join(against)}"] if against else []
    match diagnosis.trust:
        case Trust.YES:
            by = _all_of(len(same)) if same else "no schedule compared, but all previews agree"
            return f"Offline answers can be trusted for this account ({by})"
        case Trust.PARTLY:
            return f"Offline answers can be trusted in part only ({'; '.join(doubts)})"
        case Trust.NO:
            return f"Offline answers cannot be trusted for this account ({'; '.join(doubts)})"
        case Trust.UNKNOWN:
            return "Whether offline answers can be trusted is not known: nothing was compared"


def _differ(number: int) -> str:
    return "differs" if number == 1 else "differ"


def _all_of(number: int) -> str:
    return (
        "the one schedule compared is the same"
        if number == 1
        else (f"all {number} schedules compared are the same")
    )
