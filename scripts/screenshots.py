"""Pictures of every section of a page, at three widths, in both languages: python scripts/screenshots.py PAGE FOLDER [SECTION ...]

PAGE: a report, as results/report/index.html. FOLDER gets <section>-<language>-<width>.png, and first-… of what is seen on opening.
With --documentation in place of FOLDER, docs/pictures gets first_screen.png and first_screen.zh_CN.png, what the documentation shows of
the default study; the Chinese one needs a font with Chinese on the machine (apt install fonts-noto-cjk).
"""

import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

LANGUAGES, WIDTHS, HEIGHT, TALLEST = ("en", "zh"), (400, 1024, 1440), 900, 6000
CHROMIUM = os.environ.get("INITBENCH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def take(page: Page, folder: Path, wanted: list[str], kind: str) -> None:
    """Take the pictures of one page as it is shown; sections taller than TALLEST are cut there."""
    page.screenshot(path=folder / f"first-{kind}.png")
    page.add_style_tag(content=".bar { position: static }")  # it would lie over the sections
    for section in page.locator("main > section[id]").all():
        name = section.get_attribute("id")
        if wanted and name not in wanted:
            continue
        section.scroll_into_view_if_needed()
        explorer = section.locator("[data-explorer]")
        if explorer.count():  # it is drawn when it comes into view
            explorer.scroll_into_view_if_needed()
            page.wait_for_function("document.documentElement.dataset.explorerState === 'built'")
        box = section.evaluate(
            "e => { const b = e.getBoundingClientRect(); return [b.x, b.y + scrollY, b.width, b.height] }"
        )
        clip = dict(zip(("x", "y", "width", "height"), (*box[:3], min(box[3], TALLEST)), strict=True))
        page.screenshot(path=folder / f"{name}-{kind}.png", clip=clip, full_page=True)


DOCUMENTATION = Path(__file__).parent.parent / "docs/pictures"
NAMES = {"en": "first_screen.png", "zh": "first_screen.zh_CN.png"}
WIDTH, SCALE = 1024, 1.4  # of the documentation's pictures


def documented(report: Path) -> None:
    """Take the first screen of a report, in each language, for the documentation: from the title to the key of the picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for language, name in NAMES.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE)
            page.goto(f"{report.resolve().as_uri()}#lang={language}")
            page.add_style_tag(content=".bar { display: none }")
            end = page.locator(f"[data-hero={language}] .hero-key")
            end.wait_for(state="visible")
            bottom = end.evaluate("e => e.getBoundingClientRect().bottom + scrollY")
            clip = {"x": 0, "y": 0, "width": WIDTH, "height": bottom + 8}
            page.screenshot(path=DOCUMENTATION / name, clip=clip, full_page=True)
            taken = Image.open(DOCUMENTATION / name).convert("RGB")
            taken.quantize(256, Image.Quantize.MAXCOVERAGE).save(DOCUMENTATION / name, optimize=True)
            page.close()
        browser.close()


def main(report: Path, folder: Path, wanted: list[str]) -> None:
    """Take all pictures of a report."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for language in LANGUAGES:
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": HEIGHT})
                page.goto(f"{report.resolve().as_uri()}#lang={language}")
                take(page, folder, wanted, f"{language}-{width}")
                page.close()
        browser.close()


if __name__ == "__main__":
    if sys.argv[2:] == ["--documentation"]:
        documented(Path(sys.argv[1]))
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
