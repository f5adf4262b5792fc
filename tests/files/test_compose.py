"""New files as text: their layout, the quotes, and that they read back as they were meant."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flashsync.errors import FilesError
from flashsync.files.compose import NewDocument, add_keys, compose_file, write_scalar
from flashsync.files.document import NULLS, Tree
from tests.files.helpers import SOURCE
from tests.properties import trying

DOCUMENT: dict[str, Tree] = {
    "schedule": "Production On-Call",
    "description": "Who to call at night.\n\nAsk in #ops first.",
    "layers": [
        {
            "layer": "Primary",
            "rotation": "1 week",
            "handoff": "mon 10:00",
            "start": "2026-01-05 10:00",
            "groups": [
                "alice",
                ["bob", "carol"],
                {
                    "group": "Night crew",
                    "members": ["dave", {"person": "erin@example.com", "role": "backup"}],
                },
                "2476444212131",
            ],
        },
        {
            "layer": "on",
            "rotation": "1 day",
            "start": "2026-01-05 10:00:30",
            "days": ["mon-fri", "sun"],
            "hours": "09:00-18:00",
            "fair": "true",
            "groups": ["张三", "- x"],
        },
    ],
    "notify": {
        "before": "5 min",
        "daily_at": "08:00",
        "chats": [{"type": "dingtalk", "alias": "007", "token": {"env": "DING_TOKEN"}}],
    },
}
COMMENTS = {
    (): "disabled in the console",
    ("layers", 0, "groups", 3): "Frank,\nwho has left the account",
}
TEXT = """\
# disabled in the console
schedule: Production On-Call
description: |-
  Who to call at night.

  Ask in #ops first.
layers:
  - layer: Primary
    rotation: 1 week
    handoff: mon 10:00
    start: 2026-01-05 10:00
    groups:
      - alice
      - [bob, carol]
      - group: Night crew
        members: [dave, {person: erin@example.com, role: backup}]
      # Frank, who has left the account
      - 2476444212131
  - layer: "on"
    rotation: 1 day
    start: "2026-01-05 10:00:30"
    days: [mon-fri, sun]
    hours: 09:00-18:00
    fair: true
    groups:
      - 张三
      - "- x"
notify:
  before: 5 min
  daily_at: "08:00"
  chats:
    - {type: dingtalk, alias: "007", token: {env: DING_TOKEN}}
