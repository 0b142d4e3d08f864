"""Pre-activations and activations: their moments, how they depend on the input, saturation and dead units."""

import numpy as np

from initbench.base.columns import Column
from initbench.probes import passes, probe
from initbench.probes.snapshot import LayerSnapshot, shared


def moments(what: str, values: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Mean, standard deviation and second moment of all entries of (M, B, n), and the variance of each unit (M, n)."""
    values = np.ascontiguousarray(values)
    means, variances = (np.empty((len(values), values.shape[2])) for _ in range(2))
    passes.unit_moments(values, means, variances)
    mean = means.mean(axis=1)
    level = means - mean[:, None]
    variance = variances.mean(axis=1) + np.vecdot(level, level) / level.shape[1]
    columns = {
        f"{what}_mean": mean,
        f"{what}_std": np.sqrt(variance),
        f"{what}_second_moment": variance + np.square(mean),
    }
    return columns, variances


@shared
def preactivation_moments(layer: LayerSnapshot) -> dict[str, np.ndarray]:
    """Mean, standard deviation and second moment of z (M, B, n), pooled over samples and units."""
    return moments("preactivation", layer.preactivation)[0]


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
def flat_units(layer: LayerSnapshot) -> tuple[np.ndarray, np.ndarray]:
    """How many |φ′| of all samples and units lie below the threshold (M,), and units with φ = φ′ = 0 on every sample (M, n)."""
    a, slope = np.ascontiguousarray(layer.activation), np.ascontiguousarray(layer.slope)
    saturated, live = (np.empty((len(a), a.shape[2]), int) for _ in range(2))
    passes.slopes(a, slope, float(layer.saturation), saturated, live)
    return saturated.sum(axis=1), live == 0


ACTIVATION_COLUMNS = [
    Column("activation_mean", float, "mean of a = φ(z)"),
    Column("activation_std", float, "standard deviation of a, pooled over samples and units"),
    Column("activation_second_moment", float, "E[a²]"),
    Column("activation_std_over_inputs", float, "root mean square over units of the deviation across samples"),
    Column("input_correlation", float, "mean cosine between two samples' activations"),
    Column("saturated_fraction", float, "share of samples × units with |φ′| below the threshold", unit="share"),
    Column("dead_fraction", float, "share of units with φ = φ′ = 0 on every sample", unit="share"),
]


@probe("activation", table="layers", columns=ACTIVATION_COLUMNS)
def activation(layer: LayerSnapshot) -> dict[str, np.ndarray]:
    """Moments, dependence on the input and saturation of a = φ(z); NaN for the output layer."""
    if not layer.is_hidden:
        return {column.name: np.full(len(layer.weight), np.nan) for column in ACTIVATION_COLUMNS}
    a = layer.of_samples(layer.activation)
    columns, variances = moments("activation", a)
    saturated, dead = flat_units(layer)
    return columns | {
        "activation_std_over_inputs": np.sqrt(variances.mean(axis=1)),
        "input_correlation": input_correlation(a),
        "saturated_fraction": saturated / layer.activation[0].size,
        "dead_fraction": dead.mean(axis=1),
    }


def input_correlation(a: np.ndarray) -> np.ndarray:
    """Mean cosine between the activations (M, B, n) of two samples; samples of zero norm have none."""
    a = np.ascontiguousarray(a)
    total, count = np.empty((len(a), a.shape[2])), np.empty(len(a))
    passes.row_directions(a, np.empty((1, a.shape[2])), total, count)
    pairs = count * (count - 1)
    return np.divide(np.vecdot(total, total) - count, pairs, out=np.full(len(a), np.nan), where=pairs > 0)
