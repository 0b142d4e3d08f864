"""The critical line χ = 1 in the plane of σ_w² and σ_b², and the point on it that suits each activation.

At a fixed point q of the length map, χ = 1 asks for σ_w² = 1/E φ′², and then σ_b² = q − E φ²/E φ′², moments at q. So the
line is a curve with parameter q ≥ 0, of which the part with σ_b² ≥ 0 exists.
"""

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from initbench.activations import Activation
from initbench.theory import moments
from initbench.theory.length import GRID, fixed_points
from initbench.theory.moments import checked, resolve

RESOLUTION = 1e-10  # of σ_b²/q and of ln χ, which come from differences of numbers near 1
MARGINAL = 1e-6  # excess of a slope over 1 that is put down to rounding of published values
NEAR_ZERO = 1e-100  # where limits q → 0 are taken
_LINE = GRID[(GRID > 1e-13) & (GRID < 1e31)]


@dataclass(frozen=True)
class CriticalPoint:
    """A point of the critical line χ = 1.

    Attributes:
        weight_variance: σ_w².
        bias_variance: σ_b².
        q: The fixed point of the length map; 0 in the limit.
        length_slope: The slope of the length map there.
    """

    weight_variance: float
    bias_variance: float
    q: float
    length_slope: float

    @property
    def holds_the_length(self) -> bool:
        """Whether networks stay at q: the slope is below 1, or 1 up to rounding."""
        return abs(self.length_slope) <= 1 + MARGINAL


def critical_points(activation, *, weight_variance=None, bias_variance=None) -> tuple[CriticalPoint, ...]:
    """Find every point of the critical line with the given σ_w² or σ_b² (give one).

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w².
        bias_variance: σ_b².

    Returns:
        The points, by q; empty if there is none.

    Raises:
        ValueError: If both or neither are given, or for a number that cannot be.
    """
    phi = resolve(activation)
    if (weight_variance is None) == (bias_variance is None):
        raise ValueError("give one of weight_variance and bias_variance")
    if weight_variance is not None:
        return _with_weight_variance(phi, checked("weight_variance", weight_variance))
    return _with_bias_variance(phi, checked("bias_variance", bias_variance))


def critical_point(activation, bias_variance: float | None = None) -> CriticalPoint:
    """Find the critical point to initialise at.

    With σ_b² given it is that at the smallest q that networks stay at. Otherwise, the first of these that exists: q → 0 with
    σ_b² = 0, if lengths come to 0 there or never change (linear, relu, tanh, erf, elu, selu …); the point at which the length map
    has slope 1 too, so that neither angles nor lengths change exponentially (gelu, silu; Roberts, Yaida & Hanin 2022, section
    5.3.4, "half-stable"); σ_b² = 0 at a finite q that networks stay at (sigmoid).

    Args:
        activation: Its name, or an `Activation`.
        bias_variance: σ_b², to stay at it.

    Returns:
        The point.

    Raises:
        ValueError: If there is none.
    """
    phi = resolve(activation)
    if bias_variance is None:
        return _standard(phi)
    for point in critical_points(phi, bias_variance=bias_variance):
        if point.holds_the_length:
            return point
    raise ValueError(
        f"activation {phi.name!r} has no critical point with bias_variance={float(bias_variance):g}: "
        "there is no fixed point with χ = 1 that networks stay at"
    )


@lru_cache(maxsize=256)
def _standard(phi: Activation) -> CriticalPoint:
    zero = _zero_point(phi)
    if zero is not None:
        found = fixed_points(phi, zero.weight_variance, 0.0)
        if found.every_q or found.points[0].stability == "stable":
            return zero
    both = [_point(phi, q) for q in _crossings(lambda q: _slope(phi, q) - 1, _slope(phi, _LINE) - 1)]
    steady = [point for point in both if point.bias_variance > 0]
    steady += [point for point in _with_bias_variance(phi, 0.0) if point.q > 0 and point.holds_the_length]
    if not steady:
        raise ValueError(f"activation {phi.name!r} has no critical point: χ = 1 asks for a negative bias variance")
    return steady[0]


