"""Deep and narrow ReLU networks are born dead: constant for every input before any training."""

import numpy as np
import pandas as pd
from scipy.stats import norm

from initbench.base.randomness import keyed
from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import NETWORK, listed
from initbench.statistics.proportions import clopper_pearson

TEN = 9  # hidden layers of a network of ten layers, the output layer counted
PUBLISHED = {10: (0.0, 0.01), 5: (0.10, 1.0), 3: (0.50, 0.70)}  # width: between which a ten-layer network's share lies
WORDS = {10: "below 1 %", 5: "above 10 %", 3: "about 60 %"}
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
    born, one = frame["jacobian_max"] == 0, frame["jacobian_min"] == 0
    return frame[["width", "depth", "seed"]].assign(born_dead=born, dead_inputs=(born.astype(float) + one) / 2)


def shares(tables) -> pd.DataFrame:
    """A row a width and depth: share born dead, its 95 % interval for all cells together, share of inputs dead, bound."""
    grouped = deaths(tables).groupby(["width", "depth"])
    confidence = 1 - 0.05 / grouped.ngroups
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
    slopes = [_doubling(wide.columns, values.mean(axis=0))]
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


@replication(
    "lu2019",
    paper="Lu, Shin, Su & Karniadakis 2019, “Dying ReLU and initialization: theory and numerical examples” (Communications in "
    "Computational Physics 28, 2020)",
    scaling=(
        ("networks", "ReLU, few units a layer, from symmetric distributions", "widths 2 to 16, Gaussian He weights, no biases"),
        ("inputs", "a domain about zero, of one dimension in the first examples", "one feature of both signs: without "
         "biases every input is a multiple of one of two, so that dead at both is dead everywhere"),
        ("depths", "to hundreds of layers", "2 to 49 hidden layers"),
        ("measured", "probability of being born dead, and collapse in training", "the probability at initialisation only"),
    ),
    consequence="Nothing is scaled down but the number of draws: death at the start needs no training. The paper's remedy, "
    "randomised asymmetric weights, and collapse during training are not repeated. Networks of one seed share the draws of "
    "their first layers, so that the share of dead ones cannot fall with depth here whatever the truth: that it grows is no "
    "evidence, how fast is.",
    quoted="The abstract was compared with the text. The theorem's bound is stated from memory of it and derived anew (one "
    "line: each unit is off with probability ½); the numbers at ten layers come from a secondary source and are unverified.",
)  # fmt: skip
def lu2019(tables):
    """The bound, one input's exact probability, the published numbers, and the width that a depth asks for."""
    table = shares(tables)
    return [_bound(table), _input(table), _numbers(table), _width(table, doublings(tables))]


def _bound(table) -> Finding:
    broken = table[table["low"] > table["bound"]]
    telling = table[(table["bound"] > 0.05) & (table["bound"] < 0.95)]
    ratio = telling["share"] / telling["bound"]
    close = f"{ratio.min():.2f} to {ratio.max():.2f}, median {ratio.median():.2f}" if len(ratio) else "not measured"
    sharp = bool(ratio.median() > 0.5) if len(ratio) else None
    return Finding(
        "A network of H hidden layers of N units is born dead with probability at most 1 − (1 − 2^−N)^H",
        "“A deep ReLU network will eventually die in probability as the depth goes to infinite” (abstract); the bound for symmetric "
        "weights and no biases is the product over hidden layers.",
        f"{len(table)} widths × depths of {table['draws'].min()} draws: {len(broken)} exceed the bound beyond their exact interval "
        f"(95 % for all together). Share over bound, where the bound lies between 5 and 95 %: {close}.",
        "no interval lies above the bound, and the median share is more than half of it",
        verdict(bool(broken.empty), sharp),
    )


def _input(table) -> Finding:
    expected = table["bound"] * table["draws"]
    known = table[(expected >= COUNTS) & (table["draws"] - expected >= COUNTS)]
    error = np.sqrt(known["bound"] * (1 - known["bound"]) / known["draws"])
    deviation = (known["inputs"] - known["bound"]) / error
    within = float(norm.isf(0.025 / max(1, len(known))))
    largest = f"{deviation.abs().max():.1f}" if len(known) else "unknown"
    return Finding(
        "For one input the bound is the probability itself",
        "(derived here: the proof of the bound follows one input)",
        f"Share of dead inputs in {len(known)} cells with at least {COUNTS} expected deaths and survivals: largest deviation "
        f"{largest} standard errors of as many draws, the two inputs of a network counted as one.",
        f"no deviation exceeds {within:.1f} standard errors (95 % for all together)",
        verdict(bool((deviation.abs() <= within).all()) if len(known) else None),
    )


def _numbers(table) -> Finding:
    ten = table[table["depth"] == TEN].set_index("width")
    there = [width for width in PUBLISHED if width in ten.index]
    numbers = listed(
        (f"{width} units:", f"{ten['share'][width]:.1%} ({ten['low'][width]:.1%} to {ten['high'][width]:.1%})")
        for width in there
    )
    return Finding(
        "Networks of ten layers: few die at ten units, most at three",
        f"{listed((f'{width} units:', WORDS[width]) for width in PUBLISHED)} (from a secondary source).",
        f"{TEN} hidden layers: {numbers or 'not measured'}.",
        "the share at 10 units is at most 1 %, at 5 at least 10 %, at 3 between 50 and 70 %",
        verdict(
            *(bool(PUBLISHED[w][0] <= ten["share"][w] <= PUBLISHED[w][1]) if w in there else None for w in PUBLISHED)
        ),
    )


def _width(table, doubling) -> Finding:
    half, exact = half_depths(table), half_depths(table, "bound")
    numbers = listed(
        (f"{width} units:", f"{depth:.1f} (bound {exact.get(width, np.nan):.1f})") for width, depth in half.items()
    )
    slope, low, high = doubling
    return Finding(
        "The depth that half the networks survive doubles with every unit of width",
        "By the bound, N units suffice for H hidden layers and a risk δ if N ≥ log₂(H/δ): width need only grow as the logarithm of "
        "depth (a consequence of the theorem).",
        f"Hidden layers that half survive: {numbers or 'none within the depths measured'}. "
        f"They grow by 2 to the power {slope:.2f} a unit of width (95 % interval {low:.2f} to {high:.2f}).",
        f"the power is between {DOUBLING[0]:g} and {DOUBLING[1]:g}",
        verdict(bool(DOUBLING[0] <= slope <= DOUBLING[1]) if np.isfinite(slope) else None),
    )
