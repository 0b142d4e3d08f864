"""How far the units of a layer are copies of one another.

All functions take a stack of matrices (M, features, units), a unit being a column, and return arrays of shape (M,).
"""

from dataclasses import dataclass

import numpy as np

from initbench.probes import passes

TOLERANCE = {np.dtype(np.float32): 1e-4, np.dtype(np.float64): 1e-12}  # relative to the layer's largest |entry|
SMALLEST = 2.3e-308  # the smallest number whose inverse is one


def rounding_floor(dtype) -> float:
    """The size below which entries have lost relative precision to underflow: tiny / eps of the dtype."""
    info = np.finfo(dtype)
    return float(info.tiny / info.eps)


@dataclass(frozen=True)
class Units:
    """What is known of the units of matrices (M, features, units).

    largest: the largest |entry|, difference: the largest between two units in one entry, and the feature that shows it, (M,);
    squares (M, units): the squared norms of the units of matrix × scale, scale (M,) = 1/largest; finite: whether all entries
    are.
    """

    matrix: np.ndarray
    largest: np.ndarray
    difference: np.ndarray
    feature: np.ndarray
    scale: np.ndarray
    squares: np.ndarray
    finite: np.ndarray

    @classmethod
    def of(cls, matrix: np.ndarray) -> "Units":
        members, _, units = matrix.shape
        matrix = np.ascontiguousarray(matrix)
        largest, difference, feature = np.empty(members), np.empty(members), np.empty(members, int)
        passes.extents(matrix, largest, difference, feature)
        scale, squares = 1 / np.maximum(largest, SMALLEST), np.empty((members, units))
        passes.unit_squares(matrix, scale, squares)
        finite = np.isfinite(squares).all(axis=1)  # relative to the largest, what is not makes no sum that is
        return cls(matrix, largest, difference, feature, scale, squares, finite)

    @property
    def norm(self) -> np.ndarray:
        """The Frobenius norm."""
        return self.largest * np.sqrt(self.squares.sum(axis=1))

    @property
    def exactly_equal(self) -> np.ndarray:
        """Whether all units are the same to the last bit."""
        return self.difference == 0

    @property
    def spread(self) -> np.ndarray:
        """The largest difference between two units in one entry, relative to the largest |entry|; 0 for a zero matrix."""
        return np.divide(self.difference, self.largest, out=np.zeros(self.largest.shape), where=self.largest > 0)


def distinct_units(units: Units, tolerance: float, floor=0.0, counted: np.ndarray | None = None) -> np.ndarray:
    """Number of distinct units: greedy representatives in unit order, of those `counted` (M, units) or of all.

    Units u and v are equal if max|u − v| ≤ tolerance × the largest |entry| of their matrix. A matrix whose entries all
    lie at or below `floor` (a number, or an array (M,)) counts as one unit, as does one that is not finite.
    """
    dtype = units.matrix.dtype
    if counted is None:
        counted = np.ones(units.squares.shape, bool)
    allowed = tolerance * units.largest.astype(dtype)
    counts = np.minimum(counted.sum(axis=1), 1)
    # where no feature varies by more than what is allowed, all units equal the first
    mixed = np.flatnonzero((units.largest > floor) & (units.difference > allowed) & units.finite & (counts > 0))
    if mixed.size:
        matrix = units.matrix if mixed.size == len(counts) else units.matrix[mixed]
        found, values = np.empty((1, matrix.shape[2]), int), np.empty((1, matrix.shape[2]), dtype)
        count, counted = np.empty(mixed.size, int), counted[mixed].view(np.uint8)
        passes.representatives(matrix, units.feature[mixed], allowed[mixed], counted, found, values, count)
        counts[mixed] = count
    return counts


def cosine_and_rank(units: Units) -> tuple[np.ndarray, np.ndarray]:
    """Mean |cosine| between pairs of units, and the effective rank (Σs²)²/Σs⁴ over the singular values s.

    From products of the units' directions in float32, which leaves an error of some 1e-7; both are exactly 1 where all
    units are the same to the last bit. Units of zero norm have no direction and are left out of the cosine; NaN where fewer
    than two units have one (cosine) or the matrix is zero (rank).
    """
    total, count = units.squares.sum(axis=1), (units.squares > 0).sum(axis=1)
    pairs, energy = count * (count - 1.0), np.where(count > 0, 1.0, np.nan)
    cosines = pairs.copy()
    different = np.flatnonzero(~units.exactly_equal & units.finite)
    if different.size:
        shares = units.squares[different] / total[different, None]
        directions = _directions(units, different)
        absolute, weighted = np.empty(shares.shape), np.empty(shares.shape)
        passes.pair_sums(np.matmul(directions.swapaxes(1, 2), directions), shares, absolute, weighted)
        cosines[different], energy[different] = absolute.sum(axis=1), weighted.sum(axis=1)
    mean = np.divide(cosines, pairs, out=np.full(pairs.shape, np.nan), where=pairs > 0)
    return np.clip(mean, 0, 1), 1 / energy


def _directions(units: Units, rows: np.ndarray) -> np.ndarray:
    """The units of some of the matrices, each divided by its norm, in float32; 0 for those of norm 0."""
    matrix = units.matrix if len(rows) == len(units.matrix) else units.matrix[rows]
    directions, scratch = np.empty(matrix.shape, np.float32), np.empty((1, matrix.shape[2]))
    passes.directions(matrix, units.scale[rows], units.squares[rows], scratch, directions)
    return directions
