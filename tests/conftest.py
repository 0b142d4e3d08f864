"""Shared: small prepared data, one BLAS thread before NumPy is imported."""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import pytest  # noqa: E402
import quick_study  # noqa: E402
from browser import opened_pages, running_browser  # noqa: E402
from hypothesis import settings  # noqa: E402

from initbench.datasets.loading import prepare  # noqa: E402
from initbench.tables.views import ACCURACIES, FINISHED, Tables  # noqa: E402

# speed is not a test's subject; a first call may compile
settings.register_profile("initbench", deadline=None)
settings.load_profile("initbench")


@pytest.fixture(scope="session")
def digits():
    return prepare("digits", range(4), 0)


@pytest.fixture(scope="session")
def as_tables(tmp_path_factory):
    """(frames or Arrow tables by name) → the tables of a study, as claims, figures and sections are given them.

    Every run has all accuracies: those that a test does not speak of are 0.9, or null where the run did not finish.
    """

    def whole(runs):
        finished = runs["status"].isin(FINISHED)
        missing = {name: finished.map({True: 0.9, False: None}) for name in ACCURACIES if name not in runs}
        return runs.assign(**missing) if missing else runs

    def write(frames, **others) -> Tables:
        folder = tmp_path_factory.mktemp("tables")
        paths = {name: str(folder / f"{name}.parquet") for name in frames}
        for name, path in paths.items():
            frame = frames[name].to_pandas() if hasattr(frames[name], "to_pandas") else frames[name]
            (whole(frame) if name == "runs" else frame).to_parquet(path)
        return Tables(others | paths)

    return write


@pytest.fixture(scope="session")
def quick():
    """The folder of the quick study's results, made by Snakemake; tests that ask for it are marked `pipeline`."""
    return quick_study.made()


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium, one a process of the tests."""
    with running_browser() as started:
        yield started


@pytest.fixture
def open_page(browser):
    """`open_page(path, fragment="", width=1440, **context)` → a page of the browser; fails if a page speaks or asks."""
    with opened_pages(browser) as open_one:
        yield open_one
