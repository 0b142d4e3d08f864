"""Shared: small prepared data, one BLAS thread before NumPy is imported."""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

from initbench.datasets.loading import prepare  # noqa: E402

# speed is not a test's subject; a first call may compile
settings.register_profile("initbench", deadline=None)
settings.load_profile("initbench")


@pytest.fixture(scope="session")
def digits():
    return prepare("digits", range(4), 0)
