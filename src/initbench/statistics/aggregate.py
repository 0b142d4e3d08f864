"""Aggregates over a matrix of scores (runs × tasks), after Agarwal et al. (2021): a task is a block, a run a seed.

*Stratified* intervals resample the runs of every task on its own and take percentiles, as that paper does. *Clustered*
ones resample whole seeds, a seed keeping its runs in all tasks, and take the estimate ± t · standard error, which ten
seeds need. Where tasks share data and draws, as blocks of one data set do, the clustered ones are right and the
stratified ones far too narrow.
"""

import numpy as np
import pandas as pd
from scipy import stats

from initbench.base.randomness import keyed
from initbench.statistics.frames import METRICS, MINIMUM_SEEDS, complete_grid, join_notes, scopes, scores, table_of
from initbench.statistics.paired import MOST_NUMBERS, beaten, vargha_delaney
from initbench.statistics.ranks import bootstrap_t_interval

SHARED = {**dict.fromkeys(["scope", "metric", "scheme"], "str")}
SIZES = {"blocks": "int64", "seeds": "int64", "note": "str"}
INTERVALS = ["stratified_low", "stratified_high", "low", "high"]
SCORE_COLUMNS = {**SHARED, "aggregate": "str", **dict.fromkeys(["value", *INTERVALS], "float64"), **SIZES}
PAIR_COLUMNS = {**SHARED, "reference": "str", **dict.fromkeys(["probability", "low", "high"], "float64"), **SIZES}
PROFILE_COLUMNS = {**SHARED, **dict.fromkeys(["threshold", "share", "low", "high"], "float64"), **SIZES}


