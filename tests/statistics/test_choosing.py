"""Who is within a margin of the best and who is worse: against enumeration, closed forms and error rates of known studies."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from initbench.statistics.choosing import below_best, best_means, flips, sure_within, within_margin
from initbench.statistics.paired import sign_flip
from initbench.statistics.proportions import clopper_pearson

MARGIN = 0.01
COUNTS = arrays(np.int64, st.tuples(st.integers(2, 7), st.integers(2, 4)), elements=st.integers(300, 312))


def share(differences):
    """Mean over root mean square."""
    return np.mean(differences) / np.sqrt(np.mean(np.square(differences))) if np.any(differences) else 0.0


def closed_p(columns):
    """Each column's largest p over all sets of columns that hold it, by the largest share, flips of whole rows enumerated."""
    n, m = columns.shape
    flipped_rows = [np.array(signs)[:, None] * columns for signs in product((1, -1), repeat=n)]
    p = np.zeros(m)
    for size in range(1, m + 1):
        for subset in combinations(range(m), size):
            top = [max(share(flipped[:, i]) for i in subset) for flipped in flipped_rows]
            found = np.mean(np.array(top) >= max(share(columns[:, i]) for i in subset) - 1e-9)
            p[list(subset)] = np.maximum(p[list(subset)], found)
    return p


def test_stepping_down_is_closed_testing_with_each_scheme_taken_for_the_best():
    values = np.random.default_rng(1).normal(0.9, 0.008, (6, 4))
    expected = np.zeros(4)
    for best in range(4):
        others = [i for i in range(4) if i != best]
        expected[others] = np.maximum(expected[others], closed_p(MARGIN - values[:, [best]] + values[:, others]))
    assert within_margin(values, MARGIN, flips(6)) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_two_schemes_are_tested_as_scipy_tests_them(seed):
    values = np.random.default_rng(seed).normal([0.9, 0.897], 0.006, (9, 2))
    d = values[:, 0] - values[:, 1]
    one_sided = [
        stats.permutation_test(
            (MARGIN + sign * d,), np.mean, permutation_type="samples", alternative="greater", n_resamples=np.inf
        ).pvalue
        for sign in (1, -1)
    ]
    assert within_margin(values, MARGIN, flips(9)) == pytest.approx(one_sided)
    assert below_best(values, flips(9)).min() == pytest.approx(sign_flip(d).p)


def test_the_posterior_of_two_schemes_is_students():
    values = np.random.default_rng(3).normal([0.9, 0.893], 0.006, (10, 2))
    d = values[:, 0] - values[:, 1]
    closed = [stats.t.cdf((MARGIN + sign * d.mean()) / stats.sem(d), 9) for sign in (1, -1)]
    assert sure_within(values, MARGIN, np.random.default_rng(0), 200_000) == pytest.approx(closed, abs=0.005)


@settings(max_examples=30, deadline=None)
@given(COUNTS, st.randoms(use_true_random=False))
def test_neither_names_nor_order_nor_levels_of_the_seeds_matter(counts, random):
    n, k = counts.shape
    order, rows = random.sample(range(k), k), random.sample(range(n), n)
    lifted = (counts + np.arange(n)[:, None])[rows] / 360
    signs = flips(n)
    found = within_margin(counts / 360, MARGIN, signs), below_best(counts / 360, signs)
    moved = within_margin(lifted[:, order], MARGIN, signs), below_best(lifted[:, order], signs)
    for before, after in zip(found, moved, strict=True):
        assert after == pytest.approx(before[order])
    best = best_means(counts.mean(axis=0) / 360)
    assert (best == (counts.sum(axis=0) == counts.sum(axis=0).max())).all()


def test_means_that_differ_in_the_last_bit_are_tied():
    assert best_means(np.array([0.9702777777777778, 0.9702777777777777, 0.97])).tolist() == [True, True, False]


def study(rng, means, kind, seeds=10):
    """Accuracies (seeds, schemes) around the means, seeds with levels of their own."""
    z = rng.standard_normal((seeds, len(means)))
    noise = {"normal": z, "tied": z, "skewed": (1.377 - np.exp(0.8 * z)) / 1.3}[kind]
    values = 0.9 + means + 0.004 * noise + 0.02 * rng.standard_normal((seeds, 1))
    return np.round(values * 360) / 360 if kind == "tied" else values


@pytest.mark.parametrize("kind", ["normal", "skewed", "tied"])
def test_schemes_at_the_margin_are_listed_as_good_in_five_percent_of_studies_and_alike_ones_as_worse(kind):
    """The worst case for each list: all but one at the margin exactly, and all alike."""
    rng, studies, signs = np.random.default_rng(5), 300, flips(10)
    at_margin = np.array([0, *[-MARGIN] * 4])
    good = sum((within_margin(study(rng, at_margin, kind), MARGIN, signs)[1:] <= 0.05).any() for _ in range(studies))
    worse = sum((below_best(study(rng, np.zeros(5), kind), signs) <= 0.05).any() for _ in range(studies))
    for wrong in (good, worse):
        assert clopper_pearson(wrong, studies, 0.999)[0] <= 0.05


def test_schemes_that_never_learn_hardly_change_what_is_shown_of_the_others():
    """Where a correction for their number would make everything undecided."""
    rng = np.random.default_rng(0)
    values = study(rng, np.array([0, -0.0005, -0.02]), "normal", 8)
    many = np.hstack([values, study(rng, np.full(20, -0.8), "normal", 8)])
    signs = flips(8)
    assert (within_margin(values, MARGIN, signs) <= 0.05).tolist() == [True, True, False]
    assert (below_best(values, signs) <= 0.05).tolist() == [False, False, True]
    assert (within_margin(many, MARGIN, signs)[:3] <= 0.05).tolist() == [True, True, False]
    assert (below_best(many, signs) <= 0.05).tolist() == [False, False, *[True] * 21]


def test_more_seeds_than_can_be_enumerated_are_flipped_at_random():
    values = np.random.default_rng(2).normal([0.9, 0.897, 0.88], 0.01, (16, 3))
    signs, all_signs = flips(16), np.array(list(product((1.0, -1.0), repeat=16)))
    assert (signs[0] == 1).all()
    assert (signs == flips(16)).all()
    assert within_margin(values, MARGIN, signs) == pytest.approx(within_margin(values, MARGIN, all_signs), abs=0.03)
