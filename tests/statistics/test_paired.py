"""Paired tests against scipy."""

import numpy as np
import pytest
from scipy import stats

from initbench.statistics.paired import median_interval, sign_flip, signed_rank, vargha_delaney


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
