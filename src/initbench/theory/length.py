"""The length map q_{l+1} = σ_w² E φ(√q_l z)² + σ_b² of wide random networks, and all its fixed points.

q_l is the second moment of the pre-activations of layer l, z ~ N(0, 1) (Poole et al. 2016, eq. 3).
"""

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from initbench.activations import Activation
from initbench.theory import moments
from initbench.theory.moments import checked, resolve

# 4 points a decade, and 24 where networks live
GRID = 10.0 ** np.concatenate([np.arange(-400, -16) / 4, np.arange(-96, 97) / 24, np.arange(17, 401) / 4])
LARGEST_VARIANCE = 1e50  # of weights and biases, which keeps fixed points within the grid
RESOLUTION = 1e-9  # of ln(q_{l+1}/q_l): below, q does not move
TANGENCY = 1e-7  # a curve that comes this near to the diagonal touches it; published critical points have 8 digits


def variances(weight_variance, bias_variance) -> tuple[float, float]:
    """σ_w² and σ_b² as floats; ValueError unless both are finite and not negative."""
    return (
        checked("weight_variance", weight_variance, high=LARGEST_VARIANCE),
        checked("bias_variance", bias_variance, high=LARGEST_VARIANCE),
    )


def length_map(activation, weight_variance: float, bias_variance: float, q: float) -> float:
    """Compute q_{l+1} = σ_w² E φ(√q_l z)² + σ_b².

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        bias_variance: σ_b², the variance of a bias.
        q: q_l, the second moment of a layer's pre-activations.

    Returns:
        That of the next layer.

    Raises:
        ValueError: For a number that is negative or not finite, or an unknown name.
    """
    weight_variance, bias_variance = variances(weight_variance, bias_variance)
    return _scaled(weight_variance, moments.second_moment(activation, q)) + bias_variance


def length_slope(activation, weight_variance: float, q: float) -> float:
    """Compute dq_{l+1}/dq_l at q > 0.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        q: Where.

    Returns:
        The slope of the length map.

    Raises:
        ValueError: For a number that is negative or not finite, or an unknown name.
    """
    weight_variance, _ = variances(weight_variance, 0)
    return _scaled(weight_variance, float(moments.second_moment_growth(activation, checked("q", q, low=1e-300))))


def chi(activation, weight_variance: float, q: float) -> float:
    """Compute χ(q) = σ_w² E φ′(√q z)²: the factor by which one layer scales δ² on its way to the input (Schoenholz 2017).

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        q: Second moment of the layer's pre-activations.

    Returns:
        χ.

    Raises:
        ValueError: For a number that is negative or not finite, or an unknown name.
    """
    weight_variance, _ = variances(weight_variance, 0)
    return _scaled(weight_variance, moments.second_moment_slope(activation, q))


def _scaled(variance, moment):
    """variance · moment in Python floats, which overflow to infinity in silence; 0 if the variance is 0."""
    return variance * moment if variance else 0.0


@dataclass(frozen=True)
class FixedPoint:
    """A fixed point of the length map, q* = σ_w² E φ² + σ_b².

    Attributes:
        q: q*.
        slope: dq_{l+1}/dq_l there.
        stability: stable, unstable, half-stable from below (smaller q come to it, larger ones leave), half-stable from above.
    """

    q: float
    slope: float
    stability: str


@dataclass(frozen=True)
class FixedPoints:
    """All fixed points of a length map.

    Attributes:
        points: The points, by size; empty if the map is the identity.
        drift: The sign of q_{l+1} − q_l below each point and, last, above them all.
        every_q: Whether the map is the identity.
    """

    points: tuple[FixedPoint, ...]
    drift: tuple[int, ...]
    every_q: bool = False

    def limit(self, q0: float) -> float:
        """Where q goes from q0: a fixed point, or infinity. Assumes that the map does not overshoot (slope ≥ 0)."""
        q0 = checked("q0", q0)
        if self.every_q:
            return q0
        for place, point in enumerate(self.points):
            if abs(q0 - point.q) <= 1e-9 * point.q:
                return point.q
            if q0 < point.q:
                return point.q if self.drift[place] > 0 else self.points[place - 1].q
        return np.inf if self.drift[-1] > 0 else self.points[-1].q

    @property
    def statement(self) -> str:
        """The fixed points in words."""
        if self.every_q:
            return "every q is a fixed point: the length never changes"
        if not self.points:
            return "there is no fixed point: q grows without bound"
        parts = [f"q* = {p.q:.6g} ({p.stability}, slope {p.slope:.6g})" for p in self.points]
        if self.drift[-1] > 0:
            parts.append("above, q grows without bound")
        return "; ".join(parts)


