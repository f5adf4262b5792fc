"""Any document at all: a model, or findings that point at something that is written there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flashsync.declared.parse import _CONFIG_KEYS, _SCHEDULE_KEYS, read_config, read_schedule
from flashsync.declared.problems import Finding, Findings
from flashsync.model.check_registry import CHECKS
from tests.declared.helpers import document, layer, steady

KEYS = (
    *_SCHEDULE_KEYS[""],
    *_CONFIG_KEYS[""],
    *(key for keys in (*_SCHEDULE_KEYS.values(), *_CONFIG_KEYS.values()) for key in keys),
    *("env", "file", "email", "name", "[key]", "x"),
)

texts = st.sampled_from(
    [
        "",
        "x",
        "alice",
        "1 week",
        "mon 10:00",
        "2026-01-05 10:00",
        "true",
        "off",
        "5",
        "slack",
        "mon",
    ]
)
trees: st.SearchStrategy[Any] = st.recursive(
    texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYS, *list(CHECKS)[:2]]), inner, max_size=5)
    ),
    max_leaves=12,
)
layers = st.builds(lambda extra: layer(**extra), st.dictionaries(st.sampled_from(KEYS), trees))


def is_written(tree: Any, path: tuple[str | int, ...]) -> bool:
    for step in path:
        try:
            tree = tree[step]
        except (LookupError, TypeError):
            return False
    return True


def findings(read: Callable[[Any], object], tree: Any) -> tuple[Finding, ...]:
    try:
        read(tree)
    except Findings as found:
        return found.findings
    return ()


def check(read: Callable[[Any], object], tree: Any) -> None:
    """Whatever the tree: no other exception, one line each, and a place that is there."""
    for one in findings(read, tree):
        assert is_written(tree, one.path)
        assert "\n" not in one.message + one.remedy


@steady
@given(st.dictionaries(st.sampled_from(KEYS), trees), st.lists(layers, min_size=1, max_size=2))
def test_any_schedule_gives_a_model_or_findings(extra: dict[str, Any], given: list[Any]) -> None:
    check(read_schedule, document(**{"layers": given, **extra}))
    check(read_schedule, extra)


@steady
@given(st.dictionaries(st.sampled_from(KEYS), trees))
def test_any_configuration_gives_a_model_or_findings(tree: dict[str, Any]) -> None:
    check(read_config, tree)


@steady
@given(trees)
def test_any_tree_gives_a_model_or_findings(tree: Any) -> None:
    check(read_schedule, tree)
    check(read_config, tree)
