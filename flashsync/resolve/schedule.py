"""A declared schedule to a desired one: names to ids, wall-clock times to instants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flashsync.declared import notify as declared_notify
from flashsync.declared import schedule as declared
from flashsync.declared.config import Defaults
from flashsync.declared.fields import find_invisible
from flashsync.declared.people import Member as DeclaredMember
from flashsync.declared.people import PersonName
from flashsync.declared.problems import Finding, Path, shown
from flashsync.declared.scalars import Moment
from flashsync.declared.schedule import Expectation as DeclaredExpectation
from flashsync.errors import Level, Position
from flashsync.model import wording
from flashsync.model.check_registry import LEVELS
from flashsync.model.desired import (
    AtMost,
    CheckLevels,
    Covered,
    Desired,
    Expectation,
    Ignorable,
    LayerIntent,
    OnCall,
    Rollout,
    RolloutKind,
)
from flashsync.model.notify import By, Notify, Secret, SecretReference, Webhook
from flashsync.model.schedule import (
    MARK,
    NO_TEAM,
    PRIMARY,
    Group,
    Layer,
    Member,
    Override,
    Schedule,
    without_fields,
)
from flashsync.model.timezone import DAY
from flashsync.resolve.names import Doubt, Names
from flashsync.resolve.times import Times, Trouble

LONG_AGO = 180 * DAY
"""Seconds after which a past entry is more likely of the wrong year than history."""

LONGEST_COVERED = 366 * DAY
"""The longest time that `always: covered` checks."""


@dataclass(frozen=True, slots=True)
class ResolveContext:
    """What resolving needs next to the document.

    `timezone` is the account's zone, or UTC where that is not known. `rollout` is the option of
    the command line. `secrets` reads a secret; None where the reference names nothing. Without
    `now` (Unix seconds), nothing is past. `members` remembers people without findings: they
    appear in file after file.
    """

    names: Names
    timezone: str
    defaults: Defaults = field(default_factory=Defaults)
    rollout: Rollout | None = None
    secrets: Callable[[SecretReference], str | None] = lambda reference: None
    zone_known: bool = True
    now: int | None = None
    members: dict[DeclaredMember, Member] = field(default_factory=dict)


def resolve(
    schedule: declared.Schedule, source: Position, context: ResolveContext
) -> tuple[Desired | None, list[Finding]]:
    """The desired schedule of a document, None if it has errors, and all findings."""
    resolver = _Resolver(context)
    desired = resolver.resolve(schedule, source)
    findings = resolver.trouble.findings
    has_errors = any(finding.level is Level.ERROR for finding in findings)
    return None if has_errors else desired, findings


class _Resolver:
    """Resolves one document and collects its problems."""

    def __init__(self, context: ResolveContext) -> None:
        self._context = context
        self.trouble = Trouble()
        self._times = Times(context.timezone, self.trouble, known=context.zone_known)

    def resolve(self, given: declared.Schedule, source: Position) -> Desired:
        defaults = self._context.defaults
        if given.absent:  # only name and id count: its people may have left
            return Desired(
                Schedule(given.schedule, id=given.id), source, given.renamed_from, absent=True
            )
        rollout = self._rollout(given.rollout or defaults.rollout, ("rollout",))
        declared_layers = tuple(enumerate(given.layers or ()))
        layers = tuple(self._layer(layer, ("layers", at)) for at, layer in declared_layers)
        self._check_layers(layers)
        self._check_characters(given)
        ignored = self._ignored(given)
        description = defaults.description if given.description is None else given.description
        schedule = Schedule(
            name=given.schedule,
            description=description or "",
            team=self._team(given, ignored),
            layers=layers,
            overrides=self._overrides(given.overrides),
            notify=resolve_notify(given.notify or defaults.notify, self._context.secrets),
            id=given.id,
        )
        intents = (
            LayerIntent(
                self._rollout(layer.rollout, ("layers", at, "rollout"), rollout),
                layer.renamed_from,
                _levels(layer.checks),
            )
            for at, layer in declared_layers
        )
        return Desired(
            without_fields(schedule, ignored),
            source,
            given.renamed_from,
            rollout=rollout,
            intents=tuple(intents),
            expect=self._expectations(given.expect) if given.expect else (),
            checks=_levels(given.checks),
            ignored=ignored,
        )

    def _ignored(self, given: declared.Schedule) -> tuple[Ignorable, ...]:
        """The fields that are left to the console; none of them has a value in the file."""
        default = self._context.defaults.ignore or ()
        ignored = default if given.ignore is None else given.ignore
        for key in ignored:
            if getattr(given, key) is None:
                continue
            if given.ignore is None:
                message = f"`{key}` is left to the console by `ignore` of `defaults`"
                remedy = "remove it, or write `ignore: none` here"
            else:
                message = f"`{key}` is left to the console by `ignore`"
                remedy = "remove one of the two"
            self.trouble.error((key,), message, remedy)
        return ignored

    def _team(self, given: declared.Schedule, ignored: tuple[Ignorable, ...]) -> int:
        if "team" in ignored:
            return NO_TEAM
        text = given.team or self._context.defaults.team or declared.NO_TEAM_WORD
        return self.trouble.tried(("team",), lambda: self._context.names.team(text), NO_TEAM)

    def _rollout(
        self, given: declared.Rollout | None, path: Path, default: Rollout | None = None
    ) -> Rollout:
        if self._context.rollout:
            return self._context.rollout
        if given is None:
            return default or Rollout()
        if given.at is None:
            return Rollout(given.kind)
        at = self._times.instant(given.at, path)
        now = self._context.now
        if now is not None and self._context.zone_known and at <= now:
            message = "this rollout is in the past, so `next_handoff` applies"
            past = Doubt(message, "remove it, or write a later time", Level.WARNING)
            self.trouble.doubt(path, past)
        return Rollout(RolloutKind.AT, at)

    # Layers, and the people in their groups

    def _layer(self, given: declared.Layer, path: Path) -> Layer:
        start = self._times.instant(given.start, (*path, "start"))
        end = self._times.end(given.end, given.start, (*path, "end"))
        self._times.check_handoff(given, start, path)
        if end is not None:
            self._check_year("layer", start, end, (*path, "end"))
        return Layer(
            name=given.layer,
            start=start,
            end=end,
            rotation=given.rotation,
            groups=tuple(
                self._group(group, (*path, "groups", at)) for at, group in enumerate(given.groups)
            ),
            handoff=given.handoff,
            days=given.days,
            continuous=bool(given.continuous),
            hours=given.hours,
            fair=given.fair,
        )

    def _group(self, given: declared.Group, path: Path) -> Group:
        members: list[Member] = []
        known = self._context.members
        for at, member in enumerate(given.members):
            resolved = known.get(member) or self._member(member, (*path, "members", at))
            if resolved in members:
                message = f"`{member.person}` appears twice in one group"
                self.trouble.error((*path, "members", at), message, "name each person once")
            members.append(resolved)
        return Group(frozenset(members), given.group)

    def _member(self, given: DeclaredMember, path: Path) -> Member:
        before = len(self.trouble.findings)
        person = self._person(given.person, (*path, "person"))
        role = PRIMARY if given.role is None else self._role(given.role, (*path, "role"))
        member = Member(person, role)
        if len(self.trouble.findings) == before:
            self._context.members[given] = member
        return member

    def _role(self, name: str, path: Path) -> int:
        return self.trouble.tried(path, lambda: self._context.names.role(name), PRIMARY)

    def _person(self, name: PersonName, path: Path) -> int:
        names = self._context.names
        try:
            person = names.person(name)
        except Doubt as doubt:
            self.trouble.doubt(path, doubt)
            return -len(self.trouble.findings)
        if warning := names.warning(name, person):
            self.trouble.doubt(path, warning)
        return person

    def _people(self, names: Sequence[PersonName], path: Path, entry: str) -> frozenset[int]:
        """The people of an override or expectation; each may appear once."""
        people = [self._person(name, (*path, at)) for at, name in enumerate(names)]
        for at, person in enumerate(people):
            if person in people[:at]:
                message = f"`{names[at]}` appears twice in one {entry}"
                self.trouble.error((*path, at), message, "name each person once")
        return frozenset(people)

    # Overrides and expectations

    def _overrides(self, given: tuple[declared.Override, ...]) -> tuple[Override, ...]:
        overrides: list[Override] = []
        seen: set[tuple[int, int, frozenset[Member]]] = set()
        for at, entry in enumerate(given):
            path: Path = ("overrides", at)
            start = self._times.instant(entry.from_, (*path, "from"))
            people = self._people(entry.people, (*path, "people"), "override")
            end = self._times.end(entry.to, entry.from_, (*path, "to"))
            self._check_year("override", start, end, (*path, "to"))
            members = frozenset(map(Member, people))
            if (start, end, members) in seen:
                message = "duplicate of an override above, with the same times and people"
                self.trouble.error(path, message, "remove one of them")
            seen.add((start, end, members))
            overrides.append(Override(entry.override + MARK, start, end, members))
        return tuple(overrides)

    def _expectations(self, given: tuple[DeclaredExpectation, ...]) -> tuple[Expectation, ...]:
        expectations: list[Expectation] = []
        for place, entry in enumerate(given):
            path: Path = ("expect", place)
            expectation: Expectation
            if entry.at_most is not None:
                expectation = AtMost(entry.at_most.value, entry.at_most.unit)
            else:
                role = None if entry.role is None else self._role(entry.role, (*path, "role"))
                if entry.at is not None:
                    expectation = self._on_call(entry, entry.at, role, path)
                else:
                    expectation = self._covered(entry, role, path)
            expectation = replace(expectation, place=place)
            if expectation in expectations:
                message = "duplicate of an expectation above"
                self.trouble.error(path, message, "remove one of them")
            expectations.append(expectation)
        return tuple(expectations)

    def _on_call(
        self, given: DeclaredExpectation, at: Moment, role: int | None, path: Path
    ) -> OnCall:
        exactly, any_of, none_of = (
            self._people(names or (), (*path, key), "expectation")
            for key, names in (
                ("on_call", given.on_call),
                ("any_of", given.any_of),
                ("not", given.not_),
            )
        )
        if any_of & none_of:
            message = "somebody is in both `any_of` and `not`"
            self.trouble.error((*path, "not"), message, "remove them from one")
        instant = self._times.instant(at, (*path, "at"))
        return OnCall(instant, exactly if given.on_call else None, any_of, none_of, role)

    def _covered(self, given: DeclaredExpectation, role: int | None, path: Path) -> Covered:
        if given.from_ is None or given.to is None:
            return Covered(role=role)
        begin = self._times.instant(given.from_, (*path, "from"))
        until = self._times.end(given.to, given.from_, (*path, "to"))
        if until - begin > LONGEST_COVERED:
            message = "the time from `from` to `to` is longer than a year"
            self.trouble.error((*path, "to"), message, "write at most 366 days")
        return Covered(begin, until, role)

    # What is legal and seldom meant

    def _check_characters(self, given: declared.Schedule) -> None:
        """Warn of names with invisible characters."""
        names: list[tuple[str | None, Path]] = [
            (given.schedule, ("schedule",)),
            (given.renamed_from, ("renamed_from",)),
            (given.team, ("team",)),
        ]
        for at, layer in enumerate(given.layers or ()):
            path: Path = ("layers", at)
            names.append((layer.layer, (*path, "layer")))
            names.append((layer.renamed_from, (*path, "renamed_from")))
            for turn, group in enumerate(layer.groups):
                names.append((group.group, (*path, "groups", turn, "group")))
        for at, override in enumerate(given.overrides):
            names.append((override.override, ("overrides", at, "override")))
        for name, path in names:
            if name and (invisible := find_invisible(name)):
                message = f"invisible character {invisible} in {shown(name)}"
                remedy = "remove it, unless the account has it too"
                self.trouble.doubt(path, Doubt(message, remedy, Level.WARNING))

    def _check_year(self, what: str, start: int, end: int, path: Path) -> None:
        now = self._context.now
        if now is None or not self._context.zone_known or not start < end <= now - LONG_AGO:
            return
        if any(finding.path == path for finding in self.trouble.findings):
            return  # an end before its start
        moment = wording.moment(end, self._context.timezone, now)
        message = f"this {what} ended on {moment}, so nothing is written"
        past = Doubt(message, "correct the year or remove it", Level.WARNING)
        self.trouble.doubt(path, past)

    def _check_layers(self, layers: tuple[Layer, ...]) -> None:
        """Layers of one name have to overlap, as they would be one chain; none may be a copy."""
        for at, layer in enumerate(layers):
            for other in layers[:at]:
                if _has_same_turns(other, layer):
                    message = f"same turns as the layer `{other.name}` above"
                    if other.name == layer.name:
                        message = "duplicate of the layer above"
                    copy = Doubt(message, "remove one of them", Level.WARNING)
                    self.trouble.doubt(("layers", at), copy)
                elif other.name == layer.name and not _overlap(other, layer):
                    message = f"a layer named `{layer.name}` appears above and does not overlap"
                    self.trouble.error(("layers", at, "layer"), message, "give it another name")


def _levels(given: Mapping[str, str] | None) -> CheckLevels:
    return tuple((id, LEVELS[word]) for id, word in given.items()) if given else ()


def _has_same_turns(one: Layer, other: Layer) -> bool:
    if one.start != other.start or one.rotation != other.rotation:
        return False
    groups = [[group.members for group in layer.groups] for layer in (one, other)]
    return groups[0] == groups[1] and one == replace(other, name=one.name, groups=one.groups)


def _overlap(one: Layer, other: Layer) -> bool:
    starts_in = one.end is None or other.start < one.end
    return starts_in and (other.end is None or one.start < other.end)


# `notify:` of a file to the desired one, with the values of its secrets.

Read = Callable[[SecretReference], str | None]


def resolve_notify(given: declared_notify.Notify | None, read: Read) -> Notify:
    """The notices of a schedule; none where the file gives none."""
    if given is None:
        return Notify()
    by = By()
    if given.by is not None:
        channels = given.by.channels
        by = By(preference=True) if channels is None else By(channels=frozenset(channels))
    webhooks = tuple(_webhook(chat, read) for chat in given.chats)
    return Notify(before=given.before, daily_at=given.daily_at, by=by, webhooks=webhooks)


def _webhook(chat: declared_notify.Chat, read: Read) -> Webhook:
    token, verify_token, sign_secret = (
        Secret(read(reference), reference) if reference else None
        for reference in (chat.token, chat.verify_token, chat.sign_secret)
    )
    return Webhook(
        type=chat.type,
        alias=chat.alias or "",
        data_source=chat.data_source_id or 0,
        chats=frozenset(chat.chat_ids),
        token=token,
        verify_token=verify_token,
        sign_secret=sign_secret,
    )