"""


def test_a_document_has_the_layout_of_the_examples() -> None:
    assert compose_file([NewDocument(DOCUMENT, COMMENTS)]) == TEXT


def test_documents_of_one_file_are_apart() -> None:
    text = compose_file(
        [NewDocument({"schedule": "A"}, schema="../s.json"), NewDocument({"b": "c"})]
    )
    assert text == "# yaml-language-server: $schema=../s.json\nschedule: A\n---\nb: c\n"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Production", "Production"),
        ("Prod: EU", '"Prod: EU"'),
        ("on", '"on"'),
        ("No", '"No"'),
        ("null", '"null"'),
        ("", '""'),
        ("2026", '"2026"'),
        ("017", '"017"'),
        ("0x1f", '"0x1f"'),
        ("1e3", '"1e3"'),
        ("18:00", '"18:00"'),
        ("2026-12-01", '"2026-12-01"'),
        ("2026-12-01 00:00", "2026-12-01 00:00"),
        ("2026-12-01 00:00 +08:00", "2026-12-01 00:00 +08:00"),
        ("mon-fri 09:00-18:00", "mon-fri 09:00-18:00"),
        ("09:00-18:00", "09:00-18:00"),
        ("#ops", '"#ops"'),
        ("a #b", '"a #b"'),
        ("@bob", '"@bob"'),
        ("bob@example.com", "bob@example.com"),
        ("[x]", '"[x]"'),
        ("值班", "值班"),
        (" padded ", '" padded "'),
        ("zero\u200bwidth", '"zero\\u200bwidth"'),
        ("line\u2028end", '"line\\u2028end"'),
        ('"quoted"', '"\\"quoted\\""'),
    ],
)
def test_quotes_are_written_where_a_reader_might_be_misled(text: str, written: str) -> None:
    assert write_scalar(text) == written
    assert yaml.safe_load(f"[{written}]") == [text]


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff"), max_size=30
) | st.sampled_from(["on", "~", "a: b", "- c", "'", "x\ny", "x\n", "\n", "12:30", "&a", "*a", "!t"])
keys = st.sampled_from(["schedule", "layers", "groups", "members", "a", "on", "1"])
trees: st.SearchStrategy[Tree] = st.recursive(
    texts,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(keys, inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


@trying(60)
@given(tree=st.dictionaries(keys, trees, min_size=1, max_size=4))
def test_any_document_reads_back_as_it_was_meant(tree: dict[str, Tree]) -> None:
    assert compose_file([NewDocument(tree)])  # it reads its text back before it gives it out


def test_every_word_for_nothing_is_quoted() -> None:
    assert {write_scalar(word)[:1] for word in NULLS} == {'"'}


# Keys that are added to flashsync.yaml: comments and layout stay, and nothing else changes.

PEOPLE: dict[str, Tree] = {"people": {"bob": "bob@example.com"}}
CASES: dict[str, tuple[str, dict[str, Tree], str]] = {
    "a person below the others": (
        "people:  # us\n  alice: a@x.cn  # lead\n\n# limits\nsafety: {max_deletes: 1}\n",
        PEOPLE,
        (
            "people:  # us\n  alice: a@x.cn  # lead\n  bob: bob@example.com\n\n"
            "# limits\nsafety: {max_deletes: 1}\n"
        ),
    ),
    "a person in braces": (
        "people: {alice: a@x.cn}\n",
        PEOPLE,
        "people: {alice: a@x.cn, bob: bob@example.com}\n",
    ),
    "the first person in braces": ("people: {}\n", PEOPLE, "people: {bob: bob@example.com}\n"),
    "people where there are none": (
        "version: 1\n# the end",
        PEOPLE,
        "version: 1\npeople:\n  bob: bob@example.com\n# the end",
    ),
    "a text without an end": ("version: 1", {"account": "A"}, "version: 1\naccount: A"),
    "the account below the version": (
        "# ours\nversion: 1  # of the format\npeople: {a: b}\n",
        {"account": "Acme: Corp", "timezone": "Asia/Shanghai"},
        (
            "# ours\nversion: 1  # of the format\n"
            'account: "Acme: Corp"\ntimezone: Asia/Shanghai\npeople: {a: b}\n'
        ),
    ),
    "the account at the top": (
        "# ours\npeople: {a: b}\n",
        {"account": "123"},
        '# ours\naccount: "123"\npeople: {a: b}\n',
    ),
    "JSON": (
        '{"version": 1, "people": {"a": "b"}}',
        {"account": "A", **PEOPLE},
        '{"version": 1, account: A, "people": {"a": "b", bob: bob@example.com}}',
    ),
    "CRLF": ("version: 1\r\na: b\r\n", {"account": "A"}, "version: 1\r\naccount: A\r\na: b\r\n"),
    "an anchor": (
        "x-us: &us\n  a: b\npeople: *us\n",
        PEOPLE,
        "x-us: &us\n  a: b\n  bob: bob@example.com\npeople: *us\n",
    ),
    "a byte order mark": (
        "\ufeffversion: 1\n",
        {"account": "A"},
        "\ufeffversion: 1\naccount: A\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_keys_are_added(name: str) -> None:
    before, wanted, after = CASES[name]
    assert add_keys(before, SOURCE, wanted).after == after


@pytest.mark.parametrize(
    "text",
    [
        "people: &a {x: y}\naccept: *a\n",
        "people: alice\n",
        "- version\n",
    ],
    ids=["an anchor that something else uses", "not a mapping", "a list"],
)
def test_what_cannot_be_added_safely_is_left_to_the_user(text: str) -> None:
    with pytest.raises(FilesError) as caught:
        add_keys(text, SOURCE, PEOPLE)
    assert str(caught.value) == (
        "f.yaml:1:1: cannot complete this file without changing its layout; "
        "add to it by hand: people: {bob: bob@example.com}"
    )
