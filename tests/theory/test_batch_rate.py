"""Gradient explosion under batch normalisation with batches of a given size: closed forms and drawn batches."""

import numpy as np
import pytest

from initbench.theory import batchnorm_rate
from initbench.theory.batchnorm import batch_rate


def arccosine(c):
    """The arc-cosine kernel of degree 1 and its derivative (Cho & Saul 2009)."""
    angle = np.pi - np.arccos(c)
    return (np.sqrt(1 - c**2) + angle * c) / np.pi, angle / np.pi


@pytest.mark.parametrize("batch", [6, 16, 64, 512])
def test_linear_and_relu_have_the_published_closed_forms(batch):
    assert batch_rate("linear", batch) == pytest.approx((batch - 2) / (batch - 3), rel=1e-5)
    value, slope = arccosine(-1 / (batch - 1))
    one = arccosine(1.0)[0]
    rate = (slope + (batch - 1) * one) / ((batch - 3) * (one - value)) - 1 / (batch - 3)  # for α = 1
    assert batch_rate("relu", batch) == pytest.approx(rate, rel=5e-5)


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "gelu", "selu"])
def test_large_batches_have_the_rate_of_infinite_ones(name):
    assert batch_rate(name, 20_000) == pytest.approx(batchnorm_rate(name), rel=2e-4)


def test_the_rate_is_that_of_drawn_batches():
    batch, rng = 8, np.random.default_rng(0)
    h = rng.standard_normal((100_000, batch))
    h -= h.mean(axis=1, keepdims=True)
    length = np.linalg.norm(h, axis=1, keepdims=True)
    u = h / length
    a, slope = np.tanh(np.sqrt(batch) * u), 1 / np.cosh(np.sqrt(batch) * u) ** 2
    cotangent = rng.standard_normal(h.shape)
    back = slope * (cotangent - cotangent.mean(axis=1, keepdims=True))
    back = back - back.mean(axis=1, keepdims=True)
    back -= u * np.sum(u * back, axis=1, keepdims=True)
    growth = np.mean(np.sum(back**2, axis=1)) * batch / (batch - 3) / a.var(axis=1, ddof=1).mean() / (batch - 1)
    assert batch_rate("tanh", batch) == pytest.approx(growth, rel=0.01)


def test_small_batches_and_constant_activations_are_refused():
    with pytest.raises(ValueError, match="six at least"):
        batch_rate("relu", 5)
