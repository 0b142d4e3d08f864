"""How far the units of a layer are copies of one another.

All functions take a stack of matrices (…, features, units), a unit being a column, and return arrays of shape (…).
"""

from dataclasses import dataclass

import numpy as np

TOLERANCE = {np.dtype(np.float32): 1e-4, np.dtype(np.float64): 1e-12}  # relative to the layer's largest |entry|


def rounding_floor(dtype) -> float:
    """The size below which entries have lost relative precision to underflow: tiny / eps of the dtype."""
    info = np.finfo(dtype)
    return float(info.tiny / info.eps)


@dataclass(frozen=True)
class Extent:
    """Between what values the entries of matrices lie: low and high of each feature over the units, (…, features)."""

    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, matrix: np.ndarray) -> "Extent":
        return cls(matrix.min(axis=-1), matrix.max(axis=-1))

    @property
    def largest(self) -> np.ndarray:
        """The largest |entry| of each matrix."""
        return np.maximum(self.high.max(axis=-1), -self.low.min(axis=-1))

    @property
    def difference(self) -> np.ndarray:
        """The largest difference between two units in one entry of each matrix."""
        return (self.high - self.low).max(axis=-1)


@dataclass(frozen=True)
class Gram:
    """Products of pairs of units, (…, units, units), of matrices divided by their largest |entry|, and those (…)."""

    products: np.ndarray
    largest: np.ndarray

    @classmethod
    def of(cls, matrix: np.ndarray, largest: np.ndarray) -> "Gram":
        scaled = matrix / np.where(largest > 0, largest, 1)[..., None, None]
        return cls(np.matmul(scaled.swapaxes(-1, -2), scaled), largest)

    @property
    def squares(self) -> np.ndarray:
        """The squared norms of the units, (…, units)."""
        return np.einsum("...ii->...i", self.products)

    def perhaps_equal(self, features: int, tolerance: float) -> np.ndarray:
        """Pairs of units that the products cannot show to differ by more than the tolerance in some feature."""
        both = self.squares[..., :, None] + self.squares[..., None, :]
        rounding = 2 * features * np.finfo(self.products.dtype).eps
        return both - 2 * self.products <= features * tolerance**2 + rounding * both


def distinct_units(matrix, tolerance: float, floor=0.0, counted=None, extent: Extent | None = None, gram=None):
    """Number of distinct units: greedy representatives in unit order, of those `counted` (…, units) or of all.

    Units u and v are equal if max|u − v| ≤ tolerance × the largest |entry| of their matrix. A matrix whose entries all
    lie at or below `floor` (a number, or an array of shape (…)) counts as one unit.
    """
    stack = matrix.reshape(-1, *matrix.shape[-2:])
    features, units = stack.shape[1:]
    counted = np.ones((len(stack), units), bool) if counted is None else counted.reshape(-1, units)
    extent = extent or Extent.of(matrix)
    gram = gram or Gram.of(matrix, extent.largest)
    largest, difference = extent.largest.reshape(-1), extent.difference.reshape(-1)
    allowed = (tolerance * largest).astype(matrix.dtype)
    floors = np.broadcast_to(np.asarray(floor), matrix.shape[:-2]).reshape(-1)
    counts = np.minimum(counted.sum(axis=1), 1)
    # where no feature varies by more than what is allowed, all units equal the first
    mixed = np.flatnonzero((largest > floors) & (difference > allowed) & (counts > 0))
    near = Gram(gram.products.reshape(-1, units, units)[mixed], largest[mixed]).perhaps_equal(features, tolerance)
    near &= counted[mixed, :, None] & counted[mixed, None, :]
    crowded = near.sum(axis=2) > 1
    counts[mixed] = counted[mixed].sum(axis=1)
    unclear = np.flatnonzero(crowded.any(axis=1))
    if unclear.size:
        mixed, crowded = mixed[unclear], crowded[unclear]
        wide = Gram.of(stack[mixed].astype(float), largest[mixed].astype(float))
        near = near[unclear] & wide.perhaps_equal(features, tolerance)
        counts[mixed] = _count(stack[mixed], near, counted[mixed], allowed[mixed])
    return counts.reshape(matrix.shape[:-2])


def _count(stack, near, counted, allowed) -> np.ndarray:
    """Greedy counts of matrices (B, features, units), given which pairs of units need to be compared."""
    first = near.argmax(axis=2)  # the first unit that each may be equal to
    alone = first == np.arange(stack.shape[2])
    differs = np.abs(stack - np.take_along_axis(stack, first[:, None, :], axis=2)).max(axis=1) > allowed[:, None]
    counts = (alone & counted).sum(axis=1)
    # where every unit equals the first that it may be equal to, and that one is a representative, those are all
    unsettled = (counted & ~alone & (differs | ~np.take_along_axis(alone, first, axis=1))).any(axis=1)
    for index in np.flatnonzero(unsettled):
        crowded = near[index].sum(axis=1) > 1
        lonely = int((counted[index] & ~crowded).sum())
        counts[index] = lonely + _count_greedily(stack[index][:, crowded], allowed[index])
    return counts


def _count_greedily(rest, allowed) -> int:
    """Greedy count of one matrix (features, units) by the plain definition."""
    found = 0
    while rest.shape[1]:
        rest = rest[:, np.abs(rest - rest[:, :1]).max(axis=0) > allowed]
        found += 1
    return found


def exactly_equal_units(extent: Extent) -> np.ndarray:
    """Whether all units are the same to the last bit."""
    return (extent.low == extent.high).all(axis=-1)


def spread(extent: Extent) -> np.ndarray:
    """The largest difference between two units in one entry, relative to the largest |entry|; 0 for a zero matrix."""
    largest = extent.largest
    return np.divide(extent.difference, largest, out=np.zeros(largest.shape), where=largest > 0)


def cosine_and_rank(gram: Gram) -> tuple[np.ndarray, np.ndarray]:
    """Mean |cosine| between pairs of units, and the effective rank (Σs²)²/Σs⁴ over the singular values s.

    Units of zero norm have no direction and are left out of the cosine; NaN where fewer than two units have one
    (cosine) or the matrix is zero (rank).
    """
    products, square = gram.products, gram.squares.astype(float)
    energy = np.square(products).sum(axis=(-2, -1), dtype=float)
    rank = np.divide(square.sum(axis=-1) ** 2, energy, out=np.full(energy.shape, np.nan), where=energy > 0)
    live = square > 0
    inverse = np.divide(1, np.sqrt(square), out=np.zeros_like(square), where=live).astype(products.dtype)
    total = np.matmul(inverse[..., None, :], np.matmul(np.abs(products), inverse[..., :, None]))
    count = live.sum(axis=-1)
    pairs = count * (count - 1.0)
    total = total[..., 0, 0].astype(float) - count
    mean = np.divide(total, pairs, out=np.full(pairs.shape, np.nan), where=pairs > 0)
    return np.clip(mean, 0, 1), rank
