"""YAML on disk: find it, load it with positions. The YAML libraries are used in this room only."""

from flashsync.files.find import (
    DEFAULT_GLOBS,
    find_by_globs,
    find_by_paths,
    find_config,
    show_path,
)
from flashsync.files.load import load_file, load_text
from flashsync.files.positions import Locator
from flashsync.files.search import CONFIG_NAME, FoundFile
from flashsync.files.tree import Document, LoadedFile, Origin, Source, Tree, TreePath

__all__ = [
    "CONFIG_NAME",
    "DEFAULT_GLOBS",
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
