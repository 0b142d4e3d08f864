"""Paired tests against scipy, and comparisons on what real studies produce."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from initbench.statistics.comparisons import compare, compare_all_pairs
from initbench.statistics.frames import BLOCK
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


def test_the_median_interval_covers_at_ten_seeds():
    rng = np.random.default_rng(0)
    covered = [low <= 0 <= high for low, high, _ in (median_interval(rng.standard_t(3, 10)) for _ in range(2000))]
    interval = stats.binomtest(sum(covered), 2000).proportion_ci(0.999)
    assert interval.high >= 0.95
    assert median_interval(np.arange(3.0)) is None


def frame(values: dict[str, list[float]]) -> pd.DataFrame:
    block = dict(zip(BLOCK, ["digits", "mlp", 64, 3, "tanh", "none", "sgd"], strict=True))
    rows = [
        block | {"scheme": s, "seed": k, "status": "trained", "selected": True, "test_accuracy": v}
        for s, column in values.items()
        for k, v in enumerate(column)
    ]
    return pd.DataFrame(rows)


def test_a_clear_difference_a_tie_and_a_scheme_that_diverged():
    rng = np.random.default_rng(1)
    base = rng.uniform(0.8, 0.9, 10)
    table = compare(frame({"xavier_tanh": base, "better": base + 0.05, "same": base, "gone": [np.nan] * 10})).set_index(
        "scheme"
    )
    assert table.loc["better", "p"] == pytest.approx(2**-9)
    assert table.loc["better", "p_adjusted"] == pytest.approx(3 * 2**-9)
    assert table.loc["better", "wins"] == 1
    assert table.loc["same", "p"] == 1
    assert "no evidence" in table.loc["same", "note"]
    assert table.loc["gone", "effect"] == pytest.approx(-np.median(base))


@pytest.mark.parametrize("values", [{"a": [0.5]}, {"xavier_tanh": [0.5], "a": [0.6]}, {"xavier_tanh": [0.5] * 4}])
def test_what_cannot_be_tested_says_why(values):
    for row in compare(frame(values)).itertuples():
        assert np.isnan(row.p)
        assert row.note.startswith("cannot be tested, because")


def test_all_pairs_of_many_schemes_are_beyond_ten_seeds():
    rng = np.random.default_rng(2)
    table = compare_all_pairs(frame({f"s{k}": rng.uniform(size=10) for k in range(10)}))
    assert len(table) == 45
    assert table["p"].isna().all()


def test_the_false_positive_rate_under_the_null_is_nominal():
    rng = np.random.default_rng(3)
    rejected = sum(sign_flip(rng.normal(size=8)).p <= 0.05 for _ in range(2000))
    assert stats.binomtest(rejected, 2000).proportion_ci(0.999).low <= 0.05
