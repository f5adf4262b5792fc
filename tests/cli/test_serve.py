"""`serve`: the live calendar as a page, for browsers on this machine alone."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event
from typing import Any

import httpx
import pytest

from flashsync.sandbox import Reply, refusal
from tests.cli.console import Terminal, schedule
from tests.cli.serving import EVERY, KEY, LIST, Served, serve_calendar
from tests.clock import NOW

pytestmark = pytest.mark.at(NOW)  # the texts hold dates


def has_ipv6() -> bool:
    """Whether this machine has the address ::1."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


Start = Callable[..., Served]


@pytest.fixture
def start(demo: Terminal) -> Iterator[Start]:
    """Starts servers, with the patience of their viewers in seconds."""
    with ExitStack() as servers:
        yield lambda patience=30.0: servers.enter_context(serve_calendar(demo, patience))


@pytest.fixture
def served(start: Start) -> Served:
    """The demo's account, served."""
    return start()


def test_the_page_is_that_of_show(served: Served) -> None:
    page = served.get()
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for name in served.terminal.names:
        assert name in page.text
    assert "Read Sat 21 Nov 16:33; next read in 60 seconds" in page.text
    shown = served.terminal("show", "--live", "--all", "--format", "html", "--days", "14").out
    calendar = re.compile(r'<div class="timeline">.*</ul>', re.DOTALL)
    assert calendar.findall(page.text) == calendar.findall(shown)
    assert "Read Sat" not in shown
    assert "connect-src" not in shown


def test_head_is_the_same_without_the_page(served: Served) -> None:
    page, head = served.get(), served.get("HEAD")
    assert head.status_code == 200
    assert head.content == b""
    for name in ("etag", "content-length", "content-security-policy"):
        assert head.headers[name] == page.headers[name]


def test_viewers_share_one_read(served: Served) -> None:
    assert served.reads == 1  # before anybody came
    with ThreadPoolExecutor(8) as pool:
        pages = {page.text for page in pool.map(lambda _: served.get(), range(24))}
    assert len(pages) == 1
    assert served.reads == 1


def test_the_account_is_read_once_an_interval_by_however_many(served: Served) -> None:
    for _ in range(3):
        served.terminal.clock.advance(EVERY)
        with ThreadPoolExecutor(8) as pool:
            tags = {page.headers["etag"] for page in pool.map(lambda _: served.get(), range(16))}
        assert len(tags) == 1
    assert served.reads == 4


def test_nobody_looks_and_nothing_is_read(served: Served) -> None:
    served.terminal.clock.advance(100 * EVERY)
    assert served.reads == 1
    assert served.get().status_code == 200
    assert served.reads == 2


def test_a_change_is_on_the_next_page(served: Served) -> None:
    tag = served.get().headers["etag"]
    served.terminal.sandbox.console.delete("Legacy NOC")
    assert "Legacy NOC" in served.get().text
    served.terminal.clock.advance(EVERY)
    page = served.get()
    assert "Legacy NOC" not in page.text
    assert page.headers["etag"] != tag


def test_the_same_page_is_not_sent_again(served: Served) -> None:
    tag = served.get().headers["etag"]
    for form in ("{}", "W/{}", '"other", {}'):
        again = served.get(**{"if-none-match": form.format(tag)})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    served.terminal.clock.advance(EVERY)
    assert served.get(**{"if-none-match": tag}).status_code == 200


def test_a_failed_read_keeps_the_page_and_says_since_when(served: Served) -> None:
    terminal = served.terminal
    terminal.capture.readouterr()
    terminal.sandbox.fail_next(refusal("AccessDenied", "<b>no more</b>"), LIST)
    terminal.clock.advance(EVERY)
    page = served.get()
    assert page.status_code == 200
    assert "Legacy NOC" in page.text
    assert "Not read since Sat 21 Nov 16:33; trying again in 2 minutes" in page.text
    assert "<b>no more" not in page.text
    error = terminal.capture.readouterr().err
    assert error.startswith("warning: Not read since Sat 21 Nov 16:33")
    terminal.clock.advance(2 * EVERY)
    assert "Read Sat 21 Nov 16:36" in served.get().text
    assert terminal.capture.readouterr().err.startswith("note: Read Sat 21 Nov 16:36")


def test_429s_are_waited_for_once_for_all_viewers(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flashsync.api.retry.backoff", lambda *given: 0.05)
    sandbox = served.terminal.sandbox
    sandbox.fail_next(refusal("RequestTooFrequently", "slow down"), LIST, times=2)
    served.terminal.clock.advance(EVERY)
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda _: served.get(), range(16)))
    assert len({page.headers["etag"] for page in pages}) == 1
    assert "Read Sat 21 Nov 16:34" in pages[0].text
    assert sandbox.refused == 2


