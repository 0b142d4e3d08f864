"""What a scheme says that it draws for the layers of a cell, for theory to start from."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from initbench.analyses.image_predictions import network_of
from initbench.base.randomness import keyed
from initbench.schemes import Layer
from initbench.schemes.draw import described, draw
from initbench.schemes.label import SchemeCall

TAPS = {"convnet": 9, "convnet_circular": 9}  # of architectures whose hidden layers are convolutions
ESTIMATION_DRAWS = 64  # layers drawn to estimate the variances of a scheme that does not state them

Variances = tuple[float, float, tuple[str, ...]]  # of a weight and of a bias, and what is to be said of them


class Start(NamedTuple):
    """What the hidden layers of a residual network start with: σ_w², σ_b² and γ of each, (H,), and α of each block.

    The first layer is told as another plain one would be: its own inputs show in what is measured of it.
    """

    weight: np.ndarray
    bias: np.ndarray
    gain: np.ndarray
    branch_gain: np.ndarray


def hidden_layer(cell: Mapping) -> Layer:
    """A plain hidden layer of a cell, behind the first."""
    taps, width = TAPS.get(cell["architecture"], 1), int(cell["width"])
    told = (2, int(cell["depth"]), cell["activation"], cell["normalization"])
    return Layer(taps * width, taps * width, *told, receptive_field=taps)


def variances_of(scheme: SchemeCall, layer: Layer) -> Variances:
    """Variance of a weight and of a bias in a layer: as the scheme states them, else estimated from draws."""
    stated = scheme.variances(layer)
    if stated is not None:
        return *stated, ()
    drawn = [draw(scheme, keyed(0, "theory", k, layer.fan_in), layer) for k in range(ESTIMATION_DRAWS)]
    weight, bias = (float(np.mean([np.square(pair[k]).mean() for pair in drawn])) for k in range(2))
    return weight, bias, (f"variances estimated from {ESTIMATION_DRAWS} drawn layers",)


def start_of(cell: Mapping, scheme: SchemeCall, variances: Variances) -> Start:
    """What a scheme gives the hidden layers of a residual network; variances: of a plain hidden layer, and of all if it states none."""
    width = int(cell["width"])
    _, *inner = layers = described(network_of(cell, width))[:-1]
    stated = [scheme.variances(layer) or variances[:2] for layer in inner]
    weight, bias = zip(variances[:2], *stated, strict=True)
    gains = [scheme.gains(layer) for layer in layers]
    alphas = [alpha for layer, (_, alpha) in zip(layers, gains, strict=True) if layer.ends_branch]
    return Start(width * np.array(weight), np.array(bias), np.array([gain for gain, _ in gains]), np.array(alphas))


def first_weight_variance(cell: Mapping, scheme: SchemeCall, features: int) -> float:
    """The variance of a weight in the first layer, for data of so many features."""
    return variances_of(scheme, described(network_of(cell, features))[0])[0]
