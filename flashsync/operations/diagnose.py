"""Checks key, account and platform, and the local engine against it; no finding ends the check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flashsync.api.client import Client
from flashsync.api.codec import json_fields
from flashsync.api.codec.schedule import read_schedule, read_shifts
from flashsync.api.credentials import proxy_for
from flashsync.api.endpoints import people, probes, schedules
from flashsync.api.endpoints.probes import Probe, Probed, Seen, ServerClock
from flashsync.api.endpoints.schedules import LONGEST_WINDOW, Listed
from flashsync.api.errors import Failure, Invalid, reason
from flashsync.declared.config import Config
from flashsync.errors import ConfigError, FilesError, FlashsyncError
from flashsync.files import Locator
from flashsync.model.calendar import Calendar, Span
from flashsync.model.doctor_report import (
    Comparison,
    Diagnosis,
    DoctorFinding,
    EngineMatch,
    Mark,
    Permission,
    Stretch,
)
from flashsync.model.people import Account, Directory, Person
from flashsync.model.schedule import Schedule
from flashsync.operations.environment import KEY, VENDOR_FILE, credentials
from flashsync.operations.files import Settings
from flashsync.operations.selection import ALL, Selection
from flashsync.operations.session import Reporter, Session
from flashsync.rotation import calendar as engine
from flashsync.rotation.compare import moves
from flashsync.rotation.conformance import rules
from flashsync.rotation.conformance.experiments import trials
from flashsync.rotation.conformance.rules import Trial, Tried, shown_by


@dataclass(frozen=True, slots=True)
class DoctorOptions:
    """Which live schedules are compared with the local engine, and how many at most."""

    schedules: int = 50
    selection: Selection = ALL


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The diagnosis, and the names in it."""

    diagnosis: Diagnosis
    directory: Directory = field(default_factory=Directory)


def diagnose(session: Session, options: DoctorOptions | None = None) -> Diagnosed:
    """Check key, account and platform. Raises UsageError if `only` matches nothing."""
    now, clock = session.now(), ServerClock()
    session.listen(lambda exchange: clock.note(exchange, session.clock()))
    diagnosis = Diagnosis(now, (now, now + LONGEST_WINDOW))
    settings = Settings(Config(), session.folder)
    try:
        settings = session.settings()
    except FilesError as error:
        diagnosis = _with_key(diagnosis, _as_findings("config", error))
    try:
        diagnosis = _with_key(diagnosis, describe_source(session.environment))
        client = session.client
    except ConfigError as error:
        return Diagnosed(_with_key(diagnosis, _as_findings("credentials", error)))
    with session.reporter.reading():
        try:
            account = people.me(client)
        except Failure as failure:
            done = Diagnosed(_with_key(diagnosis, _as_findings("answers", failure)))
        else:
            client.share_limit(account.id)
            begun = _with_key(diagnosis, _check_pins(account, settings))
            begun = replace(begun, account=account)
            platform = _Platform(
                client, account, options or DoctorOptions(), begun, session.reporter
            )
            done = platform.look()
    return replace(done, diagnosis=replace(done.diagnosis, skew=clock.skew))


def _with_key(diagnosis: Diagnosis, findings: Sequence[DoctorFinding]) -> Diagnosis:
    return replace(diagnosis, key=(*diagnosis.key, *findings))


# The key: where it comes from, whose it is, and whether flashsync.yaml agrees.


def _as_findings(id: str, error: FlashsyncError) -> list[DoctorFinding]:
    """The problems of an expected failure, as findings."""
    return [
        DoctorFinding(
            id,
            Mark.ERROR,
            f"{one.position}: {one.message}" if one.position else one.message,
            one.remedy,
        )
        for one in error.problems
    ]


def describe_source(environment: Mapping[str, str]) -> list[DoctorFinding]:
    """Where the key and the base URL come from, without the key. Raises ConfigError."""
    key = credentials(environment)
    own = environment.get(KEY, "").strip()
    where = f"the environment ({KEY})" if own else VENDOR_FILE
    proxy = proxy_for(key, environment)
    through = f"through the proxy {_host(proxy)}" if proxy else "without a proxy"
    return [
        DoctorFinding("key_source", Mark.OK, f"the key comes from {where}"),
        DoctorFinding("base_url", Mark.OK, f"the base URL is {key.base_url}, asked {through}"),
    ]


