"""Rank statistics on a matrix of scores: rows are blocks (or data sets), columns schemes, more is better."""

from itertools import combinations

import numpy as np
import scipy

from initbench.statistics.paired import RESOLUTION, PairedTest, differences, holm


def tied_ranks(values: np.ndarray, resolution) -> np.ndarray:
    """Ranks along the last axis, 1 the least; neighbours no further apart than their resolution share the average."""
    resolution = np.broadcast_to(resolution, np.shape(values))
    order = np.argsort(values, axis=-1, kind="stable")
    ordered, fine = (np.take_along_axis(part, order, axis=-1) for part in (values, resolution))
    apart = np.diff(ordered, axis=-1) > np.maximum(fine[..., 1:], fine[..., :-1])
    groups = np.zeros(np.shape(values), dtype=int)
    np.put_along_axis(groups, order[..., 1:], np.cumsum(apart, axis=-1), axis=-1)
    return scipy.stats.rankdata(groups, axis=-1)


def rank_rows(scores: np.ndarray) -> np.ndarray:
    """Ranks along the last axis, 1 the best, ties sharing the average; values within the resolution are tied."""
    scores = np.asarray(scores, dtype=float)
    return tied_ranks(-scores, RESOLUTION * np.abs(scores))


def signed_rank(d, resolution=0.0) -> PairedTest:
    """Wilcoxon's signed-rank test, zeros dropped, midranks for ties; statistic: W⁺ (Wilcoxon 1945).

    Exact for every n, with ties too, which scipy's exact method excludes: twice a midrank is an integer, so that the
    null distribution of W⁺ is a convolution. Demšar (2006, §3.1.3) gives half of the zeros' ranks to each side instead.
    resolution: of all or of each difference.
    """
    d = np.asarray(d, dtype=float)
    moving = d != 0
    fine = np.maximum(np.broadcast_to(resolution, d.shape), 1e-12 * np.abs(d).max(initial=0.0))[moving]
    d = d[moving]
    doubled = np.round(2 * tied_ranks(np.abs(d), fine)).astype(int)
    null = np.ones(1)
    for rank in doubled:
        null = (np.pad(null, (0, rank)) + np.pad(null, (rank, 0))) / 2
    positive = int(doubled[d > 0].sum())
    p = 2 * min(null[: positive + 1].sum(), null[positive:].sum())
    return PairedTest("Wilcoxon signed-rank, exact", positive / 2, min(1.0, float(p)))


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
    NaN where `drawn` does not vary: that no seed differed bounds nothing of further ones, and no width of zero covers.
    """
    deviation = _of_what_varies(np.std(drawn, axis=0), drawn)
    half = scipy.stats.t.ppf((1 + confidence) / 2, seeds - 1) * np.sqrt(seeds / (seeds - 1)) * deviation
    return np.array([estimate - half, estimate + half])


def _of_what_varies(deviation: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The deviation of values over their first axis, NaN where it is rounding."""
    return np.where(deviation > 1e-12 * np.abs(values).max(axis=0, initial=1.0), deviation, np.nan)


def t_interval(rows: np.ndarray, confidence: float = 0.95) -> np.ndarray:
    """Student's interval of the mean of independent rows (seeds, schemes): its ends, (2, schemes); NaN as above."""
    error = _of_what_varies(scipy.stats.sem(rows, axis=0), rows)
    half = scipy.stats.t.ppf((1 + confidence) / 2, len(rows) - 1) * error
    return np.array([rows.mean(axis=0) - half, rows.mean(axis=0) + half])


def seed_ranks(runs: np.ndarray) -> np.ndarray:
    """Ranks within every block and seed, averaged over blocks: (seeds, schemes) from runs (blocks, schemes, seeds).

    One independent row a seed, whatever the blocks share, and so the basis of inference over seeds.
    """
    return rank_rows(runs.transpose(2, 0, 1)).mean(axis=1)
