"""Files that are written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from flashsync.errors import ConfigError


def save_text(path: Path, text: str) -> None:
    """Write a file beside its place and move it there; readable by its owner only.

    Raises ConfigError where it cannot be written; what stood there before stays.
    """
    temporary: Path | None = None
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise ConfigError(f"{path} is no file", "give another path")
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(text)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        message = f"{path} cannot be written: {error.strerror}"
        raise ConfigError(message, "give another path") from None
