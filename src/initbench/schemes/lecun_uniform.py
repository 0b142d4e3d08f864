"""LeCun's variance with a uniform shape."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.variance_scaling import uniform


@scheme("lecun_uniform", variances=lambda layer: 1 / layer.fan_in)
def lecun_uniform(rng, fan_in, fan_out):
    """W ~ U(±√(3/fan_in)), variance 1/fan_in (LeCun et al. 1998, eq. 16); lecun_uniform of Keras and JAX."""
    return uniform(rng, fan_in, fan_out, np.sqrt(3 / fan_in))
