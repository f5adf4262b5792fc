"""What the file format takes from YAML, and how much of it: the same for every reader here."""

from __future__ import annotations

MAX_BYTES = 10_000_000
"""About 6,000 schedules; more in one file is a mistake or an attack."""

MAX_DEPTH = 50
"""Levels of mappings and lists. A schedule needs five."""

MAX_ALIASED = 100_000
"""Values that all aliases of a file may stand for, so that a few lines cannot become millions."""

MAX_THOROUGH = 250_000
"""Characters that the slow parser is asked about when the fast one refuses: about one second."""

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""What means "no value" when it is written without quotes. All else is text."""

MERGE_KEY = "<<"

LINE_KEY = "schedule"
"""The top-level key whose line is shown as the document's."""

IGNORED_PREFIX = "x-"
"""Top-level keys that begin so are the user's own, and the place for anchors."""

BYTE_ORDER_MARK = "\ufeff"
"""Read over at the beginning of a file, and nowhere else: nobody sees it."""
