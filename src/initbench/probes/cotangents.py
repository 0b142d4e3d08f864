"""The size of the backward signal δ in each layer."""

import numpy as np

from initbench.base.columns import Column
from initbench.probes import probe
from initbench.probes.norms import size
from initbench.probes.snapshot import LayerSnapshot, shared


def rms_over_samples(norm: np.ndarray, layer: LayerSnapshot) -> np.ndarray:
    """√(mean over samples of ‖δ_i‖²), all positions of a sample together, from the norm of all δ (M,)."""
    return norm / np.sqrt(layer.cotangent.shape[1] // layer.positions)


@shared
def cotangent_size(layer: LayerSnapshot) -> tuple[np.ndarray, np.ndarray]:
    """The norm of the loss's cotangent, and the mean over samples of the largest |δ| of each."""
    return size(layer.cotangent)


@shared
def independent_rms(layer: LayerSnapshot) -> np.ndarray:
    """√δ² (M,) of an independent N(0, 1) cotangent at the logits."""
    return rms_over_samples(size(layer.independent_cotangent)[0], layer)


@probe(
    "cotangents",
    table="layers",
    columns=[
        Column("delta_rms", float, "√δ², the loss's own cotangent p − y"),
        Column("delta_rms_gaussian", float, "√δ², an independent N(0, 1) cotangent at the logits"),
    ],
)
def cotangents(layer: LayerSnapshot) -> dict[str, np.ndarray]:
    """√δ² of the loss's cotangent and of an independent one."""
    own = rms_over_samples(cotangent_size(layer)[0], layer)
    return {"delta_rms": own, "delta_rms_gaussian": independent_rms(layer)}
