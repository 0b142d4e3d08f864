"""SELU networks hold mean 0 and variance 1 from layer to layer, and their gradients still grow by E φ′² a layer."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import gaussian_variances, hidden_at_start
from initbench.replications.said import by_depth, listed, say
from initbench.statistics.jackknife import jackknife
from initbench.tables.views import layer_factor
from initbench.theory import chi

SELU, LECUN = "selu", "lecun_normal"
RANDOM, REAL = "noise", "digits"
MEAN, VARIANCE = 0.05, 0.05  # what counts as mean 0, and as variance 1 (relative)
MEANS, VARIANCES = (-0.03106, 0.06773), (0.80009, 1.48617)  # theorem 1, for 0.95 ≤ τ ≤ 1.1
LEAST, MOST = 0.16, 3.0  # theorems 2 and 3, for 0.8 ≤ τ ≤ 1.25
AGREES = 0.02  # relative, between factors
CELL = ["dataset", "activation", "scheme", "depth"]


def layer_moments(tables) -> pd.DataFrame:
    """A row a cell and layer, averaged over draws: mean and variance of the activations, over samples and units."""
    frame = hidden_at_start(tables, ["activation_mean", "activation_std"])
    frame = frame.assign(mean=frame["activation_mean"], variance=frame["activation_std"] ** 2)
    return frame.groupby([*CELL, "layer"])[["mean", "variance"]].mean().reset_index()


def deep_moments(tables) -> pd.DataFrame:
    """A row a cell: of the deeper half of its layers the moments furthest from 0 and 1, and those of the last layer."""
    rows = []
    for keys, part in layer_moments(tables).groupby(CELL):
        deep = part[part["layer"] > part["depth"] // 2]
        mean = deep["mean"].to_numpy()[deep["mean"].abs().to_numpy().argmax()]
        variance = deep["variance"].to_numpy()[(deep["variance"] - 1).abs().to_numpy().argmax()]
        last = deep.loc[deep["layer"].idxmax()]
        rows.append((*keys, mean, variance, last["mean"], last["variance"]))
    return pd.DataFrame(rows, columns=[*CELL, "mean", "variance", "last_mean", "last_variance"])


def growth(tables) -> pd.DataFrame:
    """A row a depth of the SELU networks with random inputs: the factor of δ² a layer towards the input, its interval, the ratio.

    δ² is averaged over draws before the logarithm is taken; intervals (95 %) are jackknifed over draws. ratio: δ² of the
    first hidden layer over that of the last.
    """
    frame = hidden_at_start(tables, ["delta_rms_gaussian"], activation=SELU, scheme=LECUN, dataset=RANDOM)
    rows = []
    for depth, part in frame.groupby("depth"):
        squares = part.pivot_table(index="seed", columns="layer", values="delta_rms_gaussian").pow(2)
        layers = squares.columns

        def factor(draws, layers=layers):
            return -np.log(layer_factor(pd.Series(draws.mean(axis=0), index=layers)))

        found = np.exp(jackknife(squares.to_numpy(), factor))
        mean = squares.mean()
        rows.append((depth, *found, mean.iloc[0] / mean.iloc[-1], len(squares)))
    return pd.DataFrame(rows, columns=["depth", "factor", "low", "high", "ratio", "draws"])


@replication("klambauer2017")
def klambauer2017(tables):
    """The moments forward, the fixed points of other weights, other activations, and the gradient backward."""
    table, grown = deep_moments(tables), growth(tables)
    return [_hold(table), _drawn(table), _others(table), _bounded(grown), _factor(grown)]


def _hold(table) -> Finding:
    found = table[(table["activation"] == SELU) & (table["scheme"] == LECUN)]
    numbers = listed(
        (
            say("row", dataset=row.dataset, depth=int(row.depth), mean=row.mean, variance=row.variance)
            for row in found[["dataset", "depth", "mean", "variance"]].itertuples(index=False)
        ),
        between="semicolon",
    )
    parts = [*(found["mean"].abs() <= MEAN), *((found["variance"] - 1).abs() <= VARIANCE)]
    return Finding("hold", verdict(*parts), {"numbers": numbers, "mean": MEAN, "variance": VARIANCE})


def _drawn(table) -> Finding:
    found = table[(table["activation"] == SELU) & table["scheme"].str.startswith("gaussian(")]
    parts, numbers = [], []
    for row in found.itertuples():
        tau = gaussian_variances(row.scheme)[0]
        near = 0.95 <= tau <= 1.1
        low, high = VARIANCES if near else (LEAST, MOST)
        parts.append(low <= row.last_variance <= high and (not near or MEANS[0] <= row.last_mean <= MEANS[1]))
        numbers.append(say("row", tau=tau, mean=row.last_mean, variance=row.last_variance))
    bounds = {"mean_low": MEANS[0], "mean_high": MEANS[1], "low": VARIANCES[0], "high": VARIANCES[1]}
    values = bounds | {"least": LEAST, "most": MOST, "numbers": listed(numbers, between="semicolon")}
    return Finding("drawn", verdict(*parts), values)


def _others(table) -> Finding:
    found = table[(table["activation"] != SELU) & (table["dataset"] == RANDOM)]
    holds = (found["mean"].abs() <= MEAN) & ((found["variance"] - 1).abs() <= VARIANCE)
    numbers = (
        say("row", activation=row.activation, scheme=row.scheme, mean=row.last_mean, variance=row.last_variance)
        for row in found.itertuples()
    )
    values = {"numbers": listed(numbers, between="semicolon"), "mean": MEAN, "variance": VARIANCE}
    return Finding("others", verdict(*~holds), values)


def _bounded(grown) -> Finding:
    numbers = by_depth(grown.set_index("depth")["ratio"], "no_networks")
    held = [bool(row.low <= 1 <= row.high) for row in grown.itertuples()]
    return Finding("bounded", verdict(*held), {"numbers": numbers})


def _factor(grown) -> Finding:
    predicted = chi(SELU, 1.0, 1.0)
    numbers = listed(
        (say("row", depth=int(row.depth), factor=row.factor, low=row.low, high=row.high) for row in grown.itertuples()),
        between="semicolon",
    )
    error = (grown["factor"] / predicted - 1).abs()
    draws = say("draws", n=int(grown["draws"].min())) if len(grown) else ""
    values = {"predicted": predicted, "numbers": numbers, "draws": draws, "agrees": AGREES}
    return Finding("factor", verdict(*(error <= AGREES), *(grown["low"] > 1)), values)
