"""The size of the backward signal δ in each layer."""

import numpy as np

from initbench.base.columns import Column
from initbench.probes import probe
from initbench.probes.snapshot import LayerSnapshot, shared


def rms_over_samples(delta: np.ndarray) -> np.ndarray:
    """√(mean over samples of ‖δ_i‖²) of (M, B, n), scaled first, so that squares neither overflow nor underflow."""
    delta = delta.astype(float, copy=False)
    scale = np.abs(delta).max(axis=(1, 2))
    scaled = delta / np.where(scale > 0, scale, 1)[:, None, None]
    return scale * np.sqrt(np.square(scaled).sum(axis=2).mean(axis=1))


@shared
def independent_rms(layer: LayerSnapshot) -> np.ndarray:
    """√δ² (M,) of an independent N(0, 1) cotangent at the logits."""
    return rms_over_samples(layer.independent_cotangent)


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
    return {"delta_rms": rms_over_samples(layer.cotangent), "delta_rms_gaussian": independent_rms(layer)}
