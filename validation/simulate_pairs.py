"""How often pairs of equal schemes are told apart, and pairs of unequal ones: the step-down of all pairs, beside others."""

from itertools import combinations

import numpy as np

from initbench.base.randomness import keyed
from initbench.statistics.paired import holm, sign_flip
from initbench.statistics.step_down import step_down

SEEDS = 10
STUDIES = {  # levels and deviations of a run of six schemes; those with the same of both are alike
    "all alike": ((0, 0, 0, 0, 0, 0), (1, 1, 1, 1, 1, 1)),
    "two unstable ones among steady ones": ((0, 0, 3, 6, 9, 12), (8, 8, 1, 1, 1, 1)),
    "two unstable ones, four alike": ((0, 0, 5, 5, 5, 5), (6, 6, 1, 1, 1, 1)),
    "three pairs": ((0, 0, 5, 5, 10, 10), (1, 1, 1, 1, 1, 1)),
    "two triples": ((0, 0, 0, 5, 5, 5), (1, 1, 1, 1, 1, 1)),
    "all different": ((0, 0.8, 1.6, 2.4, 3.2, 4), (1, 1, 1, 1, 1, 1)),
}
NOISE = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "ties": lambda rng, shape: np.round(rng.standard_normal(shape)),
    "skewed": lambda rng, shape: -rng.exponential(size=shape),
    "one in five diverged": lambda rng, shape: np.where(rng.random(shape) < 0.2, -10, rng.standard_normal(shape)),
}


def pair_differences(scores: np.ndarray) -> np.ndarray:
    """Differences (pairs, seeds) of every pair of schemes, from scores (schemes, seeds)."""
    first, second = np.array(list(combinations(range(len(scores)), 2))).T
    return scores[first] - scores[second]


def by_own_p(d: np.ndarray) -> np.ndarray:
    """Each pair's own sign-flip p, not adjusted."""
    return np.array([sign_flip(row).p for row in d])


def by_holm(d: np.ndarray) -> np.ndarray:
    """Own p by Holm over all pairs."""
    return holm(by_own_p(d))


METHODS = {"own p": by_own_p, "Holm": by_holm, "step-down": step_down}


def pairs_found(study: str, noise: str, replications: int) -> dict[str, tuple[int, float]]:
    """Of each method: studies with any pair of alike schemes told apart at 0.05, and the mean share of other pairs found."""
    levels, deviations = (np.array(part, dtype=float)[:, None] for part in STUDIES[study])
    rng = keyed(0, "pairs", study, noise)
    same = (pair_differences(levels) == 0)[:, 0] & (pair_differences(deviations) == 0)[:, 0]
    false, found = dict.fromkeys(METHODS, 0), dict.fromkeys(METHODS, 0.0)
    for _ in range(replications):
        d = pair_differences(levels + deviations * NOISE[noise](rng, (len(levels), SEEDS)))
        for name, method in METHODS.items():
            told_apart = method(d) <= 0.05
            false[name] += bool(told_apart[same].any())
            found[name] += told_apart[~same].mean() if (~same).any() else 0.0
    return {name: (false[name], found[name] / replications) for name in METHODS}


def print_pairs(replications: int, share) -> None:
    """The rates of every made-up study and noise; `share` writes a count of so many with its interval."""
    print("\nPairs of six schemes, 10 seeds, at 0.05: studies with any pair of alike schemes told apart\n")
    print("| schemes | noise | own p, not adjusted | Holm over 15 pairs | step-down | others found: Holm | step-down |")
    print("|---|---|---|---|---|---|---|")
    for study in STUDIES:
        for noise in NOISE:
            rates = pairs_found(study, noise, replications)
            false = (
                " | ".join(share(count, replications) for count, _ in rates.values())
                if study != "all different"
                else " |  | "
            )
            others = [f"{rates[name][1]:.2f}" if study != "all alike" else "" for name in ("Holm", "step-down")]
            print(f"| {study} | {noise} | {false} | {' | '.join(others)} |")