def _zero_point(phi: Activation) -> CriticalPoint | None:
    """The end of the line at q → 0, which exists if φ(0) = 0 and φ has a slope there."""
    steepness = moments.second_moment_slope(phi, NEAR_ZERO)
    if float(phi(0.0)) != 0 or steepness < 1e-9:
        return None
    return CriticalPoint(1 / steepness, 0.0, 0.0, float(_slope(phi, NEAR_ZERO)))


def _slope(phi, q):
    """Slope of the length map on the critical line; infinite where φ is flat."""
    return _quotient(moments.second_moment_growth(phi, q), moments.second_moment_slopes(phi, q))


def _excess(phi, q):
    """σ_b²/q on the critical line, −∞ where φ is flat."""
    return 1 - _quotient(moments.second_moments(phi, q) / q, moments.second_moment_slopes(phi, q))


def _quotient(a, b):
    return np.divide(a, b, out=np.full(np.shape(b), np.inf), where=np.asarray(b) > 0)


@lru_cache(maxsize=256)
def _excess_on_line(phi: Activation) -> np.ndarray:
    """_excess over _LINE, zero where it cannot be told from rounding."""
    excess = _excess(phi, _LINE)
    return np.where(np.abs(excess) < RESOLUTION, 0, excess)


def _point(phi, q: float, bias_variance: float | None = None) -> CriticalPoint:
    """The point of the line at q, with σ_b² if that is known better than by the difference."""
    if bias_variance is None:
        excess = float(_excess(phi, q))
        bias_variance = q * excess if abs(excess) > RESOLUTION else 0.0
    return CriticalPoint(1 / moments.second_moment_slope(phi, q), bias_variance, q, float(_slope(phi, q)))


def _crossings(function, values) -> list[float]:
    """q at which `function` changes sign, given its values over _LINE, of which those near zero are rounding."""
    sure = np.flatnonzero(np.abs(values) > RESOLUTION)
    pairs = [(i, j) for i, j in itertools.pairwise(sure) if np.sign(values[i]) != np.sign(values[j])]
    return [_root(function, *_LINE[[i, j]]) for i, j in pairs]


def _root(function, low, high) -> float:
    """The q between low and high at which a function, which may be infinite elsewhere, is zero."""
    from scipy import optimize

    def of_logarithm(x):
        return float(np.clip(function(np.exp(x)), -1e300, 1e300))

    return float(np.exp(optimize.brentq(of_logarithm, np.log(low), np.log(high), xtol=1e-13)))


def _with_weight_variance(phi, weight_variance) -> tuple[CriticalPoint, ...]:
    zero = _zero_point(phi)
    at_zero = zero is not None and abs(weight_variance / zero.weight_variance - 1) < RESOLUTION

    def log_chi(q):
        steepness = weight_variance * moments.second_moment_slopes(phi, q)
        return np.log(steepness, out=np.full(np.shape(steepness), -1e3), where=steepness > 0)

    points = [_point(phi, q) for q in _crossings(log_chi, log_chi(_LINE))]
    return (*([zero] if at_zero else []), *(point for point in points if point.bias_variance >= 0))


def _with_bias_variance(phi, bias_variance) -> tuple[CriticalPoint, ...]:
    excess = _excess_on_line(phi)
    if bias_variance == 0:
        zero = _zero_point(phi)
        crossings = _crossings(lambda q: _excess(phi, q), excess)
        return (*([zero] if zero else []), *(_point(phi, q, 0.0) for q in crossings))

    above = _LINE * excess > bias_variance
    found = []
    for k in np.flatnonzero(above[1:] != above[:-1]):
        if excess[: k + 1].any() and excess[k + 1 :].any():
            found.append(_root(lambda q: q * _excess(phi, q) - bias_variance, *_LINE[[k, k + 1]]))
        elif not excess[: k + 1].any():
            found.append(_below_resolution(excess, k + 1, bias_variance))
    return tuple(_point(phi, q, bias_variance) for q in found)


def _below_resolution(excess, first, bias_variance) -> float:
    """q at which q·excess is σ_b², by the power law of the first two points that can be told from rounding."""
    power = np.log(excess[first + 1] / excess[first]) / np.log(_LINE[first + 1] / _LINE[first])
    return float(_LINE[first] * (bias_variance / (_LINE[first] * excess[first])) ** (1 / (1 + power)))
