"""What the linear maps of a network do to lengths and gradients, each with the normalisation behind it."""

from dataclasses import dataclass

import numpy as np

from initbench.activations import Activation
from initbench.theory.length import variances
from initbench.theory.moments import checked
from initbench.theory.propagation import spread
from initbench.theory.samples import sample_moments

NORMALIZATIONS = ("none", "batch", "layer")


@dataclass(frozen=True)
class Maps:
    """The maps to the layers 1 … H, in the limit of wide layers and large batches.

    weight: σ_w² of each; bias: σ_b², which a normalised map has none of; gain: γ² of its normalisation; epsilon: under the root.
    Batch normalisation divides by what varies between samples, layer normalisation by a sample's own second moment: the mean
    over the units of a linear map of centred weights is 0.
    """

    weight: np.ndarray
    bias: np.ndarray
    gain: np.ndarray
    normalization: str = "none"
    epsilon: float = 0.0

    def after(self, layer: int, inputs):
        """(E z², by what δ² of z is multiplied at the inputs) for map `layer`, from 1, and inputs of this spread."""
        mapped = self.weight[layer - 1] * inputs
        if self.normalization == "none":
            return mapped + self.bias[layer - 1], self.weight[layer - 1]
        q, factor = self.normalized(layer, mapped)
        return q, self.weight[layer - 1] * factor

    def normalized(self, layer: int, variance):
        """(E z², by what δ² of z is multiplied before its normalisation) for what has this variance there."""
        gain, total = self.gain[layer - 1], variance + self.epsilon
        return gain * variance / total, gain / total

    def spread(self, phi: Activation, q):
        """What of φ(√q z) the next map hands on: E φ², or under batch normalisation Var φ, of one q."""
        return spread(phi, float(q)) if self.normalization == "batch" else sample_moments(phi, "value", q)

    def spread_of(self, values: np.ndarray):
        """The same of equally likely values."""
        return values.var() if self.normalization == "batch" else np.square(values).mean()


def maps_of(depth: int, weight_variance, bias_variance=0.0, gain=1.0, normalization="none", epsilon=0.0) -> Maps:
    """The maps of H layers from one number for all, or an array (H,) of them; ValueError for what is out of range."""
    if normalization not in NORMALIZATIONS:
        raise ValueError(f"normalization {normalization!r}: there are {', '.join(NORMALIZATIONS)}")
    weight, bias = (np.broadcast_to(np.asarray(each, float), depth) for each in (weight_variance, bias_variance))
    both = np.array([variances(*pair) for pair in zip(weight, bias, strict=True)]).reshape(depth, 2)
    epsilon = checked("epsilon", epsilon)
    if normalization != "none" and epsilon == 0:
        raise ValueError("epsilon: give more than 0, which keeps what does not vary from being divided by 0")
    return Maps(both[:, 0], both[:, 1], _squares("gain", gain, depth), normalization, epsilon)


def branch_scales(branch_gain, blocks: int) -> np.ndarray:
    """α² of every block, from one number or an array of them."""
    return _squares("branch_gain", branch_gain, blocks)


def _squares(name: str, values, count: int) -> np.ndarray:
    found = [checked(name, each, low=-np.inf) ** 2 for each in np.broadcast_to(np.asarray(values, float), count)]
    return np.array(found, float)
