"""Seeds that a plan asks for, against tests that are run on drawn differences."""

import numpy as np
import pytest
from scipy import stats

from initbench.statistics.paired import sign_flip
from initbench.statistics.plan import flip_power, seeds_to_show, seeds_to_show_equal


def simulated(seeds: int, shift: float, level: float, studies: int = 500) -> float:
    rng = np.random.default_rng(seeds)
    return float(np.mean([sign_flip(rng.standard_normal(seeds) + shift).p <= level + 1e-12 for _ in range(studies)]))


@pytest.mark.parametrize(
    ("seeds", "shift", "level"),
    [(7, 1.3, 0.05), (8, 1.6, 0.01), (10, 1.0, 0.05), (10, 1.5, 0.005), (12, 0.3, 0.05), (11, 0.9, 0.01)],
)
def test_power_is_that_of_the_sign_flip_test(seeds, shift, level):
    found = simulated(seeds, shift, level)
    assert flip_power(seeds, shift, level) == pytest.approx(found, abs=4 * np.sqrt(found * (1 - found) / 500) + 0.02)


def test_where_one_outcome_is_rejected_the_power_is_that_of_all_signs_alike():
    assert flip_power(6, 1.0, 0.05) == pytest.approx(stats.norm.cdf(1) ** 6 + stats.norm.cdf(-1) ** 6)
    assert flip_power(5, 9.0, 0.05) == 0  # p is 1/16 at least
    assert flip_power(5, 9.0, 0.05, sides=1) == pytest.approx(1)  # 1/32


def test_many_seeds_are_those_of_the_normal_approximation():
    """(z_{0.975} + z_{0.8})² / shift² for a difference; (z_{0.95} + z_{0.9})² / margin² for equality."""
    for shift in (0.1, 0.03):
        assert seeds_to_show(shift) == pytest.approx(
            (stats.norm.isf(0.025) + stats.norm.isf(0.2)) ** 2 / shift**2, rel=0.03
        )
        equal = (stats.norm.isf(0.05) + stats.norm.isf(0.1)) ** 2 / shift**2
        assert seeds_to_show_equal(shift) == pytest.approx(equal, rel=0.03)


def test_the_seeds_that_are_planned_show_it_and_one_in_ten_fewer_do_not():
    needed = seeds_to_show(0.8, 0.05 / 5)
    assert flip_power(needed, 0.8, 0.01) >= 0.8 > flip_power(needed - 1, 0.8, 0.01)
    assert simulated(needed, 0.8, 0.01) > 0.75


def test_certain_differences_take_what_the_test_takes_and_tiny_ones_too_many():
    assert seeds_to_show(float("inf"), 0.05) == 6
    assert seeds_to_show(float("inf"), 0.05 / 10) == 9
    assert seeds_to_show_equal(float("inf"), 0.05) == 5
    assert seeds_to_show(1e-4) is None
