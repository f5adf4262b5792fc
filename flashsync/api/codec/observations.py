"""What an account's answers show of the wire forms that api.md leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flashsync.api.codec.json_fields import Raw
from flashsync.model.doctor_report import RuleFinding, Verdict
from flashsync.model.notify import MASK, SECRETS
from flashsync.model.people import Person
from flashsync.model.timezone import DAY, WEEK, time_of_week

LONGEST_NAME = 40
"""Characters of a layer's name, as decided in api.md."""

_UNSEEN = "nothing that was read shows it"
_ROTATION = 0
_WEEK_LONG = ((1, "week"), (7, "day"))
_PERIOD = {1: DAY, 2: WEEK}


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that an answer shows: of which rule, and in which form."""

    rule: str
    form: str
    agrees: bool = True


_DECISIONS: Mapping[str, tuple[str, str]] = {
    "secrets_read_back": ("secrets", "masked or empty ones are not compared"),
    "no_team": ("no team", "0 is sent; 0, null and absent are read alike"),
    "open_end": ("open end", "null, 0 and absent are read alike"),
    "mirrors": ("two names of a time", "layer_start and layer_end win over their mirrors"),
    "window_form": ("form of a night window", "an end before its start, or one beyond the day"),
    "handoff_zero_live": ("live handoff 0", "read as no handoff where the start is elsewhere"),
    "layer_name": ("a layer's name", f"at most {LONGEST_NAME} characters"),
}


def look(raw: Raw, timezone: str) -> tuple[Seen, ...]:
    """What the answer to `/schedule/info` shows; its shape has been checked before."""
    seen = [*_secrets(raw), *_team(raw)]
    for layer in raw.get("layers") or ():
        seen += _ends(layer)
        seen += _name(layer)
        if (layer.get("mode") or _ROTATION) == _ROTATION:
            seen += [*_windows(layer), *_handoff(layer, timezone)]
    return tuple(seen)


def findings(seen: Iterable[Seen]) -> tuple[RuleFinding, ...]:
    """What all answers together show, a finding a rule."""
    by_rule: dict[str, list[Seen]] = {rule: [] for rule in _DECISIONS}
    for each in seen:
        by_rule[each.rule].append(each)
    return tuple(_finding(rule, forms) for rule, forms in by_rule.items())


def members_are_persons(members: Sequence[Person], persons: Mapping[int, Person]) -> RuleFinding:
    """Whether the members' ids lead to the same people as persons."""
    wrong = [
        member.id
        for member in members
        if member.id in persons and persons[member.id].email != member.email
    ]
    known = sum(member.id in persons for member in members)
    if not known:
        return _member_ids(Verdict.OPEN, "no member could be looked up as a person")
    if wrong:
        return _member_ids(Verdict.CONTRADICTED, f"{len(wrong)} of {known} ids name somebody else")
    return _member_ids(Verdict.SETTLED, f"{known} of {known} ids name the same person")


def _member_ids(verdict: Verdict, seen: str) -> RuleFinding:
    decision = "a member's id is the person's id"
    return RuleFinding("member_ids", "ids of people", decision, verdict, seen, shifts=False)


def _finding(rule: str, shown: Sequence[Seen]) -> RuleFinding:
    title, decision = _DECISIONS[rule]
    if not shown:
        verdict, seen = Verdict.OPEN, _UNSEEN
    else:
        agree = all(each.agrees for each in shown)
        verdict = Verdict.SETTLED if agree else Verdict.CONTRADICTED
        forms = [each.form for each in shown]
        seen = ", ".join(f"{form} ({forms.count(form)})" for form in dict.fromkeys(forms))
    return RuleFinding(
        rule, title, decision, verdict, f"here: {seen}" if shown else seen, shifts=False
    )


def _secrets(raw: Raw) -> list[Seen]:
    forms = []
    for hook in (raw.get("notify") or {}).get("webhooks") or ():
        settings = hook.get("settings") or {}
        values = [settings.get(name) for name in SECRETS if settings.get(name)]
        # A robot has a token; an app has none, so that an empty one there says nothing.
        if not settings.get("token") and not hook["type"].endswith("_app"):
            forms.append("empty")
        forms += ["masked" if MASK in str(value) else "plain" for value in values]
    return [Seen("secrets_read_back", form) for form in forms]


def _team(raw: Raw) -> list[Seen]:
    if raw.get("team_id") or raw.get("group_id"):
        return []
    return [Seen("no_team", _form(raw, "team_id"))]


def _ends(layer: Raw) -> list[Seen]:
    found = []
    if not layer.get("layer_end") and not layer.get("expire_time"):
        forms = (f"{key} {_form(layer, key)}" for key in ("layer_end", "expire_time"))
        found.append(Seen("open_end", ", ".join(forms).replace(", ", " and ")))
    pairs = [("layer_start", "enable_time"), ("layer_end", "expire_time")]
    both = [(layer.get(one), layer.get(other)) for one, other in pairs]
    if any(one and other and one != other for one, other in both):
        found.append(Seen("mirrors", "different times", agrees=False))
    elif all(one and other for one, other in both[:1]):
        found.append(Seen("mirrors", "the same time in both"))
    else:
        found.append(Seen("mirrors", "one of the two only"))
    return found


def _form(raw: Raw, key: str) -> str:
    if key not in raw:
        return "absent"
    return "null" if raw[key] is None else str(raw[key])


def _name(layer: Raw) -> list[Seen]:
    length = len(layer.get("layer_name") or layer.get("name") or "")
    if length <= LONGEST_NAME:
        return [Seen("layer_name", f"up to {LONGEST_NAME} characters")]
    return [Seen("layer_name", f"{length} characters", agrees=False)]


def _windows(layer: Raw) -> list[Seen]:
    period = _PERIOD.get(layer.get("restrict_mode") or 0)
    seen = []
    for part in layer.get("restrict_periods") or () if period else ():
        start, end = part.get("restrict_start") or 0, part.get("restrict_end") or 0
        if period and end > period:
            seen.append(Seen("window_form", "an end beyond the day"))
        elif 0 < end <= start:
            seen.append(Seen("window_form", "an end before its start"))
    return seen


def _handoff(layer: Raw, timezone: str) -> list[Seen]:
    length = (layer.get("rotation_value"), layer.get("rotation_unit"))
    start = layer.get("layer_start") or layer.get("enable_time") or 0
    if length not in _WEEK_LONG or layer.get("handoff_time") or not time_of_week(start, timezone):
        return []
    return [Seen("handoff_zero_live", "0 with a start elsewhere")]
