"""Names from configurations and data are text wherever the page shows them: no script runs, nothing vanishes."""

import pytest
from small_pages import SMALL, make_page

# a figure has no room for panels beside names of this length
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore:constrained_layout not applied")]
ATTACK = """</script></style><script>window.attacked = 1</script><img src=x onerror="window.attacked = 2">"'&{{ 7 * 7 }}{% x %}"""
BACKWARDS = "\u202eright to left\u202c"
NAMES = {"he_normal": f"he{ATTACK}", "wine": f"wine{BACKWARDS}{ATTACK}", "A small study": f"Small{ATTACK}{BACKWARDS}"}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """The page of a study whose title, data set and one scheme have such names."""
    return make_page(SMALL, tmp_path_factory.mktemp("attacked"), NAMES)


def test_hostile_names_are_shown_as_they_are_written_and_run_nothing(attacked, open_page, page_of):
    page, plain = open_page(attacked), open_page(page_of("small"))
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert page.evaluate("window.attacked") is None
    assert page.locator("img[src=x]").count() == 0
    for kind in ("script", "style", "link", "iframe", "object"):
        assert page.locator(kind).count() == plain.locator(kind).count()
    text = page.evaluate("document.body.textContent")
    for name in NAMES.values():
        assert name in text
    assert ATTACK in page.title()
