"""The key shows nowhere: no text, repr, traceback or log, whatever happens."""

from __future__ import annotations

import contextlib
import io
import logging
import traceback
from collections.abc import Iterator

import httpx
import pytest

from flashsync.api.client import Client
from flashsync.api.credentials import Credentials
from flashsync.api.errors import Failure
from flashsync.api.redact import Exchange
from flashsync.model.notify import Secret
from tests.api.peers import HOST, KEY, Clock, Script, client, error, ok
from tests.api.servers import Served, serving

ODD_KEY = "k3y/with+signs=and%more"

FAULTS: list[httpx.Response | Exception] = [
    httpx.ConnectError(f"cannot reach {HOST}/a?app_key={KEY}"),
    httpx.ReadTimeout(f"slow: {HOST}/a?app_key={KEY}"),
    httpx.RemoteProtocolError(KEY),
    httpx.ProxyError(KEY),
    httpx.DecodingError(KEY),
    httpx.Response(302, headers={"Location": f"https://{KEY}.example/?app_key={KEY}"}),
    httpx.Response(200, text=f"<html>{KEY}"),
    httpx.Response(502, text=KEY),
    error(f"New{KEY}", f"your key {KEY} is bad"),
    error("ReferenceExist", KEY, data={"refs": [{"name": KEY}]}),
    error("Unauthorized", f"\x1b[1m{KEY[:5]}\x1b[0m{KEY[5:]}", 401),
    error("InternalError", KEY, 500, {"Flashcat-Request-Id": KEY}),
    httpx.Response(200, json={"request_id": KEY, "data": None}),
]


@pytest.mark.parametrize("fault", FAULTS, ids=range(len(FAULTS)))
@pytest.mark.parametrize("once", [True, False])
def test_no_failure_shows_the_key(
    fault: httpx.Response | Exception, once: bool, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[Exchange] = []
    caplog.set_level(logging.DEBUG)
    flashduty = client(Script(fault), observe=seen.append)
    with pytest.raises(Failure) as caught:
        flashduty.fetch("/schedule/create", required, {"app_key": KEY}, once=once)
    texts = [str(caught.value), repr(caught.value), repr(vars(caught.value)), repr(flashduty)]
    texts += traceback.format_exception(caught.value)
    texts += [part for one in seen for part in (repr(one), one.shown_body(), one.shown_answer())]
    texts += [record.getMessage() for record in caplog.records]
    assert [text for text in texts if KEY in text] == []


def required(data: object) -> object:
    from flashsync.api.codec.json_fields import whole

    return whole(data)


@contextlib.contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """All loggers, existing ones included, at the lowest level, into one text."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    names = [name for name in logging.root.manager.loggerDict if name.startswith(("http", "h11"))]
    loggers = [root, *map(logging.getLogger, names)]
    before = [logger.level for logger in loggers]
    root.addHandler(handler)
    for logger in loggers:
        logger.setLevel(1)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def test_no_log_shows_the_key_over_real_http() -> None:
    answers = [b'{"request_id": "r", "data": 1}', b'{"error": {"code": "Unauthorized"}}', b"<html>"]
    with everything_logged() as log, serving(*map(Served, answers)) as server:
        credentials = Credentials(Secret(ODD_KEY), server.url)
        with Client(credentials, rate=1, sleep=Clock().sleep) as flashduty:
            for _ in answers:
                with contextlib.suppress(Failure):
                    flashduty.call("/schedule/list", {"p": 1})
    assert b"app_key=k3y%2Fwith%2Bsigns%3Dand%25more" in server.requests[0]
    assert "httpcore" in log.getvalue() or "send_request_headers" in log.getvalue()
    assert "k3y" not in log.getvalue()


def test_no_log_shows_the_key_through_a_proxy() -> None:
    with everything_logged() as log, serving(Served(b'{"data": 1}')) as proxy:
        credentials = Credentials(Secret(ODD_KEY), "http://localhost:9")
        with Client(credentials, proxy=proxy.url) as flashduty:
            assert flashduty.call("/schedule/list") == 1
    assert b"k3y" in proxy.requests[0]
    assert "k3y" not in log.getvalue()


def test_the_request_that_failed_is_not_kept() -> None:
    with pytest.raises(Failure) as caught:
        client(Script(httpx.ReadError("broken"))).call("/a")
    chain: BaseException | None = caught.value
    while chain is not None:
        assert not hasattr(chain, "request")
        chain = chain.__cause__ or chain.__context__


def test_reprs() -> None:
    credentials = Credentials(Secret(KEY), HOST)
    with client(Script(ok(1))) as flashduty:
        assert KEY not in f"{credentials} {credentials!r} {flashduty} {flashduty!r}"
