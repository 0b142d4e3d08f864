"""Mean field of residual networks under normalisation, layer by layer.

De & Smith 2020 ("Batch normalization biases residual blocks towards the identity function", section 3) for the growth of the stream,
Yang et al. 2019 for what a normalised map does to gradients. After activation a branch adds α² γ² to the stream of φ's outputs,
whatever its weights. Before activation it adds what its last map makes of φ, and the normalisation before its first one divides by
all that the stream has: of block b about 1/b is its own, so that lengths grow as depth and gradients as a power of it.
"""

import numpy as np

from initbench.activations import Activation
from initbench.theory.maps import Maps, branch_scales, maps_of
from initbench.theory.moments import resolve
from initbench.theory.residual import (
    ResidualPropagation,
    after_activation,
    block_count,
    block_ended,
    ends_block,
    on_stream,
    plain_layers,
)
from initbench.theory.samples import sample_moments


def propagate_residual_normalized(
    activation,
    weight_variance,
    depth: int,
    normalization: str,
    epsilon: float,
    q0=1.0,
    stream=1.0,
    gain=1.0,
    branch_gain=1.0,
    preactivation=False,
) -> ResidualPropagation:
    """Predict every hidden layer of a residual network under batch or layer normalisation: wide layers, large batches.

    z is what φ is given. Before activation that is the normalised stream, and δ² what comes back through the branch alone; after
    activation it is the sum, which no normalisation follows.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight; or one for the map to each hidden layer, (H,), of which the
            first plays no part.
        depth: Number of hidden layers H, from 1.
        normalization: "batch" or "layer".
        epsilon: What is added to the variance under the root, more than 0.
        q0: The second moment of z¹.
        stream: Of what the first map gives, before activation: its variance, under batch normalisation over the batch and under
            layer normalisation over the units, there one number or an array of them, of samples. It counts at odd depth, where that
            is the stream before the first block.
        gain: γ, one number or one for each hidden layer, (H,).
        branch_gain: α, by which a branch is multiplied, or one for each block.
        preactivation: Whether φ stands before the linear maps (He et al. 2016b) and not behind the sum (2016a).

    Returns:
        q and δ² of the layers 1 … H, with the axes of `stream` before activation.

    Raises:
        ValueError: For a number out of range, an unknown name, or networks without normalisation.
    """
    if normalization == "none":
        raise ValueError("normalization 'none': propagate_residual predicts networks without")
    phi = resolve(activation)
    each, scales = (
        maps_of(depth, weight_variance, 0.0, gain, normalization, epsilon),
        branch_scales(branch_gain, block_count(depth)),
    )
    if preactivation:
        q, gradient = _before(phi, each, depth, scales, q0, np.asarray(stream, float))
    else:
        q, gradient = after_activation(phi, each, depth, scales, np.asarray(q0, float))
    return ResidualPropagation(q, gradient, on_stream(depth))


def _before(phi: Activation, maps: Maps, depth: int, scales, q0, stream):
    """Before activation: (q, δ²), (H, *stream.shape) each."""
    q, factor = [np.broadcast_to(q0, stream.shape)], [maps.normalized(1, stream)[1]]
    for layer in range(2, depth + 1):
        variance = maps.weight[layer - 1] * maps.spread(phi, q[-1])
        if layer <= plain_layers(depth):
            stream = np.broadcast_to(variance, stream.shape)
        elif ends_block(layer, depth):
            variance = stream = stream + scales[block_ended(layer, depth)] * variance
        length, back = maps.normalized(layer, variance)
        q.append(length)
        factor.append(back)
    return np.stack(q), _before_back(phi, maps, depth, scales, q, factor)


def _before_back(phi: Activation, maps: Maps, depth: int, scales, q: list, factor: list) -> np.ndarray:
    """δ² at the normalised z of each layer: on the stream shortcuts add up, past the normalisation, what branches give back."""
    slope = [sample_moments(phi, "slope", each) for each in q]
    gradient = [slope[-1]]
    past = factor[-1] * gradient[-1]  # δ² of the stream
    for layer in range(depth - 1, 0, -1):
        through = maps.weight[layer] * slope[layer - 1]
        if ends_block(layer + 1, depth):
            gradient.append(scales[block_ended(layer + 1, depth)] * through * past)
        elif layer + 1 > plain_layers(depth):
            gradient.append(through * factor[layer] * gradient[-1])
            past = past + factor[layer - 1] * gradient[-1]
        else:
            gradient.append(through * past)
    return np.stack(gradient[::-1])
