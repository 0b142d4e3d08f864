"""Passes over the arrays of a snapshot, fused: what several columns need of an array is taken from it in one go.

Each is written for one network, and called with the arrays of a stack: (M, rows, units), float32 or float64. Units are columns,
rows the features of a weight or the samples of a batch. Sums are float64, one for each unit along the rows.
"""

from functools import partial

import numpy as np

from initbench.base.compile import per_member

Array = np.ndarray

measuring = partial(per_member, mixed=True)


@measuring
def extents(matrix: Array, largest: Array, difference: Array, row: Array) -> None:
    """The largest |entry|, the largest difference between two units in one row, and that row, int; one number each.

    What is not a number is passed over.
    """
    rows, units = matrix.shape
    most = widest = matrix.dtype.type(0)
    row[0] = 0
    for i in range(rows):
        low = high = matrix[i, 0]
        for j in range(units):
            value = matrix[i, j]
            low = value if value < low else low
            high = value if value > high else high
        most = max(most, max(high, -low))
        if high - low > widest:
            widest = high - low
            row[0] = i
    largest[0] = most
    difference[0] = widest


@measuring
def unit_squares(matrix: Array, scale: Array, squares: Array) -> None:
    """squares (units) ← the squared norm of each unit of matrix × scale, a number."""
    rows, units = matrix.shape
    factor = scale[0]
    squares[:] = 0
    for i in range(rows):
        for j in range(units):
            value = matrix[i, j] * factor
            squares[j] += value * value


@measuring
def directions(matrix: Array, scale: Array, squares: Array, inverse: Array, out: Array) -> None:
    """out (rows, units) ← the units, each divided by its norm; 0 for one of norm 0. scale, squares: see `unit_squares`."""
    rows, units = matrix.shape
    factor = scale[0]
    for j in range(units):
        inverse[j] = 1 / np.sqrt(squares[j]) if squares[j] > 0 else 0.0
    for i in range(rows):
        for j in range(units):
            out[i, j] = matrix[i, j] * factor * inverse[j]


@measuring
def pair_sums(cosines: Array, shares: Array, absolute: Array, energy: Array) -> None:
    """Of c (units, units) and s (units), for each unit j: Σ_i |c_ij| over i ≠ j, and s_j Σ_i c_ij² s_i over all i."""
    units = len(shares)
    absolute[:] = 0
    energy[:] = 0
    for i in range(units):
        share = shares[i]
        for j in range(units):
            cosine = np.float64(cosines[i, j])
            absolute[j] += abs(cosine)
            energy[j] += cosine * cosine * share
    for j in range(units):
        absolute[j] -= abs(cosines[j, j])
        energy[j] *= shares[j]


@measuring
def representatives(
    matrix: Array, row: Array, allowed: Array, counted: Array, found: Array, values: Array, count: Array
) -> None:
    """count ← units among those `counted` (units) that are no copy of an earlier one of these: found greedily.

    A copy differs by at most `allowed`, a number, in every row. Row number `row` is compared first: it tells most units
    apart. found, values (units): which units they are, and their values in that row.
    """
    rows, units = matrix.shape
    number, most = 0, allowed[0]
    for j in range(units):
        value, near = matrix[row[0], j], 0
        for k in range(number):
            near += abs(value - values[k]) <= most
        k = 0 if near else number
        while k < number:
            if abs(value - values[k]) <= most:
                i = 0
                while i < rows and abs(matrix[i, j] - matrix[i, found[k]]) <= most:
                    i += 1
                if i == rows:
                    break
            k += 1
        if k == number and counted[j]:
            found[number] = j
            values[number] = value
            number += 1
    count[0] = number


@measuring
def unit_moments(values: Array, mean: Array, variance: Array) -> None:
    """Mean and variance of each unit along the rows, from distances to the first row: what is constant varies by 0."""
    rows, units = values.shape
    mean[:] = 0
    variance[:] = 0
    for i in range(1, rows):
        for j in range(units):
            distance = np.float64(values[i, j]) - values[0, j]
            mean[j] += distance
            variance[j] += distance * distance
    for j in range(units):
        mean[j] /= rows
        variance[j] = max(variance[j] / rows - mean[j] * mean[j], 0.0)
        mean[j] += values[0, j]


@measuring
def slopes(activation: Array, slope: Array, threshold: float, saturated: Array, live: Array) -> None:
    """For each unit on how many samples |φ′| lies below the threshold, and on how many a or φ′ is not 0, ints."""
    samples, units = activation.shape
    limit, zero = slope.dtype.type(threshold), slope.dtype.type(0)
    saturated[:] = 0
    live[:] = 0
    for i in range(samples):
        for j in range(units):
            saturated[j] += abs(slope[i, j]) < limit
            live[j] += (activation[i, j] != zero) | (slope[i, j] != zero)


@measuring
def row_directions(values: Array, row: Array, sums: Array, count: Array) -> None:
    """sums (units) ← the sum of the rows, each divided by its norm; count ← how many rows are not 0. row (units): scratch."""
    rows, units = values.shape
    sums[:] = 0
    count[0] = 0
    for i in range(rows):
        largest = square = 0.0
        for j in range(units):
            largest = max(largest, abs(np.float64(values[i, j])))
        factor = 1 / max(largest, 2.3e-308)
        for j in range(units):
            row[j] = values[i, j] * factor
            square += row[j] * row[j]
        if square != 0:
            count[0] += 1
            factor = 1 / np.sqrt(square)
            for j in range(units):
                sums[j] += row[j] * factor


@measuring
def sizes(matrix: Array, scale: Array, squares: Array, tops: Array) -> None:
    """squares (units) ← as `unit_squares`; tops ← the sum over the rows of the largest |entry| × scale in each."""
    rows, units = matrix.shape
    factor = scale[0]
    squares[:] = 0
    tops[0] = 0
    for i in range(rows):
        top = 0.0
        for j in range(units):
            value = matrix[i, j] * factor
            squares[j] += value * value
            top = max(top, abs(value))
        tops[0] += top
