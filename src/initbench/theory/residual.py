"""Mean field of residual networks, whose blocks have two linear maps: x + α branch(x).

After Yang & Schoenholz 2017 ("Mean field residual networks: on the edge of chaos"). What a branch adds is independent of the stream
that it is added to, so that second moments add. Before activation (He et al. 2016b) the stream stays normal and everything
follows from moments of φ; after activation (2016a) the stream is φ of a stream with noise added, whose distribution is followed
by POINTS equally likely values, as is the product of slopes along each of them.

Layers are counted as networks count them: one or two plain ones, then for each block the layer inside its branch and the one
behind its sum.
"""

from dataclasses import dataclass

import numpy as np
import scipy

from initbench.activations import Activation
from initbench.theory.maps import Maps, branch_scales, maps_of
from initbench.theory.moments import resolve
from initbench.theory.points import noise, normal_points
from initbench.theory.samples import sample_moments

LENGTHS = 25  # quantiles of q¹, between which there are splines
SMALLEST = 1e-300


@dataclass(frozen=True)
class ResidualPropagation:
    """Prediction for the hidden layers 1 … H of a wide residual network.

    Attributes:
        q: Second moment of the pre-activations z, of what φ is given, (H, …) with the axes of q0.
        gradient: δ² at z up to a factor that all layers and samples share, (H, …) with the axes of q0.
        on_stream: Whether shortcuts lead to the layer and not past it, (H,).
    """

    q: np.ndarray
    gradient: np.ndarray
    on_stream: np.ndarray


def propagate_residual(
    activation,
    weight_variance,
    bias_variance,
    depth: int,
    q0,
    branch_gain=1.0,
    preactivation=False,
) -> ResidualPropagation:
    """Predict every hidden layer of a residual network without normalisation, from the second moment of its first.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight; or one for the map to each hidden layer, (H,), of which the
            first plays no part.
        bias_variance: σ_b², the variance of a bias, or one for each, (H,).
        depth: Number of hidden layers H, from 1.
        q0: The second moment of z¹, one number or an array of them, of samples say.
        branch_gain: α, by which a branch is multiplied, or one for each block.
        preactivation: Whether φ stands before the linear maps (He et al. 2016b) and not behind the sum (2016a).

    Returns:
        q and δ² of the layers 1 … H.

    Raises:
        ValueError: For a number that is negative or not finite, or an unknown name.
    """
    phi, q0 = resolve(activation), np.asarray(q0, float)
    each, scales = maps_of(depth, weight_variance, bias_variance), branch_scales(branch_gain, block_count(depth))
    follow = _before if preactivation else after_activation
    q, gradient = follow(phi, each, depth, scales, q0)
    return ResidualPropagation(q, gradient, on_stream(depth))


def plain_layers(depth: int) -> int:
    """The hidden layers before the first block: one, or two if the depth is even."""
    return min(depth, 2 - depth % 2)


def block_count(depth: int) -> int:
    """The blocks, of two hidden layers each."""
    return (depth - plain_layers(depth)) // 2


def on_stream(depth: int) -> np.ndarray:
    """Whether shortcuts lead to each layer 1 … H and not past it."""
    layer = np.arange(1, depth + 1)
    return (layer <= plain_layers(depth)) | ((depth - layer) % 2 == 0)


def ends_block(layer: int, depth: int) -> bool:
    """Whether a block ends with this layer, from 1."""
    return layer > plain_layers(depth) and (depth - layer) % 2 == 0


def block_ended(layer: int, depth: int) -> int:
    """The number from 0 of the block that ends with this layer."""
    return (layer - plain_layers(depth)) // 2 - 1


