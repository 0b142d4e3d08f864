"""Images, channels last: from rows of numbers to images, layers of units at every position, and the mean over positions."""

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from initbench.network.convolution import rows_of
from initbench.network.layer import Array, Layer, Shape, Weight
from initbench.network.memory import Memory, Weights
from initbench.network.patches import pool, spread


def side_of(features: int) -> int:
    """The side of a square image of so many numbers; ValueError if no square has them."""
    side = math.isqrt(features)
    if side * side != features:
        raise ValueError(
            f"{features} features are no square image: convolutions need data of 64 (8 × 8), 784 (28 × 28), …"
        )
    return side


@dataclass(frozen=True)
class ImageBuffers:
    """The shape of the image."""

    image: Shape


@dataclass(slots=True)
class PoolingBuffers:
    """The shape of the image, the means, and for ∂loss/∂x, or None if nobody asks for it."""

    image: Shape
    output: Array
    onward: Array | None


@dataclass(frozen=True)
class Image:
    """The numbers of a sample as a square image of one channel, row by row."""

    kind: ClassVar[str] = "shape"
    name: ClassVar[str] = "image"

    def weights(self, inputs: Shape) -> tuple[Weight, ...]:
        return ()

    def output(self, inputs: Shape) -> Shape:
        (features,) = inputs
        return side_of(features), side_of(features), 1

    def buffers(self, inputs: Shape, memory: Memory) -> ImageBuffers:
        return ImageBuffers(self.output(inputs))

    def forward(self, weights: Weights, x: Array, buffers: ImageBuffers) -> Array:
        return x.reshape(*x.shape[:2], *buffers.image)

    def backward(self, weights: Weights, buffers: ImageBuffers, cotangent: Array, gradients: Weights | None) -> Array:
        return cotangent.reshape(*cotangent.shape[:2], -1)

    def linearized(self, weights: Weights, buffers: ImageBuffers, cotangents: Array) -> Array:
        return cotangents.reshape(*cotangents.shape[:3], -1)

    def observed(self, weights: Weights, gradients: Weights, buffers: ImageBuffers) -> dict[str, Array]:
        return {}


@dataclass(frozen=True)
class GlobalPooling:
    """The mean of every channel over the positions of an image."""

    kind: ClassVar[str] = "pooling"
    name: ClassVar[str] = "global"

    def weights(self, inputs: Shape) -> tuple[Weight, ...]:
        return ()

    def output(self, inputs: Shape) -> Shape:
        return inputs[-1:]

    def buffers(self, inputs: Shape, memory: Memory) -> PoolingBuffers:
        output = memory.own("pooled", (memory.batch, *self.output(inputs)))
        return PoolingBuffers(inputs, output, memory.cotangent((memory.batch, *inputs)))

    def forward(self, weights: Weights, x: Array, buffers: PoolingBuffers) -> Array:
        pool(buffers.output, _positions(x))
        return buffers.output

    def backward(
        self, weights: Weights, buffers: PoolingBuffers, cotangent: Array, gradients: Weights | None
    ) -> Array | None:
        if buffers.onward is not None:
            spread(_positions(buffers.onward), cotangent)
        return buffers.onward

    def linearized(self, weights: Weights, buffers: PoolingBuffers, cotangents: Array) -> Array:
        height, width, channels = buffers.image
        shares = cotangents[:, :, :, None, None, :] / (height * width)
        return np.broadcast_to(shares, (*cotangents.shape[:3], height, width, channels))

    def observed(self, weights: Weights, gradients: Weights, buffers: PoolingBuffers) -> dict[str, Array]:
        return {}


@dataclass(slots=True)
class PositionBuffers:
    """Buffers of a layer of units, and the number of positions of an image, which count as samples."""

    written: Any
    positions: int

    @property
    def samples(self) -> int | None:
        """How many samples, the first, a layer over the batch takes its statistics from; None for all."""
        count = self.written.samples
        return count // self.positions if count else count

    @samples.setter
    def samples(self, count: int | None) -> None:
        self.written.samples = count * self.positions if count else count

    @property
    def cotangent(self) -> Array:
        """δ of what the layer gives, (M, B·positions, channels)."""
        return self.written.cotangent


@dataclass(frozen=True)
class AtPositions:
    """A layer of units at every position of an image: a channel is a unit, and every position counts as a sample.

    Batch normalisation takes μ and s of a channel over batch and positions, layer normalisation those of a position over its
    channels.
    """

    layer: Layer

    @property
    def kind(self) -> str:
        return self.layer.kind

    @property
    def name(self) -> str:
        return self.layer.name

    @property
    def over_batch(self) -> bool:
        return getattr(self.layer, "over_batch", False)

    @property
    def balances(self) -> bool:
        return getattr(self.layer, "balances", False)

    def weights(self, inputs: Shape) -> tuple[Weight, ...]:
        return self.layer.weights(inputs[-1:])

    def output(self, inputs: Shape) -> Shape:
        return inputs

    def buffers(self, inputs: Shape, memory: Memory) -> PositionBuffers:
        positions = math.prod(inputs[:-1])
        wider = replace(memory, batch=memory.batch * positions)
        return PositionBuffers(self.layer.buffers(inputs[-1:], wider), positions)

    def forward(self, weights: Weights, x: Array, buffers: PositionBuffers) -> Array:
        return self.layer.forward(weights, rows_of(x), buffers.written).reshape(x.shape)

    def backward(
        self, weights: Weights, buffers: PositionBuffers, cotangent: Array, gradients: Weights | None
    ) -> Array | None:
        back = self.layer.backward(weights, buffers.written, rows_of(cotangent), gradients)
        return None if back is None else back.reshape(cotangent.shape)

    def linearized(self, weights: Weights, buffers: PositionBuffers, cotangents: Array) -> Array:
        members, samples, classes, *image, channels = cotangents.shape
        beside = cotangents.reshape(members, samples, classes, -1, channels).swapaxes(2, 3)
        rows = beside.reshape(members, -1, classes, channels)
        pulled = self.layer.linearized(weights, buffers.written, rows).reshape(beside.shape)
        return pulled.swapaxes(2, 3).reshape(members, samples, classes, *image, channels)

    def observed(self, weights: Weights, gradients: Weights, buffers: PositionBuffers) -> dict[str, Array]:
        return dict(self.layer.observed(weights, gradients, buffers.written))


def _positions(images: Array) -> Array:
    """(M, B, positions, channels)."""
    return images.reshape(*images.shape[:2], -1, images.shape[-1])
