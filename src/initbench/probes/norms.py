"""Norms of weights and of their gradients."""

import numpy as np

from initbench.base.columns import Column
from initbench.probes import passes, probe
from initbench.probes.distinct_units import SMALLEST, Units
from initbench.probes.snapshot import LayerSnapshot, shared

SAFE = 1e-200, 1e200  # sums of squares in which none that matters has left the range of numbers


def size(matrices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(Frobenius norm, mean over the rows of the largest |entry| in each) of (M, rows, columns), (M,) each.

    Without overflow or underflow: where a sum of squares comes near to either, the entries are divided by the largest first.
    """
    matrices = np.ascontiguousarray(matrices)
    scale = np.ones(len(matrices))
    squares, tops = _sizes(matrices, scale)
    far = np.flatnonzero(~((squares > SAFE[0]) & (squares < SAFE[1])))
    if far.size:
        few = matrices[far]
        scale[far] = 1 / np.maximum(np.abs(few).max(axis=(1, 2)), SMALLEST, dtype=float)
        squares[far], tops[far] = _sizes(few, scale[far])
    return np.sqrt(squares) / scale, tops / scale / matrices.shape[1]


def _sizes(matrices: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sum of the squared entries of matrices × scale, and the sum over rows of the largest |entry| in each, (M,) each."""
    squares, tops = np.empty((len(matrices), matrices.shape[2])), np.empty(len(matrices))
    passes.sizes(matrices, scale, squares, tops)
    return squares.sum(axis=1), tops


@shared
def weight_units(layer: LayerSnapshot) -> Units:
    """What is known of the columns of W."""
    return Units.of(layer.weight)


@shared
def gradient_units(layer: LayerSnapshot) -> Units:
    """What is known of the columns of ∂loss/∂W."""
    return Units.of(layer.gradient)


@probe(
    "norms",
    table="layers",
    columns=[
        Column("weight_norm", float, "‖W‖ (Frobenius)"),
        Column("gradient_norm", float, "‖∂loss/∂W‖ of the probe's mean loss"),
        Column("bias_gradient_norm", float, "‖∂loss/∂b‖, or of β under normalisation"),
    ],
)
def norms(layer: LayerSnapshot) -> dict[str, np.ndarray]:
    """Frobenius norms of W and of the gradients of the mean loss."""
    return {
        "weight_norm": weight_units(layer).norm,
        "gradient_norm": gradient_units(layer).norm,
        "bias_gradient_norm": size(layer.bias_gradient[:, None, :])[0],
    }
