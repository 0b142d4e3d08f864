"""The undisturbed study, made once, and what the tests counted."""

import pytest

from .faulty import TABLES, Place, counts


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory) -> Place:
    """The tiny study, run to its end."""
    place = Place(tmp_path_factory.mktemp("undisturbed"))
    code, screen = place.run(*TABLES)
    assert code == 0, screen
    return place


@pytest.fixture(scope="session")
def reference(undisturbed) -> dict[str, str]:
    return undisturbed.written()


def pytest_terminal_summary(terminalreporter):
    if counts:
        shown = ", ".join(
            f"{counts[name]} {name}" for name in sorted(counts, key=lambda name: name in ("lost", "wrong"))
        )
        terminalreporter.write_line(f"faults: {shown}")
