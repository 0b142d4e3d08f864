"""Residual networks under batch normalisation: branches count less the deeper they are, and gradients grow by a power of depth.

De & Smith 2020 ("Batch normalization biases residual blocks towards the identity function", section 3): before activation, each branch
adds one variance to the stream, and its first normalisation divides by what the stream has.
"""

from dataclasses import dataclass

import numpy as np

from initbench.theory.moments import checked
from initbench.theory.propagation import batchnorm_rate


@dataclass(frozen=True)
class BranchShares:
    """Prediction for the blocks 1 … L of a wide residual network before activation, under batch normalisation.

    Attributes:
        share: The part of the stream's variance behind a block that its branch has added.
        factor: δ² of the stream before a block over that behind it.
    """

    share: np.ndarray
    factor: np.ndarray


def batchnorm_branches(activation, blocks: int, first: float = 1.0) -> BranchShares:
    """Predict how much each branch counts, and how fast gradients grow: share 1/(r + b), factor 1 + ρ²/(r + b − 1) at block b.

    ρ = `batchnorm_rate(activation)` is the factor of a plain layer, of which a branch has two. The growth of all blocks,
    ∏ (1 + ρ²/(r + b − 1)), is of the order of L^ρ², where that of as many plain layers is ρ^(2L). Wide networks and large batches.

    Args:
        activation: Its name, or an `Activation`.
        blocks: Number of blocks L, from 1.
        first: r, the variance of the stream before the first block over that which a branch adds; more than 0. It is 1 for what a
            hidden layer of the same weights gives.

    Returns:
        Shares and factors, (L,) each.

    Raises:
        ValueError: For a constant φ, an unknown name, or numbers out of range.
    """
    first = checked("first", first)
    if first <= 0 or blocks < 1:
        raise ValueError(f"first {first:g} and blocks {blocks}: give more than 0, and 1 at least")
    before = first + np.arange(blocks)
    return BranchShares(1 / (before + 1), 1 + batchnorm_rate(activation) ** 2 / before)
