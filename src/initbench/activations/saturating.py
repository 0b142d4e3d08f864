"""Activations that flatten on both sides: sigmoid, tanh, softsign, erf.

Their derivatives underflow gracefully instead of being cancelled to zero: 1 − tanh²(20) is 0 in float64, 4e⁻⁴⁰ is not.
"""

import numpy as np

from initbench.activations import activation
from initbench.base.compile import elementwise


def _bell(decay, out):
    """e / (1 + e)² for e = exp(−decay) ≤ 1, the logistic density, in place of `decay`."""
    np.exp(np.negative(decay, out=out), out=out)
    denominator = out + 1
    out /= denominator
    out /= denominator
    return out


def sigmoid_derivative(z, out):
    """σ(z) σ(−z)."""
    return _bell(np.abs(z, out=out), out)


@elementwise
def _sigmoid_pull_back(a, cotangent):
    for k in range(a.size):
        cotangent[k] *= a[k] - a[k] * a[k]


@activation("sigmoid", derivative=sigmoid_derivative, pull_back_from_output=_sigmoid_pull_back)
def sigmoid(z, out):
    """φ(z) = 1 / (1 + e^(−z))."""
    with np.errstate(over="ignore"):  # e^(−z) = ∞ gives φ = 0, the right limit
        np.exp(np.negative(z, out=out), out=out)
    out += 1
    return np.divide(1, out, out=out)  # twice as fast as np.reciprocal, and the same


def _tanh_derivative(z, out):
    np.abs(z, out=out)
    out *= 2
    _bell(out, out)
    out *= 4
    return out


@elementwise
def _tanh_pull_back(a, cotangent):
    one = a.dtype.type(1)
    for k in range(a.size):
        cotangent[k] *= one - a[k] * a[k]


@activation("tanh", derivative=_tanh_derivative, pull_back_from_output=_tanh_pull_back)
def tanh(z, out):
    """φ(z) = tanh z."""
    return np.tanh(z, out=out)


def _softsign_derivative(z, out):
    np.abs(z, out=out)
    out += 1
    np.multiply(out, out, out=out)
    return np.reciprocal(out, out=out)


@activation("softsign", derivative=_softsign_derivative, kinks=(0.0,))
def softsign(z, out):
    """φ(z) = z / (1 + |z|) (Bergstra et al. 2009); φ″ jumps at 0."""
    np.abs(z, out=out)
    out += 1
    return np.divide(z, out, out=out)


def _erf_derivative(z, out):
    with np.errstate(over="ignore"):  # z² = ∞ gives φ′ = 0, the right limit
        np.multiply(z, z, out=out)
    np.exp(np.negative(out, out=out), out=out)
    out *= 2 / np.sqrt(np.pi).item()
    return out


@activation("erf", derivative=_erf_derivative)
def erf(z, out):
    """φ(z) = erf z."""
    from scipy import special  # only here: importing it costs a training job more than the rest of its start-up

    return special.erf(z, out=out)
