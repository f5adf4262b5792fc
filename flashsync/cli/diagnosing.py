"""One look at key, account and platform: finding after finding, none of which ends the look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from flashsync.api.client import Client
from flashsync.api.codec import observations
from flashsync.api.endpoints import people, probes, schedules
from flashsync.api.endpoints.probes import Probe, Probed
from flashsync.api.endpoints.schedules import Listed
from flashsync.api.endpoints.shifts import LONGEST_WINDOW
from flashsync.api.errors import Failure
from flashsync.api.tracing import Exchange, ServerClock
from flashsync.cli.output import Output
from flashsync.errors import ConfigError, UsageError
from flashsync.model.doctor_report import Diagnosis, DoctorFinding, Permission
from flashsync.model.people import Account, Directory, Person, Role
from flashsync.operations import environment, key_findings
from flashsync.operations.account import Tuning, connect
from flashsync.operations.conformance import compare, try_rules
from flashsync.operations.files import Settings, matches
from flashsync.render.progress import NoProgress
from flashsync.rotation.conformance import conclusions


@dataclass(frozen=True, slots=True)
class DoctorRequest:
    """What the command line asks of a look; `schedules` is how many are compared at most."""

    schedules: int
    only: tuple[str, ...] = ()
    config: str | None = None
    tuning: Tuning = field(default_factory=Tuning)


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """What was found, and the names in it."""

    diagnosis: Diagnosis
    directory: Directory = field(default_factory=Directory)


def diagnose(request: DoctorRequest, output: Output, cwd: Path) -> Diagnosed:
    """Look at everything. Raises UsageError where `--only` names nothing in the account."""
    now, clock = environment.now(), ServerClock()
    settings, found = key_findings.settings(request.config, cwd)
    blank = Diagnosis(now, (now, now + LONGEST_WINDOW), key=tuple(found))
    try:
        blank = _with_key(blank, key_findings.source())
        client = connect(request.tuning, _observer(output, clock))
    except ConfigError as error:
        return Diagnosed(_with_key(blank, key_findings.failed("credentials", error)))
    with client, output.reading() as progress:
        done = _look(client, request, settings, blank, progress)
    return replace(done, diagnosis=replace(done.diagnosis, skew=clock.skew))


def _observer(output: Output, clock: ServerClock) -> Callable[[Exchange], None]:
    tell = output.observer()

    def observe(exchange: Exchange) -> None:
        clock.note(exchange, environment.clock())
        if tell is not None:
            tell(exchange)

    return observe


def _with_key(diagnosis: Diagnosis, found: Sequence[DoctorFinding]) -> Diagnosis:
    return replace(diagnosis, key=(*diagnosis.key, *found))


def _look(
    client: Client,
    request: DoctorRequest,
    settings: Settings,
    blank: Diagnosis,
    progress: NoProgress,
) -> Diagnosed:
    try:
        account = people.me(client)
    except Failure as failure:
        return Diagnosed(_with_key(blank, key_findings.failed("answers", failure)))
    begun = _with_key(blank, key_findings.about_account(account, settings))
    begun = replace(begun, account=account)
    return _Platform(client, account, request, begun, progress).look()


class _Platform:
    """The platform, asked for everything that a key can ask for without writing."""

    def __init__(
        self,
        client: Client,
        account: Account,
        request: DoctorRequest,
        begun: Diagnosis,
        progress: NoProgress,
    ) -> None:
        self._client, self._account, self._request = client, account, request
        self._begun, self._progress = begun, progress
        self._probed: dict[str, Probed] = {}
        self._trouble: list[DoctorFinding] = []

    def look(self) -> Diagnosed:
        """Endpoints, then trials, then live schedules."""
        self._ask(probes.listings(self._begun.at))
        live = self._live()
        chosen = [] if live is None else _chosen(live, self._request.only)
        members = probes.members(self._probed["/member/list"])
        people_ids = [one.id for one in members] or [self._account.member]
        ids = [one.id for one in chosen]
        self._ask(probes.details(self._begun.at, ids, people_ids))
        preview, tried = try_rules(self._client, self._account, self._begun.at)
        readable = self._probed["/schedule/info"].allowed
        some = chosen[: self._request.schedules] if readable else []
        self._progress.expect(len(some))
        compared = compare(
            self._client, some, self._account.timezone, self._begun.window, self._progress.advance
        )
        comparisons = tuple(one.comparison for one in compared)
        seen = [form for one in compared for form in one.seen]
        found = replace(
            _with_key(self._begun, self._trouble),
            permissions=self._permissions(preview),
            rules=(
                *conclusions.findings(tried, comparisons, self._account.timezone),
                *observations.findings(seen),
                observations.infos_layers(self._probed["/schedule/infos"]),
                observations.members_are_persons(members, self._persons(members)),
            ),
            comparisons=comparisons,
            left_out=len(chosen) - len(some) if readable else 0,
        )
        return Diagnosed(found, self._directory(found, members))

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
            self._trouble += key_findings.failed("schedules", failure)
            return None

    def _permissions(self, preview: Permission) -> tuple[Permission, ...]:
        channels = self._probed["/channel/list"]
        rules = probes.rules_of(self._client, channels)
        asked = [one.permission for one in self._probed.values()]
        found = [probes.allowed(probes.ME), *asked, preview, rules]
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


def _chosen(live: Sequence[Listed], only: Sequence[str]) -> list[Listed]:
    """The schedules that `--only` names. Raises UsageError where one names nothing."""
    if not only:
        return list(live)
    for pattern in only:
        if not any(matches(one.name, [pattern]) for one in live):
            message = f"--only {pattern} matches no schedule of the account"
            raise UsageError(message, "check the name; a glob like 'prod-*' needs quotes")
    return [one for one in live if matches(one.name, only)]
