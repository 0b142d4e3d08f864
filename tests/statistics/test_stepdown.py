"""Many sign-flip tests at once, against enumeration by hand, and the interval that such a test inverts to."""

from itertools import product

import numpy as np
import pytest

from initbench.statistics.paired import sign_flip
from initbench.statistics.stepdown import sign_flip_interval, step_down


def by_hand(d: np.ndarray) -> np.ndarray:
    """Step-down max-T over every assignment of signs, column by column (Westfall & Young 1993, algorithm 2.8)."""
    statistic = lambda rows: np.abs(rows.sum(axis=0)) / np.sqrt((rows**2).sum(axis=0))  # noqa: E731
    observed = statistic(d)
    order = sorted(range(d.shape[1]), key=lambda k: -observed[k])
    adjusted, so_far = np.empty(d.shape[1]), 0.0
    for place, column in enumerate(order):
        later = order[place:]
        hits = [
            statistic(d * np.array(signs)[:, None])[later].max() >= observed[column] - 1e-9
            for signs in product((1, -1), repeat=len(d))
        ]
        so_far = max(so_far, np.mean(hits))
        adjusted[column] = so_far
    return adjusted


def test_the_adjusted_p_are_those_of_enumerating_every_assignment_of_signs():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        d = np.round(rng.standard_normal((6, 5)) + np.linspace(0, 2, 5), 1) * [1, 10, 0.1, 1, 1]
        assert step_down(d) == pytest.approx(by_hand(d))


def test_one_column_alone_has_the_p_of_its_own_test():
    rng = np.random.default_rng(0)
    for n in (1, 2, 6, 10, 13):
        d = np.round(rng.standard_normal((n, 1)) + 0.5, 2)
        assert step_down(d)[0] == pytest.approx(sign_flip(d[:, 0]).p)


def test_clear_differences_reach_the_smallest_p_that_ten_seeds_have_in_any_company():
    """Holm over 60 columns would make it 60 / 512."""
    rng = np.random.default_rng(1)
    clear, noise = 1 + 0.05 * rng.standard_normal((10, 10)), 0.1 * rng.standard_normal((10, 50))
    adjusted = step_down(np.concatenate([clear, noise], axis=1))
    assert adjusted[:10] == pytest.approx(2**-9)
    assert adjusted[10:].min() > 0.05


def test_any_false_rejection_is_as_rare_as_said_beside_columns_that_differ():
    rng, found, studies = np.random.default_rng(2), 0, 400
    for _ in range(studies):
        common = rng.standard_normal((8, 1))
        alike = 0.6 * common + rng.standard_normal((8, 12)) * np.linspace(0.1, 5, 12)
        adjusted = step_down(np.concatenate([alike, alike[:, :3] + 8], axis=1))
        found += adjusted[:12].min() <= 0.05
    assert found / studies < 0.05 + 3 * np.sqrt(0.05 * 0.95 / studies)


def test_columns_of_zeros_missing_values_and_drawn_signs():
    rng = np.random.default_rng(3)
    assert step_down(np.zeros((5, 2))).tolist() == [1, 1]
    assert step_down(np.zeros((5, 0))).tolist() == []
    clear = 3 + rng.standard_normal((30, 1))
    many = np.concatenate([clear, np.zeros((30, 1)), rng.standard_normal((30, 1))], axis=1)
    p = step_down(many)
    assert p[0] == pytest.approx(1e-4)
    assert p[1] == 1
    assert (step_down(many) == p).all()


def test_the_interval_holds_what_the_test_does_not_reject():
    rng = np.random.default_rng(4)
    for n in (6, 8, 10):
        d = np.round(rng.standard_normal(n) + 0.3, 3)
        low, high = sign_flip_interval(d)
        for value in rng.uniform(-3, 3, 100):
            assert (low <= value <= high) == (sign_flip(d - value).p > 0.05)
    assert sign_flip_interval(rng.standard_normal(5)) is None
