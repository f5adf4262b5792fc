"""A live schedule as a file declares it: ids to names, instants to wall-clock times.

The inverse of `resolve/schedule.py`. What is described is read back and resolved again: only what
then means the same is given out, and all else is named, part by part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flashsync.declared.command_line import person as parse_person
from flashsync.declared.config import Defaults
from flashsync.declared.parse import read_schedule
from flashsync.declared.people import PersonName
from flashsync.declared.problems import Findings, Path, Tree
from flashsync.declared.schedule import NO_TEAM_WORD
from flashsync.declared.secrets import Secrets
from flashsync.errors import Level, Position
from flashsync.model import wording
from flashsync.model.desired import IGNORABLE
from flashsync.model.notify import By, Notify, Secret, Webhook, with_tokens
from flashsync.model.people import Directory, MemberStatus
from flashsync.model.schedule import (
    MARK,
    NO_TEAM,
    PRIMARY,
    Group,
    Layer,
    Override,
    Schedule,
    canonical_description,
    canonical_name,
)
from flashsync.model.timezone import time_of_week
from flashsync.resolve.names import AccountNames, Doubt, find_person
from flashsync.resolve.schedule import ResolveContext, resolve, resolve_notify
from flashsync.rotation.rollout.chains import chains
from flashsync.rotation.rollout.handoffs import on_grid
from flashsync.rotation.rollout.who_is_next import is_letter

NOTHING: Mapping[str, Tree] = {"description": "", "team": NO_TEAM_WORD, "notify": "off"}
"""The values that take nothing from `defaults`."""

NameSecret = Callable[[Webhook, str, Secret], str]
"""Gives the environment variable for a secret of a chat: webhook, field, live value."""


@dataclass(frozen=True, slots=True)
class Unsayable:
    """A part of a live schedule that no file can declare; `path` leads to it, () is the whole."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Description:
    """A schedule as a document of a file.

    `comments` belong to what their paths lead to. `left_out` are the parts that stay with the
    console. Where `refused` holds something, the document must not be written.
    """

    name: str
    tree: dict[str, Tree]
    comments: Mapping[Path, str] = field(default_factory=dict)
    left_out: tuple[Unsayable, ...] = ()
    refused: tuple[Unsayable, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """What flashsync.yaml says for all files: values that a document leaves out when they are its
    own, and the variables that it may refer to. With `pin`, each document has the schedule's id.
    """

    defaults: Defaults = field(default_factory=Defaults)
    limits: Secrets | None = None
    pin: bool = False


def describe(
    live: Schedule,
    names: WrittenNames,
    timezone: str,
    now: int,
    name_secret: NameSecret,
    ignore: Collection[str] = (),
    shared: Shared = Shared(),
) -> Description:
    """A live schedule, one layer for each chain, as a document.

    It has the overrides of files that are not past `now` (Unix seconds). The fields of `ignore` are
    left to the console.
    """
    inherited = list(shared.defaults.ignore or ())
    ignore = {*ignore, *inherited}
    folded, pending = fold_chains(live.layers, now)
    live = replace(live, layers=folded, notify=with_tokens(live.notify))
    secrets: dict[int, dict[str, str]] = {}
    if "notify" not in ignore:
        for at, hook in enumerate(live.notify.webhooks):
            secrets[at] = {name: name_secret(hook, name, secret) for name, secret in hook.secrets()}
    writer = DescriptionWriter(names, timezone, shared)
    tree = _leave_to_console(writer.schedule(live, secrets, now), ignore)
    if folded and folded[0].ended(now):
        writer.comments["layers", 0] = "ended, as all layers of this schedule"
    reader = _Reader(live, names, timezone, now, shared)
    left_out: list[Unsayable] = []
    while found := list(reader.read_back(tree)):
        to_console = [one for one in found if one.path[:1] and one.path[0] in IGNORABLE]
        if not to_console:
            break
        left_out += to_console
        tree = _leave_to_console(tree, {str(one.path[0]) for one in to_console})
    refused = (*pending, *found)
    if tree.get("ignore") == inherited:
        del tree["ignore"]
    return Description(live.name, tree, writer.comments, tuple(left_out), refused)


def fold_chains(
    layers: Sequence[Layer], now: int
) -> tuple[tuple[Layer, ...], tuple[Unsayable, ...]]:
    """The layer that a file declares for each chain: its last link, unless that has ended.

    Where all have ended, it is the last of them, which a plan does not compare. A file cannot say
    of two links that both begin after `now` (Unix seconds).
    """
    refused: list[Unsayable] = []
    folded: dict[int, Layer] = {}
    for name, same in chains(layers).items():
        for chain in same:
            links = [layers[place] for place in chain]
            if sum(not link.begun(now) for link in links) > 1:
                reason = f"two changes of the layer `{name}` are still to come"
                refused.append(Unsayable(("layers",), reason))
            if not links[-1].ended(now):
                folded[chain[0]] = links[-1]
    if layers and not folded:  # a file has at least one layer
        last = max(range(len(layers)), key=lambda place: layers[place].end or 0)
        folded[last] = layers[last]
    return tuple(folded[place] for place in sorted(folded)), tuple(refused)


def _leave_to_console(tree: Mapping[str, Tree], keys: Collection[str]) -> dict[str, Tree]:
    ignored = [key for key in IGNORABLE if key in keys or key in tree.get("ignore", ())]
    if not ignored:
        return dict(tree)
    kept = {key: part for key, part in tree.items() if key not in (*ignored, "ignore")}
    head: dict[str, Tree] = {key: kept.pop(key) for key in ("schedule", "id") if key in tree}
    return {**head, "ignore": [*ignored], **kept}


class DescriptionWriter:
    """Writes one schedule; collects the comments."""

    def __init__(self, names: WrittenNames, timezone: str, shared: Shared = Shared()) -> None:
        self._names, self._timezone, self._shared = names, timezone, shared
        self.comments: dict[Path, str] = {}

    def schedule(
        self, live: Schedule, secrets: Mapping[int, Mapping[str, str]], now: int
    ) -> dict[str, Tree]:
        """The document, with the variables of its secrets by chat."""
        if live.disabled:
            self.comments[()] = "disabled in the console; pages nobody until it is enabled there"
        ours = [one for one in dict.fromkeys(live.our_overrides) if not one.past(now)]
        tree: dict[str, Tree] = {
            "schedule": canonical_name(live.name),
            "id": str(live.id) if self._shared.pin and live.id else "",
            "description": canonical_description(live.description),
            "team": "" if live.team == NO_TEAM else self._names.team(live.team),
            "layers": [self.layer(layer, ("layers", at)) for at, layer in enumerate(live.layers)],
            "overrides": [self.override(one, ("overrides", at)) for at, one in enumerate(ours)],
            "notify": describe_notify(live.notify, secrets),
        }
        inherited = self._inherited(live)
        differing = {key for key, equal in inherited.items() if not equal}
        tree |= {key: NOTHING[key] for key in differing if not tree[key]}
        kept = differing | {key for key, part in tree.items() if part and key not in inherited}
        return {key: part for key, part in tree.items() if key in kept}

    def _inherited(self, live: Schedule) -> dict[str, bool]:
        """The keys with a default, each with whether the schedule has that value."""
        defaults, equal = self._shared.defaults, dict[str, bool]()
        if defaults.description is not None:
            equal["description"] = defaults.description == canonical_description(live.description)
        if defaults.team is not None:
            equal["team"] = defaults.team == self._names.team(live.team)
        if defaults.notify is not None:
            secret = any(True for hook in live.notify.webhooks for _ in hook.secrets())
            notify = resolve_notify(defaults.notify, lambda reference: None)
            equal["notify"] = not secret and notify == live.notify
        return equal

    def layer(self, layer: Layer, path: Path) -> Tree:
        """A live layer as an entry of `layers`."""
        handoff = layer.handoff
        if not layer.cuts_days and handoff == time_of_week(layer.start, self._timezone):
            handoff = None  # `start` says the same
        if not on_grid(layer.start, self._timezone):
            self.comments[*path, "start"] = "not on a full or half hour in the account either"
        tree: dict[str, Tree] = {
            "layer": canonical_name(layer.name),
            "rotation": wording.rotation(layer.rotation),
            "handoff": "" if handoff is None else wording.time_of_week(handoff),
            "start": self._time(layer.start),
            "end": "" if layer.end is None else self._time(layer.end),
            "days": _one_or_all(wording.day_ranges(layer.days)) if layer.days else "",
            "hours": _one_or_all(wording.windows(layer.hours)) if layer.hours else "",
            "continuous": "true" if layer.continuous else "",
            "fair": "true" if layer.fair else "",
            "groups": [
                self._group(group, (*path, "groups", at)) for at, group in enumerate(layer.groups)
            ],
        }
        return {key: part for key, part in tree.items() if part or key == "groups"}

    def _time(self, instant: int) -> str:
        return wording.time(instant, self._timezone)

    def _group(self, group: Group, path: Path) -> Tree:
        names = self._names
        members = sorted(group.members, key=lambda one: (one.role, str(names.person(one.person))))
        people: list[Tree] = []
        for member in members:
            self._comment(member.person, path)
            person = names.person(member.person)
            is_primary = member.role == PRIMARY
            people.append(
                person if is_primary else {"person": person, "role": names.role(member.role)}
            )
        if group.name and not is_letter(group.name):
            return {"group": canonical_name(group.name), "members": people}
        return people[0] if len(people) == 1 else people

    def _comment(self, person: int, path: Path) -> None:
        if comment := self._names.comment(person):
            known = self.comments.get(path)
            self.comments[path] = f"{known}; {comment}" if known else comment

    def override(self, override: Override, path: Path) -> Tree:
        """A live override as an entry of `overrides`."""
        people = sorted(override.people, key=lambda id: str(self._names.person(id)))
        for person in people:
            self._comment(person, path)
        return {
            "override": override.name.removesuffix(MARK),
            "from": self._time(override.start),
            "to": self._time(override.end),
            "people": [self._names.person(person) for person in people],
        }


def _one_or_all(texts: Iterable[str]) -> Tree:
    several = list(texts)
    return several[0] if len(several) == 1 else [*several]


# Who gets a notice; secrets as references to variables.


def describe_notify(notify: Notify, secrets: Mapping[int, Mapping[str, str]]) -> Tree:
    """The keys of `notify`; "" where nobody gets a notice."""
    tree: dict[str, Tree] = {
        "before": "" if notify.before is None else wording.lead(notify.before),
        "daily_at": notify.daily_at or "",
        "by": describe_channels(notify.by),
        "chats": [
            describe_chat(hook)
            | {name: {"env": variable} for name, variable in secrets.get(at, {}).items()}
            for at, hook in enumerate(notify.webhooks)
        ],
    }
    return {key: part for key, part in tree.items() if part} or ""


def describe_channels(by: By) -> Tree:
    """`preference`, or the channels; a file cannot ask for both, and reading back finds that."""
    return "preference" if by.preference else [*sorted(by.channels)]


def describe_chat(hook: Webhook) -> dict[str, Tree]:
    """A chat without its secrets."""
    tree: dict[str, Tree] = {
        "type": hook.type,
        "alias": hook.alias,
        "data_source_id": str(hook.data_source or ""),
        "chat_ids": [*sorted(hook.chats)],
    }
    return {key: part for key, part in tree.items() if part}


# Reading back: what a document means, compared with what was described.


class _Reader:
    """Reads documents of one live schedule back, and says where they mean something else."""

    def __init__(
        self, live: Schedule, names: WrittenNames, timezone: str, now: int, shared: Shared
    ) -> None:
        self._live, self._now, self._timezone = live, now, timezone
        self._context = ResolveContext(names.account_names, timezone, shared.defaults)
        self._limits = shared.limits

    def read_back(self, tree: Mapping[str, Tree]) -> Iterator[Unsayable]:
        try:
            document = {**tree, "ignore": tree.get("ignore", "none")}
            declared = read_schedule(document, self._limits)
        except Findings as wrong:
            if not self._live.layers:
                yield Unsayable(("layers",), "it has no layers")
                return
            yield from (Unsayable(one.path, one.message) for one in wrong.findings)
            return
        desired, findings = resolve(declared, Position(""), self._context)
        if desired is None:
            errors = (one for one in findings if one.level is Level.ERROR)
            yield from (Unsayable(one.path, one.message) for one in errors)
            return
        ignored = tree.get("ignore", ())
        for path in self._differences(desired.schedule):
            if path[0] not in ignored:
                yield Unsayable(path, "a file cannot say this value")

    def _differences(self, read: Schedule) -> Iterator[Path]:
        """Where a document that was read back differs from the live schedule."""
        live = self._live
        if canonical_name(read.name) != canonical_name(live.name):
            yield ("schedule",)
        if read.description != canonical_description(live.description):
            yield ("description",)
        if read.team != live.team:
            yield ("team",)
        if read.notify != without_values(live.notify):
            yield ("notify",)
        for at, (layer, written) in enumerate(zip(live.layers, read.layers, strict=True)):
            if self._open(written, layer) != replace(layer, name=canonical_name(layer.name)):
                yield ("layers", at)
        ours = {one.identity: one for one in live.our_overrides if not one.past(self._now)}
        if {one.identity: one for one in read.overrides} != ours:
            yield ("overrides",)

    def _open(self, written: Layer, live: Layer) -> Layer:
        """A layer that was read back, with what it leaves to the live one."""
        handoff = written.handoff
        if handoff is None and not live.cuts_days:
            handoff = live.handoff
        groups = (
            replace(group, name=live_group.name) if group.name is None else group
            for group, live_group in zip(written.groups, live.groups, strict=True)
        )
        return replace(written, handoff=handoff, groups=tuple(groups))


def without_values(notify: Notify) -> Notify:
    """A live notify as a file reads it: its secrets are there, and their values are not."""
    hooks = []
    for hook in notify.webhooks:
        token, verify_token, sign_secret = (
            None if secret is None else Secret()
            for secret in (hook.token, hook.verify_token, hook.sign_secret)
        )
        hooks.append(replace(hook, token=token, verify_token=verify_token, sign_secret=sign_secret))
    return replace(notify, webhooks=tuple(hooks))


# The names of people, teams and roles in a file.


class WrittenNames:
    """How a file names the people, teams and roles of an account, so that it reads them back.

    `short` are the short names of flashsync.yaml.
    """

    def __init__(self, directory: Directory, short: Mapping[str, PersonName]) -> None:
        self._directory = directory
        self._names = AccountNames(directory, short, leavers=True)
        self._short: dict[int, str] = {}
        for text, meant in short.items():
            if (id := find_person(self._names, meant)) is not None:
                self._short.setdefault(id, text)
        self._people: dict[int, Tree] = {}

    @property
    def account_names(self) -> AccountNames:
        """The same names, to read a document back."""
        return self._names

    def person(self, id: int) -> Tree:
        """A short name, else the address, else the exact name, else the id."""
        if id not in self._people:
            self._people[id] = self._choose_name(id)
        return self._people[id]

    def _choose_name(self, id: int) -> Tree:
        if self.comment(id):
            return str(id)
        if id in self._short:
            return self._short[id]
        person = self._directory.people[id]
        forms: tuple[Tree, ...] = (person.email, person.name, {"name": person.name})
        return next((form for form in forms if self._means(form, id)), str(id))

    def _means(self, form: Tree, id: int) -> bool:
        """Whether a file may name somebody so: `{name: …}` takes what a plain text may not be."""
        try:
            return find_person(self._names, parse_person(form)) == id
        except Findings:
            return False

    def comment(self, id: int) -> str:
        """What a reader has to know of somebody whom a file can only name by id."""
        person = self._directory.people.get(id)
        if person is None:
            return "the account does not know this person"
        if person.status is MemberStatus.DELETED:
            return f"{person.name or person.email}, who has left the account"
        return ""

    def team(self, id: int) -> str:
        """A team's name, or its id where the account has none of that name."""
        name = self._directory.teams[id].name if id in self._directory.teams else ""
        try:
            return name if self._names.team(name) == id else str(id)
        except Doubt:
            return str(id)

    def role(self, id: int) -> str:
        """A role's name, or its id."""
        name = self._directory.role(id)
        try:
            return name if self._names.role(name) == id else str(id)
        except Doubt:
            return str(id)
