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


@compiled(contract=True)
def multiply(x: Array, w: Array, out: Array) -> None:
    """out ← x w, x (M or 1, B, n), w (M, n, m), every entry of out (M, B, m) summed in the order of n.

    Two rows at once and four terms at once, which keeps what is summed in registers and changes no order: products and sums
    are fused where the processor can, in every loop alike.
    """
    members, rows, units = out.shape
    terms = w.shape[1]
    fours, pairs = terms - terms % 4, rows - rows % 2
    weight = np.empty((terms, units), out.dtype)
    upper, lower = np.empty(units, out.dtype), np.empty(units, out.dtype)
    for m in range(members):
        weight[:] = w[m]
        a = x[m if len(x) > 1 else 0]
        for i in range(0, pairs, 2):
            upper[:] = 0
            lower[:] = 0
            for k in range(0, fours, 4):
                a0, a1, a2, a3 = a[i, k], a[i, k + 1], a[i, k + 2], a[i, k + 3]
                b0, b1, b2, b3 = a[i + 1, k], a[i + 1, k + 1], a[i + 1, k + 2], a[i + 1, k + 3]
                w0, w1, w2, w3 = weight[k], weight[k + 1], weight[k + 2], weight[k + 3]
                for j in range(units):
                    upper[j] = (((upper[j] + a0 * w0[j]) + a1 * w1[j]) + a2 * w2[j]) + a3 * w3[j]
                    lower[j] = (((lower[j] + b0 * w0[j]) + b1 * w1[j]) + b2 * w2[j]) + b3 * w3[j]
            for k in range(fours, terms):
                a0, b0, w0 = a[i, k], a[i + 1, k], weight[k]
                for j in range(units):
                    upper[j] = upper[j] + a0 * w0[j]
                    lower[j] = lower[j] + b0 * w0[j]
            out[m, i] = upper
            out[m, i + 1] = lower
        for i in range(pairs, rows):
            upper[:] = 0
            for k in range(terms):
                a0, w0 = a[i, k], weight[k]
                for j in range(units):
                    upper[j] = upper[j] + a0 * w0[j]
            out[m, i] = upper


@compiled
def sum_samples(array: Array, out: Array) -> None:
    """out (M, 1, n) ← the sum of array (M, B, n) over the samples, in their order."""
    members, samples, units = array.shape
    total = np.empty(units, array.dtype)
    for m in range(members):
        total[:] = 0
        for i in range(samples):
            for j in range(units):
                total[j] += array[m, i, j]
        out[m, 0] = total
