"""He's initialisation by its backward condition."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.variance_scaling import normal


@scheme("he_normal_fan_out", variances=lambda layer: 2 / layer.fan_out)
def he_normal_fan_out(rng, fan_in, fan_out):
    """W ~ N(0, 2/fan_out): keeps the squared gradient of ReLU layers (He et al. 2015, eq. 14).

    It is he_normal wherever the fans are equal; PyTorch's kaiming_normal_ with mode="fan_out".
    """
    return normal(rng, fan_in, fan_out, np.sqrt(2 / fan_out))
