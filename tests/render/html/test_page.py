"""The frame of a page: nothing is loaded, nothing runs but its own script."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Any

from flashsync.render.calendar.html import render_calendar_html
from flashsync.render.html.page import escape_json, render_page
from tests.render.calendars import ALL, view

NOTHING: dict[str, Any] = {
    "title": "",
    "mood": "good",
    "subject": (),
    "headline": (),
    "lists": (),
    "version": "",
}


def hash_of(text: str) -> str:
    """A text as a Content-Security-Policy names it."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_one_style_sheet_and_one_script() -> None:
    page = render_calendar_html(ALL, view(14))
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    assert policy.replace("&#39;", "'").split("; ") == [
        "default-src 'none'",
        f"style-src {hash_of(style)}",
        f"script-src {hash_of(script)}",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_nothing_is_loaded_and_no_attribute_is_a_style_or_a_script() -> None:
    page = render_calendar_html(ALL, view(14))
    markup = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.S)
    assert re.findall(r"\s(style|src|on\w+|srcset|action)=", markup) == []
    assert set(re.findall(r'\shref="([^"]*)"', markup)) == {"#content", "#grid"}
    assert re.findall(r"@import|https?:|//[a-z]", page) == []
    assert re.findall(r"url\((?!#)", page) == []


def test_data_ends_no_script() -> None:
    text = json.dumps("</script><!-- & \u2028\u2029", ensure_ascii=False)
    assert re.findall("[<>&\u2028\u2029]", escape_json(text)) == []
    assert json.loads(escape_json(text)) == json.loads(text)


def test_every_part_of_the_script_is_on_a_page() -> None:
    folder = files("flashsync.render.html") / "templates" / "script"
    parts = {part.name: part.read_text(encoding="utf-8") for part in folder.iterdir()}
    page = render_page("problems.html", every=10, **NOTHING)
    assert [name for name, part in parts.items() if part not in page] == []
