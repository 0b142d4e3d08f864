"""Sums of squares and components of variance, against textbook formulas and numbers drawn with known variances."""

import numpy as np
import pytest
from scipy import stats

from initbench.statistics.variance import components, sums_of_squares


def test_one_axis_of_repeats_is_the_one_way_analysis_of_variance():
    values = np.random.default_rng(0).standard_normal((4, 7)) + np.arange(4)[:, None]
    squares = sums_of_squares(values)
    between, within = squares[(0,)], tuple(np.add(squares[(1,)], squares[(0, 1)]))
    assert (between[1], within[1]) == (3, 24)
    assert (between[0] / 3) / (within[0] / 24) == pytest.approx(stats.f_oneway(*values).statistic)


def test_sums_of_squares_add_up_to_the_total_and_interactions_are_what_additivity_leaves():
    rng = np.random.default_rng(1)
    values = rng.standard_normal((3, 2, 4, 5))
    squares = sums_of_squares(values)
    assert sum(square for square, _ in squares.values()) == pytest.approx(np.square(values - values.mean()).sum())
    assert sum(freedom for _, freedom in squares.values()) == values.size - 1
    a, b = rng.standard_normal(6), rng.standard_normal(5)
    additive = sums_of_squares(a[:, None] + b)
    assert additive[(0, 1)][0] == pytest.approx(0, abs=1e-20)
    assert additive[(0,)][0] == pytest.approx(5 * np.square(a - a.mean()).sum())
    product = sums_of_squares(np.array([[1.0, -1.0], [-1.0, 1.0]]))
    assert product == {(0,): (0, 1), (1,): (0, 1), (0, 1): (4, 1)}


def test_components_of_two_crossed_axes_are_those_of_the_textbook():
    """σ²_a = (MS_a − MS_ab) / b and σ²_ab = MS_ab, without repeats (Searle, Casella & McCulloch 1992, §4.7)."""
    values = np.random.default_rng(2).standard_normal((5, 4))
    rows, columns = values.mean(axis=1), values.mean(axis=0)
    left = values - rows[:, None] - columns + values.mean()
    of_rows, of_left = 4 * rows.var(ddof=1), np.square(left).sum() / 12
    found = components(values)
    assert found[(0, 1)] == pytest.approx(of_left)
    assert found[(0,)] == pytest.approx((of_rows - of_left) / 4)


def test_components_are_right_on_average_and_axes_of_one_level_are_left_out():
    rng, of = np.random.default_rng(3), {(0,): 4.0, (1,): 1.0, (0, 1): 2.0, (2,): 0.0, (0, 1, 2): 0.5}
    shape, total = (6, 5, 4), []
    for _ in range(400):
        values = np.zeros(shape)
        for axes, variance in of.items():
            drawn = rng.standard_normal([n if axis in axes else 1 for axis, n in enumerate(shape)])
            values = values + np.sqrt(variance) * drawn
        total.append(components(values))
    for axes in total[0]:
        estimates = [found[axes] for found in total]
        assert np.mean(estimates) == pytest.approx(of.get(axes, 0.0), abs=4 * np.std(estimates) / 20 + 1e-3)
    assert set(components(values[:, :1])) == {(0,), (2,), (0, 2)}
