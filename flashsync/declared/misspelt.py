"""Documents with misspelt keys: read as they are meant, so that further errors are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flashsync.declared.problems import FOREIGN, Finding, Path, intended_key, nearest

_SAME_FORM = frozenset(
    ("end", "from", "groups", "group_name", "layer_name", "name", "schedule_name", "start", "to")
)
"""Words of other parts and of the API with values of the same form as the keys that they mean."""

_NEAR = 0.75
"""How alike a misspelt key has to be: `colour` is not `rollout`."""


@dataclass(frozen=True, slots=True)
class CorrectedTree:
    """A tree with misspelt keys corrected: `written` has the written key by the corrected path."""

    tree: object
    findings: tuple[Finding, ...]
    written: Mapping[Path, str]

    def as_written(self, finding: Finding) -> Finding:
        """A finding of the corrected tree at its place in the file."""
        path = tuple(
            self.written.get(finding.path[: depth + 1], step)
            for depth, step in enumerate(finding.path)
        )
        return replace(finding, path=path)


def correct_keys(
    tree: object, findings: Sequence[Finding], keys: Mapping[str, tuple[str, ...]]
) -> CorrectedTree | None:
    """Correct the unknown keys that look like a known key which is missing; None without any.

    `keys` gives the known keys of each part, by its key. Only the outermost keys are corrected.
    """
    written: dict[Path, str] = {}
    unknown: list[Finding] = []
    for finding in findings:
        intended = _find_intended(tree, finding, keys)
        path = (*finding.path[:-1], intended or "")
        if intended and path not in written:
            written[path] = str(finding.path[-1])
            unknown.append(finding)
    if not written:
        return None
    for path, key in written.items():
        tree = _rename(tree, path[:-1], key, str(path[-1]))
    return CorrectedTree(tree, tuple(unknown), written)


def _find_intended(
    tree: object, finding: Finding, keys: Mapping[str, tuple[str, ...]]
) -> str | None:
    """The key that an unknown key stands for, if its mapping lacks it."""
    if not (finding.at_key and finding.path and isinstance(finding.path[-1], str)):
        return None
    key, mapping = finding.path[-1], _value_at(tree, finding.path[:-1])
    part = next((str(step) for step in reversed(finding.path[:-1]) if step in keys), "")
    if not isinstance(mapping, dict) or key not in mapping or key in keys[part]:
        return None
    near = key in _SAME_FORM or nearest(key, keys[part], _NEAR) is not None
    intended = intended_key(key, keys[part])
    foreign = key in FOREIGN and key not in _SAME_FORM
    return intended if near and not foreign and intended not in mapping else None


def _value_at(tree: object, path: Path) -> object:
    value: Any = tree
    for step in path:
        value = value[step]
    return value


def _rename(tree: Any, path: Path, old: str, new: str) -> object:
    """The tree with another key in the mapping at a path; all other parts are shared."""
    if not path:
        return {new if key == old else key: value for key, value in tree.items()}
    step, *rest = path
    changed = _rename(tree[step], tuple(rest), old, new)
    if isinstance(tree, list):
        return [*tree[: int(step)], changed, *tree[int(step) + 1 :]]
    return {**tree, step: changed}


def without_wrong(tree: object, findings: Iterable[Finding]) -> object:
    """The tree without the outermost entries with errors: keys, and entries of keys."""
    if not isinstance(tree, dict):
        return {}
    left = dict(tree)
    for finding in findings:
        key, *inner = finding.path or ("",)
        value = left.get(str(key))
        if isinstance(value, dict) and inner and inner[0] in value:
            left[str(key)] = {name: part for name, part in value.items() if name != inner[0]}
        else:
            left.pop(str(key), None)
    return left
