"""YAML on disk: finding, loading with positions, and editing in place."""

from flashsync.files.discover import (
    CONFIG_NAME,
    DEFAULT_GLOBS,
    FoundFile,
    find_by_globs,
    find_by_paths,
    find_config,
    show_path,
)
from flashsync.files.document import Document, LoadedFile, Origin, Source, Tree, TreePath
from flashsync.files.load import BrokenFileError, Locator, load_file, load_text

__all__ = [
    "CONFIG_NAME",
    "DEFAULT_GLOBS",
    "BrokenFileError",
    "Document",
    "FoundFile",
    "LoadedFile",
    "Locator",
    "Origin",
    "Source",
    "Tree",
    "TreePath",
    "find_by_globs",
    "find_by_paths",
    "find_config",
    "load_file",
    "load_text",
    "show_path",
]
