"""A secret that a run has read is in no output and in no file, however the platform echoes it."""

from __future__ import annotations

import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from flashsync.sandbox import Reply, refusal
from tests.cli.console import Terminal, schedule
from tests.properties import trying

PRINTABLE = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
SIGNS = st.sampled_from("\"'\\%/+&<>{}[]():=#@~*_|$-. é中😀\u200b")
PART = st.text(SIGNS | PRINTABLE, max_size=12)
SECRETS = st.builds(lambda one, two: f"{one}Zq7{two}".strip(" "), PART, PART).filter(
    lambda text: len(text) > 3
)
"""Anything on one line. What is in all of them is in no text of the program's own."""

FORMS: list[Callable[[str], str]] = [
    str,
    lambda text: quote(text, safe=""),
    quote,
    quote_plus,
    lambda text: quote(quote(text, safe=""), safe=""),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: json.dumps(json.dumps(text))[3:-3],
    html.escape,
    lambda text: b64encode(text.encode()).decode(),
    lambda text: urlsafe_b64encode(text.encode()).decode(),
    lambda text: text.encode().hex(),
    lambda text: text.encode().hex().upper(),
]
"""How a server, a proxy or a log may write a text."""
CHAT = {"type": "dingtalk", "alias": "ops", "token": {"env": "DING_TOKEN"}}


def shown(text: str, secret: str) -> list[str]:
    """The encodings in which a text shows a secret: the last octets of base64 are not counted."""
    forms = {form(secret).rstrip("=") for form in FORMS}
    forms |= {b64encode(b" " * n + secret.encode()).decode()[4:-4] for n in (1, 2)}
    return [form for form in forms if len(form) > 3 and form in text]


def everything(terminal: Terminal, secret: str, *commands: str) -> str:
    """What the commands print, and all the files that they leave."""
    texts = []
    for command in commands:
        ended = terminal(*command.split())
        texts += [ended.out, ended.err]
    left = [path for path in terminal.folder.rglob("*") if path.is_file()]
    texts += [path.read_text(encoding="utf-8") for path in left]
    for path in left:
        if path.parent.name != "schedules" and path.name != "flashsync.yaml":
            path.unlink()
    return "\n".join(texts)


@trying(5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=SECRETS, form=st.sampled_from(FORMS), whole=st.booleans(), before=st.integers(0, 300))
def test_no_encoding_of_a_secret_is_in_any_output_or_file(
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    secret: str,
    form: Callable[[str], str],
    whole: bool,
    before: int,
) -> None:
    def echo(endpoint: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if endpoint != "/schedule/create":
            return None
        said = json.dumps(body["notify"], ensure_ascii=False) if whole else secret
        return refusal("InvalidParameter", f"{'x' * before} cannot take {form(said)}, sorry")

    monkeypatch.setenv("DING_TOKEN", secret)
    monkeypatch.setenv("COLUMNS", "50")
    terminal.declare(schedule(notify={"chats": [CHAT]}))
    terminal.sandbox.hook = echo
    reports = "--report markdown=r.md --report json=r.json --report text=r.txt --report github=r.gh"
    text = everything(
        terminal,
        secret,
        f"plan -vv --out plan.json {reports}",
        f"apply -vv --auto-approve {reports}",
        f"apply -vv --auto-approve --format json {reports}",
        "apply --auto-approve --format markdown --plan plan.json",
        "undo --list",
    )
    assert shown(text, secret) == []
    assert terminal.written
