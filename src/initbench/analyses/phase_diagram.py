"""The phase diagram by measurement: random networks over a plane of weight and bias variances, without data.

All points of the plane share their draws, W ~ N(0, 1/n), b ~ N(0, 1), scaled by σ_w and σ_b: so one matrix product a layer
serves them all.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from initbench.activations import ACTIVATIONS, get_activation
from initbench.analyses import analysis
from initbench.base.columns import Column
from initbench.base.randomness import keyed
from initbench.theory import critical_points
from initbench.theory.samples import propagate_samples


@dataclass(frozen=True)
class Plane:
    """Where to measure: the standard deviations σ_w (I,) and σ_b (J,), and the networks drawn at each point."""

    weight_std: np.ndarray
    bias_std: np.ndarray
    activation: str = "tanh"
    width: int = 256
    depth: int = 30
    draws: int = 10
    samples: int = 2

    @property
    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """σ_w and σ_b of every point, (J·I,) each."""
        weight, bias = np.meshgrid(self.weight_std, self.bias_std)
        return weight.ravel(), bias.ravel()


DEFAULT = Plane(weight_std=np.linspace(0.5, 3.0, 26), bias_std=np.linspace(0.0, 1.0, 11))


@analysis(
    "phase_diagram",
    row="a point of the plane of weight and bias variances",
    reads=(),
    settings=("study_seed",),
    group="maps",
    uses=lambda study: {ACTIVATIONS[DEFAULT.activation]},
    columns=(
        Column("weight_std", float, "σ_w: standard deviation of a weight × √fan-in"),
        Column("bias_std", float, "σ_b: standard deviation of a bias"),
        Column("measured", float, "per-layer factor of δ² towards the input, over the deeper half of the layers"),
        Column("predicted", float, "what mean-field theory says of it"),
        Column("critical_weight_std", float, "σ_w at which theory's factor is 1 for this σ_b; null if it is nowhere"),
        Column("activation", str, "φ"),
        Column("width", int, "units of a layer", unit="units"),
        Column("depth", int, "layers of a network", unit="layers"),
        Column("draws", int, "networks that the measurement is a mean over"),
    ),
)
def phase_diagram(tables, settings):
    """Measured and predicted factors of random networks over the plane DEFAULT."""
    weight_std, bias_std = DEFAULT.points
    points = {"weight_std": weight_std, "bias_std": bias_std}
    found = {
        "measured": measure(DEFAULT, settings.study_seed),
        "predicted": predict(DEFAULT),
        "critical_weight_std": np.repeat(critical_line(DEFAULT), DEFAULT.weight_std.size),
    }
    alike = {name: getattr(DEFAULT, name) for name in ("activation", "width", "depth", "draws")}
    return pd.DataFrame(points | {name: values.ravel() for name, values in found.items()} | alike)


def measure(plane: Plane, study_seed: int) -> np.ndarray:
    """Per-layer factor χ̂ of δ² at every point, (J, I), over the deeper half of the layers, where lengths have settled.

    δ² is averaged over draws and samples before logarithms are taken. Inputs have squared norm n, the cotangent at the
    last hidden layer is independent and normal.
    """
    delta_squared = sum(_delta_squared(plane, keyed(study_seed, "phase", draw)) for draw in range(plane.draws))
    return _factor(plane, np.log(delta_squared))


def predict(plane: Plane) -> np.ndarray:
    """What mean-field theory says that `measure` finds, (J, I)."""
    weight, bias = np.square(plane.points)
    _, chi = propagate_samples(plane.activation, weight, bias, plane.depth, weight + bias)
    return _factor(plane, np.cumsum(np.log(chi[::-1]), axis=0)[::-1].T)


def critical_line(plane: Plane) -> np.ndarray:
    """σ_w on the critical line χ = 1 of mean-field theory for every σ_b, (J,); NaN where there is none."""
    points = [critical_points(plane.activation, bias_variance=float(std) ** 2) for std in plane.bias_std]
    return np.array([found[0].weight_variance ** 0.5 if found else np.nan for found in points])


def _factor(plane: Plane, log_delta: np.ndarray) -> np.ndarray:
    """exp(−slope) of ln δ² (points, layers) on the layer, by least squares over the deeper half."""
    deeper = log_delta[:, plane.depth // 2 :]
    layer = np.arange(deeper.shape[1]) - (deeper.shape[1] - 1) / 2
    slope = (deeper * layer).sum(axis=1) / np.square(layer).sum()
    return np.exp(-slope).reshape(plane.bias_std.size, plane.weight_std.size)


def _delta_squared(plane: Plane, rng) -> np.ndarray:
    """Mean over samples of ‖δ^l‖² for one draw, (points, layers)."""
    phi, n = get_activation(plane.activation), plane.width
    weights = rng.standard_normal((plane.depth, n, n)) / np.sqrt(n)
    biases = rng.standard_normal((plane.depth, n))
    inputs = rng.standard_normal((plane.samples, n))
    inputs *= np.sqrt(n / np.square(inputs).sum(axis=1, keepdims=True))
    weight_std, bias_std = (std[:, None, None] for std in plane.points)
    a, slopes = np.broadcast_to(inputs, (weight_std.size, *inputs.shape)), []
    for weight, bias in zip(weights, biases, strict=True):
        z = weight_std * _product(a, weight) + bias_std * bias
        slopes.append(phi.slope(z))
        a = phi(z)
    delta = slopes[-1] * rng.standard_normal(inputs.shape)
    found = [np.square(delta).sum(axis=2).mean(axis=1)]
    for layer in range(plane.depth - 2, -1, -1):
        delta = slopes[layer] * (weight_std * _product(delta, weights[layer + 1].T))
        found.append(np.square(delta).sum(axis=2).mean(axis=1))
    return np.stack(found[::-1], axis=1)


def _product(rows: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """rows @ matrix for (points, samples, n) rows, as one product and not one a point."""
    return (rows.reshape(-1, rows.shape[-1]) @ matrix).reshape(rows.shape)
