"""Edits of the files for somebody who joins or leaves: made, checked, and written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flashsync.declared import people_edits
from flashsync.declared.command_line import is_past
from flashsync.declared.parse import read_schedule
from flashsync.declared.people import PersonName, turns
from flashsync.declared.people_edits import Edit, Replace
from flashsync.declared.problems import Findings
from flashsync.errors import ConfigError, UsageError
from flashsync.files.atomic_write import write_all
from flashsync.files.edit import Edited, Made, edit_text
from flashsync.files.load import reopen
from flashsync.model.file_edits import EditSummary, FileChange
from flashsync.model.wording import joined
from flashsync.operations.edit_people import (
    EditTarget,
    Is,
    PersonMatcher,
    find_layers,
    find_parts,
    names_of,
    person_of,
)
from flashsync.operations.environment import credentials
from flashsync.operations.files import Declared, Files
from flashsync.operations.selection import ALL
from flashsync.operations.session import Session

Make = Callable[[EditTarget, Any], Sequence[Edit]]
"""The edits of a target, given its document's tree. Raises Findings."""


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
        return [_summary(file, made) for file in self.files for made in file.made]

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


# Who joins, leaves, or takes over.


def add_person(
    session: Session, person: str, to: Sequence[str], after: str | None, *, offline: bool
) -> FileEdits:
    """Give somebody a turn of each layer in `to`, at the end or after somebody's turn."""
    new = person_of("PERSON", person)
    before = person_of("--after", after) if after else None
    editor = _Editor(session, offline=offline)
    targets = find_layers("--to", to, editor.files.declared)
    editor.ask(new, *([before] if before else []))
    is_new = editor.people.staying(new)
    follows = (before.text, editor.people.leaving(before)) if before else None

    def make(target: EditTarget, tree: Any) -> list[Edit]:
        return people_edits.add(tree, target.layer or 0, new.text, is_new, follows)

    return editor.result(editor.edit(targets, make))


def remove_person(
    session: Session,
    person: str,
    parts: Sequence[str] = (),
    *,
    offline: bool,
    promote: bool = False,
) -> FileEdits:
    """Remove somebody from the files, or only from some schedules or layers.

    With `promote`, the first backup becomes primary where a turn would be left without one.
    """
    old = person_of("PERSON", person)
    editor = _Editor(session, offline=offline)
    targets = find_parts("--from", parts, editor.files.declared)
    editor.ask(old)
    is_old, now = editor.people.leaving(old), session.now()

    def make(target: EditTarget, tree: Any) -> list[Edit]:
        return people_edits.remove(
            tree,
            old.text,
            is_old,
            target.layer,
            lambda time: is_past(time, now),
            promote=promote,
        )

    edited = editor.edit(editor.naming(targets, is_old), make)
    if not parts:
        editor.note_short_name(old.text, is_old)
    return editor.result(edited, f"Nothing to edit; {old.text} appears nowhere there.")


def replace_person(
    session: Session, person: str, by: str, parts: Sequence[str] = (), *, offline: bool
) -> FileEdits:
    """Replace somebody by another person, in all files or only in some schedules or layers."""
    old, new = person_of("PERSON", person), person_of("--with", by)
    editor = _Editor(session, offline=offline)
    targets = find_parts("--from", parts, editor.files.declared)
    editor.ask(old, new)
    is_old, is_new = editor.people.leaving(old), editor.people.staying(new)
    if is_old(new):
        raise UsageError(f"{old.text} and {new.text} are the same person", "name somebody else")
    kept: list[str] = []

    def make(target: EditTarget, tree: Any) -> list[Edit]:
        off = people_edits.kept_off(tree, is_old) if target.layer is None else []
        kept.extend(
            f"{tree['schedule']}: {expectation} still has {old.text}" for expectation in off
        )
        return people_edits.replace(tree, old.text, is_old, is_new, new.text, target.layer)

    edited = editor.edit(editor.naming(targets, is_old), make)
    editor.note_turns(edited, new.text, is_new)
    editor.notes += kept
    if not parts and not kept:
        editor.note_short_name(old.text, is_old)
    where = "takes no turn" if kept else "appears nowhere"
    return editor.result(edited, f"Nothing to edit; {old.text} {where} there.")


def why_no_account(session: Session, *, offline: bool) -> str:
    """Why the account is not asked, with what to do; empty if it is."""
    if offline:
        return "--offline does not contact the account; remove it"
    try:
        credentials(session.environment)
    except ConfigError as error:
        return error.problems[0].text
    return ""


@dataclass(slots=True)
class _File:
    """A file that is to be edited, with the edits of its documents."""

    text: str
    trees: dict[int, Any]
    edits: dict[int, list[Edit]] = field(default_factory=dict)


