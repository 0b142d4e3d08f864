"""Layer normalisation: a sample's own units set its length, whatever the weights."""

import numpy as np

from initbench.theory.maps import maps_of
from initbench.theory.moments import resolve, second_moment_slope


def propagate_layernorm(
    activation, weight_variance: float, depth: int, epsilon: float, q0: float = 1.0, gain: float = 1.0
):
    """Predict every layer under layer normalisation that divides by √(variance over the units + epsilon).

    q_{l+1} = γ² v/(v + epsilon), v = σ_w² E φ(√q_l z)², since linear maps of centred weights have the mean 0 over many units;
    factor_l = γ² σ_w² E φ′(√q_l z)²/(v + epsilon) = δ²_l/δ²_{l+1}. With γ = 1 and epsilon → 0 it is E φ′²/E φ² at q = 1, and
    1 for relu and linear units. n units have about 1 + 1/n times that: (n − 2)/(n − 3), exactly, if they are linear.

    Args:
        activation: Its name, or an `Activation`.
        weight_variance: σ_w², fan-in times the variance of one weight.
        depth: Number of hidden layers H, from 1.
        epsilon: Under the root, more than 0.
        q0: The second moment of the first layer's normalised pre-activations.
        gain: γ, by which normalised pre-activations are multiplied.

    Returns:
        (q, factor) of the layers 1 … H.

    Raises:
        ValueError: As in `propagate`, and for an epsilon of 0.
    """
    phi = resolve(activation)
    each, q, factors = maps_of(depth + 1, weight_variance, 0.0, gain, "layer", epsilon), [q0], []
    for layer in range(2, depth + 2):
        length, factor = each.after(layer, each.spread(phi, q[-1]))
        factors.append(factor * second_moment_slope(phi, float(q[-1])))
        q.append(length)
    return np.array(q[:-1], float), np.array(factors, float)
