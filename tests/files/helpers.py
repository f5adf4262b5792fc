"""What the tests of this room share."""

from __future__ import annotations

from pathlib import Path

import pytest

from flashsync.errors import FilesError
from flashsync.files import LoadedFile, Source, Tree, load_file, load_text

SOURCE = Source("f.yaml", "f.yaml", 0, 0)


def trees(text: str) -> list[Tree]:
    """The trees of a text's documents."""
    return [document.tree for document in load_text(text, SOURCE)]


def problems(text: str) -> list[str]:
    """The problems of a text, each as `line:column: message; remedy`."""
    with pytest.raises(FilesError) as caught:
        load_text(text, SOURCE)
    return [str(problem).removeprefix("f.yaml:") for problem in caught.value.problems]


def written(directory: Path, text: str | bytes, name: str = "f.yaml") -> Path:
    """The path of a new file with this content, to the byte."""
    path = directory / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def loaded(directory: Path, text: str | bytes) -> LoadedFile:
    """A new file with this content, loaded."""
    return load_file(str(written(directory, text)), "f.yaml")
