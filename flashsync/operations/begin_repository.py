"""Begins a repository: flashsync.yaml, a first schedule, recipes for CI, schemas for editors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import flashsync
from flashsync.api.endpoints import schedules
from flashsync.declared.command_line import schedule_name, time_of_week
from flashsync.declared.jsonschema import config_schema, schedule_schema
from flashsync.declared.people import PersonName
from flashsync.errors import RefusedError
from flashsync.files import CONFIG_NAME, Tree, find_config, show_path
from flashsync.files.atomic_write import NewFile, write_all
from flashsync.files.compose import NewDocument, compose_file
from flashsync.files.edit import Edited
from flashsync.model import wording
from flashsync.model.command_results import CiHost, RepositorySummary
from flashsync.model.people import Account, Directory
from flashsync.model.timezone import DAY, WEEK, instants, wall_seconds_at
from flashsync.model.wording import count
from flashsync.operations.account import as_usage_error, read_directory
from flashsync.operations.edit_files import complete_settings
from flashsync.operations.import_files import prepare_import
from flashsync.operations.session import Session
from flashsync.resolve.import_files import Layout, choose_files, choose_short_names
from flashsync.resolve.names import AccountNames

DEFAULT_HANDOFF = "mon 10:00"
_MONDAY = 4 * DAY
"""Seconds to the first Monday of Unix time."""
_PLACES: Mapping[CiHost, Mapping[str, str]] = {
    CiHost.GITHUB: {
        f"github/{name}.yml": f".github/workflows/{name}.yml" for name in ("plan", "apply", "drift")
    },
    CiHost.GITLAB: {"gitlab/.gitlab-ci.yml": ".gitlab-ci.yml"},
    CiHost.NONE: {},
}
"""Where the recipes of each host go."""
_REMOTE = re.compile(r"^\s*url\s*=\s*(.+)$", re.MULTILINE)
_SCHEMA = "schema/{}.schema.json"
_SCHEMAS: Mapping[str, Callable[[], Mapping[str, object]]] = {
    "schedule": schedule_schema,
    "config": config_schema,
}
_HOOK = ".pre-commit-config.yaml"


@dataclass(frozen=True, slots=True)
class FirstSchedule:
    """A weekly rota as somebody asks for it: its name, who takes turns, and when these change."""

    name: str
    people: tuple[str, ...]
    handoff: str = DEFAULT_HANDOFF


@dataclass(frozen=True, slots=True)
class Survey:
    """What a new repository begins with: the account, its people, the names of its schedules."""

    account: Account
    directory: Directory
    live: tuple[str, ...]
    ci: CiHost

    def find_person(self, text: str) -> int:
        """The id of a person. Raises UsageError."""
        with as_usage_error():
            return AccountNames(self.directory, {}).person(PersonName(text.strip()))


@dataclass(frozen=True, slots=True)
class NewRepository:
    """The files of a new repository, not written yet."""

    files: tuple[NewFile | Edited, ...]
    summary: RepositorySummary

    def write(self) -> None:
        """Write all files, or none of them. Raises FilesError."""
        write_all(self.files)


def survey(session: Session) -> Survey:
    """Look where a repository begins, and read the account. Raises RefusedError, AccountError."""
    if known := find_config(session.folder):
        shown = show_path(known, session.folder)
        message = f"{shown} exists already: this folder is in a repository of flashsync"
        raise RefusedError(message, "use `flashsync import` and `flashsync validate` there")
    client = session.client
    with session.reporter.reading():
        account = session.account(session.settings())
        listed = schedules.list_schedules(client, account.timezone)
        directory = read_directory(client, account, ())
    return Survey(
        account, directory, tuple(one.name for one in listed), find_ci_host(session.folder)
    )


def find_ci_host(folder: Path) -> CiHost:
    """GitHub or GitLab, by the files of the repository, else by the address of its remote."""
    if (folder / ".github").is_dir():
        return CiHost.GITHUB
    if (folder / ".gitlab-ci.yml").exists():
        return CiHost.GITLAB
    try:
        config = (folder / ".git" / "config").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return CiHost.NONE
    addresses = " ".join(_REMOTE.findall(config)).casefold()
    return next((host for host in _PLACES if host.value in addresses), CiHost.NONE)


def new_repository(
    session: Session,
    begun: Survey,
    first: FirstSchedule | None = None,
    *,
    import_live: bool = False,
    ci: CiHost | None = None,
) -> NewRepository:
    """The files: all live schedules, or a first one, or none yet. Raises FlashsyncError."""
    host = begun.ci if ci is None else ci
    if import_live:
        files = [_with_schema(file) for file in prepare_import(session).files]
    else:
        files = list(_begin(session, begun, first))
    notes: list[str] = []
    for path, text in _extras(host):
        if (session.folder / path).exists():
            notes.append(f"{path} exists already and stays as it is")
        else:
            files.append(NewFile(str(session.folder / path), path, text))
    written = tuple(
        file.shown_as if isinstance(file, NewFile) else file.source.shown_as for file in files
    )
    steps = tuple(_next_steps(begun, written, host, first, imported=import_live))
    return NewRepository(
        tuple(files), RepositorySummary(begun.account.name, written, tuple(notes), steps)
    )


def _begin(
    session: Session, begun: Survey, first: FirstSchedule | None
) -> Iterator[NewFile | Edited]:
    """flashsync.yaml, and the first schedule."""
    ids = [begun.find_person(text) for text in first.people] if first else []
    people = [begun.directory.people[id] for id in ids]
    short = choose_short_names(people, begun.directory, {})
    config = complete_settings(session.settings(), begun.account, short, (), session.folder)
    if config is not None:
        yield _with_schema(config)
    if first is None:
        return
    names = AccountNames(begun.directory, short)
    called = {names.person(PersonName(name)): name for name in short}
    turns = [called.get(id, text.strip()) for id, text in zip(ids, first.people, strict=True)]
    name = read_name(first.name)
    (file,) = choose_files([name], {}, Layout.EACH, ()).values()
    path = f"schedules/{file}"
    document = _first_document(name, turns, first.handoff, begun.account.timezone, session.now())
    text = compose_file([NewDocument(document, schema=_schema_from(path))])
    yield NewFile(str(session.folder / path), path, text)


def _first_document(
    name: str, turns: Sequence[str], handoff: str, timezone: str, now: int
) -> dict[str, Tree]:
    """A weekly rota with its first turn running now (Unix seconds)."""
    time = read_handoff(handoff)
    layer: dict[str, Tree] = {
        "layer": "Primary",
        "rotation": "1 week",
        "handoff": wording.time_of_week(time),
        "start": wording.wall_time(_last_handoff(time, timezone, now)),
        "groups": [*turns],
    }
    return {"schedule": name, "layers": [layer]}


def _last_handoff(time: int, timezone: str, now: int) -> int:
    """The latest handoff at a time that the zone has once, in seconds of its wall clock."""
    wall = wall_seconds_at(now, timezone)
    start = (wall - _MONDAY) // WEEK * WEEK + _MONDAY + time
    while start > wall or len(instants(start, timezone)) != 1:
        start -= WEEK
    return start


def read_name(text: str) -> str:
    """The name of a schedule. Raises UsageError."""
    with as_usage_error():
        return schedule_name(text)


def read_handoff(text: str) -> int:
    """A time of the week, in seconds from Monday 00:00. Raises UsageError."""
    with as_usage_error():
        return time_of_week(text)


# What goes along with the files: schemas for editors, a hook, recipes.


def _schema_from(path: str) -> str:
    """The schema of schedule files, as a file refers to it."""
    return "../" * path.count("/") + _SCHEMA.format("schedule")


def _with_schema(file: NewFile | Edited) -> NewFile | Edited:
    """A new file with the line that tells editors its schema."""
    if not isinstance(file, NewFile):
        return file
    schema = _SCHEMA.format("config")
    if file.shown_as != CONFIG_NAME:
        schema = _schema_from(file.shown_as)
    return replace(file, text=f"# yaml-language-server: $schema={schema}\n{file.text}")


def _extras(host: CiHost) -> Iterator[tuple[str, str]]:
    """Paths and texts."""
    for name, make in _SCHEMAS.items():
        text = json.dumps(make(), indent=2, ensure_ascii=False)
        yield _SCHEMA.format(name), f"{text}\n"
    package = Path(flashsync.__file__).parent
    recipes = package / "examples" / "ci"
    if not recipes.is_dir():  # in a checkout, they are next to the package
        recipes = package.parent / "examples" / "ci"
    places = {f"pre-commit/{_HOOK}": _HOOK, **_PLACES[host]}
    for recipe, path in places.items():
        yield path, (recipes / recipe).read_text(encoding="utf-8")


def _next_steps(
    begun: Survey,
    written: Sequence[str],
    host: CiHost,
    first: FirstSchedule | None,
    *,
    imported: bool,
) -> Iterator[str]:
    if imported:
        yield "look at the files, then run `flashsync plan`: it should show no changes"
    elif first is not None:
        yield "look at the file, run `flashsync plan`, then `flashsync apply`"
    else:
        yield "write a schedule to schedules/, and run `flashsync validate`"
    if begun.live and not imported:
        live = count(len(begun.live), "schedule")
        yield f"the account has {live} in no file: `flashsync import` writes files for them"
    if _HOOK in written:
        yield "run `pre-commit install` to check the files before each commit"
    if any(path in written for path in _PLACES[host].values()):
        yield (
            "set FLASHSYNC_REPOSITORY and FLASHSYNC_COMMIT at the top of each recipe, and the "
            "secret FLASHDUTY_APP_KEY; examples/ci/README.md of flashsync says which keys"
        )
    elif host is CiHost.NONE:
        yield "for pull requests, copy a recipe of flashsync's examples/ci"
    yield "commit all of it"
