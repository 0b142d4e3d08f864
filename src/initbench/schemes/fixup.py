"""Residual networks without normalisation: branches scaled down by their number, and zero at their end."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.variance_scaling import he_normal


def fixup_variance(layer):
    """The variance of a weight: 2/fan_in, times 1/L^(1/(m − 1)) in branches, and 0 where branches end and in the output layer."""
    if layer.is_output or layer.ends_branch:
        return 0.0
    return 2 / layer.fan_in * (layer.blocks ** (-1 / (layer.branch_layers - 1)) if layer.branch_layer else 1.0)


@scheme("fixup", variances=fixup_variance)
def fixup(rng, layer):
    """W ~ N(0, 2/fan_in), times L^(−1/(2m − 2)) in branches; W = 0 in the last map of each branch and in the output layer.

    L is the number of branches and m that of the linear maps in one: with two, L^(−1/2). In a network without branches it is
    he_normal with an output layer of zeros.
    Source: Zhang, Dauphin & Ma 2019 ("Fixup initialization", section 3). Its scalar multiplier of a branch is the α of our
    residual networks; of its scalar biases, from 0, before every linear map and φ, the biases of our maps can do all that
    those can, as long as no normalisation takes their place.
    """
    weight = he_normal(rng, layer.fan_in, layer.fan_out)
    if layer.is_output or layer.ends_branch:
        return np.zeros_like(weight)
    return weight * layer.blocks ** (-1 / (2 * layer.branch_layers - 2)) if layer.branch_layer else weight
