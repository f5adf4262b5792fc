"""Sends one HTTP request, reads its answer and opens the envelope: the only file that uses httpx.

The layers above use httpx's transports, not its Client, which logs every URL, keeps cookies, may
follow redirects, and takes a fifth more CPU time a request. A test peer is an
`httpx.MockTransport`.
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import local
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlsplit

import httpx

from flashsync import __version__
from flashsync.api.codec.json_fields import WrongShape
from flashsync.api.credentials import Credentials
from flashsync.api.errors import (
    BY_CODE,
    Failure,
    NotTheService,
    ReferenceExist,
    ServerTrouble,
    TimedOut,
    TooFrequent,
    Unreachable,
)
from flashsync.api.redact import clean
from flashsync.api.retry import RetriedCall
from flashsync.errors import ConfigError

Value = TypeVar("Value")

_KEEP_ALIVE = 60.0
"""Seconds that an idle connection is kept: the pauses of the rate limit must not close it."""

REQUEST_ID_HEADER = "Flashcat-Request-Id"
NO_ERROR = ("", "0")
"""Codes that older endpoints send along with a success."""
LONGEST_RETRY_AFTER = 60.0
"""Seconds: a server that asks for more is asked again after this."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read whole. `location` is where a redirect points, "" where none does.

    `date` is the server's clock as its header says it, "" where it does not.
    """

    status: int
    content: bytes
    request_id: str = ""
    retry_after: str = ""
    location: str = ""
    date: str = ""


class _Kept(local):
    """The transport that a thread keeps for its next requests."""

    transport: httpx.BaseTransport | None = None


class Transports:
    """Transports of one connection each, lent for one request at a time. Thread-safe.

    A pool of httpx's looks, for every request, at each of its connections once for every other.
    """

    def __init__(self, make: Callable[[], httpx.BaseTransport]) -> None:
        self._make = make
        self._idle = [make()]  # a transport that cannot be made fails at once
        self._made = list(self._idle)
        self._kept = _Kept()

    @contextmanager
    def keep(self) -> Iterator[None]:
        """This thread's requests meanwhile go through one transport: no new connection is made
        between two of them, unless the other side closes it."""
        with self.lend() as transport:
            self._kept.transport = transport
            try:
                yield
            finally:
                self._kept.transport = None

    @contextmanager
    def lend(self) -> Iterator[httpx.BaseTransport]:
        """The transport that this thread keeps; else the last used, as its connection is the most
        likely to live."""
        if self._kept.transport is not None:
            yield self._kept.transport
            return
        try:
            transport = self._idle.pop()
        except IndexError:
            transport = self._make()
            self._made.append(transport)
        try:
            yield transport
        finally:
            self._idle.append(transport)

    def close(self) -> None:
        """Close the connections."""
        for transport in self._made:
            transport.close()


class Sender:
    """Sends calls to one base URL and reads the answers whole. Thread-safe.

    The APP key is put into the query here, below everything that logs or keeps a request.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        connect_timeout: float,
        read_timeout: float,
        transport: httpx.BaseTransport | None,
        proxy: str | None,
    ) -> None:
        self._key = credentials.key
        self._host = credentials.host
        self._base = credentials.base_url.rstrip("/")
        self._query = f"app_key={quote(credentials.key, safe='')}".encode()
        self._read_timeout = read_timeout
        make = (lambda: transport) if transport else _network(credentials.scheme, proxy)
        self.transports = Transports(make)
        self._urls: dict[str, httpx.URL] = {}
        self._headers = httpx.Headers(
            {
                "Accept": "application/json",
                "Accept-Encoding": "gzip, deflate",
                "Accept-Language": "en",
                "Content-Type": "application/json",
                "User-Agent": f"flashsync/{__version__}",
            }
        )
        timeout = httpx.Timeout(read_timeout, connect=connect_timeout)
        self._extensions = {"timeout": timeout.as_dict()}

    def send(self, call: RetriedCall) -> Answer:
        """Send once and read the answer whole.

        Raises Unreachable, TimedOut or NotTheService; the exceptions of httpx contain the
        request, so none of them is chained to these.
        """
        if call.endpoint not in self._urls:  # a handful of endpoints, and URLs are slow to build
            url = httpx.URL(self._base + call.endpoint)
            self._urls[call.endpoint] = url.copy_with(query=self._query)
        request = httpx.Request(
            call.method,
            self._urls[call.endpoint],
            headers=self._headers,
            content=call.content,
            extensions=self._extensions,
        )
        try:
            with self.transports.lend() as transport:
                response = transport.handle_request(request)
                try:
                    content = response.read()
                finally:
                    response.close()
        except httpx.HTTPError as error:
            failure = self._translated(error, call)
        else:
            names = (REQUEST_ID_HEADER, "Retry-After", "Location", "Date")
            headers = [response.headers.get(name, "") for name in names]
            return Answer(response.status_code, content, *headers)
        raise failure

    def _translated(self, error: httpx.HTTPError, call: RetriedCall) -> Failure:
        """The failure that an exception of httpx stands for, in words of ours."""
        attempt = call.attempt
        sent = not isinstance(
            error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError
        )
        if isinstance(error, httpx.TimeoutException):
            what = f"{self._host} did not answer within {self._read_timeout:g} s"
            if not sent:
                what = f"{self._host} did not take a connection in time"
            return TimedOut(call.endpoint, what=what, maybe_done=sent, attempt=attempt)
        if isinstance(error, httpx.DecodingError):
            detail = "the answer cannot be decompressed"
            return NotTheService(call.endpoint, detail=detail, maybe_done=True, attempt=attempt)
        what, remedy = self._reason(error)
        return Unreachable(
            call.endpoint, what=what, remedy=remedy, maybe_done=sent, attempt=attempt
        )

    def _reason(self, error: httpx.HTTPError) -> tuple[str, str]:
        """What is wrong with the network, and what to do; the exception's own words, cleaned."""
        said = clean(str(error), self._key, 200)
        for cause in _causes(error):
            if isinstance(cause, socket.gaierror):
                return f"the host {self._host} is not known ({said})", ""
            if isinstance(cause, ssl.SSLCertVerificationError):
                return (
                    f"the certificate of {self._host} is not trusted ({said})",
                    "check FLASHDUTY_BASE_URL and the clock; a company's own CA: SSL_CERT_FILE",
                )
        if isinstance(error, httpx.ProxyError):
            return f"the proxy refused to connect to {self._host} ({said})", "check HTTPS_PROXY"
        if isinstance(error, httpx.ConnectError):
            return f"cannot connect to {self._host} ({said})", ""
        return f"the connection to {self._host} broke ({said or type(error).__name__})", ""


