"""The same networks at several widths: sizes and updates of their layers as powers of the width, measured and predicted."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from initbench.schemes import Layer
from initbench.schemes.label import SchemeCall, parse_scheme
from initbench.schemes.rates import rate_factors
from initbench.statistics.jackknife import jackknife
from initbench.study.cells import CELL
from initbench.theory.widths import Exponents, first_update

FEWEST = 3  # widths that make a slope
TOLERANCE = 0.25  # of a slope over finite widths: exponents are multiples of a half, so that this names the nearest
QUANTITIES = {
    "size": "preactivation_second_moment",
    "change": "preactivation_change",
}  # column of each; the first is squared
KIND = [axis for axis in CELL if axis != "width"]  # networks that differ in their width alone
WITHIN = [*KIND, "learning_rate", "step", "layer"]
BY_SIGN = {"sgd": False, "adam": True, "adamw": True}  # whether steps do not grow with gradients
NARROW, WIDE, WIDER = 2**10, 2**12, 2**14  # between which the exponents of what a scheme states are taken


class Curve(NamedTuple):
    """A quantity of one layer against the width: squares (seeds, widths) of the seeds that have it, positive, at every width."""

    key: dict
    quantity: str
    widths: np.ndarray
    seeds: np.ndarray
    squares: np.ndarray


def curves(layers: pd.DataFrame) -> Iterator[Curve]:
    """The curves of all layers that were trained at FEWEST widths or more.

    layers: rows with the keys of a run, `step`, `layer` and the columns of QUANTITIES. A seed that lacks a width, or has a
    value there that is not finite and positive, is left out.
    """
    layers = layers[layers.groupby(KIND, observed=True)["width"].transform("nunique") >= FEWEST]
    for key, part in layers.groupby(WITHIN, observed=True, dropna=False):
        for quantity, column in QUANTITIES.items():
            values = part.pivot_table(index="seed", columns="width", values=column, aggfunc="first", observed=True)
            found = values.to_numpy(float) if quantity == "size" else np.square(values.to_numpy(float))
            whole = (np.isfinite(found) & (found > 0)).all(axis=1)
            if found.shape[1] >= FEWEST and whole.any():
                named = dict(zip(WITHIN, key, strict=True))
                yield Curve(
                    named, quantity, values.columns.to_numpy(float), values.index[whole].to_numpy(), found[whole]
                )


def slope(curve: Curve, confidence: float = 0.95) -> tuple[float, float, float]:
    """(exponent, low, high): slope of ln root mean square over seeds on ln width, with its interval over seeds."""
    logs = np.log(curve.widths)

    def statistic(squares: np.ndarray) -> float:
        return float(np.polyfit(logs, np.log(squares.mean(axis=0)), 1)[0]) / 2

    return jackknife(curve.squares, statistic, confidence)


def agrees(low: float, high: float, predicted: float | None) -> bool | None:
    """Whether an interval comes within TOLERANCE of the exponent predicted; None if either is not known or it is too wide to say."""
    if predicted is None or not np.isfinite(low) or high - low > 2 * TOLERANCE:
        return None
    return low - TOLERANCE <= predicted <= high + TOLERANCE


def predicted(kind: Mapping) -> Exponents | None:
    """The exponents of networks that differ in their width alone, at the first update; None where nothing is predicted.

    For plain perceptrons whose scheme states its variances, powers of the width, by optimisers whose steps are known.
    """
    by_sign, scheme = BY_SIGN.get(kind["optimizer"]), parse_scheme(kind["scheme"])
    plain = kind["architecture"] == "mlp" and kind["normalization"] == "none"
    if by_sign is None or not plain or scheme.entry.calibrate is not None or scheme.entry.variances is None:
        return None
    powers = [_powers(scheme, index, int(kind["depth"]), kind) for index in range(1, int(kind["depth"]) + 2)]
    if any(each is None for each in powers):
        return None
    stds, rates = zip(*powers, strict=True)
    return first_update(stds, rates, by_sign)


def _powers(scheme: SchemeCall, index: int, depth: int, kind: Mapping) -> tuple[float, float] | None:
    """The exponents of the deviation of a layer's weights and of its rate; None if either is no power of the width."""
    found = []
    for width in (NARROW, WIDE, WIDER):
        fans = 64 if index == 1 else width, 10 if index == depth + 1 else width
        activation = "linear" if index == depth + 1 else kind["activation"]
        layer = Layer(*fans, index, depth, activation, network_activation=kind["activation"])
        stated = scheme.variances(layer)
        found.append((0.0 if stated is None else stated[0], rate_factors(scheme, layer, kind["optimizer"])[0]))
    values = np.array(found)
    if not (values > 0).all():
        return None
    first, second = np.diff(np.log(values), axis=0) / np.log(WIDE / NARROW)
    if not np.allclose(first, second, atol=1e-9):
        return None
    return float(first[0]) / 2, float(first[1])
