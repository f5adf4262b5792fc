"""References to secrets on the command line: what is refused, where, and nothing is written."""

from __future__ import annotations

import json
import os
import shutil
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from flashsync.model.notify import SecretReference
from flashsync.operations.secrets import SecretReader
from flashsync.plan.saved import plan_file
from flashsync.sandbox import UNLIMITED, Options
from tests.cli.console import Terminal, layer, schedule

KEY = "k3y/0f+s0mebody"
ONE = "name a variable or file with one secret alone"
OWN = "give the chat a secret of its own"


def chat(**secrets: Any) -> dict[str, Any]:
    return {"type": "dingtalk", "alias": "ops", **secrets}


def declare(terminal: Terminal, reference: dict[str, str]) -> None:
    """A schedule with a reference in line 6, column 21."""
    text = json.dumps(schedule()["layers"])
    kind, name = next(iter(reference.items()))
    terminal.write(
        "schedules/0.yaml",
        f"schedule: Production\nlayers: {text}\nnotify:\n  chats:\n    - type: dingtalk\n"
        f"      alias: ops\n      token: {{{kind}: {json.dumps(name)}}}\n",
    )


PLACE = "schedules/0.yaml:7:14"
COMMANDS = ("plan", "apply --auto-approve", "drift")


def refused(terminal: Terminal, said: str, *, place: str = PLACE) -> None:
    """Plan, apply and drift refuse it with this line, and ask the platform nothing."""
    for command in COMMANDS:
        ended = terminal(*command.split())
        assert ended.err.splitlines() == [f"{place}: {said}"]
        assert (ended.code, ended.out) == (1, "")
    assert list(terminal.sandbox.log) == []


