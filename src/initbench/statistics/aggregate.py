"""Aggregates over a matrix of scores (runs × tasks), after Agarwal et al. (2021): a task is a block, a run a seed.

All intervals are percentile bootstraps. *Stratified* resamples the runs of every task on its own, as that paper does;
*clustered* resamples whole seeds, a seed keeping its runs in all tasks. Where tasks share data and draws, as blocks of
one data set do, the clustered one is right and the stratified one as a rule too narrow.
"""

import numpy as np
import pandas as pd
from scipy import stats

from initbench.randomness import keyed
from initbench.statistics.frames import METRICS, MINIMUM_SEEDS, join_notes, scopes, scores, table_of
from initbench.statistics.paired import vargha_delaney
from initbench.statistics.rankings import complete_grid

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


def optimality_gap(scores, target: float = 1.0) -> float:
    """By how much the scores fall short of the target on average, those above it counting as at it."""
    return float(np.mean(np.maximum(target - np.asarray(scores, dtype=float), 0.0)))


def bootstrap_interval(
    scores, aggregate, rng, *, clustered: bool, confidence=0.95, resamples=2000
) -> tuple[float, float]:
    """Percentile interval of aggregate(scores, axis); scores is (runs, tasks), at least two runs. By scipy."""

    def over_tasks(*tasks, axis=-1):
        return aggregate(np.concatenate(tasks, axis=axis), axis=axis)

    columns = tuple(np.asarray(scores, dtype=float).T)
    options = {"confidence_level": confidence, "n_resamples": resamples, "method": "percentile", "rng": rng}
    interval = stats.bootstrap(columns, over_tasks, paired=clustered, vectorized=True, **options).confidence_interval
    return float(interval.low), float(interval.high)


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
                    low, high = bootstrap_interval(scored, aggregate, rng, clustered=True, confidence=confidence)
                    row |= {"low": low, "high": high}
                    low, high = bootstrap_interval(scored, aggregate, rng, clustered=False, confidence=confidence)
                    row |= {"stratified_low": low, "stratified_high": high}
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
        matrices = _matrices(grid, 1)
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
                    beaten = _beaten(x, y)
                    drawn = np.einsum("bi,ij,bj->b", weights, beaten, weights, optimize=True)
                    row["low"], row["high"] = _quantiles(drawn, confidence)
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
                low, high = _quantiles(weights @ per_seed, confidence)
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


def _beaten(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Share of tasks in which seed i of x beats seed j of y, ties half, (seeds, seeds)."""
    from initbench.statistics.paired import differences

    difference, _ = differences(*np.broadcast_arrays(x[:, None], y[None, :]))
    return ((difference > 0) + (difference == 0) / 2).mean(axis=-1)


def _quantiles(drawn: np.ndarray, confidence: float) -> np.ndarray:
    """The two ends of the percentile interval over the first axis."""
    return np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
