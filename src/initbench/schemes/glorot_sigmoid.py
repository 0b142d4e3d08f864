"""Glorot & Bengio's initialisation with the gain that sigmoid units need."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.variance_scaling import uniform


@scheme("glorot_sigmoid", variances=lambda layer: 32 / (layer.fan_in + layer.fan_out))
def glorot_sigmoid(rng, fan_in, fan_out):
    """W ~ U(±4√(6/(fan_in + fan_out))): 4 times the limit for tanh, as the slope of σ at 0 is 1/4 and tanh's is 1.

    Source: Bengio 2012 ("Practical recommendations for gradient-based training of deep architectures"), after Glorot &
    Bengio 2010; the LISA deep learning tutorial teaches it.
    """
    return uniform(rng, fan_in, fan_out, 4 * np.sqrt(6 / (fan_in + fan_out)))
