"""Normal distributions cut at ±2 standard deviations.

Cutting N(0, s²) at ±2s leaves a standard deviation of 0.8796 s. The schemes of a given variance therefore cut a normal
that is wider by 1/0.8796, so that their variance is exact, as JAX's `variance_scaling` and Keras do; their support is
±2.2737 standard deviations. Draws beyond the cut are drawn again, so that the others (95.4 %) are the same standard
normals that the untruncated schemes scale.
"""

import numpy as np

from initbench.schemes import scheme

CUT = 2.0
# Standard deviation of N(0, 1) conditioned on |z| ≤ 2: √(1 − 4 ϕ(2)/(2Φ(2) − 1)), ϕ and Φ its density and distribution.
TRUNCATED_STD = 0.87962566103423978


def truncated(rng, fan_in, fan_out, std):
    """N(0, std²) conditioned on ±2 std, shape (fan_in, fan_out): its own standard deviation is 0.8796 std."""
    drawn = rng.standard_normal((fan_in, fan_out))
    while (outside := np.abs(drawn) > CUT).any():
        drawn[outside] = rng.standard_normal(np.count_nonzero(outside))
    return std * drawn


@scheme("truncated_normal", variances=lambda layer, std: (TRUNCATED_STD * std) ** 2)
def truncated_normal(rng, fan_in, fan_out, std=0.02):
    """W ~ N(0, std²) cut at ±2 std, not corrected: its standard deviation is 0.8796 std.

    Source: TensorFlow's truncated_normal_initializer; with std = 0.02, BERT (Devlin et al. 2019).
    ValueError for a negative std.
    """
    if std < 0:
        raise ValueError(f"std is negative: {std:g}")
    return truncated(rng, fan_in, fan_out, std)


@scheme("lecun_truncated_normal", variances=lambda layer: 1 / layer.fan_in)
def lecun_truncated_normal(rng, fan_in, fan_out):
    """W ~ N(0, 1/fan_in) in variance, cut at ±2 std before correction: lecun_normal of JAX and Keras.

    Source: LeCun et al. 1998, eq. 16, for the variance.
    """
    return truncated(rng, fan_in, fan_out, np.sqrt(1 / fan_in) / TRUNCATED_STD)


@scheme("glorot_truncated_normal", variances=lambda layer: 2 / (layer.fan_in + layer.fan_out))
def glorot_truncated_normal(rng, fan_in, fan_out):
    """W ~ N(0, 2/(fan_in + fan_out)) in variance, cut at ±2 std before correction: glorot_normal of JAX and Keras.

    Source: Glorot & Bengio 2010, eq. 12, for the variance.
    """
    return truncated(rng, fan_in, fan_out, np.sqrt(2 / (fan_in + fan_out)) / TRUNCATED_STD)


@scheme("he_truncated_normal", variances=lambda layer: 2 / layer.fan_in)
def he_truncated_normal(rng, fan_in, fan_out):
    """W ~ N(0, 2/fan_in) in variance, cut at ±2 std before correction: he_normal of JAX and Keras.

    Source: He et al. 2015, eq. 10, for the variance.
    """
    return truncated(rng, fan_in, fan_out, np.sqrt(2 / fan_in) / TRUNCATED_STD)
