"""What theory says of one network: layer by layer from its data's own q¹, and in the limit of many layers."""

import math
import operator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from initbench.activations import Activation
from initbench.theory import moments
from initbench.theory.correlation import correlation_slope, fixed_correlation
from initbench.theory.length import GRID, chi, fixed_points, length_map, length_slope, variances
from initbench.theory.moments import checked, resolve

LARGEST_Q = 1e300  # where χ is taken for layers whose q no double can hold
CRITICAL = 1e-6  # |χ − 1| below which a network counts as critical; published critical points have 8 digits


@dataclass(frozen=True)
class Propagation:
    """Prediction for the hidden layers l = 1 … H of a wide network; arrays of shape (H,), read-only.

    Numbers too large for a double are infinite, numbers too small zero.

    Attributes:
        q: Second moment of the pre-activations.
        chi: χ_l = σ_w² E φ′(√q_l z)².
        gradient: δ²_l/δ²_H, the product of χ_l … χ_{H−1}.
    """

    activation: str
    weight_variance: float
    bias_variance: float
    q: np.ndarray
    chi: np.ndarray
    gradient: np.ndarray

    @property
    def layer(self) -> np.ndarray:
        """1 … H."""
        return np.arange(1, len(self.q) + 1)


def propagate(activation, weight_variance: float, bias_variance: float, depth: int, q0: float) -> Propagation:
    """Predict every layer: the finite-depth recursion of Poole et al. 2016 (q) and Schoenholz et al. 2017 (χ, δ²) from q¹ = q0.

    Exact for infinite width and i.i.d. weights and biases. The layers 2 … H have one σ_w², so equal widths; the first
    layer's own fan-in and weights show in q0 alone.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        bias_variance: σ_b², the variance of a bias.
        depth: Number of hidden layers H, from 1.
        q0: The second moment of the first layer's pre-activations z¹.

    Returns:
        q, χ and δ²_l/δ²_H of the layers 1 … H.

    Raises:
        ValueError: For a number that is negative or not finite, or an unknown name.
    """
    phi = resolve(activation)
    weight_variance, bias_variance = variances(weight_variance, bias_variance)
    layers, q0 = _depth(depth), checked("q0", q0)
    q = np.empty(layers)
    q[0] = q0
    for layer in range(1, layers):
        before = float(q[layer - 1])
        q[layer] = length_map(phi, weight_variance, bias_variance, before) if math.isfinite(before) else np.inf
    factors = np.array([chi(phi, weight_variance, min(float(value), LARGEST_Q)) for value in q])
    with np.errstate(divide="ignore", over="ignore"):
        logs = np.log(factors)
        gradient = np.exp(np.concatenate([np.cumsum(logs[-2::-1])[::-1], [0.0]]))
    for array in (q, factors, gradient):
        array.flags.writeable = False
    return Propagation(phi.name, weight_variance, bias_variance, q, factors, gradient)


def _depth(depth) -> int:
    try:
        layers = operator.index(depth)
    except TypeError:
        raise ValueError(f"depth: {depth!r} is not a whole number") from None
    if layers < 1:
        raise ValueError(f"depth: {depth!r} must be at least 1")
    return layers


@dataclass(frozen=True)
class MeanField:
    """The limit of many layers, for a network whose first layer has length q0.

    Attributes:
        q: Where the length goes: 0, a fixed point or infinity.
        chi: χ there.
        length_slope: dq_{l+1}/dq_l there.
        correlation: c*, which the correlation of any two inputs goes to; None where every layer is zero.
        correlation_slope: The slope of the correlation map there; None where every layer is zero.
        phase: ordered (χ < 1, gradients vanish), critical or chaotic (χ > 1, they explode).
        statement: The same in words.

    xi_q, xi_c and xi_gradient are depth scales −1/ln of the three slopes, in layers: infinite at criticality, negative where
    the quantity grows.
    """

    activation: str
    weight_variance: float
    bias_variance: float
    q: float
    chi: float
    length_slope: float
    correlation: float | None
    correlation_slope: float | None
    phase: str
    statement: str

    @property
    def xi_q(self) -> float:
        return depth_scale(self.length_slope)

    @property
    def xi_c(self) -> float | None:
        return None if self.correlation_slope is None else depth_scale(self.correlation_slope)

    @property
    def xi_gradient(self) -> float:
        return depth_scale(self.chi)


