"""The layer that applies φ to every unit."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from initbench.activations import Activation
from initbench.network.layer import Shape
from initbench.network.memory import Memory


@dataclass(slots=True)
class NonlinearityBuffers:
    """output a = φ(z); scratch: for a slope; exact: whether slopes are formed from z. The passes note z and its δ."""

    output: np.ndarray
    scratch: np.ndarray
    exact: bool
    preactivation: np.ndarray | None = None
    cotangent: np.ndarray | None = None


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

    def forward(self, weights, x, buffers: NonlinearityBuffers):
        buffers.preactivation = x
        return self.activation.function(x, buffers.output)

    def backward(self, weights, buffers: NonlinearityBuffers, cotangent, gradients):
        activation, z = self.activation, buffers.preactivation
        pull_back = activation.pull_back_exactly if buffers.exact else activation.pull_back
        pull_back(z, buffers.output, cotangent, buffers.scratch)
        buffers.cotangent = cotangent
        return cotangent

    def linearized(self, weights, buffers: NonlinearityBuffers, cotangents):
        z = buffers.preactivation[:, : cotangents.shape[1]]
        return cotangents * self.activation.derivative(z, np.empty_like(z))[:, :, None]

    def observed(self, weights, gradients, buffers: NonlinearityBuffers):
        z = buffers.preactivation
        return {
            "preactivation": z,
            "activation": buffers.output,
            "slope": self.activation.derivative(z, np.empty_like(z)),
            "cotangent": buffers.cotangent,
        }
