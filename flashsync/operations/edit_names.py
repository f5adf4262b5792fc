"""Renames schedules and layers in the files, so that each keeps its live schedule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flashsync.api.endpoints import schedules
from flashsync.declared.command_line import layer_name, schedule_name
from flashsync.declared.people_edits import Replace
from flashsync.errors import UsageError
from flashsync.files.document import Source, Tree
from flashsync.files.edit import Edited, Made
from flashsync.files.load import reopen
from flashsync.files.rewrite import rewrite_text
from flashsync.model.schedule import canonical_name
from flashsync.operations.account import as_usage_error, match_declared
from flashsync.operations.edit_files import (
    EditTarget,
    FileEdits,
    find_part,
    note_invalid,
    why_no_account,
)
from flashsync.operations.files import Files
from flashsync.operations.selection import ALL
from flashsync.operations.session import Session
from flashsync.plan.match import Known


@dataclass(frozen=True, slots=True)
class Renaming:
    """A declared schedule, or one of its layers, and its new name."""

    target: EditTarget
    old: str
    new: str

    @property
    def is_layer(self) -> bool:
        """Whether a layer gets the name, and not the schedule."""
        return self.target.layer is not None


def rename(
    session: Session, pairs: Sequence[tuple[str, str]], *, offline: bool = False
) -> FileEdits:
    """Give schedules and layers other names, all at once, so that names can be exchanged.

    A schedule gets `renamed_from`, or its `id` where its old name is given to another one. Raises
    UsageError, FilesError.
    """
    files = session.read_files(ALL)
    renamings = [_find(old, new, files) for old, new in pairs]
    _check_new_names(renamings, files)
    live = None if why_no_account(session, offline=offline) else _LiveNames.read(session, files)
    whole = [one for one in renamings if not one.is_layer]
    exchanged = bool({one.old for one in whole} & {one.new for one in whole})
    if exchanged and live is None:
        message = "names are exchanged, which needs the ids of the schedules"
        raise UsageError(message, "set FLASHDUTY_APP_KEY, and leave out --offline")
    if live is not None:
        _check_free(whole, live)
    edits = _FileRenames(files)
    for one in renamings:
        if one.target.layer is not None:
            edits.rename_layer(one, one.target.layer)
        else:
            edits.rename_schedule(one, live, exchanged=exchanged)
    return FileEdits((*edits.result(), *edits.follow(whole)), tuple(edits.notes))


def _find(old: str, new: str, files: Files) -> Renaming:
    """Raises UsageError for a name that no file has, or that cannot be one."""
    target = find_part("OLD", old, files.declared)
    with as_usage_error("NEW"):
        if target.layer is None:
            schedule = target.declared.schedule
            if schedule.absent:
                message = f"{old} is `absent: true` and will be deleted"
                raise UsageError(message, "rename another, or remove `absent` first")
            return Renaming(target, schedule.schedule, schedule_name(new))
        layers = target.declared.schedule.layers or ()
        prefix = f"{target.declared.schedule.schedule}/"
        name = layer_name(canonical_name(new).removeprefix(prefix))
        return Renaming(target, layers[target.layer].layer, name)


def _check_new_names(renamings: Sequence[Renaming], files: Files) -> None:
    """Raises UsageError for a name that stays, or that two would have."""
    for one in renamings:
        if one.old == one.new:
            raise UsageError(f"{one.old} has that name already", "give another one")
    names = {id(item): item.schedule.schedule for item in files.declared}
    names |= {id(one.target.declared): one.new for one in renamings if not one.is_layer}
    for one in renamings:
        same = [item for item in files.declared if names[id(item)] == one.new]
        if not one.is_layer and len(same) > 1:
            other = next(item for item in same if item is not one.target.declared)
            message = f"two schedules would be named {one.new}"
            remedy = f"rename the one at {other.origin.position} in the same command"
            raise UsageError(message, remedy)
    if len({(id(one.target.declared), one.target.layer) for one in renamings}) < len(renamings):
        raise UsageError("a name is given as OLD twice", "remove one")
    layers = [(id(one.target.declared), one.new) for one in renamings if one.is_layer]
    if len(set(layers)) < len(layers):
        raise UsageError("two layers would have one name", "give another one")


@dataclass(frozen=True, slots=True)
class _LiveNames:
    """The account's schedules: which one each declared one is now, and who has which name."""

    of_declared: Mapping[int, Known]
    by_name: Mapping[str, int]

    @classmethod
    def read(cls, session: Session, files: Files) -> _LiveNames:
        """Ask the account. Raises AccountError, FilesError."""
        account = session.account(files.settings)
        with session.reporter.reading():
            listed = schedules.list_schedules(session.client, account.timezone)
        matching = match_declared(files.declared, listed)
        pairs = zip(files.declared, matching.matches, strict=True)
        of_declared = {id(item): pair.live for item, pair in pairs if pair.live}
        return cls(of_declared, {canonical_name(one.name): one.id for one in listed})


