"""Declared expectations to desired ones: people and times as ids and instants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flashsync.declared import expectation as declared
from flashsync.declared.people import PersonName
from flashsync.declared.problems import Path
from flashsync.declared.scalars import Moment
from flashsync.model.desired import AtMost, Covered, Expectation, OnCall
from flashsync.model.timezone import DAY
from flashsync.resolve.times import Times, Trouble

LONGEST = 366 * DAY
"""The longest time that `always: covered` checks."""


class ExpectationResolver:
    """Resolves the expectations of one document; `person` and `role` note unknown names."""

    def __init__(
        self,
        times: Times,
        person: Callable[[PersonName, Path], int],
        role: Callable[[str, Path], int],
        trouble: Trouble,
    ) -> None:
        self._times, self._person, self._role, self._trouble = times, person, role, trouble

    def resolve(self, given: tuple[declared.Expectation, ...]) -> tuple[Expectation, ...]:
        """All expectations of the document; duplicates are errors."""
        expectations: list[Expectation] = []
        for place, entry in enumerate(given):
            expectation = self._resolve_entry(entry, place)
            if expectation in expectations:
                message = "duplicate of an expectation above"
                self._trouble.error(("expect", place), message, "remove one of them")
            expectations.append(expectation)
        return tuple(expectations)

    def _resolve_entry(self, given: declared.Expectation, place: int) -> Expectation:
        path: Path = ("expect", place)
        if given.at is not None:
            return replace(self._resolve_on_call(given, given.at, path), place=place)
        if given.at_most is not None:
            return AtMost(given.at_most.value, given.at_most.unit, place)
        return replace(self._resolve_covered(given, path), place=place)

    def _resolve_on_call(self, given: declared.Expectation, at: Moment, path: Path) -> OnCall:
        any_of = self._resolve_people(given.any_of or (), (*path, "any_of"))
        none_of = self._resolve_people(given.not_ or (), (*path, "not"))
        if any_of & none_of:
            message = "somebody is in both `any_of` and `not`"
            self._trouble.error((*path, "not"), message, "remove them from one")
        return OnCall(
            self._times.instant(at, (*path, "at")),
            self._resolve_people(given.on_call, (*path, "on_call")) if given.on_call else None,
            any_of,
            none_of,
            None if given.role is None else self._role(given.role, (*path, "role")),
        )

    def _resolve_people(self, names: tuple[PersonName, ...], path: Path) -> frozenset[int]:
        people: list[int] = []
        for place, name in enumerate(names):
            person = self._person(name, (*path, place))
            if person in people:
                message = f"`{name}` appears twice in one expectation"
                self._trouble.error((*path, place), message, "name each person once")
            people.append(person)
        return frozenset(people)

    def _resolve_covered(self, given: declared.Expectation, path: Path) -> Covered:
        role = None if given.role is None else self._role(given.role, (*path, "role"))
        if given.from_ is None or given.to is None:
            return Covered(role=role)
        begin = self._times.instant(given.from_, (*path, "from"))
        until = self._times.end(given.to, given.from_, (*path, "to"))
        if until - begin > LONGEST:
            message = "the time from `from` to `to` is longer than a year"
            self._trouble.error((*path, "to"), message, "write at most 366 days")
        return Covered(begin, until, role)
