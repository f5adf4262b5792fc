"""Where two views differ: the paths, in the order in which a file is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deepdiff.model import DiffLevel

Path = tuple[str, ...]


def paths(before: Any, after: Any) -> list[Path]:
    """The paths at which two nested mappings differ; a list that differs is one place.

    DeepDiff takes milliseconds and a slow import, so it is asked only about what differs.
    """
    if before == after:
        return []
    from deepdiff import DeepDiff

    tree = DeepDiff(
        before, after, view="tree", threshold_to_diff_deeper=0, ignore_private_variables=False
    )
    found = {_path(level) for kind in tree.values() for level in kind}
    order = {path: place for place, path in enumerate(_all_paths(before, after))}
    return sorted(found, key=lambda path: [order[path[: n + 1]] for n in range(len(path))])


def _path(level: DiffLevel) -> Path:
    """The path to a difference; what differs inside a list is a difference of the list."""
    return tuple(step for step in level.path(output_format="list") if isinstance(step, str))


def _all_paths(before: Any, after: Any, path: Path = ()) -> Iterable[Path]:
    """All paths of both, in order."""
    one, other = (side if isinstance(side, dict) else {} for side in (before, after))
    for key in _merged(list(one), list(other)):
        yield (*path, key)
        yield from _all_paths(one.get(key), other.get(key), (*path, key))


def _merged(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The keys of both: those after the change, and each that goes behind its former neighbour."""
    keys = list(after)
    place = 0
    for key in before:
        if key in after:
            place = keys.index(key) + 1
        else:
            keys.insert(place, key)
            place += 1
    return keys


def at(view: Any, path: Path) -> Any:
    """What stands at a path, or None."""
    for step in path:
        view = view.get(step) if isinstance(view, dict) else None
    return view
