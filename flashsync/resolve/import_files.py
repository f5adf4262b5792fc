"""Live schedules to the files that declare them: short names, variables, file names, documents."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from flashsync.declared import command_line
from flashsync.declared.config import Config
from flashsync.declared.people import NamedBy, PersonName, is_digits
from flashsync.declared.problems import Findings, Tree
from flashsync.declared.schedule import NO_TEAM_WORD
from flashsync.declared.secrets import Secrets, refusal
from flashsync.model.command_results import NeededSecret
from flashsync.model.notify import Secret, SecretReference, Webhook
from flashsync.model.people import Directory, MemberStatus, Person
from flashsync.model.schedule import MARK, NO_TEAM, Schedule, canonical_name
from flashsync.resolve.describe import (
    Description,
    Shared,
    Unsayable,
    WrittenNames,
    describe,
)
from flashsync.resolve.names import AccountNames, find_person

_LONGEST_FILE_NAME = 60
"""Characters; with Chinese names about 180 bytes, and file systems take 255."""
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10))})
"""Names that Windows does not let files have."""
_LEFT_OUT_OF_NAMES = re.compile(r"[\W_]+")
_SHOWN = "shown in the schedule's notifications in the console"
_HIDDEN = "hidden by the platform; copy it from the settings of the chat's robot"


class Layout(StrEnum):
    """Which schedules share a file."""

    EACH = "each"
    BY_TEAM = "by-team"
    SINGLE = "single"


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """How the files shall be.

    `ignore` are fields that all of them leave to the console. With `pin`, each has the schedule's
    id. `taken` are file names that no new file may have, `places` the files of some schedules.
    `variables` of other files, each with its value, stay free of other secrets.
    """

    layout: Layout = Layout.EACH
    overrides: bool = False
    ignore: Collection[str] = ()
    pin: bool = False
    taken: Collection[str] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str | None] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ImportedSchedule:
    """A schedule and the file that declares it, relative to the folder of the import."""

    file: str
    description: Description


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import writes. `people` are the short names to add to flashsync.yaml.

    `left_alone` are the schedules that no file can declare, each with why.
    """

    schedules: tuple[ImportedSchedule, ...]
    people: Mapping[str, PersonName] = field(default_factory=dict)
    secrets: tuple[NeededSecret, ...] = ()
    left_alone: tuple[tuple[str, Unsayable], ...] = ()

    @property
    def files(self) -> dict[str, list[Description]]:
        """The descriptions by file, in the order of files."""
        files: dict[str, list[Description]] = {}
        for schedule in sorted(self.schedules, key=lambda one: (one.file, one.description.name)):
            files.setdefault(schedule.file, []).append(schedule.description)
        return files


def import_files(
    live: Sequence[Schedule],
    directory: Directory,
    config: Config,
    timezone: str,
    now: int,
    request: ImportRequest = ImportRequest(),
) -> Imported:
    """The documents for live schedules, next to the flashsync.yaml with this content."""
    if request.overrides:
        live = [take_over_overrides(schedule, now) for schedule in live]
    used = {id for schedule in live for id in _people_of(schedule, now)}
    added = choose_short_names(
        (directory.people[id] for id in used if id in directory.people), directory, config.people
    )
    names = WrittenNames(directory, {**config.people, **added})
    variables = SecretVariables(config.secrets, request.variables)
    shared = Shared(config.defaults, config.secrets, request.pin)
    described: list[Description] = []
    for schedule in live:
        variables.schedule = schedule.name
        found = describe(schedule, names, timezone, now, variables.choose, request.ignore, shared)
        described.append(found)
    described = _refuse_namesakes(described)
    declared = [one for one in described if not one.refused]
    teams = {one.name: names.team(one.team) for one in live if one.team != NO_TEAM}
    free = [one.name for one in declared if one.name not in request.places]
    files = {**choose_files(free, teams, request.layout, request.taken), **request.places}
    texts = {text for one in declared for text in _texts(one.tree)}
    return Imported(
        tuple(ImportedSchedule(files[one.name], one) for one in declared),
        {name: person for name, person in added.items() if name in texts},
        variables.to_set(declared),
        tuple((one.name, one.refused[0]) for one in described if one.refused),
    )


