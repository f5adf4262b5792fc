"""Reports: results of a run in files, each in a format, saved whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote

from flashsync.cli.process import environment
from flashsync.cli.views import Style, render
from flashsync.errors import ConfigError, Problem
from flashsync.model.mask import hide
from flashsync.render.terminal import Screen

VIEWS = ("text", "json", "markdown", "github")
"""The formats of most results; the first is the default."""
PLAN_VIEWS = (*VIEWS, "html")
"""The formats of plans and drift, which have a page."""
COMMENT = 65_000
"""Bytes for a comment on GitHub, which takes 65,536 characters, with room for a marker."""
SMALLEST = 1_000
"""Bytes that are enough for any verdict and a note on what was cut."""
HIDDEN_ALREADY = ("json", "html")
"""Formats with secrets hidden in their texts: elsewhere, `true` or `div` may be a secret."""
_SCREEN = Screen(100)
_SUMMARY = 1_000_000
"""Bytes of the summary of a step; GitHub takes 1 MiB."""


def find_duplicate(paths: Sequence[Path]) -> Path | None:
    """A file that would be written twice."""
    whole = [path.resolve() for path in paths]
    pairs = zip(paths, whole, strict=True)
    return next((path for path, real in pairs if whole.count(real) > 1), None)


def is_web_address(value: str) -> bool:
    """Whether a text can precede a path in a link."""
    return re.fullmatch(r"https?://[^\s()<>\"'`\\|\[\]?#]+", value) is not None


def commit_address(environment: Mapping[str, str], folder: Path) -> str:
    """The address of a folder in the commit that GitHub or GitLab has checked out, or none."""
    github = (environment.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "SHA"))
    server, repository, commit = github
    if repository:
        root, base = environment.get("GITHUB_WORKSPACE"), f"{server}/{repository}/blob/{commit}"
    else:
        root, commit = environment.get("CI_PROJECT_DIR"), environment.get("CI_COMMIT_SHA", "")
        base = f"{environment.get('CI_PROJECT_URL', '')}/-/blob/{commit}"
    if not (commit and root and is_web_address(base) and folder.is_relative_to(root)):
        return ""
    return "/".join([base, *map(quote, folder.relative_to(root).parts)])


@dataclass(frozen=True, slots=True)
class Report:
    """A format and the file for it."""

    format: str
    path: Path

    @classmethod
    def of(cls, value: str, views: Sequence[str] = PLAN_VIEWS) -> Report:
        """Parse `markdown=plan.md`. Raises ValueError if it is wrong or cannot be written."""
        format_, _, name = value.partition("=")
        if format_ not in views or not name:
            formats = ", ".join(views)
            raise ValueError(f"expected FORMAT=FILE with one of {formats}, got {value}")
        path = Path(name).absolute()
        if (path.exists() and not path.is_file()) or not path.parent.is_dir():
            raise ValueError(f"cannot write {name}; use a file in a folder that exists")
        return cls(format_, path)


@dataclass(frozen=True, slots=True)
class Reports:
    """The files of a run, and how Markdown is made.

    With `on_github`, the Markdown goes to the summary of the step, too, where it has one.
    """

    files: tuple[Report, ...] = ()
    link_base: str = ""
    most: int = COMMENT
    on_github: bool = False

    @classmethod
    def find(cls, arguments: Sequence[str]) -> Reports:
        """The reports of a command line, without parsing it, since that may have failed."""
        files = []
        for value in find_values(arguments, "--report"):
            with suppress(ValueError):
                files.append(Report.of(value))
        bases = [one for one in find_values(arguments, "--link-base") if is_web_address(one)]
        sizes = [int(one) for one in find_values(arguments, "--max-bytes") if one.isdecimal()]
        most = max(sizes[-1], SMALLEST) if sizes else COMMENT
        on_github = "github" in find_values(arguments, "--format")
        return cls(tuple(files), bases[-1] if bases else "", most, on_github)

    def render(
        self,
        result: object,
        format_: str,
        screen: Screen,
        *,
        verbose: bool = False,
        summary: bool = False,
    ) -> str:
        """A result of `cli/views.py` in a format, linked and limited as these reports are.

        Without a base, a page links to the commit that a CI system has checked out.
        """
        base = self.link_base
        if format_ == "html" and not base:
            base = commit_address(environment(), Path.cwd())
        return render(result, format_, Style(screen, verbose, base, self.most, summary))

    def save(self, result: object) -> None:
        """Write each file, whole or not at all. Raises ConfigError with all problems."""
        writes: list[Callable[[object], None]] = [
            partial(self._write, report) for report in self.files
        ]
        if self.on_github and (path := environment().get("GITHUB_STEP_SUMMARY")):
            writes.append(partial(self._summarise, Path(path)))
        problems: list[Problem] = []
        for write in writes:
            try:
                write(result)
            except ConfigError as error:
                problems += error.problems
        if problems:
            raise ConfigError(problems)

    def _write(self, report: Report, result: object) -> None:
        text = self.render(result, report.format, _SCREEN)
        save_text(report.path, text if report.format in HIDDEN_ALREADY else hide(text))

    def _summarise(self, path: Path, result: object) -> None:
        try:
            most = _SUMMARY - (path.stat().st_size if path.exists() else 0)
            if most >= SMALLEST:
                text = replace(self, most=most).render(result, "markdown", _SCREEN)
                with path.open("a", encoding="utf-8") as file:
                    file.write(hide(text) + "\n")
        except OSError as error:
            message = f"cannot write the summary of the step, {path} ({error.strerror})"
            raise ConfigError(message, "fix the cause or unset GITHUB_STEP_SUMMARY") from None


def find_values(arguments: Sequence[str], option: str) -> Iterator[str]:
    """The values of an option on a command line: after it, or after its equals sign."""
    for place, argument in enumerate(arguments):
        if argument.startswith(f"{option}="):
            yield argument.partition("=")[2]
        elif argument == option and place + 1 < len(arguments):
            yield arguments[place + 1]


# Files that are written whole or not at all.


def save_text(path: Path, text: str) -> None:
    """Write a temporary file and move it to the path; only its owner can read it.

    Raises ConfigError if it cannot be written; then an existing file stays.
    """
    temporary: Path | None = None
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise ConfigError(f"{path} is not a regular file", "give another path")
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
        message = f"cannot write {path} ({error.strerror})"
        raise ConfigError(message, "give another path") from None
