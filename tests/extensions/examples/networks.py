"""An extension with what a study trains and measures, one of every kind, and a helper module beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from example_helper import spread

from initbench.extend import Column, activation, architecture, dataset, optimizer, probe, scheme
from initbench.network.dense import Dense
from initbench.optimizers import Optimizer


@dataclass(frozen=True)
class Moons:
    """How many points lie how far apart."""

    samples: int = 120
    noise: float = 0.1


@scheme("example_laplace", variances=lambda layer, gain: gain**2 / layer.fan_in)
def laplace(rng, fan_in, fan_out, gain=1.0):
    """W Laplace-distributed with variance gain² / fan_in."""
    return rng.laplace(0.0, spread(gain, fan_in), (fan_in, fan_out))


@scheme("example_last_layer_zero")
def last_layer_zero(rng, layer):
    """He's scheme, the output layer at zero, every bias 0.1."""
    scale = 0.0 if layer.is_output else np.sqrt(2 / layer.fan_in)
    return scale * rng.standard_normal((layer.fan_in, layer.fan_out)), np.full(layer.fan_out, 0.1)


def _slope(z, out):
    np.square(np.cos(z), out=out)
    return np.multiply(out, 1.0, out=out)


@activation("example_wave", derivative=_slope)
def wave(z, out):
    """φ(z) = z / 2 + sin(2 z) / 4, whose slope is cos²."""
    np.sin(2 * z, out=out)
    out *= 0.25
    out += 0.5 * z
    return out


@dataset("example_moons")
def moons():
    """Two half circles."""
    parameters = Moons()
    rng = np.random.default_rng(0)
    angle = np.pi * rng.random(parameters.samples)
    label = np.arange(parameters.samples) % 2
    points = np.column_stack([np.cos(angle) + label, np.where(label == 1, -1, 1) * np.sin(angle)])
    return points + parameters.noise * rng.standard_normal(points.shape), label


@architecture("example_wide_first")
def wide_first(inputs, classes, width, depth, activation, normalization):
    """A multilayer perceptron whose first hidden layer is twice as wide."""
    for index in range(depth):
        yield Dense(width if index else 2 * width, bias=not normalization)
        yield from normalization
        yield from activation
    yield Dense(classes)


@optimizer("example_sign")
def sign(scale: float = 0.01) -> Optimizer:
    """θ ← θ − rate scale sign(g) (signSGD, Bernstein et al. 2018)."""

    def init(parameters):
        return (np.zeros_like(parameters),)

    def update(parameters, gradient, state, rate, step, start):
        columns = slice(start, start + gradient.shape[1])
        state[0][:, columns] = scale * np.sign(gradient)
        parameters[:, columns] -= rate * state[0][:, columns]

    def last_update(state, rate, step):
        return state[0] * rate

    return Optimizer(init, update, last_update)


@probe(
    "example_kurtosis",
    table="layers",
    columns=[Column("example_kurtosis", float, "E[z⁴] / E[z²]² over samples and units")],
)
def kurtosis(layer):
    """Kurtosis of the pre-activations, NaN where all are 0."""
    fourth, second = ((layer.preactivation.astype(float) ** k).mean(axis=(1, 2)) for k in (4, 2))
    return {"example_kurtosis": np.divide(fourth, second**2, out=np.full(len(fourth), np.nan), where=second > 0)}
