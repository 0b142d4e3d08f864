"""What mean-field theory says of a convolutional cell at initialisation, position by position, from the data's own images."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from initbench.architectures import build
from initbench.network.convolution import Convolution
from initbench.network.layer import Network
from initbench.network.normalization import EPSILON
from initbench.theory.images import patch_means, propagate_images, propagate_normalized_images


def network_of(cell: Mapping, features: int) -> Network:
    """The network of a cell, given by its keys, for data of so many features and two classes."""
    sizes = int(cell["width"]), int(cell["depth"]), cell["activation"], cell["normalization"]
    return build(cell["architecture"], (features,), 2, *sizes)


def seen_by(network: Network) -> Iterator[np.ndarray]:
    """Of each hidden layer, all of which are convolutions, what its taps see, (places, taps)."""
    for at in network.maps[:-1]:
        layer = network.layers[at.linear]
        assert isinstance(layer, Convolution)
        yield layer.seen(network.shapes[at.linear])[0]


def predicted_images(
    cell: Mapping, weight_variance: float, bias_variance: float, first: np.ndarray, squares: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """(E z² (seeds, H), δ² (H,)) without normalisation: see `predictions.Prediction`.

    first: measured E z² of layer 1 for each seed, shared out among samples and places by what they see of the inputs; squares: of
    each seed the squared features of every probe sample, (B, features).
    """
    source, *others = seen_by(network_of(cell, squares[0].shape[1]))
    seen = patch_means(np.stack(squares), source)  # (seeds, B, places)
    known = np.isfinite(first)
    q1 = np.where(known, first, 1.0)[:, None, None]
    shares = seen / seen.mean(axis=(1, 2), keepdims=True)
    start = np.maximum(q1 - bias_variance, 0) * shares + np.minimum(q1, bias_variance)
    q, gradient = propagate_images(cell["activation"], weight_variance, bias_variance, others, start)
    return np.where(known[:, None], q.mean(axis=2).T, np.nan), gradient.mean(axis=(1, 2))


def predicted_normalized_images(
    cell: Mapping, weight_variance: float, gain: float, source_variance: float, first: np.ndarray, squares
) -> tuple[np.ndarray, np.ndarray]:
    """(E z² (seeds, H), δ² (H,)) under layer normalisation; source_variance: σ_w² of the first layer, gain: γ.

    A place is normalised with what it sees, so that all are alike where the first layer sees anything.
    """
    source, *others = seen_by(network_of(cell, squares[0].shape[1]))
    seen = source_variance * patch_means(np.stack(squares), source)
    shares = seen / (seen + EPSILON)
    start = first[:, None, None] * shares / shares.mean(axis=(1, 2), keepdims=True)
    q, gradient = propagate_normalized_images(cell["activation"], weight_variance, EPSILON, others, start, gain)
    return q.mean(axis=2).T, gradient.mean(axis=(1, 2))
