"""Shortcuts past a branch of layers: x + α branch(x), α a learned scalar.

He et al. 2016a ("Deep residual learning"), without α, which is 1 at the start unless a scheme draws it otherwise. A fork begins
a branch, the join of its name ends it; branches follow one another.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from initbench.base.compile import per_member
from initbench.network.layer import Array, Shape, Weight
from initbench.network.memory import Memory, Weights


@per_member
def add_branch(z: Array, branch: Array, shortcut: Array, alpha: Array) -> None:
    """branch ← z, z ← shortcut + α z."""
    samples, units = z.shape
    for i in range(samples):
        for j in range(units):
            value = z[i, j]
            branch[i, j] = value
            z[i, j] = shortcut[i, j] + alpha[0] * value


@per_member
def through_branch(onward: Array, shortcut: Array, delta: Array, branch: Array, alpha: Array, sums: Array) -> None:
    """onward ← α δ, shortcut ← δ, sums (units + 1,) ← of each unit the sum of δ × branch over the batch, and last that of all."""
    samples, units = delta.shape
    sums[:] = 0
    for i in range(samples):
        for j in range(units):
            onward[i, j] = alpha[0] * delta[i, j]
            shortcut[i, j] = delta[i, j]
            sums[j] += delta[i, j] * branch[i, j]
    for j in range(units):
        sums[units] += sums[j]


@dataclass(slots=True)
class ForkBuffers:
    """shared: what the fork and its join hand each other; kept: the input, for the join."""

    shared: dict
    kept: Array


@dataclass(frozen=True)
class Fork:
    """Hands its input on, and past the layers up to the join of its name."""

    name: str
    kind: ClassVar[str] = "fork"

    def weights(self, inputs: Shape) -> tuple[Weight, ...]:
        return ()

    def output(self, inputs: Shape) -> Shape:
        return inputs

    def buffers(self, inputs: Shape, memory: Memory) -> ForkBuffers:
        forks = memory.common("forks")
        forks["count"] = forks.get("count", 0) + 1
        kept = memory.named(f"shortcut {forks['count'] % 2}", (memory.batch, *inputs))  # as branches follow one another
        return ForkBuffers(memory.common(self.name), kept)

    def forward(self, weights: Weights, x: Array, buffers: ForkBuffers) -> Array:
        np.copyto(buffers.kept, x)
        buffers.shared["input"] = buffers.kept
        return x

    def backward(self, weights: Weights, buffers: ForkBuffers, cotangent: Array, gradients: Weights | None) -> Array:
        cotangent += buffers.shared["cotangent"]
        return cotangent

    def linearized(self, weights: Weights, buffers: ForkBuffers, cotangents: Array) -> Array:
        return cotangents + buffers.shared["cotangents"]

    def observed(self, weights: Weights, gradients: Weights, buffers: ForkBuffers) -> dict[str, Array]:
        return {}


@dataclass(slots=True)
class JoinBuffers:
    """shared: what the join and its fork hand each other; branch: what the branch gave, before α; past: δ, for the fork.

    scaled takes α δ, sums the numbers of which the gradient of α is the last.
    """

    shared: dict
    branch: Array
    past: Array
    scaled: Array
    sums: Array


@dataclass(frozen=True)
class Join:
    """x + α branch(x), with x as the fork of its name was given it and one α for all units."""

    name: str
    kind: ClassVar[str] = "join"

    def weights(self, inputs: Shape) -> tuple[Weight, ...]:
        return (Weight((1,), 1, 1, "branch_gain"),)

    def output(self, inputs: Shape) -> Shape:
        return inputs

    def buffers(self, inputs: Shape, memory: Memory) -> JoinBuffers:
        shape = (memory.batch, *inputs)
        past, scaled = (memory.named(name, shape) for name in ("past the branch", "into the branch"))
        sums = memory.named("branch sums", (inputs[-1] + 1,))
        return JoinBuffers(memory.common(self.name), memory.own("branch", shape), past, scaled, sums)

    def forward(self, weights: Weights, x: Array, buffers: JoinBuffers) -> Array:
        add_branch(x, buffers.branch, buffers.shared["input"], weights[0])
        return x

    def backward(self, weights: Weights, buffers: JoinBuffers, cotangent: Array, gradients: Weights | None) -> Array:
        through_branch(buffers.scaled, buffers.past, cotangent, buffers.branch, weights[0], buffers.sums)
        buffers.shared["cotangent"] = buffers.past
        if gradients:
            gradients[0][...] = buffers.sums[:, -1:]
        return buffers.scaled

    def linearized(self, weights: Weights, buffers: JoinBuffers, cotangents: Array) -> Array:
        buffers.shared["cotangents"] = cotangents
        return cotangents * weights[0][:, :, None, None]

    def observed(self, weights: Weights, gradients: Weights, buffers: JoinBuffers) -> dict[str, Array]:
        return {"gain": weights[0][:, :, None]}
