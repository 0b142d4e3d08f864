"""How large a page is and how soon it can be read: python benchmarks/opening.py PAGE [--times 5]

Bytes in all and by kind; elements once it is loaded; milliseconds from the request to the first paint, to the load event and to the built
explorer, in Chromium without a window, the median of several openings. Information, no test: a busy machine takes longer.
"""

import argparse
import os
import re
import shutil
import statistics
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("INITBENCH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
KINDS = {
    "pictures": r"<svg\b.*?</svg>",
    "scripts and data": r"<script\b.*?</script>",
    "styles and fonts": r"<style\b.*?</style>",
}
TIMES = """() => { const [load] = performance.getEntriesByType('navigation');
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return {'first paint': paint?.startTime ?? NaN, 'load event': load.loadEventEnd} }"""


def sizes(text: str) -> dict[str, int]:
    """Bytes by kind; what is left is text and tables."""
    found = {"all": len(text.encode())}
    for kind, pattern in KINDS.items():
        found[kind] = sum(len(part.encode()) for part in re.findall(pattern, text, re.DOTALL))
        text = re.sub(pattern, "", text, flags=re.DOTALL)
    return found | {"text and tables": len(text.encode())}


def opened(browser: Browser, page_file: Path) -> dict[str, float]:
    """Milliseconds and elements of one opening; the explorer is scrolled to, as it is built when it comes into view."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(page_file.resolve().as_uri())
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
    found = page.evaluate(TIMES) | {"elements": page.evaluate("document.querySelectorAll('*').length")}
    if page.locator("[data-explorer]").count():
        before = page.evaluate("performance.now()")
        page.locator("[data-explorer]").scroll_into_view_if_needed()
        page.wait_for_function("document.documentElement.dataset.explorerState === 'built'")
        found["explorer, after it comes into view"] = page.evaluate("performance.now()") - before
    page.close()
    return found


def main() -> None:
    """Print the sizes and the median times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    for kind, size in sizes(given.page.read_text(encoding="utf-8")).items():
        print(f"{kind:36} {size / 1000:8.0f} kB")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        every = [opened(browser, given.page) for _ in range(given.times)]
        browser.close()
    for name in every[0]:
        print(f"{name:36} {statistics.median(each[name] for each in every):8.0f}{'' if name == 'elements' else ' ms'}")


if __name__ == "__main__":
    main()