def _host(proxy: str) -> str:
    """A proxy without the user and password that its URL may hold."""
    try:
        parts = urlsplit(proxy)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:
        return "of the environment"


def _check_pins(account: Account, settings: Settings) -> list[DoctorFinding]:
    """The account of the key, and whether flashsync.yaml names it and its zone."""
    owner = f"{account.name} (id {account.id}), in {account.timezone}"
    pinned, zone = settings.config.account, settings.config.timezone
    at = {
        key: f"{position}: " if (position := settings.position(Locator(), key)) else ""
        for key in ("account", "timezone")
    }
    if not pinned:
        message = "no flashsync.yaml names the account, so any key is taken"
        remedy = f"write `account: {account.name}`"
        of_account = DoctorFinding("account_pinned", Mark.OPEN, message, remedy)
    elif pinned in (account.name, str(account.id)):
        of_account = DoctorFinding("account_pinned", Mark.OK, "flashsync.yaml names this account")
    else:
        message = f"{at['account']}it is for the account {pinned}, and the key is not"
        remedy = "use that account's key, or correct `account`"
        of_account = DoctorFinding("account_pinned", Mark.ERROR, message, remedy)
    remedy = f"write `timezone: {account.timezone}`"
    if not zone:
        message = "no flashsync.yaml names the time zone, so offline commands lack it"
        of_zone = DoctorFinding("timezone", Mark.OPEN, message, remedy)
    elif zone == account.timezone:
        of_zone = DoctorFinding("timezone", Mark.OK, "flashsync.yaml names this time zone")
    else:
        message = f"{at['timezone']}it says {zone}, and the account's is {account.timezone}"
        of_zone = DoctorFinding("timezone", Mark.ERROR, message, remedy)
    answers = DoctorFinding("account", Mark.OK, f"it answers; the account is {owner}")
    return [answers, of_account, of_zone]


# The platform: everything that a key can ask for without writing.


class _Platform:
    def __init__(
        self,
        client: Client,
        account: Account,
        options: DoctorOptions,
        begun: Diagnosis,
        reporter: Reporter,
    ) -> None:
        self._client, self._account, self._options = client, account, options
        self._begun, self._reporter = begun, reporter
        self._probed: dict[str, Probed] = {}

    def look(self) -> Diagnosed:
        """Endpoints, then trials, then live schedules."""
        client, account, begun = self._client, self._account, self._begun
        self._ask(probes.listings(begun.at))
        live: Sequence[Listed] | None = None
        if self._probed["/schedule/list"].allowed:
            try:
                live = schedules.list_schedules(client, account.timezone)
            except Failure as failure:
                begun = _with_key(begun, _as_findings("schedules", failure))
        chosen: list[Listed] = []
        if live is not None:
            selection = self._options.selection
            chosen = selection.select(live, lambda one: one.name, "the account")
        members = probes.members(self._probed["/member/list"])
        people_ids = [one.id for one in members] or [account.member or account.id]
        self._ask(probes.details(begun.at, [one.id for one in chosen], people_ids))
        preview, tried = _try_rules(client, account, begun.at)
        readable = self._probed["/schedule/info"].allowed
        some = chosen[: self._options.schedules] if readable else []
        self._reporter.expect(len(some))
        compared = _compare_schedules(client, some, account.timezone, begun.window)
        comparisons = tuple(one.comparison for one in compared)
        persons: dict[int, Person] = {}
        if self._probed["/person/infos"].allowed:
            persons = self._known(one.id for one in members)
        findings = (
            *rules.findings(tried, comparisons, account.timezone),
            *probes.findings([form for one in compared for form in one.seen]),
            probes.members_are_persons(members, persons),
        )
        diagnosis = replace(
            begun,
            permissions=self._permissions(preview),
            rules=findings,
            comparisons=comparisons,
            left_out=len(chosen) - len(some) if readable else 0,
        )
        return Diagnosed(diagnosis, self._directory(comparisons, members))

    def _ask(self, asked: Sequence[Probe]) -> None:
        for one in self._client.each(partial(probes.ask, self._client), asked):
            self._probed[one.permission.endpoint] = one

    def _permissions(self, preview: Permission) -> tuple[Permission, ...]:
        rules = probes.rules_of(self._client, self._probed["/channel/list"])
        asked = [one.permission for one in self._probed.values()]
        permissions = [probes.own_account(self._account), *asked, preview, rules]
        return tuple(sorted(permissions, key=lambda one: probes.place(one.endpoint)))

    def _known(self, ids: Iterable[int]) -> dict[int, Person]:
        try:
            return people.persons(self._client, [id for id in ids if id > 0])
        except Failure:
            return {}  # said among the permissions

    def _directory(self, comparisons: Sequence[Comparison], members: Sequence[Person]) -> Directory:
        """The names of those whom platform and engine do not agree on."""
        stretches = [one for comparison in comparisons for one in comparison.stretches]
        ids = {member.person for one in stretches for member in (*one.platform, *one.engine)}
        known = {one.id: one for one in members}
        known |= self._known(ids - known.keys())
        if not ids:
            return Directory(known)
        try:
            return Directory(known, roles={role.id: role for role in people.roles(self._client)})
        except Failure:
            return Directory(known)  # said among the permissions


