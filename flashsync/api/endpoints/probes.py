"""What doctor learns of an account: what the key may do, what answers show, and the server's clock.

Calls every endpoint that is read. Nothing here writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from flashsync.api.client import Client
from flashsync.api.codec.json_fields import Raw
from flashsync.api.codec.layers import ROTATION
from flashsync.api.errors import Closed, Failure, NotFound, closed
from flashsync.api.redact import Exchange, instant
from flashsync.model.doctor_report import Access, Mark, Permission, RuleFinding, Skew, Verdict
from flashsync.model.notify import MASK, SECRETS
from flashsync.model.people import Account, Person
from flashsync.model.timezone import DAY, WEEK, time_of_week

_NO_SCHEDULE = 1
"""An id that no schedule has: where it is "not found", it was allowed to ask."""

_PAGE = 100


class Need(Enum):
    """What is lost without an endpoint."""

    REQUIRED = Mark.ERROR
    USEFUL = Mark.WARNING


@dataclass(frozen=True, slots=True)
class Probe:
    """One request that only reads. `use` is what the endpoint is for, `lost` what goes without."""

    endpoint: str
    use: str
    need: Need
    body: Mapping[str, Any] | None = None
    lost: str = "plan, apply and drift do not work"
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Probed:
    """What became of a probe; `data` is the answer's, if one came."""

    permission: Permission
    data: Any = None

    @property
    def allowed(self) -> bool:
        """Whether the endpoint answered."""
        return self.permission.access is Access.ALLOWED

    def items(self) -> list[Mapping[str, Any]]:
        """The objects that a listing answered; none where it is of another shape."""
        listed = self.data.get("items") if isinstance(self.data, dict) else None
        return [item for item in listed or () if isinstance(item, dict)]


_ESCALATION = "/channel/escalate/rule/list"
_ORDER = (
    "/member/info",
    "/account/info",
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
    _ESCALATION,
)
_NO_RULES = "plan and apply do not check what escalation rules page (references)"
_NO_INCIDENTS = "plan and apply do not say who handles an incident (open_incidents)"
_NO_ROLES = "other roles than primary and backup are known by number only"
_NO_AUDIT = "who wrote last is known from the schedules alone, without the requests"


def listings(now: int) -> tuple[Probe, ...]:
    """What can be asked without knowing anything; `now` is in Unix seconds."""
    last_day = {"start_time": now - DAY, "end_time": now, "limit": 1}
    window = {"start": now, "end": now + DAY}
    page = {"p": 1, "limit": _PAGE}
    own = "oncall --mine does not work"
    return (
        Probe("/schedule/list", "lists schedules", Need.REQUIRED, page),
        Probe("/schedule/self", "your own shifts", Need.USEFUL, window, own),
        Probe("/member/list", "names of people", Need.REQUIRED, page),
        Probe("/team/list", "names of teams", Need.REQUIRED, page),
        Probe("/oncall/roles", "names of roles", Need.USEFUL, None, _NO_ROLES, "GET"),
        Probe("/incident/list", "open incidents", Need.USEFUL, last_day, _NO_INCIDENTS),
        Probe("/audit/search", "who did what", Need.USEFUL, last_day, _NO_AUDIT),
        Probe("/channel/list", "channels", Need.USEFUL, {"p": 1, "limit": 1}, _NO_RULES),
    )


def details(now: int, schedules: list[int], people: list[int]) -> tuple[Probe, ...]:
    """What is asked about schedules and people that a listing named."""
    window = {"start": now, "end": now + DAY}
    one = {"schedule_id": (schedules or [_NO_SCHEDULE])[0], **window}
    cannot_read = "plan, apply and drift cannot read schedules"
    return (
        Probe("/schedule/info", "reads a schedule", Need.REQUIRED, one, cannot_read),
        Probe("/person/infos", "confirms people", Need.REQUIRED, {"person_ids": people[:_PAGE]}),
    )


_MEMBER = Probe("/member/info", "the key's member", Need.REQUIRED)
_ACCOUNT = Probe("/account/info", "the key's account", Need.REQUIRED)


def own_account(account: Account) -> Permission:
    """Answered before anything else is asked; an account-scoped key has no member."""
    return allowed(_MEMBER if account.member else _ACCOUNT)


