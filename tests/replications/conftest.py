"""A study's own extensions, such as the momenta of a replication, are gone after the test that loads it."""

import pytest

from initbench.base.extensions import unload_extensions


@pytest.fixture(autouse=True)
def without_extensions():
    yield
    unload_extensions()
