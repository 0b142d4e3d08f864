"""Coverage and false-positive rates by simulation, each within its own interval; the full tables: docs/reference/statistics.md."""

import numpy as np
import pytest
import simulate
import simulate_pairs
from interval_candidates import CANDIDATES, coverage, populations

from initbench.statistics.proportions import clopper_pearson

REPLICATIONS = 600


def upper(share: float, n: int) -> float:
    """The highest rate that so many hits are compatible with, at 99.9 %."""
    return clopper_pearson(round(share * n), n, 0.999)[1]


@pytest.mark.parametrize("seeds", [6, 10, 20])
@pytest.mark.parametrize("kind", populations())
def test_the_chosen_interval_covers_whatever_the_distribution(kind, seeds):
    rng = np.random.default_rng(seeds)
    share = coverage(CANDIDATES["order statistics"], populations()[kind], seeds, REPLICATIONS, rng)
    assert upper(share, REPLICATIONS) >= 0.95


def test_bootstraps_do_not_cover_with_ties_and_two_modes():
    rng = np.random.default_rng(0)
    zeros, modes = populations()["60 % zeros"], populations()["two modes"]
    assert upper(coverage(CANDIDATES["BCa bootstrap"], zeros, 10, 200, rng), 200) < 0.6
    assert upper(coverage(CANDIDATES["studentised bootstrap"], modes, 10, 200, rng), 200) < 0.9
    assert upper(coverage(CANDIDATES["inverted signed-rank"], modes, 20, 200, rng), 200) < 0.9


@pytest.mark.parametrize("test", ["sign_flip", "signed_rank", "sign"])
@pytest.mark.parametrize("kind", ["plain", "ties", "diverging"])
def test_a_true_null_is_rejected_at_most_at_the_level(test, kind):
    assert clopper_pearson(simulate.false_positives(test, 10, kind, REPLICATIONS), REPLICATIONS, 0.999)[0] <= 0.05


def test_holm_holds_the_family_to_the_level():
    assert clopper_pearson(simulate.false_positives("sign_flip", 10, "plain", 300, schemes=8), 300, 0.999)[0] <= 0.05


def test_choosing_the_rate_favours_no_scheme_where_it_is_done_on_other_seeds():
    same, others = (simulate.tuned_in_favour(10, tuning, 10, REPLICATIONS) for tuning in (0, 3))
    assert clopper_pearson(same, REPLICATIONS, 0.999)[0] > 0.025
    assert clopper_pearson(others, REPLICATIONS, 0.999)[0] <= 0.025


def test_friedman_fails_where_blocks_share_their_seeds_and_pairs_over_seeds_hold():
    alone, _ = simulate.rank_false_positives(0.0, 150)
    shared, over_seeds = simulate.rank_false_positives(0.3, 150)
    assert clopper_pearson(alone, 150, 0.999)[0] <= 0.05
    assert clopper_pearson(shared, 150, 0.999)[0] > 0.5
    assert clopper_pearson(over_seeds, 150, 0.999)[0] <= 0.05


@pytest.mark.parametrize("study", [name for name in simulate_pairs.STUDIES if name != "all different"])
@pytest.mark.parametrize("noise", ["normal", "ties"])
def test_no_pair_of_alike_schemes_is_told_apart_too_often(study, noise):
    """Under partial nulls too: other schemes that differ, or are unstable, change nothing."""
    false, found = simulate_pairs.pairs_found(study, noise, 200)["step-down"]
    assert clopper_pearson(false, 200, 0.999)[0] <= 0.05
    assert study != "three pairs" or found > 0.95


def test_the_interval_of_a_seed_rank_covers():
    studies = 100  # of 8 dependent schemes each, so that the interval of 100 is a wide one
    assert upper(simulate.rank_interval_coverage(0.3, 10, studies)[1], studies) >= 0.95


def test_the_clustered_interval_of_an_interquartile_mean_covers_and_the_stratified_does_not():
    stratified, clustered = simulate.aggregate_coverage(0.3, 10, 60)
    assert upper(clustered, 60) >= 0.95
    assert upper(stratified, 60) < 0.95
