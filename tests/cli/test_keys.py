"""The APP key: where it comes from, and that it is in no output whatever happens."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from flashsync.api.client import Client
from flashsync.sandbox import Reply, refusal
from tests.cli.console import NO_SERVER, Terminal, schedule

KEY = "k3y-0f-s0mebody-4nd-n0body-else"


@pytest.fixture
def keyed(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, hurried: None) -> Terminal:
    """A terminal with a key that is like nothing else."""
    world = terminal.sandbox.world
    world.add_key(KEY, world.account, "alice@example.com")
    monkeypatch.setenv("FLASHDUTY_APP_KEY", KEY)
    terminal.declare(schedule())
    return terminal


@pytest.mark.parametrize("verbosity", ["-v", "-vv", "-vvv"])
@pytest.mark.parametrize("format_", ["text", "json"])
def test_not_at_any_verbosity(keyed: Terminal, verbosity: str, format_: str) -> None:
    for line in ("plan --out plan.json", "apply --auto-approve", "drift"):
        ended = keyed(*line.split(), verbosity, "--format", format_)
        assert ended.code in (0, 2)
        assert KEY not in ended.out + ended.err
    assert KEY not in (keyed.folder / "plan.json").read_text()


@pytest.mark.parametrize(
    "reply",
    [
        refusal("Unauthorized", f"{KEY} is not known"),
        refusal("InternalError", f"app_key={KEY}", {"app_key": KEY}),
        Reply(200, f"<html>{KEY}</html>".encode()),
        Reply(302, b"", {"Location": f"https://elsewhere.example/?app_key={KEY}"}),
        Reply(200, {"data": f"?app_key={KEY}"}, {"Flashcat-Request-Id": KEY}),
        Reply(drop=True),
    ],
)
def test_not_when_the_platform_tells_it(keyed: Terminal, reply: Reply) -> None:
    keyed.sandbox.fail_next(reply, times=99)
    for format_ in ("text", "json"):
        ended = keyed("plan", "-vv", "--format", format_)
        assert ended.code == 1
        assert KEY not in ended.out + ended.err


def test_not_in_a_page_where_somebody_wrote_it_into_a_name(keyed: Terminal) -> None:
    keyed.declare(schedule("Known"))
    keyed.apply()
    keyed.sandbox.console.rename("Known", f"key {KEY}"[:40])
    ended = keyed("show", "--live", "--all", "--format", "html")
    assert ended.code == 0
    assert KEY not in ended.out
    assert "<bdi>key ***</bdi>" in ended.out


def test_not_without_a_network(keyed: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHDUTY_BASE_URL", NO_SERVER)
    assert KEY not in str(keyed("plan", "-vv"))


def test_not_in_a_base_url_that_is_refused(
    keyed: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASHDUTY_BASE_URL", f"http://example.com/?app_key={KEY}")
    ended = keyed("plan")
    assert ended.code == 1
    assert KEY not in str(ended)


@pytest.mark.parametrize("from_file", [False, True])
def test_not_in_the_traceback_of_a_bug(
    keyed: Terminal, monkeypatch: pytest.MonkeyPatch, *, from_file: bool
) -> None:
    def broken(client: Client, endpoint: str, *given: object, **more: object) -> None:
        raise LookupError(f"no {endpoint} for {client._credentials.key}")

    if from_file:
        monkeypatch.delenv("FLASHDUTY_APP_KEY")
        vendor_file(f"app_key: {KEY}\n")
    monkeypatch.setattr(Client, "fetch", broken)
    keyed.capture.readouterr()
    ended = run_with_bug(keyed)
    assert ended[0] == 1
    assert "This is a bug in flashsync" in ended[1]
    assert "LookupError" in ended[1]
    assert KEY not in ended[1]


def run_with_bug(terminal: Terminal) -> tuple[int, str]:
    """As the terminal does, but a traceback is expected."""
    from flashsync.cli.main import main

    code = main(["plan"])
    out, err = terminal.capture.readouterr()
    return code, out + err


def vendor_file(text: str) -> Path:
    """What the vendor's own command line keeps."""
    path = Path(os.environ["HOME"]) / ".flashduty" / "config.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_from_the_vendor_s_file(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.declare(schedule())
    monkeypatch.delenv("FLASHDUTY_APP_KEY")
    monkeypatch.delenv("FLASHDUTY_BASE_URL")
    vendor_file(json.dumps({"app_key": "sandbox-key", "base_url": terminal.sandbox.url}))
    assert terminal("plan").code == 0
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "no-such-key")
    monkeypatch.setenv("FLASHDUTY_BASE_URL", terminal.sandbox.url)
    ended = terminal("plan")
    assert (ended.code, ended.err[:33]) == (1, "error: the APP key is missing or ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("app_key: [" + KEY, "error: cannot read ~/.flashduty/config.yaml, line 1;"),
        (f"- {KEY}\n", "error: ~/.flashduty/config.yaml contains no settings;"),
        ('app_key: ""\n', "error: no APP key; set FLASHDUTY_APP_KEY"),
        ("", "error: cannot read ~/.flashduty/config.yaml"),
        (f"app_key: {KEY}\nbase_url: http://example.com\n", "error: the base URL"),
        (f"app_key: {KEY}\nbase_url: {KEY}\n", "error: the base URL"),
        (f"app_key: {KEY} {KEY}\n", "error: the APP key contains a space"),
    ],
)
def test_a_broken_vendor_s_file(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    terminal.declare(schedule())
    monkeypatch.delenv("FLASHDUTY_APP_KEY")
    monkeypatch.delenv("FLASHDUTY_BASE_URL")
    vendor_file(text)
    ended = terminal("plan")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(said)
    assert ended.err.count("\n") == 1
    assert KEY not in ended.err


@pytest.mark.parametrize("url", ["http://example.com", "http://127.0.0.1.example.com", "ftp://x"])
def test_the_key_goes_nowhere_unencrypted(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    terminal.declare(schedule())
    monkeypatch.setenv("FLASHDUTY_BASE_URL", url)
    ended = terminal("plan")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"error: the base URL '{url}' ")
