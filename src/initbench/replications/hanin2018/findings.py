"""Over draws, the length of a ReLU network's activations varies by an exponential of the sum of reciprocal widths."""

import numpy as np
import pandas as pd
from scipy.stats import norm

from initbench.base.randomness import keyed
from initbench.replications import Finding, missing, replication, verdict
from initbench.replications.hanin2018.lengths import (
    log_variance,
    predicted_log_variance,
    predicted_second_moment,
    squared_lengths,
)
from initbench.replications.said import Said, listed, say

NORMAL, UNIFORM = "he_normal", "he_uniform"
SLOPE = 0.10  # relative, between the measured growth of the variance and the exact one
ALIKE = 1.25  # largest over smallest variance of networks with the same Σ 1/n
OTHER = 0.25  # relative, between the variance under uniform and under Gaussian weights
MEAN_TOLD = 1.25  # largest 5 Σ 1/n at which they tell a mean
TAME = 0.5  # largest 5 Σ 1/n at which a few hundred draws tell a second moment: beyond, rare draws carry it
RESAMPLES = 1000
COLUMNS = (
    "scheme", "width", "depth", "reciprocals", "draws", "log_variance", "predicted", "mean", "error", "second_moment", "median",
)  # fmt: skip


def spread(tables) -> pd.DataFrame:
    """A row a scheme, width and depth: Σ 1/n, variance of ln length with its exact value, mean length with its error.

    second_moment: E length² over its exact value under Gaussian weights, the measured mean length in the denominator.
    """
    rows = []
    for (scheme, width, depth), part in squared_lengths(tables).groupby(["scheme", "width", "depth"]):
        both = part[["larger", "smaller"]].to_numpy()
        if np.isnan(log_variance(both)):  # every draw is dead
            continue
        means = both.mean(axis=1)
        rows.append({
            "scheme": scheme, "width": width, "depth": depth, "reciprocals": depth / width, "draws": len(both),
            "log_variance": log_variance(both), "predicted": predicted_log_variance(width, depth),
            "mean": means.mean(), "error": means.std(ddof=1) / np.sqrt(len(means)) if len(means) > 1 else np.nan,
            "second_moment": np.square(both).mean() / both.mean() ** 2 / predicted_second_moment(width, depth),
            "median": np.median(both),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def growth(tables) -> tuple[float, float, float]:
    """Slope of the measured variance of ln length on the exact one over all Gaussian networks, with a 95 % interval.

    Least squares with a constant. The interval is a percentile bootstrap over seeds, which all networks share. NaN for fewer
    than two kinds of network.
    """
    frame = squared_lengths(tables)
    frame = frame[frame["scheme"] == NORMAL]
    known = {
        key: part.sort_values("seed")[["larger", "smaller"]].to_numpy()
        for key, part in frame.groupby(["width", "depth"])
    }
    cells = [cell for cell in known.values() if np.isfinite(log_variance(cell))]
    predicted = [predicted_log_variance(*key) for key, cell in known.items() if np.isfinite(log_variance(cell))]
    if len(set(predicted)) < 2:
        return (np.nan,) * 3
    slope = _slope(predicted, cells)
    rng, draws = keyed(0, "bootstrap", "hanin2018"), min(len(cell) for cell in cells)
    slopes = [_slope(predicted, cells, rng.integers(draws, size=draws)) for _ in range(RESAMPLES)]
    low, high = np.percentile(slopes, [2.5, 97.5])  # NaN where some resample has dead networks alone
    return slope, float(low), float(high)


def _slope(predicted, cells, rows=slice(None)) -> float:
    return float(np.polyfit(predicted, [log_variance(cell[rows]) for cell in cells], 1)[0])


@replication("hanin2018")
def hanin2018(tables):
    """Mean length, the variance of its logarithm against Σ 1/n, networks of one Σ 1/n, and uniform weights."""
    table = spread(tables)
    normal = table[table["scheme"] == NORMAL]
    return [_mean(normal), _variance(normal, growth(tables)), _alone(normal), _uniform(table)]


def _mean(normal) -> Finding:
    tame = normal[5 * normal["reciprocals"] <= MEAN_TOLD]
    within = float(norm.isf(0.025 / max(1, len(tame))))
    if normal.empty:
        return missing("mean", told=MEAN_TOLD, within=within)
    deviation = (tame["mean"] - 1).abs() / tame["error"]
    numbers = listed(
        (say("row", width=int(r.width), depth=int(r.depth), mean=r.mean, error=r.error) for r in _rows(tame)),
        "no_short_network",
    )
    far = normal.loc[normal["reciprocals"].idxmax()]
    values = {
        "numbers": numbers,
        "largest": far["reciprocals"],
        "median": far["median"],
        "told": MEAN_TOLD,
        "within": within,
    }
    return Finding("mean", verdict(bool((deviation <= within).all()) if len(tame) else None), values)


def _rows(table):
    return table[["width", "depth", "mean", "error"]].itertuples(index=False)


def _variance(normal, growth) -> Finding:
    slope, low, high = growth
    if normal.empty:
        return missing("variance", share=SLOPE)
    tame = normal[5 * normal["reciprocals"] <= TAME]["second_moment"]
    values = {
        "draws": int(normal["draws"].min()),
        "numbers": listed(map(_beside, normal.sort_values("reciprocals").itertuples())),
        "slope": slope, "low": low, "high": high, "tame": TAME, "least": tame.min(), "most": tame.max(), "share": SLOPE,
    }  # fmt: skip
    known = np.isfinite(slope)
    return Finding("variance", verdict(bool(abs(slope - 1) <= SLOPE and low > 0.5) if known else None), values)


def _beside(row) -> Said:
    """The variance of a network, the exact one in brackets."""
    return say("beside", width=int(row.width), depth=int(row.depth), variance=row.log_variance, exact=row.predicted)


def _alone(normal) -> Finding:
    groups = {value: part for value, part in normal.groupby("reciprocals") if len(part) > 1}
    ratios = {value: part["log_variance"].max() / part["log_variance"].min() for value, part in groups.items()}
    numbers = listed(
        (say("sum", value=value, networks=listed(map(_beside, part.itertuples()))) for value, part in groups.items()),
        "no_pair",
        "semicolon",
    )
    return Finding(
        "alone", verdict(*(bool(ratio <= ALIKE) for ratio in ratios.values())), {"numbers": numbers, "alike": ALIKE}
    )


def _uniform(table) -> Finding:
    by = table.pivot_table(index=["width", "depth"], columns="scheme", values="log_variance")
    both = by.dropna() if {NORMAL, UNIFORM} <= set(by.columns) else by.iloc[:0]
    ratio = both[UNIFORM] / both[NORMAL] if len(both) else pd.Series(dtype=float)
    numbers = listed(
        (say("row", width=int(width), depth=int(depth), ratio=value) for (width, depth), value in ratio.items()),
        "not_measured",
    )
    return Finding(
        "uniform", verdict(*(bool(abs(value - 1) <= OTHER) for value in ratio)), {"numbers": numbers, "other": OTHER}
    )
