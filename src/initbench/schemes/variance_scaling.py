"""Independent entries, zero mean, a variance set by the fans.

Every normal scheme draws the same standard normals and scales them, every uniform scheme the same uniforms on (−1, 1):
with one seed they differ by a factor only. Each says the variance of a weight (and of a bias) for theory to use.
"""

import numpy as np

from initbench.schemes import scheme


def normal(rng, fan_in, fan_out, std):
    """N(0, std²), shape (fan_in, fan_out)."""
    return std * rng.standard_normal((fan_in, fan_out))


def uniform(rng, fan_in, fan_out, limit):
    """U(−limit, limit), shape (fan_in, fan_out); its variance is limit² / 3."""
    return limit * (2 * rng.random((fan_in, fan_out)) - 1)


@scheme("small_normal", variances=lambda layer, std: std**2)
def small_normal(rng, fan_in, fan_out, std=0.01):
    """W ~ N(0, 0.01²), whatever the fans: the folk rule of "small random numbers"."""
    return normal(rng, fan_in, fan_out, std)


@scheme("lecun_normal", variances=lambda layer: 1 / layer.fan_in)
def lecun_normal(rng, fan_in, fan_out):
    """W ~ N(0, 1/fan_in) (LeCun et al. 1998, "Efficient BackProp", eq. 16)."""
    return normal(rng, fan_in, fan_out, np.sqrt(1 / fan_in))


@scheme("xavier_sigmoid", variances=lambda layer: 1 / (3 * layer.fan_in))
def xavier_sigmoid(rng, fan_in, fan_out):
    """W ~ U(±1/√fan_in), σ_w² = 1/3: the "commonly used heuristic" that Glorot & Bengio 2010 (eq. 1) argue against.

    Popular texts teach it as "Xavier initialisation for sigmoid".
    """
    return uniform(rng, fan_in, fan_out, np.sqrt(1 / fan_in))


@scheme("xavier_tanh", variances=lambda layer: 2 / (layer.fan_in + layer.fan_out))
def xavier_tanh(rng, fan_in, fan_out):
    """W ~ U(±√(6/(fan_in + fan_out))): the normalised initialisation of Glorot & Bengio 2010, eq. 16."""
    return uniform(rng, fan_in, fan_out, np.sqrt(6 / (fan_in + fan_out)))


@scheme("glorot_normal", variances=lambda layer: 2 / (layer.fan_in + layer.fan_out))
def glorot_normal(rng, fan_in, fan_out):
    """W ~ N(0, 2/(fan_in + fan_out)): the variance of Glorot & Bengio 2010, eq. 12, with a normal shape."""
    return normal(rng, fan_in, fan_out, np.sqrt(2 / (fan_in + fan_out)))


@scheme("he_normal", variances=lambda layer: 2 / layer.fan_in)
def he_normal(rng, fan_in, fan_out):
    """W ~ N(0, 2/fan_in): keeps the second moment of ReLU pre-activations (He et al. 2015, eq. 10). Not truncated."""
    return normal(rng, fan_in, fan_out, np.sqrt(2 / fan_in))


@scheme("he_uniform", variances=lambda layer: 2 / layer.fan_in)
def he_uniform(rng, fan_in, fan_out):
    """W ~ U(±√(6/fan_in)): the variance of He et al. 2015, eq. 10, with a uniform shape."""
    return uniform(rng, fan_in, fan_out, np.sqrt(6 / fan_in))
