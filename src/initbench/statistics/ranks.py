"""Rank statistics on a matrix of scores: rows are blocks (or data sets), columns schemes, more is better."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

from initbench.statistics.frames import RESOLUTION
from initbench.statistics.paired import PairedTest, differences, signed_rank


@dataclass(frozen=True)
class Friedman:
    """Friedman's χ² and its p, and Iman and Davenport's F and p, which Demšar (2006) prefers."""

    chi2: float
    p: float
    f: float
    f_p: float


def rank_rows(scores: np.ndarray) -> np.ndarray:
    """Ranks along the last axis, 1 the best, ties sharing the average; values within the resolution are tied."""
    scores = np.asarray(scores, dtype=float)
    scale = np.abs(scores).max(initial=0.0) or 1.0
    return stats.rankdata(-np.round(scores / scale / RESOLUTION), axis=-1)


def friedman(scores: np.ndarray) -> Friedman | None:
    """Friedman's test with its correction for ties; None where it is undefined.

    It needs three schemes, two blocks and one block without a tie of all (Friedman 1937; Iman & Davenport 1980).
    """
    ranks = rank_rows(scores)
    n, k = ranks.shape
    if k < 3 or n < 2 or np.all(ranks == ranks[:, :1]):
        return None
    chi2, p = stats.friedmanchisquare(*ranks.T)
    # Rounding may carry χ² past its maximum, at which F has no bound.
    rest = max(n * (k - 1) - float(chi2), 0.0)
    f = (n - 1) * float(chi2) / rest if rest > 1e-9 * n * k else np.inf
    return Friedman(float(chi2), float(p), f, float(stats.f.sf(f, k - 1, (k - 1) * (n - 1))))


def critical_difference(schemes: int, blocks: int, alpha: float = 0.05) -> float:
    """Nemenyi's critical difference of mean ranks, q_α √(k(k+1)/6N) (Demšar 2006, eq. for CD, §3.2.2)."""
    q = stats.studentized_range.ppf(1 - alpha, schemes, np.inf) / np.sqrt(2)
    return float(q * np.sqrt(schemes * (schemes + 1) / (6 * blocks)))


def nemenyi(scores: np.ndarray) -> np.ndarray:
    """p of Nemenyi's test for every pair of schemes, (k, k), by scikit-posthocs (Nemenyi 1963)."""
    from scikit_posthocs import posthoc_nemenyi_friedman  # loads a plotting stack, which nothing else here needs

    return posthoc_nemenyi_friedman(rank_rows(scores)).to_numpy()


def wilcoxon_holm(scores: np.ndarray) -> list[tuple[int, int, PairedTest, float]]:
    """(i, j, Wilcoxon's test over blocks, p adjusted by Holm over all pairs) for i < j.

    The alternative to Nemenyi that does not depend on which other schemes are in the pool (Benavoli et al. 2016).
    """
    scores = np.asarray(scores, dtype=float)
    pairs = list(combinations(range(scores.shape[1]), 2))
    if not pairs:
        return []
    tests = [signed_rank(*differences(scores[:, i], scores[:, j])) for i, j in pairs]
    adjusted = multipletests([test.p for test in tests], method="holm")[1]
    return [(i, j, test, float(p)) for (i, j), test, p in zip(pairs, tests, adjusted, strict=True)]


def bootstrap_mean_ranks(runs: np.ndarray, rng: np.random.Generator, resamples: int = 2000) -> np.ndarray:
    """Mean ranks (resamples, schemes) when whole seeds are drawn with replacement; runs is (blocks, schemes, seeds).

    A seed goes with all its runs in all blocks, since they share data and draws: a cluster bootstrap (Field & Welsh 2007).
    """
    seeds = runs.shape[-1]
    weights = rng.multinomial(seeds, np.full(seeds, 1 / seeds), size=resamples) / seeds
    parts = np.array_split(weights, max(1, runs[..., 0].size * resamples // 500_000))  # to bound the memory
    return np.concatenate([rank_rows(np.moveaxis(runs @ part.T, -1, 0)).mean(axis=1) for part in parts])


def permuted_friedman_p(runs: np.ndarray, rng: np.random.Generator, permutations: int = 1999) -> float:
    """p of the null that schemes are exchangeable within every seed; runs is (blocks, schemes, seeds).

    The spread of the mean ranks is compared with that after relabelling the schemes seed by seed, each relabelling held
    over all blocks: unlike Friedman's own p it stays valid when blocks share their seeds.
    """
    _blocks, schemes, seeds = runs.shape
    observed = _spread(runs.mean(axis=-1))
    reached = 0
    for part in np.array_split(np.arange(permutations), max(1, runs.size * permutations // 2_000_000)):
        order = rng.permuted(np.tile(np.arange(schemes), (len(part), seeds, 1)), axis=-1)
        shuffled = runs.transpose(2, 1, 0)[np.arange(seeds)[:, None], order]  # (part, seeds, schemes, blocks)
        reached += int(np.sum(_spread(shuffled.mean(axis=1).swapaxes(1, 2)) >= observed - 1e-9))
    return (reached + 1) / (permutations + 1)


def _spread(scores: np.ndarray) -> np.ndarray:
    """Sum of squared deviations of the mean ranks; scores is (…, blocks, schemes)."""
    ranks = rank_rows(scores).mean(axis=-2)
    return ((ranks - (scores.shape[-1] + 1) / 2) ** 2).sum(axis=-1)
