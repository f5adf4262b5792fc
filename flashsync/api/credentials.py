"""The APP key, the base URL that it is sent to, and the proxy on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address

from flashsync.errors import ConfigError
from flashsync.model.notify import Secret

BASE_URL = "https://api.flashcat.cloud"
"""The platform's own address (api.md, Transport)."""

# A narrow pattern instead of a URL parser: two parsers that disagree on a strange URL would let
# the key go to another host than was checked.
_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,99})(?P<port>:[0-9]{1,5})?"
    r"(?P<path>/[a-z0-9._~/-]*)?",
    re.IGNORECASE,
)
_REMEDY = "write https://host or https://host/path"


@dataclass(frozen=True, slots=True)
class Credentials:
    """An APP key and the base URL that it is good for; prints without the key.

    Raises ConfigError where the key is empty or cannot be one, and where the URL is not plain
    https (http is for this machine only), so that a key never travels readable.
    """

    app_key: Secret
    base_url: str = BASE_URL
    scheme: str = field(init=False, repr=False)
    """`https`, or `http` for this machine."""
    host: str = field(init=False, repr=False)
    """The host, without port; brackets of an IPv6 address are cut."""
    address: str = field(init=False, repr=False)
    """Host and port: what tells one server from another."""
    local: bool = field(init=False, repr=False)
    """Whether the host is this machine."""

    def __post_init__(self) -> None:
        key, url = self.key, self.base_url
        if not key:
            raise ConfigError("no APP key", "set FLASHDUTY_APP_KEY")
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise ConfigError(
                "the APP key contains a space or a character that keys never have",
                "copy it into FLASHDUTY_APP_KEY again",
            )
        match = _URL.fullmatch(url)
        scheme, named, port = match.group("scheme", "host", "port") if match else ("", "", "")
        host = named.strip("[]").lower()
        ip = _ip(host)
        possible = ip is not None or not named.startswith("[")
        if not (possible and 0 < len(named) < 254 and 0 < int((port or ":443")[1:]) < 65536):
            raise ConfigError(f"the base URL {_shown(url, key)!r} cannot be used", _REMEDY)
        local = host == "localhost" or (ip is not None and ip.is_loopback)
        if scheme.lower() == "http" and not local:
            raise ConfigError(
                f"the base URL {_shown(url, key)!r} would send the APP key unencrypted",
                "use https://; http is only for this machine",
            )
        values = {"scheme": scheme.lower(), "host": host, "address": host + (port or "")}
        for name, value in {**values, "local": local}.items():
            object.__setattr__(self, name, value)

    @property
    def key(self) -> str:
        """The key itself: for the layer that puts it into a request, and for nothing else."""
        return self.app_key.value or ""


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _shown(url: str, key: str) -> str:
    """A refused URL without the parts that may contain a secret: user, query, fragment, key."""
    bare = re.split(r"[?#]", url, maxsplit=1)[0]
    scheme, mark, rest = bare.partition("://")
    bare = f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else bare.rpartition("@")[2]
    return (bare.replace(key, "***") if key else bare)[:200]


def proxy_for(credentials: Credentials, environ: Mapping[str, str]) -> str | None:
    """The proxy's URL by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY; None for none.

    This machine is never asked through a proxy. Lower case wins over upper case, as in curl. httpx
    would read the environment by itself; here it is handed in, since one room alone reads it.
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
