"""Rows in columns that are as wide as they have to be, on a screen that may be too narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from flashsync.render.layout import cells, wrapped
from flashsync.render.screen import Look, Screen

GAP = 2

Cell = tuple[str, Look]


def widths(rows: Sequence[Sequence[Cell]], screen: Screen) -> list[int]:
    """How wide each column has to be for all of its texts to stay on one line."""
    columns = zip_longest(*rows, fillvalue=("", Look.PLAIN))
    return [max(cells(screen.safe(text)) for text, _ in column) for column in columns]


def total(sizes: Sequence[int]) -> int:
    """All columns with what stands between them."""
    return sum(sizes) + GAP * (len(sizes) - 1)


def lines(row: Sequence[Cell], sizes: Sequence[int], screen: Screen) -> Iterator[str]:
    """A row; texts that are wider than their column take several lines."""
    texts = [
        [(line, look) for line in wrapped(screen.safe(text), max(size, 1))]
        for (text, look), size in zip(row, sizes, strict=False)
    ]
    for parts in zip_longest(*texts, fillvalue=("", Look.PLAIN)):
        line = "".join(
            screen.paint(text, look) + " " * (size - cells(text) + GAP)
            for (text, look), size in zip(parts, sizes, strict=False)
        )
        yield line.rstrip()
