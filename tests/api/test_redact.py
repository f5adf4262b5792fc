from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.api import redact


def test_escapes_and_controls_are_gone() -> None:
    hostile = "a\x1b[31mred\x1b[0m\x1b]0;title\x07b\r\nc\u202edc\x9b2Je\ud800"
    assert redact.clean(hostile) == "ared b c dce"


def test_long_texts_are_cut() -> None:
    assert redact.clean("x" * 500) == "x" * 299 + "…"


def test_the_key_is_hidden_as_it_is_and_as_in_a_url() -> None:
    assert redact.clean("is a+b/c bad? app_key=a%2Bb%2Fc", "a+b/c") == "is *** bad? app_key=***"


def test_a_key_that_only_appears_when_controls_go_is_hidden_too() -> None:
    assert redact.clean("my\x1b[0mkey", "mykey") == "***"


KEY = "k3y-0123456789abcdefghij"


@pytest.mark.parametrize(
    "quoted",
    [
        KEY[:12] + "…",
        KEY[:-1],
        f"`{KEY[:15]}...` and `{KEY[:13]}`",
        KEY[:9] + "\n" + KEY[9:],
        KEY[:9] + "\r\n    " + KEY[9:],
        KEY[:3] + "\u00ad" + KEY[3:20] + "\u200d" + KEY[20:],
        " ".join(KEY),
    ],
)
def test_a_server_may_break_or_cut_what_it_quotes(quoted: str) -> None:
    shown = (redact.clean(f"token {quoted}", KEY), redact.mask_body({"said": f"x {quoted}"}, KEY))
    for text in shown:
        assert "***" in text
        assert not any(KEY[at : at + 5] in text.replace(" ", "") for at in range(len(KEY) - 4))


def test_what_only_begins_like_a_key_is_shown() -> None:
    assert redact.clean("token k3y-012 is short", KEY) == "token k3y-012 is short"


def test_bodies_are_shown_without_secrets() -> None:
    body = {
        "settings": {"token": "t0k", "alias": "a", "sign_secret": "", "verify_token": None},
        "list": [{"app_key": "x"}, ("echo KEY",)],
    }
    text = redact.mask_body(body, "KEY")
    assert json.loads(text) == {
        "settings": {"token": "***", "alias": "a", "sign_secret": "", "verify_token": None},
        "list": [{"app_key": "***"}, ["echo ***"]],
    }


def test_a_body_within_a_text_is_shown_without_secrets_too() -> None:
    """As the audit log tells what was sent; it cuts it, also in the middle of a secret."""
    sent = json.dumps({"token": 'a"b\\', "alias": "a", "sign_secret": "s1gn", "verify_token": ""})
    for text in (sent, sent[: sent.index("1gn")]):
        shown_text = json.loads(redact.mask_body({"docs": [{"body": text}]}))["docs"][0]["body"]
        assert shown_text.startswith('{"token": "***", "alias": "a", "sign_secret": "***')
    assert json.loads(json.loads(redact.mask_body(sent)))["verify_token"] == ""


@given(st.text(max_size=200))
def test_any_text_becomes_one_printable_line(text: str) -> None:
    cleaned = redact.clean(text)
    assert cleaned.isprintable()
    cleaned.encode()
