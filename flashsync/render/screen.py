"""How an output may look: its width, and whether it has colours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from flashsync.render.words import clean

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

NARROWEST = 40
INDENT = 6
"""Columns before what is said about a schedule."""

_BLANKS_AT_END = re.compile(r"[ \t]+((?:\x1b\[[0-9;]*m)*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Screen:
    """`width` in columns of a terminal (a wide character takes two)."""

    width: int = 100
    color: bool = False

    def text(self, parts: Iterable[RenderableType]) -> str:
        """The parts one below the other, as text that ends with a line end."""
        from rich.console import Console

        out = StringIO()
        console = Console(
            file=out,
            width=max(self.width, NARROWEST),
            force_terminal=self.color,
            color_system="standard" if self.color else None,
            no_color=not self.color,
            highlight=False,
            emoji=False,
            markup=False,
            legacy_windows=False,
            _environ={},
        )
        for part in parts:
            console.print(part)
        return _BLANKS_AT_END.sub(r"\1", out.getvalue())


def line(text: str, style: str = "") -> Text:
    """One paragraph; long ones are folded at blanks."""
    from rich.text import Text

    return Text(clean(text), style=style, overflow="fold")


def header(left: str, style: str, right: str) -> Table:
    """A name at the left and where it stands at the right edge."""
    from rich.table import Table

    table = Table.grid(expand=True, padding=(0, 2, 0, 0))
    table.add_column(overflow="fold", ratio=1)
    table.add_column(justify="right", overflow="fold", style="bright_black")
    table.add_row(line(left, style), line(right))
    return table


def rows(pairs: Iterable[tuple[str, str, str]]) -> Table:
    """Label and text in two columns, indented; the third of a row is the style of its text."""
    from rich.padding import Padding
    from rich.table import Table

    table = Table.grid(padding=(0, 4, 0, 0))
    table.add_column(overflow="fold", max_width=44)
    table.add_column(overflow="fold")
    for label, text, style in pairs:
        table.add_row(line(label), line(text, style))
    outer = Table.grid()
    outer.add_column()
    outer.add_row(Padding(table, (0, 0, 0, INDENT)))
    return outer