def _refuse_namesakes(described: Iterable[Description]) -> list[Description]:
    """Of schedules with one name, as files compare names, only the first can be declared."""
    names: set[str] = set()
    unique: list[Description] = []
    for one in described:
        if (name := canonical_name(one.name)) in names:
            reason = Unsayable(("schedule",), "another schedule has the same name")
            one = replace(one, refused=(reason,))
        names.add(name)
        unique.append(one)
    return unique


def take_over_overrides(schedule: Schedule, now: int) -> Schedule:
    """The schedule with the overrides of the console as if files had declared them."""
    overrides = tuple(
        override
        if override.ours or override.past(now) or not override.people
        else replace(override, name=_mark(override.name))
        for override in schedule.overrides
    )
    return replace(schedule, overrides=overrides)


def _mark(name: str) -> str:
    return (canonical_name(name)[: 40 - len(MARK)].strip() or "Override") + MARK


def _people_of(schedule: Schedule, now: int) -> Iterator[int]:
    for layer in schedule.layers:
        if not layer.ended(now):
            yield from (member.person for group in layer.groups for member in group.members)
    for override in schedule.our_overrides:
        if not override.past(now):
            yield from override.people


def _texts(tree: Tree) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
        return
    for part in tree.values() if isinstance(tree, dict) else tree:
        yield from _texts(part)


# Short names: `alice` for alice@example.com.


def choose_short_names(
    people: Iterable[Person], directory: Directory, taken: Mapping[str, PersonName]
) -> dict[str, PersonName]:
    """Short names for people with an address, from what comes before its `@`.

    Left out are people with a short name in `taken`, and short names that are somebody's exact name
    or fit two people: these people are named by address.
    """
    names = AccountNames(directory, taken, leavers=True)
    have = {id for meant in taken.values() if (id := find_person(names, meant)) is not None}
    candidates = {
        person: _local_part(person)
        for person in sorted(people, key=lambda one: one.id)
        if person.email and person.status is not MemberStatus.DELETED and person.id not in have
    }
    counts = Counter(map(_local_part, directory.people.values()))
    exact = {canonical_name(person.name): person.id for person in directory.people.values()}
    return {
        text: PersonName(person.email, NamedBy.EMAIL)
        for person, text in sorted(candidates.items(), key=lambda pair: pair[1])
        if counts[text] == 1
        and text not in taken
        and _can_be_short(text)
        and exact.get(text, person.id) == person.id
        and find_person(names, PersonName(person.email)) == person.id
    }


def _can_be_short(text: str) -> bool:
    try:
        return not is_digits(text) and text != NO_TEAM_WORD and bool(command_line.person(text))
    except Findings:
        return False


def _local_part(person: Person) -> str:
    return person.email.partition("@")[0].casefold()


# Variables: one for each secret, and the same one wherever the secret is the same.


class SecretVariables:
    """Chooses the names of variables; `schedule` is the schedule that is being described."""

    def __init__(self, limits: Secrets | None, taken: Mapping[str, str | None]) -> None:
        self.schedule = ""
        self._limits, self._taken = limits, taken
        self._same = {value: name for name, value in sorted(taken.items()) if value}
        self._by_value: dict[tuple[str, str], str] = {}
        self._uses: dict[str, list[tuple[str, str]]] = {}
        self._known: dict[str, bool] = {}

    def choose(self, hook: Webhook, field_name: str, secret: Secret) -> str:
        """The variable for a secret of a chat: `DINGTALK_OPS_TOKEN`."""
        value = secret.value if secret.readable and secret.value else None
        variable = None
        if value:
            variable = self._by_value.get((field_name, value)) or self._same.get(value)
        variable = variable or self._free(hook, field_name)
        if value:
            self._by_value[field_name, value] = variable
        self._known[variable] = value is not None
        self._uses.setdefault(variable, []).append((self.schedule, f"{hook.label}, {field_name}"))
        return variable

    def _free(self, hook: Webhook, field_name: str) -> str:
        words = (hook.type, hook.alias, "" if hook.alias else self.schedule, field_name)
        name = self._allowed("_".join(filter(None, map(_as_variable, words))))
        number = 1
        while (name if number == 1 else f"{name}_{number}") in {*self._uses, *self._taken}:
            number += 1
        return name if number == 1 else f"{name}_{number}"

    def _allowed(self, name: str) -> str:
        """The name, with what `secrets` in flashsync.yaml asks a variable to begin with."""
        patterns = (self._limits.env if self._limits else None) or ()
        starts = ("", *(one[:-1] for one in patterns if one.endswith("*")))
        names = (f"{start}{name}" for start in starts)
        allowed = (
            one for one in names if refusal(SecretReference("env", one), self._limits) is None
        )
        return next(allowed, name)

    def to_set(self, declared: Iterable[Description]) -> tuple[NeededSecret, ...]:
        """The variables that these documents refer to."""
        schedules = {one.name for one in declared if "notify" in one.tree}
        found = (
            NeededSecret(
                variable,
                tuple(f"{name}: {chat}" for name, chat in uses if name in schedules),
                _SHOWN if self._known[variable] else _HIDDEN,
            )
            for variable, uses in sorted(self._uses.items())
        )
        return tuple(one for one in found if one.uses)