def depth_scale(factor: float) -> float:
    """Compute −1/ln f, the number of layers over which a quantity that is multiplied by f a layer falls by e.

    Args:
        factor: By what a layer multiplies; its absolute value counts.

    Returns:
        The depth scale, infinite if the factor is 1 (to a billionth), 0 if it is 0, negative (the quantity grows) above 1.

    Raises:
        ValueError: For a factor that is not finite.
    """
    factor = abs(checked("factor", factor, low=-np.inf))
    if abs(factor - 1) <= 1e-9:
        return math.inf
    return -1 / math.log(factor) if factor else 0.0


def mean_field(activation, weight_variance: float, bias_variance: float, q0: float = 1.0) -> MeanField:
    """Find fixed point, phase and depth scales (Schoenholz et al. 2017, eqs. 8, 9 and 16).

    With several fixed points it is the one that lengths go to from q0.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        bias_variance: σ_b², the variance of a bias.
        q0: The second moment of the first layer's pre-activations.

    Returns:
        The limit of many layers.

    Raises:
        ValueError: For a number that is negative or not finite, or an unknown name.
    """
    return _mean_field(resolve(activation), *variances(weight_variance, bias_variance), checked("q0", q0))


@lru_cache(maxsize=1024)
def _mean_field(phi: Activation, weight_variance, bias_variance, q0) -> MeanField:
    found = fixed_points(phi, weight_variance, bias_variance)
    q = found.limit(q0)
    there = min(max(q, GRID[0]), GRID[-1])  # limits q → 0 and q → ∞ are taken here
    factor = chi(phi, weight_variance, there)
    correlation = slope = None
    if length_map(phi, weight_variance, bias_variance, there) > 0:
        correlation = fixed_correlation(phi, weight_variance, bias_variance, there)
        slope = correlation_slope(phi, weight_variance, bias_variance, there, correlation)
    phase = "critical" if abs(factor - 1) <= CRITICAL else "ordered" if factor < 1 else "chaotic"
    return MeanField(
        phi.name, weight_variance, bias_variance, q, factor, length_slope(phi, weight_variance, there),
        correlation, slope, phase, found.statement,
    )  # fmt: skip


def batchnorm_rate(activation) -> float:
    """Compute E φ′²/Var φ at q = 1: the factor per layer by which δ² of a deep batch-normalised network grows at the start.

    The limit of wide networks and large batches (Yang et al. 2019, "A mean field theory of batch normalization", section
    3): normalisation sets q = 1 whatever the scale of the weights.

    Args:
        activation: Its name, or an `Activation`.

    Returns:
        The factor, never below 1.

    Raises:
        ValueError: For a constant φ, or an unknown name.
    """
    phi = resolve(activation)
    variance = spread(phi, 1.0)
    if variance == 0:
        raise ValueError(f"activation {phi.name!r} is constant: batch normalisation has nothing to normalise")
    return moments.second_moment_slope(phi, 1.0) / variance


def propagate_batchnorm(
    activation, weight_variance: float, depth: int, epsilon: float, q0: float = 1.0, gain: float = 1.0
):
    """Predict every layer under batch normalisation that divides by √(variance + epsilon).

    q_{l+1} = γ² v/(v + epsilon), v = σ_w² Var φ(√q_l z); factor_l = γ² σ_w² E φ′(√q_l z)²/(v + epsilon) = δ²_l/δ²_{l+1}. With
    γ = 1 and epsilon → 0 it is `batchnorm_rate`; where weights are so small that v comes near epsilon, that is felt.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        depth: Number of hidden layers H, from 1.
        epsilon: Under the root.
        q0: The second moment of the first layer's normalised pre-activations.
        gain: γ, by which normalised pre-activations are multiplied.

    Returns:
        (q, factor) of the layers 1 … H.

    Raises:
        ValueError: As in `propagate`, and for a constant φ.
    """
    phi = resolve(activation)
    weight_variance, epsilon = variances(weight_variance, checked("epsilon", epsilon))
    gained = checked("gain", gain, low=-np.inf) ** 2
    q, factors = [checked("q0", q0)], []
    for _ in range(_depth(depth)):
        varying = weight_variance * spread(phi, q[-1])
        if varying + epsilon == 0:
            raise ValueError(f"activation {phi.name!r} is constant: batch normalisation has nothing to normalise")
        factors.append(gained * chi(phi, weight_variance, q[-1]) / (varying + epsilon))
        q.append(gained * varying / (varying + epsilon))
    return np.array(q[:-1]), np.array(factors)


def spread(phi: Activation, q: float) -> float:
    """Compute Var φ(√q z), zero where it cannot be told from rounding."""
    second = moments.second_moment(phi, q)
    variance = second - moments.mean(phi, q) ** 2
    return variance if variance > 1e-12 * second else 0.0
