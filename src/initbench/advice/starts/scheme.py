"""A start of my own: how the weights and biases of a layer are drawn."""

import numpy as np

from initbench.extend import scheme


# variances says, for theory, what the variance of a weight is; leave it out where the entries are not independent draws
# of one distribution. Parameters of one's own follow the fans: my_name(2) and my_name(gain=2) are other starts.
@scheme("my_name", variances=lambda layer, gain: gain**2 / layer.fan_in)
def my_name(rng, fan_in, fan_out, gain=1.0):
    """W ~ N(0, gain²/fan_in), b = 0."""
    # Draw from rng alone, so that a seed gives the same numbers again. W is (fan_in, fan_out): the transpose of PyTorch's.
    # With (rng, layer, gain=1.0) it would know the layer: layer.fan_in, .fan_out, .index, .depth, .activation, .is_output.
    # Return (W, b) to set the bias too.
    return gain / np.sqrt(fan_in) * rng.standard_normal((fan_in, fan_out))
