"""Aggregates over a matrix of scores (runs × tasks), after Agarwal et al. (2021): a task is a block, a run a seed.

*Stratified* intervals resample the runs of every task on its own and take percentiles, as that paper does. *Clustered*
ones resample whole seeds, a seed keeping its runs in all tasks, and take the estimate ± t · standard error, which ten
seeds need. Where tasks share data and draws, as blocks of one data set do, the clustered ones are right and the
stratified ones far too narrow.
"""

import numpy as np
import scipy

from initbench.statistics.paired import MOST_NUMBERS, beaten, vargha_delaney
from initbench.statistics.ranks import bootstrap_t_interval


def interquartile_mean(scores, axis=None):
    """Mean of the middle half of all scores: a quarter of them cut off at each end (Agarwal et al. 2021, §4.3)."""
    return scipy.stats.trim_mean(scores, 0.25, axis=axis)


AGGREGATES = {"iqm": interquartile_mean, "mean": np.mean, "median": np.median}


def stratified_interval(scores, aggregate, rng, confidence=0.95, resamples=2000) -> tuple[float, float]:
    """Percentile interval of aggregate(scores, axis) by Agarwal et al.'s stratified bootstrap; scores (runs, tasks)."""
    result = _bootstrap(scores, aggregate, rng, resamples, paired=False, confidence=confidence)
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def clustered_interval(scores, aggregate, rng, confidence=0.95, resamples=2000) -> tuple[float, float]:
    """aggregate ± t · standard error, from resamples of whole runs (seeds); scores (runs, tasks)."""
    drawn = _bootstrap(scores, aggregate, rng, resamples, paired=True, confidence=confidence).bootstrap_distribution
    low, high = bootstrap_t_interval(aggregate(np.asarray(scores), axis=None), drawn, len(scores), confidence)
    return float(low), float(high)


def _bootstrap(scores, aggregate, rng, resamples, paired, confidence):
    """scipy's bootstrap of tasks as samples, drawn independently or, paired, by the same seeds."""

    def over_tasks(*tasks, axis=-1):
        return aggregate(np.concatenate(tasks, axis=axis), axis=axis)

    return scipy.stats.bootstrap(
        tuple(np.asarray(scores, dtype=float).T),
        over_tasks,
        paired=paired,
        vectorized=True,
        confidence_level=confidence,
        n_resamples=resamples,
        method="percentile",
        rng=rng,
        batch=max(1, MOST_NUMBERS // (4 * np.size(scores))),  # resamples at once, each with a few arrays of that size
    )


def probability_of_improvement(x, y) -> float:
    """P(X > Y) + ½ P(X = Y) of a run of each in the same task, averaged over tasks; x, y are (runs, tasks)."""
    return float(np.mean([vargha_delaney(a, b) for a, b in zip(np.transpose(x), np.transpose(y), strict=True)]))


def improvement_interval(x, y, rng, confidence=0.95, resamples=2000) -> tuple[float, float]:
    """Clustered interval of `probability_of_improvement`: both schemes keep the same resampled seeds."""
    weights = seed_weights(len(x), rng, resamples)
    parts = np.array_split(weights, -(-weights.size // MOST_NUMBERS))  # to bound the memory
    drawn = np.concatenate([weighted_improvement(x, y, part) for part in parts])
    low, high = _interval_of_share(probability_of_improvement(x, y), drawn, len(x), confidence)
    return float(low), float(high)


def weighted_improvement(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ_ij w_i w_j B_ij for each resample's weights w, (resamples,); x and y are (seeds, tasks).

    B_ij: share of tasks in which seed i of x beats seed j of y, ties half. By cumulated weights of y in order, since B
    itself would be (seeds, seeds).
    """
    found = np.zeros(len(weights))
    for a, b in zip(x.T, y.T, strict=True):
        order = np.argsort(b, kind="stable")
        below, tied = beaten(a, b[order])
        cumulated = np.concatenate([np.zeros((len(weights), 1)), np.cumsum(weights[:, order], axis=1)], axis=1)
        found += np.vecdot(weights, (cumulated[:, below] + cumulated[:, tied]) / 2)
    return found / x.shape[1]


def shares_above(scores: np.ndarray, thresholds) -> np.ndarray:
    """Share of each run's tasks with a score above each threshold, (runs, thresholds); scores (runs, tasks).

    Its mean over runs is the performance profile (Agarwal et al. 2021, eq. for run scores).
    """
    return (np.asarray(scores)[:, :, None] > np.asarray(thresholds, dtype=float)).mean(axis=1)


def profile_interval(shares: np.ndarray, rng, confidence=0.95, resamples=2000) -> np.ndarray:
    """Clustered interval of a performance profile at each threshold alone: its ends (2, thresholds) from `shares_above`."""
    weights = seed_weights(len(shares), rng, resamples)
    return _interval_of_share(shares.mean(axis=0), weights @ shares, len(shares), confidence)


def seed_weights(seeds: int, rng: np.random.Generator, resamples: int = 2000) -> np.ndarray:
    """How often each seed is drawn when as many are drawn with replacement, as shares, (resamples, seeds)."""
    return rng.multinomial(seeds, np.full(seeds, 1 / seeds), size=resamples) / seeds


def _interval_of_share(estimate, drawn: np.ndarray, seeds: int, confidence: float) -> np.ndarray:
    """Both ends of a clustered interval of shares, kept within 0 and 1."""
    return np.clip(bootstrap_t_interval(estimate, drawn, seeds, confidence), 0, 1)
