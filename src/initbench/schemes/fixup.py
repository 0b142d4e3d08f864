"""Residual networks without normalisation: branches scaled down by their number, and zero at their end."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.variance_scaling import he_normal


@scheme("fixup")
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