class _Editor:
    """The files that are edited, and who is who in them."""

    def __init__(self, session: Session, *, offline: bool) -> None:
        self._session = session
        self.files: Files = session.read_files(ALL)
        self.notes: list[str] = []
        self.people = PersonMatcher(self.files)
        self._asks = not why_no_account(session, offline=offline)

    def ask(self, *names: PersonName) -> None:
        """Read who is in the account, if there is a key."""
        if self._asks:
            with self._session.reporter.reading():
                self.people.ask(self._session, *names)

    def naming(self, targets: Sequence[EditTarget], is_one: Is) -> list[EditTarget]:
        """The targets with a schedule that names a person: other files need no look."""
        return [one for one in targets if any(map(is_one, names_of(one.declared)))]

    def edit(self, targets: Sequence[EditTarget], make: Make) -> list[Edited]:
        """The files with the edits of all targets, none of them written. Raises FilesError."""
        work: dict[str, _File] = {}
        for target in targets:
            origin = target.declared.origin
            file = work.get(origin.source.path) or self._open_file(target.declared)
            work[origin.source.path] = file
            try:
                edits = make(target, file.trees[origin.index])
            except Findings as wrong:
                self.files.reading.note(origin, wrong.findings)
                continue
            if edits:
                file.edits.setdefault(origin.index, []).extend(edits)
        self.files.reading.stop_on_errors()
        return [self._edited(path, file) for path, file in work.items() if file.edits]

    def _open_file(self, declared: Declared) -> _File:
        file = reopen(declared.origin.source, declared.origin.position)
        return _File(file.text, file.trees)

    def _edited(self, path: str, file: _File) -> Edited:
        """The file with its edits, which is as valid as it was before."""
        source = next(
            one.origin.source for one in self.files.declared if one.origin.source.path == path
        )
        unique = {index: tuple(dict.fromkeys(edits)) for index, edits in file.edits.items()}
        edited = edit_text(file.text, source, unique)
        for document in edited.documents:
            try:
                read_schedule(document.tree)
            except Findings as wrong:
                self.files.reading.note(document.origin, wrong.findings)
        self.files.reading.stop_on_errors()
        return edited

    def result(self, edited: Sequence[Edited], nothing: str = "") -> FileEdits:
        """The edits, with all that is to be noted about them."""
        shared = dict.fromkeys(_shared(edited))
        return FileEdits(tuple(edited), (*shared, *self.notes), nothing)

    def note_turns(self, edited: Sequence[Edited], text: str, is_one: Is) -> None:
        """Note where somebody who takes a turn has other turns in that layer."""
        for file in edited:
            changed = {
                (made.document, path[1])
                for made in file.made
                for path in made.parts
                if path[:1] == ("layers",) and isinstance(made.edit, Replace)
            }
            for index, layer in sorted(changed):
                tree = _tree(file, index)
                own = [turn for turn in turns(tree, int(layer)) if turn.those(is_one)]
                if len(own) > 1:
                    name = tree["layers"][layer]["layer"]
                    note = f"{text} has {len(own)} turns of {name} now"
                    self.notes.append(f"{_schedule(file, index)}: {note}")

    def note_short_name(self, text: str, is_one: Is) -> None:
        """Note where `people` still has somebody who appears nowhere else any more."""
        settings = self.files.settings
        for short, name in settings.config.people.items():
            if is_one(name):
                position = settings.position(self.files.reading.locator, "people", short)
                note = f"{text} is still under `people` as `{short}`"
                self.notes.append(
                    f"{position}: {note}; remove that line by hand if it is not needed"
                )


def _shared(edited: Sequence[Edited]) -> Iterator[str]:
    """The notes on edits in text that an alias brings to several places."""
    for file in edited:
        for made in file.made:
            if len(made.parts) > 1:
                parts = joined([_part(_tree(file, made.document), path) for path in made.parts])
                where = f"{file.source.shown_as}:{made.line}"
                yield f"{where}: this text is written once and used in {parts}: all of them change"


def _summary(file: Edited, made: Made) -> EditSummary:
    schedule = _schedule(file, made.document)
    return EditSummary(file.source.shown_as, made.line, schedule, made.edit.said)


def _tree(file: Edited, index: int) -> Any:
    """A document's tree as it is after the edits."""
    return next(one.tree for one in file.documents if one.origin.index == index)


def _schedule(file: Edited, index: int) -> str:
    return str(_tree(file, index)["schedule"]).strip()


def _part(tree: Any, path: tuple[str | int, ...]) -> str:
    match path:
        case ("layers", int(place)):
            return f"the layer {tree['layers'][place]['layer']}"
        case ("overrides", int(place)):
            return f"the override {tree['overrides'][place]['override']}"
        case (key, int(place)):
            return f"{key} {place + 1}"
        case _:
            return "the schedule"