def _as_variable(text: str) -> str:
    """Upper case letters, digits and `_`; nothing for a text that has none of these."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_").upper()
    return f"X_{name}" if name[:1].isdigit() or name.startswith("FLASHDUTY_") else name


# Files: `production-on-call.yaml`.


def choose_files(
    names: Sequence[str], teams: Mapping[str, str], layout: Layout, taken: Collection[str] = ()
) -> dict[str, str]:
    """The file of each schedule, by name, relative to the folder of the import.

    Only a layout with a file for each schedule avoids `taken`: others add to a file.
    """
    if layout is Layout.SINGLE:
        return dict.fromkeys(names, "schedules.yaml")
    if layout is Layout.BY_TEAM:
        by_team = _unlike(sorted(set(teams.values())), "team")
        return {
            name: f"{by_team[teams[name]] if name in teams else 'no-team'}.yaml" for name in names
        }
    used = {file.removesuffix(".yaml").casefold() for file in taken}
    return {name: f"{file}.yaml" for name, file in _unlike(names, "schedule", used).items()}


def _unlike(names: Sequence[str], otherwise: str, used: Iterable[str] = ()) -> dict[str, str]:
    """A file name for each name, none like another, whatever the case."""
    taken = set(used)
    found: dict[str, str] = {}
    for name in names:
        base = file_name(name) or otherwise
        file, number = base, 1
        while file.casefold() in taken:
            number += 1
            file = f"{base}-{number}"
        taken.add(file.casefold())
        found[name] = file
    return found


def file_name(text: str) -> str:
    """Letters and digits of any language, in lower case, with `-` between the words."""
    words = _LEFT_OUT_OF_NAMES.sub("-", unicodedata.normalize("NFC", text).casefold())
    name = words.strip("-")[:_LONGEST_FILE_NAME].strip("-")
    return f"{name}-schedule" if name in _RESERVED else name


# What somebody should look at, in words.


def remarks_on(description: Description) -> Iterator[str]:
    """What is odd in the account, and what the document leaves to the console."""
    for path, comment in sorted(description.comments.items(), key=lambda item: str(item[0])):
        where = _part(description.tree, path)
        yield f"{comment} ({where})" if where else comment
    for part in description.left_out:
        yield f"{part.path[0]} is left to the console; {part.reason}"


def _part(tree: Mapping[str, Tree], path: tuple[str | int, ...]) -> str:
    """`turn 4 of Primary`, `start of Primary`, `override Swap`."""
    if len(path) < 2:
        return ""
    parts = tree[str(path[0])]
    part = parts[int(path[1])] if isinstance(parts, list) else ""
    name = str(next(iter(part.values()))) if isinstance(part, dict) else ""
    match path:
        case ("layers", _, "groups", int(turn)):
            return f"turn {turn + 1} of {name}"
        case ("layers", _, str(key)):
            return f"{key} of {name}"
        case ("layers", _):
            return name
        case _:
            return f"override {name}"
