"""The identity and the rectifiers. At the kink φ′(0) = 0 for relu and the negative slope for leaky_relu."""

import numpy as np

from initbench.activations import activation
from initbench.base.compile import elementwise

LEAK = 0.01


def _one(z, out):
    out[...] = 1
    return out


@activation("linear", derivative=_one, pull_back_from_output=lambda a, cotangent: None)
def linear(z, out):
    """φ(z) = z."""
    np.copyto(out, z)
    return out


def _step(z, out):
    return np.greater(z, 0, out=out, casting="unsafe")


@elementwise
def _relu_pull_back(a, cotangent):
    zero, one = a.dtype.type(0), a.dtype.type(1)
    for k in range(a.size):
        cotangent[k] *= one if a[k] > zero else zero


@activation("relu", derivative=_step, pull_back_from_output=_relu_pull_back, kinks=(0.0,))
def relu(z, out):
    """φ(z) = max(z, 0) (Nair & Hinton 2010)."""
    out.fill(0)  # the maximum of two arrays is twice as fast as that of an array and a number
    return np.maximum(z, out, out=out)


def _leaky_step(z, out):
    _step(z, out)
    out *= 1 - LEAK
    out += LEAK
    return out


@elementwise
def _leaky_pull_back(a, cotangent):
    zero, leak = a.dtype.type(0), a.dtype.type(LEAK)
    positive = a.dtype.type(1 - LEAK) + leak  # as `_leaky_step` forms it
    for k in range(a.size):
        cotangent[k] *= positive if a[k] > zero else leak


@activation("leaky_relu", derivative=_leaky_step, pull_back_from_output=_leaky_pull_back, kinks=(0.0,))
def leaky_relu(z, out):
    """φ(z) = max(z, 0.01 z) (Maas et al. 2013)."""
    np.multiply(z, LEAK, out=out)
    return np.maximum(z, out, out=out)
