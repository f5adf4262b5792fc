"""The people, schedules and layers of an edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flashsync.declared.command_line import person
from flashsync.declared.config import Config
from flashsync.declared.expectation import people_in
from flashsync.declared.people import NamedBy, PersonName
from flashsync.declared.problems import Findings, nearest
from flashsync.errors import UsageError
from flashsync.model.schedule import canonical_name
from flashsync.operations.account import names_in, read_directory
from flashsync.operations.files import Declared, Files, Settings
from flashsync.operations.session import Session
from flashsync.resolve.names import AccountNames, Doubt, Names, OfflineNames, Same, kind


@dataclass(frozen=True, slots=True)
class EditTarget:
    """A schedule, or one of its layers by index."""

    declared: Declared
    layer: int | None = None


def find_layers(
    option: str, texts: Sequence[str], declared: Sequence[Declared]
) -> list[EditTarget]:
    """The layer of each text; a schedule with a single layer is enough. Raises UsageError."""
    targets = [_find_layer(option, text, declared) for text in texts]
    return list({(id(target.declared), target.layer): target for target in targets}.values())


def find_parts(option: str, texts: Sequence[str], declared: Sequence[Declared]) -> list[EditTarget]:
    """The schedule or layer of each text; without texts, all schedules. Raises UsageError."""
    if not texts:
        return [EditTarget(item) for item in declared]
    return [find_part(option, text, declared) for text in texts]


def _find_layer(option: str, text: str, declared: Sequence[Declared]) -> EditTarget:
    target = find_part(option, text, declared)
    if target.layer is not None:
        return target
    layers = _layer_names(target.declared)
    if len(layers) == 1:
        return EditTarget(target.declared, 0)
    if not layers:
        raise UsageError(f"{option}: {text} is `absent: true` and has no layers", "name another")
    message = f"{option}: {text} has {len(layers)} layers"
    raise UsageError(message, f"name a layer, {_list_layers(text, layers)}")


def find_part(option: str, text: str, declared: Sequence[Declared]) -> EditTarget:
    """The schedule or layer of a text. Raises UsageError."""
    targets = list(_parts_named(canonical_name(text), declared))
    if len(targets) == 1:
        return targets[0]
    if not targets:
        raise _unknown_part(option, text, declared)
    schedules = {id(target.declared) for target in targets}
    what = "several layers" if len(schedules) == 1 else "a schedule, and a layer of another one"
    raise UsageError(f"{option}: {text} names {what}", "edit the file by hand")


def _parts_named(name: str, declared: Sequence[Declared]) -> Iterator[EditTarget]:
    for item in declared:
        schedule = item.schedule.schedule
        if name == schedule:
            yield EditTarget(item)
        for index, layer in enumerate(_layer_names(item)):
            if name == f"{schedule}/{layer}":
                yield EditTarget(item, index)


def _layer_names(declared: Declared) -> list[str]:
    return [layer.layer for layer in declared.schedule.layers or ()]


def _unknown_part(option: str, text: str, declared: Sequence[Declared]) -> UsageError:
    """The error for an unknown name, with the nearest known name."""
    for item in declared:
        name = item.schedule.schedule
        layers = _layer_names(item)
        if layers and canonical_name(text).startswith(f"{name}/"):
            layer = canonical_name(text).removeprefix(f"{name}/")
            near = nearest(layer, layers)
            known = _list_layers(name, layers)
            remedy = f"did you mean {name}/{near}?" if near else f"known: {known}"
            return UsageError(f"{option}: the schedule {name} has no layer {layer}", remedy)
    names = [item.schedule.schedule for item in declared]
    names += [f"{item.schedule.schedule}/{one}" for item in declared for one in _layer_names(item)]
    near = nearest(text, names)
    remedy = (
        f"did you mean {near}?" if near else "write SCHEDULE or SCHEDULE/LAYER, as in the files"
    )
    return UsageError(f"{option}: no file has the schedule or layer {text}", remedy)


def _list_layers(schedule: str, layers: Sequence[str]) -> str:
    return ", ".join(f"{schedule}/{layer}" for layer in layers)


# Who is who, for edits of the files: by the files, and by the account if it is asked.

Is = Callable[[PersonName], bool]
"""Whether a name means somebody."""


def person_of(option: str, text: str) -> PersonName:
    """The person in an argument. Raises UsageError."""
    try:
        return person(text)
    except Findings as wrong:
        finding = wrong.findings[0]
        raise UsageError(f"{option}: {finding.message}", finding.remedy) from None


class PersonMatcher:
    """Tells whether two names mean one person.

    Without an account, two ways to name somebody are one only where `people` says so.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._short = files.settings.config.people
        self._sources: list[Names] = [OfflineNames(self._short)]
        self._account: AccountNames | None = None
        self._leavers: AccountNames | None = None

    def ask(self, session: Session, *names: PersonName) -> None:
        """Read who is in the account: it knows more names of a person. Raises AccountError."""
        account = session.account(self._files.settings)
        known = [*names_in(self._files.declared, self._files.settings), *names]
        directory = read_directory(session.client, account, known)
        self._account = AccountNames(directory, self._short)
        self._leavers = AccountNames(directory, self._short, leavers=True)
        self._sources.append(self._leavers)

    def staying(self, name: PersonName) -> Is:
        """Who is the same as somebody who comes or stays. Raises UsageError for a nobody."""
        if self._account is not None:
            _find(self._account.present, name)
        return Same(self._sources).test(name)

    def leaving(self, name: PersonName) -> Is:
        """Who is the same as somebody who goes. Raises UsageError for what looks like a slip."""
        is_one = Same(self._sources).test(name)
        if not any(map(is_one, self._named())):
            if self._leavers is not None:
                _find(self._leavers.person, name)
            elif kind(name) is NamedBy.NAME:
                near = nearest(name.text, sorted({str(one) for one in self._named()}))
                remedy = f"did you mean {near}?" if near else "write the name as the files have it"
                raise UsageError(f"no person `{name.text}` in the files", remedy)
        return is_one

    def _named(self) -> list[PersonName]:
        """Every way in which the files name a person."""
        everyone = [name for one in self._files.declared for name in names_of(one)]
        return [*everyone, *map(PersonName, self._short)]


def _find(find: Callable[[PersonName], int], name: PersonName) -> None:
    """Raises UsageError where the account knows nobody of a name, or several."""
    try:
        find(name)
    except Doubt as doubt:
        raise UsageError(doubt.message, doubt.remedy) from None


def names_of(declared: Declared) -> list[PersonName]:
    """Everyone whom a schedule names."""
    turns = names_in([declared], Settings(Config(), Path()))
    return [*turns, *people_in(declared.schedule.expect)]
