"""Pages that the tests of this folder open in a browser: of the quick study, and of small studies made here."""

import fcntl
import os

import pytest
from small_pages import SAXE, SMALL, make_page, replication

STUDIES = {"small": lambda: SMALL, "replication": lambda: replication("saxe2014", **SAXE)}
PAGES = [pytest.param("quick", marks=pytest.mark.pipeline), *STUDIES]


@pytest.fixture(scope="session")
def page_of(request, tmp_path_factory):
    """name → path of that page; processes that run tests side by side make each page once."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder

    def find(name: str):
        if name == "quick":
            return request.getfixturevalue("quick") / "report/index.html"
        page = shared / name / "index.html"
        with open(shared / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not page.exists():
                page.parent.mkdir()
                make_page(STUDIES[name](), page.parent)
        return page

    return find


@pytest.fixture(params=PAGES)
def page_file(request, page_of):
    """The path of each page in turn."""
    return page_of(request.param)
