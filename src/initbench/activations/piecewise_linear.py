"""The identity and the rectifiers. At the kink φ′(0) = 0 for relu and the negative slope for leaky_relu."""

import numpy as np

from initbench.activations import activation

LEAK = 0.01


def _one(z, out):
    out[...] = 1
    return out


@activation("linear", derivative=_one, derivative_from_output=_one)
def linear(z, out):
    """φ(z) = z."""
    np.copyto(out, z)
    return out


def _step(z, out):
    return np.greater(z, 0, out=out, casting="unsafe")


@activation("relu", derivative=_step, derivative_from_output=_step, kinks=(0.0,))
def relu(z, out):
    """φ(z) = max(z, 0) (Nair & Hinton 2010)."""
    out.fill(0)  # the maximum of two arrays is twice as fast as that of an array and a number
    return np.maximum(z, out, out=out)


def _leaky_step(z, out):
    _step(z, out)
    out *= 1 - LEAK
    out += LEAK
    return out


@activation("leaky_relu", derivative=_leaky_step, derivative_from_output=_leaky_step, kinks=(0.0,))
def leaky_relu(z, out):
    """φ(z) = max(z, 0.01 z) (Maas et al. 2013)."""
    np.multiply(z, LEAK, out=out)
    return np.maximum(z, out, out=out)
