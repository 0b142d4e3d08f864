"""What the gradient of a start does over its layers, as axes of the cells that are judged by it or governed by it."""

from collections.abc import Mapping

import numpy as np

from initbench.study.cells import CELL


def gradient_axes(tables) -> dict[tuple, dict[str, float]]:
    """Cell (the values of CELL) → gradient_ratio and factor at step 0, medians over draws.

    The ratio of one hidden layer is 1, and it has no factor; 0 stands for no signal and ∞ for one that is not finite. No
    factor either where some layer has no signal.
    """
    start = tables.signal_at_start(["gradient_factor", "gradient_ratio", "gradient_regime"])
    beyond = start["gradient_regime"].map({"exploding": np.inf, "zero": 0.0})
    start = start.assign(gradient_ratio=start["gradient_ratio"].fillna(beyond))
    start.loc[start["depth"] == 1, "gradient_ratio"] = 1.0
    medians = start.groupby(CELL, observed=True)[["gradient_ratio", "gradient_factor"]].median()
    return {
        key: {name: value for name, value in zip(("gradient_ratio", "factor"), row, strict=True) if not np.isnan(value)}
        for key, row in zip(medians.index, medians.to_numpy(dtype=float).tolist(), strict=True)
    }


def with_gradient(cell: Mapping, axes: Mapping[tuple, Mapping]) -> dict:
    """A cell with its gradient_ratio and factor, of those that it has."""
    return dict(cell) | axes.get(tuple(cell[axis] for axis in CELL), {})
