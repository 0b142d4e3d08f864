"""The recursion for many samples at once, each of its own length.

Samples of a real data set differ in length, and the maps are curved, so the mean over samples does not follow the map of
the mean: with the digits, whose squared norms vary as much as their mean, tanh networks come out 10 % shorter.
"""

from functools import lru_cache

import numpy as np
import scipy

from initbench.activations import Activation
from initbench.theory import moments
from initbench.theory.moments import resolve
from initbench.theory.propagation import LARGEST_Q

_TABLE = 10.0 ** (np.arange(-30 * 24, 8 * 24 + 1) / 24)  # q from 1e-30 to 1e8, 24 points a decade


def propagate_samples(activation, weight_variance, bias_variance, depth: int, q0: np.ndarray):
    """(q, chi), each (depth, *q0.shape): second moment of z^l and χ_l of every sample, from its q¹ in the array q0.

    weight_variance, bias_variance: numbers, or arrays of q0's shape.

    `propagate` without the checks for many q0, by splines through the moments: the two agree to six digits.
    """
    phi = resolve(activation)
    q = [np.asarray(q0, float)]
    with np.errstate(over="ignore"):  # a length above 1.8e308 is infinite
        for _ in range(depth - 1):
            finite = np.minimum(q[-1], LARGEST_Q)
            longer = weight_variance * sample_moments(phi, "value", finite) + bias_variance
            q.append(np.where(np.isinf(q[-1]), np.inf, longer))
        chi = [weight_variance * sample_moments(phi, "slope", np.minimum(length, LARGEST_Q)) for length in q]
    return np.stack(q), np.stack(chi)


def sample_moments(phi: Activation, which: str, q: np.ndarray) -> np.ndarray:
    """E φ² or E φ′² at each q, between table points by a spline where the table has all of them."""
    exact = moments.second_moments if which == "value" else moments.second_moment_slopes
    spline = _spline(phi, which)
    if spline is None or not ((_TABLE[0] <= q) & (q <= _TABLE[-1])).all():
        return exact(phi, q)
    return np.exp(spline(np.log(q)))


@lru_cache(maxsize=64)
def _spline(phi: Activation, which: str) -> "scipy.interpolate.CubicSpline | None":
    """ln of the moment over ln q, or None where the moment is zero somewhere (φ flat around 0) or infinite."""
    exact = moments.second_moments if which == "value" else moments.second_moment_slopes
    values = exact(phi, _TABLE)
    usable = np.isfinite(values).all() and (values > 0).all()
    return scipy.interpolate.CubicSpline(np.log(_TABLE), np.log(values)) if usable else None
