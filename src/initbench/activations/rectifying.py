"""Activations that pass positive inputs and bend smoothly below: ELU, SELU, GELU, SiLU, softplus."""

import math

import numpy as np

from initbench.activations import activation
from initbench.activations.saturating import sigmoid, sigmoid_derivative

# Klambauer et al. 2017, appendix A1: the fixed point (mean 0, variance 1) of the moment map.
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def _elu(z, out, alpha, scale):
    np.expm1(np.minimum(z, 0, out=out), out=out)
    out *= alpha * scale
    out += scale * np.maximum(z, 0)
    return out


def _elu_derivative(z, out, alpha, scale):
    np.exp(np.minimum(z, 0, out=out), out=out)
    np.multiply(out, alpha * scale, out=out)
    np.copyto(out, scale, where=z > 0)
    return out


@activation("elu", derivative=lambda z, out: _elu_derivative(z, out, 1.0, 1.0), kinks=(0.0,))
def elu(z, out):
    """φ(z) = z for z > 0, e^z − 1 below (Clevert et al. 2016, α = 1)."""
    return _elu(z, out, 1.0, 1.0)


@activation("selu", derivative=lambda z, out: _elu_derivative(z, out, SELU_ALPHA, SELU_SCALE), kinks=(0.0,))
def selu(z, out):
    """φ(z) = λ z for z > 0, λ α (e^z − 1) below (Klambauer et al. 2017, eq. 2)."""
    return _elu(z, out, SELU_ALPHA, SELU_SCALE)


def _normal_cdf(z, out):
    from scipy import special  # see saturating.erf

    return special.ndtr(z, out=out)


def _gelu_derivative(z, out):
    with np.errstate(over="ignore"):  # z² = ∞: the density is 0
        density = np.exp(-0.5 * np.square(z))
    density *= z
    density *= 1 / math.sqrt(2 * math.pi)
    _normal_cdf(z, out)
    out += density
    return out


@activation("gelu", derivative=_gelu_derivative)
def gelu(z, out):
    """φ(z) = z Φ(z), Φ the normal distribution function (Hendrycks & Gimpel 2016, the exact form)."""
    _normal_cdf(z, out)
    out *= z
    return out


def _silu_derivative(z, out):
    sigmoid_derivative(z, out)
    out *= z
    out += sigmoid(z, np.empty_like(z))
    return out


@activation("silu", derivative=_silu_derivative)
def silu(z, out):
    """φ(z) = z σ(z) (Elfwing et al. 2018; Ramachandran et al. 2017)."""
    sigmoid(z, out)
    out *= z
    return out


@activation("softplus", derivative=lambda z, out: sigmoid(z, out))
def softplus(z, out):
    """φ(z) = ln(1 + e^z)."""
    return np.logaddexp(0, z, out=out)