def fixed_points(activation, weight_variance: float, bias_variance: float) -> FixedPoints:
    """Find all fixed points of the length map on q ≥ 0, from the changes of sign over GRID, refined.

    Two fixed points nearer than that are found by the extremum between them; a curve that touches the diagonal counts.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        bias_variance: σ_b², the variance of a bias.

    Returns:
        The points, with their slopes and stability.

    Raises:
        ValueError: For a number that is negative or not finite, or an unknown name.
    """
    return _fixed_points(resolve(activation), *variances(weight_variance, bias_variance))


@lru_cache(maxsize=1024)
def _fixed_points(phi: Activation, weight_variance: float, bias_variance: float) -> FixedPoints:
    origin = length_map(phi, weight_variance, bias_variance, 0.0)
    if weight_variance == 0:
        return FixedPoints((FixedPoint(bias_variance, 0.0, "stable"),), (1, -1))
    grid, moment = GRID, _grid_moments(phi)
    if 0 < origin / 2 < GRID[0]:  # the map starts above the diagonal, out of the grid's sight
        grid = np.concatenate([[origin / 2], grid])
        moment = np.concatenate([[moments.second_moment(phi, origin / 2)], moment])
    with np.errstate(over="ignore", divide="ignore"):
        ratio = np.log(weight_variance * moment + bias_variance) - np.log(grid)
    moving = np.flatnonzero(np.abs(ratio) > RESOLUTION)
    if moving.size == 0:
        return FixedPoints((), (), every_q=True)

    def log_ratio(log_q):
        q = np.exp(log_q)
        return float(np.log(_scaled(weight_variance, moments.second_moment(phi, float(q))) + bias_variance) - log_q)

    roots = [0.0] if origin == 0 else []
    roots += _roots(log_ratio, np.log(grid), ratio, moving)
    drift = [int(np.sign(ratio[moving[0]]))]
    for low, high in zip(roots, [*roots[1:], grid[-1]][: len(roots)], strict=True):
        drift.append(_sign_between(grid[moving], ratio[moving], low, high, log_ratio))
    if origin == 0:
        drift[0] = 0
    points = [
        FixedPoint(q, length_slope(phi, weight_variance, max(q, 1e-100)), _stability(below, above, q))
        for q, below, above in zip(roots, drift[:-1], drift[1:], strict=True)
    ]
    return FixedPoints(tuple(points), tuple(drift))


@lru_cache(maxsize=256)
def _grid_moments(phi: Activation) -> np.ndarray:
    return moments.second_moments(phi, GRID)


def _stability(below: int, above: int, q: float) -> str:
    if q == 0:
        return "stable" if above < 0 else "unstable"
    names = {(1, -1): "stable", (-1, 1): "unstable", (1, 1): "half-stable from below"}
    return names.get((below, above), "half-stable from above")


def _sign_between(q, ratio, low, high, log_ratio) -> int:
    """The sign of the drift between two neighbouring roots."""
    inside = ratio[(q > low) & (q < high)]
    if inside.size:
        return int(np.sign(inside[np.argmax(np.abs(inside))]))
    return int(np.sign(log_ratio((np.log(max(low, q[0])) + np.log(high)) / 2)))


def _roots(log_ratio, log_q, ratio, moving) -> list[float]:
    """Positive q at which ln(q_{l+1}/q_l) crosses or touches zero, by size."""
    from scipy import optimize

    brackets = [(i, j) for i, j in itertools.pairwise(moving) if ratio[i] * ratio[j] < 0]
    found = [optimize.brentq(log_ratio, log_q[i], log_q[j], xtol=1e-13) for i, j in brackets]
    for k in range(moving[0] + 1, moving[-1]):
        around = ratio[k - 1 : k + 2]
        sign = np.sign(around[0])
        rise = sign * (around[[0, 2]] - around[1])
        # a minimum between grid points lies deeper than the lowest of them by a share of what they rise
        if (sign * around > 0).all() and (rise >= 0).all() and sign * around[1] <= TANGENCY + rise.max():
            found += _near_touch(lambda x, sign=sign: sign * log_ratio(x), log_q[k - 1], log_q[k + 1])
    return sorted({float(np.exp(x)) for x in found})


def _near_touch(height, low, high) -> list[float]:
    """ln q at which a positive function with one minimum between low and high touches zero, or crosses it twice."""
    from scipy import optimize

    lowest = optimize.minimize_scalar(height, bounds=(low, high), method="bounded", options={"xatol": 1e-9})
    if lowest.fun > TANGENCY:
        return []
    if lowest.fun < -TANGENCY:
        return [optimize.brentq(height, *sorted((end, lowest.x)), xtol=1e-13) for end in (low, high)]
    return [lowest.x]
