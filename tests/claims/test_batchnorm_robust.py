"""Sensitivity to the start is what starts do beyond noise: identical starts have none."""

import numpy as np
import pandas as pd
import pytest

from initbench.claims.measures import with_scheme
from initbench.claims.normalisation import batchnorm_robust
from initbench.claims.sensitivity import less_sensitive, variance_over_starts

STARTS = ["he_normal", "orthogonal", "lecun_normal", "xavier_tanh", "xavier_sigmoid", "small_normal"]


def test_the_variance_over_starts_is_without_bias():
    """Truth 0.04, and 0, under noise of variance 0.09 and seeds that shift all starts: means over 4000 studies."""
    rng = np.random.default_rng(0)
    for truth in (0.04, 0.0):
        found = [
            variance_over_starts(rng.normal(0, truth**0.5, 6) + rng.normal(0, 0.3, (5, 6)) + rng.normal(0, 1, (5, 1)))
            for _ in range(4000)
        ]
        assert np.mean(found) == pytest.approx(truth, abs=4 * np.std(found) / 4000**0.5)


@pytest.mark.parametrize("seeds", [5, 10])
def test_identical_starts_are_seldom_called_less_sensitive(seeds):
    """With noise three times as large without normalisation: at most the 2.5 % of one side, within four errors."""
    rng = np.random.default_rng(1)
    studies = 2000
    tests = [less_sensitive(rng.normal(0, 0.03, (seeds, 6)), rng.normal(0, 0.01, (seeds, 6))) for _ in range(studies)]
    share = np.mean([gain > 0 and p < 0.05 for gain, _, p in tests])
    assert share <= 0.025 + 4 * (0.025 * 0.975 / studies) ** 0.5


def study(as_tables, scores):
    """Runs of one network from scores {normalisation: (seeds, starts)}; below 0.2 they are stalled."""
    rows = [
        {"dataset": "digits", "architecture": "mlp", "width": 64, "depth": 3, "activation": "tanh", "optimizer": "sgd",
         "normalization": name, "scheme": scheme, "role": "scoring", "learning_rate": 0.1, "seed": seed, "steps": 10,
         "status": "slow" if value > 0.2 else "stalled", "selected": True, "test_accuracy": float(value)}
        for name, table in scores.items()
        for seed, row in enumerate(table)
        for scheme, value in zip(STARTS, row, strict=True)
    ]  # fmt: skip
    return as_tables({"runs": with_scheme(pd.DataFrame(rows))})


def test_no_verdict_where_all_starts_fail_or_all_are_as_good(as_tables):
    """Starts that all stall are alike, and so are starts that all reach the best: neither is robust."""
    rng = np.random.default_rng(2)
    spread = np.array([0.9, 0.9, 0.8, 0.7, 0.6, 0.5]) + rng.normal(0, 0.01, (10, 6))
    failing, good = rng.normal(0.1, 0.001, (10, 6)), rng.normal(0.96, 0.002, (10, 6))
    assert batchnorm_robust(study(as_tables, {"none": failing, "batch": spread})) == []
    assert batchnorm_robust(study(as_tables, {"none": good, "batch": good + 0.001})) == []
    assert batchnorm_robust(study(as_tables, {"none": spread[:2], "batch": good[:2]})) == []  # two seeds
    (cell,) = batchnorm_robust(study(as_tables, {"none": spread, "batch": good}))
    assert cell.holds
    (cell,) = batchnorm_robust(study(as_tables, {"none": good, "batch": spread}))
    assert not cell.holds
