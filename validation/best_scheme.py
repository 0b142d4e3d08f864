"""Whether `best` is right: python validation/best_scheme.py [REPLICATIONS]. Prints tables of docs/reference/statistics.md.

Error rates of its lists where they are hardest to keep, and how often the best scheme is within the margin where the probability
that it is, is said to be so much.
"""

import sys
from itertools import pairwise, product

import numpy as np

from initbench.base.randomness import keyed
from initbench.statistics.choosing import below_best, best_means, flips, sure_within, within_margin
from initbench.statistics.proportions import clopper_pearson

MARGIN, SEED = 0.01, 0.02  # the second: deviation of what all runs of a seed share
RUNS = (0.006, 0.02)  # deviations of a run
DESIGNS = {
    "all six alike": (0, 0, 0, 0, 0, 0),
    "five at the margin below the best": (0, -1, -1, -1, -1, -1),
    "one at the margin below the best": (0, -1),
    "two best, two at the margin, two that never learn": (0, 0, -1, -1, -80, -80),
}  # means in margins
SPREADS, SEEDS = (0.003, 0.01, 0.03), (6, 10, 20)
EDGES = (0, 0.6, 0.8, 0.9, 0.95, 0.99, 1.001)


def skewed(rng, shape):
    """A long tail downwards, mean 0 and deviation 1."""
    return -(np.exp(0.8 * rng.standard_normal(shape)) - np.exp(0.32)) / np.sqrt(np.exp(1.28) - np.exp(0.64))


def now_and_then(rng, shape):
    """One run in twenty lies six deviations lower; mean 0."""
    return rng.standard_normal(shape) - 6 * (rng.random(shape) < 0.05) + 0.3


def unequal(rng, shape):
    """Deviations between 1/e and e, another for each scheme."""
    return rng.standard_normal(shape) * np.exp(rng.uniform(-1, 1, shape[-1]))


NOISE = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "tied (1/360 steps)": lambda rng, shape: rng.standard_normal(shape),
    "skewed": skewed,
    "unequal": unequal,
    "now and then a failure": now_and_then,
}


def accuracies(rng, means: np.ndarray, kind: str, seeds: int, run: float = RUNS[0]) -> np.ndarray:
    """Test accuracies (seeds, schemes) around 0.9 + means."""
    level = 0.9 + means + SEED * rng.standard_normal((seeds, 1))
    values = level + run * NOISE[kind](rng, (seeds, len(means)))
    return np.round(values * 360) / 360 if kind.startswith("tied") else values


def wrong_lists(design: str, kind: str, replications: int, seeds: int = 10) -> tuple[int, int]:
    """How often a scheme is called as good that is not within the margin, and one of the best worse."""
    rng, signs = keyed(0, "lists", design, kind, seeds), flips(seeds)
    means = MARGIN * np.array(DESIGNS[design], dtype=float)
    best, beyond = means == 0, means < -MARGIN / 2
    good = worse = 0
    for _ in range(replications):
        values = accuracies(rng, means, kind, seeds)
        good += bool(beyond.any() and within_margin(values, MARGIN, signs)[beyond].min() <= 0.05)
        worse += bool(below_best(values, signs)[best].min() <= 0.05)
    return good, worse


def said_and_true(kind: str, spread: float, seeds: int, replications: int, schemes: int = 6) -> np.ndarray:
    """(replications, 2): how sure it is said to be that the best scheme is within the margin, and whether it is.

    The schemes' true means are drawn with the deviation `spread`.
    """
    rng, found = keyed(0, "how sure", kind, str(spread), seeds), []
    for run in RUNS * (replications // len(RUNS)):
        means = spread * rng.standard_normal(schemes)
        values = accuracies(rng, means, kind, seeds, run)
        top = best_means(values.mean(axis=0))
        said = sure_within(values, MARGIN, rng, 1000)[top].min()
        found.append((said, (means[top] >= means.max() - MARGIN).all()))
    return np.array(found, dtype=float)


def print_lists(replications: int) -> None:
    """Error rates of the lists."""
    print("| true means | runs | wrongly as good | wrongly worse |\n|---|---|---|---|")
    for design, kind in product(DESIGNS, NOISE):
        good, worse = wrong_lists(design, kind, replications)
        none = not any(mean < 0 for mean in DESIGNS[design])
        print(f"| {design} | {kind} | {'' if none else share(good, replications)} | {share(worse, replications)} |")


def print_calibration(replications: int) -> None:
    """Said against true, by noise and by how far the schemes lie apart."""
    found = {
        (kind, spread): np.concatenate([said_and_true(kind, spread, seeds, replications) for seeds in SEEDS])
        for kind, spread in product(NOISE, SPREADS)
    }
    headings = [f"{low:g}–{min(high, 1):g}" for low, high in pairwise(EDGES)]
    print("\n| | " + " | ".join(headings) + " |\n|---" + "|---" * len(headings) + "|")
    for kind in NOISE:
        print(f"| runs {kind} | " + " | ".join(by_said(np.concatenate([found[kind, s] for s in SPREADS]))) + " |")
    for spread in SPREADS:
        print(
            f"| means {spread:g} apart | "
            + " | ".join(by_said(np.concatenate([found[k, spread] for k in NOISE])))
            + " |"
        )


def by_said(found: np.ndarray) -> list[str]:
    """In each range of what is said: the mean of it → the share in which it is true (of how many)."""
    parts = [found[(found[:, 0] >= low) & (found[:, 0] < high)] for low, high in pairwise(EDGES)]
    return ["{:.2f} → {:.2f} ({})".format(*part.mean(axis=0), len(part)) if len(part) else "" for part in parts]


def share(count: int, n: int) -> str:
    """A share with its interval."""
    return "{:.3f} ({:.3f}–{:.3f})".format(count / n, *clopper_pearson(count, n))


def main(replications: int = 1000) -> None:
    """Print all tables."""
    print_lists(replications)
    print_calibration(replications)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
