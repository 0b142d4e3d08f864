"""The correlation map c_{l+1} of two inputs, its slope and its attracting fixed point.

c_{l+1} = (σ_w² E φ(u)φ(v) + σ_b²)/q_{l+1} for u, v normal with variance q and correlation c_l (Poole et al. 2016, eq. 5;
Schoenholz et al. 2017, eq. 4). Both inputs have the same length q.
"""

from functools import lru_cache

from initbench.activations import Activation
from initbench.theory import moments
from initbench.theory.length import chi, length_map, variances
from initbench.theory.moments import checked, resolve

CLOSEST = 30  # correlations up to 1 − 2⁻³⁰ are told from 1


def correlation_map(activation, weight_variance: float, bias_variance: float, q: float, c: float) -> float:
    """Compute c_{l+1} from c_l = c at length q.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        bias_variance: σ_b², the variance of a bias.
        q: Second moment of both inputs' pre-activations.
        c: Their correlation.

    Returns:
        The correlation in the next layer.

    Raises:
        ValueError: If q_{l+1} is 0, where no correlation exists; for a number that cannot be, or an unknown name.
    """
    weight_variance, bias_variance = variances(weight_variance, bias_variance)
    return (weight_variance * moments.product_moment(activation, q, c) + bias_variance) / _length(
        activation, weight_variance, bias_variance, q
    )


def correlation_slope(activation, weight_variance: float, bias_variance: float, q: float, c: float) -> float:
    """Compute dc_{l+1}/dc_l = σ_w² E φ′(u)φ′(v) q_l/q_{l+1}; at a fixed point of the length and c = 1 it is χ.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        bias_variance: σ_b², the variance of a bias.
        q: Second moment of both inputs' pre-activations.
        c: Their correlation.

    Returns:
        The slope of the correlation map.

    Raises:
        ValueError: As in `correlation_map`.
    """
    length = _length(activation, weight_variance, bias_variance, q)
    return weight_variance * moments.product_moment_slope(activation, q, c) * (checked("q", q) / length)


def fixed_correlation(activation, weight_variance: float, bias_variance: float, q: float) -> float:
    """Find c*, the correlation in [0, 1] that all others tend to at a fixed length q.

    The map is a power series in c with no negative coefficient, so it is convex on [0, 1] and c = 1 is always fixed: it
    attracts if the slope there is at most 1, and else there is exactly one other fixed point below.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        bias_variance: σ_b², the variance of a bias.
        q: A fixed point of the length map.

    Returns:
        c*.

    Raises:
        ValueError: As in `correlation_map`.
    """
    variance = variances(weight_variance, bias_variance)
    return _fixed_correlation(resolve(activation), *variance, checked("q", q))


@lru_cache(maxsize=1024)
def _fixed_correlation(phi: Activation, weight_variance, bias_variance, q) -> float:
    from scipy import optimize

    length = _length(phi, weight_variance, bias_variance, q)
    if chi(phi, weight_variance, q) * (q / length) <= 1 + 1e-9:
        return 1.0

    def excess(c):
        return correlation_map(phi, weight_variance, bias_variance, q, c) - c

    if excess(0.0) <= 1e-12:
        return 0.0
    low = 0.0
    for distance in range(1, CLOSEST + 1):
        high = 1 - 2.0**-distance
        if excess(high) < 0:
            return float(optimize.brentq(excess, low, high, xtol=1e-10))
        low = high
    return 1.0


def _length(activation, weight_variance, bias_variance, q) -> float:
    length = length_map(activation, weight_variance, bias_variance, q)
    if length == 0:
        raise ValueError(f"at q = {q:g} the next layer is zero for every input: correlations do not exist")
    return length
