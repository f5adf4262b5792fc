"""Edits of the files for somebody who joins, leaves, or takes over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flashsync.declared import people_edits
from flashsync.declared.command_line import is_past, person
from flashsync.declared.config import Config
from flashsync.declared.people import NamedBy, PersonName, turns
from flashsync.declared.people_edits import Edit, Replace
from flashsync.declared.problems import Findings, nearest
from flashsync.declared.schedule import people_in
from flashsync.errors import UsageError
from flashsync.files.document import Source
from flashsync.files.edit import Edited, edit_text
from flashsync.files.load import reopen
from flashsync.model.wording import joined
from flashsync.operations.account import as_usage_error, names_in, read_directory
from flashsync.operations.edit_files import (
    EditTarget,
    FileEdits,
    find_layers,
    find_parts,
    note_invalid,
    schedule_at,
    tree_at,
    why_no_account,
)
from flashsync.operations.files import Declared, Files, Settings
from flashsync.operations.selection import ALL
from flashsync.operations.session import Session
from flashsync.resolve.names import AccountNames, Names, OfflineNames, Same, kind

Make = Callable[[EditTarget, Any], Sequence[Edit]]
"""The edits of a target, given its document's tree. Raises Findings."""

Is = Callable[[PersonName], bool]
"""Whether a name means somebody."""


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


# The files that are edited.


@dataclass(slots=True)
class _File:
    """A file that is to be edited, with the edits of its documents."""

    text: str
    source: Source
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
            file = work.get(origin.source.path)
            if file is None:
                opened = reopen(origin.source, origin.position)
                file = work[origin.source.path] = _File(opened.text, origin.source, opened.trees)
            try:
                edits = make(target, file.trees[origin.index])
            except Findings as wrong:
                self.files.reading.note(origin, wrong.findings)
                continue
            if edits:
                file.edits.setdefault(origin.index, []).extend(edits)
        self.files.reading.stop_on_errors()
        edited: list[Edited] = []
        for file in work.values():
            if file.edits:
                unique = {index: tuple(dict.fromkeys(edits)) for index, edits in file.edits.items()}
                edited.append(edit_text(file.text, file.source, unique))
                note_invalid(edited[-1], self.files.reading)
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
                tree = tree_at(file, index)
                own = [turn for turn in turns(tree, int(layer)) if turn.those(is_one)]
                if len(own) > 1:
                    name = tree["layers"][layer]["layer"]
                    note = f"{text} has {len(own)} turns of {name} now"
                    self.notes.append(f"{schedule_at(file, index)}: {note}")

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
                parts = joined([_part(tree_at(file, made.document), path) for path in made.parts])
                where = f"{file.source.shown_as}:{made.line}"
                yield f"{where}: this text is written once and used in {parts}: all of them change"


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


# Who is who, for edits of the files: by the files, and by the account if it is asked.


def person_of(option: str, text: str) -> PersonName:
    """The person in an argument. Raises UsageError."""
    with as_usage_error(option):
        return person(text)


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
            with as_usage_error():
                self._account.present(name)
        return Same(self._sources).test(name)

    def leaving(self, name: PersonName) -> Is:
        """Who is the same as somebody who goes. Raises UsageError for what looks like a slip."""
        is_one = Same(self._sources).test(name)
        if not any(map(is_one, self._named())):
            if self._leavers is not None:
                with as_usage_error():
                    self._leavers.person(name)
            elif kind(name) is NamedBy.NAME:
                near = nearest(name.text, sorted({str(one) for one in self._named()}))
                remedy = f"did you mean {near}?" if near else "write the name as the files have it"
                raise UsageError(f"no person `{name.text}` in the files", remedy)
        return is_one

    def _named(self) -> list[PersonName]:
        """Every way in which the files name a person."""
        everyone = [name for one in self._files.declared for name in names_of(one)]
        return [*everyone, *map(PersonName, self._short)]


def names_of(declared: Declared) -> list[PersonName]:
    """Everyone whom a schedule names."""
    turns = names_in([declared], Settings(Config(), Path()))
    return [*turns, *people_in(declared.schedule.expect)]
