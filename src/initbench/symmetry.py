"""How far the units of a layer are copies of one another.

All functions take a stack of matrices (…, features, units), a unit being a column, and return arrays of shape (…).
"""

import numpy as np

TOLERANCE = {np.dtype(np.float32): 1e-4, np.dtype(np.float64): 1e-12}  # relative to the layer's largest |entry|


def rounding_floor(dtype) -> float:
    """The size below which entries have lost relative precision to underflow: tiny / eps of the dtype."""
    info = np.finfo(dtype)
    return float(info.tiny / info.eps)


def distinct_units(matrix: np.ndarray, tolerance: float, floor=0.0) -> np.ndarray:
    """Number of distinct units: greedy representatives in unit order.

    Units u and v are equal if max|u − v| ≤ tolerance × the largest |entry| of their matrix. A matrix whose entries all
    lie at or below `floor` (a number, or an array of shape (…)) counts as one unit.
    """
    stack = matrix.reshape(-1, *matrix.shape[-2:])
    low, high = row_extremes(stack)
    scale = largest_entry(low, high)
    allowed = (tolerance * scale).astype(matrix.dtype)
    floors = np.broadcast_to(np.asarray(floor), matrix.shape[:-2]).reshape(-1)
    counts = np.ones(len(stack), dtype=int)
    # where no feature varies by more than what is allowed, all units equal the first
    mixed = np.flatnonzero((scale > floors) & ((high - low).max(axis=1) > allowed))
    if mixed.size:  # the common case, cheaply: one feature tells all units apart
        ranked = np.sort(stack[mixed, 0], axis=1)
        alone = (np.diff(ranked, axis=1) > allowed[mixed, None]).all(axis=1)
        counts[mixed[alone]] = stack.shape[2]
        mixed = mixed[~alone]
    if mixed.size:
        apart = np.abs(stack[mixed] - stack[mixed, :, :1]).max(axis=(1, 2)) > allowed[mixed]
        mixed = mixed[apart]
    group = np.zeros((len(mixed), stack.shape[2]), dtype=int)
    for feature in np.unique(np.linspace(0, stack.shape[1] - 1, 4).astype(int)):
        if mixed.size:
            group = _refine(group, stack[mixed, feature], allowed[mixed])
            alone = group.max(axis=1) == stack.shape[2] - 1
            counts[mixed[alone]] = stack.shape[2]
            mixed, group = mixed[~alone], group[~alone]
    if mixed.size:
        settled = _copies_of_first(stack[mixed], group, allowed[mixed])
        counts[mixed[settled]] = group[settled].max(axis=1) + 1
        for index, groups in zip(mixed[~settled], group[~settled], strict=True):
            counts[index] = _count_greedily(stack[index], groups, allowed[index])
    return counts.reshape(matrix.shape[:-2])


def _refine(group, values, allowed):
    """Split groups (B, units) at gaps wider than `allowed` (B,) in one feature's values: units across a gap differ."""
    order = np.lexsort((values, group), axis=-1)
    sorted_values, sorted_group = (np.take_along_axis(array, order, axis=1) for array in (values, group))
    new = (np.diff(sorted_values, axis=1) > allowed[:, None]) | (np.diff(sorted_group, axis=1) != 0)
    refined = np.zeros_like(group)
    np.put_along_axis(refined, order[:, 1:], np.cumsum(new, axis=1), axis=1)
    return refined


def _copies_of_first(stack, group, allowed) -> np.ndarray:
    """Whether every unit equals the first unit of its group, (B,): then the groups are the distinct units."""
    first = np.full_like(group, group.shape[1])
    np.minimum.at(first, (np.arange(len(group))[:, None], group), np.arange(group.shape[1]))
    leader = np.take_along_axis(first, group, axis=1)
    apart = np.abs(stack - np.take_along_axis(stack, leader[:, None, :], axis=2)).max(axis=(1, 2))
    return apart <= allowed


def _count_greedily(units, group, allowed) -> int:
    """Greedy count of one matrix (features, units), comparing only units that share a group."""
    crowded = np.bincount(group)[group] > 1
    rest, found = units[:, crowded], len(group) - int(crowded.sum())
    while rest.shape[1]:
        rest = rest[:, np.abs(rest - rest[:, :1]).max(axis=0) > allowed]
        found += 1
    return found


def distinct_live_units(counts: np.ndarray, matrix: np.ndarray, dead: np.ndarray, tolerance: float, floor=0.0):
    """Distinct units among those not `dead` (…, units); 0 where none lives. `counts`: the distinct units of all."""
    counts = counts.copy()
    some = dead.any(axis=-1)
    if some.any():
        first_live = np.argmin(dead, axis=-1)[..., None, None]
        stand_in = np.take_along_axis(matrix, np.broadcast_to(first_live, (*matrix.shape[:-1], 1)), axis=-1)
        alive = np.where(dead[..., None, :], stand_in, matrix)[some]
        counts[some] = distinct_units(alive, tolerance, np.broadcast_to(np.asarray(floor), some.shape)[some])
        counts[dead.all(axis=-1)] = 0
    return counts


def row_extremes(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and the largest value of each feature over the units, (…, features)."""
    return matrix.min(axis=-1), matrix.max(axis=-1)


def largest_entry(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The largest |entry| of each matrix, from its row extremes."""
    return np.maximum(high.max(axis=-1), -low.min(axis=-1))


def exactly_equal_units(matrix: np.ndarray) -> np.ndarray:
    """Whether all units are the same to the last bit."""
    low, high = row_extremes(matrix)
    return (low == high).all(axis=-1)


def spread(matrix: np.ndarray) -> np.ndarray:
    """The largest difference between two units in one entry, relative to the largest |entry|; 0 for a zero matrix."""
    low, high = row_extremes(matrix)
    scale = largest_entry(low, high)
    return np.divide((high - low).max(axis=-1), scale, out=np.zeros(scale.shape), where=scale > 0)


def cosine_and_rank(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean |cosine| between pairs of units, and the effective rank (Σs²)²/Σs⁴ over the singular values s.

    Both from the Gram matrix. Units of zero norm have no direction and are left out of the cosine; NaN where fewer than
    two units have one (cosine) or the matrix is zero (rank).
    """
    scale = np.abs(matrix).max(axis=(-2, -1), keepdims=True)
    unit_free = matrix / np.where(scale > 0, scale, 1)
    gram = np.matmul(unit_free.swapaxes(-1, -2), unit_free)
    square = np.einsum("...ii->...i", gram).astype(float)
    energy = np.square(gram).sum(axis=(-2, -1), dtype=float)
    rank = np.divide(square.sum(axis=-1) ** 2, energy, out=np.full(energy.shape, np.nan), where=energy > 0)
    live = square > 0
    inverse = np.divide(1, np.sqrt(square), out=np.zeros_like(square), where=live).astype(gram.dtype)
    np.abs(gram, out=gram)
    total = np.matmul(inverse[..., None, :], np.matmul(gram, inverse[..., :, None]))[..., 0, 0].astype(float)
    count = live.sum(axis=-1)
    pairs = count * (count - 1.0)
    mean = np.divide(total - count, pairs, out=np.full(pairs.shape, np.nan), where=pairs > 0)
    return np.clip(mean, 0, 1), rank
