"""Architectures: from sizes to the layers of a network, one architecture a file.

An architecture is a function registered by name. It is given the shape of one sample's inputs, (features,), the number of
classes, and a cell's width, depth, activation and normalisation, and returns the layers in sequence.
"""

from collections.abc import Callable
from functools import lru_cache

from initbench.activations import ACTIVATIONS
from initbench.base.registry import Registry
from initbench.network.layer import Network, Shape
from initbench.network.nonlinearity import Nonlinearity
from initbench.network.normalization import normalization as normalization_layers

ARCHITECTURES = Registry("architecture", "initbench.architectures", check="initbench.architectures.check:check")


def architecture(name: str) -> Callable:
    """Register the decorated function as the architecture `name`.

    Args:
        name: As studies write it.

    Returns:
        A decorator of `function(inputs, classes, width, depth, activation, normalization)`, which returns the layers, the last
        of which gives the logits. There inputs is a shape, activation the tuple of the layer that applies φ, normalization that of
        the layer which normalises, or empty; an architecture puts them between others,
        `(Dense(width), *normalization, *activation)`.

    Raises:
        ValueError: For a name that is taken or not allowed.
    """
    return ARCHITECTURES.register(name)


def build(
    name: str, inputs: Shape, classes: int, width: int, depth: int, activation: str, normalization: str
) -> Network:
    """The network of a registered architecture; UnknownNameError for a name that is not there."""
    phi = Nonlinearity(ACTIVATIONS[activation])
    return _built(ARCHITECTURES[name], inputs, classes, width, depth, (phi,), normalization_layers(normalization))


@lru_cache(maxsize=256)
def branches(name: str, depth: int) -> int:
    """The number of residual branches of networks of an architecture and depth, by one for pictures of 8 × 8 and two classes.

    0 for an architecture that refuses such data.
    """
    try:
        network = build(name, (64,), 2, 1, depth, "linear", "none")
    except ValueError:
        return 0
    return max(at.place.block for at in network.maps)


@lru_cache(maxsize=256)
def _built(function, inputs, classes, width, depth, activation, normalization) -> Network:
    return Network(inputs, tuple(function(inputs, classes, width, depth, activation, normalization)))
