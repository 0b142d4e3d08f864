"""Measured coverage and error rates of the statistics: python validation/simulate.py [REPLICATIONS].

Prints the tables of docs/reference/statistics.md. Seeded: the same number of replications gives the same tables.
"""

import sys

import numpy as np
from interval_candidates import CANDIDATES, coverage, populations
from scipy import stats
from simulate_means import print_means
from simulate_pairs import pair_differences, print_pairs

from initbench.base.randomness import keyed
from initbench.statistics.aggregate import clustered_interval, interquartile_mean, stratified_interval
from initbench.statistics.paired import PairedTest, differences, holm, sign_flip
from initbench.statistics.proportions import clopper_pearson
from initbench.statistics.ranks import (
    bootstrap_mean_ranks,
    friedman,
    mean_rank_interval,
    rank_rows,
    seed_ranks,
    signed_rank,
    t_interval,
)
from initbench.statistics.step_down import step_down

TEST_SIZE = 360  # samples in the test split of the digits data: accuracies are multiples of 1/360


def sign(d, resolution: float = 0.0) -> PairedTest:
    """The exact sign test, zeros dropped; statistic: the number of positive differences (Arbuthnott 1710)."""
    positive, count = int(np.sum(d > 0)), int(np.sum(d != 0))
    p = stats.binomtest(positive, count).pvalue if count else 1.0
    return PairedTest("sign test, exact", float(positive), float(p))


TESTS = {"sign_flip": sign_flip, "signed_rank": signed_rank, "sign": sign}
NULLS = [
    *((test, 10, kind, 2) for test in TESTS for kind in ("plain", "ties", "diverging")),
    ("sign_flip", 6, "plain", 2),
    ("sign_flip", 20, "plain", 2),
    ("sign_flip", 10, "plain", 8),
    ("sign_flip", 10, "ties", 11),
]


def null_accuracies(rng, schemes: int, seeds: int, kind: str) -> np.ndarray:
    """Accuracies (schemes, seeds) when all schemes are alike: a seed's own level plus noise of each run.

    "ties": in steps of 1/360 and close together; "diverging": one run in five at 0.
    """
    level = 0.9 + 0.02 * rng.standard_normal(seeds)
    spread = 0.003 if kind == "ties" else 0.01
    accuracies = np.round((level + spread * rng.standard_normal((schemes, seeds))) * TEST_SIZE) / TEST_SIZE
    return np.where(rng.random(accuracies.shape) < 0.2, 0.0, accuracies) if kind == "diverging" else accuracies


def false_positives(test: str, seeds: int, kind: str, replications: int, schemes: int = 2) -> int:
    """How often at least one scheme differs from the first at 0.05, Holm over all of them, when all are alike."""
    rng, found = keyed(0, "null", test, seeds, kind, schemes), 0
    for _ in range(replications):
        reference, *others = null_accuracies(rng, schemes, seeds, kind)
        p = [TESTS[test](*differences(other, reference)).p for other in others]
        found += bool(holm(p).min() <= 0.05)
    return found


def tuned_in_favour(rates: int, tuning: int, seeds: int, replications: int) -> int:
    """How often a scheme with so many equally good rates is found better than one with a single rate, at 0.05 two-sided.

    Its rate is chosen on validation data of as many `tuning` seeds of their own, or of the scored runs if there are none. Three
    quarters of the noise of a run are common to its validation and test accuracy.
    """
    rng, found = keyed(0, "null after tuning", rates, tuning, seeds), 0
    for _ in range(replications):
        level = 0.9 + 0.02 * rng.standard_normal(tuning + seeds)
        common = level + 0.0087 * rng.standard_normal((rates + 1, tuning + seeds))
        valid, test = (common + 0.005 * rng.standard_normal(common.shape) for _ in range(2))
        seen = valid[:rates, :tuning] if tuning else valid[:rates]
        difference = test[seen.mean(axis=1).argmax(), tuning:] - test[rates, tuning:]
        found += TESTS["sign_flip"](difference).p <= 0.05 and difference.mean() > 0
    return found


def null_grid(rng, blocks: int, schemes: int, seeds: int, shared: float) -> np.ndarray:
    """Scores (blocks, schemes, seeds) when schemes are alike; `shared` of the variance of a run is common to all blocks."""
    own, common = rng.standard_normal((blocks, schemes, seeds)), rng.standard_normal((schemes, seeds))
    return np.sqrt(shared) * common + np.sqrt(1 - shared) * own


def rank_false_positives(shared: float, replications: int, blocks=24, schemes=8, seeds=10) -> tuple[int, int]:
    """How often Friedman's test, and any pair by step-down over seeds, reject at 0.05 when schemes are alike."""
    rng, found = keyed(0, "null ranks", str(shared), blocks, schemes, seeds), np.zeros(2, dtype=int)
    for _ in range(replications):
        runs = null_grid(rng, blocks, schemes, seeds, shared)
        over_seeds = step_down(pair_differences(runs.mean(axis=0))).min()
        found += [friedman(runs.mean(axis=2))[1] <= 0.05, over_seeds <= 0.05]
    return int(found[0]), int(found[1])


