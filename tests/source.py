"""The package's own source: for tests that hold rules about all of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "flashsync"


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    path: Path

    @cached_property
    def text(self) -> str:
        """Its source."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its source, parsed by whoever asks first: every worker collects every test."""
        return ast.parse(self.text, str(self.path))

    @property
    def shown_as(self) -> str:
        """Its path in the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def name(self) -> str:
        """Its dotted name; a package's own file has the package's."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        """The part of the package that it is in; "" for `__init__` and `__main__`."""
        top = self.path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        return "" if top.startswith("__") else top

    def imports(self) -> Iterator[str]:
        """Every module that it imports, wherever in the file and for whatever reason."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.shown_as}:{node.lineno}: write imports in full"
                assert node.module is not None
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = [Module(path) for path in sorted(PACKAGE.rglob("*.py"))]
"""All files of the package, in order."""
