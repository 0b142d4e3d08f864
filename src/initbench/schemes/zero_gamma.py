"""Batch normalisation's gain from zero: every hidden layer starts silent."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.variance_scaling import he_normal


def without_gain(parameters, batch):
    """γ = 0 in every layer that has one: (W, γ, β) becomes (W, 0, β)."""
    return [
        (weight, *rest) if len(rest) == 1 else (weight, np.zeros_like(rest[0]), *rest[1:])
        for weight, *rest in parameters
    ]


@scheme("zero_gamma", calibrate=without_gain)
def zero_gamma(rng, fan_in, fan_out):
    """W ~ N(0, 2/fan_in) and γ = 0 in every hidden layer under batch or layer normalisation, so that its output is φ(0).

    Source: Goyal et al. 2017 ("Accurate, large minibatch SGD"), for the last normalisation of each residual block,
    which starts as the identity; torchvision's zero_init_residual. A plain network has no shortcut to be the identity. Without
    normalisation there is no γ: it is he_normal.
    """
    return he_normal(rng, fan_in, fan_out)
