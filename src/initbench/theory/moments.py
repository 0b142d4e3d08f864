"""Gaussian moments of activations: E φ, E φ², E φ′² at any variance, and of two correlated pre-activations.

`activation` is a registered name or an `Activation`; q is the variance of the pre-activation, `mean` its mean. q = 0 is
a point mass: the moments are then φ and φ′ at the mean themselves, with the library's φ′ at a kink.
"""

import math
from functools import lru_cache

import numpy as np

from initbench.activations import Activation, get_activation
from initbench.theory.quadrature import expectation


def resolve(activation: str | Activation) -> Activation:
    """The activation itself; UnknownNameError (a ValueError) for a name that is not registered."""
    return activation if isinstance(activation, Activation) else get_activation(activation)


def checked(name: str, value, *, low: float = 0.0, high: float = np.inf) -> float:
    """`value` as a float, or ValueError naming it unless it is finite and in [low, high]."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: {value!r} is not a number") from None
    if not np.isfinite(number) or not low <= number <= high:
        raise ValueError(f"{name}: {value!r} must be a finite number of at least {low:g}{_up_to(high)}")
    return number


def _up_to(high):
    return f" and at most {high:g}" if np.isfinite(high) else ""


def mean(activation, q: float, mean: float = 0.0) -> float:
    """E φ(√q z + mean)."""
    return _scalar(resolve(activation), "value", 1, checked("q", q), checked("mean", mean, low=-np.inf))


def second_moment(activation, q: float, mean: float = 0.0) -> float:
    """E φ(√q z + mean)²; infinite where it exceeds what a double holds."""
    return _scalar(resolve(activation), "value", 2, checked("q", q), checked("mean", mean, low=-np.inf))


def mean_slope(activation, q: float, mean: float = 0.0) -> float:
    """E φ′(√q z + mean)."""
    return _scalar(resolve(activation), "slope", 1, checked("q", q), checked("mean", mean, low=-np.inf))


def second_moment_slope(activation, q: float, mean: float = 0.0) -> float:
    """E φ′(√q z + mean)²: χ in units of σ_w²."""
    return _scalar(resolve(activation), "slope", 2, checked("q", q), checked("mean", mean, low=-np.inf))


@lru_cache(maxsize=65536)
def _scalar(phi: Activation, which: str, power: int, q: float, mean: float) -> float:
    function = phi if which == "value" else phi.slope
    return float(expectation(function, q, mean, kinks=phi.kinks, power=power))


def second_moments(activation, q: np.ndarray) -> np.ndarray:
    """E φ(√q z)² for an array of variances."""
    phi = resolve(activation)
    return expectation(phi, q, kinks=phi.kinks, power=2)


def second_moment_slopes(activation, q: np.ndarray) -> np.ndarray:
    """E φ′(√q z)² for an array of variances."""
    phi = resolve(activation)
    return expectation(phi.slope, q, kinks=phi.kinks, power=2)


def second_moment_growth(activation, q: np.ndarray) -> np.ndarray:
    """d/dq E φ(√q z)² = E[x φ(x) φ′(x)]/q, x = √q z, for an array of positive variances.

    Where φ(0) ≠ 0 the even function φ(0) φ′(0) e^(−x²), whose product with x has no mean, is taken off: at small q
    rounding of φ(0) φ′(0) would drown the rest, and below q = 1e-10, where the derivative no longer changes, it does.
    """
    phi = resolve(activation)
    origin = float(phi(0.0) * phi.slope(0.0))
    q = np.maximum(q, 1e-10) if origin else np.asarray(q, float)

    def integrand(x):
        return x * (phi(x) * phi.slope(x) - origin * np.exp(-np.square(x)))

    return expectation(integrand, q, kinks=phi.kinks) / q


def product_moment(activation, q: float, c: float) -> float:
    """E φ(u) φ(v) for normal u, v of mean 0, variance q and correlation c in [−1, 1]."""
    phi = resolve(activation)
    return _product(phi, "value", checked("q", q), checked("c", c, low=-1, high=1))


def product_moment_slope(activation, q: float, c: float) -> float:
    """E φ′(u) φ′(v) for normal u, v of mean 0, variance q and correlation c in [−1, 1]."""
    phi = resolve(activation)
    return _product(phi, "slope", checked("q", q), checked("c", c, low=-1, high=1))


@lru_cache(maxsize=65536)
def _product(phi: Activation, which: str, q: float, c: float) -> float:
    """E f(u) f(v) = E_x[h(x) h(±x)], x ~ N(0, q|c|), h(x) = E f(x + N(0, q(1 − |c|))), the sign that of c.

    u and v are written as ±x plus independent remainders, so that two one-dimensional expectations are enough and
    the kinks of f stay points.
    """
    f = phi if which == "value" else phi.slope
    if c == 1:
        return float(expectation(f, q, kinks=phi.kinks, power=2))

    def smoothed(x):
        return expectation(f, q * (1 - abs(c)), x, kinks=phi.kinks)

    scales = (1.0, math.sqrt(q * (1 - abs(c))))  # of φ and of the smoothing
    if c >= 0:
        return float(expectation(smoothed, q * c, kinks=phi.kinks, scales=scales, power=2))
    mirrored = (*phi.kinks, *(-kink for kink in phi.kinks))
    return float(expectation(lambda x: smoothed(x) * smoothed(-x), -q * c, kinks=mirrored, scales=scales))
