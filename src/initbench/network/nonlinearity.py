"""The layer that applies φ to every unit."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from initbench.activations import Activation
from initbench.network.layer import Array, Shape
from initbench.network.memory import Memory, Weights


@dataclass(slots=True)
class NonlinearityBuffers:
    """output a = φ(z); scratch: for a slope; exact: whether slopes are formed from z. The passes note z and its δ."""

    output: Array
    scratch: Array
    exact: bool
    preactivation: Array = field(init=False)
    cotangent: Array = field(init=False)


@dataclass(frozen=True)
class Nonlinearity:
    """a = φ(z), unit by unit."""

    activation: Activation
    kind: ClassVar[str] = "activation"

    @property
    def name(self) -> str:
        return self.activation.name

    def weights(self, inputs: Shape) -> tuple:
        return ()

    def output(self, inputs: Shape) -> Shape:
        return inputs

    def buffers(self, inputs: Shape, memory: Memory) -> NonlinearityBuffers:
        shape = (memory.batch, *inputs)
        return NonlinearityBuffers(memory.own("activation", shape), memory.named("scratch", shape), memory.exact)

    def forward(self, weights: Weights, x: Array, buffers: NonlinearityBuffers) -> Array:
        buffers.preactivation = x
        return self.activation.function(x, buffers.output)

    def backward(
        self, weights: Weights, buffers: NonlinearityBuffers, cotangent: Array, gradients: Weights | None
    ) -> Array:
        activation, z = self.activation, buffers.preactivation
        pull_back = activation.pull_back_exactly if buffers.exact else activation.pull_back
        pull_back(z, buffers.output, cotangent, buffers.scratch)
        buffers.cotangent = cotangent
        return cotangent

    def linearized(self, weights: Weights, buffers: NonlinearityBuffers, cotangents: Array) -> Array:
        z = buffers.preactivation[:, : cotangents.shape[1]]
        return cotangents * self.activation.derivative(z, np.empty_like(z))[:, :, None]

    def observed(self, weights: Weights, gradients: Weights, buffers: NonlinearityBuffers) -> dict[str, Array]:
        z = buffers.preactivation
        return {
            "preactivation": z,
            "activation": buffers.output,
            "slope": self.activation.derivative(z, np.empty_like(z)),
            "cotangent": buffers.cotangent,
        }
