"""Claims that a random start keeps the variance from layer to layer."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import cells, hidden_at_start
from initbench.claims.quantities import Quantity, estimate, number

FACTOR = (0.9, 1.1)  # bounds of the per-layer factors of a start that keeps the variance
IN_ALL = (0.5, 2.0)  # bounds of what all hidden layers together make of it
MOMENTS = ["preactivation_second_moment", "delta_rms_gaussian"]
KEPT = {"low": FACTOR[0], "high": FACTOR[1], "least": IN_ALL[0], "most": IN_ALL[1]}  # as the rules name them


@claim("xavier-sigmoid", figure="theory_signal", values=KEPT | {"scheme": "xavier_sigmoid", "activation": "sigmoid"})
def xavier_sigmoid(tables):
    """The heuristic of Glorot & Bengio 2010, eq. 1."""
    return _keeps(tables, "xavier_sigmoid", "sigmoid")


@claim("xavier-tanh", figure="theory_signal", values=KEPT | {"scheme": "xavier_tanh", "activation": "tanh"})
def xavier_tanh(tables):
    """Glorot & Bengio 2010, eq. 16."""
    return _keeps(tables, "xavier_tanh", "tanh")


@claim("he-relu", figure="theory_signal", values=KEPT | {"scheme": "he_normal", "activation": "relu"})
def he_relu(tables):
    """He et al. 2015, eq. 10."""
    return _keeps(tables, "he_normal", "relu")


def _keeps(tables, scheme: str, activation: str) -> list[CellVerdict]:
    """What the layers of a scheme with an activation make of E[z²] and δ², with errors; the number is the larger |ln in all|."""
    start = hidden_at_start(tables, MOMENTS, scheme=scheme, activation=activation, normalization="none")
    start = start[start["depth"] > 1]
    found = []
    for cell, part in cells(start[start["width"] == start["width"].max()]):
        kept = layer_trends(part, "preactivation_second_moment"), layer_trends(part, "delta_rms_gaussian", squared=True)
        factors, totals = ([trend[name] for trend in kept] for name in ("factor", "in_all"))
        holds = all(FACTOR[0] <= value <= FACTOR[1] for value, _ in factors) and all(
            IN_ALL[0] <= value <= IN_ALL[1] for value, _ in totals
        )
        most = max((value for value, _ in totals), key=lambda value: abs(np.log(value)))
        found.append(
            CellVerdict(cell, holds, abs(float(np.log(most))), (number("changed_in_all", most), *_trends(kept, part)))
        )
    return found


def _trends(kept: Iterable[Mapping], part: pd.DataFrame) -> Iterator[Quantity]:
    """What was measured of E[z²] forward and δ² backward."""
    for side, trend in zip(("forward", "backward"), kept, strict=True):
        for name in ("factor", "in_all", "power"):
            if not np.isnan(trend[name][0]):
                yield estimate(f"{side}_{name}", *trend[name], part["seed"].nunique())


def layer_trends(layers: pd.DataFrame, column: str, squared: bool = False) -> dict[str, tuple[float, float]]:
    """How a quantity changes over the hidden layers, {name: (value, jackknife standard error over draws)}.

    factor: from one layer to the next, log-linear in the layer; in_all: from the first layer to the last; power: p in
    l^p, over the deeper half of the layers, if that is the straighter line there. A quantity that is `squared` is taken the
    other way round, from the last layer towards the input, but for p. Means over draws come before logarithms; NaN are the
    error of one draw and the power of fewer than five layers.
    """
    draws = layers.pivot(index="seed", columns="layer", values=column).to_numpy(dtype=float)
    draws, sign, n = (np.square(draws), -1, len(draws)) if squared else (draws, 1, len(draws))
    layer = np.arange(1, draws.shape[1] + 1)
    deeper = layer > draws.shape[1] // 2

    def trends(means: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            logs = np.log(means)
            factor, in_all = np.exp(sign * _line(layer, logs)[0]), np.exp(sign * (logs[-1] - logs[0]))
            power = _line(np.log(layer[deeper]), logs[deeper])[0] if len(layer) >= 5 else np.nan
            return np.array([factor, in_all, power])

    errors = np.full(3, np.nan)
    if n > 1:
        left_out = np.array([trends(np.delete(draws, k, axis=0).mean(axis=0)) for k in range(n)])
        errors = np.sqrt((n - 1) * np.square(left_out - left_out.mean(axis=0)).mean(axis=0))
    values, logs = trends(draws.mean(axis=0)), np.log(draws.mean(axis=0)[deeper])
    if not _line(np.log(layer[deeper]), logs)[1] < _line(layer[deeper], logs)[1]:
        values[2] = np.nan
    return {name: (float(values[k]), float(errors[k])) for k, name in enumerate(("factor", "in_all", "power"))}


def _line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """(slope, sum of squared residuals) of the least-squares line; NaN where a y is not finite."""
    x, y = x - x.mean(), y - y.mean()
    slope = float((x * y).sum() / np.square(x).sum()) if len(x) > 1 else np.nan
    return slope, float(np.square(y - slope * x).sum())
