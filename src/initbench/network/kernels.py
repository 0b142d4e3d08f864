"""Passes over a layer's arrays that NumPy would make several times, fused into one by Numba.

Every element goes through the same operations in the same order, each rounded by itself (Numba neither reorders nor contracts
unless asked to). Sums over the batch run in the order of the samples, alike for every unit.

Each is written for one member, and called with those of a stack: (M, B, n) for M members, B samples, n units; a row holds a
number for each unit, (M, n) or (M, 1, n).
"""

import numpy as np

from initbench.base.compile import per_member

Array = np.ndarray


@per_member
def add_rows(z: Array, row: Array) -> None:
    """z ← z + row."""
    samples, units = z.shape
    for i in range(samples):
        for j in range(units):
            z[i, j] += row[j]


@per_member
def centre(z: Array, samples: int, centred: Array, mean: Array, variance: Array) -> None:
    """centred ← z − μ, with μ and the variance of every unit over the first so many samples.

    The first sample is subtracted before anything is summed: what does not vary has the variance 0, not one of rounding.
    """
    rows, units = z.shape
    count = z.dtype.type(samples)
    mean[:] = 0
    variance[:] = 0
    for i in range(samples):
        for j in range(units):
            mean[0, j] += z[i, j] - z[0, j]
    for j in range(units):
        mean[0, j] = mean[0, j] / count
    for i in range(rows):
        for j in range(units):
            centred[i, j] = z[i, j] - z[0, j] - mean[0, j]
    for i in range(samples):
        for j in range(units):
            variance[0, j] += centred[i, j] * centred[i, j]
    for j in range(units):
        mean[0, j] += z[0, j]
        variance[0, j] = variance[0, j] / count


@per_member
def standardize(
    centred: Array, variance: Array, epsilon: float, gamma: Array, beta: Array, scale: Array, z: Array
) -> None:
    """s ← √(variance + ε), centred ← centred/s, z ← γ centred + β."""
    samples, units = z.shape
    one, epsilon = z.dtype.type(1), z.dtype.type(epsilon)
    for j in range(units):
        scale[0, j] = one / np.sqrt(variance[0, j] + epsilon)
    for i in range(samples):
        for j in range(units):
            standard = centred[i, j] * scale[0, j]
            centred[i, j] = standard
            z[i, j] = standard * gamma[j] + beta[j]
    for j in range(units):
        scale[0, j] = np.sqrt(variance[0, j] + epsilon)


@per_member
def through_standardization(
    out: Array,
    delta: Array,
    normalized: Array,
    gamma: Array,
    scale: Array,
    gamma_sum: Array,
    beta_sum: Array,
    rows: Array,
) -> None:
    """out ← γ/s (δ − mean δ − ẑ mean(δ ẑ)), means over the batch; gamma_sum and beta_sum ← the sums of δ ẑ and of δ.

    rows (3, n) takes what every sample is multiplied by, and less by.
    """
    samples, units = delta.shape
    count = delta.dtype.type(samples)
    gamma_sum[:] = 0
    beta_sum[:] = 0
    for i in range(samples):
        for j in range(units):
            gamma_sum[j] += delta[i, j] * normalized[i, j]
            beta_sum[j] += delta[i, j]
    for j in range(units):
        rows[0, j] = gamma_sum[j] / -count
        rows[1, j] = beta_sum[j] / count
        rows[2, j] = gamma[j] / scale[0, j]
    for i in range(samples):
        for j in range(units):
            out[i, j] = (normalized[i, j] * rows[0, j] + delta[i, j] - rows[1, j]) * rows[2, j]


@per_member
def less_largest(shifted: Array, logits: Array) -> None:
    """shifted ← the logits less the largest of each sample."""
    samples, classes = logits.shape
    for i in range(samples):
        largest = logits[i, 0]
        for j in range(1, classes):
            largest = max(largest, logits[i, j])
        for j in range(classes):
            shifted[i, j] = logits[i, j] - largest


@per_member
def softmax_cotangent(cotangent: Array, shifted: Array, one_hot: Array, total: Array, true_class: Array) -> None:
    """total and true_class (B,) ← the sum of e over the classes, and what was shifted of the true one; e ← e/total − y."""
    samples, classes = cotangent.shape
    for i in range(samples):
        whole = cotangent.dtype.type(0)
        true = cotangent.dtype.type(0)
        for j in range(classes):
            whole += cotangent[i, j]
            if one_hot[i, j] > 0:
                true += shifted[i, j]
        for j in range(classes):
            cotangent[i, j] = cotangent[i, j] / whole - one_hot[i, j]
        total[i], true_class[i] = whole, true


@per_member(contract=True)
def multiply(out: Array, x: Array, w: Array) -> None:
    """out ← x w, x (B, n), w (n, m), every entry of out (B, m) summed in the order of n.

    Two rows at once and four terms at once, which keeps what is summed in registers and changes no order: products and sums
    are fused where the processor can, in every loop alike.
    """
    rows, units = out.shape
    terms = len(w)
    fours, pairs = terms - terms % 4, rows - rows % 2
    out[:] = 0
    for i in range(0, pairs, 2):
        for k in range(0, fours, 4):
            a0, a1, a2, a3 = x[i, k], x[i, k + 1], x[i, k + 2], x[i, k + 3]
            b0, b1, b2, b3 = x[i + 1, k], x[i + 1, k + 1], x[i + 1, k + 2], x[i + 1, k + 3]
            for j in range(units):
                w0, w1, w2, w3 = w[k, j], w[k + 1, j], w[k + 2, j], w[k + 3, j]
                out[i, j] = (((out[i, j] + a0 * w0) + a1 * w1) + a2 * w2) + a3 * w3
                out[i + 1, j] = (((out[i + 1, j] + b0 * w0) + b1 * w1) + b2 * w2) + b3 * w3
        for k in range(fours, terms):
            for j in range(units):
                out[i, j] = out[i, j] + x[i, k] * w[k, j]
                out[i + 1, j] = out[i + 1, j] + x[i + 1, k] * w[k, j]
    for i in range(pairs, rows):
        for k in range(terms):
            for j in range(units):
                out[i, j] = out[i, j] + x[i, k] * w[k, j]


@per_member
def sum_samples(array: Array, out: Array) -> None:
    """out ← the sum of an array over the samples, in their order."""
    samples, units = array.shape
    out[:] = 0
    for i in range(samples):
        for j in range(units):
            out[0, j] += array[i, j]