def _network(scheme: str, proxy: str | None) -> Callable[[], httpx.BaseTransport]:
    """What makes real connections, certificates verified.

    `trust_env` is for SSL_CERT_FILE and SSL_CERT_DIR alone: a bare transport reads neither proxy
    variables nor ~/.netrc. Raises ConfigError where certificates or proxy cannot be used.
    """
    limits = httpx.Limits(
        max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEEP_ALIVE
    )
    # Loading the certificates takes 30 ms; http has no use for them, and trusts nobody instead.
    make = partial(httpx.HTTPTransport, trust_env=True, limits=limits, proxy=proxy)
    try:
        make(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)).close()  # is the proxy any good?
        if scheme == "https":
            return partial(make, verify=httpx.create_ssl_context(trust_env=True))
        return partial(make, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    except OSError:
        message = "the certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read"
        remedy = "name a file of PEM certificates, or unset it"
    except (ValueError, ImportError, httpx.InvalidURL):
        # Its text may show the password of the proxy, so it is not repeated.
        message = "the proxy of HTTPS_PROXY or ALL_PROXY cannot be used"
        remedy = "write http://host:port; for socks5:// install httpx[socks]"
    raise ConfigError(message, remedy)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


# From an answer to its data, or to the failure that it stands for (api.md, Transport).


@dataclass(frozen=True, slots=True)
class Envelope(Generic[Value]):
    """What came in an answer. `request_id` is the id that the vendor's support asks for: from the
    envelope, else from the header."""

    value: Value
    request_id: str


def open_envelope(
    answer: Answer, endpoint: str, key: str, attempt: int, read: Callable[[Any], Value]
) -> Envelope[Value]:
    """What `read` makes of the `data` of a success; None where it is absent.

    Raises the Failure that the answer stands for, its texts without the key; NotTheService where
    `read` raises a WrongShape.
    """
    try:
        document = json.loads(answer.content)
    except (ValueError, RecursionError):
        document = None
    id = document.get("request_id") if type(document) is dict else None
    id = clean(id if isinstance(id, str) and id else answer.request_id, key, 80)
    facts: dict[str, Any] = {"request_id": id, "attempt": attempt}
    good = type(document) is dict and 200 <= answer.status < 300
    if good and (error := document.get("error")):
        good = isinstance(error, dict) and _code(error) in NO_ERROR
    elif good:
        good = "data" in document or "request_id" in document
    if not good:
        raise _failure(answer, document, endpoint, key, facts)
    data = document.get("data")
    try:
        return Envelope(read(data), id)
    except WrongShape as wrong:
        text = wrong.within(data)
    raise NotTheService(
        endpoint,
        what=f"cannot read the platform's answer ({text})",
        remedy="try a newer flashsync, or report it with the request id",
        maybe_done=True,
        **facts,
    )


def _code(error: Any) -> str:
    code = error.get("code") if isinstance(error, dict) else None
    return "" if code is None else str(code)


def _failure(
    answer: Answer, document: Any, endpoint: str, key: str, facts: dict[str, Any]
) -> Failure:
    error = document.get("error") if isinstance(document, dict) else None
    code = _code(error)
    if isinstance(error, dict) and code not in NO_ERROR:
        message = error.get("message")
        detail = clean(message, key) if isinstance(message, str) else ""
        facts |= {"code": clean(code, key, 60), "detail": detail}
        # Where the code is not known, the status is all there is to say whether to try again.
        unknown = ServerTrouble if answer.status >= 500 else Failure
        kind = BY_CODE.get(code, TooFrequent if answer.status == 429 else unknown)
        if kind is ReferenceExist:
            facts["refs"] = _refs_in(document.get("data"), key) or _refs_in(error.get("data"), key)
        failure = kind(endpoint, **facts)
    else:
        failure = _by_status(answer, endpoint, key, facts)
    failure.retry_after = retry_after(answer.retry_after)
    return failure


def _refs_in(data: Any, key: str) -> tuple[str, ...]:
    """What blocks a deletion, as short texts, from `data.refs`: `{kind, href, name}` each."""
    refs = data.get("refs") if isinstance(data, dict) else None
    texts = []
    for ref in refs[:10] if isinstance(refs, list) else ():
        text = str(ref)
        if isinstance(ref, dict):
            kind = str(ref.get("kind") or "").replace("_", " ")
            name = ref.get("name") or ref.get("href")
            text = f"{kind} `{name}`" if kind and name else kind or str(name or ref)
        texts.append(clean(text, key, 60))
    return tuple(texts)


def _by_status(answer: Answer, endpoint: str, key: str, facts: dict[str, Any]) -> Failure:
    """An answer without a code of the API: by a gateway, a portal, or another program."""
    status = answer.status
    if status == 429:
        return TooFrequent(endpoint, detail="HTTP 429", **facts)
    if status >= 500:
        return ServerTrouble(
            endpoint, detail=f"HTTP {status}, {_describe(answer.content)}", **facts
        )
    if 300 <= status < 400:
        try:
            host = urlsplit(answer.location).hostname or ""
        except ValueError:
            host = ""
        where = f"to {clean(host, key, 100)}" if host else "elsewhere"
        detail = f"HTTP {status}, a redirect {where}, which is not followed"
        return NotTheService(endpoint, detail=detail, **facts)
    return NotTheService(
        endpoint,
        detail=f"HTTP {status}, {_describe(answer.content)}",
        maybe_done=200 <= status < 300,
        **facts,
    )


def _describe(content: bytes) -> str:
    start = content[:200].lstrip().lower()
    if not start:
        return "empty"
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "HTML instead of JSON"
    if start.startswith((b"{", b"[")):
        return "JSON that is cut or of another shape"
    return "no JSON"


def retry_after(header: str) -> float | None:
    """The seconds of a Retry-After header, at most 60; None where it names none.

    Dates, negative and broken values read as none: the backoff is good enough for them.
    """
    text = header.strip()
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(float(text), LONGEST_RETRY_AFTER)
