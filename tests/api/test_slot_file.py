"""Several processes that use one account stay below its limits together."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flashsync.api.client import Client
from flashsync.api.concurrency import Patience
from flashsync.api.credentials import Credentials
from flashsync.api.rate_limit import Limiter
from flashsync.api.slot_file import HEADER, MAGIC, SlotFile, Unusable, file_name
from flashsync.model.notify import Secret
from flashsync.sandbox import Options, Sandbox, running, seed
from tests.api.peers import KEY, Clock, Script, client, ok
from tests.clock import frozen

ACCOUNT_ID = 10023


def limiter(path: Path, clock: Clock, rate: float = 1) -> Limiter:
    """One of another process."""
    made = Limiter(rate, Patience(clock.sleep, clock.now))
    made.share(path)
    return made


def ask(limiter: Limiter, times: int, endpoint: str = "/a") -> None:
    """That many requests, with answers that come at once."""
    for _ in range(times):
        with limiter.slot(endpoint) as turn:
            assert turn


def test_a_command_counts_the_requests_of_the_one_before(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "a.slots"
    first = limiter(path, clock)
    ask(first, 50)
    first.close()
    assert clock.now() == 0
    second = limiter(path, clock)
    assert second.room("/a", 0) == 0
    ask(second, 1)
    assert clock.now() == pytest.approx(1, rel=0.01)


def test_a_client_that_is_closed_twice_goes_on_by_itself(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "a.slots"
    closed = limiter(path, clock)
    closed.close()
    closed.close()
    ask(closed, 1)
    assert limiter(path, clock).room("/a", 0) == 50


def test_a_minute_is_shared_as_well(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "a.slots"
    ask(limiter(path, clock), 1000)
    assert clock.now() < 25
    ask(limiter(path, clock), 1)
    assert clock.now() == pytest.approx(60, rel=0.02)


def test_what_was_asked_before_the_account_was_known_counts(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "a.slots"
    late = Limiter(1, Patience(clock.sleep, clock.now))
    ask(late, 20)
    late.share(path)
    assert limiter(path, clock).room("/a", 0) == 30


def test_commands_below_the_full_rate_leave_the_rest_together(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "a.slots"
    first, second = limiter(path, clock, 0.8), limiter(path, clock, 0.8)
    ask(first, 25)
    assert second.room("/a", 0) == 15
    assert limiter(path, clock).room("/a", 0) == 25


def test_a_request_under_way_elsewhere_has_its_slot(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "a.slots"
    first, second = limiter(path, clock, 0.06), limiter(path, clock, 0.06)
    with first.together(["/a", "/a"]):
        assert second.room("/a", 0) == 1
    assert second.room("/a", 0) == 3


def test_slots_of_a_process_that_was_killed_come_back(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "a.slots"
    killed = limiter(path, clock, 0.06)
    killed.together(["/a", "/a", "/a"]).__enter__()
    clock.sleep(200)
    ask(limiter(path, clock, 0.06), 3)
    assert clock.now() == 200


def test_a_file_of_another_boot_counts_as_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, path = Clock(), tmp_path / "a.slots"
    ask(limiter(path, clock), 50)
    (tmp_path / "boot").write_text("another")
    monkeypatch.setattr("flashsync.api.slot_file._BOOT", tmp_path / "boot")
    assert limiter(path, clock).room("/a", 0) == 50


def test_files_that_nobody_has_used_for_a_day_go(tmp_path: Path) -> None:
    for name in ("old.slots", "new.slots", "old.txt"):
        (tmp_path / name).touch()
        if name.startswith("old"):
            os.utime(tmp_path / name, (0, 0))
    SlotFile(tmp_path / "mine.slots", [3]).close()
    assert {path.name for path in tmp_path.iterdir()} == {"mine.slots", "new.slots", "old.txt"}


def put_a_file_there(path: Path) -> None:
    path.parent.rmdir()
    path.parent.touch()


UNUSABLE: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.mkdir(),
    "a link": lambda path: path.symlink_to(path.with_name("elsewhere")),
    "a pipe": lambda path: os.mkfifo(path),
    "something else": lambda path: path.write_text("hello"),
    "cut off": lambda path: path.write_bytes(MAGIC.ljust(HEADER, b"\0") + bytes(100)),
    "in a file": put_a_file_there,
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_a_file_that_cannot_be_used_is_left_alone_with_a_remark(tmp_path: Path, what: str) -> None:
    folder, remarks = tmp_path / "slots", list[str]()
    folder.mkdir()
    path = folder / file_name("api.example", ACCOUNT_ID)
    UNUSABLE[what](path)
    with client(Script(ok(1)), slots=folder, remark=remarks.append) as flashduty:
        flashduty.share_limit(ACCOUNT_ID)
        assert flashduty.call("/a") == 1
    (said,) = remarks
    assert said.startswith(f"cannot use {path} (")
    assert said.endswith("); requests of other commands are not counted")


def test_a_read_only_folder_is_a_remark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **more: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)  # root may write anywhere
    with pytest.raises(Unusable, match="Permission denied"):
        SlotFile(tmp_path / "a.slots", [3])


def test_a_system_without_locks_is_a_remark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flashsync.api.slot_file.fcntl", None)
    with pytest.raises(Unusable, match="no file locks"):
        SlotFile(tmp_path / "a.slots", [3])


def test_it_is_for_its_user_alone_and_nothing_in_it_is_of_the_key(tmp_path: Path) -> None:
    found: list[bytes] = []
    for key in (KEY, "another-key"):
        folder = tmp_path / key / "flashsync"
        with client(Script(ok(1)), key=key, slots=folder) as flashduty:
            assert flashduty.call("/a") == 1
            flashduty.share_limit(ACCOUNT_ID)
        (path,) = folder.iterdir()
        assert path.name == f"api.example-{ACCOUNT_ID}.slots"
        assert (path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
        found.append(path.read_bytes())
    assert found[0] == found[1]
    assert KEY.encode() not in found[0]


def test_without_a_folder_nothing_is_shared() -> None:
    with client(Script(ok(1))) as flashduty:
        flashduty.share_limit(ACCOUNT_ID)
        assert flashduty.call("/a") == 1


PROGRAM = """
import sys
from pathlib import Path
from flashsync.api.client import Client
from flashsync.api.credentials import Credentials
from flashsync.model.notify import Secret
url, folder, requests = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
with Client(Credentials(Secret("sandbox-key"), url), rate=1, slots=folder) as client:
    client.share_limit(client.call("/member/info")["account_id"])
    print("ready", flush=True)
    sys.stdin.readline()
    client.each(client.call, ["/member/info"] * requests)
"""


def start(box: Sandbox, folder: Path, requests: int) -> subprocess.Popen[str]:
    """A process of its own that asks so often once it gets a line."""
    command = [sys.executable, "-c", PROGRAM, box.url, str(folder), str(requests)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.processes
def test_processes_at_once_meet_no_429(tmp_path: Path) -> None:
    """Under the limits of the platform, as exact sliding windows."""
    with running(seed("empty"), Options(), now=frozen) as box:
        processes = [start(box, tmp_path, 40) for _ in range(3)]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        ended = [process.communicate("go\n", timeout=60) for process in processes]
        assert [err for _, err in ended] == [""] * 3
        assert (len(box.log), box.refused) == (123, 0)


def test_clients_one_after_the_other_meet_no_429(tmp_path: Path) -> None:
    with running(seed("empty"), Options(), now=frozen) as box:
        for _ in range(3):
            credentials = Credentials(Secret("sandbox-key"), box.url)
            with Client(credentials, rate=1, slots=tmp_path) as flashduty:
                account = flashduty.call("/member/info")["account_id"]
                flashduty.share_limit(account)
                flashduty.each(flashduty.call, ["/member/info"] * 40)
        assert (len(box.log), box.refused) == (123, 0)
