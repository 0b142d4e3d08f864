"""What the tests of this folder share."""

import pytest
from start_layers import SEEDS

from initbench.analyses.theory import probe_squares
from initbench.datasets.loading import prepare


@pytest.fixture(scope="session")
def lengths():
    """Squared features of the probe samples of the digits, by (data set, seed)."""
    found = probe_squares(prepare("digits", range(SEEDS), 0))
    return {("digits", seed): values for seed, values in found.items()}
