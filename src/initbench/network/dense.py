"""Fully connected layers."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from initbench.network import kernels
from initbench.network.layer import Array, Shape, Weight
from initbench.network.memory import Memory, Weights
from initbench.network.products import Products, transposing_pays

SMALL = 64  # units up to which a product with a transposed matrix is slower than transposing it first


@dataclass(slots=True)
class DenseBuffers:
    """output z; onward: ∂loss/∂a; transposed: for Wᵀ. The passes note the inputs a and the cotangent δ of z.

    balanced: whether δ sums to 0 over the batch in exact arithmetic, as batch normalisation makes it.
    """

    output: Array
    onward: Array | None
    transposed: Array | None
    products: Products
    balanced: bool = False
    inputs: Array = field(init=False)
    cotangent: Array = field(init=False)


@dataclass(frozen=True)
class Dense:
    """z = a W + b, W (fan_in, units); without b where normalisation follows, whose shift stands in for it."""

    units: int
    bias: bool = True
    kind: ClassVar[str] = "linear"
    name: ClassVar[str] = "dense"

    def weights(self, inputs: Shape) -> tuple[Weight, ...]:
        (fan_in,) = inputs
        weight = Weight((fan_in, self.units), fan_in, self.units, "weight")
        return (weight, Weight((self.units,), fan_in, self.units, "bias")) if self.bias else (weight,)

    def output(self, inputs: Shape) -> Shape:
        return (self.units,)

    def buffers(self, inputs: Shape, memory: Memory) -> DenseBuffers:
        (fan_in,) = inputs
        square = fan_in == self.units <= SMALL and fan_in % 16 == 0 and not memory.forward_only and transposing_pays()
        return DenseBuffers(
            memory.preactivation((memory.batch, self.units)),
            memory.cotangent((memory.batch, fan_in)),
            memory.named("transposed", (fan_in, self.units)) if square else None,
            memory.products,
        )

    def forward(self, weights: Weights, x: Array, buffers: DenseBuffers) -> Array:
        buffers.inputs, z = x, buffers.output
        buffers.products.multiply(x, weights[0], z)
        if self.bias:
            kernels.add_rows(z, weights[1])
        return z

    def backward(
        self, weights: Weights, buffers: DenseBuffers, cotangent: Array, gradients: Weights | None
    ) -> Array | None:
        buffers.cotangent, products = cotangent, buffers.products
        if gradients:
            if self.bias:
                products.batch_sum(cotangent, out=gradients[1][:, None, :])
            products.multiply(_centred(buffers).swapaxes(1, 2), cotangent, gradients[0])
        if buffers.onward is None:
            return None
        return products.multiply(cotangent, _transposed(weights[0], buffers.transposed), buffers.onward)

    def linearized(self, weights: Weights, buffers: DenseBuffers, cotangents: Array | None) -> Array:
        transposed = weights[0].swapaxes(1, 2)
        if cotangents is None:
            return transposed[:, None]
        members, samples, classes, units = cotangents.shape  # all samples in one product
        pulled = np.matmul(cotangents.reshape(members, samples * classes, units), transposed)
        return pulled.reshape(members, samples, classes, -1)

    def observed(self, weights: Weights, gradients: Weights, buffers: DenseBuffers) -> dict[str, Array]:
        return {
            "inputs": buffers.inputs,
            "weight": weights[0],
            "preactivation": buffers.output,
            "cotangent": buffers.cotangent,
            "gradient": gradients[0],
        } | ({"bias_gradient": gradients[1]} if self.bias else {})


def _centred(buffers: DenseBuffers) -> Array:
    """The inputs, from which ∂loss/∂W is formed.

    Where δ sums to 0 over the batch any sample may be subtracted from all. Inputs that do not vary over the batch, as behind
    weights of zero, then give the gradient 0 that exact arithmetic gives, and not a rounding that 1/√ε makes large.
    """
    inputs = buffers.inputs
    return inputs - inputs[:, :1] if buffers.balanced and buffers.products.unitwise else inputs


def _transposed(weight: Array, out: Array | None) -> Array:
    """Wᵀ of (M, n, m), written out for small square layers.

    A BLAS with quick kernels for small products has none for one with the second factor transposed, so that writing it out
    first pays up to SMALL units. At multiples of 16 the numbers are the same either way.
    """
    if out is None:
        return weight.swapaxes(1, 2)
    np.copyto(out, weight.swapaxes(1, 2))
    return out
