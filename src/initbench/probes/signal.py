"""How signal and gradient change from layer to layer."""

import numpy as np

from initbench.base.columns import Column
from initbench.probes import probe
from initbench.probes.activation import preactivation_moments
from initbench.probes.cotangents import independent_rms
from initbench.probes.snapshot import Snapshot


@probe(
    "signal",
    table="signal",
    columns=[
        Column("gradient_factor", float, "χ̂: per-layer factor of δ² towards the input, independent cotangent"),
        Column("log_gradient_ratio", float, "ln(δ²_1 / δ²_H), independent cotangent"),
        Column("forward_factor", float, "per-layer factor of E[z²] towards the output"),
    ],
)
def signal(snapshot: Snapshot) -> dict[str, np.ndarray]:
    """Factors over the hidden layers that no shortcut leads past: see `signal_statistics`; NaN for fewer than two."""
    layers = snapshot.stream
    if len(layers) < 2:
        blank = np.full(len(snapshot.logits), np.nan)
        return {"gradient_factor": blank, "log_gradient_ratio": blank, "forward_factor": blank}
    delta_rms = np.stack([independent_rms(layer) for layer in layers.values()], axis=1)
    moments = [preactivation_moments(layer)["preactivation_second_moment"] for layer in layers.values()]
    return signal_statistics(delta_rms, np.stack(moments, axis=1), np.array(list(layers)))


def signal_statistics(delta_rms, second_moment, layers=None) -> dict[str, np.ndarray]:
    """Per-layer factors from √δ² and E[z²], each (M, H), of hidden layers with these numbers, 1 … H by default.

    gradient_factor χ̂ = exp(−b), b the slope of ln δ² on the layer: below 1 the gradient shrinks towards the input.
    log_gradient_ratio = ln(δ²_1/δ²_H): −∞ where some δ² is 0, +∞ where some is not finite.
    """
    log_delta, zero = 2 * log(delta_rms), (delta_rms == 0).any(axis=1)
    unbounded = ~np.isfinite(delta_rms).all(axis=1)
    ratio = np.where(zero | unbounded, 0, log_delta[:, 0] - log_delta[:, -1])
    return {
        "gradient_factor": np.exp(-slope_over_layers(log_delta, layers)),
        "log_gradient_ratio": np.where(unbounded, np.inf, np.where(zero, -np.inf, ratio)),
        "forward_factor": np.exp(slope_over_layers(log(second_moment), layers)),
    }


def log(values):
    """ln, with NaN where the value is not positive or not finite."""
    good = np.isfinite(values) & (values > 0)
    return np.log(values, out=np.full(values.shape, np.nan), where=good)


def slope_over_layers(values, layers=None) -> np.ndarray:
    """Least-squares slope of (M, H) on the layer number, (H,) or 1 … H; NaN where a value is."""
    layer = np.arange(values.shape[1]) if layers is None else layers
    layer = layer - layer.mean()
    return (values * layer).sum(axis=1) / np.square(layer).sum()
