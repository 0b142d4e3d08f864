"""Batch and layer normalisation of a linear layer's outputs, in place: z ← γ ẑ + β, ẑ = (z − μ)/s, s = √(variance + ε).

Ioffe & Szegedy 2015 (μ and s over the batch), Ba et al. 2016 (over the units).
"""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from initbench.base.registry import UnknownNameError
from initbench.network import kernels
from initbench.network.layer import Array, Layer, Shape, Weight
from initbench.network.memory import Memory, Weights
from initbench.network.products import Products

EPSILON = 1e-5  # added to the variance


@dataclass(slots=True)
class NormalizationBuffers:
    """ẑ, s, μ and the variance; scratch takes ∂loss/∂z before normalisation, rows numbers for each unit on the way there.
    The passes note z and its δ.

    samples: how many samples, the first, give μ and s of batch normalisation; None for all.
    """

    normalized: Array
    scale: Array
    mean: Array
    variance: Array
    scratch: Array
    rows: Array
    products: Products
    samples: int | None = None
    output: Array = field(init=False)
    cotangent: Array = field(init=False)


def _buffers(memory: Memory, shape: Shape, row: Shape) -> NormalizationBuffers:
    scale, mean, variance = (memory.own(name, row) for name in ("scale", "mean", "variance"))
    normalized, scratch = memory.own("normalized", shape), memory.named("scratch", shape)
    rows = memory.named("rows", (5, *shape[1:]))
    return NormalizationBuffers(normalized, scale, mean, variance, scratch, rows, memory.products)


def _gain_and_shift(inputs: Shape) -> tuple[Weight, Weight]:
    """γ and β, a number a unit each."""
    (units,) = inputs
    return Weight(inputs, units, units, "gain"), Weight(inputs, units, units, "shift")


def _observed(weights: Weights, gradients: Weights, buffers: NormalizationBuffers) -> dict[str, Array]:
    """What a snapshot holds of a normalised linear map: z after γ and β, and γ/s, by which the map is multiplied."""
    return {
        "preactivation": buffers.output,
        "cotangent": buffers.cotangent,
        "gain": weights[0][:, None, :] / buffers.scale,
        "bias_gradient": gradients[1],
    }


@dataclass(frozen=True)
class BatchNormalization:
    """μ and s of every unit over the batch: over its first `buffers.samples`, where those are the training split."""

    kind: ClassVar[str] = "normalization"
    name: ClassVar[str] = "batch"
    over_batch: ClassVar[bool] = True
    balances: ClassVar[bool] = True

    def weights(self, inputs: Shape) -> tuple[Weight, ...]:
        return _gain_and_shift(inputs)

    def output(self, inputs: Shape) -> Shape:
        return inputs

    def buffers(self, inputs: Shape, memory: Memory) -> NormalizationBuffers:
        return _buffers(memory, (memory.batch, *inputs), (1, *inputs))

    def forward(self, weights: Weights, x: Array, buffers: NormalizationBuffers) -> Array:
        gamma, beta = weights
        kernels.centre(x, buffers.samples or x.shape[1], buffers.normalized, buffers.mean, buffers.variance)
        kernels.standardize(buffers.normalized, buffers.variance, EPSILON, gamma, beta, buffers.scale, x)
        buffers.output = x
        return x

    def backward(
        self, weights: Weights, buffers: NormalizationBuffers, cotangent: Array, gradients: Weights | None
    ) -> Array:
        rows, normalized, out = buffers.rows, buffers.normalized, buffers.scratch
        sums = gradients or (rows[:, 3], rows[:, 4])
        kernels.through_standardization(out, cotangent, normalized, weights[0], buffers.scale, *sums, rows[:, :3])
        buffers.cotangent = cotangent
        return out

    def linearized(self, weights: Weights, buffers: NormalizationBuffers, cotangents: Array) -> Array:
        return cotangents * weights[0][:, None, None, :] / buffers.scale[:, :, None]

    def observed(self, weights: Weights, gradients: Weights, buffers: NormalizationBuffers) -> dict[str, Array]:
        return _observed(weights, gradients, buffers)


