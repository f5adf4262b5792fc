"""What is live, written into the files that declare it: only what differs changes.

What means the same keeps its spelling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flashsync.declared.config import Defaults
from flashsync.declared.fields import keys_of
from flashsync.declared.notify import Chat
from flashsync.declared.notify import Notify as DeclaredNotify
from flashsync.declared.parse import read_schedule
from flashsync.declared.problems import Findings
from flashsync.errors import Position
from flashsync.files.document import Tree
from flashsync.files.edit import Edited
from flashsync.files.format_rules import SCHEDULE_ORDER as SCHEDULE
from flashsync.files.load import reopen
from flashsync.files.rewrite import rewrite_text
from flashsync.model.command_results import EditSummary
from flashsync.model.desired import Desired
from flashsync.model.notify import SECRETS, Notify, Secret, Webhook
from flashsync.model.schedule import (
    NO_TEAM,
    Override,
    Schedule,
    canonical_description,
    canonical_name,
    without_fields,
)
from flashsync.model.wording import count, lead
from flashsync.operations.edit_files import FileEdits
from flashsync.operations.files import Declared, read_variables
from flashsync.operations.live_layers import LiveLayers, drop, merge_layers, put
from flashsync.operations.options import PlanOptions
from flashsync.operations.planning import Planned, PlanSources, make_plan
from flashsync.operations.selection import ALL, Selection
from flashsync.operations.session import Session
from flashsync.plan.build import worked_out
from flashsync.plan.match import Match
from flashsync.plan.merge import compare_cover
from flashsync.plan.model import Action, Change, ChangeKind, Create, Unchanged, Update
from flashsync.plan.webhooks import compare, match
from flashsync.resolve.describe import NameSecret, WrittenNames, describe_channels, describe_chat
from flashsync.resolve.import_files import SecretVariables
from flashsync.resolve.schedule import ResolveContext, resolve

_NOTIFY = keys_of(DeclaredNotify)
_CHAT = keys_of(Chat)
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
    number = len(planned.sources.matching.undeclared)
    if number and selection.complete:
        subject = f"{count(number, 'schedule')} of the account {'is' if number == 1 else 'are'}"
        pull.notes.append(f"{subject} in no file; `flashsync import` adds them")
    nothing = "Nothing to pull; the files say what is live."
    return PulledFiles(tuple(edited), tuple(pull.notes), nothing, tuple(pull.said))


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
        matches = {one.desired.source: one for one in self._sources.matching.matches}
        by_file: dict[str, list[tuple[Declared, Match]]] = defaultdict(list)
        for declared in self._sources.files.selected:
            found = matches[declared.origin.position]
            desired = found.desired
            renamed = desired.renamed_from or any(one.renamed_from for one in desired.intents)
            unchanged = isinstance(self._actions.get(desired.source), Unchanged)
            if not unchanged or (renamed and found.live):
                by_file[declared.origin.source.path].append((declared, found))
        return [edited for pairs in by_file.values() if (edited := self._edit_file(pairs))]

    def _edit_file(self, schedules: Sequence[tuple[Declared, Match]]) -> Edited | None:
        first = schedules[0][0].origin
        file = reopen(first.source, first.position)
        trees = file.trees
        changed: dict[int, Any] = {}
        for declared, found in schedules:
            index = declared.origin.index
            tree = self._pull(trees[index], found)
            if tree is not None and tree != trees[index]:
                changed[index] = tree
                self._describe(declared, found)
        return rewrite_text(file.text, file.source, changed) if changed else None

    def _describe(self, declared: Declared, found: Match) -> None:
        """What changed, in the words of a plan."""
        action = self._actions.get(found.desired.source)
        name, line = declared.schedule.schedule.strip(), declared.origin.line
        texts = ["the rename is done; `renamed_from` removed"]
        if isinstance(action, Create):
            texts = [_ABSENT]
        elif isinstance(action, Update):
            paths = dict.fromkeys(change.path for change in action.changes)
            texts = [f"{path} as it is live" for path in paths]
        elif not isinstance(action, Unchanged):
            texts = ["it is live: `absent: true` removed"]
        file = declared.origin.source.shown_as
        self.said += [EditSummary(file, line, name, text) for text in texts]

    def _pull(self, tree: Any, found: Match) -> dict[str, Tree] | None:
        """The document of a schedule as it is live; None if it stays as it is."""
        source, known = found.desired.source, found.live
        if known is None:
            absent = isinstance(self._actions.get(source), Create)
            return put(tree, "absent", "true", SCHEDULE) if absent else None
        live = self._facts.live[known.id]
        self._variables.schedule = live.name
        layers = LiveLayers(live.layers, self._names, self._context, self._facts.now)
        desired: Desired | None = found.desired
        if found.desired.absent:
            tree = drop(tree, "absent")
            tree = tree if "layers" in tree else put(tree, "layers", layers.described(), SCHEDULE)
            desired = self._read(tree, source)
        for attempt in () if desired is None else (desired, _without_texts(desired, live)):
            self._new_variables.clear()
            merged = _merge_live(tree, attempt, live, layers, self._defaults, self._name_secret)
            if (read := self._read(merged, source)) is not None:
                self.notes += self._new_variables
                action, _ = worked_out(replace(found, desired=read), self._facts)
                if isinstance(action, Update):
                    self._note_left(found.desired, action.changes)
                return merged
        message = f"cannot say in a file how {known.name} is live; it was left as it is"
        self.notes.append(f"{source}: {message}; edit it by hand")
        return None

    def _read(self, tree: Any, source: Position) -> Desired | None:
        """What a document means; None if it has errors."""
        try:
            declared = read_schedule(tree, self._limits)
        except Findings:
            return None
        desired, _ = resolve(declared, source, self._context)
        return desired

    def _note_left(self, desired: Desired, changes: Sequence[Change]) -> None:
        """What still differs: secrets, since no file has their values, and what no file can say."""
        for change in changes:
            remedy = "change it in the console, or leave it to the console by `ignore`"
            message = f"{change.path} of {desired.name} cannot be written as it is live"
            if change.kind is ChangeKind.SECRET:
                message = f"{change.path} of {desired.name} is not the secret that is live"
                remedy = "give its reference the live value, or run `flashsync apply`"
            self.notes.append(f"{desired.source}: {message}; {remedy}")

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


# A document as its schedule is live.


def _merge_live(
    tree: Mapping[str, Tree],
    desired: Desired,
    live: Schedule,
    layers: LiveLayers,
    defaults: Defaults,
    name_secret: NameSecret,
) -> dict[str, Tree]:
    """The document of a schedule that is live, with the fields changed that differ."""
    wanted, merged = desired.schedule, drop(dict(tree), "absent")
    live = without_fields(live, desired.ignored)
    if canonical_name(wanted.name) != canonical_name(live.name):
        merged = drop(put(merged, "schedule", canonical_name(live.name), SCHEDULE), "renamed_from")
    if desired.renamed_from and canonical_name(wanted.name) == canonical_name(live.name):
        merged = drop(merged, "renamed_from")
    description = canonical_description(live.description)
    if wanted.description != description:
        default = "" if defaults.description else None
        merged = put(merged, "description", description or default, SCHEDULE)
    if wanted.team != live.team:
        default = "none" if defaults.team else None
        team = default if live.team == NO_TEAM else layers.names.team(live.team)
        merged = put(merged, "team", team, SCHEDULE)
    written_layers: Any = merged.get("layers", [])
    if written_layers:
        merged["layers"] = merge_layers(written_layers, desired, layers)
    written_overrides: Any = merged.get("overrides", [])
    overrides = _merge_overrides(written_overrides, wanted, live, layers)
    if overrides != merged.get("overrides", []):
        merged = put(merged, "overrides", overrides or None, SCHEDULE)
    if compare(wanted.notify, live.notify).same(wanted.notify):
        return merged
    written = merged.get("notify")
    part: Any = _merge_notify(
        written if isinstance(written, dict) else None, wanted.notify, live.notify, name_secret
    )
    return put(merged, "notify", part or ("off" if defaults.notify else None), SCHEDULE)


def _merge_overrides(
    trees: Sequence[Any], wanted: Schedule, live: Schedule, account: LiveLayers
) -> list[Any]:
    """The entries that are live or past, and entries for what else is live."""
    now = account.now
    differences = compare_cover(live, wanted.overrides, now)
    changed = (*differences.removed, *differences.added)
    if not changed:
        return list(trees)
    entries = list(zip(trees, wanted.overrides, strict=True))
    kept = [
        entry
        for _, entry in entries
        if entry.past(now) or not any(_overlap(entry, one) for one in changed)
    ]
    uncovered = compare_cover(live, kept, now).removed
    missing = [
        one
        for one in live.our_overrides
        if not one.past(now) and any(_overlap(one, gone) for gone in uncovered)
    ]
    found = [tree for tree, entry in entries if entry in kept or entry in missing]
    known = [entry for _, entry in entries]
    found += [
        account.writer.override(one, ()) for one in dict.fromkeys(missing) if one not in known
    ]
    return found


def _overlap(one: Override, other: Override) -> bool:
    return one.start < other.end and other.start < one.end


def _merge_notify(
    written: dict[str, Tree] | None, wanted: Notify, live: Notify, name_secret: NameSecret
) -> dict[str, Tree]:
    """The mapping, perhaps empty; without one of its own, all that is live is written."""
    tree = written or {}
    fields = {
        "before": None if live.before is None else lead(live.before),
        "daily_at": live.daily_at or None,
        "by": describe_channels(live.by) or None,
    }
    for key, value in fields.items():
        if written is None or getattr(wanted, key) != getattr(live, key):
            tree = put(tree, key, value, _NOTIFY)
    trees: Any = [] if written is None else tree.get("chats", [])
    pairs = match(wanted.webhooks, live.webhooks)
    chats: list[Any] = [
        _merge_chat(one, wanted.webhooks[at], live.webhooks[pairs[at]], name_secret)
        for at, one in enumerate(trees)
        if at in pairs
    ]
    for place, hook in enumerate(live.webhooks):
        known = [wanted.webhooks[at] for at, other in pairs.items() if other == place]
        if known and trees:
            continue
        references: dict[str, dict[str, str]] = {}
        for name, secret in hook.secrets():
            given: Secret | None = getattr(known[0], name) if known else None
            if given is not None and given.reference is not None:
                references[name] = {given.reference.kind: given.reference.name}
            else:
                references[name] = {"env": name_secret(hook, name, secret)}
        chats.append({**describe_chat(hook), **references})
    return tree if chats == tree.get("chats", []) else put(tree, "chats", chats or None, _NOTIFY)


def _merge_chat(tree: Any, wanted: Webhook, live: Webhook, name_secret: NameSecret) -> Any:
    described = describe_chat(live)
    if wanted.alias != live.alias:
        tree = put(tree, "alias", described.get("alias"), _CHAT)
    if wanted.data_source != live.data_source:
        tree = put(tree, "data_source_id", described.get("data_source_id"), _CHAT)
    if wanted.chats != live.chats:
        kept = [one for one in tree.get("chat_ids", []) if one.strip() in live.chats]
        added = sorted(live.chats - {one.strip() for one in kept})
        tree = put(tree, "chat_ids", [*kept, *added] or None, _CHAT)
    for name in SECRETS:
        given: Secret | None = getattr(wanted, name)
        secret: Secret | None = getattr(live, name)
        if given and secret is None and given.readable:
            tree = drop(tree, name)
        elif secret is not None and given is None:
            tree = put(tree, name, {"env": name_secret(live, name, secret)}, _CHAT)
    return tree
