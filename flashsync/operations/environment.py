"""The APP key, the base URL and the proxy, as an environment gives them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from flashsync.errors import ConfigError, FilesError, FlashsyncError
from flashsync.model.mask import learn
from flashsync.model.notify import Secret

if TYPE_CHECKING:
    from flashsync.api.credentials import Credentials

KEY = "FLASHDUTY_APP_KEY"
BASE_URL = "FLASHDUTY_BASE_URL"
VENDOR_FILE = "~/.flashduty/config.yaml"


def credentials(environment: Mapping[str, str]) -> Credentials:
    """The key and base URL: from the environment, then from the vendor's own file.

    Raises ConfigError, which never shows the key.
    """
    from flashsync.api.credentials import BASE_URL as DEFAULT_URL
    from flashsync.api.credentials import Credentials

    key, url = environment.get(KEY, "").strip(), environment.get(BASE_URL, "").strip()
    if not key:
        stored = _vendor_file()
        key, url = stored.get("app_key", "").strip(), url or stored.get("base_url", "").strip()
    if not key:
        raise ConfigError("no APP key", f"set {KEY}")
    learn(key, 1)
    return Credentials(Secret(key), url or DEFAULT_URL)


def keys(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Every APP key that can be read, whichever one this run uses."""
    known = [environment.get(KEY, "").strip()]
    with suppress(FlashsyncError, OSError):
        known.append(_vendor_file().get("app_key", "").strip())
    return tuple(key for key in known if key)


def learn_keys(environment: Mapping[str, str]) -> None:
    """Hide the keys from here on, for a text of unknown origin such as a traceback."""
    for key in keys(environment):
        learn(key, 1)


def _vendor_file() -> dict[str, str]:
    """What the vendor's command line keeps; empty where there is no such file."""
    from flashsync.files import load_file

    path = Path(VENDOR_FILE).expanduser()
    if not path.exists():
        return {}
    try:
        tree = load_file(str(path), VENDOR_FILE).documents[0].tree
    except FilesError as error:
        # The parser's message may quote the line with the key.
        at = error.problems[0].position
        line = f", line {at.line}" if at else ""
        raise ConfigError(f"cannot read {VENDOR_FILE}{line}", f"fix it or set {KEY}") from None
    if not isinstance(tree, dict):
        raise ConfigError(f"{VENDOR_FILE} contains no settings", f"fix it or set {KEY}")
    return {name: value for name, value in tree.items() if isinstance(value, str)}
