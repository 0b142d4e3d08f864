"""Orthogonal convolutions: an orthogonal matrix at the centre, zeros around it."""

import numpy as np

from initbench.schemes import Layer, scheme
from initbench.schemes.orthogonal import semi_orthogonal


def at_centre(layer: Layer, matrix: np.ndarray) -> np.ndarray:
    """W (fan_in, units) of which the centre tap is a matrix (channels, units), the others 0; the matrix where there is one tap."""
    weight = np.zeros((layer.receptive_field, *matrix.shape))
    weight[layer.receptive_field // 2] = matrix
    return weight.reshape(-1, matrix.shape[1])


@scheme("delta_orthogonal")
def delta_orthogonal(rng, layer, gain=1.0):
    """The centre tap of W = gain · Q, Q uniform on the (semi-)orthogonal matrices of channels by units, other taps 0; b = 0.

    A convolution then hands on every position by one orthogonal matrix, and preserves lengths as a dense orthogonal layer
    does, whatever the padding. On layers of units it is `orthogonal`. Source: Xiao et al. 2018, algorithm 1, who take
    gain² = σ_w² on the critical line: 1 for linear and tanh, √2 for relu as the gain.
    """
    return gain * at_centre(layer, semi_orthogonal(rng, layer.channels, layer.units))
