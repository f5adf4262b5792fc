"""Listings, by page and by cursor, all of them (api.md, Transport, Paging)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flashsync.api.client import Client
from flashsync.api.codec import json_fields
from flashsync.api.codec.json_fields import Raw, WrongShape

PAGE = 100
"""Items of a page: the most that the platform gives."""

LAST_PAGE = 10_000 // PAGE
"""`p * limit` over 10,000 is refused, so nothing behind this page can be read."""

_EXACT_BELOW = 1000
"""`total` is exact below this, and this from there on."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Listing(Generic[Value]):
    """The items of a listing, and whether these are all."""

    items: tuple[Value, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Page(Generic[Value]):
    items: list[Value]
    total: int
    last: bool


def list_all(
    client: Client,
    endpoint: str,
    read: Callable[[Raw], Value],
    identity: Callable[[Value], Hashable],
    query: Mapping[str, Any] | None = None,
) -> Listing[Value]:
    """Every item, once each, in the server's order.

    An item that moves to the next page while we read comes twice, so items are compared by
    `identity`. `total` only says which pages may be read at the same time; a page that is not full
    ends the listing. Raises the Failure of the first page that fails, whatever was read.
    """

    def read_page(data: Any) -> _Page[Value]:
        raw = json_fields.whole(data)
        if "items" not in raw and "total" not in raw:  # else all that is listed would seem gone
            raise WrongShape(raw, "items", "a list", None)
        items = [read(item) for item in json_fields.listing(raw, "items", dict)]
        more = raw.get("has_next_page")
        last = more is False or (len(items) < PAGE and more is not True) or not items
        return _Page(items, json_fields.integer(raw, "total", default=0), last)

    def page(number: int) -> _Page[Value]:
        return client.fetch(endpoint, read_page, {**(query or {}), "p": number, "limit": PAGE})

    pages = [page(1)]
    promised = min(pages[0].total, _EXACT_BELOW)
    if not pages[0].last:
        pages += client.each(page, range(2, -(-promised // PAGE) + 1))
    while not any(part.last for part in pages) and len(pages) < LAST_PAGE:
        pages.append(page(len(pages) + 1))
    unique = {identity(item): item for part in reversed(pages) for item in reversed(part.items)}
    return Listing(tuple(reversed(unique.values())), any(part.last for part in pages))


def walk(
    client: Client,
    endpoint: str,
    key: str,
    read: Callable[[Raw], Value],
    query: Mapping[str, Any],
    most: int = 10_000,
) -> tuple[Value, ...]:
    """Every item of a listing by cursor, page by page, in the server's order; at most about `most`.

    The listing ends with an empty cursor, an empty page, `has_next_page: false`, or a cursor that
    was given before: a server that repeats itself must not keep us for ever.
    """

    def read_page(data: Any) -> tuple[list[Value], str]:
        raw = json_fields.whole(data)
        items = [read(item) for item in json_fields.listing(raw, key, dict)]
        if raw.get("has_next_page") is False:
            return items, ""
        return items, json_fields.text(raw, "search_after_ctx")

    items: list[Value] = []
    cursor, seen = "", {""}
    while len(items) < most:
        body = {**query, "search_after_ctx": cursor} if cursor else query
        page, cursor = client.fetch(endpoint, read_page, body)
        items += page
        if cursor in seen or not page:
            break
        seen.add(cursor)
    return tuple(items)
