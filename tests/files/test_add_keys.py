"""Keys that are added to flashsync.yaml: comments and layout stay, and nothing else changes."""

from __future__ import annotations

import pytest

from flashsync.errors import FilesError
from flashsync.files.add_keys import add_keys
from flashsync.files.document import Tree
from tests.files.helpers import SOURCE

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
