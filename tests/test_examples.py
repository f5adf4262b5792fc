"""The examples are valid, complete and true: what a newcomer copies has to work."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from flashsync.api.client import Client
from flashsync.api.codec.schedule import write_schedule
from flashsync.api.credentials import Credentials
from flashsync.api.endpoints import people
from flashsync.api.endpoints.schedules import preview
from flashsync.errors import ExitCode
from flashsync.model.notify import By, Secret, SecretReference
from flashsync.model.people import Directory
from flashsync.model.schedule import BACKUP, PRIMARY, Schedule
from flashsync.operations.account import names_in, read_directory
from flashsync.operations.files import Declared, Reading, find_files, read_schedules, read_settings
from flashsync.operations.session import Session
from flashsync.operations.validate import check_files
from flashsync.plan.effects import fits
from flashsync.resolve.names import AccountNames
from flashsync.resolve.schedule import ResolveContext, resolve
from flashsync.sandbox import UNLIMITED, Options, Sandbox, running, schedule_shifts, seed
from tests.clock import frozen
from tests.promises.loop import KEY, Loop
from tests.source import ROOT

EXAMPLES = ROOT / "examples"
FILES = sorted((EXAMPLES / "schedules").iterdir())
ZONE = "Asia/Shanghai"
MONDAY = 1767542400  # Monday 2026-01-05 00:00 in Asia/Shanghai
HOUR = 3600
WEEK = 7 * 24 * HOUR
SETTLED = MONDAY + 2 * WEEK  # when every layer has begun
FOUR_WEEKS = (SETTLED, SETTLED + 4 * WEEK)
JANUARY = range(MONDAY, MONDAY + 4 * WEEK)
YEAR_2030 = 1893427200  # 2030-01-01 00:00 in Asia/Shanghai


def declared() -> list[Declared]:
    """The schedules of the files."""
    settings = read_settings(None, EXAMPLES)
    return list(read_schedules(find_files(settings, (), EXAMPLES), Reading()))


@pytest.fixture(scope="module")
def server() -> Iterator[Sandbox]:
    with running(seed("demo"), Options(limits=UNLIMITED), now=frozen) as found:
        yield found


@pytest.fixture(scope="module")
def directory(server: Sandbox) -> Directory:
    """Everyone in the account, as the program reads them."""
    names = names_in(declared(), read_settings(None, EXAMPLES))
    with Client(Credentials(Secret(KEY), server.url)) as client:
        account = people.me(client)
        assert account.timezone == ZONE
        return read_directory(client, account, names)


@pytest.fixture(scope="module")
def schedules(directory: Directory) -> dict[str, Schedule]:
    """What each file asks for, by the file's name without its ending."""
    config = read_settings(None, EXAMPLES).config
    names = AccountNames(directory, config.people)
    context = ResolveContext(names, ZONE, config.defaults, secrets=lambda reference: reference.name)
    found = {}
    for one in declared():
        desired, findings = resolve(one.schedule, one.origin.position, context)
        assert [finding.message for finding in findings] == []
        assert desired is not None
        found[Path(one.origin.source.path).stem] = desired.schedule
    return found


# Each of the shapes that examples are there for.


def test_one_is_a_weekly_rotation(schedules: dict[str, Schedule]) -> None:
    (layer,) = schedules["weekly"].layers
    assert (layer.rotation.weekly, layer.handoff, layer.hours) == (True, 10 * HOUR, None)
    assert [len(group.members) for group in layer.groups] == [1, 1, 1, 1]


def test_one_has_day_and_night_shifts_and_weekends(schedules: dict[str, Schedule]) -> None:
    day, night, weekend = schedules["day-night"].layers
    assert day.days == frozenset({1, 2, 3, 4, 5})
    assert night.hours is not None
    assert len(night.hours.windows) == 5
    assert weekend.hours is not None
    assert weekend.hours.windows == ((5 * 24 * HOUR + 9 * HOUR, 9 * HOUR),)


def test_one_has_primary_and_backup(schedules: dict[str, Schedule]) -> None:
    for group in schedules["primary-backup"].layers[0].groups:
        roles = [member.role for member in group.members]
        assert (roles.count(PRIMARY), roles.count(BACKUP)) == (1, 1)


def test_one_follows_the_sun_with_three_teams(
    schedules: dict[str, Schedule], server: Sandbox
) -> None:
    teams = {team.name: set(team.person_ids) for team in server.world.account.teams.values()}
    layers = schedules["follow-the-sun"].layers
    assert [layer.name for layer in layers] == ["APAC", "EMEA", "Americas"]
    for layer in layers:
        members = {member.person for group in layer.groups for member in group.members}
        assert members <= teams[layer.name]


