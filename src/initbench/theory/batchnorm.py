"""Batch normalisation with batches of a given size: how fast gradients grow in deep, wide networks."""

import numpy as np

from initbench.theory.moments import resolve

NODES = 800  # a side of the grid of two coordinates: four digits of a rate, with a kink at 0
REACH = 10.0  # standard deviations


def batch_rate(activation, batch: int) -> float:
    """The factor per layer by which δ² of a deep batch-normalised network grows at the start, for batches of this size.

    Wide networks, all samples equally far apart (Yang et al. 2019, "A mean field theory of batch normalization", section 3:
    the largest eigenvalue of the backward map). As the batch grows it comes down to `batchnorm_rate`, for linear units it is
    (B − 2)/(B − 3). ValueError for fewer than 6 samples or a constant φ.

    With z = √B u, u uniform on the unit sphere of centred vectors, s = (φ(z)'s variance over the batch), it is
    B / ((B − 3)(B − 1) E s) · E tr[(G − uuᵀ) D G D], G the centring and D = diag φ′(z).
    """
    if batch < 6:
        raise ValueError(f"batch: {batch} samples; six at least are needed")
    phi = resolve(activation)
    first, second, weight = _two_of_a_batch(batch)
    values, slopes = [phi(z) for z in (first, second)], [phi.slope(z) for z in (first, second)]
    spread = np.sum(weight * (values[0] ** 2 - values[0] * values[1]))
    if not spread > 1e-14 * np.sum(weight * values[0] ** 2):
        raise ValueError(f"activation {phi.name!r} is constant: batch normalisation has nothing to normalise")
    own = (1 - 1 / batch) * (1 - 1 / batch - first**2 / batch) * slopes[0] ** 2
    cross = (1 + first * second) / batch**2 * slopes[0] * slopes[1]
    trace = batch * np.sum(weight * (own + (batch - 1) * cross))
    return float(batch * trace / ((batch - 3) * (batch - 1) * spread))


def _two_of_a_batch(batch: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(z_1, z_2, weights) on a grid: two entries of a vector uniform on the centred sphere of radius √batch."""
    first, of_first = _coordinate(batch - 1)
    other, of_other = _coordinate(batch - 2)  # of the sphere that is left, also with unit variance
    first, other = first[:, None], other[None]
    cosine = -1 / (batch - 1)
    radius = np.sqrt((1 - first**2 / (batch - 1)) * (batch - 1) / (batch - 2))
    second = cosine * first + np.sqrt(1 - cosine**2) * radius * other
    weight = of_first[:, None] * of_other[None]
    return np.broadcast_to(first, second.shape), second, weight / weight.sum()


def _coordinate(dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """Midpoints and density of one coordinate of the uniform distribution on the sphere of radius √dimensions."""
    end = min(np.sqrt(dimensions), REACH)
    z = end * ((2 * np.arange(NODES) + 1) / NODES - 1)
    return z, np.exp((dimensions - 3) / 2 * np.log1p(-(z**2) / dimensions))
