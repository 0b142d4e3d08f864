"""How far the last update moved what φ is given."""

import numpy as np

from initbench.base.columns import Column
from initbench.probes import probe
from initbench.probes.norms import size
from initbench.probes.snapshot import LayerSnapshot

MEANING = "root mean square over samples and units of what the last update changed z by; asked for by training.changes"


@probe("change", table="layers", columns=[Column("preactivation_change", float, MEANING)])
def change(layer: LayerSnapshot) -> dict[str, np.ndarray]:
    """√ mean (z − z before the last update)²; NaN before the first update and where it was not asked for."""
    if layer.earlier is None:
        return {"preactivation_change": np.full(len(layer.weight), np.nan)}
    moved = layer.preactivation - layer.earlier
    rows = moved.reshape(len(moved), -1, moved.shape[-1])
    return {"preactivation_change": size(rows)[0] / np.sqrt(rows[0].size)}
