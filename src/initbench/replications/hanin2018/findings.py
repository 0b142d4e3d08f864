"""Over draws, the length of a ReLU network's activations varies by an exponential of the sum of reciprocal widths."""

import numpy as np
import pandas as pd
from scipy.stats import norm

from initbench.base.randomness import keyed
from initbench.replications import Finding, replication, verdict
from initbench.replications.hanin2018.lengths import (
    log_variance,
    predicted_log_variance,
    predicted_second_moment,
    squared_lengths,
)
from initbench.replications.reading import listed

NORMAL, UNIFORM = "he_normal", "he_uniform"
SLOPE = 0.10  # relative, between the measured growth of the variance and the exact one
ALIKE = 1.25  # largest over smallest variance of networks with the same Σ 1/n
OTHER = 0.25  # relative, between the variance under uniform and under Gaussian weights
MEAN_TOLD = 1.25  # largest 5 Σ 1/n at which they tell a mean
TAME = 0.5  # largest 5 Σ 1/n at which a few hundred draws tell a second moment: beyond, rare draws carry it
RESAMPLES = 1000


def spread(tables) -> pd.DataFrame:
    """A row a scheme, width and depth: Σ 1/n, variance of ln length with its exact value, mean length with its error.

    second_moment: E length² over its exact value under Gaussian weights, the measured mean length in the denominator.
    """
    rows = []
    for (scheme, width, depth), part in squared_lengths(tables).groupby(["scheme", "width", "depth"]):
        both = part[["larger", "smaller"]].to_numpy()
        means = both.mean(axis=1)
        rows.append({
            "scheme": scheme, "width": width, "depth": depth, "reciprocals": depth / width, "draws": len(both),
            "log_variance": log_variance(both), "predicted": predicted_log_variance(width, depth),
            "mean": means.mean(), "error": means.std(ddof=1) / np.sqrt(len(means)) if len(means) > 1 else np.nan,
            "second_moment": np.square(both).mean() / both.mean() ** 2 / predicted_second_moment(width, depth),
            "median": np.median(both),
        })  # fmt: skip
    return pd.DataFrame(rows)


def growth(tables) -> tuple[float, float, float]:
    """Slope of the measured variance of ln length on the exact one over all Gaussian networks, with a 95 % interval.

    Least squares with a constant. The interval is a percentile bootstrap over seeds, which all networks share. NaN for fewer
    than two kinds of network.
    """
    frame = squared_lengths(tables)
    frame = frame[frame["scheme"] == NORMAL]
    cells = [
        part.sort_values("seed")[["larger", "smaller"]].to_numpy() for _, part in frame.groupby(["width", "depth"])
    ]
    predicted = [predicted_log_variance(*key) for key in frame.groupby(["width", "depth"]).groups]
    if len(cells) < 2:
        return (np.nan,) * 3
    slope = _slope(predicted, cells)
    rng, draws = keyed(0, "bootstrap", "hanin2018"), min(len(cell) for cell in cells)
    slopes = [_slope(predicted, cells, rng.integers(draws, size=draws)) for _ in range(RESAMPLES)]
    low, high = np.percentile(slopes, [2.5, 97.5])
    return slope, float(low), float(high)


def _slope(predicted, cells, rows=slice(None)) -> float:
    return float(np.polyfit(predicted, [log_variance(cell[rows]) for cell in cells], 1)[0])


@replication(
    "hanin2018",
    paper="Hanin & Rolnick 2018, “How to start training: the effect of initialization and architecture” (NeurIPS)",
    scaling=(
        ("networks", "fully connected, convolutional and residual; ReLU", "fully connected ReLU networks of equal widths"),
        ("length", "mean square of a layer's activations for one input", "squared length of the logits for one input: a "
         "layer more, whose share is known exactly"),
        ("inputs", "MNIST and others", "one feature, no bias: every sample is a multiple of a positive or a negative one"),
        ("sizes", "to 100 layers and more", "16 to 64 units, 4 to 32 hidden layers: Σ 1/n from 0.06 to 2"),
        ("measured", "lengths at initialisation, and when training starts", "lengths at initialisation only"),
    ),
    consequence="The law is one of initialisation, so nothing is trained. For Gaussian weights the constants, which the paper "
    "leaves open, are exact: each layer multiplies the second moment of the squared length by 1 + 5/n, and adds about 5/n to "
    "the variance of its logarithm. Second moments of long-tailed lengths are carried by draws too rare to be among a few "
    "hundred, so that the logarithm is judged for all networks and the moment for short ones alone.",
    quoted="The abstract was compared with the text; theorems are paraphrased.",
)  # fmt: skip
def hanin2018(tables):
    """Mean length, the variance of its logarithm against Σ 1/n, networks of one Σ 1/n, and uniform weights."""
    table = spread(tables)
    normal = table[table["scheme"] == NORMAL]
    return [_mean(normal), _variance(normal, growth(tables)), _alone(normal), _uniform(table)]


