"""The recursion for convolutions of many samples, position by position.

A place of a layer's output sees taps of the image before it. In wide layers its length is the mean over the taps of what a
dense layer would have, with 0 for taps outside of the image: with circular padding the recursion of dense layers comes out
(Xiao et al. 2018, §2.2, where positions are alike), with zeros the rim is shorter and signals shrink towards it.
"""

from collections.abc import Sequence

import numpy as np

from initbench.activations import Activation
from initbench.theory.moments import resolve
from initbench.theory.propagation import LARGEST_Q
from initbench.theory.samples import sample_moments

OUTSIDE = -1  # the source of a tap that sees none of the image
LEAST = 1e-30  # of q: where an image is 0 the moments of scale-free φ are those of any small q


def propagate_images(
    activation, weight_variance: float, bias_variance: float, sources: Sequence[np.ndarray], q0: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(q, δ²) of H layers, (H, *q0.shape[:-1]) each: means over positions of E z², sums over them of δ² before pooling.

    sources: of layers 2 … H, the position of the layer before that each tap of each place sees, (places, taps). q0: q¹ of
    every position, last axis. δ² is relative to that of each position of the last layer's outputs, which are alike.
    """
    phi, q = resolve(activation), [np.maximum(q0, LEAST)]
    for source in sources:
        squares = weight_variance * _moments(phi, "value", q[-1])
        q.append(np.maximum(patch_means(squares, source) + bias_variance, LEAST))
    return _summed(phi, weight_variance, sources, q, [1.0] * len(q))


def propagate_normalized_images(
    activation, weight_variance: float, epsilon: float, sources: Sequence[np.ndarray], q0: np.ndarray, gain: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """The same under layer normalisation over the channels of each place, γ = gain: every place has the length γ², rim or not.

    A place that sees less of an image is divided by less, so that δ² is multiplied, summed over places, as that of dense layers.
    """
    phi, q, factors = resolve(activation), [np.maximum(q0, LEAST)], [1.0]
    for source in sources:
        variance = patch_means(weight_variance * _moments(phi, "value", q[-1]), source)
        q.append(np.maximum(gain**2 * variance / (variance + epsilon), LEAST))
        factors.append(gain**2 / (variance + epsilon))
    return _summed(phi, weight_variance, sources, q, factors)


def _summed(phi: Activation, weight_variance: float, sources, q: list, factors: list) -> tuple[np.ndarray, np.ndarray]:
    """(q, δ²) from q of every place and by what δ² is multiplied where its layer is normalised."""
    back = np.ones(q[-1].shape)
    gradients = []
    for layer in range(len(q) - 1, -1, -1):
        delta = weight_variance * _moments(phi, "slope", q[layer]) * back
        gradients.append(delta.sum(axis=-1))
        if layer:
            back = _given_back(delta * factors[layer], sources[layer - 1], q[layer - 1].shape[-1])
    return np.stack([each.mean(axis=-1) for each in q]), np.stack(gradients[::-1])


def _moments(phi: Activation, which: str, q: np.ndarray) -> np.ndarray:
    return sample_moments(phi, which, np.minimum(q, LARGEST_Q))


def patch_means(values: np.ndarray, source: np.ndarray) -> np.ndarray:
    """The mean over the taps of each place, 0 outside, of values (…, positions): (…, places)."""
    return _seen(values, source).mean(axis=-1)


def _seen(values: np.ndarray, source: np.ndarray) -> np.ndarray:
    """What each tap sees of values (…, positions): (…, places, taps)."""
    return np.where(source == OUTSIDE, 0.0, values[..., source])


def _given_back(delta: np.ndarray, source: np.ndarray, positions: int) -> np.ndarray:
    """The mean over the taps of what comes back to each position from δ² (…, places) of those that see it."""
    counts = np.zeros((source.shape[0], positions))
    places = np.broadcast_to(np.arange(len(source))[:, None], source.shape)
    inside = source != OUTSIDE
    np.add.at(counts, (places[inside], source[inside]), 1 / source.shape[1])
    return delta @ counts