def _before(phi: Activation, maps: Maps, depth: int, scales, q0):
    """Before activation: q of the stream grows by α² times what a branch of it has, δ² by α² χ χ of that branch."""
    q = [q0]
    for layer in range(2, depth + 1):
        mapped, _ = maps.after(layer, sample_moments(phi, "value", q[-1]))
        q.append(q[-2] + scales[block_ended(layer, depth)] * mapped if ends_block(layer, depth) else mapped)
    weights = [*maps.weight[1:], maps.weight[0]]  # of the map behind each layer; all samples share that of the last
    chi = [weight * sample_moments(phi, "slope", each) for weight, each in zip(weights, q, strict=True)]
    gradient = [chi[-1]]
    for layer in range(depth - 1, 0, -1):
        if ends_block(layer + 1, depth):
            gradient.append(scales[block_ended(layer + 1, depth)] * chi[layer - 1] * gradient[-1])
        elif layer + 1 > plain_layers(depth):
            gradient.append(gradient[-2] + chi[layer - 1] * gradient[-1])
        else:
            gradient.append(chi[layer - 1] * gradient[-1])
    return np.stack(q), np.stack(gradient[::-1])


def after_activation(phi: Activation, maps: Maps, depth: int, scales, q0):
    """After activation, at some lengths, with splines of the logarithms between them."""
    lengths = np.unique(np.quantile(q0, np.linspace(0, 1, LENGTHS)))
    found = [_points(phi, maps, depth, scales, length) for length in lengths]
    return tuple(_between(lengths, np.stack(part, axis=1), q0) for part in zip(*found, strict=True))


def _between(lengths, values, q0):
    """Each row of values (H, lengths) at q0; NaN for one with a number that is not finite."""
    at, known = (np.log(np.maximum(q, SMALLEST)) for q in (q0, lengths))
    rows = []
    for row in values:
        if len(lengths) == 1 or not np.isfinite(row).all():
            rows.append(np.full(q0.shape, row[0] if len(lengths) == 1 else np.nan))
            continue
        positive = (row > 0).all()
        found = scipy.interpolate.PchipInterpolator(known, np.log(row) if positive else row)(at)
        rows.append(np.exp(found) if positive else found)
    return np.stack(rows)


def _points(phi: Activation, maps: Maps, depth: int, scales, q1: float):
    """(q, δ²) of the layers 1 … depth for one length, (depth,) each."""
    plain = plain_layers(depth)
    q, back = [np.array(q1)], [1.0]  # back: by what δ² is multiplied in the map to each layer
    for layer in range(2, plain + 1):
        _append(q, back, *maps.after(layer, maps.spread(phi, q[-1])))
    stream = [np.sqrt(q[-1]) * normal_points()]
    for layer in range(plain + 2, depth + 1, 2):
        carried = phi(stream[-1])
        _append(q, back, *maps.after(layer - 1, maps.spread_of(carried)))
        added, factor = maps.after(layer, maps.spread(phi, q[-1]))
        noises = scales[block_ended(layer, depth)] * added
        stream.append(carried + np.sqrt(noises) * noise(stream[-1], carried))
        _append(q, back, np.square(stream[-1]).mean(), scales[block_ended(layer, depth)] * factor)
    return np.array(q, float), _points_back(phi, plain, q, back, stream)


def _append(q: list, back: list, length, factor) -> None:
    q.append(length)
    back.append(factor)


def _points_back(phi: Activation, plain: int, q: list, back: list, stream: list) -> np.ndarray:
    """δ² of the layers from what each map takes it by and the values of the stream, (depth,)."""
    slopes = [np.square(phi.slope(z)) for z in stream]
    squares, gradient = slopes[-1], [slopes[-1].mean()]
    for block in range(len(stream) - 2, -1, -1):
        inner = plain + 2 * block  # from 0
        inside = back[inner + 1] * sample_moments(phi, "slope", q[inner]) * squares.mean()
        squares = slopes[block] * (squares + back[inner] * inside)
        gradient += [inside, squares.mean()]
    for layer in range(plain - 1, 0, -1):
        gradient.append(back[layer] * sample_moments(phi, "slope", q[layer - 1]) * gradient[-1])
    return np.array(gradient[::-1], float)
