"""Jackknife intervals: of a mean they are Student's, and they cover what they should."""

import numpy as np
import pytest
from scipy import stats

from initbench.statistics.jackknife import jackknife


def test_of_a_mean_it_is_students_interval():
    draws = np.random.default_rng(0).normal(3, 2, 12)
    expected = stats.t.interval(0.9, 11, draws.mean(), stats.sem(draws))
    assert jackknife(draws, np.mean, 0.9) == (pytest.approx(draws.mean()), *map(pytest.approx, expected))


def test_the_interval_of_a_slope_of_logarithms_covers_it():
    rng, layers, inside = np.random.default_rng(1), np.arange(6), 0

    def slope(rows):
        return np.polyfit(layers, np.log(rows.mean(axis=0)), 1)[0]

    for _ in range(300):
        rows = np.exp(0.1 * layers + 0.1 * rng.standard_normal((20, 6)).cumsum(axis=1) - 0.005 * (layers + 1))
        _, low, high = jackknife(rows, slope)
        inside += low <= 0.1 <= high
    assert 0.91 <= inside / 300 <= 0.985  # 0.95 within three standard deviations


def test_one_draw_has_no_interval():
    estimate, low, high = jackknife([[2.0]], np.mean)
    assert estimate == 2
    assert np.isnan([low, high]).all()