@pytest.fixture
def keyed(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal with a key of characters that encodings change."""
    world = terminal.sandbox.world
    world.add_key(KEY, world.account, "alice@example.com")
    monkeypatch.setenv("FLASHDUTY_APP_KEY", KEY)
    return terminal


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (KEY, f"`env: TOKEN` contains the APP key; {OWN}"),
        (f"Bearer {KEY}.", f"`env: TOKEN` contains the APP key; {OWN}"),
        (f"https://x/?app_key={quote(KEY, safe='')}", f"`env: TOKEN` contains the APP key; {OWN}"),
        (b64encode(KEY.encode()).decode(), f"`env: TOKEN` contains the APP key; {OWN}"),
        (b64encode(f"a:{KEY}".encode()).decode(), f"`env: TOKEN` contains the APP key; {OWN}"),
        (b64encode(f":{KEY}".encode()).decode(), f"`env: TOKEN` contains the APP key; {OWN}"),
        (KEY.encode().hex(), f"`env: TOKEN` contains the APP key; {OWN}"),
        (KEY.replace("/", "\\/"), f"`env: TOKEN` contains the APP key; {OWN}"),
        ("a\tb", f"`env: TOKEN` has a control character or several lines; {ONE}"),
        ("a\x1b[1mb", f"`env: TOKEN` has a control character or several lines; {ONE}"),
        ("a\nb", f"`env: TOKEN` has a control character or several lines; {ONE}"),
        ("a\n\n", f"`env: TOKEN` has a control character or several lines; {ONE}"),
        ("a\u2028b", f"`env: TOKEN` has a control character or several lines; {ONE}"),
        ("a\x85b", f"`env: TOKEN` has a control character or several lines; {ONE}"),
        ("x" * 4097, f"`env: TOKEN` has more than 4 KB; {ONE}"),
        ("é" * 2049, f"`env: TOKEN` has more than 4 KB; {ONE}"),
        ("a\udcff", f"`env: TOKEN` is not UTF-8 text; {ONE}"),
    ],
)
def test_values_that_are_not_a_secret_of_a_chat(
    keyed: Terminal, monkeypatch: pytest.MonkeyPatch, value: str, said: str
) -> None:
    monkeypatch.setenv("TOKEN", value)
    declare(keyed, {"env": "TOKEN"})
    assert keyed("validate").code == 0  # which reads no secret
    refused(keyed, said)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("t0ken", "t0ken"),
        ("t0ken\n", "t0ken"),
        ("t0ken\r\n", "t0ken"),
        (" t0ken ", "t0ken"),
        ("a b", "a b"),
        ("x" * 500, "x" * 500),  # the sandbox takes no longer one
        ("密钥*", "密钥*"),
    ],
)
def test_values_that_are_sent(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, value: str, sent: str
) -> None:
    path = terminal.write("../token", value)
    for reference in ({"env": "TOKEN"}, {"file": str(path)}):
        monkeypatch.setenv("TOKEN", value)
        declare(terminal, reference)
        terminal.apply()
        (live,) = terminal.sandbox.console.schedules()
        assert live["notify"]["webhooks"][0]["settings"]["token"] == sent


def test_4_kb_is_the_longest() -> None:
    read = SecretReader({"TOKEN": "x" * 4096})
    assert read(SecretReference("env", "TOKEN")) == "x" * 4096


def folder(at: Path) -> Path:
    at.mkdir()
    return at


def fifo(at: Path) -> Path:
    os.mkfifo(at)
    return at


def leading_to(target: str) -> Callable[[Path], Path]:
    def link(at: Path) -> Path:
        at.symlink_to(target)
        return at

    return link


def holding(content: bytes) -> Callable[[Path], Path]:
    def write(at: Path) -> Path:
        at.write_bytes(content)
        return at

    return write


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (folder, "is not a regular file; name a file that holds one secret"),
        (fifo, "is not a regular file; name a file that holds one secret"),
        (leading_to("/proc/version"), f"leads to /proc/version, where no chat's secret is; {OWN}"),
        (leading_to("/dev/zero"), f"leads to /dev/zero, where no chat's secret is; {OWN}"),
        (holding(b"x" * 4097), f"has more than 4 KB; {ONE}"),
        (holding(b"A=1\0B=2\0"), f"has a control character or several lines; {ONE}"),
        (holding(b"\xff\xfe"), f"is not UTF-8 text; {ONE}"),
        (holding(f"app_key: {KEY}\n".encode()), f"contains the APP key; {OWN}"),
    ],
)
def test_files_that_are_not_a_secret_of_a_chat(
    keyed: Terminal, tmp_path: Path, make: Callable[[Path], Path], said: str
) -> None:
    path = make(tmp_path / "token")
    declare(keyed, {"file": str(path)})
    refused(keyed, f"`file: {path}` {said}")


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_the_vendor_s_file_is_refused_by_any_name(
    terminal: Terminal, tmp_path: Path, link: Callable[[str, str], None]
) -> None:
    """Also when its key is not the one of this run."""
    home = Path(os.environ["HOME"])
    (home / ".flashduty").mkdir()
    vendor = home / ".flashduty" / "config.yaml"
    vendor.write_text("app_key: another-key\n", encoding="utf-8")
    link(str(vendor), str(tmp_path / "token"))
    declare(terminal, {"file": str(tmp_path / "token")})
    ended = terminal("plan")
    assert ended.code == 1
    assert "another-key" not in str(ended)
    assert "leads to" in ended.err or "is the file of the APP key" in ended.err


def test_the_key_of_the_vendor_s_file_is_refused_next_to_another(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(os.environ["HOME"])
    (home / ".flashduty").mkdir()
    (home / ".flashduty" / "config.yaml").write_text("app_key: another-key\n", encoding="utf-8")
    monkeypatch.setenv("TOKEN", "another-key")
    declare(terminal, {"env": "TOKEN"})
    refused(terminal, f"`env: TOKEN` contains the APP key; {OWN}")


def test_a_file_that_is_not_there_is_missing_as_before(terminal: Terminal) -> None:
    declare(terminal, {"file": "/no/such/file"})
    assert terminal("plan").code == 0
    ended = terminal("apply", "--auto-approve")
    assert ended.code == 1
    assert "needs secrets that are not there: file: /no/such/file" in ended.err


@pytest.mark.parametrize("command", ["validate", *COMMANDS])
def test_references_to_the_key_are_refused_offline_with_their_place(
    terminal: Terminal, command: str
) -> None:
    declare(terminal, {"env": "FLASHDUTY_APP_KEY"})
    ended = terminal(*command.split())
    shown = ended.out + ended.err
    assert ended.code == 1
    assert (
        f"{PLACE}: `FLASHDUTY_APP_KEY` is reserved because FLASHDUTY_* is for the APP key" in shown
    )
    assert list(terminal.sandbox.log) == []


@pytest.mark.parametrize("command", ["validate", *COMMANDS, "show --offline"])
def test_flashsync_yaml_limits_what_may_be_referenced(terminal: Terminal, command: str) -> None:
    terminal.config(secrets={"env": ["FLASHSYNC_*"], "files": ["/run/secrets"]})
    declare(terminal, {"env": "DING_TOKEN"})
    ended = terminal(*command.split())
    assert ended.code == 1
    assert f"{PLACE}: `DING_TOKEN` is not among the variables" in ended.out + ended.err
    declare(terminal, {"file": "/run/secrets/../ding"})
    ended = terminal(*command.split())
    assert f"{PLACE}: `/run/secrets/../ding` is not in a folder" in ended.out + ended.err


def test_a_link_out_of_an_allowed_folder_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    (allowed / "deep").mkdir(parents=True)
    (tmp_path / "elsewhere").write_text("t0ken", encoding="utf-8")
    (allowed / "out").symlink_to(tmp_path / "elsewhere")
    (allowed / "up").symlink_to(tmp_path)
    (allowed / "deep" / "token").write_text("t0ken", encoding="utf-8")
    (allowed / "in").symlink_to(allowed / "deep" / "token")
    (tmp_path / "alias").symlink_to(allowed)
    terminal.config(secrets={"files": [str(tmp_path / "alias")]})
    for name in ("out", "up/elsewhere"):
        declare(terminal, {"file": f"{tmp_path}/alias/{name}"})
        said = f"leads to {tmp_path}/elsewhere, which `secrets` in flashsync.yaml rules out"
        remedy = "put the file itself there, or allow its folder"
        refused(terminal, f"`file: {tmp_path}/alias/{name}` {said}; {remedy}")
    for name in ("in", "deep/token"):
        declare(terminal, {"file": f"{tmp_path}/alias/{name}"})
        assert terminal("plan").code == 0


def test_a_reference_in_defaults_is_refused_at_its_place(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "a\tb")
    terminal.declare(schedule())
    terminal.config(defaults={"notify": {"chats": [chat(token={"env": "TOKEN"})]}})
    config = (terminal.folder / "flashsync.yaml").read_text(encoding="utf-8")
    column = config.index('{"env"') + 1
    place = f"flashsync.yaml:1:{column}"
    said = f"`env: TOKEN` has a control character or several lines; {ONE}"
    refused(terminal, said, place=place)


SHOWN = "t0ken-0f-ding"


@pytest.mark.parametrize(
    ("place", "more"),
    [
        ("description", {"description": f"see {SHOWN}"}),
        ("schedule", {"schedule": f"See {SHOWN}"}),
        ("layer", {"layers": [layer(layer=SHOWN)]}),
        ("group", {"layers": [layer({"group": SHOWN, "members": ["alice@example.com"]})]}),
        ("alias", {"notify": {"chats": [chat(alias=SHOWN, token={"env": "TOKEN"})]}}),
    ],
)
def test_a_text_of_a_file_that_shows_a_secret_is_refused(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, place: str, more: dict[str, Any]
) -> None:
    """A saved plan and a journal hold such texts, and never a secret."""
    monkeypatch.setenv("TOKEN", SHOWN)
    notify = {"chats": [chat(token={"env": "TOKEN"})]}
    terminal.declare(schedule(**{"notify": notify, **more}))
    ended = terminal("plan", "--out", "plan.json")
    said = f"`{place}` shows the value of `env: TOKEN`; remove it, and have the chat's secret"
    assert ended.code == 1
    assert said in ended.err
    assert SHOWN not in str(ended)
    assert not (terminal.folder / "plan.json").exists()


def test_a_short_secret_may_be_a_part_of_a_name(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is hidden where it is shown, and the account gets the name as it is."""
    monkeypatch.setenv("TOKEN", "prod")
    terminal.declare(schedule("prod on call", notify={"chats": [chat(token={"env": "TOKEN"})]}))
    ended = terminal("plan", "--out", "plan.json")
    assert "*** on call" in ended.out
    assert terminal("apply", "--auto-approve", "--plan", "plan.json").code == 0
    assert terminal.names == ["prod on call"]


def forge(terminal: Terminal, name: str) -> None:
    """The saved plan with another variable, its checksum as it should be."""
    path = terminal.folder / "plan.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["checksum"]
    for action in document["actions"]:
        for hook in action["target"]["notify"]["webhooks"]:
            hook["token"] = {"kind": "env", "name": name}
    document["checksum"] = plan_file._checksum(document)
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "FLASHDUTY_APP_KEY",
            "`FLASHDUTY_APP_KEY` is reserved because FLASHDUTY_* is for the APP key",
        ),
        ("OTHER", "`env: OTHER` contains the APP key"),
        ("MINE", "`MINE` is not among the variables"),
    ],
)
def test_a_saved_plan_is_held_to_the_same(
    keyed: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.setenv("DING_TOKEN", "t0ken")
    monkeypatch.setenv("OTHER", f"x{KEY}")
    monkeypatch.setenv("MINE", "m1ne")
    keyed.declare(schedule(notify={"chats": [chat(token={"env": "DING_TOKEN"})]}))
    assert keyed("plan", "--out", "plan.json").code == 0
    forge(keyed, name)
    keyed.config(secrets={"env": ["DING_*", "OTHER"]})
    shutil.rmtree(keyed.folder / "schedules")
    for command in ("apply --auto-approve --plan", "plan --check"):
        ended = keyed(*command.split(), "plan.json", "--without-files")
        assert ended.code == 1
        assert f"notify.chats[dingtalk ops].token of `Production` is refused: {said}" in (
            ended.out + ended.err
        )
        assert KEY not in str(ended)
    assert keyed.written == []


def test_an_undo_is_held_to_the_same(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DING_TOKEN", "t0ken")
    terminal.sandbox.options = Options(limits=UNLIMITED, secrets="masked")
    notify = {"chats": [chat(token={"env": "DING_TOKEN"})]}
    for description in ("old", "new"):
        terminal.declare(schedule(notify=notify, description=description))
        terminal.apply()
    terminal.config(secrets={"env": ["FLASHSYNC_*"]})
    ended = terminal("undo", "--auto-approve")
    assert ended.code == 1
    assert ended.err.startswith("error: `DING_TOKEN` is not among the variables")
    assert terminal.written == ["create", "update"]