@dataclass(frozen=True)
class LayerNormalization:
    """μ and s of every sample over the units."""

    kind: ClassVar[str] = "normalization"
    name: ClassVar[str] = "layer"

    def weights(self, inputs: Shape) -> tuple[Weight, ...]:
        return _gain_and_shift(inputs)

    def output(self, inputs: Shape) -> Shape:
        return inputs

    def buffers(self, inputs: Shape, memory: Memory) -> NormalizationBuffers:
        return _buffers(memory, (memory.batch, *inputs), (memory.batch, 1))

    def forward(self, weights: Weights, x: Array, buffers: NormalizationBuffers) -> Array:
        gamma, beta = weights
        centred, mean, variance, scale = buffers.normalized, buffers.mean, buffers.variance, buffers.scale
        if buffers.products.unitwise:
            x -= x[:, :, :1].copy()  # equal units then have the variance 0, not one of rounding
        np.divide(_unit_sum(x), x.shape[2], out=mean)
        np.subtract(x, mean, out=centred)
        np.divide(_unit_sum(np.multiply(centred, centred, out=x)), x.shape[2], out=variance)
        np.sqrt(variance + EPSILON, out=scale)
        centred *= 1 / scale
        np.multiply(centred, gamma[:, None, :], out=x)
        kernels.add_rows(x, beta)
        buffers.output = x
        return x

    def backward(
        self, weights: Weights, buffers: NormalizationBuffers, cotangent: Array, gradients: Weights | None
    ) -> Array:
        """(g − mean g − ẑ mean(g ẑ))/s for g = γ δ, means over the units."""
        out, _, _ = _summed(buffers, cotangent, gradients)
        gamma, units = weights[0][:, None, :], cotangent.shape[2]
        out *= gamma
        projection = _unit_sum(out) / -units
        scaled = cotangent * gamma
        if buffers.products.unitwise:
            scaled -= scaled[:, :, :1].copy()
        np.multiply(buffers.normalized, projection, out=out)
        out += scaled
        out -= _unit_sum(scaled) / units
        out /= buffers.scale
        return out

    def linearized(self, weights: Weights, buffers: NormalizationBuffers, cotangents: Array) -> Array:
        samples = cotangents.shape[1]
        cotangents = cotangents * weights[0][:, None, None, :]
        normalized = buffers.normalized[:, :samples, None, :]
        along = (cotangents * normalized).mean(axis=3, keepdims=True)
        cotangents = cotangents - cotangents.mean(axis=3, keepdims=True) - normalized * along
        return cotangents / buffers.scale[:, :samples, None]

    def observed(self, weights: Weights, gradients: Weights, buffers: NormalizationBuffers) -> dict[str, Array]:
        return _observed(weights, gradients, buffers)


def _summed(buffers: NormalizationBuffers, cotangent: Array, gradients: Weights | None) -> tuple[Array, Array, Array]:
    """δ ẑ in the scratch array, and the sums over the batch of δ ẑ and δ, which are the gradients of γ and β."""
    buffers.cotangent = cotangent
    out = np.multiply(cotangent, buffers.normalized, out=buffers.scratch)
    gamma_sum, beta_sum = buffers.products.batch_sum(out), buffers.products.batch_sum(cotangent)
    if gradients:
        gradients[0][...], gradients[1][...] = gamma_sum[:, 0], beta_sum[:, 0]
    return out, gamma_sum, beta_sum


def _unit_sum(array: Array) -> Array:
    """Sum over the units of (M, B, n), shape (M, B, 1), which runs along the last axis and so for each sample alone."""
    return np.sum(array, axis=2, keepdims=True)


NORMALIZATIONS: dict[str, tuple[Layer, ...]] = {
    "none": (),
    "batch": (BatchNormalization(),),
    "layer": (LayerNormalization(),),
}


def normalization(name: str) -> tuple[Layer, ...]:
    """The layers that normalise: one, or none for `none`; UnknownNameError, with the names there are, for another name."""
    if name not in NORMALIZATIONS:
        raise UnknownNameError(f"unknown normalization {name!r}; there are: {', '.join(NORMALIZATIONS)}")
    return NORMALIZATIONS[name]
