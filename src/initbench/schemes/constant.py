"""One value for every weight: the starts that break nothing and learn one feature."""

import numpy as np

from initbench.schemes import scheme


@scheme("zeros")
def zeros(rng, fan_in, fan_out):
    """W = 0, b = 0."""
    return np.zeros((fan_in, fan_out))


@scheme("constant")
def constant(rng, fan_in, fan_out, value, bias=0.0):
    """W = value, b = bias, in every layer, the output layer included."""
    return np.full((fan_in, fan_out), value), np.full(fan_out, bias)
