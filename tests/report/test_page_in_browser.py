"""The page in a real browser: silent, whole at every width, in both languages, by keyboard alone and without scripts."""

import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
LANGUAGES = {"en": "en", "zh": "zh-Hans"}
WIDTHS = (400, 768, 1024, 1440)
HIDDEN_OF = {"en": ".in-zh", "zh": ".in-en"}

# One place for what counts as visible: it has a box, and no closed <details> around it.
SEEN = "const seen = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';"


@pytest.fixture
def show(open_page):
    """`show(path, language, width=1440, all_open=True)` → the page, every <details> opened."""

    def opened(path, language="en", width=1440, all_open=True, **settings):
        page = open_page(path, f"#lang={language}", width, **settings)
        if all_open:
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        return page

    return opened


def found(page, script: str) -> list:
    """What a script that collects faults into `out` finds; `seen(element)` says whether one is visible."""
    return page.evaluate(f"() => {{ {SEEN} const out = []; {script}; return out }}")


@pytest.mark.parametrize("width", [400, 1440])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(page_file, show, language, width):
    results = Axe().run(show(page_file, language, width))
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_width_scrolls_the_page_sideways_and_none_cuts_a_table(page_file, show, language):
    page = show(page_file, language, WIDTHS[0])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        cut = """
            for (const table of document.querySelectorAll('table')) {
                const region = table.closest('[role=region]');
                const around = region ?? table.parentElement;
                const hints = region && region.tabIndex === 0 && (region.ariaLabel || region.getAttribute('aria-labelledby'))
                    && getComputedStyle(region).overflowX === 'auto' && getComputedStyle(region).backgroundImage !== 'none';
                if (seen(table) && table.scrollWidth > around.clientWidth + 1 && !hints) out.push(table.innerText.slice(0, 200))
            }"""
        assert found(page, cut) == []


