"""Mean field of residual networks, whose blocks have two linear maps: x + α branch(x).

After Yang & Schoenholz 2017 ("Mean field residual networks: on the edge of chaos"). What a branch adds is independent of the stream
that it is added to, so that second moments add. Before activation (He et al. 2016b) the stream stays normal and everything
follows from moments of φ; after activation (2016a) the stream is φ of a stream with noise added, whose distribution is followed
by POINTS equally likely values, as is the product of slopes along each of them.

Layers are counted as networks count them: one or two plain ones, then for each block the layer inside its branch and the one
behind its sum.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy

from initbench.activations import Activation
from initbench.theory.length import variances
from initbench.theory.moments import checked, resolve
from initbench.theory.samples import sample_moments

POINTS = 16384
LENGTHS = 25  # quantiles of q¹, between which there are splines
SMALLEST = 1e-300
GOLDEN = (np.sqrt(5) - 1) / 2


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
    weight_variance: float,
    bias_variance: float,
    depth: int,
    q0,
    branch_gain: float = 1.0,
    preactivation=False,
) -> ResidualPropagation:
    """Predict every hidden layer of a residual network without normalisation, from the second moment of its first.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        bias_variance: σ_b², the variance of a bias.
        depth: Number of hidden layers H, from 1.
        q0: The second moment of z¹, one number or an array of them, of samples say.
        branch_gain: α, by which a branch is multiplied.
        preactivation: Whether φ stands before the linear maps (He et al. 2016b) and not behind the sum (2016a).

    Returns:
        q and δ² of the layers 1 … H.

    Raises:
        ValueError: For a number that is negative or not finite, or an unknown name.
    """
    phi = resolve(activation)
    weight, bias = variances(weight_variance, bias_variance)
    scale = checked("branch_gain", branch_gain, low=-np.inf) ** 2
    q0 = np.asarray(q0, float)
    follow = _before if preactivation else _after
    q, gradient = follow(phi, weight, bias, depth, scale, q0)
    layer = np.arange(1, depth + 1)
    return ResidualPropagation(q, gradient, (layer <= plain_layers(depth)) | ((depth - layer) % 2 == 0))


def plain_layers(depth: int) -> int:
    """The hidden layers before the first block: one, or two if the depth is even."""
    return min(depth, 2 - depth % 2)


def _before(phi: Activation, weight, bias, depth: int, scale, q0):
    """Before activation: q of the stream grows by α² times what a branch of it has, δ² by α² χ χ of that branch."""
    q = [q0]
    for layer in range(2, depth + 1):
        mapped = weight * sample_moments(phi, "value", q[-1]) + bias
        q.append(q[-2] + scale * mapped if _ends_block(layer, depth) else mapped)
    chi = [weight * sample_moments(phi, "slope", each) for each in q]
    gradient = [chi[-1]]
    for layer in range(depth - 1, 0, -1):
        if _ends_block(layer + 1, depth):
            gradient.append(scale * chi[layer - 1] * gradient[-1])
        elif layer + 1 > plain_layers(depth):
            gradient.append(gradient[-2] + chi[layer - 1] * gradient[-1])
        else:
            gradient.append(chi[layer - 1] * gradient[-1])
    return np.stack(q), np.stack(gradient[::-1])


def _ends_block(layer: int, depth: int) -> bool:
    return layer > plain_layers(depth) and (depth - layer) % 2 == 0


def _after(phi: Activation, weight, bias, depth: int, scale, q0):
    """After activation, at some lengths, with splines of the logarithms between them."""
    lengths = np.unique(np.quantile(q0, np.linspace(0, 1, LENGTHS)))
    found = [_points(phi, weight, bias, depth, scale, length) for length in lengths]
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


def _points(phi: Activation, weight, bias, depth: int, scale, q1: float):
    """(q, δ²) of the layers 1 … depth for one length, (depth,) each."""
    plain, normal = plain_layers(depth), _normal_points()
    q = [np.array(q1)]
    for _ in range(plain - 1):
        q.append(weight * sample_moments(phi, "value", q[-1]) + bias)
    stream = [np.sqrt(q[-1]) * normal]
    for _ in range((depth - plain) // 2):
        carried = phi(stream[-1])
        q.append(weight * np.square(carried).mean() + bias)
        added = scale * (weight * sample_moments(phi, "value", q[-1]) + bias)
        stream.append(carried + np.sqrt(added) * _noise(stream[-1], carried))
        q.append(np.square(stream[-1]).mean())
    slopes = [np.square(phi.slope(z)) for z in stream]
    squares, gradient = slopes[-1], [slopes[-1].mean()]
    for block in range(len(stream) - 2, -1, -1):
        inside = scale * weight * sample_moments(phi, "slope", q[plain + 2 * block]) * squares.mean()
        squares = slopes[block] * (squares + weight * inside)
        gradient += [inside, squares.mean()]
    for layer in range(plain - 1, 0, -1):
        gradient.append(weight * sample_moments(phi, "slope", q[layer - 1]) * gradient[-1])
    return np.array(q, float), np.array(gradient[::-1], float)


@lru_cache(maxsize=1)
def _normal_points() -> np.ndarray:
    """Equally likely values of a normal variable of variance 1, in order."""
    points = scipy.special.ndtri((np.arange(POINTS) + 0.5) / POINTS)
    return points / np.sqrt(np.square(points).mean())


@lru_cache(maxsize=1)
def _scattered() -> np.ndarray:
    """The same values in an order of their own: with their places, even over the plane."""
    return _normal_points()[np.argsort(np.argsort(np.arange(1, POINTS + 1) * GOLDEN % 1))]


def _noise(values: np.ndarray, carried: np.ndarray) -> np.ndarray:
    """Normal values independent of others: as evenly spread beside them as two coordinates can be (L'Ecuyer et al. 2008).

    What they have in common with that to which they are added, by so many points, is taken out, so that variances add.
    """
    noise = np.empty(POINTS)
    noise[np.argsort(values, kind="stable")] = _scattered()
    centred = carried - carried.mean()
    spread = np.square(centred).sum()
    if spread > 0:
        noise -= (noise @ centred) / spread * centred
    return noise / np.sqrt(np.square(noise).mean())
