"""What multiplying the weights by a gain does to deep networks: where lengths go, and by what gradients are scaled there.

A gain g stands for σ_w² = g²: weights of variance g²/fan_in.
"""

import math
from dataclasses import dataclass

from initbench.theory import moments
from initbench.theory.length import chi, fixed_points


@dataclass(frozen=True)
class Gain:
    """A gain, the bias variance σ_b² that goes with it, and what it does to a deep network whose first layer has q = 1.

    q: the second moment of the pre-activations that layers come to, infinite where they grow without bound; chi: the factor by
    which each layer there scales squared gradients on their way to the input.
    """

    gain: float
    bias_variance: float
    q: float
    chi: float


def gain(activation, value: float, bias_variance: float = 0.0) -> Gain:
    """What a gain does before an activation, a name or an `Activation`."""
    weight_variance = value**2
    q = fixed_points(activation, weight_variance, bias_variance).limit(1.0)
    at = min(max(q, 1e-100), 1e100)  # limits, where q goes to 0 or grows without bound
    return Gain(value, bias_variance, q, chi(activation, weight_variance, at))


def forward_gain(activation) -> float:
    """1/√(E φ(z)²): keeps the second moment of pre-activations at 1 where it is 1; infinite where φ is zero."""
    return _inverse_root(moments.second_moment(activation, 1.0))


def backward_gain(activation) -> float:
    """1/√(E φ′(z)²): keeps squared gradients from layer to layer where pre-activations have variance 1; infinite where φ′ is zero."""
    return _inverse_root(moments.second_moment_slope(activation, 1.0))


def _inverse_root(moment: float) -> float:
    return 1 / math.sqrt(moment) if moment else math.inf
