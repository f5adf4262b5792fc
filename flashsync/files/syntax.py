"""What the YAML parsers complain of, in words that help."""

from __future__ import annotations

from flashsync.errors import Position, Problem
from flashsync.files.parser import SyntaxFault


def explain(fault: SyntaxFault, text: str, shown_as: str) -> Problem:
    """One plain sentence for a parser's refusal."""
    return Problem(
        f"this is not YAML: {fault.problem}",
        "look at this line and the one before",
        Position(shown_as, *fault.at),
    )