def test_a_viewer_does_not_wait_for_a_slow_account(start: Start) -> None:
    served = start(patience=0.1)
    entered, release = Event(), Event()

    def hold(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        del body, act
        if endpoint == LIST:
            entered.set()
            release.wait(10)
        return None

    served.terminal.sandbox.hook = hold
    served.terminal.clock.advance(EVERY)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(served.get)
        try:
            assert asked.result(5).status_code == 200
            assert "Read Sat 21 Nov 16:33" in asked.result().text
            assert entered.is_set()
        finally:
            release.set()
    served.terminal.sandbox.hook = None


SAFE = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


REQUESTS: list[tuple[str, str, dict[str, str], int]] = [
    ("GET", "/", {}, 200),
    ("HEAD", "/", {}, 200),
    ("GET", "/?app_key=1", {}, 200),
    ("GET", "/favicon.ico", {}, 404),
    ("GET", "/schedule/list", {}, 404),
    ("GET", "/", {"host": "evil.example"}, 421),
    ("GET", "/", {"host": "evil.example:80"}, 421),
    ("GET", "/", {"host": "127.0.0.1.evil.example"}, 421),
    ("GET", "/", {"host": "localhost.evil.example:8766"}, 421),
    ("GET", "/", {"host": "evil.example:127.0.0.1"}, 421),
    ("GET", "/", {"host": "[::2]:80"}, 421),
    ("GET", "/", {"host": ""}, 421),
    ("POST", "/", {"host": "evil.example"}, 421),
    ("GET", "/", {"host": "localhost"}, 200),
    ("GET", "/", {"host": "LOCALHOST:9000"}, 200),
    ("GET", "/", {"host": "[::1]:8766"}, 200),
    *((method, "/", {}, 405) for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS")),
    ("POST", "/schedule/delete", {}, 405),
]
"""Method, path, headers, and the status of the answer."""


def test_only_this_machine_may_only_read(served: Served) -> None:
    """A page of another site comes by a host name of its own, and may change where that leads."""
    for method, path, headers, status in REQUESTS:
        answer = served.get(method, path, **headers)
        assert answer.status_code == status, (method, path, headers)
        check_safe(answer)
        assert (answer.headers.get("allow") == "GET, HEAD") is (status == 405)
        assert status == 200 or len(answer.text.splitlines()) == 1
    assert served.reads == 1


def check_safe(answer: httpx.Response) -> None:
    """Check that no other site can show, read or guess the answer, and that it has no key."""
    assert {name: answer.headers[name] for name in SAFE} == SAFE
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "access-control-allow-origin" not in answer.headers
    assert KEY not in str(answer.headers) + answer.text


@needs_ipv6
def test_ipv6_is_served_as_well_and_nothing_else(served: Served) -> None:
    port = int(served.url.rstrip("/").rpartition(":")[2])
    with httpx.Client(trust_env=False) as client:
        assert client.get(f"http://[::1]:{port}/").status_code == 200
    others = {
        str(address[4][0])
        for address in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)
    } - {"127.0.0.1"}
    for other in others:
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((other, port), timeout=5)


# The command in a terminal.


@pytest.mark.processes
def test_ctrl_c_ends_it_with_one_line(demo: Terminal) -> None:
    process = demo.start("serve", "--port", "0")
    assert process.stdout is not None
    line = process.stdout.readline()
    url = line.removeprefix("The calendar is at ").partition(";")[0]
    assert line == f"The calendar is at {url}; Ctrl-C stops it.\n"
    page = httpx.get(url, trust_env=False)
    assert "Legacy NOC" in page.text
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=10)
    assert (process.returncode, out, error) == (0, "Stopped.\n", "")
    assert KEY not in page.text


@pytest.mark.processes
def test_paths_are_the_schedules_that_they_declare(demo: Terminal) -> None:
    demo.declare(schedule("Database On-Call"))
    process = demo.start("serve", "--port", "0", "schedules")
    assert process.stdout is not None
    url = process.stdout.readline().removeprefix("The calendar is at ").partition(";")[0]
    try:
        text = httpx.get(url, trust_env=False).text
        assert "Database On-Call" in text
        assert "Legacy NOC" not in text
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
    assert process.returncode == 0


def test_a_port_that_is_taken_is_one_line(demo: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = demo("serve", "--port", str(port))
    assert ended.code == 1
    assert ended.err == (
        f"error: cannot listen on port {port} (Address already in use); "
        "choose another --port, or 0 for a free port\n"
    )
    assert demo.sandbox.log == []


@needs_ipv6
def test_the_port_of_ipv6_may_be_taken_as_well(demo: Terminal) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as taken:
        port = taken.getsockname()[1]
        ended = demo("serve", "--port", str(port))
    assert ended.code == 1
    assert f"cannot listen on port {port}" in ended.err


def test_a_first_read_that_fails_is_an_error(
    demo: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.sandbox.fail_next(refusal("AccessDenied", f"no more for {KEY}"), LIST)
    ended = demo("serve", "--port", "0")
    assert ended.code == 1
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1
    assert "no more for ***" in ended.err
    monkeypatch.setenv("FLASHDUTY_APP_KEY", "")
    assert demo("serve", "--port", "0").err == "error: no APP key; set FLASHDUTY_APP_KEY\n"


@pytest.mark.parametrize("every", ["5", "0", "-1", "soon", "1.5", "99999999"])
def test_an_interval_that_is_too_short_is_refused(demo: Terminal, every: str) -> None:
    ended = demo("serve", "--port", "0", f"--every={every}")
    assert ended.code == 1
    assert f"expected seconds, 10 or more, got {every}" in ended.err
