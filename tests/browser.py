"""A real browser for tests of the page: where Chromium is found, and pages that complain of nothing and ask for nothing."""

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PATIENCE = 600_000  # ms; a busy machine is no fault of the page
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of the Chromium that tests use: $INITBENCH_CHROMIUM, else the machine's own; Playwright downloads none."""
    return os.environ.get("INITBENCH_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def running_browser():
    """Chromium, started without a window by Playwright; tests are skipped where there is none."""
    path = chromium()
    if path is None:
        pytest.skip(f"no Chromium on this machine ({', '.join(NAMES)}, or its path in INITBENCH_CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # root may not use the sandbox; /dev/shm is small in containers
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@dataclass
class Watched:
    """What a page did that a report never does: words on the console, errors, requests beside its own file."""

    problems: list[str] = field(default_factory=list)

    def watch(self, page, own: str) -> None:
        """Note from now on what the page does; `own`: its address."""
        page.on("console", lambda message: self.problems.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request.url, own))

    def _request(self, url: str, own: str) -> None:
        if url.partition("#")[0] != own and not url.startswith(("data:", "blob:")):
            self.problems.append(f"request: {url}")


@contextmanager
def opened_pages(browser):
    """Yield `open_page(path, fragment="", width=1440, height=900, **settings of the context)` → Playwright's page.

    At the end every opened page must have been silent: nothing on the console, no error, no request but its file.
    """
    contexts, watched = [], Watched()

    def open_page(path: Path, fragment: str = "", width: int = 1440, height: int = 900, **settings):
        context = browser.new_context(viewport={"width": width, "height": height}, **({"locale": "en-GB"} | settings))
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        own = Path(path).resolve().as_uri()
        watched.watch(page, own)
        page.goto(own + fragment)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert watched.problems == []
