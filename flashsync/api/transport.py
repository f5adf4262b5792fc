"""Sends one HTTP request and reads its answer: the only file that uses httpx.

The layers above use httpx's transports, not its Client, which logs every URL, keeps cookies, may
follow redirects, and takes a fifth more CPU time a request. A test peer is an
`httpx.MockTransport`.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from threading import local
from urllib.parse import quote

import httpx

from flashsync import __version__
from flashsync.api.credentials import Credentials
from flashsync.api.envelope import REQUEST_ID_HEADER, Answer
from flashsync.api.errors import Failure, NotTheService, TimedOut, Unreachable
from flashsync.api.redact import clean
from flashsync.api.retry import RetriedCall
from flashsync.errors import ConfigError

_KEEP_ALIVE = 60.0
"""Seconds that an idle connection is kept: the pauses of the rate limit must not close it."""


class KeyTransport(httpx.BaseTransport):
    """Puts the APP key into the query, below everything that logs or keeps a request."""

    def __init__(self, inner: httpx.BaseTransport, key: str) -> None:
        self._inner = inner
        self._query = f"app_key={quote(key, safe='')}".encode()
        self._urls: dict[bytes, httpx.URL] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a copy of the request that has the key; the caller's own stays without."""
        path = request.url.raw_path
        if path not in self._urls:  # a handful of endpoints, and URLs are slow to build
            self._urls[path] = request.url.copy_with(query=self._query)
        keyed = httpx.Request(
            request.method,
            self._urls[path],
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return self._inner.handle_request(keyed)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


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
        with self.one() as transport:
            self._kept.transport = transport
            try:
                yield
            finally:
                self._kept.transport = None

    @contextmanager
    def one(self) -> Iterator[httpx.BaseTransport]:
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
    """Sends calls to one base URL and reads the answers whole. Thread-safe."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        connect_timeout: float,
        read_timeout: float,
        language: str,
        transport: httpx.BaseTransport | None,
        proxy: str | None,
    ) -> None:
        self._key = credentials.key
        self._host = credentials.host
        self._base = credentials.base_url.rstrip("/")
        self._read_timeout = read_timeout
        key = credentials.key
        make = _always(transport) if transport else _network(credentials.scheme, proxy)
        self._transports = Transports(lambda: KeyTransport(make(), key))
        self._urls: dict[str, httpx.URL] = {}
        self._headers = httpx.Headers(
            {
                "Accept": "application/json",
                "Accept-Encoding": "gzip, deflate",
                "Accept-Language": language,
                "Content-Type": "application/json",
                "User-Agent": f"flashsync/{__version__}",
            }
        )
        timeout = httpx.Timeout(read_timeout, connect=connect_timeout)
        self._extensions = {"timeout": timeout.as_dict()}

    def close(self) -> None:
        """Close the connections."""
        self._transports.close()

    def one_connection(self) -> AbstractContextManager[None]:
        """This thread's requests meanwhile share a connection: no other one is made for them."""
        return self._transports.keep()

    def send(self, call: RetriedCall) -> Answer:
        """Send once and read the answer whole.

        Raises Unreachable, TimedOut or NotTheService; the exceptions of httpx contain the
        request, so none of them is chained to these.
        """
        try:
            return self._send(call)
        except httpx.HTTPError as error:
            failure = self._translated(error, call)
        raise failure

    def _send(self, call: RetriedCall) -> Answer:
        if call.endpoint not in self._urls:
            self._urls[call.endpoint] = httpx.URL(self._base + call.endpoint)
        request = httpx.Request(
            call.method,
            self._urls[call.endpoint],
            headers=self._headers,
            content=call.content,
            extensions=self._extensions,
        )
        with self._transports.one() as transport:
            response = transport.handle_request(request)
            try:
                content = response.read()
            finally:
                response.close()
        headers = response.headers
        return Answer(
            response.status_code,
            content,
            headers.get(REQUEST_ID_HEADER, ""),
            headers.get("Retry-After", ""),
            headers.get("Location", ""),
            headers.get("Date", ""),
        )

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


def _always(transport: httpx.BaseTransport) -> Callable[[], httpx.BaseTransport]:
    return lambda: transport


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


# The proxy between us and the platform.
#
# httpx would read the environment by itself; here the environment is handed in, since one room
# alone reads it, and since a transport of our own switches httpx's own search off.


def proxy_for(credentials: Credentials, environ: Mapping[str, str]) -> str | None:
    """The proxy's URL by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY; None for none.

    This machine is never asked through a proxy. Lower case wins over upper case, as in curl.
    """
    if credentials.local:
        return None
    excluded = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    if any(_covers(part.strip().lower(), credentials.host) for part in excluded.split(",")):
        return None
    for name in (f"{credentials.scheme}_proxy", "all_proxy"):
        value = environ.get(name) or environ.get(name.upper())
        if value:
            return value if "://" in value else f"http://{value}"
    return None


def _covers(part: str, host: str) -> bool:
    """Whether one entry of NO_PROXY means the host: `*`, the host itself, or a domain above it."""
    domain = part.lstrip(".")
    return part == "*" or (domain != "" and f".{host}".endswith(f".{domain}"))
