"""The harness itself: what it must not let pass."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.visit import VARIABLE, Visitor, find_chromium

Write = Callable[[str], Path]
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title>
<meta name="viewport" content="width=device-width"><main><h1>Page</h1>{}</main></html>"""
NO_SCRIPT = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'">"""


@pytest.fixture
def page(tmp_path: Path) -> Write:
    """Writes a page with this in it."""

    def write(content: str) -> Path:
        path = tmp_path / "page.html"
        path.write_text(PAGE.format(content), encoding="utf-8")
        return path

    return write


def test_a_page_that_needs_nothing_has_no_complaints(visit: Visitor, page: Write) -> None:
    visited = visit(page("<p>Hello</p><script>document.title = 'Ready'</script>"))
    assert visited.page.title() == "Ready"
    assert visited.audit() == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("<script>console.error('broken')</script>", "error: broken"),
        ("<script>console.warn('odd')</script>", "warning: odd"),
        ("<script>nobody()</script>", "script: nobody is not defined"),
        ("<img src='https://example.com/x.png' alt=''>", "request: https://example.com/x.png"),
        ("<script>fetch('http://127.0.0.1:9/')</script>", "request: http://127.0.0.1:9/"),
        ("<link rel=stylesheet href=other.css>", "request: file:///"),
        (f"{NO_SCRIPT}<script>alert(1)</script>", "error: "),
        (f"{NO_SCRIPT}<p style='color: red'>Red</p>", "error: "),
    ],
)
def test_what_a_page_must_not_do_is_a_complaint(
    hearing: Visitor, page: Write, content: str, complaint: str
) -> None:
    visited = hearing(page(content))
    with pytest.raises(AssertionError):
        visited.check()
    assert any(found.startswith(complaint) for found in visited.complaints), visited.complaints


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<button></button>", "button-name"),
        ("<style>p {color: #aaa; background: #fff}</style><p>Faint</p>", "color-contrast"),
    ],
)
def test_the_audit_finds_what_is_not_accessible(
    hearing: Visitor, page: Write, content: str, rule: str
) -> None:
    assert [found.partition(":")[0] for found in hearing(page(content)).audit()] == [rule]


def test_the_variable_comes_before_the_path(tmp_path: Path) -> None:
    program = tmp_path / "google-chrome"
    program.touch(mode=0o755)
    assert find_chromium({"PATH": str(tmp_path)}) == str(program)
    assert find_chromium({"PATH": str(tmp_path), VARIABLE: "/opt/chrome"}) == "/opt/chrome"
    assert find_chromium({"PATH": os.devnull}) is None