def interquartile_mean(scores, axis=None):
    """Mean of the middle half of all scores: a quarter of them cut off at each end (Agarwal et al. 2021, §4.3)."""
    return stats.trim_mean(scores, 0.25, axis=axis)


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

    columns = tuple(np.asarray(scores, dtype=float).T)
    batch = max(1, MOST_NUMBERS // (4 * np.size(scores)))  # resamples at once, each with a few arrays of that size
    options = {
        "confidence_level": confidence,
        "n_resamples": resamples,
        "method": "percentile",
        "rng": rng,
        "batch": batch,
    }
    return stats.bootstrap(columns, over_tasks, paired=paired, vectorized=True, **options)


def probability_of_improvement(x, y) -> float:
    """P(X > Y) + ½ P(X = Y) of a run of each in the same task, averaged over tasks; x, y are (runs, tasks)."""
    return float(np.mean([vargha_delaney(a, b) for a, b in zip(np.transpose(x), np.transpose(y), strict=True)]))


def performance_profile(scores, thresholds) -> np.ndarray:
    """Share of all runs with a score above each threshold, (thresholds,) (Agarwal et al. 2021, eq. for run scores)."""
    return _above(np.asarray(scores, dtype=float), thresholds).mean(axis=0)


def _above(scores: np.ndarray, thresholds) -> np.ndarray:
    """The same for each seed, (runs, thresholds)."""
    return (scores[:, :, None] > np.asarray(thresholds, dtype=float)).mean(axis=1)


def aggregate_scores(
    runs: pd.DataFrame,
    metric: str = "test_accuracy",
    *,
    by: tuple[str, ...] = ("dataset",),
    diverged: str = "worst",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Interquartile mean, mean and median of each scheme over all its runs in a scope's complete blocks.

    Columns: `scope`, `metric`, `scheme`, `aggregate` (iqm, mean, median), `value`, `low` and `high` by the clustered
    bootstrap, `stratified_low` and `stratified_high` by Agarwal's, `blocks`, `seeds`, `note`.
    """
    rows = []
    for shared, grid, sign in _grids(runs, metric, by, diverged):
        for scheme, scored in _matrices(grid, sign).items():
            for name, aggregate in AGGREGATES.items():
                row = shared | {"scheme": scheme, "aggregate": name, "value": np.nan} | dict.fromkeys(INTERVALS, np.nan)
                if scored.size:
                    row["value"] = float(aggregate(scored, axis=None))
                if len(scored) >= MINIMUM_SEEDS and scored.size:
                    rng = keyed(0, "aggregate", shared["scope"], scheme, name)
                    ends = (*stratified_interval(scored, aggregate, rng, confidence),)
                    ends += (*clustered_interval(scored, aggregate, rng, confidence),)
                    row |= dict(zip(INTERVALS, ends, strict=True))
                rows.append(row)
    return table_of(rows, SCORE_COLUMNS)


def probabilities_of_improvement(
    runs: pd.DataFrame,
    reference: str = "xavier_tanh",
    metric: str = "test_accuracy",
    *,
    by: tuple[str, ...] = ("dataset",),
    diverged: str = "worst",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Probability that a run of each scheme beats one of the reference in the same block, averaged over blocks.

    Columns: `scope`, `metric`, `scheme`, `reference`, `probability`, `low` and `high` by the clustered bootstrap (both
    schemes keep the same seeds), `blocks`, `seeds`, `note`.
    """
    rows = []
    for shared, grid, _sign in _grids(runs, metric, by, diverged):
        matrices = _matrices(grid, 1)  # more is better, whatever the metric
        for scheme in (name for name in matrices if name != reference):
            row = (
                shared
                | {"scheme": scheme, "reference": reference}
                | dict.fromkeys(("probability", "low", "high"), np.nan)
            )
            x, y = matrices[scheme], matrices.get(reference)
            if y is None:
                row["note"] = f"cannot be compared, because there is no run of {reference}"
            elif x.size:
                row["probability"] = probability_of_improvement(x, y)
                if len(x) >= MINIMUM_SEEDS:
                    weights = _weights(len(x), keyed(0, "improvement", shared["scope"], scheme, reference))
                    drawn = np.concatenate([_improvements(x, y, some) for some in _few(weights)])
                    row["low"], row["high"] = _shares(row["probability"], drawn, len(x), confidence)
            rows.append(row)
    return table_of(rows, PAIR_COLUMNS)


def performance_profiles(
    runs: pd.DataFrame,
    metric: str = "test_accuracy",
    thresholds=None,
    *,
    by: tuple[str, ...] = ("dataset",),
    diverged: str = "worst",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Share of each scheme's runs that are better than each threshold, with a pointwise clustered interval.

    Better is above for an accuracy and below for a loss; 101 thresholds over the range of the scores by default. Columns:
    `scope`, `metric`, `scheme`, `threshold`, `share`, `low`, `high`, `blocks`, `seeds`, `note`.
    """
    rows = []
    for shared, grid, sign in _grids(runs, metric, by, diverged):
        ends = (grid.runs.min(), grid.runs.max()) if grid.runs.size else (0.0, 0.0)
        levels = np.linspace(*ends, 101) if thresholds is None else sign * np.asarray(thresholds, dtype=float)
        for scheme, scored in _matrices(grid, 1).items():
            if not scored.size:
                continue
            per_seed = _above(scored, levels)
            low = high = np.full(len(levels), np.nan)
            if len(scored) >= MINIMUM_SEEDS:
                weights = _weights(len(scored), keyed(0, "profile", shared["scope"], scheme))
                low, high = _shares(per_seed.mean(axis=0), weights @ per_seed, len(scored), confidence)
            curve = zip(sign * levels, per_seed.mean(axis=0), low, high, strict=True)
            names = ("threshold", "share", "low", "high")
            rows += [shared | {"scheme": scheme} | dict(zip(names, point, strict=True)) for point in curve]
    return table_of(rows, PROFILE_COLUMNS)


def _grids(runs, metric, by, diverged):
    """(shared columns, complete grid, sign of the metric) for each scope."""
    for scope, part in scopes(scores(runs, metric, diverged), by):
        grid = complete_grid(part, metric)
        blocks, _, seeds = grid.runs.shape
        short = f"no interval from {seeds} seeds: it takes {MINIMUM_SEEDS}" if seeds < MINIMUM_SEEDS else None
        note = join_notes(short if grid.runs.size else "no block has every scheme at one seed", grid.note)
        shared = {"scope": scope, "metric": metric, "blocks": blocks, "seeds": seeds, "note": note}
        yield shared, grid, 1 if METRICS[metric].higher_is_better else -1


def _matrices(grid, sign: int) -> dict[str, np.ndarray]:
    """scheme → (seeds, blocks)."""
    return {scheme: sign * grid.runs[:, place].T for place, scheme in enumerate(grid.schemes)}


def _weights(seeds: int, rng: np.random.Generator, resamples: int = 2000) -> np.ndarray:
    """How often each seed is drawn, as shares, (resamples, seeds)."""
    return rng.multinomial(seeds, np.full(seeds, 1 / seeds), size=resamples) / seeds


def _few(weights: np.ndarray) -> list[np.ndarray]:
    """Some resamples at a time, to bound the memory."""
    return np.array_split(weights, -(-weights.size // MOST_NUMBERS))


def _improvements(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
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


def _shares(estimate, drawn: np.ndarray, seeds: int, confidence: float) -> np.ndarray:
    """Both ends of a clustered interval of shares, kept within 0 and 1."""
    return np.clip(bootstrap_t_interval(estimate, drawn, seeds, confidence), 0, 1)
