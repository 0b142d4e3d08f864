"""The singular values of the map from inputs to logits."""

import numpy as np

from initbench.base.columns import Column
from initbench.probes import probe
from initbench.probes.snapshot import Snapshot


@probe(
    "jacobian",
    table="signal",
    start_only=True,
    columns=[
        Column("jacobian_max", float, "largest singular value of ∂logits/∂inputs over 8 probe samples; step 0"),
        Column("jacobian_median", float, "median singular value"),
        Column("jacobian_min", float, "smallest singular value"),
    ],
)
def jacobian(snapshot: Snapshot) -> dict[str, np.ndarray]:
    """Largest, median and smallest singular value of ∂logits/∂inputs, pooled over the samples; NaN if not finite."""
    matrices = snapshot.jacobian
    finite = np.isfinite(matrices).all(axis=(1, 2, 3))
    values = np.linalg.svd(np.where(finite[:, None, None, None], matrices, 0), compute_uv=False)
    pooled = np.where(finite[:, None], values.reshape(len(values), -1), np.nan)
    return {
        "jacobian_max": pooled.max(axis=1),
        "jacobian_median": np.median(pooled, axis=1),
        "jacobian_min": pooled.min(axis=1),
    }
