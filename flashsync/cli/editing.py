"""Edits of the files for a joiner or a leaver: found, made, checked, shown, written, planned."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flashsync.cli.output import write, write_json
from flashsync.cli.run import Run
from flashsync.declared.parse import read_schedule
from flashsync.declared.people import PersonName
from flashsync.declared.people_edits import Edit, Replace, turns
from flashsync.declared.problems import Findings
from flashsync.errors import ConfigError, ExitCode, FilesError, Problem
from flashsync.files.atomic_write import write_all
from flashsync.files.edit import Edited, Made, edit_text
from flashsync.files.load import load_text, read_whole
from flashsync.model.wording import joined
from flashsync.operations import environment
from flashsync.operations.edit_people import EditTarget, Is, Recognising, names_of
from flashsync.operations.files import Declared
from flashsync.operations.planning import Files, Planned, PlanRequest, read_files
from flashsync.render import edits as shown
from flashsync.render.plan.json import plan_json

Make = Callable[[EditTarget, Any], Sequence[Edit]]
"""The edits of a target, given its document's tree. Raises Findings."""


@dataclass(slots=True)
class _File:
    """A file that is to be edited, with the edits of its documents."""

    text: str
    trees: dict[int, Any]
    edits: dict[int, list[Edit]] = field(default_factory=dict)


class Editing(Run):
    """A run that edits files, and then plans."""

    def __init__(self, given: dict[str, Any], cwd: Path) -> None:
        super().__init__({**given, "paths": (), "only": ()}, cwd)
        self._check: bool = given["check"]
        self.files: Files = read_files(PlanRequest(config=given["config"]), cwd)
        self.notes: list[str] = []
        self.people = Recognising(self.files)
        self._no_plan = _why_no_account(offline=given["offline"])

    def ask(self, *names: PersonName) -> None:
        """Read who is in the account, if there is a key."""
        if not self._no_plan:
            with self.output.reading():
                self.people.ask(self._connected(), *names)

    def with_person(self, targets: Sequence[EditTarget], is_one: Is) -> list[EditTarget]:
        """Those whose schedule names a person: other files need not be looked into."""
        return [one for one in targets if any(map(is_one, names_of(one.declared)))]

    # Edits

    def edit(self, targets: Sequence[EditTarget], make: Make) -> list[Edited]:
        """The files with the edits of all targets made, none of them written. Raises FilesError."""
        work: dict[str, _File] = {}
        for target in targets:
            origin = target.declared.origin
            file = work.get(origin.source.path) or self._open_file(target.declared)
            work[origin.source.path] = file
            try:
                found = make(target, file.trees[origin.index])
            except Findings as wrong:
                self.files.reading.note(origin, wrong.findings)
                continue
            if found:
                file.edits.setdefault(origin.index, []).extend(found)
        self.files.reading.stop_on_errors()
        return [self._edited(path, file) for path, file in work.items() if file.edits]

    def _open_file(self, declared: Declared) -> _File:
        before = declared.origin.source
        text, source = read_whole(before.path, before.shown_as)
        if source != before:
            message = "the file changed while it was read; nothing was written"
            raise FilesError(Problem(message, "run again", declared.origin.position))
        documents = load_text(_unmarked(text), source)
        return _File(text, {one.origin.index: one.tree for one in documents})

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

    # What becomes of them

    def finish(self, edited: Sequence[Edited], nothing: str) -> int:
        """Show the edits, or write them and plan; gives the exit code."""
        lines = [self._line(file, made) for file in edited for made in file.made]
        changes = [
            shown.FileChange(one.source.shown_as, *map(_unmarked, (one.before, one.after)))
            for one in edited
        ]
        self.notes = [*self._shared(edited), *self.notes]
        if not edited or self._check:
            return self._only_shown(lines, changes, nothing)
        write_all(edited)
        text = shown.listing(lines, len(edited), self.output.results)
        write(text, sys.stdout if self.output.format == "text" else sys.stderr)
        self._say_notes()
        try:
            planned = self._planned({line.schedule for line in lines})
        except KeyboardInterrupt:
            write("Interrupted. The files keep the edit, and no plan was made.\n", sys.stderr)
            return ExitCode.INTERRUPTED
        if self.output.format == "json":
            plan = plan_json(planned.plan, planned.words.directory) if planned else None
            write_json(shown.json(lines, changes, self.notes, plan, written=True))
        return ExitCode.ERROR if planned and planned.plan.refusals else ExitCode.OK

    def _only_shown(
        self, lines: Sequence[shown.EditSummary], changes: Sequence[shown.FileChange], nothing: str
    ) -> int:
        if self.output.format == "json":
            write_json(shown.json(lines, changes, self.notes, None, written=False))
        else:
            text = shown.diffs(changes, self.output.results)
            write(text or f"{self.output.results.safe(nothing)}\n")
            self._say_notes()
        return ExitCode.CHANGES if changes else ExitCode.OK

    def _planned(self, schedules: set[str]) -> Planned | None:
        """The plan for the schedules that were edited, shown; None without an account."""
        if self._no_plan:
            write(f"No plan was made: {self._no_plan}, then run `flashsync plan`.\n", sys.stderr)
            return None
        planned = self.plan(only=tuple(sorted(schedules)))
        if self.output.format == "text":
            write("\n")
            self.output.plan(planned)
        return planned

    def _say_notes(self) -> None:
        if self.output.format == "text":
            for note in self.notes:
                write(f"note: {self.output.remarks.safe(note)}\n", sys.stderr)

    def _line(self, file: Edited, made: Made) -> shown.EditSummary:
        return shown.EditSummary(
            file.source.shown_as, made.line, _schedule(file, made.document), made.edit.said
        )

    def _shared(self, edited: Sequence[Edited]) -> list[str]:
        """The note on edits in text that an alias brings to several places."""
        return list(
            dict.fromkeys(
                f"{file.source.shown_as}:{made.line}: this text is written once and used in "
                f"{joined(_parts(file, made))}: all of them change"
                for file in edited
                for made in file.made
                if len(made.parts) > 1
            )
        )

    def mention_turns(self, edited: Sequence[Edited], text: str, is_one: Is) -> None:
        """Say where somebody who takes a turn has others in that layer."""
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

    def mention(self, text: str, is_one: Is) -> None:
        """Say where `people` still has somebody who appears nowhere else any more."""
        settings = self.files.settings
        for short, name in settings.config.people.items():
            if is_one(name):
                place = settings.position(self.files.reading.locator, "people", short)
                note = f"{text} is still under `people` as `{short}`"
                self.notes.append(f"{place}: {note}; remove that line by hand if it is not needed")


def _why_no_account(*, offline: bool) -> str:
    """Why no account is asked, with what to do; nothing where one is."""
    if offline:
        return "--offline does not contact the account; remove it"
    try:
        environment.credentials()
    except ConfigError as error:
        return error.problems[0].text
    return ""


def _unmarked(text: str) -> str:
    return text.removeprefix("\ufeff")


def _tree(file: Edited, index: int) -> Any:
    """A document's tree as it is after the edits."""
    return next(one.tree for one in file.documents if one.origin.index == index)


def _schedule(file: Edited, index: int) -> str:
    return str(_tree(file, index)["schedule"]).strip()


def _parts(file: Edited, made: Made) -> list[str]:
    """The parts of a document that change, by name."""
    return [_part(_tree(file, made.document), path) for path in made.parts]


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
