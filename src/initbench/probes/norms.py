"""Norms of weights and of their gradients."""

import numpy as np

from initbench.base.columns import Column
from initbench.probes import probe
from initbench.probes.snapshot import LayerSnapshot, shared


def norm(matrices: np.ndarray) -> np.ndarray:
    """Frobenius norm of each of (M, rows, columns), without overflow or underflow."""
    scale = np.abs(matrices).max(axis=(1, 2)).astype(float)
    scaled = matrices / np.where(scale > 0, scale, 1)[:, None, None]
    return scale * np.sqrt(np.square(scaled).sum(axis=(1, 2)))


@shared
def weight_norm(layer: LayerSnapshot) -> np.ndarray:
    """‖W‖ (M,)."""
    return norm(layer.weight)


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
        "weight_norm": weight_norm(layer),
        "gradient_norm": norm(layer.gradient),
        "bias_gradient_norm": norm(layer.bias_gradient[:, None, :]),
    }
