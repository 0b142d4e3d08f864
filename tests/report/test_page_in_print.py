"""The page on paper: every part opened, headings with their figures, no column of a table lost."""

import functools
import re
import unicodedata
from dataclasses import dataclass
from io import BytesIO

import pytest
from browser import opened_pages
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning:pypdf")]
LANGUAGES = ("en", "zh")
SEEN = "filter(e => e.getClientRects().length)"
ASKED = (  # headings; figures that have a heading and a caption; the last words of what is folded
    f"[...document.querySelectorAll('main h2, main h3')].{SEEN}.map(h => h.innerText)",
    f"""[...document.querySelectorAll('main figure')].{SEEN}
        .map(f => ['h2, h3, h4', 'figcaption'].map(part => [...f.querySelectorAll(part)].{SEEN}[0]?.innerText))
        .filter(f => f[0] && f[1])""",
    f"""[...document.querySelectorAll('main details')].{SEEN}
        .map(d => [...d.querySelectorAll('p, td, li')].at(-1)?.innerText ?? '')""",
)
INCH, MILLIMETRES = 96, 25.4
PAPER = 210 - 2 * 15  # A4 within its margins, mm
# In a PDF some fonts, Noto's among them, name characters that are radicals too, and the wave dash, by their doubles; NFKC knows
# the older radicals alone.
DOUBLES = str.maketrans("⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻢⻥⻦⻨⻩⻬⻮⻰〜", "见角贝车长门青韦页风飞马鱼鸟麦黄齐齿龙~")


def squeezed(text: str) -> str:
    """The text without spaces, for lines break elsewhere on paper, and with every ligature and double as its characters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(DOUBLES)


@dataclass(frozen=True)
class Printed:
    """What the page says it has, and the squeezed text of each sheet of paper."""

    sheets: list[str]
    headings: list[str]
    figures: list[tuple[str, str]]
    folded: list[str]


@pytest.fixture(scope="module")
def printed(browser):
    """`printed(path, language)` → the page as printed; each once."""

    @functools.cache
    def make(path, language) -> Printed:
        with opened_pages(browser) as open_page:
            page = open_page(path, f"#lang={language}")
            margin = dict.fromkeys(("top", "right", "bottom", "left"), "15mm")
            sheets = PdfReader(BytesIO(page.pdf(format="A4", margin=margin))).pages
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
            return Printed(
                [squeezed(sheet.extract_text()) for sheet in sheets], *(page.evaluate(each) for each in ASKED)
            )

    return make


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_heading_is_the_last_on_its_sheet_and_figures_stand_with_theirs(page_file, printed, language):
    paper = printed(page_file, language)
    assert paper.headings
    for sheet in paper.sheets:
        assert not [heading for heading in paper.headings if sheet.endswith(squeezed(heading))]
    for heading, caption in paper.figures:
        both = [sheet for sheet in paper.sheets if squeezed(heading) in sheet and squeezed(caption)[:30] in sheet]
        assert both, heading


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_folded_on_the_screen_is_open_on_paper(page_file, printed, language):
    paper = printed(page_file, language)
    everything = "".join(paper.sheets)
    assert [text for text in paper.folded if squeezed(text)[:40] not in everything] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_table_is_wider_than_the_paper(page_file, open_page, language):
    width = round(PAPER / MILLIMETRES * INCH)
    page = open_page(page_file, f"#lang={language}", width)
    page.emulate_media(media="print")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    wide = page.evaluate("""[...document.querySelectorAll('table, figure svg, figure img, pre')]
        .filter(e => e.getClientRects().length && e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => e.outerHTML.slice(0, 300))""")
    assert wide == []
