"""Paging by `p` and `limit`, with the documented cap and the `total` that stops at 1,000."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from flashsync.sandbox.failures import invalid
from flashsync.sandbox.fields import Fields

T = TypeVar("T")

MAX_LIMIT: Final = 100
MAX_DEPTH: Final = 10_000
MAX_TOTAL: Final = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a listing is asked for: page `number` from 1."""

    number: int
    limit: int

    def of(self, items: Sequence[T]) -> Sequence[T]:
        """The part of the items that is on this page."""
        return items[(self.number - 1) * self.limit : self.number * self.limit]


def read_page(fields: Fields, default: int) -> Page:
    """`p` and `limit`; what they reach may not lie beyond the first 10,000 items."""
    page = Page(
        fields.integer("p", 1, low=1), fields.integer("limit", default, low=1, high=MAX_LIMIT)
    )
    if page.number * page.limit > MAX_DEPTH:
        raise invalid(f"p * limit may not exceed {MAX_DEPTH}, is {page.number * page.limit}")
    return page


def total(items: Sequence[object]) -> int:
    """Exact below 1,000, and 1,000 from there on."""
    return min(len(items), MAX_TOTAL)
