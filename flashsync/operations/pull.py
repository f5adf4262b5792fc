"""What is live, written into the files that declare it: only what differs changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flashsync.declared.parse import read_schedule
from flashsync.declared.problems import Findings
from flashsync.errors import Position
from flashsync.files.document import Tree
from flashsync.files.edit import Edited
from flashsync.files.load import reopen
from flashsync.files.rewrite import rewrite_text
from flashsync.model.desired import Desired
from flashsync.model.file_edits import EditSummary
from flashsync.model.notify import Secret, Webhook
from flashsync.model.schedule import Schedule, canonical_description, without_fields
from flashsync.model.wording import count
from flashsync.operations.edit_files import FileEdits
from flashsync.operations.files import Declared, read_variables
from flashsync.operations.live_document import merge_live
from flashsync.operations.live_keys import SCHEDULE, drop, put
from flashsync.operations.live_layers import LiveLayers
from flashsync.operations.options import PlanOptions
from flashsync.operations.planning import Planned, PlanSources, make_plan
from flashsync.operations.selection import ALL, Selection
from flashsync.operations.session import Session
from flashsync.plan.build import worked_out
from flashsync.plan.match import Known, Match
from flashsync.plan.model import Action, Change, ChangeKind, Create, Unchanged, Update
from flashsync.resolve.import_files import SecretVariables
from flashsync.resolve.schedule import ResolveContext, resolve
from flashsync.resolve.written_names import WrittenNames

_ABSENT = "the account has no such schedule: marked `absent: true`"


@dataclass(frozen=True, slots=True)
class PulledFiles(FileEdits):
    """The files as they are live, not written yet.

    `said` has each change in words; `notes` also name what no file can say, with what to do.
    """

    said: tuple[EditSummary, ...] = ()

    @property
    def summaries(self) -> list[EditSummary]:
        """Each change in words."""
        return [*self.said]


def pull_files(session: Session, selection: Selection = ALL) -> PulledFiles:
    """Compare the files with the account, and change their text to what is live.

    Nothing is written. Raises FlashsyncError.
    """
    planned = make_plan(session, PlanOptions(selection, leavers=True, judged=False))
    if planned.sources is None:
        raise AssertionError("a plan of files has its sources")
    pull = _Pull(planned, planned.sources, session.environment)
    edited = pull.edit()
    notes = (*pull.notes, *_undeclared(planned.sources, selection))
    nothing = "Nothing to pull; the files say what is live."
    return PulledFiles(tuple(edited), notes, nothing, tuple(pull.said))


def _undeclared(sources: PlanSources, selection: Selection) -> Iterator[str]:
    """A note on schedules that an import would add."""
    number = len(sources.matching.undeclared)
    if number and selection.complete:
        verb = "is" if number == 1 else "are"
        schedules = count(number, "schedule")
        yield f"{schedules} of the account {verb} in no file; `flashsync import` adds them"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The document of a schedule, and how it differs from what is live all the same."""

    tree: dict[str, Tree]
    action: Action


