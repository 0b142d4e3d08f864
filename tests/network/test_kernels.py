"""Fused passes give the bits of NumPy's passes one after the other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from initbench.network import kernels as fused
from initbench.network.loss import cross_entropy

SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 5), st.integers(1, 19))


@st.composite
def layers(draw, rows, whole):
    """So many (M, n) rows, strided as views of parameters are, and so many (M, B, n) arrays, any finite numbers."""
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    members, samples, units = draw(SHAPES)

    def of(shape):
        numbers = st.floats(-1e6, 1e6, width=np.dtype(dtype).itemsize * 8, allow_subnormal=True)
        return draw(arrays(dtype, shape, elements=numbers))

    return [of((members, units + 2))[:, 1:-1] for _ in range(rows)], [
        of((members, samples, units)) for _ in range(whole)
    ]


def same(a, b):
    np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(np.signbit(a), np.signbit(b))
    assert a.dtype == b.dtype


@given(layers(1, 1))
def test_rows_are_added(case):
    (rows,), (z,) = case
    expected = z + rows[:, None, :]
    fused.add_rows(z, rows)
    same(z, expected)


@given(layers(2, 1), st.integers(1, 5))
def test_standardization(case, samples):
    (gamma, beta), (z,) = case
    samples = min(samples, z.shape[1])
    centred, mean, variance, scale = np.empty_like(z), *(np.empty_like(z[:, :1]) for _ in range(3))
    first, count = z[:, :1].copy(), z.dtype.type(samples)
    shift = in_order((z - first)[:, :samples]) / count
    difference = z - first - shift
    fused.centre(z, samples, centred, mean, variance)
    same(mean, shift + first)
    same(centred, difference)
    expected = in_order((difference * difference)[:, :samples]) / count
    same(variance, expected)
    fused.standardize(centred, variance, 1e-5, gamma, beta, scale, z)
    same(scale, np.sqrt(expected + z.dtype.type(1e-5)))
    standard = difference * (1 / scale)
    same(centred, standard)
    same(z, standard * gamma[:, None, :] + beta[:, None, :])


@given(layers(3, 2))
def test_pulling_back_through_standardization(case):
    (gamma, gamma_sum, beta_sum), (delta, normalized) = case
    scale, out = np.abs(normalized[:, :1]) + 1, np.empty_like(delta)
    rows = np.empty((len(delta), 3, delta.shape[2]), delta.dtype)
    products, sums, count = in_order(delta * normalized), in_order(delta), delta.dtype.type(delta.shape[1])
    expected = normalized * (products / -count)
    expected += delta
    expected -= sums / count
    expected *= gamma[:, None, :] / scale
    fused.through_standardization(out, delta, normalized, gamma, scale, gamma_sum, beta_sum, rows)
    same(gamma_sum, products[:, 0])
    same(beta_sum, sums[:, 0])
    same(out, expected)


@given(layers(0, 1), st.integers(0, 2**32 - 1))
def test_the_loss_and_its_cotangent(case, seed):
    logits = case[1][0]
    one_hot = np.eye(logits.shape[2], dtype=logits.dtype)[
        np.random.default_rng(seed).integers(0, logits.shape[2], logits.shape[:2])
    ]
    cotangent = np.empty_like(logits)
    loss = cross_entropy(logits, one_hot, cotangent)
    shifted = logits - logits.max(axis=2, keepdims=True)
    e = np.exp(shifted)
    total = in_order(e.swapaxes(1, 2)).swapaxes(1, 2)
    same(cotangent, e / total - one_hot)
    same(loss, (np.log(total) - (shifted * one_hot).sum(axis=2, keepdims=True))[..., 0])


def in_order(array):
    """The sum over the samples, one after the other, (M, 1, n)."""
    total = np.zeros_like(array[:, :1])
    for i in range(array.shape[1]):
        total += array[:, i : i + 1]
    return total
