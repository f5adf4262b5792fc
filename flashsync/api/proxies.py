"""Which proxy stands between us and the platform.

httpx would read the environment by itself; here the environment is handed in, since one room alone
reads it, and since a transport of our own switches httpx's own search off.
"""

from __future__ import annotations

from collections.abc import Mapping

from flashsync.api.credentials import Credentials


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
