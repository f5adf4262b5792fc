"""Writes files for the schedules that are live: `flashsync import`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.schedules import Listed
from flashsync.errors import FilesError, Problem
from flashsync.files import DEFAULT_GLOBS, load_text, show_path
from flashsync.files.atomic_write import NewFile, write_all
from flashsync.files.compose import NewDocument, compose_file
from flashsync.files.discover import find_existing, folder_of, is_matched
from flashsync.files.document import BYTE_ORDER_MARK
from flashsync.files.edit import Edited
from flashsync.files.load import read_whole
from flashsync.files.terraform_state import TerraformSchedule, read_terraform
from flashsync.model.command_results import (
    FileFate,
    HandedOver,
    ImportedFile,
    ImportRemark,
    ImportSummary,
    TerraformHandover,
)
from flashsync.model.people import Account, Directory
from flashsync.model.schedule import Schedule, canonical_name
from flashsync.operations.account import (
    as_usage_error,
    names_in,
    read_directory,
    read_live,
    with_people_of,
)
from flashsync.operations.edit_files import complete_settings
from flashsync.operations.files import Declared, Reading, Settings, read_schedules, read_variables
from flashsync.operations.selection import ALL, Selection
from flashsync.operations.session import Session
from flashsync.resolve.describe import Description
from flashsync.resolve.import_files import (
    Imported,
    ImportRequest,
    Layout,
    import_files,
    remarks_on,
)
from flashsync.resolve.names import AccountNames

_DEFAULT_FOLDER = "schedules"
_REMOVED_BLOCK = "removed {{\n  from = {resource}\n  lifecycle {{\n    destroy = false\n  }}\n}}"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What to import and how the files shall be.

    `teams` are names or ids. `folder` is by default the one in which flashsync.yaml looks first.
    `ignore` are fields that are left to the console. With `force`, schedules that files declare
    already are imported, too, and these files are replaced. `terraform` is a state of Terraform or
    its folder: then only its schedules are imported, with their ids.
    """

    selection: Selection = ALL
    teams: tuple[str, ...] = ()
    folder: str | None = None
    single_file: bool = False
    by_team: bool = False
    overrides: bool = False
    ignore: tuple[str, ...] = ()
    force: bool = False
    terraform: str | None = None

    @property
    def layout(self) -> Layout:
        """Which schedules share a file."""
        if self.single_file:
            return Layout.SINGLE
        return Layout.BY_TEAM if self.by_team else Layout.EACH


@dataclass(frozen=True, slots=True)
class PreparedImport:
    """The files of an import, not written yet, and what there is to say about it."""

    files: tuple[NewFile | Edited, ...]
    summary: ImportSummary

    def write(self) -> None:
        """Write all files, or none of them. Raises FilesError."""
        write_all(self.files)


def prepare_import(session: Session, options: ImportOptions | None = None) -> PreparedImport:
    """Read the account, and compose files that declare what is live. Raises FlashsyncError."""
    options = options or ImportOptions()
    state: tuple[TerraformSchedule, ...] = ()
    if options.terraform is not None:
        path = session.folder / options.terraform
        state = read_terraform(path, show_path(path, session.folder) or options.terraform)
    disk = _read_disk(session, options)
    with session.reporter.reading():
        live = _read_account(session, options, disk, state)
    imported = _describe(session, options, disk, live, pin=bool(state))
    files = list(_compose(imported, disk, set(live.replaced.values())))
    written = [file for file, _ in files]
    glob = _missing_glob(disk, written)
    new_globs: list[str] = []
    notes: tuple[str, ...] = ()
    if glob and disk.settings.config.schedules:  # the globs are the user's own
        notes = (f"flashsync.yaml does not read the new files; add {glob} to its `schedules`",)
    elif glob:
        base, cwd = disk.settings.base, session.folder
        used = [one for one in DEFAULT_GLOBS if find_existing([one], base=base, cwd=cwd)]
        new_globs = [*used, glob]
    config_file = None
    if files or disk.settings.origin is None:
        config_file = complete_settings(
            disk.settings, live.account, imported.people, new_globs, session.folder
        )
    if config_file:
        written.insert(0, config_file)
    summary = _summarise(imported, live, files, config_file, options, session.now())
    if state:
        summary = _hand_over(summary, state, live.selected, complete=not live.not_selected)
    return PreparedImport(tuple(written), replace(summary, notes=notes))


def _describe(
    session: Session, options: ImportOptions, disk: _Disk, live: _Live, *, pin: bool
) -> Imported:
    """The documents of the live schedules, by file."""
    request = ImportRequest(
        options.layout,
        options.overrides,
        options.ignore,
        pin=pin,
        taken=[os.path.relpath(path, disk.folder) for path in disk.paths],
        places={
            one.name: os.path.relpath(live.replaced[one.id], disk.folder)
            for one in live.schedules
            if one.id in live.replaced
        },
        variables=read_variables(disk.declared, disk.settings, session.environment),
    )
    config, zone = disk.settings.config, live.account.timezone
    return import_files(live.schedules, live.directory, config, zone, session.now(), request)


