"""Residual branches that add nothing at the start: by their scalar α, or by their last linear map."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.variance_scaling import he_normal


def he_variance(layer, **parameters):
    """The variance of a weight of he_normal."""
    return 2 / layer.fan_in


@scheme("rezero", variances=he_variance, branch_gain=lambda layer: 0.0)
def rezero(rng, fan_in, fan_out):
    """W ~ N(0, 2/fan_in) and α = 0: each block x + α branch(x) starts as its shortcut. Without shortcuts it is he_normal.

    Source: Bachlechner et al. 2020 ("ReZero is all you need", eq. 1), whose blocks of dense layers have one linear map.
    """
    return he_normal(rng, fan_in, fan_out)


@scheme("skipinit", variances=he_variance, branch_gain=lambda layer, alpha: alpha)
def skipinit(rng, fan_in, fan_out, alpha=0):
    """W ~ N(0, 2/fan_in) and a given α, 0 as in `rezero` if nothing is said. Without shortcuts it is he_normal.

    Source: De & Smith 2020 ("Batch normalization biases residual blocks towards the identity function", section 4): the scalar
    at the end of each branch of a network without normalisation, 0 or at most 1/√(number of branches).
    """
    return he_normal(rng, fan_in, fan_out)


@scheme("zero_last", variances=lambda layer: 0.0 if layer.ends_branch else he_variance(layer))
def zero_last(rng, layer):
    """W ~ N(0, 2/fan_in), but W = 0 in the last linear map of each residual branch. Without branches it is he_normal.

    Source: a part of Zhang et al. 2019 ("Fixup initialization"), for networks without normalisation. Where a normalisation
    follows that map, what has no variance is divided by √ε, and the map's first gradient with it.
    """
    weight = he_normal(rng, layer.fan_in, layer.fan_out)
    return np.zeros_like(weight) if layer.ends_branch else weight
