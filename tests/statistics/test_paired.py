"""Paired tests and intervals against scipy and enumeration."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from initbench.statistics.paired import (
    differences,
    median_interval,
    sign_flip,
    sign_flip_interval,
    vargha_delaney,
    wins,
)
from initbench.statistics.ranks import rank_rows, signed_rank


@pytest.mark.parametrize("seed", range(5))
def test_sign_flip_and_signed_rank_are_scipys_exact_tests(seed):
    d = np.random.default_rng(seed).normal(0.4, 1, 9)
    exact = stats.permutation_test((d,), np.mean, permutation_type="samples", n_resamples=np.inf)
    assert sign_flip(d).p == pytest.approx(exact.pvalue)
    assert signed_rank(d).p == pytest.approx(stats.wilcoxon(d, method="exact").pvalue)


def test_a_is_the_mann_whitney_statistic():
    x, y = np.array([1, 2, 2, 5.0]), np.array([2, 3, 1, 1.0])
    assert vargha_delaney(x, y) == pytest.approx(stats.mannwhitneyu(x, y).statistic / 16)


@pytest.mark.parametrize("n", range(2, 40))
def test_the_median_interval_is_scipys(n):
    d = np.random.default_rng(n).normal(size=n)
    exact = stats.quantile_test(d).confidence_interval()
    found = median_interval(d)
    assert found[:2] == (exact.low, exact.high) if found else np.isnan(exact.low)


def test_the_median_interval_covers_at_ten_seeds():
    rng = np.random.default_rng(0)
    covered = [low <= 0 <= high for low, high, _ in (median_interval(rng.standard_t(3, 10)) for _ in range(2000))]
    interval = stats.binomtest(sum(covered), 2000).proportion_ci(0.999)
    assert interval.high >= 0.95
    assert median_interval(np.arange(3.0)) is None


def test_the_false_positive_rate_under_the_null_is_nominal():
    rng = np.random.default_rng(3)
    rejected = sum(sign_flip(rng.normal(size=8)).p <= 0.05 for _ in range(2000))
    assert stats.binomtest(rejected, 2000).proportion_ci(0.999).low <= 0.05


ACCURACIES = st.lists(st.tuples(st.integers(280, 300), st.integers(280, 300)), min_size=6, max_size=9)
LEVELS = st.lists(st.tuples(st.floats(0, 1, width=32), st.floats(0, 1, width=32)), min_size=6, max_size=9)


@settings(max_examples=200, deadline=None)
@given(st.one_of(ACCURACIES, LEVELS), st.booleans())
def test_the_interval_leaves_out_0_exactly_if_the_test_rejects(pairs, single):
    """Ties, zeros and values in float32 included."""
    x, y = (np.asarray(pairs, dtype=float) / max(1, np.max(pairs))).T
    if single:
        x, y = x.astype(np.float32).astype(float), y.astype(np.float32).astype(float)
    d, resolution = differences(x, y)
    interval = sign_flip_interval(d, 0.95, resolution)
    if interval is None:
        assert np.ptp(d) <= 1e-7
    else:
        assert (interval[0] > 0 or interval[1] < 0) == (sign_flip(d, resolution).p <= 0.05)


@pytest.mark.parametrize("n", [6, 7, 9])
def test_the_interval_is_hartigans(n):
    """Its ends are order statistics of the means of all 2^n − 1 subsets (Hartigan 1969)."""
    d = np.random.default_rng(n).normal(size=n)
    means = sorted(np.mean(s) for size in range(1, n + 1) for s in combinations(d, size))
    k = int(0.05 * 2 ** (n - 1))
    assert sign_flip_interval(d) == pytest.approx((means[k - 1], means[-k]))


@pytest.mark.parametrize("n", [8, 10, 25])
def test_the_interval_is_the_inverted_test(n):
    d = np.random.default_rng(n).normal(size=n)
    for end, inward in zip(sign_flip_interval(d), (1, -1), strict=True):
        assert sign_flip(d - end - inward * 1e-9).p > 0.05 >= sign_flip(d - end + inward * 1e-9).p


def test_there_is_no_interval_of_few_values_nor_of_values_that_are_alike():
    assert sign_flip_interval(np.arange(5.0)) is None
    assert sign_flip_interval(np.arange(6.0)) == (0.0, 5.0)
    assert sign_flip_interval(np.full(10, 0.05)) is None


@pytest.mark.parametrize("mean", [0.0, 0.7])
def test_the_interval_of_the_mean_covers_at_ten_seeds_and_is_no_wider_than_it_need_be(mean):
    rng = np.random.default_rng(2)
    ends = np.array([sign_flip_interval(rng.normal(mean, 1, 10)) for _ in range(1000)])
    covered = int(np.sum((ends[:, 0] <= mean) & (mean <= ends[:, 1])))
    low, high = stats.binomtest(covered, 1000).proportion_ci(0.999)
    assert low <= 0.953125 <= high  # 25 of 512 outcomes are left out


def test_one_loss_that_blew_up_erases_no_difference():
    """The scheme is better by 1 nat on every seed; one run of the reference ended at 3e7."""
    x, y = np.full(10, 1.0), np.full(10, 2.0)
    y[3] = 3e7
    assert wins(y, x) == (10, 0, 0)
    assert sign_flip(*differences(x, y)).p == 2**-9
    assert rank_rows([[-1.0, -2.0, -3e7]]).tolist() == [[1, 2, 3]]


def test_values_one_rounding_apart_are_tied_wherever_they_lie():
    for value in np.random.default_rng(0).random(500):
        row = [np.nextafter(value, 0), value, np.nextafter(value, 1)]
        assert rank_rows([row]).tolist() == [[2, 2, 2]]
        assert vargha_delaney(row[:1], row[2:]) == 0.5
        assert wins(row[:1], row[2:]) == (0, 1, 0)
