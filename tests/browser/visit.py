"""A Chromium of this machine, and visits to pages in it, from which nothing may leave."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from playwright.sync_api import sync_playwright as start_playwright

VARIABLE = "FLASHSYNC_CHROMIUM"
"""Path of the Chromium to use; it overrides what is on PATH."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = f"no Chromium found; apt install chromium, or set {VARIABLE} to the path of one"

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
PATIENCE = 10_000  # milliseconds
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
AUDIT = """
async standards => (await axe.run({runOnly: standards})).violations.map(
  rule => `${rule.id}: ${rule.help}: ${rule.nodes.map(node => node.target.join(" ")).join(", ")}`)
"""


def find_chromium(environment: Mapping[str, str]) -> str | None:
    """The path of a Chromium, or None."""
    if named := environment.get(VARIABLE):
        return named
    path = environment.get("PATH", "")
    return next((found for name in NAMES if (found := shutil.which(name, path=path))), None)


@contextmanager
def run_chromium(executable: str) -> Iterator[Browser]:
    """A browser without a window, until the block ends."""
    with start_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=[
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                # A GPU and a display profile would make pixels differ between machines.
                "--disable-gpu",
                "--force-color-profile=srgb",
                "--font-render-hinting=none",
            ],
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """A page in a context of its own, and what was wrong with it: `complaints`.

    Every request but that for the page is a complaint, unless it goes to `server`, the address from
    which the page came.
    """

    page: Page
    server: str | None = None
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", self._note_if_foreign)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _note_if_foreign(self, request: Request) -> None:
        if self.server is not None:
            is_own = request.url.startswith(f"{self.server}/")
        else:
            is_own = request.is_navigation_request() and request.url.startswith("file:")
        if not is_own:
            self.complaints.append(f"request: {request.url}")

    def audit(self) -> list[str]:
        """What axe-core finds wrong for people who use assistive technology."""
        axe = files("axe_playwright_python") / "axe.min.js"
        self.page.evaluate(axe.read_text(encoding="utf-8"))
        violations: list[str] = self.page.evaluate(AUDIT, STANDARDS)
        return violations

    def screenshot(self) -> bytes:
        """What the window shows, as a PNG."""
        return self.page.screenshot(animations="disabled", caret="hide")

    def check(self) -> None:
        """Fail if the page has reached for something outside it, or complained."""
        self.page.evaluate("0")  # what was sent before this answer has arrived
        assert self.complaints == []


@dataclass(frozen=True, slots=True)
class Visitor:
    """Opens pages, each in a context of its own."""

    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    def __call__(
        self,
        address: Path | str,
        *,
        width: int = 1280,
        height: int = 800,
        theme: Theme = "light",
        timers: bool = False,
        **context: Any,
    ) -> Visit:
        """Open a file, without a network, or the page of a server on this machine.

        With `timers`, the clock of the page can be moved on.
        """
        served = isinstance(address, str)
        size = {"width": width, "height": height}
        opened = self.browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            color_scheme=theme,
            offline=not served,
            reduced_motion="reduce",
            locale="en-GB",
            **context,
        )
        self.contexts.append(opened)
        server = "/".join(address.split("/")[:3]) if isinstance(address, str) else None
        visit = Visit(opened.new_page(), server)
        if timers:
            visit.page.clock.install()
        self.visits.append(visit)
        visit.page.goto(address if isinstance(address, str) else address.as_uri())
        return visit

    def close(self) -> None:
        """Close all pages."""
        for context in self.contexts:
            context.close()
