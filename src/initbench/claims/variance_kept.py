"""Claims that a random start keeps the variance from layer to layer."""

import numpy as np
import pandas as pd

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import cells, hidden_at_start

KEPT = (0.9, 1.1)  # bounds of the per-layer factors of a start that keeps the variance
IN_ALL = (0.5, 2.0)  # bounds of what all hidden layers together make of it
MOMENTS = ["preactivation_second_moment", "delta_rms_gaussian"]
KEEPS = (
    "Cells: {scheme} with {activation} without normalisation at step 0, at least two hidden layers, at the study's largest width. "
    f"Holds if the forward per-layer factor of E[z²] and the backward factor of δ² (independent cotangent), both averaged over "
    f"draws before the logarithm, lie in [{KEPT[0]:g}, {KEPT[1]:g}], and E[z²] of the last hidden layer over that of the first and "
    f"δ² of the first over that of the last in [{IN_ALL[0]:g}, {IN_ALL[1]:g}]. The second asks what is lost in all: under a power law "
    "in the layer (tanh: E[z²] ≈ 1/(2l)) the factors come the nearer to 1 the more layers there are, and the more is lost."
)


@claim(
    "xavier-sigmoid",
    statement="U(±1/√n) keeps the variance from layer to layer with sigmoid",
    statement_zh="Xavier（Sigmoid）保持方差一致",
    rule=KEEPS.format(scheme="xavier_sigmoid", activation="sigmoid"),
    figure="backward_signal",
)
def xavier_sigmoid(tables):
    """The heuristic of Glorot & Bengio 2010, eq. 1."""
    return _keeps(tables, "xavier_sigmoid", "sigmoid")


@claim(
    "xavier-tanh",
    statement="U(±√6/√(n+m)) keeps the variance from layer to layer with tanh",
    statement_zh="Xavier（Tanh）保持方差一致",
    rule=KEEPS.format(scheme="xavier_tanh", activation="tanh"),
    figure="backward_signal",
)
def xavier_tanh(tables):
    """Glorot & Bengio 2010, eq. 16."""
    return _keeps(tables, "xavier_tanh", "tanh")


@claim(
    "he-relu",
    statement="N(0, 2/n) keeps the variance from layer to layer with ReLU",
    statement_zh="He 保持 ReLU 方差一致",
    rule=KEEPS.format(scheme="he_normal", activation="relu"),
    figure="backward_signal",
)
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
        holds = all(KEPT[0] <= value <= KEPT[1] for value, _ in factors) and all(
            IN_ALL[0] <= value <= IN_ALL[1] for value, _ in totals
        )
        text = " and ".join(f"{name} {_trend(trend)}" for name, trend in zip(("E[z²]", "δ²"), kept, strict=True))
        text += f" (standard errors over {part['seed'].nunique()} draws)"
        found.append(CellVerdict(cell, holds, max(abs(float(np.log(value))) for value, _ in totals), text))
    return found


def _trend(trend: dict[str, tuple[float, float]]) -> str:
    """Such as "× 0.813 ± 0.01 a layer, × 0.13 ± 0.01 in all, ∝ l^-0.93 ± 0.02 in the deeper half"."""
    factor, total, power = (
        f"{value:.3g}" + ("" if np.isnan(error) else f" ± {error:.1g}") for value, error in trend.values()
    )
    law = "" if np.isnan(trend["power"][0]) else f", ∝ l^{power} in the deeper half"
    return f"× {factor} a layer, × {total} in all{law}"


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
