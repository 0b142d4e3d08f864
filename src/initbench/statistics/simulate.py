"""Measured coverage and error rates of the statistics: `python -m initbench.statistics.simulate [replications]`.

Prints the tables of docs/statistics.md. Seeded: the same number of replications gives the same tables.
"""

import sys

import numpy as np
from statsmodels.stats.multitest import multipletests

from initbench.randomness import keyed
from initbench.statistics.interval_candidates import CANDIDATES, coverage, populations
from initbench.statistics.paired import TESTS, differences
from initbench.statistics.ranks import bootstrap_mean_ranks, friedman, permuted_friedman_p, rank_rows
from initbench.statistics.rates import clopper_pearson

TEST_SIZE = 360  # samples in the test split of the digits data: accuracies are multiples of 1/360


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
        found += bool(multipletests(p, method="holm")[0].any())
    return found


def tuned_false_positives(rates: int, seeds: int, replications: int) -> int:
    """The same for two schemes whose rate was chosen on validation data of the same runs: three quarters of the noise of
    a run is common to its validation and test accuracy, and all rates are equally good."""
    rng, found = keyed(0, "null after tuning", rates, seeds), 0
    for _ in range(replications):
        level = 0.9 + 0.02 * rng.standard_normal(seeds)
        common = level + 0.0087 * rng.standard_normal((2, rates, seeds))
        valid, test = (common + 0.005 * rng.standard_normal(common.shape) for _ in range(2))
        chosen = valid.mean(axis=2).argmax(axis=1)
        found += TESTS["sign_flip"](test[0, chosen[0]] - test[1, chosen[1]]).p <= 0.05
    return found


def null_grid(rng, blocks: int, schemes: int, seeds: int, shared: float) -> np.ndarray:
    """Scores (blocks, schemes, seeds) when schemes are alike; `shared` of the variance of a run is common to all blocks."""
    own, common = rng.standard_normal((blocks, schemes, seeds)), rng.standard_normal((schemes, seeds))
    return np.sqrt(shared) * common + np.sqrt(1 - shared) * own


def rank_false_positives(shared: float, replications: int, blocks=24, schemes=8, seeds=10) -> tuple[int, int]:
    """How often Friedman's test and the permutation of schemes within seeds reject at 0.05 when schemes are alike."""
    rng, found = keyed(0, "null ranks", str(shared), blocks, schemes, seeds), np.zeros(2, dtype=int)
    for _ in range(replications):
        runs = null_grid(rng, blocks, schemes, seeds, shared)
        found += [friedman(runs.mean(axis=2)).p <= 0.05, permuted_friedman_p(runs, rng, 199) <= 0.05]
    return int(found[0]), int(found[1])


def rank_interval_coverage(step: float, seeds: int, replications: int, blocks=24, schemes=8) -> float:
    """How often the interval of a mean rank holds its expectation over such studies; schemes differ by `step` std a run."""
    rng = keyed(0, "rank intervals", str(step), seeds)
    effects = step * np.arange(schemes)[:, None]
    studies = [effects + null_grid(rng, blocks, schemes, seeds, 0.3) for _ in range(replications)]
    expected = np.mean([rank_rows(s.mean(axis=2)).mean(axis=0) for s in studies], axis=0)
    held = [_holds(expected, bootstrap_mean_ranks(study, rng, 400)) for study in studies]
    return float(np.mean(held))


def _holds(truth: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return (low - 1e-9 <= truth) & (truth <= high + 1e-9)


def main(replications: int = 4000) -> None:
    """Print all tables."""
    share = lambda count, n: "{:.3f} ({:.3f}–{:.3f})".format(count / n, *clopper_pearson(count, n))  # noqa: E731
    print(f"{replications} replications; 95 % Clopper–Pearson intervals in parentheses\n")
    for n in (6, 10, 20):
        print(f"Coverage of the median difference, {n} seeds, nominal 0.95\n")
        print("| interval | " + " | ".join(populations()) + " |\n|---" * 1 + "|---" * len(populations()) + "|")
        for name, candidate in CANDIDATES.items():
            rng = keyed(0, "coverage", name, n)
            found = [coverage(candidate, p, n, replications, rng) for p in populations().values()]
            print(f"| {name} | " + " | ".join(f"{c:.3f}" for c in found) + " |")
        print()
    print(
        "False positives at 0.05 when schemes are alike\n\n| test | seeds | schemes against the reference | runs | rate |"
    )
    print("|---|---|---|---|---|")
    for test, seeds, kind, schemes in NULLS:
        count = false_positives(test, seeds, kind, replications, schemes)
        print(f"| {test} | {seeds} | {schemes - 1} | {kind} | {share(count, replications)} |")
    for rates in (3, 10):
        count = tuned_false_positives(rates, 10, replications)
        print(f"| sign_flip | 10 | 1 | best of {rates} rates | {share(count, replications)} |")
    few = max(replications // 4, 1)
    print("\n| share of a run's variance common to all blocks | Friedman | permutation within seeds |\n|---|---|---|")
    for shared in (0.0, 0.1, 0.3):
        counts = rank_false_positives(shared, few)
        print(f"| {shared:g} | " + " | ".join(share(count, few) for count in counts) + " |")
    print("\n| seeds | step between schemes (std of a run) | coverage of a mean rank's interval |\n|---|---|---|")
    for seeds, step in ((6, 0.3), (10, 0.0), (10, 0.3), (10, 1.0), (30, 0.3)):
        print(f"| {seeds} | {step:g} | {rank_interval_coverage(step, seeds, few // 4):.3f} |")


NULLS = [
    *((test, 10, kind, 2) for test in TESTS for kind in ("plain", "ties", "diverging")),
    ("sign_flip", 6, "plain", 2),
    ("sign_flip", 20, "plain", 2),
    ("sign_flip", 10, "plain", 8),
    ("sign_flip", 10, "ties", 11),
]

if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
