"""Files that cannot be read, and the errors about them."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from flashsync.errors import FilesError
from flashsync.files import load_file
from flashsync.files.document import MAX_BYTES
from flashsync.files.load import read_text
from tests.files.helpers import loaded, written


def problem_of(path: Path) -> str:
    with pytest.raises(FilesError) as caught:
        load_file(str(path), "f.yaml")
    (problem,) = caught.value.problems
    return str(problem)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "f.yaml").startswith(
        "f.yaml:1:1: cannot read the file (no such file or directory); check the path"
    )


def test_a_directory(tmp_path: Path) -> None:
    assert problem_of(tmp_path) == "f.yaml:1:1: this is a directory; name a file in it"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_the_right_to_read_it(tmp_path: Path) -> None:
    path = written(tmp_path, "a: b")
    path.chmod(0)
    assert problem_of(path) == (
        "f.yaml:1:1: cannot read the file (permission denied); change its permissions"
    )


def test_a_path_that_is_too_long(tmp_path: Path) -> None:
    assert "cannot read the file (file name too long)" in problem_of(tmp_path / ("x" * 300))


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").symlink_to("f.yaml")
    assert "cannot read the file (too many levels" in problem_of(tmp_path / "f.yaml")


def test_pipes_sockets_and_devices_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    expected = "f.yaml:1:1: not a regular file but a pipe, socket or device; name a regular"
    assert problem_of(tmp_path / "pipe").startswith(expected)
    assert problem_of(Path("/dev/zero")).startswith(expected)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        assert "cannot read the file" in problem_of(tmp_path / "socket")


def test_a_file_of_fifty_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    os.truncate(path, 50_000_000)
    begin = time.monotonic()
    assert problem_of(path) == (
        "f.yaml:1:1: the file has 50.0 MB, the limit is 10 MB; split it into several files"
    )
    assert time.monotonic() - begin < 1


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    file = loaded(tmp_path, b"a: b\n#".ljust(MAX_BYTES, b"x"))
    assert file.documents[0].tree == {"a": "b"}


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="there is no /proc")
def test_a_file_is_read_to_its_end_whatever_size_it_tells() -> None:
    path = Path("/proc/version")
    assert path.stat().st_size == 0
    assert read_text(str(path), "f.yaml")[0] == path.read_text()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"a: b\nc: \xff", "2:4: the byte 0xff is not UTF-8; save the file as UTF-8"),
        ("a: 值\nb: 班é\n".encode() + b"\xe9", "3:1: the byte 0xe9 is not UTF-8; save the file as"),
        ("值: ".encode() + b"\xe9", "1:4: the byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"a: b\r\nc: d\r\xe9", "3:1: the byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"a: \xed\xa0\x80", "1:4: the byte 0xed is not UTF-8; save the file as UTF-8"),
        ("a: b".encode("utf-16"), "1:1: the file is UTF-16, not UTF-8; save it as UTF-8"),
        ("a: b".encode("utf-16-be"), "1:1: control character U+0000 is not allowed in YAML"),
    ],
)
def test_other_encodings(tmp_path: Path, data: bytes, problem: str) -> None:
    assert problem_of(written(tmp_path, data)).startswith(f"f.yaml:{problem}")
