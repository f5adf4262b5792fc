"""A journal to the plan that undoes it, and where journals lie."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from flashsync.api.client import Client
from flashsync.api.endpoints import schedules
from flashsync.api.endpoints.schedules import Listed
from flashsync.apply.journal import (
    FOLDER,
    FileJournal,
    NoJournal,
    find_journal,
    list_journals,
    of_a_run,
    read_journal,
)
from flashsync.apply.last_writer import Writers
from flashsync.errors import Level, Problem, RefusedError, UsageError
from flashsync.files import find_config, show_path
from flashsync.model.desired import Rollout
from flashsync.model.notify import SecretReference, SecretRefusedError
from flashsync.model.people import Account, Directory
from flashsync.model.schedule import Schedule, canonical_name
from flashsync.model.wording import moment
from flashsync.operations import environment
from flashsync.operations.account import (
    check_account,
    check_same_account,
    moved_zone,
    read_live,
    with_people_of,
)
from flashsync.operations.files import Reading, Settings, matches, read_settings
from flashsync.operations.planning import (
    Files,
    Planned,
    PlanRequest,
    computed_shifts,
    judged,
    rollout_of,
    words_of_account,
)
from flashsync.operations.secrets import SecretReader
from flashsync.plan.build import Facts, build
from flashsync.plan.journal.codec import NotBegunError
from flashsync.plan.journal.model import Journal, Journals, Written
from flashsync.plan.losses import references_in
from flashsync.plan.match import Known, match
from flashsync.plan.model import Action, Plan, Reason, Unchanged
from flashsync.plan.safety import RunOptions, Safety
from flashsync.plan.undo import Back, Present, back, leavers
from flashsync.plan.words import Words

_ALL = RunOptions(safety=Safety(max_change_percent=100), create_lookalike=True, complete=False)
"""What limits a run of files does not limit a way back: it is shown, and asked for."""


def journals(given: Mapping[str, Any], cwd: Path) -> Journals:
    """All that were begun. Raises RefusedError where the folder cannot be read."""
    folder = journal_folder(given, cwd)
    found = [_begun(path, cwd) for path in list_journals(folder, show_path(folder, cwd))]
    return Journals(
        tuple(one for one in found if isinstance(one, Journal)),
        tuple(one for one in found if isinstance(one, Problem)),
    )


def journal_meant(
    given: Mapping[str, Any], cwd: Path, id: str | None
) -> tuple[Journal, tuple[str, ...]]:
    """The journal of that id, or without one the last that wrote; and notes on how it was found.

    Raises RefusedError, also where that last one is of an undo, or may be one that is broken.
    """
    folder = journal_folder(given, cwd)
    shown_as = show_path(folder, cwd)
    paths = list_journals(folder, shown_as)
    if id is not None:
        path = find_journal(paths, id, shown_as)
        return read_journal(path, show_path(path, cwd)), ()
    notes: list[str] = []
    for path in reversed(paths):
        found = _begun(path, cwd)
        if found is None or (isinstance(found, Journal) and not found.wrote):
            continue
        if of_a_run(path):
            return _last(found), tuple(notes)
        # One that is whole is a copy, and its name does not say of when.
        said = found.shown_as if isinstance(found, Journal) else found.message
        notes.append(f"ignored because no run names a journal like this, {said}")
    message = f"no journal in {shown_as} has a write"
    raise RefusedError(message, "the journal is on the machine that ran apply; pass --journal DIR")


def _last(found: Journal | Problem) -> Journal:
    """The last run that wrote. Raises RefusedError where that may be one that cannot be read, since
    an older one is not to be undone; and where it is an undo."""
    if isinstance(found, Journal):
        return _no_undo(found)
    message = f"{found.message}, and that run may be the last that wrote"
    remedy = "name an older one by its ID (--list shows them), or remove the file from its folder"
    raise RefusedError(message, remedy)


def _no_undo(journal: Journal) -> Journal:
    """The journal, unless it is of an undo: whoever says `undo` twice does not want it all back."""
    if journal.undo_of is None:
        return journal
    message = f"the last run that wrote was itself an undo, of {journal.undo_of}"
    remedy = f"`flashsync undo {journal.id}` brings that change back; --list shows other runs"
    raise RefusedError(message, remedy)


def _begun(path: Path, cwd: Path) -> Journal | Problem | None:
    """The journal, or what is wrong with it; None where nothing was written yet."""
    try:
        return read_journal(path, show_path(path, cwd))
    except NotBegunError:
        return None
    except RefusedError as error:
        return replace(error.problems[0], level=Level.WARNING)


def plan_back(
    journal: Journal,
    request: PlanRequest,
    settings: Settings,
    client: Client,
    progress: Callable[[int], object],
    remarks: Sequence[str] = (),
    journaled: Callable[[], Container[str]] = frozenset,
) -> Planned:
    """Read what the journal is about, and decide. Raises FlashsyncError.

    `progress` is told how many schedules are about to be read; the plan's notes begin with what is
    undone, and `remarks`.
    """
    now = environment.now()
    account = check_account(client, settings)
    _check_account(journal, account)
    writes = _chosen(journal, request.only)
    listed = schedules.list_schedules(client, account.timezone)
    named = {canonical_name(one.name): one.id for one in listed}
    ids = _ids(writes, listed, named)
    progress(len(ids))
    live = read_live(client, listed, ids, account, now)
    known = [*live.values(), *(one.before for one in writes if one.before)]
    directory = words_of_account(client, settings, account).directory
    directory = with_people_of(client, directory, known, (one.stamp.by for one in listed))
    shown = Words(directory, request.timezone or account.timezone)
    read = SecretReader(settings.config.secrets)
    present = Present(live, named, _writers(journal, client, shown, now).of_live, read, now)
    rollout = rollout_of(request.rollout, account.timezone) or Rollout()
    found = _back(journal, writes, present, rollout, directory)
    plan = _built(found, listed, live, directory, account, client, now, journaled)
    if request.judged:
        files = Files(settings, (), (), Reading())
        plan = judged(plan, found.desired, live, shown, files, request, client)
    notes = (_about(journal, shown.timezone, now), *remarks, *found.notes, *plan.notes)
    return Planned(
        replace(plan, notes=notes),
        shown,
        Reading(),
        {one.id: one.stamp for one in listed},
        read=read,
        unrestored=tuple(found.unrestored),
    )


def _writers(journal: Journal, client: Client, words: Words, now: int) -> Writers:
    """Who has written since the run; its own requests are not asked about."""
    ours = {id for one in journal.writes for id in one.requests}
    return Writers(client, words, journal.started_at, now, ours)


def _check_account(journal: Journal, account: Account) -> None:
    """Raises RefusedError for another account, or one whose zone is another by now."""
    check_same_account(journal.shown_as, journal.account, account, "name another journal")
    if moved := moved_zone(journal.shown_as, journal.account, account):
        raise RefusedError(moved, "its times mean other instants now, so change the files instead")


def _back(
    journal: Journal,
    writes: Sequence[Written],
    present: Present,
    rollout: Rollout,
    directory: Directory,
) -> Back:
    """What is asked for. Raises RefusedError, also where a secret may not be read any more."""
    try:
        found = back(journal, writes, present, rollout)
    except SecretRefusedError as refused:
        raise RefusedError(refused.message, refused.remedy) from None
    if problems := [*found.problems, *leavers(found, present, directory, present.now)]:
        raise RefusedError(problems)
    return found


def _chosen(journal: Journal, only: Sequence[str]) -> list[Written]:
    """The writes that `--only` names. Raises UsageError where one names nothing."""
    for pattern in only:
        if not any(matches(one.name, [pattern]) for one in journal.writes):
            remedy = f"see `flashsync undo --list {journal.id}`"
            raise UsageError(f"--only {pattern} matches no write of {journal.shown_as}", remedy)
    return [one for one in journal.writes if not only or matches(one.name, only)]


def _ids(
    writes: Sequence[Written], listed: Sequence[Listed], named: Mapping[str, int]
) -> list[int]:
    """What has to be read whole: what is there, by its id, or by its name where it has none."""
    there = {one.id for one in listed}
    ids = (one.id or named.get(canonical_name(one.name), 0) for one in writes)
    return [id for id in dict.fromkeys(ids) if id in there]


def _built(
    found: Back,
    listed: Sequence[Listed],
    live: Mapping[int, Schedule],
    directory: Directory,
    account: Account,
    client: Client,
    now: int,
    journaled: Callable[[], Container[str]],
) -> Plan:
    """The plan of what is asked for, each of its writes with the one reason of all."""
    known = [Known(one.id, one.name, one.team, one.stamp) for one in listed]
    matching = match(found.desired, known)
    if matching.problems:  # what a file would say does not help here
        remedy = "undo both by omitting --only, or rename the other schedule first"
        raise RefusedError([replace(one, remedy=remedy) for one in matching.problems])
    computed = computed_shifts(client, matching, live, account, now)
    words = Words(directory, account.timezone)
    facts = Facts(account, live, words, now, found.warnings, computed, journaled)
    plan = build(matching, facts, _ALL)
    return replace(plan, actions=tuple(map(_undone, plan.actions)))


def _undone(action: Action) -> Action:
    return action if isinstance(action, Unchanged) else replace(action, reason=Reason.UNDONE)


def _about(journal: Journal, timezone: str, now: int) -> str:
    """Which run is undone: `this undoes apply of Sat 21 Nov 10:00 (20261121T020000Z-a1b2c3)`."""
    when = moment(journal.started_at, timezone, now)
    return f"this undoes the {journal.command} of {when} ({journal.name})"


# Where journals lie: `--journal`, else `.flashsync/journal` beside flashsync.yaml.

NONE = "none"
"""What `--journal` says to write none."""


def journal_of(
    given: Mapping[str, Any], cwd: Path, command: str, undo_of: str | None = None
) -> NoJournal:
    """The journal of a run that is about to write; `given` are the options of its command line."""
    if given["journal"] == NONE:
        return NoJournal()
    return FileJournal(
        _beside(given, cwd),
        _folder(given),
        command,
        environment.now,
        undo_of,
        lambda: references_of_journals(given, cwd),
    )


def references_of_journals(given: Mapping[str, Any], cwd: Path) -> dict[str, SecretReference]:
    """The references to secrets that earlier runs wrote down, by the values that they have now.

    Journals that cannot be read give none.
    """
    found: set[SecretReference] = set()
    folder = journal_folder(given, cwd)
    try:
        paths = list_journals(folder, str(folder))
    except RefusedError:
        return {}
    for path in paths:
        with suppress(RefusedError):
            found.update(_references(read_journal(path, str(path))))
    read, values = SecretReader(read_settings(given["config"], cwd).config.secrets), {}
    for one in sorted(found, key=str):
        with suppress(SecretRefusedError):
            if value := read(one):
                values[value] = one
    return values


def _references(journal: Journal) -> Iterator[SecretReference]:
    for write in journal.writes:
        states = (one for one in (write.before, write.sent) if one is not None)
        for secret in references_in([one.notify for one in states]):
            if secret.reference is not None:
                yield secret.reference


def journal_folder(given: Mapping[str, Any], cwd: Path) -> Path:
    """Where the journals of earlier runs lie; with `none`, which is about this run, the default."""
    return _folder(given) or _beside(given, cwd) / FOLDER


def _folder(given: Mapping[str, Any]) -> Path | None:
    folder = given.get("journal")
    return Path(folder) if folder not in (None, NONE) else None


def _beside(given: Mapping[str, Any], cwd: Path) -> Path:
    config = Path(given["config"]) if given["config"] else find_config(cwd)
    return config.absolute().parent if config else cwd
