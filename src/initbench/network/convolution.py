"""Convolutions of images, channels last, as products of each member's patches with its weights."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from initbench.network import kernels
from initbench.network.layer import Array, Shape, Weight
from initbench.network.memory import Memory, Weights, aligned
from initbench.network.patches import gather, scatter, sources
from initbench.network.products import Products

PATCH_BYTES = 400_000  # that the patches of one product may take: a part of a core's own cache


@dataclass(slots=True)
class ConvolutionBuffers:
    """output z; onward: ∂loss/∂a; patches: of `together` samples of one member, seen by `source`; part: of ∂loss/∂W.

    The passes note the inputs a and the cotangent δ of z. balanced: see `DenseBuffers`.
    """

    output: Array
    onward: Array | None
    patches: Array
    part: Array
    source: Array
    together: int
    products: Products
    balanced: bool = False
    inputs: Array = field(init=False)
    cotangent: Array = field(init=False)


@dataclass(frozen=True)
class Convolution:
    """z = Σ_taps a W + b at every `stride`-th place of an image, W (taps² × channels, units), 3 × 3 taps if none are given.

    The image is padded by taps // 2, with zeros or, if `circular`, with its own other side. Without b where normalisation
    follows. The fans count all taps, whatever the stride and the padding, as He et al. 2015, PyTorch and Keras do.
    """

    units: int
    stride: int = 1
    circular: bool = False
    bias: bool = True
    taps: int = 3
    kind: ClassVar[str] = "linear"
    name: ClassVar[str] = "convolution"

    def weights(self, inputs: Shape) -> tuple[Weight, ...]:
        fan_in, fan_out = (self.taps**2 * channels for channels in (inputs[2], self.units))
        weight = Weight((fan_in, self.units), fan_in, fan_out, "weight")
        return (weight, Weight((self.units,), fan_in, fan_out, "bias")) if self.bias else (weight,)

    def output(self, inputs: Shape) -> Shape:
        height, width, _ = inputs
        return -(-height // self.stride), -(-width // self.stride), self.units

    def seen(self, inputs: Shape) -> Array:
        """The position of the inputs that each tap of each place sees, (1, places, taps²), below 0 outside of the image."""
        height, width, _ = inputs
        return sources(height, width, self.taps, self.stride, self.circular)

    def buffers(self, inputs: Shape, memory: Memory) -> ConvolutionBuffers:
        source, terms = self.seen(inputs), self.taps**2 * inputs[2]
        places = source.shape[1]
        together = min(memory.batch, max(1, PATCH_BYTES // (places * terms * memory.dtype.itemsize)))
        return ConvolutionBuffers(
            memory.preactivation((memory.batch, *self.output(inputs))),
            memory.cotangent((memory.batch, *inputs)),
            _scratch(memory, "patches", (together * places, terms)),
            _scratch(memory, "part of a gradient", (terms, self.units)),
            source,
            together,
            memory.products,
        )

    def forward(self, weights: Weights, x: Array, buffers: ConvolutionBuffers) -> Array:
        buffers.inputs, z = x, rows_of(buffers.output)
        for member, rows, patches in _patches(buffers, len(z)):
            buffers.products.multiply(patches, weights[0][member], z[member, rows])
        if self.bias:
            kernels.add_rows(z, weights[1])
        return buffers.output

    def backward(
        self, weights: Weights, buffers: ConvolutionBuffers, cotangent: Array, gradients: Weights | None
    ) -> Array | None:
        buffers.cotangent = cotangent
        if gradients:
            if self.bias:
                buffers.products.batch_sum(rows_of(cotangent), out=gradients[1][:, None, :])
            _weight_gradient(buffers, gradients[0])
        if buffers.onward is None:
            return None
        delta, onward, transposed = rows_of(cotangent), _positions(buffers.onward), weights[0].swapaxes(1, 2)
        for member, samples, rows in _parts(buffers, len(delta)):
            patches = buffers.patches[:, : rows.stop - rows.start]
            buffers.products.multiply(delta[member, rows], transposed[member], patches)
            scatter(onward[member, samples], patches, buffers.source)
        return buffers.onward

    def linearized(self, weights: Weights, buffers: ConvolutionBuffers, cotangents: Array | None) -> Array:
        weight = weights[0]
        if cotangents is None:
            shape = buffers.output.shape[2:]
            identity = np.eye(int(np.prod(shape)), dtype=weight.dtype).reshape(1, 1, -1, *shape)
            cotangents = np.broadcast_to(identity, (len(weight), *identity.shape[1:]))
        members, samples, classes = cotangents.shape[:3]
        delta = cotangents.reshape(members, -1, self.units)
        patches = np.ascontiguousarray(np.matmul(delta, weight.swapaxes(1, 2)))
        pulled = np.empty((members, samples * classes, *_positions(buffers.inputs).shape[2:]), weight.dtype)
        scatter(pulled, patches, buffers.source)
        return pulled.reshape(members, samples, classes, *buffers.inputs.shape[2:])

    def observed(self, weights: Weights, gradients: Weights, buffers: ConvolutionBuffers) -> dict[str, Array]:
        return {
            "inputs": buffers.inputs,
            "weight": weights[0],
            "preactivation": buffers.output,
            "cotangent": buffers.cotangent,
            "gradient": gradients[0],
        } | ({"bias_gradient": gradients[1]} if self.bias else {})


def rows_of(images: Array) -> Array:
    """(M, B·positions, channels): the positions of all samples as rows."""
    return images.reshape(len(images), -1, images.shape[-1])


def _positions(images: Array) -> Array:
    """(M, B, positions, channels)."""
    return images.reshape(*images.shape[:2], -1, images.shape[-1])


def _scratch(memory: Memory, name: str, shape: Shape) -> Array:
    """The one array (1, *shape) of that name and shape, which all members use in turn."""
    return memory.common(name).setdefault(shape, aligned((1, *shape), memory.dtype))


def _parts(buffers: ConvolutionBuffers, members: int) -> Iterator[tuple[slice, slice, slice]]:
    """(member, samples, rows of their places): as many samples of a member as its patches have room for, in turn."""
    batch, places = buffers.output.shape[1], buffers.source.shape[1]
    for first in range(0, batch, buffers.together):
        samples = slice(first, min(batch, first + buffers.together))
        rows = slice(first * places, samples.stop * places)
        for member in range(members):
            yield slice(member, member + 1), samples, rows


def _patches(buffers: ConvolutionBuffers, members: int) -> Iterator[tuple[slice, slice, Array]]:
    """(member, rows, patches of the inputs): inputs that all members share are gathered once."""
    images = _positions(buffers.inputs)
    for member, samples, rows in _parts(buffers, members):
        patches = buffers.patches[:, : rows.stop - rows.start]
        if len(images) > 1 or member.start == 0:
            gather(patches, images[member, samples], buffers.source)
        yield member, rows, patches


def _weight_gradient(buffers: ConvolutionBuffers, gradient: Array) -> None:
    """∂loss/∂W, summed over parts of the batch; inputs that do not vary are treated as in `dense`."""
    delta, first = rows_of(buffers.cotangent), {}
    shifted = buffers.balanced and buffers.products.unitwise
    for member, rows, patches in _patches(buffers, len(delta)):
        if shifted:
            if not rows.start:
                first[member.start] = patches[:, :1].copy()
            patches = patches - first[member.start]
        into = buffers.part if rows.start else gradient[member]
        buffers.products.multiply(patches.swapaxes(1, 2), delta[member, rows], into)
        if rows.start:
            gradient[member] += buffers.part
