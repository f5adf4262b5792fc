"""Random YAML texts of a tree, with comments and any layout."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import strategies as st


@st.composite
def texts(draw: st.DrawFn, tree: Any, indent: str = "") -> str:
    """A text that means the tree, with comments and any layout."""
    lines: list[str] = []
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in entries:
        head = f"{indent}{key}:" if isinstance(tree, dict) else f"{indent}-"
        if draw(st.integers(0, 3)) == 0:
            lines.append(f"{indent}# above {draw(st.integers(0, 99))}\n")
        note = f"  # at {draw(st.integers(0, 99))}" if draw(st.booleans()) else ""
        if isinstance(value, str) or not value or draw(st.integers(0, 2)) == 0:
            lines.append(f"{head} {flow(draw, value, indent)}{note}\n")
        else:
            lines.append(f"{head}{note}\n{draw(texts(value, indent + '  '))}")
            if draw(st.integers(0, 3)) == 0:
                lines.append(f"{indent}  # below {draw(st.integers(0, 99))}\n")
        if draw(st.integers(0, 5)) == 0:
            lines.append("\n")
    return "".join(lines)


def flow(draw: st.DrawFn, value: Any, indent: str) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    lined = draw(st.integers(0, 3)) == 0
    glue = f"\n{indent}    " if lined else ""
    parts = [
        flow(draw, part, indent + "    ")
        if isinstance(value, list)
        else f"{part}: {flow(draw, value[part], indent + '    ')}"
        for part in value
    ]
    notes = [
        f"  # in {draw(st.integers(0, 99))}" if lined and draw(st.booleans()) else "" for _ in parts
    ]
    inner = "".join(f"{glue}{part},{note} " for part, note in zip(parts, notes, strict=True))
    opening, closing = "[]" if isinstance(value, list) else "{}"
    return f"{opening}{inner}{glue}{closing}"


def comments(text: str) -> list[str]:
    return sorted(re.findall(r"# (?:above|at|below|in) [0-9]+", text))
