"""Live schedules to the files that declare them: short names, variables, file names, documents."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from flashsync.declared.people import NamedBy, PersonName, is_digits
from flashsync.model.notify import Secret, Webhook
from flashsync.model.people import Directory, MemberStatus, Person
from flashsync.model.schedule import MARK, NO_TEAM, Override, Schedule, canonical_name
from flashsync.resolve.describe import Description, Unsayable, WrittenNames, describe
from flashsync.resolve.names import AccountNames, Doubt

_LONGEST_FILE_NAME = 60
"""Characters; with Chinese names about 180 bytes, and file systems take 255."""
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10))})
"""Names that Windows does not let files have."""
_LEFT_OUT_OF_NAMES = re.compile(r"[\W_]+")


class Layout(StrEnum):
    """Which schedules share a file."""

    EACH = "each"
    BY_TEAM = "by-team"
    SINGLE = "single"


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """How the files shall be; `ignore` are fields that all of them leave to the console."""

    layout: Layout = Layout.EACH
    overrides: bool = False
    ignore: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class SecretToSet:
    """A variable that a plan needs, and the chats that use it, as `Prod: dingtalk ops, token`.

    `value_known` says whether the platform showed the secret.
    """

    variable: str
    uses: tuple[str, ...]
    value_known: bool


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
    secrets: tuple[SecretToSet, ...] = ()
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
    short: Mapping[str, PersonName],
    timezone: str,
    now: int,
    request: ImportRequest = ImportRequest(),
) -> Imported:
    """The documents for live schedules. `short` are the short names that flashsync.yaml has."""
    if request.overrides:
        live = [take_over_overrides(schedule, now) for schedule in live]
    used = {id for schedule in live for id in _people_of(schedule, now)}
    added = choose_short_names(
        (directory.people[id] for id in used if id in directory.people), directory, short
    )
    names = WrittenNames(directory, {**short, **added})
    variables = _Variables()
    described: list[Description] = []
    for schedule in live:
        variables.schedule = schedule.name
        found = describe(schedule, names, timezone, now, variables.choose, request.ignore)
        described.append(found)
    declared = [one for one in described if not one.refused]
    teams = {one.name: names.team(one.team) for one in live if one.team != NO_TEAM}
    files = choose_files([one.name for one in declared], teams, request.layout)
    kept = {one.name for one in declared}
    return Imported(
        tuple(ImportedSchedule(files[one.name], one) for one in declared),
        {name: person for name, person in added.items() if _is_used(name, declared)},
        variables.to_set(kept),
        tuple((one.name, one.refused[0]) for one in described if one.refused),
    )


def take_over_overrides(schedule: Schedule, now: int) -> Schedule:
    """The schedule with the overrides of the console as if files had declared them."""
    overrides = tuple(
        override
        if override.ours or override.past(now)
        else replace(override, name=_marked(override))
        for override in schedule.overrides
    )
    return replace(schedule, overrides=overrides)


def _marked(override: Override) -> str:
    return canonical_name(override.name)[: 40 - len(MARK)].strip() + MARK


def _people_of(schedule: Schedule, now: int) -> Iterator[int]:
    for layer in schedule.layers:
        if not layer.ended(now):
            yield from (member.person for group in layer.groups for member in group.members)
    for override in schedule.our_overrides:
        if not override.past(now):
            yield from override.people


def _is_used(name: str, described: Iterable[Description]) -> bool:
    return any(_holds(one.tree, name) for one in described)


def _holds(tree: object, text: str) -> bool:
    if isinstance(tree, str):
        return tree == text
    parts = tree.values() if isinstance(tree, Mapping) else tree if isinstance(tree, list) else ()
    return any(_holds(part, text) for part in parts)


# Short names: `alice` for alice@example.com.


def choose_short_names(
    people: Iterable[Person], directory: Directory, taken: Mapping[str, PersonName]
) -> dict[str, PersonName]:
    """Short names for people with an address, from what comes before its `@`.

    Left out are people with a short name in `taken`, and short names that are somebody's exact name
    or fit two people: these people are named by address.
    """
    names = AccountNames(directory, taken, leavers=True)
    have = {id for meant in taken.values() if (id := _read(names, meant)) is not None}
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
        and not is_digits(text)
        and exact.get(text, person.id) == person.id
        and _read(names, PersonName(person.email)) == person.id
    }


def _local_part(person: Person) -> str:
    return person.email.partition("@")[0].casefold()


def _read(names: AccountNames, name: PersonName) -> int | None:
    try:
        return names.person(name)
    except Doubt:
        return None


# Variables: one for each secret, and the same one wherever the secret is the same.


class _Variables:
    """Chooses the names of variables; `schedule` is the schedule that is being described."""

    def __init__(self) -> None:
        self.schedule = ""
        self._by_value: dict[tuple[str, str], str] = {}
        self._uses: dict[str, list[tuple[str, str]]] = {}
        self._known: dict[str, bool] = {}

    def choose(self, hook: Webhook, field_name: str, secret: Secret) -> str:
        """The variable for a secret of a chat: `DINGTALK_OPS_TOKEN`."""
        value = secret.value if secret.readable and secret.value else None
        variable = self._by_value.get((field_name, value)) if value else None
        variable = variable or self._free(hook, field_name)
        if value:
            self._by_value[field_name, value] = variable
        self._known[variable] = value is not None
        self._uses.setdefault(variable, []).append((self.schedule, f"{hook.label}, {field_name}"))
        return variable

    def _free(self, hook: Webhook, field_name: str) -> str:
        words = (hook.type, hook.alias, "" if hook.alias else self.schedule, field_name)
        name = "_".join(filter(None, map(_as_variable, words)))
        number = 1
        while (name if number == 1 else f"{name}_{number}") in self._uses:
            number += 1
        return name if number == 1 else f"{name}_{number}"

    def to_set(self, schedules: Collection[str]) -> tuple[SecretToSet, ...]:
        """The variables that the documents of these schedules refer to."""
        found = (
            SecretToSet(
                variable,
                tuple(f"{name}: {chat}" for name, chat in uses if name in schedules),
                self._known[variable],
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


def choose_files(names: Sequence[str], teams: Mapping[str, str], layout: Layout) -> dict[str, str]:
    """The file of each schedule, by name; with `/`, relative to the folder of the import."""
    if layout is Layout.SINGLE:
        return dict.fromkeys(names, "schedules.yaml")
    if layout is Layout.BY_TEAM:
        by_team = _unlike(sorted(set(teams.values())), "team")
        return {
            name: f"{by_team[teams[name]] if name in teams else 'no-team'}.yaml" for name in names
        }
    return {name: f"{file}.yaml" for name, file in _unlike(names, "schedule").items()}


def _unlike(names: Sequence[str], otherwise: str) -> dict[str, str]:
    """A file name for each name, none like another, whatever the case."""
    taken: set[str] = set()
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