def test_the_page_has_its_landmarks_and_headings_in_order(page_file, show):
    for language in LANGUAGES:
        page = show(page_file, language)
        assert page.locator("main").count() == 1
        levels = found(
            page, "for (const h of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) if (seen(h)) out.push(+h.tagName[1])"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels


def test_every_table_says_what_it_is_and_every_head_what_it_heads(page_file, show):
    page = show(page_file)
    assert page.locator("th:not([scope])").count() == 0
    unnamed = """
        for (const table of document.querySelectorAll('table'))
            if (!table.caption && !table.ariaLabel && !table.closest('[role=region][aria-label]')) out.push(table.innerText)"""
    assert found(page, unnamed) == []


def test_every_figure_has_its_heading_and_says_what_is_seen(page_file, show):
    for language in LANGUAGES:
        figures = found(show(page_file, language), """
            for (const figure of document.querySelectorAll('main figure')) if (seen(figure)) {
                const [heading, caption, picture] = ['h2, h3, h4', 'figcaption', '[role=img], img']
                    .map(part => [...figure.querySelectorAll(part)].find(seen));
                out.push([heading?.innerText, picture?.ariaLabel || picture?.alt, caption?.innerText]);
            }""")  # fmt: skip
        assert figures
        for heading, alternative, caption in figures:
            assert heading
            assert alternative
            assert alternative != caption
        assert len({alternative for _, alternative, _ in figures}) == len(figures)


def test_the_skip_link_comes_first_and_leads_to_the_content(page_file, show):
    for language in LANGUAGES:
        page = show(page_file, language)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.closest('main') !== null")
        assert page.locator("html").get_attribute("lang") == LANGUAGES[language]


def test_the_keyboard_alone_reaches_every_control_and_opens_every_part(page_file, show):
    page = show(page_file, all_open=False)
    explorer = page.locator("[data-explorer]")  # made when it comes into view
    if explorer.count():
        explorer.scroll_into_view_if_needed()
        page.wait_for_function("document.documentElement.dataset.explorerState === 'built'")
    page.evaluate("""() => {
        window.reached = new Set();
        addEventListener('focusin', event => reached.add(event.target));
    }""")
    for _ in range(1000):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => { const a = document.activeElement;
            return a === document.body ? 'end' : a.tagName === 'SUMMARY' && !a.parentElement.open ? 'closed' : 'other' }""")
        if at == "end":
            break
        if at == "closed":
            page.keyboard.press("Enter")
    missed = """
        for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]'))
            // arrow keys move between the radio buttons of a group, of which Tab reaches one
            if (seen(e) && !e.disabled && !reached.has(e) && !(e.type === 'radio' && [...reached].some(r => r.name === e.name)))
                out.push(e.outerHTML.slice(0, 200));
        for (const d of document.querySelectorAll('details')) if (seen(d) && !d.open) out.push(d.innerText)"""
    assert found(page, missed) == []


def test_every_text_says_its_language(page_file, show):
    texts = """
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            const text = walk.currentNode.textContent.trim(), e = walk.currentNode.parentElement;
            if (text && seen(e) && !e.closest('pre, code, script, style')) out.push([e.closest('[lang]').lang, text])
        }"""
    for language, tag in LANGUAGES.items():
        page = show(page_file, language)
        assert page.locator("html").get_attribute("lang") == tag
        for said, text in found(page, texts):
            if re.search(r"[\u4e00-\u9fff]", text):
                assert said == "zh-Hans", text
            elif re.search(r"([A-Za-z]{2,}[ ,;]+){6}", re.sub("“[^”]*”", "", text)):  # sources are quoted as they are
                assert said == "en", text
        assert page.locator(f"main {HIDDEN_OF[language]}:visible").count() == 0


def language_of(page) -> tuple[str, str]:
    """The language that the page says it is in, and that of the heading which is seen."""
    heading = page.locator("h1 [lang]:visible").first.inner_text()
    return page.locator("html").get_attribute("lang"), "zh-Hans" if re.search(r"[\u4e00-\u9fff]", heading) else "en"


def sections_seen(page) -> str:
    return page.locator("main h2:visible").first.inner_text()


def test_the_language_is_that_of_the_address_else_of_the_browser(page_of, open_page):
    small = page_of("small")
    for locale, fragment, expected in (
        ("en-GB", "", "en"),
        ("zh-CN", "", "zh-Hans"),
        ("zh-TW", "", "zh-Hans"),
        ("de-DE", "", "en"),
        ("zh-CN", "#lang=en", "en"),
        ("en-GB", "#lang=zh", "zh-Hans"),
        ("en-GB", "#lang=<b>", "en"),
        ("zh-CN", "#claims", "zh-Hans"),
    ):
        page = open_page(small, fragment, locale=locale)
        assert page.locator("html").get_attribute("lang") == expected
        assert bool(re.search(r"[\u4e00-\u9fff]", sections_seen(page))) == (expected == "zh-Hans")


def test_the_switch_changes_the_language_and_the_address_remembers_it(page_of, open_page):
    page = open_page(page_of("small"))
    english = sections_seen(page)
    page.locator("label[for=language-zh]").click()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert sections_seen(page) != english
    assert "lang=zh" in page.evaluate("location.hash")
    page.reload()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.locator("#language-zh").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("html").get_attribute("lang") == "en"
    assert sections_seen(page) == english


def test_links_within_the_page_lead_somewhere_and_keep_the_language(page_file, show):
    for language in LANGUAGES:
        page = show(page_file, language)
        broken = """
            for (const a of document.querySelectorAll('a[href^="#"]'))
                // with "=" in it, it is a state of the explorer
                if (seen(a) && !a.hash.includes('=') && !document.getElementById(decodeURIComponent(a.hash.slice(1))))
                    out.push(a.outerHTML)"""
        assert found(page, broken) == []
        page.locator("nav a:visible").last.click()
        assert page.locator("html").get_attribute("lang") == LANGUAGES[language]


def test_without_scripts_the_page_stands_and_both_languages_can_be_read(page_file, open_page):
    page = open_page(page_file, java_script_enabled=False)
    assert page.locator("main h2:visible").count() > 1
    assert page.locator("main figure:visible").count() > 0
    assert page.locator("main .in-zh:visible").count() == 0
    english = page.locator("main h2:visible").first.inner_text()
    page.locator("label[for=language-zh]").click()
    assert page.locator("main h2:visible").first.inner_text() != english
    assert page.locator("main .in-en:visible").count() == 0
    assert page.locator("[id^=figure-] [lang=zh-Hans]:visible").count() > 0


def test_the_page_is_small_enough_to_send(page_file, show):
    assert page_file.stat().st_size <= 2_000_000
    assert show(page_file, all_open=False).evaluate("document.querySelectorAll('*').length") <= 25_000


def test_the_page_asks_for_no_other_file(page_file):
    page = page_file.read_text(encoding="utf-8")
    markup = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r"""(?:src|srcset|xlink:href)=["'](?!data:|#)[^"']+|<link\b[^>]*|@import[^;]*""", markup)
