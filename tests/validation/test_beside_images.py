"""validation/beside_images.py: theory beside networks of few and of more channels."""

import pytest
from beside_images import measured, row

from initbench.analyses.theory import probe_squares
from initbench.datasets.loading import prepare

DRAWS = 16


@pytest.fixture(scope="module")
def lengths():
    return {("digits", seed): values for seed, values in probe_squares(prepare("digits", range(DRAWS), 0)).items()}


def test_few_channels_lie_further_from_theory_than_more(lengths):
    errors = []
    for channels in (4, 16):
        found = row(measured("convnet", "relu", "he_normal", channels, DRAWS), lengths)
        assert 0 <= float(found["within, eight"].rstrip("%")) <= 100
        errors.append(float(found["gradient"].partition(" ")[0]))
    assert errors[0] > errors[1] > 0  # δ² at the first layers lies above the prediction