# The local engine against the platform: live schedules, and small ones that are never saved.


@dataclass(frozen=True, slots=True)
class ComparedSchedule:
    """A live schedule: how engine and platform compare, and the wire forms in its answer."""

    comparison: Comparison
    seen: tuple[Seen, ...] = ()


def _compare_schedules(
    client: Client, listed: Sequence[Listed], timezone: str, window: Span
) -> list[ComparedSchedule]:
    """Compare the platform's shifts of each schedule with the engine's; a failure is a result."""

    def compare(item: Listed) -> ComparedSchedule:
        try:
            return _compare(client, item, timezone, window)
        except Failure as failure:
            message = f"not read: {failure.problems[0].text}"
            return ComparedSchedule(
                Comparison(item.name, item.id, EngineMatch.NOT_READ, message=message)
            )

    return client.each(compare, listed)


def _compare(client: Client, listed: Listed, timezone: str, window: Span) -> ComparedSchedule:
    start, end = window

    def read(data: Any) -> tuple[Schedule, Calendar, tuple[Seen, ...]]:
        raw = json_fields.whole(data)
        schedule = read_schedule(raw, timezone)
        return schedule, read_shifts(raw, start, end), probes.look(raw, timezone)

    body = {"schedule_id": listed.id, "start": start, "end": end}
    schedule, platform, seen = client.fetch("/schedule/info", read, body)
    name = schedule.name
    if not engine.computable(schedule.layers):
        message = "not computed: a fair layer's turns are known to the platform alone"
        return ComparedSchedule(
            Comparison(name, listed.id, EngineMatch.NOT_COMPUTED, message=message), seen
        )
    local = engine.calendar(schedule.layers, schedule.overrides, timezone, start, end)
    stretches = tuple(
        Stretch(move.start, move.end, move.before, move.after)
        for move in moves(platform.final, local.final)
    )
    match = EngineMatch.DIFFERS if stretches else EngineMatch.SAME
    rules = frozenset(rule.value for rule in shown_by(schedule, local, timezone))
    return ComparedSchedule(Comparison(name, listed.id, match, stretches, rules), seen)


def _try_rules(client: Client, account: Account, now: int) -> tuple[Permission, list[Tried]]:
    """Preview the trials, which writes nothing; and whether the key may preview."""
    planned = trials(account.member, account.timezone, now) if account.member else ()
    if not planned:
        return probes.not_asked(probes.PREVIEW, "the key has no member of its own"), []

    def try_safely(trial: Trial) -> Tried:
        try:
            return _try(client, trial)
        except Failure as failure:
            return Tried(trial, why=f"no preview: {reason(failure)}")

    try:
        first = _try(client, planned[0])
    except Failure as failure:
        why = f"no preview: {reason(failure)}"
        return probes.judged(probes.PREVIEW, failure), [Tried(trial, why=why) for trial in planned]
    return probes.allowed(probes.PREVIEW), [first, *client.each(try_safely, planned[1:])]


def _try(client: Client, trial: Trial) -> Tried:
    """Preview a trial; a refused configuration is a result. Raises Failure."""
    try:
        return Tried(trial, schedules.preview(client, trial.schedule, trial.start, trial.end))
    except Invalid as refusal:
        why = f"the preview refuses it ({refusal.detail or refusal.said})"
        return Tried(trial, why=why, refused=True)
