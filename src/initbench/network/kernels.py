"""Passes over a layer's arrays that NumPy would make several times, fused into one by Numba.

Every element goes through the same operations in the same order as in NumPy's passes, each rounded by itself (Numba neither
reorders nor contracts unless asked to), so the numbers are the same to the last bit. Sums stay with the BLAS.

Arrays are (M, B, n): M members, B samples, n units; rows (M, n) hold a number for each unit.
"""

import numpy as np

from initbench.base.compile import compiled

Array = np.ndarray


@compiled
def add_rows(z: Array, rows: Array) -> None:
    """z ← z + rows."""
    members, samples, units = z.shape
    row = np.empty(units, z.dtype)  # contiguous, as the compiler wants it
    for m in range(members):
        row[:] = rows[m]
        for i in range(samples):
            for j in range(units):
                z[m, i, j] += row[j]


@compiled
def centre(z: Array, mean: Array, centred: Array) -> None:
    """centred ← z − mean, z ← centred²; mean (M, 1, n)."""
    members, samples, units = z.shape
    for m in range(members):
        for i in range(samples):
            for j in range(units):
                difference = z[m, i, j] - mean[m, 0, j]
                centred[m, i, j] = difference
                z[m, i, j] = difference * difference


@compiled
def standardize(
    centred: Array, variance: Array, epsilon: float, gamma: Array, beta: Array, scale: Array, z: Array
) -> None:
    """s ← √(variance + ε), centred ← centred/s, z ← γ centred + β; variance and scale (M, 1, n), gamma and beta (M, n)."""
    members, samples, units = z.shape
    one, epsilon = z.dtype.type(1), z.dtype.type(epsilon)
    inverse, factor, shift = np.empty(units, z.dtype), np.empty(units, z.dtype), np.empty(units, z.dtype)
    for m in range(members):
        factor[:] = gamma[m]
        shift[:] = beta[m]
        for j in range(units):
            scale[m, 0, j] = np.sqrt(variance[m, 0, j] + epsilon)
            inverse[j] = one / scale[m, 0, j]
        for i in range(samples):
            for j in range(units):
                standard = centred[m, i, j] * inverse[j]
                centred[m, i, j] = standard
                z[m, i, j] = standard * factor[j] + shift[j]


@compiled
def through_standardization(
    delta: Array, normalized: Array, delta_sum: Array, product_sum: Array, gamma: Array, scale: Array, out: Array
) -> None:
    """out ← γ/s (δ − mean δ − ẑ mean(δ ẑ)), means over the batch, from the sums of δ and δ ẑ, (M, 1, n)."""
    members, samples, units = delta.shape
    count = delta.dtype.type(samples)
    mean, projection, gain = np.empty(units, out.dtype), np.empty(units, out.dtype), np.empty(units, out.dtype)
    for m in range(members):
        gain[:] = gamma[m]
        for j in range(units):
            mean[j] = delta_sum[m, 0, j] / count
            projection[j] = product_sum[m, 0, j] / -count
            gain[j] = gain[j] / scale[m, 0, j]
        for i in range(samples):
            for j in range(units):
                out[m, i, j] = (normalized[m, i, j] * projection[j] + delta[m, i, j] - mean[j]) * gain[j]
