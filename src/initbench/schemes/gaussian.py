"""The random networks of mean-field theory: a variance for the weights, one for the biases."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.variance_scaling import normal


@scheme(
    "gaussian", variances=lambda layer, weight_variance, bias_variance: (weight_variance / layer.fan_in, bias_variance)
)
def gaussian(rng, fan_in, fan_out, weight_variance, bias_variance=0.0):
    """W ~ N(0, σ_w²/fan_in), b ~ N(0, σ_b²), σ_w² = weight_variance and σ_b² = bias_variance.

    Source: Poole et al. 2016, eq. 1; Schoenholz et al. 2017, eq. 1. ValueError for a negative variance.
    """
    if weight_variance < 0 or bias_variance < 0:
        raise ValueError(f"a variance is negative: weight {weight_variance:g}, bias {bias_variance:g}")
    weight = normal(rng, fan_in, fan_out, np.sqrt(weight_variance / fan_in))
    return weight, normal(rng, 1, fan_out, np.sqrt(bias_variance))[0]