class _Pull:
    """Merges the schedules that differ, file by file."""

    def __init__(
        self, planned: Planned, sources: PlanSources, environment: Mapping[str, str]
    ) -> None:
        self._sources, self._facts, config = sources, sources.facts, sources.files.settings.config
        self._limits = config.secrets
        self._defaults = config.defaults
        self._names = WrittenNames(planned.words.directory, config.people)
        self._context = ResolveContext(
            self._names.account_names,
            self._facts.account.timezone,
            config.defaults,
            secrets=planned.read,
        )
        taken = read_variables(sources.files.declared, sources.files.settings, environment)
        self._variables = SecretVariables(config.secrets, taken)
        self._new_variables: list[str] = []
        self._actions: dict[Position | None, Action] = {
            action.source: action for action in planned.plan.actions
        }
        self.said: list[EditSummary] = []
        self.notes: list[str] = []

    def edit(self) -> list[Edited]:
        """The files with their changes. Raises FilesError."""
        matches = {match.desired.source: match for match in self._sources.matching.matches}
        by_file: dict[str, list[tuple[Declared, Match]]] = defaultdict(list)
        for declared in self._sources.files.selected:
            match = matches[declared.origin.position]
            if self._may_change(match):
                by_file[declared.origin.source.path].append((declared, match))
        return [edited for found in by_file.values() if (edited := self._edit_file(found))]

    def _may_change(self, match: Match) -> bool:
        action = self._actions.get(match.desired.source)
        desired = match.desired
        renamed = desired.renamed_from or any(one.renamed_from for one in desired.intents)
        return not isinstance(action, Unchanged) or bool(renamed and match.live)

    def _edit_file(self, schedules: Sequence[tuple[Declared, Match]]) -> Edited | None:
        first = schedules[0][0].origin
        file = reopen(first.source, first.position)
        trees = file.trees
        changed: dict[int, Any] = {}
        for declared, match in schedules:
            index = declared.origin.index
            tree = self._pull(trees[index], match)
            if tree is not None and tree != trees[index]:
                changed[index] = tree
                self._say(declared, match)
        return rewrite_text(file.text, file.source, changed) if changed else None

    def _say(self, declared: Declared, match: Match) -> None:
        """What changed, in the words of a plan."""
        action = self._actions.get(match.desired.source)
        name, line = declared.schedule.schedule.strip(), declared.origin.line
        texts = ["the rename is done; `renamed_from` removed"]
        if isinstance(action, Create):
            texts = [_ABSENT]
        elif isinstance(action, Update):
            texts = [f"{path} as it is live" for path in dict.fromkeys(map(_path, action.changes))]
        elif not isinstance(action, Unchanged):
            texts = ["it is live: `absent: true` removed"]
        file = declared.origin.source.shown_as
        self.said += [EditSummary(file, line, name, text) for text in texts]

    def _pull(self, tree: Any, match: Match) -> dict[str, Tree] | None:
        """The document of a schedule as it is live; None if it stays as it is."""
        action = self._actions.get(match.desired.source)
        if match.live is None:
            absent = isinstance(action, Create)
            return put(tree, "absent", "true", SCHEDULE) if absent else None
        outcome = self._merge(tree, match, match.live)
        if outcome is None:
            return None
        if isinstance(outcome.action, Update):
            self._leave(match, outcome.action.changes)
        return outcome.tree

    def _merge(self, tree: Any, match: Match, known: Known) -> _Outcome | None:
        live = self._facts.live[known.id]
        self._variables.schedule = live.name
        layers = LiveLayers(live.layers, self._names, self._context, self._facts.now)
        if match.desired.absent:
            tree = drop(tree, "absent")
            tree = tree if "layers" in tree else put(tree, "layers", layers.described(), SCHEDULE)
        desired = self._read(tree, match) if match.desired.absent else match.desired
        for attempt in () if desired is None else (desired, _without_texts(desired, live)):
            self._new_variables.clear()
            merged = merge_live(tree, attempt, live, layers, self._defaults, self._name_secret)
            outcome = self._judge(merged, match)
            if outcome is not None:
                self.notes += self._new_variables
                return outcome
        message = f"cannot say in a file how {known.name} is live; it was left as it is"
        self.notes.append(f"{match.desired.source}: {message}; edit it by hand")
        return None

    def _read(self, tree: Any, match: Match) -> Desired | None:
        """What a document means; None if it has errors."""
        try:
            declared = read_schedule(tree, self._limits)
        except Findings:
            return None
        desired, _ = resolve(declared, match.desired.source, self._context)
        return desired

    def _judge(self, tree: dict[str, Tree], match: Match) -> _Outcome | None:
        """The document with what a plan would still change; None if it cannot be read."""
        desired = self._read(tree, match)
        if desired is None:
            return None
        action, _ = worked_out(replace(match, desired=desired), self._facts)
        return _Outcome(tree, action)

    def _leave(self, match: Match, changes: Sequence[Change]) -> None:
        """What still differs: secrets, since no file has their values, and what no file can say."""
        for change in changes:
            remedy = "change it in the console, or leave it to the console by `ignore`"
            message = f"{change.path} of {match.desired.name} cannot be written as it is live"
            if change.kind is ChangeKind.SECRET:
                message = f"{change.path} of {match.desired.name} is not the secret that is live"
                remedy = "give its reference the live value, or run `flashsync apply`"
            self.notes.append(f"{match.desired.source}: {message}; {remedy}")

    def _name_secret(self, hook: Webhook, field: str, secret: Secret) -> str:
        name = self._variables.choose(hook, field, secret)
        self._new_variables.append(f"set {name} to the {field} of the chat {hook.label}")
        return name


def _without_texts(desired: Desired, live: Schedule) -> Desired:
    """As if nothing differed of what a file may not be able to say."""
    known = without_fields(live, desired.ignored)
    description = canonical_description(known.description)
    schedule = replace(desired.schedule, description=description, notify=known.notify)
    return replace(desired, schedule=schedule)


def _path(change: Change) -> str:
    return change.path
