"""Whether two names mean one person, however each is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flashsync.declared.people import PersonName
from flashsync.resolve.names import Doubt, Names


class Same:
    """Asks several sources: what one of them takes for one person is one person."""

    def __init__(self, sources: Sequence[Names]) -> None:
        self._sources = sources

    def test(self, name: PersonName) -> Callable[[PersonName], bool]:
        """Whether another name means the same person as this."""
        known = [(source, _id(source, name)) for source in self._sources]
        return lambda other: any(
            id is not None and _id(source, other) == id for source, id in known
        )


def _id(source: Names, name: PersonName) -> int | None:
    """The id of a person; None for a name that means nobody, or more than one."""
    try:
        return source.person(name)
    except Doubt:
        return None