# The files that are there.


@dataclass(frozen=True, slots=True)
class _Disk:
    """flashsync.yaml and the schedules that files declare; `folder` is for new files."""

    settings: Settings
    folder: str
    cwd: Path
    declared: tuple[Declared, ...]

    @property
    def paths(self) -> list[str]:
        """The files that declare schedules."""
        return sorted({one.origin.source.path for one in self.declared})

    def find(self, listed: Sequence[Listed]) -> dict[int, Declared]:
        """What declares live schedules, by their ids: the id, the name, or as a new name."""
        by_id = {one.schedule.id: one for one in self.declared}
        by_name: dict[str | None, Declared] = {}
        for one in self.declared:
            if one.schedule.id is None:
                by_name[one.schedule.schedule] = by_name[one.schedule.renamed_from] = one
        found: dict[int, Declared] = {}
        for live in listed:
            if declared := by_id.get(live.id) or by_name.get(canonical_name(live.name)):
                found[live.id] = declared
        return found


def _read_disk(session: Session, options: ImportOptions) -> _Disk:
    """Read flashsync.yaml and all schedule files. Raises FilesError."""
    settings = session.settings()
    globs = settings.config.schedules or DEFAULT_GLOBS
    if options.folder is None:
        folder = settings.base / (folder_of(globs) or _DEFAULT_FOLDER)
    else:
        folder = session.folder / options.folder
    whole = os.path.abspath(folder)  # noqa: PTH100 - a link stays a link
    reading = Reading()
    found = find_existing([*globs, whole], base=settings.base, cwd=session.folder)
    declared = tuple(read_schedules(found, reading, settings.config.secrets))
    reading.stop_on_errors()
    return _Disk(settings, whole, session.folder, declared)


# The account.


@dataclass(frozen=True, slots=True)
class _Live:
    """The schedules to import, in the order of the account.

    `selected` has the names of all that were asked for, by id; `declared` are schedules that
    files have, and `replaced` has the files to replace, by the id of a schedule in them.
    """

    account: Account
    directory: Directory
    schedules: tuple[Schedule, ...]
    declared: tuple[str, ...]
    not_selected: int
    replaced: Mapping[int | None, str]
    selected: Mapping[int, str]


def _read_account(
    session: Session, options: ImportOptions, disk: _Disk, state: Collection[TerraformSchedule]
) -> _Live:
    """Read the schedules to import. Raises AccountError, UsageError, ServiceError."""
    client, now, settings = session.client, session.now(), disk.settings
    account = session.account(settings)
    listed = schedules.list_schedules(client, account.timezone)
    directory = read_directory(client, account, names_in(disk.declared, settings))
    source = "the account"
    if state:
        source, ids = "the state of Terraform", [one.id for one in state]
        listed = tuple(one for one in listed if one.id in ids)
    names = AccountNames(directory, settings.config.people)
    selected = _select(listed, options, names, source)
    known = disk.find(selected)
    replaced: dict[int | None, str] = {}
    if options.force:
        replaced = {id: one.origin.source.path for id, one in known.items()}
    wanted = [one for one in selected if options.force or one.id not in known]
    ids = [one.id for one in wanted]
    session.reporter.expect(len(ids))
    live = read_live(client, listed, ids, account, now)
    directory = with_people_of(client, directory, live.values())
    skipped = tuple(one.name for one in selected if one.id in known and not options.force)
    return _Live(
        account,
        directory,
        tuple(live[id] for id in ids),
        skipped,
        len(listed) - len(selected),
        replaced,
        {one.id: one.name for one in selected},
    )


def _select(
    listed: Sequence[Listed], options: ImportOptions, names: AccountNames, source: str
) -> list[Listed]:
    """The schedules of `--only` and `--team`. Raises UsageError."""
    selected = options.selection.select(listed, lambda one: one.name, source)
    if not options.teams:
        return selected
    with as_usage_error("--team"):
        teams = {names.team(text) for text in options.teams}
    return [one for one in selected if one.team in teams]


# The new texts.

_WithSchedules = tuple[NewFile | Edited, tuple[str, ...]]
"""A file, and the schedules that are written into it."""


