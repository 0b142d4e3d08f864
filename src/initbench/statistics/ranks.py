"""Rank statistics on a matrix of scores: rows are blocks (or data sets), columns schemes, more is better."""

from itertools import combinations

import numpy as np
import scipy

from initbench.statistics.paired import RESOLUTION, PairedTest, differences, holm, signed_rank


def rank_rows(scores: np.ndarray) -> np.ndarray:
    """Ranks along the last axis, 1 the best, ties sharing the average; values within the resolution are tied."""
    scores = np.asarray(scores, dtype=float)
    scale = np.abs(scores).max(initial=0.0) or 1.0
    return scipy.stats.rankdata(-np.round(scores / scale / RESOLUTION), axis=-1)


def friedman(scores: np.ndarray) -> tuple[float, float] | None:
    """χ² and p of Friedman's test with its correction for ties; None where it is undefined.

    It needs three schemes, two blocks and one block without a tie of all (Friedman 1937).
    """
    ranks = rank_rows(scores)
    n, k = ranks.shape
    if k < 3 or n < 2 or np.all(ranks == ranks[:, :1]):
        return None
    chi2, p = scipy.stats.friedmanchisquare(*ranks.T)
    return float(chi2), float(p)


def critical_difference(schemes: int, blocks: int, alpha: float = 0.05) -> float:
    """Nemenyi's critical difference of mean ranks, q_α √(k(k+1)/6N) (Demšar 2006, eq. for CD, §3.2.2)."""
    q = scipy.stats.studentized_range.ppf(1 - alpha, schemes, np.inf) / np.sqrt(2)
    return float(q * np.sqrt(schemes * (schemes + 1) / (6 * blocks)))


def nemenyi(scores: np.ndarray) -> np.ndarray:
    """p of Nemenyi's test for every pair of schemes, (k, k) (Nemenyi 1963)."""
    mean = rank_rows(scores).mean(axis=0)
    n, k = np.shape(scores)
    q = np.abs(mean[:, None] - mean) / np.sqrt(k * (k + 1.0) / (6.0 * n))
    p = np.ones((k, k))
    upper = np.triu_indices(k, 1)
    p[upper] = scipy.stats.studentized_range.sf(q[upper] * np.sqrt(2.0), k, np.inf)
    return np.minimum(p, p.T)


def wilcoxon_holm(scores: np.ndarray) -> list[tuple[int, int, PairedTest, float]]:
    """(i, j, Wilcoxon's test over blocks, p adjusted by Holm over all pairs) for i < j.

    The alternative to Nemenyi that does not depend on which other schemes are in the pool (Benavoli et al. 2016).
    """
    scores = np.asarray(scores, dtype=float)
    pairs = list(combinations(range(scores.shape[1]), 2))
    if not pairs:
        return []
    tests = [signed_rank(*differences(scores[:, i], scores[:, j])) for i, j in pairs]
    adjusted = holm([test.p for test in tests])
    return [(i, j, test, float(p)) for (i, j), test, p in zip(pairs, tests, adjusted, strict=True)]


def bootstrap_mean_ranks(runs: np.ndarray, rng: np.random.Generator, resamples: int = 2000) -> np.ndarray:
    """Mean ranks (resamples, schemes) when whole seeds are drawn with replacement; runs is (blocks, schemes, seeds).

    A seed goes with all its runs in all blocks, since they share data and draws: a cluster bootstrap (Field & Welsh 2007).
    """
    seeds = runs.shape[-1]
    weights = rng.multinomial(seeds, np.full(seeds, 1 / seeds), size=resamples) / seeds
    parts = np.array_split(weights, max(1, runs[..., 0].size * resamples // 500_000))  # to bound the memory
    return np.concatenate([rank_rows(np.moveaxis(runs @ part.T, -1, 0)).mean(axis=1) for part in parts])


def mean_rank_interval(mean_ranks, drawn: np.ndarray, seeds: int, confidence: float = 0.95) -> np.ndarray:
    """Ends (2, schemes) of an interval from resampled mean ranks `drawn` (resamples, schemes).

    The outer ends of the percentile interval and of mean rank ± t · bootstrap standard error: ranks of means are not
    smooth, and each of the two falls well short where the other holds (the first between schemes that differ a little,
    the second between equal ones).
    """
    k = drawn.shape[1]
    ends = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    around = bootstrap_t_interval(mean_ranks, drawn, seeds, confidence)
    return np.clip([np.minimum(ends[0], around[0]), np.maximum(ends[1], around[1])], 1, k)


def bootstrap_t_interval(estimate, drawn: np.ndarray, seeds: int, confidence: float = 0.95) -> np.ndarray:
    """estimate ± t_{seeds−1} · √(seeds/(seeds−1)) · standard deviation of `drawn`, over its first axis.

    The factor undoes the bootstrap's division by n: without it and with normal quantiles, ten seeds cover 90 %, not 95 %.
    """
    half = scipy.stats.t.ppf((1 + confidence) / 2, seeds - 1) * np.sqrt(seeds / (seeds - 1)) * np.std(drawn, axis=0)
    return np.array([estimate - half, estimate + half])


def t_interval(rows: np.ndarray, confidence: float = 0.95) -> np.ndarray:
    """Student's interval of the mean of independent rows (seeds, schemes): its ends, (2, schemes)."""
    half = scipy.stats.t.ppf((1 + confidence) / 2, len(rows) - 1) * scipy.stats.sem(rows, axis=0)
    return np.array([rows.mean(axis=0) - half, rows.mean(axis=0) + half])


def seed_ranks(runs: np.ndarray) -> np.ndarray:
    """Ranks within every block and seed, averaged over blocks: (seeds, schemes) from runs (blocks, schemes, seeds).

    One independent row a seed, whatever the blocks share, and so the basis of inference over seeds.
    """
    return rank_rows(runs.transpose(2, 0, 1)).mean(axis=1)


def permuted_ranges(ranks: np.ndarray, rng: np.random.Generator, permutations: int = 9999) -> np.ndarray:
    """Largest minus smallest mean over seeds when schemes are relabelled at random within every seed, (permutations,).

    ranks is (seeds, schemes). The null distribution of any difference of mean ranks, by the most extreme pair: it gives
    a global p, a critical difference and p adjusted for all pairs, valid when blocks share their seeds.
    """
    parts = np.array_split(np.arange(permutations), max(1, ranks.size * permutations // 4_000_000))
    ranges = []
    for part in parts:
        means = rng.permuted(np.broadcast_to(ranks, (len(part), *ranks.shape)), axis=-1).mean(axis=1)
        ranges.append(means.max(axis=-1) - means.min(axis=-1))
    return np.concatenate(ranges)


def permutation_p(observed: float, null: np.ndarray) -> float:
    """(1 + how many reach the observed) / (1 + how many) (Phipson & Smyth 2010)."""
    return float((1 + np.sum(null >= observed - 1e-9)) / (1 + len(null)))
