"""Cells that are one network under several labels, so that claims count it once.

Under batch normalisation `constant(0.1)` and `constant(0.1,bias=0.1)` are the same: hidden biases are normalised away, and a
bias that all classes share does nothing to their probabilities. Training tells such runs apart by rounding alone.
"""

import numpy as np
import pandas as pd

from initbench.study.cells import BLOCK, CELL

# Measured in float64 at step 0. What an output layer's bias shifts alike for all classes is no part of the network.
MEASURED = ("weight_norm", "weight_spread", "delta_rms", "delta_rms_gaussian")
HIDDEN = ("preactivation_mean", "preactivation_second_moment", "activation_second_moment")
ROUNDING = 1e-9  # relative difference of the same quantity of the same network


def same_networks(tables) -> dict[tuple, tuple]:
    """Cell (the values of CELL) → the cell that stands for it: of those that start as the same network the shortest label.

    Two starts are the same if everything measured in every layer of one seed agrees to rounding: the draws of random schemes
    then are the same numbers. Cells that nothing else equals are left out; without the table of layers nothing is known.
    """
    if "layers" not in tables.paths:
        return {}
    frame = tables.layers_at_start([*MEASURED, *HIDDEN])
    frame = frame[frame["seed"] == frame.groupby(CELL, observed=True)["seed"].transform("min")]
    frame.loc[frame["layer"] > frame["depth"], list(HIDDEN)] = np.nan
    found: dict[tuple, tuple] = {}
    for _, block in frame.groupby([*BLOCK, "seed"], observed=True):
        found |= _same_in_block(block)
    return found


def _same_in_block(block: pd.DataFrame) -> dict[tuple, tuple]:
    """The same, of the starts of one block from one seed."""
    place = [block[axis].iloc[0] for axis in BLOCK]
    measured = block.pivot(index="scheme", columns="layer", values=[*MEASURED, *HIDDEN])
    labels = sorted(measured.index, key=lambda label: (len(label), label))
    values = measured.loc[labels].to_numpy(dtype=float)
    standing: list[int] = []  # the rows that stand for themselves
    found = {}
    for row, label in enumerate(labels):
        same = np.isclose(values[standing], values[row], rtol=ROUNDING, atol=0, equal_nan=True).all(axis=1)
        if same.any():
            found[_cell(place, label)] = _cell(place, labels[standing[int(same.argmax())]])
        else:
            standing.append(row)
    return found


def _cell(place: list, scheme: str) -> tuple:
    values = dict(zip(BLOCK, place, strict=True)) | {"scheme": scheme}
    return tuple(values[axis] for axis in CELL)
