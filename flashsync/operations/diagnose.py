"""Checks key, account and platform; no finding ends the check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from flashsync.api.client import Client
from flashsync.api.endpoints import people, probes, schedules
from flashsync.api.endpoints.probes import Probe, Probed, ServerClock
from flashsync.api.endpoints.schedules import LONGEST_WINDOW, Listed
from flashsync.api.errors import Failure
from flashsync.errors import ConfigError
from flashsync.model.doctor_report import Diagnosis, DoctorFinding, Permission
from flashsync.model.people import Account, Directory, Person, Role
from flashsync.operations import key_findings
from flashsync.operations.conformance import compare, try_rules
from flashsync.operations.files import Settings
from flashsync.operations.selection import ALL, Selection
from flashsync.operations.session import Reporter, Session
from flashsync.rotation.conformance import conclusions


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
    settings, findings = key_findings.load_settings(session)
    blank = Diagnosis(now, (now, now + LONGEST_WINDOW), key=tuple(findings))
    try:
        blank = _with_key(blank, key_findings.describe_source(session.environment))
        client = session.client
    except ConfigError as error:
        return Diagnosed(_with_key(blank, key_findings.as_findings("credentials", error)))
    with session.reporter.reading():
        done = _look(session, client, options or DoctorOptions(), settings, blank)
    return replace(done, diagnosis=replace(done.diagnosis, skew=clock.skew))


def _with_key(diagnosis: Diagnosis, findings: Sequence[DoctorFinding]) -> Diagnosis:
    return replace(diagnosis, key=(*diagnosis.key, *findings))


def _look(
    session: Session,
    client: Client,
    options: DoctorOptions,
    settings: Settings,
    blank: Diagnosis,
) -> Diagnosed:
    try:
        account = people.me(client)
    except Failure as failure:
        return Diagnosed(_with_key(blank, key_findings.as_findings("answers", failure)))
    client.share_limit(account.id)
    begun = _with_key(blank, key_findings.check_pins(account, settings))
    begun = replace(begun, account=account)
    return _Platform(client, account, options, begun, session.reporter).look()


class _Platform:
    """The platform, asked for everything that a key can ask for without writing."""

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
        self._trouble: list[DoctorFinding] = []

    def look(self) -> Diagnosed:
        """Endpoints, then trials, then live schedules."""
        self._ask(probes.listings(self._begun.at))
        live = self._live()
        chosen = [] if live is None else self._select(live)
        members = probes.members(self._probed["/member/list"])
        people_ids = [one.id for one in members] or [self._account.member or self._account.id]
        ids = [one.id for one in chosen]
        self._ask(probes.details(self._begun.at, ids, people_ids))
        preview, tried = try_rules(self._client, self._account, self._begun.at)
        readable = self._probed["/schedule/info"].allowed
        some = chosen[: self._options.schedules] if readable else []
        self._reporter.expect(len(some))
        compared = compare(self._client, some, self._account.timezone, self._begun.window)
        comparisons = tuple(one.comparison for one in compared)
        seen = [form for one in compared for form in one.seen]
        found = replace(
            _with_key(self._begun, self._trouble),
            permissions=self._permissions(preview),
            rules=(
                *conclusions.findings(tried, comparisons, self._account.timezone),
                *probes.findings(seen),
                probes.members_are_persons(members, self._persons(members)),
            ),
            comparisons=comparisons,
            left_out=len(chosen) - len(some) if readable else 0,
        )
        return Diagnosed(found, self._directory(found, members))

    def _select(self, live: Sequence[Listed]) -> list[Listed]:
        return self._options.selection.select(live, lambda one: one.name, "the account")

    def _ask(self, asked: Sequence[Probe]) -> None:
        for one in self._client.each(partial(probes.ask, self._client), asked):
            self._probed[one.permission.endpoint] = one

    def _live(self) -> tuple[Listed, ...] | None:
        """All schedules; None where they cannot be listed."""
        if not self._probed["/schedule/list"].allowed:
            return None
        try:
            return schedules.list_schedules(self._client, self._account.timezone)
        except Failure as failure:
            self._trouble += key_findings.as_findings("schedules", failure)
            return None

    def _permissions(self, preview: Permission) -> tuple[Permission, ...]:
        channels = self._probed["/channel/list"]
        rules = probes.rules_of(self._client, channels)
        asked = [one.permission for one in self._probed.values()]
        own = probes.own_account(self._account)
        found = [own, *asked, preview, rules]
        return tuple(sorted(found, key=lambda one: probes.place(one.endpoint)))

    def _persons(self, members: Sequence[Person]) -> dict[int, Person]:
        if not self._probed["/person/infos"].allowed:
            return {}
        return self._known(one.id for one in members)

    def _known(self, ids: Iterable[int]) -> dict[int, Person]:
        try:
            return people.persons(self._client, [id for id in ids if id > 0])
        except Failure:
            return {}  # said among the permissions

    def _directory(self, found: Diagnosis, members: Sequence[Person]) -> Directory:
        """The names of those whom platform and engine do not agree on."""
        stretches = [one for comparison in found.comparisons for one in comparison.stretches]
        ids = {member.person for one in stretches for member in (*one.platform, *one.engine)}
        known = {one.id: one for one in members}
        known |= self._known(ids - known.keys())
        return Directory(known, roles=self._roles() if ids else {})

    def _roles(self) -> dict[int, Role]:
        try:
            return {role.id: role for role in people.roles(self._client)}
        except Failure:
            return {}  # said among the permissions
