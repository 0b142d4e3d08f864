"""Fused passes give the bits of NumPy's passes one after the other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from initbench.network import kernels as fused

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


@given(layers(3, 1))
def test_standardization(case):
    (gamma, beta, variance), (z,) = case
    mean, variance = z[:, :1].copy(), np.abs(variance)[:, None, :].copy()
    centred, scale = np.empty_like(z), np.empty_like(variance)
    difference = z - mean
    fused.centre(z, mean, centred)
    same(centred, difference)
    same(z, difference * difference)
    fused.standardize(centred, variance, 1e-5, gamma, beta, scale, z)
    same(scale, np.sqrt(variance + 1e-5))
    standard = difference * (1 / scale)
    same(centred, standard)
    same(z, standard * gamma[:, None, :] + beta[:, None, :])


@given(layers(3, 2))
def test_pulling_back_through_standardization(case):
    (gamma, sums, products), (delta, normalized) = case
    sums, products = sums[:, None, :].copy(), products[:, None, :].copy()
    scale, out = np.abs(normalized[:, :1]) + 1, np.empty_like(delta)
    expected = normalized * (products / -delta.shape[1])
    expected += delta
    expected -= sums / delta.shape[1]
    expected *= gamma[:, None, :] / scale
    fused.through_standardization(delta, normalized, sums, products, gamma, scale, out)
    same(out, expected)
