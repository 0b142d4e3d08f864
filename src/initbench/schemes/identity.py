"""The identity: every layer starts by handing on what it is given."""

import numpy as np

from initbench.schemes import scheme


@scheme("identity")
def identity(rng, fan_in, fan_out, gain=1.0):
    """W = gain · I, b = 0; rectangular: W_ij = gain where i = j, 0 elsewhere. Nothing is drawn.

    Source: Le, Jaitly & Hinton 2015 ("A simple way to initialize recurrent networks of rectified linear units"), for
    the recurrent weights of ReLU units. Inputs beyond fan_out are dropped; units beyond fan_in have no input at all
    and are copies of one another.
    """
    return gain * np.eye(fan_in, fan_out)