def rank_interval_coverage(step: float, seeds: int, replications: int, blocks=24, schemes=8) -> tuple[float, float]:
    """How often the intervals of `mean_rank` and of `seed_rank` hold their expectation over such studies.

    Schemes differ by `step` standard deviations of a run; 30 % of a run's variance is common to all blocks.
    """
    rng = keyed(0, "rank intervals", str(step), seeds)
    studies = [
        step * np.arange(schemes)[:, None] + null_grid(rng, blocks, schemes, seeds, 0.3) for _ in range(replications)
    ]
    means = [rank_rows(study.mean(axis=2)).mean(axis=0) for study in studies]
    each = [seed_ranks(study) for study in studies]
    around = [
        mean_rank_interval(m, bootstrap_mean_ranks(s, rng, 400), seeds) for m, s in zip(means, studies, strict=True)
    ]
    truths = np.mean(means, axis=0), np.mean(each, axis=(0, 1))
    intervals = np.array(around), np.array([t_interval(rows) for rows in each])
    return tuple(
        float(np.mean((found[:, 0] - 1e-9 <= truth) & (truth <= found[:, 1] + 1e-9)))
        for truth, found in zip(truths, intervals, strict=True)
    )


def aggregate_coverage(shared: float, seeds: int, replications: int, blocks=24) -> tuple[float, float]:
    """How often the stratified and the clustered interval of an interquartile mean hold its expectation."""
    rng = keyed(0, "aggregate intervals", str(shared), seeds)
    tasks = np.linspace(-1, 1, blocks)
    studies = [tasks + null_grid(rng, blocks, 1, seeds, shared)[:, 0].T for _ in range(replications)]
    truth = np.mean([interquartile_mean(study) for study in studies])
    methods = stratified_interval, clustered_interval
    held = [
        [low <= truth <= high for low, high in (m(s, interquartile_mean, rng, resamples=400) for m in methods)]
        for s in studies
    ]
    return tuple(np.mean(held, axis=0))


def print_interval_coverage(n: int, replications: int) -> None:
    """The candidates for the interval of a median, for n seeds."""
    print(f"Coverage of the median difference, {n} seeds, nominal 0.95\n")
    print("| interval | " + " | ".join(populations()) + " |\n|---" + "|---" * len(populations()) + "|")
    for name, candidate in CANDIDATES.items():
        rng = keyed(0, "coverage", name, n)
        found = [coverage(candidate, p, n, replications, rng) for p in populations().values()]
        print(f"| {name} | " + " | ".join(f"{c:.3f}" for c in found) + " |")
    print()


def print_false_positives(replications: int) -> None:
    """The tests against the reference when schemes are alike."""
    print("False positives at 0.05 when schemes are alike\n")
    print("| test | seeds | schemes against the reference | runs | rate |\n|---|---|---|---|---|")
    for test, seeds, kind, schemes in NULLS:
        count = false_positives(test, seeds, kind, replications, schemes)
        print(f"| {test} | {seeds} | {schemes - 1} | {kind} | {share(count, replications)} |")
    print("\nA scheme with several equally good rates found better than one with a single rate, 2.5 % being its due\n")
    print("| good rates | chosen on the scored seeds | chosen on 3 tuning seeds |\n|---|---|---|")
    for rates in (3, 10):
        counts = [tuned_in_favour(rates, tuning, 10, replications) for tuning in (0, 3)]
        print(f"| {rates} | " + " | ".join(share(count, replications) for count in counts) + " |")


def print_ranks_and_aggregates(replications: int) -> None:
    """Tests over blocks and over seeds when schemes are alike; intervals of ranks and of an interquartile mean."""
    print("\n| share of a run's variance common to all blocks | Friedman | any pair over seeds |\n|---|---|---|")
    for shared in (0.0, 0.1, 0.3):
        counts = rank_false_positives(shared, replications)
        print(f"| {shared:g} | " + " | ".join(share(count, replications) for count in counts) + " |")
    fewer = max(replications // 4, 2)
    print("\nCoverage of the intervals of ranks, nominal 0.95; 24 blocks, 8 schemes\n")
    print("| seeds | step between schemes (std of a run) | mean_rank | seed_rank |\n|---|---|---|---|")
    for seeds, step in ((6, 0.3), (10, 0.0), (10, 0.3), (10, 1.0), (30, 0.3)):
        found = rank_interval_coverage(step, seeds, fewer)
        print(f"| {seeds} | {step:g} | " + " | ".join(f"{c:.3f}" for c in found) + " |")
    print("\nCoverage of the intervals of an interquartile mean, nominal 0.95; 24 blocks\n")
    print("| seeds | share of a run's variance common to all blocks | stratified | clustered |\n|---|---|---|---|")
    for seeds, shared in ((6, 0.3), (10, 0.0), (10, 0.3), (30, 0.3)):
        found = aggregate_coverage(shared, seeds, fewer)
        print(f"| {seeds} | {shared:g} | " + " | ".join(f"{c:.3f}" for c in found) + " |")


def share(count: int, n: int) -> str:
    """A share with its interval."""
    return "{:.3f} ({:.3f}–{:.3f})".format(count / n, *clopper_pearson(count, n))


def main(replications: int = 4000) -> None:
    """Print all tables."""
    print(f"{replications} replications; 95 % Clopper–Pearson intervals in parentheses\n")
    for n in (6, 10, 20):
        print_interval_coverage(n, replications)
    print_means(max(replications // 4, 10))
    print_false_positives(replications)
    print_pairs(max(replications // 4, 1), share)
    print_ranks_and_aggregates(max(replications // 4, 1))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
