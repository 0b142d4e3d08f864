"""Orthogonal weights with the gain that PyTorch recommends for the activation that follows."""

import math

from initbench.schemes import scheme
from initbench.schemes.orthogonal import semi_orthogonal

# torch.nn.init.calculate_gain; leaky_relu at this package's slope of 0.01, which is PyTorch's default too.
TORCH_GAINS = {
    "linear": 1.0,
    "sigmoid": 1.0,
    "tanh": 5 / 3,
    "relu": math.sqrt(2),
    "leaky_relu": math.sqrt(2 / (1 + 0.01**2)),
    "selu": 3 / 4,
}


@scheme("orthogonal_torch_gain")
def orthogonal_torch_gain(rng, layer):
    """W = gain · Q, Q as `orthogonal` draws it, gain that of torch.nn.init.calculate_gain for the layer's activation.

    Gains: linear and sigmoid 1, tanh 5/3, relu √2, leaky_relu √(2/(1 + 0.01²)), selu 3/4; 1 for the output layer.
    ValueError for other activations, as in PyTorch.
    """
    if layer.activation not in TORCH_GAINS:
        raise ValueError(
            f"PyTorch recommends no gain for {layer.activation!r}, only for {', '.join(TORCH_GAINS)}; "
            "write orthogonal(gain=…)"
        )
    return TORCH_GAINS[layer.activation] * semi_orthogonal(rng, layer.fan_in, layer.units)
