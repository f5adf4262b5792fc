"""Edits of the files, not written yet: what they change, and the schedules and layers they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flashsync.declared.parse import read_config, read_schedule
from flashsync.declared.people import PersonName
from flashsync.declared.problems import Findings, nearest
from flashsync.errors import ConfigError, UsageError
from flashsync.files import CONFIG_NAME, Tree, TreePath, show_path
from flashsync.files.atomic_write import NewFile, write_all
from flashsync.files.compose import NewDocument, add_keys, compose_file
from flashsync.files.edit import Edited
from flashsync.files.load import read_whole
from flashsync.model.command_results import EditSummary, FileChange
from flashsync.model.people import Account
from flashsync.model.schedule import canonical_name
from flashsync.operations.environment import credentials
from flashsync.operations.files import Declared, Reading, Settings
from flashsync.operations.session import Session

_COMMENTS: dict[TreePath, str] = {
    ("account",): "A key of another account is refused.",
    ("timezone",): "The account's zone; all times in the files are in it.",
    ("people",): "Short names for the files.",
}


@dataclass(frozen=True, slots=True)
class FileEdits:
    """Edits of files, not written yet.

    `nothing` is the message without `files`; `notes` say what is left to do by hand.
    """

    files: tuple[Edited, ...]
    notes: tuple[str, ...] = ()
    nothing: str = ""

    @property
    def summaries(self) -> list[EditSummary]:
        """Each edit in words."""
        return [
            EditSummary(
                file.source.shown_as, made.line, schedule_at(file, made.document), made.edit.said
            )
            for file in self.files
            for made in file.made
        ]

    @property
    def changes(self) -> list[FileChange]:
        """Each file before and after."""
        return [FileChange(file.source.shown_as, *file.shown) for file in self.files]

    @property
    def schedules(self) -> tuple[str, ...]:
        """The names of the schedules that are edited, sorted."""
        return tuple(sorted({summary.schedule for summary in self.summaries}))

    def write(self) -> None:
        """Write all files, or none of them."""
        write_all(self.files)


def tree_at(file: Edited, index: int) -> Any:
    """A document's tree as it is after the edits."""
    return next(one.tree for one in file.documents if one.origin.index == index)


def schedule_at(file: Edited, index: int) -> str:
    """The name of a document's schedule after the edits."""
    return str(tree_at(file, index)["schedule"]).strip()


def note_invalid(file: Edited, reading: Reading) -> None:
    """Note what would be wrong with a file after its edits: it has to stay as valid as it was."""
    for document in file.documents:
        try:
            read_schedule(document.tree)
        except Findings as wrong:
            reading.note(document.origin, wrong.findings)


def why_no_account(session: Session, *, offline: bool) -> str:
    """Why the account is not asked, with what to do; empty if it is."""
    if offline:
        return "--offline does not contact the account; remove it"
    try:
        credentials(session.environment)
    except ConfigError as error:
        return error.problems[0].text
    return ""


# The schedules and layers that an edit means.


@dataclass(frozen=True, slots=True)
class EditTarget:
    """A schedule, or one of its layers by index."""

    declared: Declared
    layer: int | None = None


def find_layers(
    option: str, texts: Sequence[str], declared: Sequence[Declared]
) -> list[EditTarget]:
    """The layer of each text; a schedule with a single layer is enough. Raises UsageError."""
    targets: dict[tuple[int, int], EditTarget] = {}
    for text in texts:
        target = find_part(option, text, declared)
        layers = _layer_names(target.declared)
        if target.layer is None and not layers:
            message = f"{option}: {text} is `absent: true` and has no layers"
            raise UsageError(message, "name another")
        if target.layer is None and len(layers) > 1:
            message = f"{option}: {text} has {len(layers)} layers"
            raise UsageError(message, f"name a layer, {_list_layers(text, layers)}")
        layer = target.layer or 0
        targets[id(target.declared), layer] = EditTarget(target.declared, layer)
    return list(targets.values())


def find_parts(option: str, texts: Sequence[str], declared: Sequence[Declared]) -> list[EditTarget]:
    """The schedule or layer of each text; without texts, all schedules. Raises UsageError."""
    if not texts:
        return [EditTarget(item) for item in declared]
    return [find_part(option, text, declared) for text in texts]


def find_part(option: str, text: str, declared: Sequence[Declared]) -> EditTarget:
    """The schedule or layer of a text. Raises UsageError."""
    name, targets = canonical_name(text), list[EditTarget]()
    for item in declared:
        schedule = item.schedule.schedule
        if name == schedule:
            targets.append(EditTarget(item))
        for index, layer in enumerate(_layer_names(item)):
            if name == f"{schedule}/{layer}":
                targets.append(EditTarget(item, index))
    if len(targets) == 1:
        return targets[0]
    if not targets:
        raise _unknown_part(option, text, declared)
    schedules = {id(target.declared) for target in targets}
    what = "several layers" if len(schedules) == 1 else "a schedule, and a layer of another one"
    raise UsageError(f"{option}: {text} names {what}", "edit the file by hand")


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


# flashsync.yaml, written or completed.


def complete_settings(
    settings: Settings,
    account: Account,
    people: Mapping[str, PersonName],
    globs: Sequence[str],
    cwd: Path,
) -> NewFile | Edited | None:
    """flashsync.yaml with the account and its zone if it lacks them, and with more short names.

    `globs` is its `schedules`, if not empty. None where it has all of it. Raises FilesError.
    """
    wanted: dict[str, Tree] = {}
    if not settings.config.account:
        wanted["account"] = _pin(account)
    if not settings.config.timezone:
        wanted["timezone"] = account.timezone
    if globs:
        wanted["schedules"] = [*globs]
    if people:
        wanted["people"] = {name: str(person) for name, person in people.items()}
    if settings.origin is None:
        path = settings.base / CONFIG_NAME
        text = compose_file([NewDocument({"version": "1", **wanted}, _COMMENTS)])
        return NewFile(str(path), show_path(path, cwd), text)
    if not wanted:
        return None
    source = settings.origin.source
    text, source = read_whole(source.path, source.shown_as)
    return add_keys(text, source, wanted)


def _pin(account: Account) -> str:
    """The account's name, or its id where the name reads as something else."""
    try:
        config = read_config({"account": account.name})
    except Findings:
        return str(account.id)
    return account.name if config.account == account.name else str(account.id)
