"""The edge of chaos: weights and biases whose variances keep gradients, chosen by theory for the activation."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.variance_scaling import normal


def critical_variances(layer, bias_variance=None) -> tuple[float, float]:
    """(variance of a weight, variance of a bias); ValueError if the layer's activation has no critical point.

    The output layer, which nothing follows, has the point of the identity: σ_w² = 1, no bias.
    """
    from initbench.theory.criticality import critical_point  # only here: it needs scipy, which other schemes do without

    point = critical_point("linear") if layer.is_output else critical_point(layer.activation, bias_variance)
    return point.weight_variance / layer.fan_in, point.bias_variance


@scheme("critical", variances=critical_variances)
def critical(rng, layer, bias_variance=None):
    """W ~ N(0, σ_w²/fan_in), b ~ N(0, σ_b²) on the critical line of the activation (Schoenholz et al. 2017, eq. 7).

    σ_w² E φ′² = 1 at the fixed point of the length map, so that gradients neither vanish nor explode. Without
    `bias_variance` (σ_b²), the point is (σ_w², σ_b²) = (1, 0) for linear, tanh, elu and softsign, (2, 0) for relu, (2/(1 +
    a²), 0) for leaky_relu, (π/4, 0) for erf, (0.4768, 0) for selu, (1.9831, 0.1729) for gelu, (1.9880, 0.5551) for silu
    and (103.01, 0) for sigmoid: see `initbench.theory.critical_point` for the rule. softplus has none.
    """
    weight, bias = critical_variances(layer, bias_variance)
    return normal(rng, layer.fan_in, layer.fan_out, np.sqrt(weight)), normal(rng, 1, layer.fan_out, np.sqrt(bias))[0]
