"""The table: what was measured beside its goal, as Markdown that is read as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One goal. `measured` is None for what is not there to be measured yet."""

    what: str
    measured: float | None
    goal: float
    unit: str = "×"
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        return self.measured is not None and self.measured <= self.goal

    @property
    def verdict(self) -> str:
        """The goal met or missed, in a word."""
        if self.measured is None:
            return "later"
        return "met" if self.met else "**missed**"

    def cells(self) -> tuple[str, ...]:
        """The row's cells, left to right."""
        measured = "–" if self.measured is None else _number(self.measured, self.unit)
        goal = f"≤ {_number(self.goal, self.unit)}"
        return self.what, measured, goal, self.verdict, self.note


_HEAD = ("what", "measured", "goal", "", "how, and what holds it back")


def render(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table, its columns aligned."""
    lines = [_HEAD, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    written = [_line(cells, widths) for cells in lines]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([written[0], rule, *written[1:]]) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "| " + " | ".join(padded) + " |"


def _number(value: float, unit: str) -> str:
    if unit == "×":
        return f"{value:.3g} ×" if value >= 1 else f"{value:.3f} ×"
    return f"{value:.0f} {unit}".rstrip() if unit != "ms" else f"{value:.2f} ms"