def test_one_notifies_people_and_chats_and_keeps_its_secrets_out(
    schedules: dict[str, Schedule],
) -> None:
    notify = schedules["notify"].notify
    assert (notify.before, notify.daily_at) == (900, "08:00")
    assert notify.by == By(channels=frozenset({"email", "sms"}))
    app, robot = notify.webhooks
    assert (app.type, app.token, robot.type) == ("feishu_app", None, "dingtalk")
    assert robot.token == Secret("DING_TOKEN", SecretReference("env", "DING_TOKEN"))
    assert robot.sign_secret is not None


def test_one_plans_overrides(schedules: dict[str, Schedule]) -> None:
    overrides = schedules["planned-cover"].our_overrides
    assert len(overrides) == 3
    assert max(len(override.people) for override in overrides) == 2


# What holds for all of them.


def test_every_file_is_one_of_these() -> None:
    names = ("day-night", "follow-the-sun", "notify", "planned-cover", "primary-backup", "weekly")
    assert [path.name for path in FILES] == [f"{name}.yaml" for name in names]


def test_all_are_valid_offline_without_a_warning() -> None:
    reading = check_files(Session({}, frozen, EXAMPLES))
    assert [str(problem) for problem in reading.problems] == []
    assert (reading.files, reading.schedules) == (len(FILES), len(FILES))


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_somebody_is_on_call_at_any_time(schedules: dict[str, Schedule], name: str) -> None:
    covered, end = FOUR_WEEKS
    for shift in schedule_shifts(write_schedule(schedules[name]), ZONE, covered, end):
        assert shift.start <= covered
        covered = max(covered, shift.end)
    assert covered == end


@pytest.mark.parametrize("name", [path.stem for path in FILES])
@pytest.mark.parametrize("start", [MONDAY - HOUR, SETTLED, YEAR_2030 + 7 * HOUR])
def test_engine_and_platform_say_the_same(
    schedules: dict[str, Schedule], server: Sandbox, name: str, start: int
) -> None:
    with Client(Credentials(Secret(KEY), server.url)) as client:
        answered = preview(client, schedules[name], start, start + 6 * WEEK)
    assert answered.final
    assert fits(schedules[name], answered, ZONE)


def test_they_stay_meaningful_for_years(schedules: dict[str, Schedule]) -> None:
    for schedule in schedules.values():
        assert {layer.start in JANUARY for layer in schedule.layers} == {True}
        assert all(override.start >= YEAR_2030 for override in schedule.overrides)


@pytest.mark.parametrize("world", ["empty", "demo"])
def test_once_applied_they_leave_nothing_to_do(
    world: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DING_TOKEN", "DING_SIGN_SECRET"):
        monkeypatch.setenv(name, "a-secret")
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    with running(seed(world), Options(limits=UNLIMITED), now=frozen) as server:
        loop = Loop(server, tmp_path)
        with loop.client:
            before = len(server.world.account.schedules)
            outcome = loop.apply(loop.plan(create_lookalike=True))
            assert outcome.exit_code == ExitCode.OK
            assert len(server.world.account.schedules) == before + len(FILES)
            assert loop.plan().plan.empty


# What an editor shows.


def as_an_editor_reads(path: Path) -> Any:
    """The document as YAML 1.2 has it, and as JSON can say it."""
    tree = YAML(typ="safe", pure=True).load(path)
    return json.loads(json.dumps(tree, default=str))


def schema_of(path: Path) -> Path:
    """The schema that the file's first line names."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match, f"{path.name} begins with {first!r}"
    return (path.parent / match[1]).resolve()


@pytest.mark.parametrize("path", [EXAMPLES / "flashsync.yaml", *FILES], ids=lambda path: path.name)
def test_an_editor_finds_the_schema_and_nothing_wrong(path: Path) -> None:
    kind = "config" if path.name == "flashsync.yaml" else "schedule"
    assert schema_of(path) == ROOT / "schema" / f"{kind}.schema.json"
    schema = json.loads(schema_of(path).read_text(encoding="utf-8"))
    errors = Draft202012Validator(schema).iter_errors(as_an_editor_reads(path))
    assert [error.message for error in errors] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_editor_marks_a_misspelt_key(path: Path) -> None:
    tree = as_an_editor_reads(path)
    tree["layers"][0]["rotations"] = tree["layers"][0].pop("rotation")
    schema = json.loads(schema_of(path).read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(tree))
