"""A Chromium of this machine, and visits to pages in it, from which nothing may leave."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request
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
async standards => (await axe.run(
  {runOnly: standards, resultTypes: ["violations"], preload: false})).violations.map(
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
    """A page, and what was wrong with it: `complaints`.

    Every request but that for the page is a complaint, unless it goes to `server`, the address from
    which the page came.
    """

    page: Page
    server: str | None = None
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        for event, listener in self._listeners():
            self.page.on(event, listener)

    def _listeners(self) -> tuple[tuple[Any, Any], ...]:
        return (
            ("console", self._hear),
            ("pageerror", self._note_error),
            ("request", self._note_if_foreign),
        )

    def leave(self) -> None:
        """Leave the page to the next visit."""
        self.page.goto("about:blank")
        for event, listener in self._listeners():
            self.page.remove_listener(event, listener)

    def _note_error(self, error: Error) -> None:
        self.complaints.append(f"script: {error}")

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
    """Opens pages: one after the other in `desk`, which costs least, or in contexts of their own.

    A page that is served, that needs a clock, or that a test opens next to another has its own.
    """

    browser: Browser
    desk: Page
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
        server = "/".join(address.split("/")[:3]) if isinstance(address, str) else None
        if server or timers or context or self.visits:
            opened = open_context(self.browser, offline=not server, **context)
            self.contexts.append(opened)
            page = opened.new_page()
        else:
            page = self.desk
        visit = Visit(page, server)
        self.visits.append(visit)
        if timers:
            page.clock.install()
        arrange(page, width, height, theme)
        page.goto(address if isinstance(address, str) else address.as_uri())
        return visit

    def close(self) -> None:
        """Close all pages but the desk, and clear that."""
        for visit in self.visits:
            if visit.page is self.desk:
                visit.leave()
        for context in self.contexts:
            context.close()


def open_context(browser: Browser, *, offline: bool = True, **options: Any) -> BrowserContext:
    """A context far from the zones of the tests; whatever shows times in its own zone is found."""
    return browser.new_context(
        offline=offline, locale="en-GB", timezone_id="Asia/Kathmandu", **options
    )


def arrange(page: Page, width: int, height: int, theme: Theme) -> None:
    """A window of this size and theme, on a screen, with the mouse in its corner."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(media="screen", color_scheme=theme, reduced_motion="reduce")
    page.mouse.move(0, 0)
