"""Secrets in text, in whatever encoding: what is hidden, and what is left alone."""

from __future__ import annotations

import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from contextvars import copy_context
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flashsync.model import mask
from flashsync.model.mask import Mask
from tests.properties import trying

SECRET = 'p"a s/w0rd%\\é😀_x*&<y>'

FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "URL": lambda text: quote(text, safe=""),
    "URL, lower case": lambda text: quote(text, safe="").replace("%5C", "%5c"),
    "URL path": quote,
    "form": quote_plus,
    "URL, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "workflow command": lambda text: text.replace("%", "%25"),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, not ASCII": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, slashes too": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[3:-3],
    "JSON in a URL": lambda text: quote(json.dumps(text)[1:-1], safe=""),
    "HTML": html.escape,
    "HTML, by number": lambda text: "".join(
        char if char.isalnum() else f"&#{ord(char)};" for char in text
    ),
    "Python": lambda text: repr(text)[1:-1],
    "a stream's escapes": lambda text: text.encode("ascii", "backslashreplace").decode(),
    "octets": lambda text: str(text.encode())[2:-1],
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
}


def base64(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_each_encoding_is_hidden_whole(form: Callable[[str], str]) -> None:
    assert Mask(SECRET).hide(f"<<{form(SECRET)}>>") == "<<***>>"


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("wrap", [str, json.dumps, lambda text: quote(text, safe="")])
def test_base64_is_hidden_at_each_alignment(before: str, wrap: Callable[[str], str]) -> None:
    for encode in (b64encode, urlsafe_b64encode):
        text = wrap(encode(f"{before}{SECRET}xyz".encode()).decode())
        hidden = Mask(SECRET).hide(text)
        assert "***" in hidden
        assert len(hidden) < 20


def test_base64_of_a_body_that_contains_it_is_hidden() -> None:
    body = json.dumps({"settings": {"token": SECRET}})
    hidden = Mask(SECRET).hide(base64(body))
    assert base64(body)[28:-6] not in hidden
    assert "***" in hidden


@pytest.mark.parametrize(
    ("secrets", "text", "hidden"),
    [
        (["aab1"], "aaab1", "a***"),  # the first place where it could begin is not it
        (["a\\\\b1"], "a\\\\b1", "***"),  # two backslashes, or one of JSON
        (["token", "token-long"], "token-long, token", "***, ***"),
        (["nabc"], '{"a": "x\\nabc"}', '{"a": "x***"}'),  # no half of an escape is left
        (["abcd"], "abc d ABCD ab\ncd", "abc d ABCD ab\ncd"),
        (["a&b1"], "a&amp;b1 a&#38;b1 a&#x26;b1 a&b1", "*** *** *** ***"),
        (["a@bcdefgh"], "a@&#8203;bcdefgh", "***"),  # as render/markdown.py parts it
        (["%%%%"], "100%%%%!", "100***!"),  # no letter in it
        ([""], "anything", "anything"),
    ],
)
def test_what_is_hidden(secrets: list[str], text: str, hidden: str) -> None:
    assert Mask(*secrets).hide(text) == hidden


def test_a_secret_of_three_characters_is_only_hidden_by_its_field() -> None:
    found = Mask()
    found.add("abc")
    assert found.hide("abc") == "abc"
    found.add("abcd")
    assert found.hide("abcd") == "***"


def test_a_secret_of_4_kb_is_hidden_whole() -> None:
    secret = "x%y/" * 1024
    for form in FORMS.values():
        assert Mask(secret).hide(f"<{form(secret)}>") == "<***>"


@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", ["\\", "%25", "%5C", "&amp;", "&#0", "a", '"', "%22", "k3y-"])
def test_no_text_takes_for_ever(part: str) -> None:
    """Whoever knows the secret can send a text that nearly shows it, all the way."""
    secret = 'k3y-"\\%"a&b'
    assert Mask(secret).hide(f"k3y {part * 20_000} {secret}").endswith(" ***")
    assert Mask(part * 10).hide(part * 1_000).startswith("***")


def test_what_one_run_learns_is_nothing_to_another() -> None:
    def run() -> tuple[str, object, object]:
        mask.begin()
        mask.learn("s3cret-value")
        mask.learn("on-call")
        document = {"s3cret-value": ["on-call", "s3cret-value", 1, None]}
        return mask.hide("s3cret-value"), mask.hide_in(document), mask.hide_in_data(document)

    hidden, document, data = copy_context().run(run)
    assert hidden == "***"
    assert document == {"s3cret-value": ["***", "***", 1, None]}
    assert data == {"s3cret-value": ["on-call", "***", 1, None]}
    assert mask.hide("s3cret-value") == "s3cret-value"
    assert mask.hide_in(["s3cret-value"]) == ["s3cret-value"]
    assert mask.hide_in_data(["s3cret-value"]) == ["s3cret-value"]


TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20)


@trying(40)
@given(secret=TEXT.filter(lambda text: len(text) > 3), form=st.sampled_from(list(FORMS.values())))
def test_no_secret_is_left_in_any_encoding(secret: str, form: Callable[[str], str]) -> None:
    assume("***" not in form(secret) and form(secret) not in "<>***")
    hidden = Mask(secret).hide(f"<{form(secret)}>")
    assert form(secret) not in hidden
    assert "***" in hidden
