"""The correction for splits that overlap."""

import numpy as np
import pytest

from initbench.datasets.loading import prepare
from initbench.statistics.new_data import new_data_factor


def test_ten_splits_of_the_digits_data_say_half_as_much_of_new_digits_as_their_spread_suggests():
    splits = prepare("digits", [0], 0)
    assert new_data_factor(10, splits.train.shape[1], splits.test.shape[1]) == pytest.approx(2.08, abs=0.005)


def test_it_is_the_corrected_variance_over_the_plain_one():
    """Nadeau & Bengio 2003, §4: (1/J + n₂/n₁) S² in place of S²/J."""
    assert new_data_factor(15, 90, 10) == pytest.approx(np.sqrt((1 / 15 + 10 / 90) / (1 / 15)))
