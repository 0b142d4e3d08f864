"""Pre-activations and activations: their moments, how they depend on the input, saturation and dead units."""

import numpy as np

from initbench.base.columns import Column
from initbench.probes import probe
from initbench.probes.snapshot import LayerSnapshot, shared


def moments(what: str, values) -> dict[str, np.ndarray]:
    """Mean, standard deviation and second moment of each row of (M, n), float64."""
    count = values.shape[1]
    mean = values.mean(axis=1)
    centred = values - mean[:, None]
    return {
        f"{what}_mean": mean,
        f"{what}_std": np.sqrt(np.vecdot(centred, centred) / count),
        f"{what}_second_moment": np.vecdot(values, values) / count,
    }


@shared
def preactivation_moments(layer: LayerSnapshot) -> dict[str, np.ndarray]:
    """Mean, standard deviation and second moment of z (M, B, n), pooled over samples and units."""
    z = layer.preactivation
    return moments("preactivation", z.reshape(len(z), -1).astype(float))


@probe(
    "preactivation",
    table="layers",
    columns=[
        Column("preactivation_mean", float, "mean of z over samples and units"),
        Column("preactivation_std", float, "standard deviation of z over samples and units"),
        Column("preactivation_second_moment", float, "E[z²] over samples and units"),
    ],
)
def preactivation(layer: LayerSnapshot) -> dict[str, np.ndarray]:
    """Moments of z, pooled over samples and units."""
    return preactivation_moments(layer)


@shared
def dead_units(layer: LayerSnapshot) -> np.ndarray:
    """Units (M, n) with φ = φ′ = 0 on every sample."""
    return ((layer.activation == 0) & (np.abs(layer.slope) == 0)).all(axis=1)


ACTIVATION_COLUMNS = [
    Column("activation_mean", float, "mean of a = φ(z)"),
    Column("activation_std", float, "standard deviation of a, pooled over samples and units"),
    Column("activation_second_moment", float, "E[a²]"),
    Column("activation_std_over_inputs", float, "root mean square over units of the deviation across samples"),
    Column("input_correlation", float, "mean cosine between two samples' activations"),
    Column("saturated_fraction", float, "share of samples × units with |φ′| below the threshold"),
    Column("dead_fraction", float, "share of units with φ = φ′ = 0 on every sample"),
]


@probe("activation", table="layers", columns=ACTIVATION_COLUMNS)
def activation(layer: LayerSnapshot) -> dict[str, np.ndarray]:
    """Moments, dependence on the input and saturation of a = φ(z); NaN for the output layer."""
    if not layer.is_hidden:
        return {column.name: np.full(len(layer.weight), np.nan) for column in ACTIVATION_COLUMNS}
    wide = layer.activation.astype(float)
    return moments("activation", wide.reshape(len(wide), -1)) | {
        "activation_std_over_inputs": np.sqrt(wide.var(axis=1).mean(axis=1)),
        "input_correlation": input_correlation(wide),
        "saturated_fraction": (np.abs(layer.slope) < layer.saturation).mean(axis=(1, 2)),
        "dead_fraction": dead_units(layer).mean(axis=1),
    }


def input_correlation(a) -> np.ndarray:
    """Mean cosine between the activations (M, B, n) of two samples; samples of zero norm have none."""
    a = a.astype(float, copy=False)
    scale = np.abs(a).max(axis=2, keepdims=True)
    a = a / np.where(scale > 0, scale, 1)
    length = np.sqrt(np.square(a).sum(axis=2, keepdims=True))
    direction = a / np.where(length > 0, length, 1)
    count = (length[..., 0] > 0).sum(axis=1)
    total = np.square(direction.sum(axis=1)).sum(axis=1)
    pairs = count * (count - 1.0)
    return np.divide(total - count, pairs, out=np.full(len(a), np.nan), where=pairs > 0)
