"""The APP key, and the base URL that it is sent to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

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

    def __post_init__(self) -> None:
        key, url = self.key, self.base_url
        if not key:
            raise ConfigError("no APP key", "set FLASHDUTY_APP_KEY")
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise ConfigError(
                "the APP key contains a space or a character that keys never have",
                "copy it into FLASHDUTY_APP_KEY again",
            )
        parts = _matched(url)
        if not _possible(parts["host"], parts["port"]):
            raise ConfigError(f"the base URL {_shown(url, key)!r} cannot be used", _REMEDY)
        if self.scheme == "http" and not self.local:
            raise ConfigError(
                f"the base URL {_shown(url, key)!r} would send the APP key unencrypted",
                "use https://; http is only for this machine",
            )

    @property
    def key(self) -> str:
        """The key itself: for the layer that puts it into a request, and for nothing else."""
        return self.app_key.value or ""

    @property
    def host(self) -> str:
        """The host, without port; brackets of an IPv6 address are cut."""
        return _matched(self.base_url)["host"].strip("[]").lower()

    @property
    def address(self) -> str:
        """Host and port: what tells one server from another."""
        return self.host + _matched(self.base_url)["port"]

    @property
    def scheme(self) -> str:
        """`https`, or `http` for this machine."""
        return _matched(self.base_url)["scheme"].lower()

    @property
    def local(self) -> bool:
        """Whether the host is this machine."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def _matched(url: str) -> dict[str, str]:
    match = _URL.fullmatch(url)
    return match.groupdict("") if match else {"scheme": "", "host": "", "port": "", "path": ""}


def _possible(host: str, port: str) -> bool:
    if host.startswith("["):
        try:
            ip_address(host.strip("[]"))
        except ValueError:
            return False
    return 0 < len(host) < 254 and int(port.lstrip(":") or 443) in range(1, 65536)


def _shown(url: str, key: str) -> str:
    """A refused URL without the parts that may contain a secret: user, query, fragment, key."""
    bare = re.split(r"[?#]", url, maxsplit=1)[0]
    scheme, mark, rest = bare.partition("://")
    bare = f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else bare.rpartition("@")[2]
    return (bare.replace(key, "***") if key else bare)[:200]
