"""The frame of every page: a Content-Security-Policy, one style sheet, one script, and data.

A page is one file that loads nothing. Names are escaped by the templates; `safe` strings are made
of numbers and of texts that `html.escape` has seen.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from flashsync.model.mask import hide
from flashsync.render.palette import GROUND, PERSON_COLORS, TONES, ink_on

if TYPE_CHECKING:
    from jinja2 import Environment

LONGEST = 1024 * 1024
"""Bytes of a page: what can be attached, opened on a phone, and kept for each pull request."""
_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPTS = (
    "page.js",
    "times.js",
    "shifts.js",
    "labels.js",
    "zoom.js",
    "selection.js",
    "search.js",
    "tables.js",
    "start.js",
)
"""The parts of the script, which share one scope, in order."""
_IN_HTML = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_ESCAPES = str.maketrans(_IN_HTML)


def render_page(
    template: str,
    *,
    sheets: tuple[str, ...] = (),
    rules: str = "",
    data: str = "{}",
    every: int = 0,
    **values: object,
) -> str:
    """A template that extends `page.html`.

    `sheets` are style sheets of its kind, `rules` are CSS of this page alone, `data` is JSON. With
    `every`, a number of seconds, it asks its server again and again for a newer page.
    """
    style = "".join([colour_rules(), *map(_read, ("page.css", *sheets)), rules])
    script = _join_scripts() + (_read("script/renew.js") if every else "")
    text: str = (
        _environment()
        .get_template(template)
        .render(
            style=style,
            script=script,
            policy=content_policy(style, script, served=bool(every)),
            data=escape_json(data),
            every=every,
            **values,
        )
    )
    return text


def content_policy(style: str, script: str, *, served: bool = False) -> str:
    """What a page may load: nothing but its own style sheet and script, by their hashes.

    A served page may also ask its server.
    """
    return "; ".join(
        (
            "default-src 'none'",
            *(["connect-src 'self'"] if served else []),
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def policy_of(page: str) -> str:
    """The policy that a page gives itself, for the header of the server that sends it."""
    meta = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    return unescape(meta[1]) if meta else "default-src 'none'"


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def escape_json(text: str) -> str:
    """JSON that ends no script element and is the same to every parser."""
    return text.translate(_ESCAPES)


@cache
def colour_rules() -> str:
    """The palette as custom properties, for light and dark, and the classes that use it."""
    light = _properties(0)
    dark = _properties(1)
    people = range(len(PERSON_COLORS))
    classes = "".join(
        f".c{index}{{fill:var(--c{index})}}.i{index}{{fill:var(--i{index});stroke:var(--c{index})}}"
        for index in people
    )
    return (
        f":root{{{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{classes}\n"
    )


def _properties(theme: int) -> str:
    """The custom properties of a theme: 0 is light, 1 is dark."""
    values = {"ground": GROUND[theme]}
    values |= {name: (tone.light, tone.dark)[theme] for name, tone in TONES.items()}
    for index, color in enumerate(PERSON_COLORS):
        fill = (color.light, color.dark)[theme]
        values |= {f"c{index}": fill, f"i{index}": ink_on(fill)}
    return "".join(f"--{name}:{value};" for name, value in values.items())


def _hide_secrets(value: object) -> object:
    """What a template shows, without secrets; not in markup, where they could hit a tag."""
    return hide(value) if type(value) is str else value


@cache
def _join_scripts() -> str:
    parts = "\n".join(_read(f"script/{name}") for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


@cache
def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        finalize=_hide_secrets,
    )
    environment.globals["signs"] = {name: tone.sign for name, tone in TONES.items()}
    return environment
