"""Lengths of what a bias-free ReLU network of one input makes of that input: measured, and their exact distribution.

A network of one feature without biases is linear on each side of zero, so that its output for x has the length
|x| ‖∂logits/∂x‖. The largest and the smallest singular value of ∂logits/∂x over the probe's samples are those two slopes.
"""

import numpy as np
import pandas as pd
from scipy.special import polygamma, psi
from scipy.stats import binom

from initbench.replications.reading import NETWORK

LARGEST = 1e100  # a length that is squared again is a number; longer ones are left out, as are those that are none
CLASSES = 10  # logits for the data set `absolute_value`
MEAN = 2 * CLASSES  # of ‖∂logits/∂x‖² under He: two a logit, as the first layer's fan-in is 1


def squared_lengths(tables) -> pd.DataFrame:
    """A row a start: columns scheme, width, depth, seed, and `larger` and `smaller`, its two ‖∂logits/∂x‖² over MEAN."""
    frame = tables.signal_at_start(["jacobian_max", "jacobian_min"], **NETWORK)
    keys = frame[["scheme", "width", "depth", "seed"]]
    found = keys.assign(larger=frame["jacobian_max"] ** 2 / MEAN, smaller=frame["jacobian_min"] ** 2 / MEAN)
    return found[(found["larger"] < LARGEST) & (found["smaller"] < LARGEST)]


def log_variance(lengths: np.ndarray) -> float:
    """Variance over all draws and both inputs of ln length (draws, 2), without those that are dead (0); NaN if all are."""
    alive = lengths[(lengths > 0) & np.isfinite(lengths)]
    return float(np.log(alive).var()) if len(alive) else float("nan")


def predicted_log_variance(width: int, depth: int, logits: int = CLASSES) -> float:
    """Var ln ‖logits‖² for one input, Gaussian He weights and `depth` hidden layers: exact, given that no layer is dead.

    Of n units K ~ Bin(n, ½) are active, and given K the layer multiplies the squared length by χ²_K · 2/n: each adds
    E ψ′(K/2) + Var ψ(K/2), about 5/n. The logits, of which all count, add ψ′(logits/2).
    """
    active = np.arange(1, width + 1)
    weight = binom.pmf(active, width, 0.5) / (1 - 0.5**width)
    mean = np.sum(weight * psi(active / 2))
    layer = np.sum(weight * (polygamma(1, active / 2) + np.square(psi(active / 2) - mean)))
    return float(depth * layer + polygamma(1, logits / 2))


def predicted_second_moment(width: int, depth: int, logits: int = CLASSES) -> float:
    """E ‖logits‖⁴ / (E ‖logits‖²)² of the same networks, (1 + 5/n)^depth (1 + 2/logits): exact."""
    return (1 + 5 / width) ** depth * (1 + 2 / logits)