PREVIEW = Probe(
    "/schedule/preview",
    "shifts of a change",
    Need.USEFUL,
    lost="the effects of changes can only be computed locally",
)


def members(listing: Probed) -> tuple[Person, ...]:
    """The members that a page of `/member/list` names; items of another shape are left out."""
    people = []
    for item in listing.items():
        id, email = item.get("member_id"), item.get("email")
        if type(id) is int and type(email) is str:
            people.append(Person(id, str(item.get("member_name") or ""), email))
    return tuple(people)


def rules_of(client: Client, channels: Probed) -> Permission:
    """What becomes of asking for the escalation rules of a channel, if there is one."""
    probe = Probe(_ESCALATION, "escalation rules", Need.USEFUL, None, _NO_RULES)
    ids = [item.get("channel_id") for item in channels.items()]
    channel = next((id for id in ids if type(id) is int), None)
    if not channels.allowed:
        return not_asked(probe, "no channel is known to ask for")
    if channel is None:
        return not_asked(probe, "the account has no channel")
    return ask(client, replace(probe, body={"channel_id": channel})).permission


def place(endpoint: str) -> int:
    """The place of an endpoint in a list: schedules first, what only guards read last."""
    return _ORDER.index(endpoint) if endpoint in _ORDER else len(_ORDER)


def ask(client: Client, probe: Probe) -> Probed:
    """Ask once. A failure is a result."""
    try:
        data = client.call(probe.endpoint, probe.body, method=probe.method)
    except Failure as failure:
        return Probed(judged(probe, failure))
    return Probed(allowed(probe), data)


def allowed(probe: Probe) -> Permission:
    """The endpoint answered."""
    return Permission(probe.endpoint, probe.use, Access.ALLOWED, Mark.OK)


def not_asked(probe: Probe, why: str) -> Permission:
    """The endpoint could not be asked."""
    return Permission(probe.endpoint, probe.use, Access.NOT_ASKED, Mark.OPEN, why)


def judged(probe: Probe, failure: Failure) -> Permission:
    """What a failure says about an endpoint."""
    if isinstance(failure, NotFound):
        return allowed(probe)
    why, remedy = closed(failure), failure.problems[0].remedy
    if why is None:
        access, said = Access.FAILED, failure.said
    else:
        access, said = Access.DENIED, f"{why.value}, so {probe.lost}"
    if why is Closed.UNKNOWN:
        access, remedy = Access.UNKNOWN_THERE, ""
    return Permission(
        probe.endpoint,
        probe.use,
        access,
        probe.need.value,
        said,
        remedy,
        failure.request_id,
    )


# What answers show of the wire forms that api.md leaves open.

LONGEST_NAME = 40
"""Characters of a layer's name, as decided in api.md."""

_UNSEEN = "nothing that was read shows it"
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
    seen = [Seen("secrets_read_back", form) for form in _secret_forms(raw)]
    if not raw.get("team_id") and not raw.get("group_id"):
        seen.append(Seen("no_team", _form(raw, "team_id")))
    for layer in raw.get("layers") or ():
        seen += _look_at_times(layer)
        length = len(layer.get("layer_name") or layer.get("name") or "")
        fits = length <= LONGEST_NAME
        form = f"up to {LONGEST_NAME} characters" if fits else f"{length} characters"
        seen.append(Seen("layer_name", form, agrees=fits))
        if (layer.get("mode") or ROTATION) == ROTATION:
            seen += _look_at_rotation(layer, timezone)
    return tuple(seen)


def _secret_forms(raw: Raw) -> list[str]:
    forms = []
    for hook in (raw.get("notify") or {}).get("webhooks") or ():
        settings = hook.get("settings") or {}
        values = [settings.get(name) for name in SECRETS if settings.get(name)]
        # A robot has a token; an app has none, so that an empty one there says nothing.
        if not settings.get("token") and not hook["type"].endswith("_app"):
            forms.append("empty")
        forms += ["masked" if MASK in str(value) else "plain" for value in values]
    return forms


def _form(raw: Raw, key: str) -> str:
    if key not in raw:
        return "absent"
    return "null" if raw[key] is None else str(raw[key])


