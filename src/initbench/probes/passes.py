"""Passes over the arrays of a snapshot, fused by Numba: what several columns need of an array is taken from it in one go.

Arrays are (M, rows, units), float32 or float64: units are columns, rows the features of a weight or the samples of a batch. Sums
are float64, one for each unit along the rows and those then in order of the units: a network's numbers do not depend on what it is
stacked with, nor on how wide the processor's vectors are.
"""

import numpy as np

from initbench.base.compile import compiled

Array = np.ndarray


@compiled
def extents(matrix: Array, largest: Array, difference: Array, row: Array) -> None:
    """The largest |entry|, the largest difference between two units in one row, and that row, (M,) each.

    What is not a number is passed over.
    """
    members, rows, units = matrix.shape
    for m in range(members):
        most = widest = matrix.dtype.type(0)
        row[m] = 0
        for i in range(rows):
            low = high = matrix[m, i, 0]
            for j in range(units):
                value = matrix[m, i, j]
                low = value if value < low else low
                high = value if value > high else high
            most = max(most, max(high, -low))
            if high - low > widest:
                widest, row[m] = high - low, i
        largest[m], difference[m] = most, widest


@compiled
def unit_squares(matrix: Array, scale: Array, squares: Array) -> None:
    """squares (M, units) ← the squared norm of each unit of matrix × scale, scale (M,)."""
    members, rows, units = matrix.shape
    for m in range(members):
        factor, square = scale[m], squares[m]
        square[:] = 0
        for i in range(rows):
            for j in range(units):
                value = matrix[m, i, j] * factor
                square[j] += value * value


@compiled
def directions(matrix: Array, rows_of: Array, scale: Array, squares: Array, out: Array) -> None:
    """out (K, rows, units) ← the units of the K matrices `rows_of`, each divided by its norm; 0 for one of norm 0."""
    _, rows, units = matrix.shape
    inverse = np.empty(units)
    for k in range(len(rows_of)):
        m = rows_of[k]
        factor = scale[m]
        for j in range(units):
            inverse[j] = 1 / np.sqrt(squares[m, j]) if squares[m, j] > 0 else 0.0
        for i in range(rows):
            for j in range(units):
                out[k, i, j] = matrix[m, i, j] * factor * inverse[j]


@compiled
def pair_sums(cosines: Array, shares: Array, sums: Array) -> None:
    """sums (K, 2) ← Σ |c_ij| over pairs i ≠ j, and Σ c_ij² s_i s_j over all, of c (K, units, units) and s (K, units)."""
    members, units, _ = cosines.shape
    absolute, energy = np.empty(units), np.empty(units)
    for m in range(members):
        absolute[:] = 0
        energy[:] = 0
        for i in range(units):
            share = shares[m, i]
            for j in range(units):
                cosine = np.float64(cosines[m, i, j])
                absolute[j] += abs(cosine)
                energy[j] += cosine * cosine * share
        pairs = weighted = 0.0
        for j in range(units):
            pairs += absolute[j] - abs(cosines[m, j, j])
            weighted += energy[j] * shares[m, j]
        sums[m, 0], sums[m, 1] = pairs, weighted


@compiled
def representatives(matrix: Array, row: Array, allowed: Array, counted: Array, counts: Array) -> None:
    """counts (M,) ← units among those `counted` (M, units) that are no copy of an earlier one of these: found greedily.

    A copy differs by at most `allowed` (M,) in every row. `row` (M,) is compared first: it tells most units apart.
    """
    members, rows, units = matrix.shape
    found, values = np.empty(units, np.int64), np.empty(units, matrix.dtype)
    for m in range(members):
        number, most = 0, allowed[m]
        for j in range(units):
            value, near = matrix[m, row[m], j], 0
            for k in range(number):
                near += abs(value - values[k]) <= most
            k = 0 if near else number
            while k < number:
                if abs(value - values[k]) <= most:
                    i = 0
                    while i < rows and abs(matrix[m, i, j] - matrix[m, i, found[k]]) <= most:
                        i += 1
                    if i == rows:
                        break
                k += 1
            if k == number and counted[m, j]:
                found[number], values[number] = j, value
                number += 1
        counts[m] = number


@compiled
def unit_moments(values: Array, means: Array, variances: Array) -> None:
    """Mean and variance of each unit along the rows, (M, units), from distances to the first row: what is constant varies by 0."""
    members, rows, units = values.shape
    for m in range(members):
        mean, variance, first = means[m], variances[m], values[m, 0]
        mean[:] = 0
        variance[:] = 0
        for i in range(1, rows):
            for j in range(units):
                distance = np.float64(values[m, i, j]) - first[j]
                mean[j] += distance
                variance[j] += distance * distance
        for j in range(units):
            mean[j] /= rows
            variance[j] = max(variance[j] / rows - mean[j] * mean[j], 0.0)
            mean[j] += first[j]


@compiled
def slopes(activation: Array, slope: Array, threshold: float, saturated: Array, dead: Array) -> None:
    """saturated (M,) ← how many |φ′| lie below the threshold; dead (M, units) ← whether a and φ′ are 0 on every sample."""
    members, samples, units = activation.shape
    flat = np.empty(units, np.int64)
    for m in range(members):
        flat[:] = 0
        dead[m] = True
        for i in range(samples):
            for j in range(units):
                flat[j] += abs(slope[m, i, j]) < threshold
                dead[m, j] &= (activation[m, i, j] == 0) & (slope[m, i, j] == 0)
        saturated[m] = flat.sum()


@compiled
def row_directions(values: Array, sums: Array, counts: Array) -> None:
    """sums (M, units) ← the sum of the rows, each divided by its norm; counts (M,) ← how many rows are not 0."""
    members, rows, units = values.shape
    row = np.empty(units)
    for m in range(members):
        sums[m] = 0
        counts[m] = 0
        for i in range(rows):
            largest = square = 0.0
            for j in range(units):
                row[j] = values[m, i, j]
                largest = max(largest, abs(row[j]))
            factor = 1 / max(largest, 2.3e-308)
            for j in range(units):
                row[j] *= factor
            for j in range(units):
                square += row[j] * row[j]
            counts[m] += square != 0
            factor = 1 / np.sqrt(square) if square != 0 else 0.0
            for j in range(units):
                sums[m, j] += row[j] * factor


@compiled
def sizes(matrix: Array, scale: Array, squares: Array, tops: Array) -> None:
    """The sum of the squared entries of matrix × scale, scale (M,), and the sum over rows of the largest |entry| in each, (M,)."""
    members, rows, units = matrix.shape
    square = np.empty(units)
    for m in range(members):
        factor, tops[m] = scale[m], 0
        square[:] = 0
        for i in range(rows):
            top = 0.0
            for j in range(units):
                value = matrix[m, i, j] * factor
                square[j] += value * value
                top = max(top, abs(value))
            tops[m] += top
        squares[m] = square.sum()
