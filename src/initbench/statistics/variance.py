"""Where the variance of a complete grid of numbers comes from: an axis, an interaction of axes, or one number alone."""

from collections.abc import Iterator
from itertools import combinations
from math import prod

import numpy as np

Axes = tuple[int, ...]


def subsets(axes: Axes) -> Iterator[Axes]:
    """Every subset of some axes but the empty one, small ones first."""
    for size in range(1, len(axes) + 1):
        yield from combinations(axes, size)


def sums_of_squares(values: np.ndarray) -> dict[Axes, tuple[float, int]]:
    """(sum of squares, degrees of freedom) of every set of axes of a complete grid: main effects and interactions.

    The effect of a set is the mean over all other axes, less the effects of its subsets and the grand mean (Fisher's analysis
    of variance of a balanced design); they add up to the total sum of squares.
    """
    values = np.asarray(values, dtype=float)
    every = tuple(range(values.ndim))
    effects: dict[Axes, np.ndarray] = {(): values.mean(keepdims=True)}
    found = {}
    for axes in subsets(every):
        others = tuple(axis for axis in every if axis not in axes)
        lower = [effects[part] for part in ((), *subsets(axes)) if part != axes]
        effects[axes] = values.mean(axis=others, keepdims=True) - sum(lower)
        freedom = prod(values.shape[axis] - 1 for axis in axes)
        repeats = prod(values.shape[axis] for axis in others)
        found[axes] = (float(repeats * np.square(effects[axes]).sum()), freedom)
    return found


def components(values: np.ndarray) -> dict[Axes, float]:
    """Variance that each set of axes adds to one number, if their levels are drawn at random: unbiased, so maybe below 0.

    From the expected mean squares of a balanced crossed design, E[MS_u] = Σ over v ⊇ u of (product of the numbers of levels of
    axes not in v) · σ²_v (Searle, Casella & McCulloch 1992, §4.7). Together with all axes stands what one number alone has. An
    axis with one level tells nothing: its sets are left out. Values of shape (levels of axis 0, …).
    """
    shape = np.shape(values)
    squares = {axes: total / freedom for axes, (total, freedom) in sums_of_squares(values).items() if freedom}
    found = {}
    for axes in squares:
        repeats = prod(levels for axis, levels in enumerate(shape) if axis not in axes)
        signed = (
            (-1) ** (len(more) - len(axes)) * square for more, square in squares.items() if set(axes) <= set(more)
        )
        found[axes] = sum(signed) / repeats
    return found
