"""What the layers of deep-learning libraries draw when nothing is said, W and b, each under the library's own name.

Where a library draws what a paper proposed, its scheme is the paper's: with one seed both labels give the same bits.
"""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.truncated_normal import lecun_truncated_normal
from initbench.schemes.variance_scaling import uniform, xavier_tanh


@scheme("torch_default", variances=lambda layer: (1 / (3 * layer.fan_in), 1 / (3 * layer.fan_in)))
def torch_default(rng, fan_in, fan_out):
    """W, b ~ U(±1/√fan_in): what PyTorch's nn.Linear does when nothing is said (its reset_parameters)."""
    return _with_uniform_biases(rng, fan_in, fan_out, np.sqrt(1 / fan_in))


@scheme("keras_default", variances=lambda layer: 2 / (layer.fan_in + layer.fan_out))
def keras_default(rng, fan_in, fan_out):
    """W ~ U(±√(6/(fan_in + fan_out))), b = 0: what Keras's Dense does when nothing is said (glorot_uniform).

    It is `xavier_tanh` under the name of the library.
    """
    return xavier_tanh(rng, fan_in, fan_out)


@scheme("flax_default", variances=lambda layer: 1 / layer.fan_in)
def flax_default(rng, fan_in, fan_out):
    """W ~ N(0, 1/fan_in) in variance, cut at ±2 std before correction, b = 0: what Flax's Dense does when nothing is said.

    It is `lecun_truncated_normal` under the name of the library (default_kernel_init is JAX's lecun_normal).
    """
    return lecun_truncated_normal(rng, fan_in, fan_out)


def sklearn_factor(layer) -> float:
    """What scikit-learn divides by the sum of the fans: 2 in networks of logistic units, in all their layers, else 6."""
    return 2.0 if (layer.network_activation or layer.activation) == "sigmoid" else 6.0


@scheme("sklearn_default", variances=lambda layer: (sklearn_factor(layer) / (3 * (layer.fan_in + layer.fan_out)),) * 2)
def sklearn_default(rng, layer):
    """W, b ~ U(±√(6/(fan_in + fan_out))), in networks of sigmoids 2 for 6: scikit-learn's MLPClassifier (its _init_coef)."""
    limit = np.sqrt(sklearn_factor(layer) / (layer.fan_in + layer.fan_out))
    return _with_uniform_biases(rng, layer.fan_in, layer.fan_out, limit)


def _with_uniform_biases(rng, fan_in, fan_out, limit):
    """W (fan_in, fan_out), then b (fan_out,), all from U(±limit)."""
    return uniform(rng, fan_in, fan_out, limit), uniform(rng, 1, fan_out, limit)[0]
