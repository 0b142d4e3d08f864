"""The layer that applies φ to every unit."""

from dataclasses import dataclass, field
from typing import ClassVar

from initbench.activations import Activation
from initbench.network.layer import Array, Shape
from initbench.network.memory import Memory, Weights


@dataclass(slots=True)
class NonlinearityBuffers:
    """output a = φ(z); exact: whether slopes are formed from z; slope: φ′(z) then, once it is formed, else scratch.

    The passes note z and its δ.
    """

    output: Array
    slope: Array
    exact: bool
    formed: bool = False
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
        slope = memory.own("slope", shape) if memory.exact else memory.named("scratch", shape)
        return NonlinearityBuffers(memory.own("activation", shape), slope, memory.exact)

    def forward(self, weights: Weights, x: Array, buffers: NonlinearityBuffers) -> Array:
        buffers.preactivation, buffers.formed = x, False
        return self.activation.function(x, buffers.output)

    def backward(
        self, weights: Weights, buffers: NonlinearityBuffers, cotangent: Array, gradients: Weights | None
    ) -> Array:
        if buffers.exact:
            cotangent *= self._slope(buffers)
        else:
            self.activation.pull_back(buffers.preactivation, buffers.output, cotangent, buffers.slope)
        buffers.cotangent = cotangent
        return cotangent

    def linearized(self, weights: Weights, buffers: NonlinearityBuffers, cotangents: Array) -> Array:
        return cotangents * self._slope(buffers)[:, : cotangents.shape[1], None]

    def observed(self, weights: Weights, gradients: Weights, buffers: NonlinearityBuffers) -> dict[str, Array]:
        return {
            "preactivation": buffers.preactivation,
            "activation": buffers.output,
            "slope": self._slope(buffers),
            "cotangent": buffers.cotangent,
        }

    def _slope(self, buffers: NonlinearityBuffers) -> Array:
        """φ′(z), formed once after a forward pass of exact buffers."""
        if not buffers.formed:
            self.activation.derivative(buffers.preactivation, buffers.slope)
            buffers.formed = True
        return buffers.slope
