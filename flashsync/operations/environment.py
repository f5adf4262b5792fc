"""What the environment gives: the APP key and base URL, secrets, the terminal, the time."""

from __future__ import annotations

import os
import sys
import time
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
TEST_NOW = "FLASHSYNC_TEST_NOW"
"""For tests only: the time in Unix seconds, at which the clock of this program stands still."""


def now() -> int:
    """The time, in whole Unix seconds."""
    return int(clock())


def clock() -> float:
    """The time, in Unix seconds. Nothing else in the program asks the machine for it."""
    fixed = os.environ.get(TEST_NOW)
    return float(fixed) if fixed else time.time()


def credentials() -> Credentials:
    """The key and base URL: from the environment, then from the vendor's own file.

    Raises ConfigError, in which the key never stands.
    """
    from flashsync.api.credentials import BASE_URL as DEFAULT_URL
    from flashsync.api.credentials import Credentials

    key, url = os.environ.get(KEY, "").strip(), os.environ.get(BASE_URL, "").strip()
    if not key:
        stored = _vendor_file()
        key, url = stored.get("app_key", "").strip(), url or stored.get("base_url", "").strip()
    if not key:
        raise ConfigError("no APP key", f"set {KEY}")
    learn(key, 1)
    return Credentials(Secret(key), url or DEFAULT_URL)


def keys() -> tuple[str, ...]:
    """Every APP key that is at hand, whichever one this run uses."""
    found = [os.environ.get(KEY, "").strip()]
    with suppress(FlashsyncError, OSError):
        found.append(_vendor_file().get("app_key", "").strip())
    return tuple(key for key in found if key)


def learn_keys() -> None:
    """Hide the keys from here on, for a text of unknown origin such as a traceback."""
    for key in keys():
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
        # What the parser says may quote the line, and the key stands in one.
        at = error.problems[0].position
        line = f", line {at.line}" if at else ""
        raise ConfigError(f"cannot read {VENDOR_FILE}{line}", f"fix it or set {KEY}") from None
    if not isinstance(tree, dict):
        raise ConfigError(f"{VENDOR_FILE} contains no settings", f"fix it or set {KEY}")
    return {name: value for name, value in tree.items() if isinstance(value, str)}


def proxy(given: Credentials) -> str | None:
    """The proxy that the environment asks for."""
    from flashsync.api.transport import proxy_for

    return proxy_for(given, os.environ)


def interactive() -> bool:
    """Whether somebody sits there who can answer a question."""
    return sys.stdin is not None and sys.stdin.isatty()


def step_summary() -> Path | None:
    """The file of this step's summary, on GitHub's runners."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    return Path(path) if path else None
