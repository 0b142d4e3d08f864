"""Normalisation's gain from zero: residual branches, or the hidden layers of a plain network, start silent."""

from initbench.schemes import scheme
from initbench.schemes.silent_branches import he_variance
from initbench.schemes.variance_scaling import he_normal


def first_gain(layer) -> float:
    """γ at the start: 0 in the last normalisation of each branch and, without branches, in every hidden layer; else 1."""
    return float(layer.blocks > 0 and not layer.last_normalization)


@scheme("zero_gamma", variances=he_variance, gain=first_gain)
def zero_gamma(rng, fan_in, fan_out):
    """W ~ N(0, 2/fan_in) and γ = 0 in the last batch or layer normalisation of each residual branch; γ = 1 elsewhere.

    Source: Goyal et al. 2017 ("Accurate, large minibatch SGD"): each block starts as the identity; torchvision's
    zero_init_residual. In a branch that applies φ after its last normalisation it does if φ(0) = 0. A plain network has no
    shortcut to be the identity: there γ = 0 in every hidden layer, whose output is φ(0). Without normalisation there is no γ:
    it is he_normal.
    """
    return he_normal(rng, fan_in, fan_out)