def _mean(normal) -> Finding:
    tame = normal[5 * normal["reciprocals"] <= MEAN_TOLD]
    within = float(norm.isf(0.025 / max(1, len(tame))))
    deviation = (tame["mean"] - 1).abs() / tame["error"]
    numbers = listed((f"{row.width} × {row.depth}:", f"{row.mean:.2f} ± {row.error:.2f}") for row in tame.itertuples())
    far = normal.loc[normal["reciprocals"].idxmax()]
    return Finding(
        "He's variance 2/fan-in keeps the mean length at any depth",
        "The first failure mode, exploding or vanishing mean length, “can be avoided by initializing weights from a symmetric "
        "distribution with variance 2/fan-in” (abstract).",
        f"Mean squared length over its prediction, ± standard error (width × depth): {numbers or 'no short network'}. "
        f"At the largest Σ 1/n, {far['reciprocals']:g}, the median network has {far['median']:.2g}: the mean is carried by few draws.",
        f"where 5 Σ 1/n is at most {MEAN_TOLD:g}, every mean is within {within:.1f} standard errors of 1 (95 % for all together)",
        verdict(bool((deviation <= within).all()) if len(tame) else None),
    )


def _variance(normal, growth) -> Finding:
    slope, low, high = growth
    tame = normal[5 * normal["reciprocals"] <= TAME]
    numbers = listed(
        (f"{row.width} × {row.depth}:", f"{row.log_variance:.2f} ({row.predicted:.2f})")
        for row in normal.sort_values("reciprocals").itertuples()
    )
    known = np.isfinite(slope)
    return Finding(
        "The variance of the length grows exponentially in Σ 1/n over the hidden layers",
        "The second failure mode, “exponentially large variance of activation length”, “is avoided by keeping constant the sum of "
        "the reciprocals of layer widths” (abstract): the moments of lengths are bounded by exponentials of that sum.",
        f"Variance of ln length over {normal['draws'].min()} draws, in brackets the exact one, about 5 Σ 1/n + 0.22 (width × depth): "
        f"{numbers}. Slope of one on the other {slope:.3f} (95 % interval {low:.3f} to {high:.3f}). Second moment of the length "
        f"over the exact one where 5 Σ 1/n is at most {TAME:g}: {tame['second_moment'].min():.2f} to {tame['second_moment'].max():.2f}.",
        f"the slope is within {SLOPE:.0%} of 1 with the whole interval above one half",
        verdict(bool(abs(slope - 1) <= SLOPE and low > 0.5) if known else None),
    )


def _alone(normal) -> Finding:
    groups = {value: part for value, part in normal.groupby("reciprocals") if len(part) > 1}
    ratios = {value: part["log_variance"].max() / part["log_variance"].min() for value, part in groups.items()}
    numbers = "; ".join(
        f"Σ 1/n = {value:g}: "
        + listed((f"{r.width} × {r.depth}", f"{r.log_variance:.2f} ({r.predicted:.2f})") for r in part.itertuples())
        for value, part in groups.items()
    )
    return Finding(
        "Depth and width count through Σ 1/n alone: a width in proportion to the depth keeps the variance constant",
        "In networks of constant width, width should grow about linearly with depth (introduction).",
        f"Variance of ln length, in brackets the exact one (width × depth) — {numbers or 'no two networks have the same sum'}.",
        f"of networks with the same sum, the largest variance is at most {ALIKE:g} times the smallest",
        verdict(*(bool(ratio <= ALIKE) for ratio in ratios.values())),
    )


def _uniform(table) -> Finding:
    by = table.pivot_table(index=["width", "depth"], columns="scheme", values="log_variance")
    both = by.dropna() if {NORMAL, UNIFORM} <= set(by.columns) else by.iloc[:0]
    ratio = both[UNIFORM] / both[NORMAL] if len(both) else pd.Series(dtype=float)
    numbers = listed((f"{width} × {depth}:", f"{value:.2f}") for (width, depth), value in ratio.items())
    return Finding(
        "Not the distribution counts but its variance",
        "The theorems hold for any symmetric distribution; its fourth moment enters the constants.",
        f"Variance of ln length under uniform weights over that under Gaussian ones (width × depth): {numbers or 'not measured'}.",
        f"each ratio is within {OTHER:.0%} of 1",
        verdict(*(bool(abs(value - 1) <= OTHER) for value in ratio)),
    )
