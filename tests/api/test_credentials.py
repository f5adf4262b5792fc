from __future__ import annotations

import pytest

from flashsync.api.credentials import BASE_URL, Credentials, proxy_for
from flashsync.errors import ConfigError
from flashsync.model.notify import Secret


def credentials(url: str = BASE_URL, key: str = "abc-key") -> Credentials:
    return Credentials(Secret(key), url)


def test_the_key_is_not_in_the_repr() -> None:
    assert "abc-key" not in repr(credentials())
    assert "abc-key" not in str(credentials())
    assert credentials().key == "abc-key"


@pytest.mark.parametrize(
    ("url", "host", "local"),
    [
        ("https://api.flashcat.cloud", "api.flashcat.cloud", False),
        ("https://api.flashcat.cloud/", "api.flashcat.cloud", False),
        ("HTTPS://API.Example:8443/a/path", "api.example", False),
        ("http://127.0.0.1:8765", "127.0.0.1", True),
        ("http://127.8.9.1", "127.8.9.1", True),
        ("http://[::1]:80", "::1", True),
        ("http://localhost:1/prefix", "localhost", True),
    ],
)
def test_base_urls_that_work(url: str, host: str, local: bool) -> None:
    assert credentials(url).host == host
    assert credentials(url).local is local


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.flashcat.cloud",
        "ftp://api.example",
        "https://",
        "https://user:abc-key@api.example",
        "https://api.example?app_key=abc-key",
        "https://api.example/#abc-key",
        "https://api.example:0",
        "https://api.example:99999",
        "https://api.example:port",
        "https://api.example\n",
        "https://api example",
        "https://api..example",
        "https://.example",
        f"https://{'a' * 64}.example",
        "https://" + ".".join(["a" * 60] * 5),
        "https://[::::1]",
        "https://[1.2.3.4.5]",
        "http://127.0.0.1\\@api.example",
        "http://127.0.0.1@api.example",
        "http://api.example",
        "http://localhost.example",
        "http://[::2]",
        "abc-key",
    ],
)
def test_base_urls_that_are_refused_in_one_line_without_the_key(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        credentials(url)
    text = str(caught.value)
    assert "abc-key" not in text
    assert "user" not in text
    assert "\n" not in text
    assert "https://" in text


def test_a_missing_key_is_never_searched_for_in_a_url() -> None:
    with pytest.raises(ConfigError, match="no APP key; set FLASHDUTY_APP_KEY"):
        credentials("nonsense", key="")


@pytest.mark.parametrize("key", ["two words", "line\nend", "schlüssel", "tab\t"])
def test_keys_that_cannot_be_one_are_not_shown(key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        credentials(key=key)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"https_proxy": "one:1", "HTTPS_PROXY": "two:2"}, "http://one:1"),
        ({"ALL_PROXY": "socks5://proxy"}, "socks5://proxy"),
        ({"HTTP_PROXY": "http://proxy:3128"}, None),
        ({"HTTPS_PROXY": "proxy:1", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "proxy:1", "NO_PROXY": "a.example, .flashcat.cloud"}, None),
        ({"HTTPS_PROXY": "proxy:1", "NO_PROXY": "api.flashcat.cloud"}, None),
        ({"HTTPS_PROXY": "proxy:1", "no_proxy": "cat.cloud,"}, "http://proxy:1"),
    ],
)
def test_the_proxy_of_an_environment(environ: dict[str, str], proxy: str | None) -> None:
    assert proxy_for(credentials(), environ) == proxy


def test_this_machine_is_never_asked_through_a_proxy() -> None:
    environ = {"HTTP_PROXY": "http://proxy:3128", "ALL_PROXY": "http://proxy:3128"}
    assert proxy_for(credentials("http://127.0.0.1:1"), environ) is None