def _look_at_times(layer: Raw) -> list[Seen]:
    start, start_mirror = layer.get("layer_start"), layer.get("enable_time")
    end, end_mirror = layer.get("layer_end"), layer.get("expire_time")
    seen = []
    if not end and not end_mirror:
        forms = (f"{key} {_form(layer, key)}" for key in ("layer_end", "expire_time"))
        seen.append(Seen("open_end", " and ".join(forms)))
    both = bool(start and start_mirror)
    if (both and start != start_mirror) or (end and end_mirror and end != end_mirror):
        seen.append(Seen("mirrors", "different times", agrees=False))
    else:
        seen.append(Seen("mirrors", "the same time in both" if both else "one of the two only"))
    return seen


def _look_at_rotation(layer: Raw, timezone: str) -> list[Seen]:
    seen = []
    period = _PERIOD.get(layer.get("restrict_mode") or 0)
    for part in layer.get("restrict_periods") or () if period else ():
        start, end = part.get("restrict_start") or 0, part.get("restrict_end") or 0
        if period and end > period:
            seen.append(Seen("window_form", "an end beyond the day"))
        elif 0 < end <= start:
            seen.append(Seen("window_form", "an end before its start"))
    length = (layer.get("rotation_value"), layer.get("rotation_unit"))
    begin = layer.get("layer_start") or layer.get("enable_time") or 0
    if length in _WEEK_LONG and not layer.get("handoff_time") and time_of_week(begin, timezone):
        seen.append(Seen("handoff_zero_live", "0 with a start elsewhere"))
    return seen


def findings(seen: Iterable[Seen]) -> tuple[RuleFinding, ...]:
    """What all answers together show, a finding a rule."""
    by_rule: dict[str, list[Seen]] = {rule: [] for rule in _DECISIONS}
    for each in seen:
        by_rule[each.rule].append(each)
    result = []
    for rule, shown in by_rule.items():
        agree = all(each.agrees for each in shown)
        forms = Counter(each.form for each in shown)
        verdict, text = Verdict.OPEN, _UNSEEN
        if shown:
            verdict = Verdict.SETTLED if agree else Verdict.CONTRADICTED
            text = "here: " + ", ".join(f"{form} ({count})" for form, count in forms.items())
        result.append(RuleFinding(rule, *_DECISIONS[rule], verdict, text, shifts=False))
    return tuple(result)


def members_are_persons(members: Sequence[Person], persons: Mapping[int, Person]) -> RuleFinding:
    """Whether the members' ids lead to the same people as persons."""
    known = [member for member in members if member.id in persons]
    wrong = sum(persons[member.id].email != member.email for member in known)
    if not known:
        verdict, seen = Verdict.OPEN, "no member could be looked up as a person"
    elif wrong:
        verdict, seen = Verdict.CONTRADICTED, f"{wrong} of {len(known)} ids name somebody else"
    else:
        verdict, seen = Verdict.SETTLED, f"{len(known)} of {len(known)} ids name the same person"
    decision = "a member's id is the person's id"
    return RuleFinding("member_ids", "ids of people", decision, verdict, seen, shifts=False)


# The server's clock against this machine's, from the Date headers of answers.

_RESOLUTION = 1.0
"""Seconds: Date has no fractions, and cuts them off."""

_BEST = 20
"""How many of the quickest answers count: a slow one says little."""


@dataclass(frozen=True, slots=True)
class _Sample:
    seconds: float
    skew: Skew


class ServerClock:
    """Collects what answers say about the time. Any thread may add one."""

    def __init__(self) -> None:
        self._samples: list[_Sample] = []

    def note(self, exchange: Exchange, answered: float) -> None:
        """An answer that had come at `answered`, in Unix seconds of this machine's clock."""
        said = instant(exchange.date)
        if said is None:
            return
        sent = answered - exchange.seconds
        skew = Skew(said - answered, said + _RESOLUTION - sent)
        self._samples.append(_Sample(exchange.seconds, skew))

    @property
    def skew(self) -> Skew | None:
        """How far the server is ahead; None where no answer said the time.

        Each answer gives two bounds, and what all agree on is narrower than a second. Where they do
        not agree (several servers, each with its clock), the quickest answer counts.
        """
        best = sorted(self._samples, key=lambda sample: sample.seconds)[:_BEST]
        if not best:
            return None
        least = max(sample.skew.least for sample in best)
        most = min(sample.skew.most for sample in best)
        return Skew(least, most) if least <= most else best[0].skew
