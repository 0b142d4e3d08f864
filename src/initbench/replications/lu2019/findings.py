"""Deep and narrow ReLU networks are born dead: constant for every input before any training."""

import numpy as np
import pandas as pd
from scipy.stats import norm

from initbench.base.randomness import keyed
from initbench.replications import Finding, missing, replication, verdict
from initbench.replications.reading import NETWORK
from initbench.replications.said import listed, say
from initbench.statistics.proportions import clopper_pearson

TEN = 9  # hidden layers of a network of ten layers, the output layer counted
PUBLISHED = {10: (0.0, 0.01), 5: (0.10, 1.0), 3: (0.50, 0.70)}  # width: between which a ten-layer network's share lies
COUNTS = 5  # expected deaths and survivals that a normal approximation asks for
DOUBLING = (0.8, 1.2)  # powers of two by which the depth that half survive grows with a unit of width
RESAMPLES = 1000


def bound(width: int, depth: int) -> float:
    """1 − (1 − 2^−width)^depth: the probability that `depth` hidden layers silence one input, and a bound for all inputs.

    With symmetric weights and no biases each of `width` units is off with probability ½, independently, for an input that has
    come so far. A network that is dead for every input is dead for this one.
    """
    return float(-np.expm1(depth * np.log1p(-(2.0**-width))))


def deaths(tables) -> pd.DataFrame:
    """A row a start: width, depth, seed, `born_dead` (both inputs are silenced) and `dead_inputs`, the share of the two."""
    frame = tables.signal_at_start(["jacobian_max", "jacobian_min"], **NETWORK)
    frame = frame[frame["depth"] > 0]  # without a hidden layer nothing can die
    born, one = frame["jacobian_max"] == 0, frame["jacobian_min"] == 0
    return frame[["width", "depth", "seed"]].assign(born_dead=born, dead_inputs=(born.astype(float) + one) / 2)


def shares(tables) -> pd.DataFrame:
    """A row a width and depth: share born dead, its 95 % interval for all cells together, share of inputs dead, bound."""
    grouped = deaths(tables).groupby(["width", "depth"])
    confidence = 1 - 0.05 / max(1, grouped.ngroups)
    rows = []
    for (width, depth), part in grouped:
        low, high = clopper_pearson(int(part["born_dead"].sum()), len(part), confidence)
        rows.append((width, depth, len(part), part["born_dead"].mean(), low, high, part["dead_inputs"].mean()))
    names = ["width", "depth", "draws", "share", "low", "high", "inputs"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(bound=[bound(row.width, row.depth) for row in table.itertuples()])


def half_depths(table: pd.DataFrame, column: str = "share") -> pd.Series:
    """By width, the depth that half the networks survive: ln(survival) linear in depth between measured depths.

    Widths whose share passes one half between two depths, or before the first, where survival is 1 at depth 0.
    """
    found = {}
    for width, part in table.sort_values("depth").groupby("width"):
        depths, alive = np.r_[0, part["depth"]], np.r_[1.0, 1 - part[column]]
        past = np.flatnonzero(alive <= 0.5)
        if not len(past) or alive[past[0]] == 0:
            continue
        k = past[0]
        logs = np.log(alive[[k - 1, k]])
        found[width] = depths[k - 1] + (depths[k] - depths[k - 1]) * (logs[0] - np.log(0.5)) / (logs[0] - logs[1])
    return pd.Series(found, dtype=float)


def doublings(tables) -> tuple[float, float, float]:
    """Powers of two that the depth which half survive grows by with a unit of width, with a 95 % bootstrap interval.

    Seeds, which all networks share, are drawn with replacement. NaN for fewer than two widths with such a depth.
    """
    wide = deaths(tables).pivot_table(index="seed", columns=["width", "depth"], values="born_dead").astype(float)
    rng = keyed(0, "bootstrap", "lu2019")
    values = wide.to_numpy()
    slopes = [_doubling(wide.columns, values.mean(axis=0)) if values.size else np.nan]
    if np.isnan(slopes[0]):
        return (np.nan,) * 3
    for _ in range(RESAMPLES):
        rows = rng.integers(len(values), size=len(values))
        slopes.append(_doubling(wide.columns, values[rows].mean(axis=0)))
    low, high = np.nanpercentile(slopes[1:], [2.5, 97.5])
    return slopes[0], float(low), float(high)


def _doubling(cells, share) -> float:
    half = half_depths(pd.DataFrame({"share": share}, index=cells).reset_index())
    if len(half) < 2:
        return float("nan")
    return float(np.polyfit(half.index.to_numpy(float), np.log2(half.to_numpy()), 1)[0])


@replication("lu2019")
def lu2019(tables):
    """The bound, one input's exact probability, the published numbers, and the width that a depth asks for."""
    table = shares(tables)
    return [_bound(table), _input(table), _numbers(table), _width(table, doublings(tables))]


def _bound(table) -> Finding:
    if table.empty:
        return missing("bound")
    broken = table[table["low"] > table["bound"]]
    telling = table[(table["bound"] > 0.05) & (table["bound"] < 0.95)]
    ratio = telling["share"] / telling["bound"]
    close = (
        say("ratios", low=ratio.min(), high=ratio.max(), median=ratio.median()) if len(ratio) else say("not_measured")
    )
    sharp = bool(ratio.median() > 0.5) if len(ratio) else None
    values = {"cells": len(table), "draws": int(table["draws"].min()), "broken": len(broken), "close": close}
    return Finding("bound", verdict(bool(broken.empty), sharp), values)


def _input(table) -> Finding:
    expected = table["bound"] * table["draws"]
    known = table[(expected >= COUNTS) & (table["draws"] - expected >= COUNTS)]
    error = np.sqrt(known["bound"] * (1 - known["bound"]) / known["draws"])
    deviation = (known["inputs"] - known["bound"]) / error
    within = float(norm.isf(0.025 / max(1, len(known))))
    largest = say("errors", value=deviation.abs().max()) if len(known) else say("unknown")
    values = {"cells": len(known), "counts": COUNTS, "largest": largest, "within": within}
    return Finding("input", verdict(bool((deviation.abs() <= within).all()) if len(known) else None), values)


def _numbers(table) -> Finding:
    ten = table[table["depth"] == TEN].set_index("width")
    there = [width for width in PUBLISHED if width in ten.index]
    numbers = listed(
        (
            say("row", width=width, share=ten["share"][width], low=ten["low"][width], high=ten["high"][width])
            for width in there
        ),
        "not_measured",
    )
    held = (bool(PUBLISHED[w][0] <= ten["share"][w] <= PUBLISHED[w][1]) if w in there else None for w in PUBLISHED)
    return Finding("numbers", verdict(*held), {"layers": TEN, "numbers": numbers})


def _width(table, doubling) -> Finding:
    half, exact = half_depths(table), half_depths(table, "bound")
    numbers = listed(
        (say("row", width=width, depth=depth, bound=exact.get(width, np.nan)) for width, depth in half.items()),
        "none_within",
    )
    slope, low, high = doubling
    values = {"numbers": numbers, "slope": slope, "low": low, "high": high, "least": DOUBLING[0], "most": DOUBLING[1]}
    return Finding("width", verdict(bool(DOUBLING[0] <= slope <= DOUBLING[1]) if np.isfinite(slope) else None), values)