def _check_free(renamings: Sequence[Renaming], live: _LiveNames) -> None:
    """Raises UsageError where a new name belongs to a live schedule that keeps it."""
    freed = {
        known.id
        for one in renamings
        if (known := live.of_declared.get(id(one.target.declared))) is not None
    }
    for one in renamings:
        holder = live.by_name.get(one.new)
        if holder is not None and holder not in freed:
            message = f"the account has another schedule named {one.new} (id {holder})"
            raise UsageError(message, "choose another name, or rename that one first")


@dataclass(slots=True)
class _RenamedFile:
    """A file with the new trees of its documents."""

    text: str
    source: Source
    trees: dict[int, Any]
    made: list[Made] = field(default_factory=list)


class _FileRenames:
    """The files that are edited, none of them written."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._edited: dict[str, _RenamedFile] = {}
        self.notes: list[str] = []

    def rename_schedule(self, one: Renaming, live: _LiveNames | None, *, exchanged: bool) -> None:
        """Write the new name, and what tells which live schedule it is."""
        given = one.target.declared.schedule
        known = live.of_declared.get(id(one.target.declared)) if live else None
        extra: dict[str, Tree] = {}
        if given.id is not None:
            extra = {"id": str(given.id)}
        elif live is None:
            if given.renamed_from:
                message = f"{one.old} is `renamed_from: {given.renamed_from}` already, and only"
                remedy = "leave out --offline, or remove `renamed_from` once that is applied"
                raise UsageError(f"{message} the account knows which name it has", remedy)
            extra = {"renamed_from": one.old}
        elif known is not None and exchanged:
            extra = {"id": str(known.id)}
        elif known is not None and canonical_name(known.name) != one.new:
            extra = {"renamed_from": canonical_name(known.name)}
        self._write(one, extra)

    def rename_layer(self, one: Renaming, place: int) -> None:
        """Write the new name, and the old one. Raises UsageError where a rename is pending."""
        layers = one.target.declared.schedule.layers or ()
        layer = layers[place]
        if one.new in [other.layer for other in layers]:
            message = f"{one.target.declared.schedule.schedule} has a layer {one.new} already"
            raise UsageError(message, "choose another name")
        if layer.renamed_from and layer.renamed_from != one.new:
            message = f"{one.old} is `renamed_from: {layer.renamed_from}` already"
            raise UsageError(message, "apply that first, and remove `renamed_from`")
        back = layer.renamed_from == one.new
        extra: dict[str, Tree] = {} if back else {"renamed_from": one.old}
        self._write(one, extra)

    def _write(self, one: Renaming, extra: Mapping[str, Tree]) -> None:
        key = "layer" if one.is_layer else "schedule"
        path = () if one.target.layer is None else ("layers", one.target.layer)
        origin = one.target.declared.origin
        file = self._edited.get(origin.source.path)
        if file is None:
            opened = reopen(origin.source)
            file = _RenamedFile(opened.text, origin.source, opened.trees)
            self._edited[origin.source.path] = file
        tree, place = file.trees[origin.index], one.target.layer
        part = tree if place is None else tree["layers"][place]
        dropped = (key, "id", "renamed_from") if key == "schedule" else (key, "renamed_from")
        kept = {name: value for name, value in part.items() if name not in dropped}
        renamed = {key: one.new, **extra, **kept}  # behind the name: what says whose it is
        if place is not None:
            layers = tree["layers"]
            renamed = {**tree, "layers": [*layers[:place], renamed, *layers[place + 1 :]]}
        file.trees[origin.index] = renamed
        what = ", ".join(f"`{name}: {value}`" for name, value in extra.items())
        said = f"rename {one.old} to {one.new}" + (f", with {what}" if what else "")
        line = self._files.reading.locator.locate(origin, (*path, key)).line
        file.made.append(Made(Replace((*path, key), one.new, said), origin.index, line, ()))

    def result(self) -> list[Edited]:
        """The files with their new names, which are as valid as before. Raises FilesError."""
        found = []
        for file in self._edited.values():
            changed = {made.document: file.trees[made.document] for made in file.made}
            edited = rewrite_text(file.text, file.source, changed)
            note_invalid(edited, self._files.reading)
            found.append(replace(edited, made=tuple(file.made)))
        self._files.reading.stop_on_errors()
        return found

    def follow(self, renamings: Sequence[Renaming]) -> Iterator[Edited]:
        """flashsync.yaml, where `accept` has an old name; notes where `manage` may."""
        settings = self._files.settings
        names = {one.old: one.new for one in renamings}
        manage = (settings.config.manage.names if settings.config.manage else None) or ()
        for old, new in names.items():
            if old in manage and new not in manage:
                position = settings.position(self._files.reading.locator, "manage", "names")
                self.notes.append(f"{position}: `manage` still has {old}; change it by hand")
        accepted = [one for one in settings.config.accept if one.schedule in names]
        if settings.origin is None or not accepted:
            return
        source = settings.origin.source
        file = reopen(source)
        (document,) = file.documents
        tree: Any = document.tree
        entries: Any = [
            {**entry, "schedule": names.get(entry["schedule"], entry["schedule"])}
            for entry in tree["accept"]
        ]
        self.notes.append(f"{source.shown_as}: `accept` has the new name, too")
        yield rewrite_text(file.text, source, {document.origin.index: {**tree, "accept": entries}})
