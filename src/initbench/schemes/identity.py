"""The identity: every layer starts by handing on what it is given."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.delta_orthogonal import at_centre


@scheme("identity")
def identity(rng, layer, gain=1.0):
    """W = gain · I, b = 0; rectangular: W_ij = gain where i = j, 0 elsewhere. Nothing is drawn.

    Source: Le, Jaitly & Hinton 2015 ("A simple way to initialize recurrent networks of rectified linear units"), for
    the recurrent weights of ReLU units. Inputs beyond fan_out are dropped; units beyond fan_in have no input at all
    and are copies of one another. Of a convolution the centre tap is so and the others are 0, as in PyTorch's dirac_.
    """
    return gain * at_centre(layer, np.eye(layer.channels, layer.units))
