"""Few connections a unit, each of full size."""

import numpy as np

from initbench.schemes import scheme


@scheme("sparse")
def sparse(rng, fan_in, fan_out, k=15, std=1.0, bias=0.0):
    """W has k non-zero N(0, std²) entries a column: k incoming connections a unit; b = bias.

    Source: Martens 2010, §5 (k = 15, std = 1, b = 0); for tanh, Sutskever et al. 2013, §3.1: std = 0.25, bias = 0.5.
    A unit's input does not grow with the fan-in. All inputs are connected where fan_in ≤ k. The entries are those of
    `normal` at the chosen places. PyTorch's sparse_ differs: it fixes the share of zeros among an input's *outgoing*
    connections, and its std is 0.01. ValueError unless k is a whole number above 0 and std ≥ 0.
    """
    if k != int(k) or k < 1 or std < 0:
        raise ValueError(f"k must be a whole number above 0 and std not negative, not k={k:g}, std={std:g}")
    values = std * rng.standard_normal((fan_in, fan_out))
    rank = rng.random((fan_in, fan_out)).argsort(axis=0).argsort(axis=0)
    return np.where(rank < k, values, 0.0), np.full(fan_out, bias)