def _compose(
    imported: Imported, disk: _Disk, replaced: Collection[str]
) -> Iterator[_WithSchedules]:
    """The files with their new texts. Raises FilesError."""
    known = set(disk.paths)
    for file, descriptions in imported.files.items():
        path = os.path.normpath(os.path.join(disk.folder, file))  # noqa: PTH118
        names = tuple(one.name for one in descriptions)
        text = compose_file([NewDocument(one.tree, one.comments) for one in descriptions])
        shown = show_path(Path(path), disk.cwd)
        if path not in replaced and path not in known:
            yield NewFile(path, shown, text), names
            continue
        if path in replaced:
            _check_replaceable(path, descriptions, disk)
        before, source = read_whole(path, shown)
        after = text
        if path not in replaced:
            more = f"---\n{text}" if before.endswith("\n") else f"\n---\n{text}"
            after = before + (more.replace("\n", "\r\n") if "\r\n" in before else more)
        documents = load_text(after.removeprefix(BYTE_ORDER_MARK), source)
        yield Edited(source, before, after, documents, ()), names


def _check_replaceable(path: str, descriptions: Iterable[Description], disk: _Disk) -> None:
    """Raises FilesError where a file declares more than the import writes."""
    names = {canonical_name(one.name) for one in descriptions}
    lost = [
        one
        for one in disk.declared
        if one.origin.source.path == path
        and one.schedule.schedule not in names
        and one.schedule.renamed_from not in names
    ]
    remedy = "move it to another file, or import without --force"
    if lost:
        raise FilesError(
            Problem(
                f"--force would lose `{one.schedule.schedule}`, which is not imported",
                remedy,
                one.origin.position,
            )
            for one in lost
        )


def _missing_glob(disk: _Disk, files: Sequence[NewFile | Edited]) -> str | None:
    """The glob without which flashsync.yaml does not find the new files; None if it finds them."""
    base = disk.settings.base
    globs = disk.settings.config.schedules or DEFAULT_GLOBS
    if all(is_matched(one.path, globs, base) for one in files if isinstance(one, NewFile)):
        return None
    below = os.path.relpath(disk.folder, base).replace(os.sep, "/")
    return "*.yaml" if below == "." else f"{below}/**/*.yaml"


# The summary.


def _summarise(
    imported: Imported,
    live: _Live,
    files: Sequence[_WithSchedules],
    config_file: NewFile | Edited | None,
    options: ImportOptions,
    now: int,
) -> ImportSummary:
    replaced = set(live.replaced.values())
    names = {one.description.name for one in imported.schedules}
    console = sum(
        not override.past(now)
        for schedule in live.schedules
        if schedule.name in names
        for override in schedule.console_overrides
    )
    return ImportSummary(
        account=live.account.name,
        found=len(live.schedules) + len(live.declared) + live.not_selected,
        files=tuple(_imported_file(file, names, replaced) for file, names in files),
        config=_imported_file(config_file, (), set()) if config_file else None,
        people=tuple(imported.people),
        remarks=tuple(
            ImportRemark(one.description.name, text)
            for one in imported.schedules
            for text in remarks_on(one.description)
        ),
        left_alone=tuple(ImportRemark(name, why.reason) for name, why in imported.left_alone),
        declared=live.declared,
        not_selected=live.not_selected,
        console_overrides=0 if options.overrides else console,
        secrets=imported.secrets,
    )


def _imported_file(
    file: NewFile | Edited, schedules: tuple[str, ...], replaced: set[str]
) -> ImportedFile:
    if isinstance(file, NewFile):
        return ImportedFile(file.shown_as, FileFate.NEW, file.text, schedules)
    fate = FileFate.REPLACED if file.source.path in replaced else FileFate.EXTENDED
    text = file.after.removeprefix(BYTE_ORDER_MARK)
    return ImportedFile(file.source.shown_as, fate, text, schedules)


def _hand_over(
    summary: ImportSummary,
    state: Sequence[TerraformSchedule],
    selected: Mapping[int, str],
    *,
    complete: bool,
) -> ImportSummary:
    """The summary of an import with the steps after which Terraform lets go of the schedules.

    `selected` has the names of the schedules that were asked for, by id; with `complete`, these are
    all of the state that the account has. What no file can say stays with Terraform. A block
    `removed` is about all instances of a resource, so it is left out where one of them stays.
    """
    alone = {remark.schedule for remark in summary.left_alone}
    handed = [one for one in state if one.id in selected and selected[one.id] not in alone]
    staying = {one.resource for one in state if one not in handed}
    blocks = dict.fromkeys(one.resource for one in handed if one.resource not in staying)
    missing = [one for one in state if complete and one.id not in selected]
    return replace(
        summary,
        left_alone=(
            *summary.left_alone,
            *(
                ImportRemark(one.address, f"the account has no schedule with the id {one.id}")
                for one in missing
            ),
        ),
        handover=TerraformHandover(
            tuple(HandedOver(one.address, selected[one.id], one.id) for one in handed),
            tuple(_REMOVED_BLOCK.format(resource=one) for one in blocks),
            tuple(f"terraform state rm {shlex.quote(one.address)}" for one in handed),
        ),
    )
