"""How far the last update moved the weights."""

import numpy as np

from initbench.base.columns import Column
from initbench.probes import probe
from initbench.probes.norms import size, weight_units
from initbench.probes.snapshot import LayerSnapshot


@probe("update", table="layers", columns=[Column("update_ratio", float, "‖ΔW‖/‖W‖ of the last update")])
def update(layer: LayerSnapshot) -> dict[str, np.ndarray]:
    """‖ΔW‖/‖W‖; NaN before the first update and where W = 0."""
    ratio = np.full(len(layer.weight), np.nan)
    if layer.update is not None:
        norm = weight_units(layer).norm
        np.divide(size(layer.update)[0], norm, out=ratio, where=norm > 0)
    return {"update_ratio": ratio}
