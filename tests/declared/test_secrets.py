"""What a reference to a secret may name: never the key, and only what flashsync.yaml allows."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.declared.parse import read_schedule
from flashsync.declared.problems import Findings
from flashsync.declared.secrets import Secrets
from tests.declared.helpers import Wrong, config, document, wrong, wrong_config

ONE = "; use a separate variable or file for the secret of the chat"
KEY = f"is reserved because FLASHDUTY_* is for the APP key{ONE}"
SYSTEM = f"is in a folder of the system (/proc, /dev, /sys){ONE}"
VENDOR = f"contains the APP key{ONE}"


def notify(reference: dict[str, str], field: str = "token") -> dict[str, Any]:
    return {"chats": [{"type": "dingtalk", "alias": "ops", field: reference}]}


@pytest.mark.parametrize("field", ["token", "verify_token", "sign_secret"])
@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ({"env": "FLASHDUTY_APP_KEY"}, f"`FLASHDUTY_APP_KEY` {KEY}"),
        ({"env": "FLASHDUTY_BASE_URL"}, f"`FLASHDUTY_BASE_URL` {KEY}"),
        ({"env": "FLASHDUTY_"}, f"`FLASHDUTY_` {KEY}"),
        ({"env": "flashduty_app_key"}, f"`flashduty_app_key` {KEY}"),
        ({"env": " Flashduty_App_Key "}, f"`Flashduty_App_Key` {KEY}"),
        ({"file": "/proc/self/environ"}, f"`/proc/self/environ` {SYSTEM}"),
        ({"file": "//proc/self/environ"}, f"`//proc/self/environ` {SYSTEM}"),
        ({"file": "/run/../proc/1/environ"}, f"`/run/../proc/1/environ` {SYSTEM}"),
        ({"file": "/./proc//self/fd/0"}, f"`/./proc//self/fd/0` {SYSTEM}"),
        ({"file": "/proc"}, f"`/proc` {SYSTEM}"),
        ({"file": "/dev/stdin"}, f"`/dev/stdin` {SYSTEM}"),
        ({"file": "/sys/class/net"}, f"`/sys/class/net` {SYSTEM}"),
        ({"file": "~/.flashduty/config.yaml"}, f"`~/.flashduty/config.yaml` {VENDOR}"),
        ({"file": "/root/.flashduty/config.yaml"}, f"`/root/.flashduty/config.yaml` {VENDOR}"),
        ({"file": "~/.flashduty/./config.yaml"}, f"`~/.flashduty/./config.yaml` {VENDOR}"),
    ],
)
def test_what_no_reference_may_name(reference: dict[str, str], said: str, field: str) -> None:
    path = ("notify", "chats", 0, field)
    assert wrong(document(notify=notify(reference, field))) == [Wrong(path, said)]


@pytest.mark.parametrize(
    "reference",
    [
        {"env": "DING_TOKEN"},
        {"env": "MY_FLASHDUTY_APP_KEY"},  # its value decides
        {"env": "FLASHDUTY"},
        {"file": "/processes/token"},
        {"file": "/run/secrets/dev/token"},
        {"file": "~/.flashduty/config.yaml.d/token"},
    ],
)
def test_what_may_be_named_without_settings(reference: dict[str, str]) -> None:
    assert wrong(document(notify=notify(reference))) == []


LIMITS = {"env": ["FLASHSYNC_*", "DING_?"], "files": ["/run/secrets", "~/secrets/"]}
NONE = "`secrets` in flashsync.yaml allows no"
NEVER = "no secret may come from FLASHDUTY_*"
VARIABLE = (
    "is not among the variables that `secrets` in flashsync.yaml allows; "
    "use one of FLASHSYNC_*, DING_?, or add it there"
)
FOLDER = (
    "is not in a folder that `secrets` in flashsync.yaml allows; "
    "use one of /run/secrets, ~/secrets/, or add its folder there"
)


@pytest.mark.parametrize(
    ("limits", "reference", "said"),
    [
        (LIMITS, {"env": "FLASHSYNC_DING"}, None),
        (LIMITS, {"env": "DING_1"}, None),
        (LIMITS, {"env": "DING_12"}, f"`DING_12` {VARIABLE}"),
        (LIMITS, {"env": "flashsync_ding"}, f"`flashsync_ding` {VARIABLE}"),
        (LIMITS, {"env": "AWS_SECRET_ACCESS_KEY"}, f"`AWS_SECRET_ACCESS_KEY` {VARIABLE}"),
        (LIMITS, {"file": "/run/secrets/ding"}, None),
        (LIMITS, {"file": "/run/secrets/a/b/ding"}, None),
        (LIMITS, {"file": "/run/secrets/../secrets/ding"}, None),
        (LIMITS, {"file": "~/secrets/ding"}, None),
        (LIMITS, {"file": "/run/secrets"}, f"`/run/secrets` {FOLDER}"),
        (LIMITS, {"file": "/run/secrets2/ding"}, f"`/run/secrets2/ding` {FOLDER}"),
        (LIMITS, {"file": "/run/secrets/../ding"}, f"`/run/secrets/../ding` {FOLDER}"),
        (LIMITS, {"file": "~/secrets/../.netrc"}, f"`~/secrets/../.netrc` {FOLDER}"),
        (LIMITS, {"file": "~/../../run/ding"}, f"`~/../../run/ding` {FOLDER}"),
        (
            {"files": ["/run/secrets"]},
            {"env": "DING_TOKEN"},
            f"{NONE} variables, so not `DING_TOKEN`; add `env: [DING_TOKEN]` there",
        ),
        (
            {"env": "*"},
            {"file": "/run/secrets/ding"},
            f"{NONE} files, so not `/run/secrets/ding`; add `files: [/run/secrets]` there",
        ),
        ({"env": "*"}, {"env": "DING_TOKEN"}, None),
        ({"env": "*"}, {"env": "FLASHDUTY_X"}, f"`FLASHDUTY_X` {KEY}"),
        ({"files": "/"}, {"file": "/run/ding"}, None),
        ({"files": "/"}, {"file": "/proc/self/environ"}, f"`/proc/self/environ` {SYSTEM}"),
    ],
)
def test_what_flashsync_yaml_allows(
    limits: dict[str, Any], reference: dict[str, str], said: str | None
) -> None:
    """In a schedule, in a schedule with other errors, and in `defaults`."""
    given = config(secrets=limits).secrets
    tree = document(notify=notify(reference))
    expected = [said] if said else []
    assert texts(tree, given) == expected
    assert texts({**tree, "team": ["a", "b"]}, given)[1:] == expected
    path = ("defaults", "notify", "chats", 0, "token")
    found = wrong_config(secrets=limits, defaults={"notify": notify(reference)})
    assert found == [Wrong(path, text) for text in expected]


def texts(tree: dict[str, Any], limits: Secrets | None) -> list[str]:
    """What is wrong with a schedule under these limits."""
    try:
        read_schedule(tree, limits)
    except Findings as found:
        return [f"{one.message}; {one.remedy}" for one in found.findings]
    return []


@pytest.mark.parametrize(
    ("limits", "path", "said"),
    [
        (
            {"env": []},
            ("env",),
            "the list is empty; add an entry, or remove the key to allow nothing",
        ),
        (
            {"env": ["A", "flashduty_*"]},
            ("env", 1),
            f"`flashduty_*` allows nothing because {NEVER}; use a name like FLASHSYNC_*",
        ),
        (
            {"files": "secrets"},
            ("files",),
            "expected the absolute path of a folder, got `secrets`; use a path like /run/secrets",
        ),
        (
            {"files": ["/run/../etc"]},
            ("files", 0),
            (
                "expected the absolute path of a folder, got `/run/../etc`; "
                "use a path like /run/secrets"
            ),
        ),
    ],
)
def test_limits_that_are_wrong(limits: Any, path: tuple[str | int, ...], said: str) -> None:
    assert wrong_config(secrets=limits) == [Wrong(("secrets", *path), said)]
