"""What a layer is to the rest of the package, and a network as a sequence of layers.

Every array leads with an *ensemble* axis of M members: weights (M, *shape), batches (M, B, *features). A member's numbers do
not depend, to the last bit, on what it is stacked with.

A network is a sequence. A linear layer with what follows it up to the next one (normalisation, φ) is a *linear map* of the
network: what a scheme draws for, what is updated at once, and what probes look at. It is hidden if φ follows. A skip
connection fits into the sequence as two layers that share `Memory.common` of one name.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from initbench.network.branches import OUTSIDE, Place, places
from initbench.network.memory import Memory, Weights, views

Array = np.ndarray
Shape = tuple[int, ...]  # of one member's array for one sample: (features,) or (height, width, channels)


@dataclass(frozen=True)
class Weight:
    """One array of a layer's parameters.

    role: `weight` and `bias` are drawn by the scheme, a `gain` of a unit and the `branch_gain` α of a shortcut's branch start
    at 1 unless the scheme states otherwise, a `shift` at 0. The fans are a scheme's: of a
    convolution's weight they count its receptive field, so that fan_in × fan_out is not its size.
    """

    shape: Shape
    fan_in: int
    fan_out: int
    role: str

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def receptive_field(self) -> int:
        """Positions that a unit of a convolution sees, which the fans count; 1 elsewhere."""
        return self.fan_out // self.shape[-1]


class Layer(Protocol):
    """A layer: a frozen dataclass of what it is, without arrays.

    kind: `linear`, `normalization`, `activation`, or another word for what is none of them; name: which of its kind.
    `over_batch = True` marks a layer whose output for a sample depends on the others: it takes what it needs of them from
    the first `buffers.samples`, where that is set. `balances = True`: what it hands back sums to 0 over the batch. One that
    mean-field theory can follow may have a map of its own.
    """

    @property
    def kind(self) -> str: ...

    @property
    def name(self) -> str: ...

    def weights(self, inputs: Shape) -> tuple[Weight, ...]:
        """The arrays of its parameters, in the order of the flat parameters."""

    def output(self, inputs: Shape) -> Shape:
        """The shape of what it makes of one sample."""

    def buffers(self, inputs: Shape, memory: Memory) -> Any:
        """What its passes write; `onward`, where there is one, takes ∂loss/∂x, or is None if nobody asks for it."""

    def forward(self, weights: Weights, x: Array, buffers: Any) -> Array:
        """Its output for x (M, B, *inputs), in the buffers. Layers after a linear one may write over x."""

    def backward(self, weights: Weights, buffers: Any, cotangent: Array, gradients: Weights | None) -> Array | None:
        """∂loss/∂x, or None if nobody asks for it, from ∂loss/∂output, over which it may write.

        Writes the parameters' gradients unless they are None.
        """

    def linearized(self, weights: Weights, buffers: Any, cotangents: Any) -> Array:
        """Cotangents (M, S, K, *outputs) of the first S samples, pulled back through the layer, statistics held fixed.

        A linear layer may be given None, for the identity; what it returns then may be of one sample, as all are alike.
        """

    def observed(self, weights: Weights, gradients: Weights, buffers: Any) -> Mapping[str, Array]:
        """What it adds to the `LayerSnapshot` of its linear map, after a forward and a backward pass."""


@dataclass(frozen=True)
class LinearMap:
    """A linear layer of a network, number `linear` of its layers, and what follows it up to layer `stop`.

    Layers `first` up to `stop` belong to the map: those before the first linear layer to its map. activation: the name of
    φ, or None for an output layer. place: where it stands among residual branches.
    """

    weight: Weight
    first: int
    linear: int
    stop: int
    normalization: str
    activation: str | None
    place: Place = OUTSIDE


@dataclass(frozen=True)
class Network:
    """Layers in sequence, for inputs of one shape; the last one's outputs are the logits."""

    inputs: Shape
    layers: tuple[Layer, ...]

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shape that each layer is given, and last that of the logits."""
        shapes = [self.inputs]
        for layer in self.layers:
            shapes.append(layer.output(shapes[-1]))
        return tuple(shapes)

    @property
    def classes(self) -> int:
        return math.prod(self.shapes[-1])

    @cached_property
    def weights(self) -> tuple[tuple[Weight, ...], ...]:
        """The arrays of each layer's parameters."""
        return tuple(layer.weights(shape) for layer, shape in zip(self.layers, self.shapes, strict=False))

    @cached_property
    def size(self) -> int:
        """Number of parameters."""
        return sum(weight.size for weights in self.weights for weight in weights)

    @cached_property
    def maps(self) -> tuple[LinearMap, ...]:
        """The linear maps from the inputs on: together they hold every layer."""
        linear = [index for index, layer in enumerate(self.layers) if layer.kind == "linear"]
        bounds = [0, *linear[1:], len(self.layers)]
        spans = zip(linear, bounds[:-1], bounds[1:], places(self.layers), strict=True)
        return tuple(self._map(*span) for span in spans)

    def _map(self, at: int, first: int, stop: int, place: Place) -> LinearMap:
        named = {layer.kind: layer.name for layer in self.layers[at:stop]}
        weight = next(weight for weight in self.weights[at] if weight.role == "weight")
        return LinearMap(weight, first, at, stop, named.get("normalization", "none"), named.get("activation"), place)

    @cached_property
    def hidden_units(self) -> int:
        """Numbers that one sample has as activations of hidden layers: what the memory of a pass grows with."""
        pairs = zip(self.layers, self.shapes, strict=False)
        return sum(math.prod(shape) for layer, shape in pairs if layer.kind == "activation")


def split(flat: Array, network: Network) -> list[Weights]:
    """Views into the flat parameters (M, size): a tuple a layer, empty where it has none."""
    return views(flat, [[weight.shape for weight in weights] for weights in network.weights])


def grouped(parameters: Sequence[Sequence[Any]], network: Network) -> list[tuple]:
    """What is given for each layer's arrays, gathered by linear map: (W, b), or (W, γ, β) where one is normalised."""
    return [sum((tuple(parameters[k]) for k in range(at.first, at.stop)), ()) for at in network.maps]


def ungrouped(parameters: Sequence[Sequence[Any]], network: Network) -> list[tuple]:
    """The inverse of `grouped`."""
    rest = iter([item for group in parameters for item in group])
    return [tuple(next(rest) for _ in weights) for weights in network.weights]
